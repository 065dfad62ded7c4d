// The read model of a large synthetic province: projection, rebuild, views, findings. Wall time of the rebuild, CPU
// time of the rest.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "tests/bench/report.h"

namespace pilotledger::bench {

void measureViews(std::vector<Row>& rows, const std::filesystem::path& root, std::size_t events);
// The same of a ledger that is there, with awards and registered pledges in it; its own read model is left alone.
void measureViewsOf(std::vector<Row>& rows, const std::filesystem::path& root, const std::filesystem::path& ledger);

}  // namespace pilotledger::bench
