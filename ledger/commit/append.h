// What recording takes and gives.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "events/base/bytes.h"
#include "ledger/rules/lacking.h"

namespace pilotledger::ledger {

// Milliseconds since 1970-01-01 UTC. Injected: tests and replays give their own.
using Clock = std::function<std::int64_t()>;
// A time that lies so far after the newest entry's is held to the witnesses' clocks (requireWitnessedTime).
inline constexpr std::int64_t kFarAheadMs = 7 * 86'400'000ll;
Clock systemClock();

struct AppendReceipt {
  EventId eventId{};
  std::uint64_t index = 0;
  std::int64_t recordedAtMs = 0;
  bool repeated = false;  // the event was there already; this is where
};

struct AppendResult {
  std::vector<AppendReceipt> receipts;  // one for each event of the submission, in its order
  std::string checkpoint;               // signed note that covers them all; empty in a rehearsal
};

// What append() would say if those who still have to sign did.
struct Consideration {
  std::vector<AppendReceipt> receipts;     // as a rehearsal gives them
  std::vector<LackingSignatures> lacking;  // by event; empty: append() would take it as it is
  bool recordedAlready() const {
    for (const AppendReceipt& receipt : receipts) {
      if (!receipt.repeated) return false;
    }
    return true;
  }
};

}  // namespace pilotledger::ledger
