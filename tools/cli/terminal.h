// The terminal: a progress line on standard error while somebody waits, secrets that are typed unseen.
#pragma once

#include <cstdint>
#include <string>

#include "events/result.h"

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

// A line typed on the terminal, not shown; Unavailable without a terminal.
Result<std::string> askSecret(const std::string& prompt);

}  // namespace pilotledger::cli
