#include "tools/cli/command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "events/text.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;

Error cannotWrite(const fs::path& path, const std::string& why) {
  return makeError(ErrorCode::Unavailable, fmt::format("{}: cannot write: {}", path.string(), why), fmt::format("{}：无法写入：{}", path.string(), why));
}

Status writeFile(const std::string& path, const char* mode, std::string_view bytes) {
  std::FILE* file = std::fopen(path.c_str(), mode);
  if (file == nullptr) return fileError(path);
  bool good = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  good = std::fclose(file) == 0 && good;
  if (good) return {};
  return fileError(path);
}

}  // namespace

Error fileError(const std::string& path) {
  std::string why = std::strerror(errno);
  return makeError(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Unavailable, fmt::format("{}: {}", path, why),
                   fmt::format("{}：{}", path, why));
}

Result<std::string> secretFor(const std::string& key, const std::string& given) {
  PL_TRY(bool locked, crypto::SigningKey::isLocked(key));
  if (!locked || !given.empty()) return given;
  return askSecret(key.substr(0, key.find('?')));
}

Result<std::unique_ptr<ledger::Ledger>> openLedger(const Context& context, ledger::OpenMode mode, const std::string& logKeyPassphrase) {
  std::string secret;
  std::string logKey = ledger::Ledger::logKeyFile(context.ledgerDirectory).string();
  if (mode == ledger::OpenMode::Write && ::access(logKey.c_str(), R_OK) == 0) {
    PL_TRY(secret, secretFor(logKey, logKeyPassphrase));
  }
  auto opened = ledger::Ledger::open(context.ledgerDirectory, mode, context.clock, secret);
  sodium_memzero(secret.data(), secret.size());
  return opened;
}

std::string viewsPlace(const Context& context) {
  return context.viewsAt.empty() ? (fs::path(context.ledgerDirectory) / "views.sqlite").string() : context.viewsAt;
}

Result<std::string> passphraseFrom(int descriptor) {
  if (descriptor < 0) return std::string();
  PL_TRY(std::string text, readFile(fmt::format("/dev/fd/{}", descriptor), 512));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty()) return invalidInput("the passphrase is empty", "口令为空");
  return text;
}

Result<crypto::SigningKey> loadKey(const std::string& where, const std::string& passphrase) {
  PL_TRY(std::string secret, secretFor(where, passphrase));
  auto key = crypto::SigningKey::load(where, secret);
  sodium_memzero(secret.data(), secret.size());
  return key;
}

Result<std::vector<crypto::SigningKey>> loadKeys(const std::vector<std::string>& files, int passphraseFd) {
  PL_TRY(std::string given, passphraseFrom(passphraseFd));
  std::vector<crypto::SigningKey> keys;
  for (const std::string& file : files) {
    PL_TRY(crypto::SigningKey key, loadKey(file, given));
    keys.push_back(std::move(key));
  }
  sodium_memzero(given.data(), given.size());
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
  if (context.format != "table") return writeDocument(context, text);
  if (context.outputFile.empty()) return printText(text, context.pager ? Paging::WhenLong : Paging::Never);
  return writeDocument(context, events::visibleText(text));
}

Status writeDocument(const Context& context, std::string_view bytes) {
  if (context.outputFile.empty()) return printBytes(bytes, context.pager ? Paging::WhenLong : Paging::Never);
  return writeFile(context.outputFile, "wb", bytes);
}

Status appendDocument(const Context& context, std::string& bytes) {
  std::string chunk = std::exchange(bytes, {});
  return context.outputFile.empty() ? printBytes(chunk, Paging::Never) : writeFile(context.outputFile, "ab", chunk);
}

Status writeWhole(const fs::path& path, std::string_view bytes) {
  std::error_code failure;
  fs::create_directories(path.parent_path(), failure);
  if (failure) return cannotWrite(path, failure.message());
  fs::path fresh = path;
  fresh += ".new";
  {
    std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) {
      fs::remove(fresh, failure);
      return cannotWrite(path, "the disk may be full");
    }
  }
  fs::rename(fresh, path, failure);
  if (failure) return cannotWrite(path, failure.message());
  return {};
}

Status flushOutput() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return {};
  if (errno == EPIPE) return {};  // the reader has seen enough
  return fileError("standard output");
}

}  // namespace pilotledger::cli
