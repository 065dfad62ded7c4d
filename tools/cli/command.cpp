#include "tools/cli/command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

Error fileError(const std::string& path) {
  std::string why = std::strerror(errno);
  return makeError(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Unavailable, fmt::format("{}: {}", path, why),
                   fmt::format("{}：{}", path, why));
}

}  // namespace

Result<std::unique_ptr<ledger::Ledger>> openLedger(const Context& context, ledger::OpenMode mode) {
  return ledger::Ledger::open(context.ledgerDirectory, mode, context.clock);
}

Result<std::vector<crypto::SigningKey>> loadKeys(const std::vector<std::string>& files, int passphraseFd) {
  std::string passphrase;
  if (passphraseFd >= 0) {
    char buffer[512];
    ssize_t size = ::read(passphraseFd, buffer, sizeof buffer);
    if (size < 0) return fileError(fmt::format("passphrase from descriptor {}", passphraseFd));
    passphrase.assign(buffer, static_cast<std::size_t>(size));
    sodium_memzero(buffer, sizeof buffer);
    while (!passphrase.empty() && (passphrase.back() == '\n' || passphrase.back() == '\r')) passphrase.pop_back();
  }
  std::vector<crypto::SigningKey> keys;
  for (const std::string& file : files) {
    PL_TRY(crypto::SigningKey key, crypto::SigningKey::load(file, passphrase));
    keys.push_back(std::move(key));
  }
  sodium_memzero(passphrase.data(), passphrase.size());
  return keys;
}

Result<std::string> readFile(const std::string& path, std::size_t limit) {
  int file = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fileError(path);
  std::string text;
  std::string buffer(1u << 20, '\0');
  ssize_t size = 0;
  while (text.size() <= limit && (size = ::read(file, buffer.data(), buffer.size())) > 0) {
    text.append(buffer, 0, static_cast<std::size_t>(size));
  }
  std::optional<Error> error;
  if (size < 0) error = fileError(path);
  if (file != STDIN_FILENO) ::close(file);
  if (error) return std::move(*error);
  if (text.size() > limit) {
    return invalidInput(fmt::format("{}: expected at most {} bytes", path, limit), fmt::format("{}：最多 {} 字节", path, limit));
  }
  return text;
}

Status writeOutput(const Context& context, std::string_view text) {
  if (context.outputFile.empty()) {
    if (context.pager && onTerminal()) return writePaged(text);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return {};
  }
  std::FILE* file = std::fopen(context.outputFile.c_str(), "wb");
  if (file == nullptr) return fileError(context.outputFile);
  bool good = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  good = std::fclose(file) == 0 && good;
  if (good) return {};
  return fileError(context.outputFile);
}

Status flushOutput() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return {};
  if (errno == EPIPE) return {};  // the reader has seen enough
  return fileError("standard output");
}

}  // namespace pilotledger::cli
