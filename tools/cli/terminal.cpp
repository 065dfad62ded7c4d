#include "tools/cli/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace pilotledger::cli {

Progress::Progress(std::string label, bool quiet) : label_(std::move(label)), enabled_(!quiet && ::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (enabled_ && lastPercent_ >= 0) fmt::print(stderr, "\r\x1b[K");
}

void Progress::show(std::uint64_t done, std::uint64_t total) {
  if (!enabled_ || total == 0) return;
  int percent = static_cast<int>(done * 100 / total);
  if (percent == lastPercent_) return;
  lastPercent_ = percent;
  int filled = percent * 30 / 100;
  fmt::print(stderr, "\r{} [{}{}] {:3}% {}/{}", label_, std::string(static_cast<std::size_t>(filled), '#'),
             std::string(static_cast<std::size_t>(30 - filled), '.'), percent, done, total);
  std::fflush(stderr);
}

}  // namespace pilotledger::cli
