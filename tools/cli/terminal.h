// What a person sees while waiting: a progress line on standard error, only on a terminal.
#pragma once

#include <cstdint>
#include <string>

namespace pilotledger::cli {

class Progress {
 public:
  Progress(std::string label, bool quiet);
  ~Progress();  // clears the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(std::uint64_t done, std::uint64_t total);

 private:
  std::string label_;
  bool enabled_;
  int lastPercent_ = -1;
};

}  // namespace pilotledger::cli
