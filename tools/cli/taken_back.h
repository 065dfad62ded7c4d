// Which entry took an entry back: found through the entities that both name.
#pragma once

#include <cstdint>
#include <optional>

#include "ledger/ledger.h"

namespace pilotledger::cli {

struct TakenBack {
  std::uint64_t by = 0;                      // entry of EventReversed or EventCorrected
  std::optional<EventId> replacement = {};  // of a correction: the event that stands instead
};

// The first that names the event's id as its target and comes after it; absent when it stands.
Result<std::optional<TakenBack>> takenBackBy(const ledger::Ledger& ledger, std::uint64_t index);

}  // namespace pilotledger::cli
