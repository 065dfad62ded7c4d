#include "ledger/tlog/tile_path.h"

#include <fmt/format.h>

#include <algorithm>

namespace pilotledger::proof {
namespace {

std::string located(std::string_view folder, std::uint64_t number, std::uint64_t width) {
  std::string groups = fmt::format("{:03}", number % 1000);
  for (number /= 1000; number > 0; number /= 1000) groups = fmt::format("x{:03}/{}", number % 1000, groups);
  std::string path = fmt::format("tile/{}/{}", folder, groups);
  return width < kTileWidth ? fmt::format("{}.p/{}", path, width) : path;
}

}  // namespace

std::uint64_t tileWidth(std::uint64_t count, std::uint64_t number) {
  if (number > count / kTileWidth) return 0;
  return std::min(kTileWidth, count - number * kTileWidth);
}

std::string tilePath(int level, std::uint64_t number, std::uint64_t width) {
  return located(std::to_string(level), number, width);
}
std::string entryBundlePath(std::uint64_t number, std::uint64_t width) { return located("entries", number, width); }

}  // namespace pilotledger::proof
