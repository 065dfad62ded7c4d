#include "ledger/log/identity.h"

#include <fmt/format.h>

#include <fstream>
#include <map>

#include "events/codec.h"
#include "ledger/tlog/entry.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/note.h"
#include "ledger/tlog/submission.h"

namespace pilotledger::ledger {

using layout::Family;

namespace {

std::map<std::string, std::string> rowsOf(const LedgerIdentity& identity) {
  return {{"format", std::string(layout::kFormat)},
          {"origin", identity.origin},
          {"suite", std::string(crypto::suiteName(identity.suite))},
          {"log-key", identity.logKey.vkey()},
          {"operator", identity.operatorParty}};
}

}  // namespace

Status writeIdentity(Store& store, const LedgerIdentity& identity) {
  WriteSet rows = store.begin();
  for (const auto& [name, value] : rowsOf(identity)) rows.put(Family::Meta, name, value);
  return store.write(std::move(rows));
}

Status checkIdentityRows(const Store& store, const LedgerIdentity& identity) {
  auto expected = rowsOf(identity);
  std::optional<std::string> wrong;
  PL_CHECK(store.each(Family::Meta, "", [&](std::string_view name, std::string_view value) {
    if (name == layout::kOrderedRow) return true;
    auto at = expected.find(std::string(name));
    if (at == expected.end() || at->second != value) wrong = name;
    if (at != expected.end()) expected.erase(at);
    return !wrong;
  }));
  if (!wrong && !expected.empty()) wrong = expected.begin()->first;
  if (!wrong) return {};
  return makeError(ErrorCode::Corruption,
                   fmt::format("meta row '{0}' does not belong here or is missing", layout::shownKey(*wrong)),
                   fmt::format("元数据行“{}”多余或缺失", layout::shownKey(*wrong)));
}

namespace {

// A row of the header; whatever is wrong with one is damage. (readFormat tells another version from damage itself.)
template <typename Parse>
auto readRow(const Store& store, const std::string& name, Parse parse) -> decltype(parse(std::string())) {
  PL_TRY(std::optional<std::string> text, store.get(Family::Meta, name));
  if (!text) {
    return makeError(ErrorCode::Corruption,
                     fmt::format("meta row '{}' is missing; put back the directory from a copy that verifies", name),
                     fmt::format("元数据行“{}”缺失；请用核验通过的副本恢复账本目录", name));
  }
  auto value = parse(std::move(*text));
  if (value.ok() || name == "format") return value;
  Error error = std::move(value).error().within(fmt::format("meta row '{}'", name), fmt::format("元数据行“{}”", name));
  error.code = ErrorCode::Corruption;
  return error;
}

Result<std::string> readText(std::string text) { return text; }

Result<std::string> readFormat(std::string format) {
  if (format == layout::kFormat) return format;
  bool version = format.starts_with(layout::kFormatFamily) && format.size() > layout::kFormatFamily.size() &&
                 format.find_first_not_of("0123456789", layout::kFormatFamily.size()) == format.npos;
  ErrorCode code = version ? ErrorCode::Unsupported : ErrorCode::Corruption;  // a store of another version, or none
  return makeError(code, fmt::format("store format: expected {}, found {}", layout::kFormat, layout::shownKey(format)),
                   fmt::format("存储格式应为 {}，实为 {}", layout::kFormat, layout::shownKey(format)));
}

}  // namespace

Result<LedgerIdentity> readIdentity(const Store& store) {
  PL_TRY([[maybe_unused]] std::string format, readRow(store, "format", readFormat));
  PL_TRY(crypto::SuiteId suite,
         readRow(store, "suite", [](const std::string& text) { return crypto::parseSuite(text); }));
  PL_TRY(crypto::VerifyKey logKey,
         readRow(store, "log-key", [](const std::string& text) { return crypto::VerifyKey::parse(text); }));
  PL_TRY(std::string origin, readRow(store, "origin", readText));
  PL_TRY(std::string operatorParty, readRow(store, "operator", readText));
  return LedgerIdentity{std::move(origin), suite, std::move(logKey), std::move(operatorParty)};
}

Result<LogKeys> readLogKeys(const Store& store, const LedgerIdentity& identity) {
  LogKeys keys(identity.logKey);
  PL_TRY(std::vector<std::uint64_t> indexes, store.entriesOf("log:" + identity.origin));
  auto next = [&](std::uint64_t index) -> Result<std::optional<crypto::VerifyKey>> {
    PL_TRY(std::string entryBytes, store.require(Family::Entry, layout::indexKey(index)));
    PL_TRY(proof::Entry entry, proof::Entry::decode(viewOf(entryBytes)));
    PL_TRY(std::string eventBytes, store.require(Family::Event, layout::indexKey(index)));
    PL_TRY(events::Event event, events::Event::decode(viewOf(eventBytes)));
    auto body = event.reader().getBody();
    if (!body.isLogKeyRotated()) return std::optional<crypto::VerifyKey>();  // the edition of the rules
    if (body.getLogKeyRotated().getOldKey().cStr() != keys.current().vkey())
      return invalidInput("it does not go on from the key before");
    PL_TRY(std::string text, store.require(Family::Submission, textOf(entry.submissionDigest)));
    PL_TRY(proof::Note note, proof::Note::parse(text));
    PL_CHECK(proof::verifyNote(note, keys.current()));
    PL_TRY(proof::SubmissionBody signedBody, proof::SubmissionBody::parse(note.text));
    if (signedBody.ledger.origin != identity.origin || signedBody.count != 1 ||
        signedBody.root != proof::leafHash(identity.suite, viewOf(eventBytes))) {
      return invalidInput("the submission that was signed is another one");
    }
    PL_TRY(crypto::VerifyKey named, crypto::VerifyKey::parse(body.getLogKeyRotated().getNewKey().cStr()));
    return std::optional(std::move(named));
  };
  for (std::uint64_t index : indexes) {
    auto key = next(index);
    if (!key.ok()) {
      Error error = std::move(key).error().within(fmt::format("entry {}, a change of the log key", index),
                                                  fmt::format("第 {} 条（日志密钥轮换）", index));
      error.code = ErrorCode::Corruption;
      return error;
    }
    if (*key) keys.add(index, std::move(**key));
  }
  return keys;
}

Status requireOneCommit(const Store& store, std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t index = from; index < to; ++index) {
    PL_TRY(std::string bytes, store.require(Family::Entry, layout::indexKey(index)));
    PL_TRY(proof::Entry entry, proof::Entry::decode(viewOf(bytes)));
    if (entry.stateRoot.has_value() == (index + 1 == to)) continue;
    return makeError(
        ErrorCode::Corruption,
        fmt::format("entries {} to {} have no checkpoint and are not one commit; run 'pilotledger verify'", from,
                    to - 1),
        fmt::format("第 {} 至 {} 条没有检查点，且不是一次完整提交；请运行 pilotledger verify", from, to - 1));
  }
  return {};
}

