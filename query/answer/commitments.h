// Where a commitment stands on the log.
#pragma once

#include <cstdint>
#include <optional>

#include "events/base/bytes.h"
#include "ledger/ledger.h"

namespace pilotledger::query {

// The first entry with this value in a field of format `commitment`, an erasure apart. Reads the log
// from its start: a rare question, and no index has to be kept for it.
Result<std::optional<std::uint64_t>> entryOfCommitment(const ledger::Ledger& ledger, const Digest& commitment);

}  // namespace pilotledger::query
