// All that is random in a simulation comes from here, so a seed plays the same story again on every machine.
#pragma once

#include <cstdint>
#include <random>

namespace pilotledger::cluster {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed * 0x9E3779B97F4A7C15u + 1) {}
  std::uint64_t below(std::uint64_t end) { return engine_() % end; }
  // That many times of a thousand.
  bool in1000(std::uint64_t times) { return below(1000) < times; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace pilotledger::cluster
