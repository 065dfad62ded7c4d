// What several nodes share: the head of the order, changed by compare-and-swap of its value, and the records. Safety
// rests on nothing else, and not on this either: a receipt counts when more than half of the nodes signed one root
// after their own sync. This decides who comes first, and that somebody does.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/order/order_record.h"

namespace pilotledger::ledger {

class OrderRegister {
 public:
  virtual ~OrderRegister() = default;

  struct Swap {
    bool done = false;
    std::optional<OrderHead> found;  // when not done: the head; none: there is none at all
  };
  // At once, where the head is `expected` (none: where there is none): puts `next` as the head and `record` as that of
  // its number ("": where an order begins or is set right; all records go with it, since they may be another order's).
  // Unavailable: nobody knows whether it was done, and it may still be done later.
  virtual Result<Swap> swap(const std::optional<OrderHead>& expected, const OrderHead& next,
                            std::string_view record) = 0;
  // What there was a moment ago: that something is not there decides nothing.
  virtual Result<std::optional<OrderHead>> head() = 0;
  virtual Result<std::optional<std::string>> record(std::uint64_t number) = 0;

  // Pieces of a batch that is too large for its record; put before the record that names them. `batch` is the digest
  // of the whole in hex: what a proposal of unknown fate put is never overwritten by the next one.
  virtual Status putPart(std::uint64_t number, std::string_view batch, std::uint32_t part, std::string_view bytes) = 0;
  virtual Result<std::optional<std::string>> part(std::uint64_t number, std::string_view batch, std::uint32_t part) = 0;
  // Records and parts below that number, which more than half of the nodes hold for ever: that number is not beyond the
  // record which brought a confirmed size (those behind it that added no entry have that size too), and its record
  // follows the caller's own log. A register that was restored may hold records there that nobody else has.
  virtual Status forgetBelow(std::uint64_t number) = 0;

  // Whether more may be put: proposers stop long before its store is full.
  virtual Result<bool> hasRoom() { return true; }

  // What a node says of itself, by its name; nothing is decided by it.
  virtual Status announce(std::string_view node, std::string_view text) = 0;
  virtual Result<std::map<std::string, std::string>> announced() = 0;
};

}  // namespace pilotledger::ledger
