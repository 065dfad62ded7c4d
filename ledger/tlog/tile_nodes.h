// A tree that is read from its tiles (C2SP tlog-tiles v0.1.0), wherever they lie: a directory, a server. What it gives
// is believed only when it leads to a signed root.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "ledger/tlog/merkle.h"

namespace pilotledger::proof {

// The bytes at a path such as "tile/0/x001/067".
using TileReader = std::function<Result<std::string>(const std::string& path)>;

// Nodes of a tree of `size` entries.
NodeReader nodesOfTiles(SuiteId suite, std::uint64_t size, TileReader read);

}  // namespace pilotledger::proof
