#include "ledger/identity.h"

#include <fmt/format.h>

#include <map>

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
