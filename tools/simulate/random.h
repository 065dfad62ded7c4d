// Seeded draws and the identifiers of invented parties and rights. The same seed gives the same
// values on every machine: no distribution of the standard library is used.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "events/base/bytes.h"

namespace pilotledger::simulate {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t bits() { return engine_(); }
  // from <= value <= to
  std::int64_t between(std::int64_t from, std::int64_t to) {
    return from + static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(to - from + 1));
  }
  bool chance(int percent) { return between(1, 100) <= percent; }
  // Amounts are skewed: many small, few large. In fen, whole yuan.
  std::int64_t amount(std::int64_t smallYuan, std::int64_t largeYuan);
  Digest digest();

 private:
  std::mt19937_64 engine_;
};

// "91330100MA" + serial: valid in both checks (GB 32100, GB 11714).
std::string creditCode(std::string_view prefix, std::uint64_t serial);
// An invention filed in `year`, with its check character: "CN2023110000011".
std::string inventionNumber(int year, std::uint64_t serial);

}  // namespace pilotledger::simulate
