#include "tools/server/access_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "events/base/civil_date.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/suite.h"
#include "tools/service/json_members.h"

namespace pilotledger::server {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string lineHash(std::string_view line) {
  return crypto::toHex(crypto::hash(crypto::SuiteId::Ed25519Sha256, viewOf(line)));
}

Error cannot(const fs::path& file) {
  std::string why = std::strerror(errno);
  return makeError(ErrorCode::Unavailable, fmt::format("{}: {}", file.string(), why),
                   fmt::format("{}：{}", file.string(), why));
}

Error damaged(const fs::path& file, std::uint64_t line) {
  return makeError(
      ErrorCode::Corruption,
      fmt::format("{}: line {} does not follow from the one before: lines were changed, taken out or put in",
                  file.string(), line),
      fmt::format("{}：第 {} 行与上一行不相衔接：有行被改动、删除或插入", file.string(), line));
}

// Whether the line is the next one.
bool follows(const AccessLogHead& head, const std::string& line) {
  Json json = Json::parse(line, nullptr, false);
  return service::memberOf(json, "line") == head.lines + 1 && service::textOf(json, "before") == head.hash;
}

}  // namespace

Result<AccessLogHead> verifyAccessLog(const fs::path& file, const std::function<void(const AccessLogHead&)>& each) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return cannot(file);
  AccessLogHead head{0, lineHash("")};
  for (std::string line; std::getline(in, line);) {
    if (in.eof() || !follows(head, line)) return damaged(file, head.lines + 1);
    head = {head.lines + 1, lineHash(line)};
    if (each) each(head);
  }
  return head;
}

Result<std::unique_ptr<AccessLog>> AccessLog::open(const fs::path& file) {
  int descriptor = ::open(file.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return cannot(file);
  std::unique_ptr<AccessLog> log(new AccessLog(descriptor));
  PL_CHECK(log->readEnd(file));
  return log;
}

AccessLog::~AccessLog() {
  (void)sync().ok();  // what was not synced may be lost; the next opening finds a whole last line
  ::close(file_);
}

// Its last line says the number; reading the whole is verifyAccessLog's.
Status AccessLog::readEnd(const fs::path& file) {
  constexpr off_t kLongest = 1 << 20;
  struct stat known {};
  if (::fstat(file_, &known) != 0) return cannot(file);
  off_t from = std::max<off_t>(0, known.st_size - kLongest);
  std::string tail(static_cast<std::size_t>(known.st_size - from), '\0');
  if (::pread(file_, tail.data(), tail.size(), from) != static_cast<ssize_t>(tail.size())) return cannot(file);
  std::size_t whole = tail.rfind('\n') == tail.npos ? 0 : tail.rfind('\n') + 1;
  if (whole < tail.size()) {
    if (::ftruncate(file_, from + static_cast<off_t>(whole)) != 0) return cannot(file);
    repaired_ = true;
    tail.resize(whole);
  }
  head_ = {0, lineHash("")};
  if (tail.empty()) return {};
  std::size_t begin = tail.size() < 2 ? tail.npos : tail.rfind('\n', tail.size() - 2);
  std::string last = tail.substr(begin == tail.npos ? 0 : begin + 1);
  last.pop_back();
  Json json = Json::parse(last, nullptr, false);
  if (!json.is_object() || !json.contains("line") || !json["line"].is_number_unsigned()) {
    return makeError(ErrorCode::Corruption, fmt::format("{}: the last line is none of an access log", file.string()),
                     fmt::format("{}：末行不是访问日志的内容", file.string()));
  }
  head_ = {json["line"].get<std::uint64_t>(), lineHash(last)};
  std::ifstream in(file, std::ios::binary);
  std::string first;
  if (std::getline(in, first)) {
    std::string written = service::textOf(Json::parse(first, nullptr, false), "time");
    auto time = events::parseInstant(written.substr(0, written.find('.')) + "Z");  // to the second
    if (time.ok()) oldestMs_ = *time;
  }
  return {};
}

Status AccessLog::append(Json line) {
  std::lock_guard lock(mutex_);
  Json numbered = {{"line", head_.lines + 1}, {"before", head_.hash}};
  numbered.update(line);
  std::string text = numbered.dump(-1, ' ', true, Json::error_handler_t::replace);
  std::string bytes = text + "\n";
  if (Status written = writeWhole(bytes); !written.ok()) return written;
  head_ = {head_.lines + 1, lineHash(text)};
  unsynced_ = true;
  return {};
}

// What a full disk takes half of is taken back, or nothing is written any more: the next opening repairs the end.
Status AccessLog::writeWhole(const std::string& bytes) {
  if (broken_) return makeError(ErrorCode::Unavailable, "the access log ends within a line", "访问日志末行不完整");
  ssize_t written = ::write(file_, bytes.data(), bytes.size());
  if (written == static_cast<ssize_t>(bytes.size())) return {};
  Error failed = cannot(kAccessLogFile);
  struct stat now {};
  if (written > 0 && (::fstat(file_, &now) != 0 || ::ftruncate(file_, now.st_size - written) != 0)) broken_ = true;
  return failed;
}

Status AccessLog::sync() {
  std::lock_guard lock(mutex_);
  if (unsynced_ && ::fdatasync(file_) != 0) return cannot(kAccessLogFile);
  unsynced_ = false;
  return {};
}

AccessLogHead AccessLog::head() const {
  std::lock_guard lock(mutex_);
  return head_;
}

}  // namespace pilotledger::server
