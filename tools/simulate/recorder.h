// Records a synthetic province into a new ledger, signed by its simulated keys, on a simulated clock.
#pragma once

#include <filesystem>

#include "ledger/ledger.h"
#include "tools/simulate/province.h"

namespace pilotledger::simulate {

struct Recorded {
  Outcome outcome;
  std::int64_t lastRecordedAtMs = 0;
};

// Makes the ledger in `directory` (absent or empty). `progress` gets the number of events so far.
Result<Recorded> record(const std::filesystem::path& directory, const Options& options,
                        const std::function<void(std::uint64_t)>& progress);

}  // namespace pilotledger::simulate
