// A record of the order: the batch that has a number, and the record before it. Records form a chain, so whoever knows
// the newest head knows that no record before it was changed, left out or put between. Bytes, integers big-endian:
//
//   u8   version = 1
//   u64  number, from 1
//   32   chain of the record before
//   u32, bytes   name of the node that proposed it
//   u32  number of parts; 0: the batch follows
//   u32, bytes   the batch (commit/batch.h); or, of one in parts, u64 its length and 32 bytes its digest
//
// chain(n) = H("pilotledger/order/v1\n" || chain(n-1) || record(n)), H of the ledger's suite;
// chain(0) = H("pilotledger/order/v1\n" || text of the checkpoint at which the order begins).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/suite.h"

namespace pilotledger::ledger {

// Where the order ends. Its text is "NUMBER CHAIN", decimal and base64.
struct OrderHead {
  std::uint64_t number = 0;
  Digest chain{};

  std::string text() const;
  static Result<OrderHead> parse(std::string_view text);
  bool operator==(const OrderHead&) const = default;
};

struct OrderRecord {
  OrderHead before;
  std::string proposer;
  std::string batch;  // its bytes; none of one in parts
  std::uint32_t parts = 0;
  std::uint64_t length = 0;  // of one in parts
  Digest digest{};           // of one in parts

  std::uint64_t number() const { return before.number + 1; }
  std::string encode() const;
  static Result<OrderRecord> decode(std::string_view bytes);
};

OrderHead firstHead(crypto::SuiteId suite, std::string_view checkpointText);
OrderHead headAfter(crypto::SuiteId suite, const OrderHead& before, std::string_view record);

}  // namespace pilotledger::ledger
