#include "ledger/identity.h"

#include <fmt/format.h>

#include <map>

#include "events/codec.h"
#include "ledger/proof/entry.h"
#include "ledger/proof/merkle.h"
#include "ledger/proof/note.h"
#include "ledger/proof/submission.h"

namespace pilotledger::ledger {

using layout::Family;

namespace {

std::map<std::string, std::string> rowsOf(const LedgerIdentity& identity) {
  return {{"format", std::string(layout::kFormat)}, {"origin", identity.origin},
          {"suite", std::string(crypto::suiteName(identity.suite))}, {"log-key", identity.logKey.vkey()},
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
  std::string wrong;
  PL_CHECK(store.each(Family::Meta, "", [&](std::string_view name, std::string_view value) {
    auto at = expected.find(std::string(name));
    if (at == expected.end() || at->second != value) wrong = name;
    if (at != expected.end()) expected.erase(at);
    return wrong.empty();
  }));
  if (wrong.empty() && !expected.empty()) wrong = expected.begin()->first;
  if (wrong.empty()) return {};
  return makeError(ErrorCode::Corruption, fmt::format("meta row '{}' does not belong here or is missing", wrong), fmt::format("元数据行“{}”多余或缺失", wrong));
}

Result<LedgerIdentity> readIdentity(const Store& store) {
  PL_TRY(std::string format, store.require(Family::Meta, "format"));
  if (format != layout::kFormat) {
    return makeError(ErrorCode::Unsupported, fmt::format("store format: expected {}, found {}", layout::kFormat, format),
                     fmt::format("存储格式应为 {}，实为 {}", layout::kFormat, format));
  }
  PL_TRY(std::string suiteText, store.require(Family::Meta, "suite"));
  PL_TRY(crypto::SuiteId suite, crypto::parseSuite(suiteText));
  PL_TRY(std::string vkey, store.require(Family::Meta, "log-key"));
  PL_TRY(crypto::VerifyKey logKey, crypto::VerifyKey::parse(vkey));
  PL_TRY(std::string origin, store.require(Family::Meta, "origin"));
  PL_TRY(std::string operatorParty, store.require(Family::Meta, "operator"));
  return LedgerIdentity{std::move(origin), suite, std::move(logKey), std::move(operatorParty)};
}

Result<LogKeys> readLogKeys(const Store& store, const LedgerIdentity& identity) {
  LogKeys keys(identity.logKey);
  PL_TRY(std::vector<std::uint64_t> indexes, store.entriesOf("log:" + identity.origin));
  auto next = [&](std::uint64_t index) -> Result<crypto::VerifyKey> {
    PL_TRY(std::string entryBytes, store.require(Family::Entry, layout::indexKey(index)));
    PL_TRY(proof::Entry entry, proof::Entry::decode(viewOf(entryBytes)));
    PL_TRY(std::string eventBytes, store.require(Family::Event, layout::indexKey(index)));
    PL_TRY(events::Event event, events::Event::decode(viewOf(eventBytes)));
    auto body = event.reader().getBody();
    if (!body.isLogKeyRotated() || body.getLogKeyRotated().getOldKey().cStr() != keys.current().vkey()) return invalidInput("it does not go on from the key before");
    PL_TRY(std::string text, store.require(Family::Submission, textOf(entry.submissionDigest)));
    PL_TRY(proof::Note note, proof::Note::parse(text));
    PL_CHECK(proof::verifyNote(note, keys.current()));
    PL_TRY(proof::SubmissionBody signedBody, proof::SubmissionBody::parse(note.text));
    if (signedBody.origin != identity.origin || signedBody.count != 1 || signedBody.root != proof::leafHash(identity.suite, viewOf(eventBytes))) {
      return invalidInput("the submission that was signed is another one");
    }
    return crypto::VerifyKey::parse(body.getLogKeyRotated().getNewKey().cStr());
  };
  for (std::uint64_t index : indexes) {
    auto key = next(index);
    if (!key.ok()) {
      Error error = std::move(key).error().within(fmt::format("entry {}, a change of the log key", index), fmt::format("第 {} 条（日志密钥轮换）", index));
      error.code = ErrorCode::Corruption;
      return error;
    }
    keys.add(index, std::move(key).value());
  }
  return keys;
}

Status requireSigned(const Store& store, std::uint64_t checkpointSize) {
  PL_TRY(std::uint64_t size, store.size());
  if (size == checkpointSize) return {};
  return makeError(ErrorCode::Unavailable,
                   fmt::format("entries from {} on are stored and not signed yet: their writer was stopped. Any command that writes signs them", checkpointSize),
                   fmt::format("第 {} 条起已存储但尚未签署（写入进程中途停止）。执行任一写入命令即可补签", checkpointSize));
}

Status requireLedger(const std::filesystem::path& directory) {
  std::error_code failure;
  bool exists = std::filesystem::exists(directory / "log" / "CURRENT", failure);
  if (failure) {
    return makeError(ErrorCode::Unavailable, fmt::format("{}: {}", directory.string(), failure.message()),
                     fmt::format("{}：{}", directory.string(), failure.message()));
  }
  if (exists) return {};
  return makeError(ErrorCode::NotFound,
                   fmt::format("{}: no ledger here; make one with 'pilotledger init --origin NAME', or name another with --ledger",
                               directory.string()),
                   fmt::format("{}：没有账本；请用 pilotledger init --origin 名称 建立，或用 --ledger 指定", directory.string()));
}

}  // namespace pilotledger::ledger
