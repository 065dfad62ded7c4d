#include "tools/cli/terminal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "events/base/text.h"

namespace pilotledger::cli {
namespace {

// NO_COLOR: no-color.org.
bool coloursWanted() {
  const char* none = std::getenv("NO_COLOR");
  return onTerminal() && (none == nullptr || *none == '\0');
}

// The title line and the column heads.
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

Status write(std::string_view text, Paging paging) {
  if (paging == Paging::Never || !onTerminal()) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return {};
  }
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

}  // namespace

Progress::Progress(std::string label, bool quiet)
    : label_(std::move(label)), enabled_(!quiet && ::isatty(STDERR_FILENO) == 1) {}

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

Result<std::string> promptPassphrase(const std::string& prompt) {
  int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
  termios before{};
  if (terminal < 0 || ::tcgetattr(terminal, &before) != 0) {
    if (terminal >= 0) ::close(terminal);
    return makeError(ErrorCode::Unavailable, prompt + ": no terminal to ask on; use --passphrase-fd",
                     prompt + "：没有终端可供输入，请使用 --passphrase-fd");
  }
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  std::string question = prompt + ": ";
  bool good = ::tcsetattr(terminal, TCSADRAIN, &silent) == 0 && ::write(terminal, question.data(), question.size()) > 0;
  char buffer[512];
  ssize_t size = good ? ::read(terminal, buffer, sizeof buffer) : -1;
  (void)!::write(terminal, "\n", 1);
  ::tcsetattr(terminal, TCSADRAIN, &before);
  ::close(terminal);
  if (size <= 0) return makeError(ErrorCode::Unavailable, prompt + ": nothing was typed", prompt + "：未输入");
  std::string secret(buffer, static_cast<std::size_t>(size));
  sodium_memzero(buffer, sizeof buffer);
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  return secret;
}

bool someoneWatches() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1; }

bool askYes(const std::string& question) {
  std::fputs((events::visibleText(question) + " ").c_str(), stderr);
  std::fflush(stderr);
  char buffer[64] = "";
  if (std::fgets(buffer, sizeof buffer, stdin) == nullptr) return false;
  std::string_view answer(buffer);
  while (answer.ends_with('\n') || answer.ends_with('\r')) answer.remove_suffix(1);
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "是";
}

bool onTerminal() { return ::isatty(STDOUT_FILENO) == 1; }

std::size_t terminalColumns() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void printRemark(std::string_view text) {
  std::string line = events::visibleText(text);
  if (!line.ends_with('\n')) line += '\n';
  std::fputs(line.c_str(), stderr);
}

Status printText(std::string_view text, Paging paging) { return write(events::visibleText(text), paging); }

Status printTableText(std::string_view table, Paging paging) {
  std::string text = events::visibleText(table);
  return write(coloursWanted() ? boldHeadings(text) : text, paging);
}

Status printBytes(std::string_view bytes, Paging paging) {
  return onTerminal() ? printText(bytes, paging) : write(bytes, paging);
}

}  // namespace pilotledger::cli
