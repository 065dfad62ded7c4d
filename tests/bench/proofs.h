// How fast proofs are made and checked, and how large the smallest is.
#pragma once

#include <filesystem>
#include <vector>

#include "tests/bench/report.h"

namespace pilotledger::bench {

// Of a ledger with assets EP1000000 and following, which nobody writes to.
void measureProofs(const std::filesystem::path& directory, std::size_t assets, std::vector<Row>& rows);

}  // namespace pilotledger::bench
