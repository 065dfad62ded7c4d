#include "tools/cli/terminal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <termios.h>
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

Result<std::string> askSecret(const std::string& prompt) {
  int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
  termios before{};
  if (terminal < 0 || ::tcgetattr(terminal, &before) != 0) {
    if (terminal >= 0) ::close(terminal);
    return makeError(ErrorCode::Unavailable, prompt + ": no terminal to ask on; use --passphrase-fd", prompt + "：没有终端可供输入，请使用 --passphrase-fd");
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

}  // namespace pilotledger::cli
