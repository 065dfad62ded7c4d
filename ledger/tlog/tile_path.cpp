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

// Of the digits at its beginning.
std::uint64_t digits(std::string_view text) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(text.size(), 3) && text[i] >= '0' && text[i] <= '9'; ++i)
    value = value * 10 + static_cast<std::uint64_t>(text[i] - '0');
  return value;
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

std::optional<TileName> parseTilePath(std::string_view path) {
  constexpr int kMostLevels = 8;        // 256^8 entries
  constexpr std::size_t kLongest = 40;  // six groups of three digits: no number overflows
  if (!path.starts_with("tile/") || path.size() > kLongest) return std::nullopt;
  TileName name;
  std::string_view rest = path.substr(5);
  std::string_view folder = rest.substr(0, rest.find('/'));
  rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
  name.entries = folder == "entries";
  if (!name.entries) name.level = static_cast<int>(digits(folder));
  std::size_t partial = rest.find(".p/");
  name.width = partial == rest.npos ? kTileWidth : digits(rest.substr(partial + 3));
  for (char c : rest.substr(0, partial)) {
    if (c >= '0' && c <= '9') name.number = name.number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (name.level >= kMostLevels || name.width == 0 || name.width > kTileWidth) return std::nullopt;
  return name.path() == path ? std::optional(name) : std::nullopt;  // one spelling each
}

}  // namespace pilotledger::proof
