// The read model of a large synthetic province: projection, rebuild, views, findings. Wall time of the rebuild, CPU time of the rest.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "tests/bench/report.h"

namespace pilotledger::bench {

void measureViews(std::vector<Row>& rows, const std::filesystem::path& root, std::size_t events);

}  // namespace pilotledger::bench