Status requireSigned(const Store& store, std::uint64_t checkpointSize) {
  PL_TRY(std::uint64_t size, store.size());
  if (size == checkpointSize) return {};
  if (size < checkpointSize) {
    return makeError(
        ErrorCode::Corruption,
        fmt::format("checkpoint {}: the log holds {} entries; run 'pilotledger verify'", checkpointSize, size),
        fmt::format("检查点 {}：日志仅有 {} 条；请运行 pilotledger verify", checkpointSize, size));
  }
  PL_CHECK(requireOneCommit(store, checkpointSize, size));
  return makeError(
      ErrorCode::Unavailable,
      fmt::format("entries from {} on are stored and not signed yet: their writer was stopped. Any command that writes "
                  "signs them",
                  checkpointSize),
      fmt::format("第 {} 条起已存储但尚未签署（写入进程中途停止）。执行任一写入命令即可补签", checkpointSize));
}

namespace {

bool isStoreFile(const std::string& name) {
  return name.ends_with(".sst") || name.ends_with(".log") || name.starts_with("MANIFEST-") ||
         name.starts_with("OPTIONS-") || name == "IDENTITY";
}

// A file that only a ledger has; "" when there is none.
std::string fileOfLedger(const std::filesystem::path& directory) {
  std::error_code ignored;
  for (const char* name : {"head", "log.pem"}) {
    if (std::filesystem::exists(directory / name, ignored)) return name;
  }
  for (const auto& file : std::filesystem::directory_iterator(directory / "log", ignored)) {
    std::string name = file.path().filename().string();
    if (isStoreFile(name)) return "log/" + name;
  }
  return "";
}

}  // namespace

std::filesystem::path copyMark(const std::filesystem::path& directory) { return directory / "copy-of"; }

Status requireOriginal(const std::filesystem::path& directory) {
  std::error_code failure;
  if (!std::filesystem::exists(copyMark(directory), failure) && !failure) return {};
  std::string from;
  std::getline(std::ifstream(copyMark(directory)), from);
  return makeError(
      ErrorCode::Unavailable,
      fmt::format("{}: a copy of the ledger at {}; only 'pilotledger follow' adds to it. If that ledger is lost, "
                  "'pilotledger takeover' makes this one the ledger",
                  directory.string(), from),
      fmt::format("{}：此为 {} 账本的副本，只能由 pilotledger follow 续写。若原账本已丢失，可用 pilotledger takeover "
                  "将其转为正本",
                  directory.string(), from));
}

Status requireLedger(const std::filesystem::path& directory) {
  std::error_code failure;
  std::string where = directory.string();
  bool exists = std::filesystem::exists(directory / "log" / "CURRENT", failure);
  if (failure) {
    return makeError(ErrorCode::Unavailable, fmt::format("{}: {}", where, failure.message()),
                     fmt::format("{}：无法读取：{}", where, failure.message()));
  }
  if (exists) return {};
  if (std::string file = fileOfLedger(directory); !file.empty()) {
    return makeError(
        ErrorCode::Corruption,
        fmt::format("{}: a damaged ledger: log/CURRENT is missing, {} is there; put back the directory from a copy "
                    "that verifies "
                    "(only if 'init' was cut off here and nothing was recorded: remove it and run 'init' again)",
                    where, file),
        fmt::format("{}：账本已损坏：缺少 log/CURRENT，但存在 {}；请用核验通过的副本恢复该目录"
                    "（仅当此处 init 中断且尚无记录时，可删除该目录后重新执行 init）",
                    where, file));
  }
  return makeError(
      ErrorCode::NotFound,
      fmt::format("{}: no ledger here; make one with 'pilotledger init --origin NAME', or name another with --ledger",
                  where),
      fmt::format("{}：没有账本；请用 pilotledger init --origin 名称 建立，或用 --ledger 指定", where));
}

}  // namespace pilotledger::ledger
