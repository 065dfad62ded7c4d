// Ids of events that come without one. An id is derived from what is recorded and from a secret of who signs it,
// so that recording a file again, after a kill or by mistake, records nothing twice:
//
//   UUIDv8(HMAC(secret, "pilotledger/event-id/v1\n" origin "\n" copy "\n" canonical bytes of the event, its id zero))
//
// The secret comes from the private keys (SigningKey::derive), because the id blinds the event's hash: an id that
// anybody could compute would let anybody try out what a withheld field says. The time of recording is no part of it.
// Two equal events that are both meant are told apart by "copy": 2, or by ids of their own. Where no key gives a
// secret (SM2 on a token) the random id stays, which is said.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tools/cli/command.h"
#include "tools/cli/event_reader.h"

namespace pilotledger::cli {

// Takes the memory of one batch, however long the file is. One thread.
class EventIds {
 public:
  static Result<EventIds> of(const Context& context, const ledger::Ledger& ledger,
                             std::span<const crypto::SigningKey> keys);

  bool derives() const { return secret_.has_value(); }
  // The ids of all lines that `derives`, and a remark on each line that equals an earlier one of the batch. Before
  // numbers are sealed.
  Status derive(std::vector<EventLine>& batch);
  // The receipts of that batch.
  void see(const ledger::AppendReceipt& receipt);
  // At the end: how many of the derived ids the ledger knew before.
  void say() const;

 private:
  EventIds(const Context& context, const ledger::Ledger& ledger, std::optional<Digest> secret)
      : context_(&context), suite_(ledger.suite()), origin_(ledger.origin()), secret_(secret) {}

  const Context* context_;
  crypto::SuiteId suite_;
  std::string origin_;
  std::optional<Digest> secret_;
  bool saidRandom_ = false;
  std::map<EventId, std::size_t> lines_;  // of the batch, by derived id
  std::set<EventId> fresh_;               // of the batch
  std::size_t repeated_ = 0;
};

}  // namespace pilotledger::cli
