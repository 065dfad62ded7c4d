// Where tiles and entry bundles lie below a log's prefix (C2SP tlog-tiles v0.1.0): numbers in groups
// of three digits, all but the last with an x: 1234067 is x001/x234/067.
#pragma once

#include <cstdint>
#include <string>

namespace pilotledger::proof {

inline constexpr std::uint64_t kTileWidth = 256;  // hashes of a full tile, entries of a full bundle

// Of `count` hashes at a level, how many its tile `number` holds: 256, fewer at the end, 0 beyond it.
std::uint64_t tileWidth(std::uint64_t count, std::uint64_t number);

// "tile/0/x001/067", with ".p/112" when `width` is below 256.
std::string tilePath(int level, std::uint64_t number, std::uint64_t width);
// "tile/entries/x001/067", likewise.
std::string entryBundlePath(std::uint64_t number, std::uint64_t width);

}  // namespace pilotledger::proof
