// What reads bytes from outside, each as one function: it must neither crash nor accept a second
// spelling of what it read.
#pragma once

#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pilotledger::fuzz {

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);  // aborts when a promise is broken
  std::vector<std::string> (*seeds)();  // well-formed inputs to begin with
};
inline void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }  // for GoogleTest

std::vector<Target> targets();

std::span<const Target> foreignTargets();  // those of foreign_targets.cpp

}  // namespace pilotledger::fuzz
