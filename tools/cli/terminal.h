// What a person sees and types: a progress line on standard error, pages and colours on standard output, secrets typed
// unseen; all only on a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "events/base/result.h"

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
// How many columns it has; 0 where that is not known.
std::size_t terminalColumns();

// Everything that a command prints leaves through the functions below. What people read is made visible
// (events::visibleText), so that nothing others wrote (keys, names, answers, file names) steers a terminal.
//
// On standard error, ending its line.
void printRemark(std::string_view text);
// On standard output; on a terminal, when `paged` and longer than it, through $PAGER or less. A table's title line and
// column heads are bold where colours are wanted.
enum class Paging { Never, WhenLong };
Status printText(std::string_view text, Paging paging);
Status printTableText(std::string_view table, Paging paging);
// For programs: as the bytes are, except on a terminal.
Status printBytes(std::string_view bytes, Paging paging);

// Somebody sits there who reads what is shown and can answer.
bool someoneWatches();
// A question on the terminal that only a typed y, yes or 是 answers with yes.
bool askYes(const std::string& question);
// A line typed on the terminal, not shown; Unavailable without a terminal.
Result<std::string> promptPassphrase(const std::string& prompt);

}  // namespace pilotledger::cli
