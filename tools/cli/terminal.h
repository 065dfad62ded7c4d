// What a person sees: a progress line on standard error, pages and colours on standard output, all
// only on a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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

// Standard output is a terminal.
bool onTerminal();
// onTerminal(), and NO_COLOR is not set (no-color.org).
bool coloursWanted();
// The title line and the column heads of a table, bold.
std::string boldHeadings(std::string_view table);
// Through $PAGER, or less where it is installed, when the text is longer than the terminal.
Status writePaged(std::string_view text);

}  // namespace pilotledger::cli
