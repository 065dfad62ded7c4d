#include "ledger/store/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace pilotledger::ledger::layout {
namespace {

void putU64(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out += static_cast<char>(static_cast<unsigned char>(value >> shift));
  }
}

std::uint64_t getU64(std::string_view bytes) {
  std::uint64_t value = 0;
  for (char c : bytes.substr(0, 8)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

std::string_view familyName(Family family) {
  static constexpr std::array<std::string_view, kFamilies> kNames = {
      "entry", "event", "submission", "id", "entity", "touch", "tile", "checkpoint", "meta", "countersign"};
  return kNames[static_cast<std::size_t>(family)];
}

std::string shownKey(std::string_view key) {
  bool visible = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (visible) return std::string(key);
  std::string hex = "0x";
  for (char c : key) fmt::format_to(std::back_inserter(hex), "{:02x}", static_cast<unsigned char>(c));
  return hex;
}

std::string indexKey(std::uint64_t index) {
  std::string key;
  putU64(key, index);
  return key;
}

std::optional<std::uint64_t> parseIndexKey(std::string_view key) {
  if (key.size() != 8) return std::nullopt;
  return getU64(key);
}

std::string touchPrefix(std::string_view entity) {
  std::string key(entity);
  key += '\0';
  return key;
}

std::string entityIndexKey(std::string_view entity, std::uint64_t index) {
  std::string key = touchPrefix(entity);
  putU64(key, index);
  return key;
}

std::optional<std::pair<std::string_view, std::uint64_t>> parseTouchKey(std::string_view key) {
  if (key.size() < 10 || key[key.size() - 9] != '\0') return std::nullopt;
  return std::pair(key.substr(0, key.size() - 9), getU64(key.substr(key.size() - 8)));
}

std::string submissionLeavesKey(const Digest& noteDigest) {
  return std::string(noteDigest.begin(), noteDigest.end()) + "L";
}

std::string countersignKey(std::uint64_t size, std::string_view name) { return indexKey(size) + std::string(name); }

std::optional<std::pair<std::uint64_t, std::string_view>> parseCountersignKey(std::string_view key) {
  if (key.size() <= 8) return std::nullopt;
  return std::pair(getU64(key), key.substr(8));
}

std::string tileKey(int level, std::uint64_t number) {
  std::string key(1, static_cast<char>(level));
  putU64(key, number);
  return key;
}

std::optional<std::pair<int, std::uint64_t>> parseTileKey(std::string_view key) {
  if (key.size() != 9) return std::nullopt;
  return std::pair(static_cast<int>(static_cast<unsigned char>(key[0])), getU64(key.substr(1)));
}

}  // namespace pilotledger::ledger::layout
