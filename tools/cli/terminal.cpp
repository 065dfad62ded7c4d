#include "tools/cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

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

bool onTerminal() { return ::isatty(STDOUT_FILENO) == 1; }

bool coloursWanted() {
  const char* none = std::getenv("NO_COLOR");
  return onTerminal() && (none == nullptr || *none == '\0');
}

std::string boldHeadings(std::string_view table) {
  std::string text;
  for (int line = 0; line < 2 && !table.empty(); ++line) {
    std::size_t end = std::min(table.find('\n'), table.size());
    text += fmt::format("\x1b[1m{}\x1b[0m", table.substr(0, end));
    table.remove_prefix(end);
    if (line == 0 && !table.empty()) {
      text += '\n';
      table.remove_prefix(1);
    }
  }
  return text.append(table);
}

Status writePaged(std::string_view text) {
  winsize size{};
  bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
  bool fits = std::count(text.begin(), text.end(), '\n') < (known ? size.ws_row : 24);
  const char* chosen = std::getenv("PAGER");
  std::string pager = chosen != nullptr ? chosen : ::access("/usr/bin/less", X_OK) == 0 ? "less -FRX" : "";
  std::FILE* to = fits || pager.empty() ? nullptr : ::popen(pager.c_str(), "w");
  if (to == nullptr) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return {};
  }
  std::fwrite(text.data(), 1, text.size(), to);  // a reader that leaves early is no error
  if (::pclose(to) != -1) return {};
  return makeError(ErrorCode::Unavailable, "PAGER: cannot run " + pager, "PAGER：无法运行 " + pager);
}

}  // namespace pilotledger::cli
