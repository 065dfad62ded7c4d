#include "tools/cli/command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "tools/cli/terminal.h"
#include "tools/cli/unfinished.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;

Error cannotWrite(const fs::path& path, const std::string& why) {
  return makeError(ErrorCode::Unavailable, fmt::format("{}: cannot write: {}", path.string(), why),
                   fmt::format("{}：无法写入：{}", path.string(), why));
}

}  // namespace

Error fileError(const std::string& path) {
  std::string why = std::strerror(errno);
  return makeError(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Unavailable, fmt::format("{}: {}", path, why),
                   fmt::format("{}：{}", path, why));
}

Result<std::string> passphraseFor(const std::string& key, const std::string& given) {
  PL_TRY(bool locked, crypto::SigningKey::isLocked(key));
  if (!locked || !given.empty()) return given;
  return promptPassphrase(key.substr(0, key.find('?')));
}

Result<std::string> passphraseForNew(const Context& context, const std::string& what, int descriptor, bool plain) {
  if (descriptor >= 0) return passphraseFrom(descriptor);
  if (plain) return std::string();
  if (!someoneWatches()) return std::string();
  const bool zh = context.zh();
  PL_TRY(std::string first, promptPassphrase((zh ? "设置密钥口令：" : "new passphrase for ") + what));
  if (first.empty())
    return invalidInput(what + ": an empty passphrase encrypts nothing; give one, or say that the key is to be plain",
                        what + "：口令为空，不能加密；请输入口令，或以选项声明不加密");
  PL_TRY(std::string second, promptPassphrase((zh ? "再次输入口令：" : "the same again for ") + what));
  if (first != second) return invalidInput(what + ": the two passphrases differ", what + "：两次输入的口令不一致");
  return first;
}

void remarkNotEncrypted(const Context& context, const std::string& what) {
  remark(context, {what + ": not encrypted; who copies the file can sign with it (--passphrase-fd encrypts)",
                   what + "：未加密，复制该文件者即可签署（可用 --passphrase-fd 加密）"});
}

Result<std::string> logKeySecret(const Context& context, const std::string& given) {
  std::string logKey = ledger::Ledger::logKeyFile(context.ledgerDirectory).string();
  if (::access(logKey.c_str(), R_OK) != 0) return given;
  return passphraseFor(logKey, given);
}

Result<std::unique_ptr<ledger::Ledger>> openLedger(const Context& context, ledger::OpenMode mode,
                                                   const std::string& logKeyPassphrase) {
  if (mode == ledger::OpenMode::Write) UnfinishedLedger::tidy(context.ledgerDirectory);
  std::string secret;
  if (mode == ledger::OpenMode::Write) {
    PL_TRY(secret, logKeySecret(context, logKeyPassphrase));
  }
  auto opened = ledger::Ledger::open(context.ledgerDirectory, mode, context.clock, secret);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(context.waitSeconds);
  while (mode == ledger::OpenMode::Write && !opened.ok() && opened.error().code == ErrorCode::Unavailable &&
         std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    opened = ledger::Ledger::open(context.ledgerDirectory, mode, context.clock, secret);
  }
  sodium_memzero(secret.data(), secret.size());
  if (opened.ok() && mode != ledger::OpenMode::ReadOnly) warnOfClock(context, **opened);
  return opened;
}

Result<std::unique_ptr<ledger::Ledger>> openWhenFree(const Context& context, const std::string& logKeyPassphrase) {
  constexpr int kTries = 300;
  constexpr auto kPause = std::chrono::milliseconds(100);
  for (int tried = 1;; ++tried) {
    auto opened = openLedger(context, ledger::OpenMode::Write, logKeyPassphrase);
    bool busy = !opened.ok() && opened.error().code == ErrorCode::Unavailable;
    if (!busy || tried == kTries) return opened;
    std::this_thread::sleep_for(kPause);
  }
}

Result<std::string> passphraseFrom(int descriptor) {
  if (descriptor < 0) return std::string();
  PL_TRY(std::string text, readFile(fmt::format("/dev/fd/{}", descriptor), 512));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty()) return invalidInput("the passphrase is empty", "口令为空");
  return text;
}

Result<crypto::SigningKey> loadKey(const std::string& where, const std::string& passphrase) {
  PL_TRY(std::string secret, passphraseFor(where, passphrase));
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
    return invalidInput(fmt::format("{}: expected at most {} bytes", path, limit),
                        fmt::format("{}：最多 {} 字节", path, limit));
  }
  return text;
}

