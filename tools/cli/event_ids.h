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

#include <set>
#include <span>
#include <vector>

#include "tools/cli/command.h"
#include "tools/cli/recorder.h"

namespace pilotledger::cli {

// The ids of all lines that `derives`, and a remark on each line that equals an earlier one. Before numbers are sealed.
Status deriveIds(const Context& context, const ledger::Ledger& ledger, std::span<const crypto::SigningKey> keys, std::vector<EventLine>& events);

// Says at the end which of the derived ids the ledger knew before.
class RepeatedEvents {
 public:
  explicit RepeatedEvents(std::span<const EventLine> events);
  void see(const ledger::Receipt& receipt);
  void say(const Context& context) const;

 private:
  std::set<EventId> derived_;
  std::set<EventId> repeated_, fresh_;
};

}  // namespace pilotledger::cli
