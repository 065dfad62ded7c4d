// Where tiles and entry bundles lie below a log's prefix (C2SP tlog-tiles v0.1.0): numbers in groups
// of three digits, all but the last with an x: 1234067 is x001/x234/067.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pilotledger::proof {

inline constexpr std::uint64_t kTileWidth = 256;  // hashes of a full tile, entries of a full bundle

// Of `count` hashes at a level, how many its tile `number` holds: 256, fewer at the end, 0 beyond it.
std::uint64_t tileWidth(std::uint64_t count, std::uint64_t number);

// "tile/0/x001/067", with ".p/112" when `width` is below 256.
std::string tilePath(int level, std::uint64_t number, std::uint64_t width);
// "tile/entries/x001/067", likewise.
std::string entryBundlePath(std::uint64_t number, std::uint64_t width);

// What a path names.
struct TileName {
  bool entries = false;  // a bundle; its level is 0
  int level = 0;
  std::uint64_t number = 0;
  std::uint64_t width = 0;  // 1..256

  bool isFull() const { return width == kTileWidth; }
  std::string path() const { return entries ? entryBundlePath(number, width) : tilePath(level, number, width); }
};
// Absent for any spelling but the one that the two functions above give.
std::optional<TileName> parseTilePath(std::string_view path);

}  // namespace pilotledger::proof