void remark(const Context& context, const Message& message) {
  if (!context.quiet) printRemark(context.say(message));
}

namespace {

// The name of a file says what is in it; whoever opens table.xlsx must not find text there.
Status requireFittingName(const Context& context) {
  constexpr std::pair<std::string_view, std::string_view> kFormats[] = {
      {".csv", "csv"},  {".json", "json"}, {".jsonl", "jsonl"}, {".ndjson", "jsonl"}, {".xlsx", "xlsx"},
      {".xls", "xlsx"}, {".html", "html"}, {".htm", "html"},    {".zip", "zip"}};
  std::string extension = fs::path(context.outputFile).extension().string();
  for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (auto [ending, format] : kFormats) {
    if (extension != ending || format == context.format) continue;
    return makeError(ErrorCode::Unsupported,
                     fmt::format("-o {}: the name says {}, the result is {}; use --format {}, or another name",
                                 context.outputFile, format, context.format, format),
                     fmt::format("-o {}：文件名表明为 {}，结果却是 {}；请用 --format {}，或另取文件名",
                                 context.outputFile, format, context.format, format));
  }
  return {};
}

std::string hoursText(std::int64_t ms) { return std::to_string(ms / 3'600'000); }

}  // namespace

void warnOfClock(const Context& context, const ledger::Ledger& ledger) {
  constexpr std::int64_t kHourMs = 3'600'000, kDayMs = 24 * kHourMs;
  if (ledger.size() == 0 || !context.clock) return;
  auto newest = ledger.entry(ledger.size() - 1);
  if (!newest.ok()) return;
  std::int64_t ahead = newest->recordedAtMs - context.clock();
  if (ahead <= kHourMs) return;
  bool far = ahead > kDayMs;
  remark(context,
         {fmt::format("{}: the newest entry is recorded {} hours ahead of this machine's clock ({}); {}",
                      far ? "WARNING" : "warning", hoursText(ahead), events::formatUtcMs(newest->recordedAtMs),
                      "set the clock right first; new entries get that time too until operator and auditor record "
                      "ClockCorrected"),
          fmt::format("{}：最新条目的记录时间比本机时钟超前 {} "
                      "小时（{}）；请先校准时钟；在运营者与审计记录 ClockCorrected（时钟更正）之前，新条目将沿用该时间",
                      far ? "严重警告" : "警告", hoursText(ahead), events::formatUtcMs(newest->recordedAtMs))});
}

Result<int> editionOf(const ledger::Ledger& ledger) {
  PL_TRY(auto log, ledger.entity("log:" + ledger.origin()));
  return log ? std::max(1, static_cast<int>(log->number("edition"))) : 1;
}

std::string editionText(const Context& context, int edition) {
  if (edition >= ledger::kNewestEdition)
    return fmt::format(fmt::runtime(context.say("{}, the newest", "第 {} 版，最新")), edition);
  return fmt::format(fmt::runtime(context.say(
                         "{} of {}; operator and auditor go on with RulesAdopted (catalogue --editions)",
                         "第 {} 版，最新为第 {} 版；由运营者与审计共同记录 RulesAdopted 启用（catalogue --editions）")),
                     edition, ledger::kNewestEdition);
}

Status writeOutput(const Context& context, std::string_view text) {
  if (!context.outputFile.empty()) PL_CHECK(requireFittingName(context));
  if (context.format != "table") return writeDocument(context, text);
  if (context.outputFile.empty()) return printText(text, context.pager ? Paging::WhenLong : Paging::Never);
  return writeDocument(context, events::visibleText(text));
}

Status writeDocument(const Context& context, std::string_view bytes) {
  if (context.outputFile.empty()) return printBytes(bytes, context.pager ? Paging::WhenLong : Paging::Never);
  std::optional<WholeFile>& file = *context.output;
  if (!file) {
    PL_TRY(file, WholeFile::begin(context.outputFile));
  }
  return file->write(bytes);
}

Status finishOutput(const Context& context) {
  if (std::optional<WholeFile> file = std::exchange(*context.output, std::nullopt)) return file->commit();
  return flushOutput();
}

Status writeWhole(const fs::path& path, std::string_view bytes, Sync sync) {
  std::error_code failure;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), failure);
  if (failure) return cannotWrite(path, failure.message());
  return writeWholeFile(path, bytes, {.sync = sync});
}

Status flushOutput() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return {};
  if (errno == EPIPE) return {};  // the reader has seen enough
  return fileError("standard output");
}

}  // namespace pilotledger::cli
