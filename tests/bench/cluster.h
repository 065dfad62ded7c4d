// Three nodes in this process over three members of etcd, all on this machine and its cores: how long a receipt of one
// event takes, and how many events a second batches of 1,000 give, against the parts that it is made of and against one
// node, measured in the same run.
#pragma once

#include <filesystem>
#include <vector>

#include "tests/bench/report.h"

namespace pilotledger::bench {

void measureCluster(std::vector<Row>& rows, const std::filesystem::path& directory, std::size_t receipts);

}  // namespace pilotledger::bench
