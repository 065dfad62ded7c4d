#include "ledger/commit/log_key_files.h"

#include <fmt/format.h>

#include "ledger/log/identity.h"
#include "ledger/log/stored_log.h"

namespace pilotledger::ledger {

namespace fs = std::filesystem;

fs::path retiredLogKeyFile(const fs::path& directory, const crypto::VerifyKey& key) {
  return directory / fmt::format("log-retired-{}.pem", key.idHex());
}

void takeUpNextKey(const fs::path& directory, const LogKeys& keys) {
  std::error_code ignored;
  const auto& terms = keys.terms();
  fs::path retired = retiredLogKeyFile(directory, terms[terms.size() - 2].key);
  if (!fs::exists(retired, ignored)) fs::rename(directory / kLogKeyFile, retired, ignored);
  fs::rename(directory / kNextLogKeyFile, directory / kLogKeyFile, ignored);
}

namespace {

// The key that the one in force replaced, while the checkpoint that carries both signatures is not made.
Result<crypto::SigningKey> loadOutgoingKey(const fs::path& directory, const LogKeys& keys,
                                           std::string_view passphrase) {
  const crypto::VerifyKey& wanted = keys.terms()[keys.terms().size() - 2].key;
  auto waiting = crypto::SigningKey::load(directory / kLogKeyFile, passphrase);
  if (waiting.ok() && waiting->verifyKey() == wanted) return waiting;
  return crypto::SigningKey::load(retiredLogKeyFile(directory, wanted), passphrase);
}

Error logKeyGone(const fs::path& directory) {
  std::string file = (directory / kLogKeyFile).string();
  return makeError(
      ErrorCode::Corruption,
      fmt::format("{}: the log key is gone, so nothing more can be signed; put it back from a backup", file),
      fmt::format("{}：日志密钥缺失，无法继续签署；请从备份恢复", file));
}

// The key in force and, where its file is there, the next one. The log decides which is which: a change of keys may
// have been recorded, and the files not renamed any more.
Result<SigningKeys> loadLogKeys(const fs::path& directory, const LogKeys& keys, std::string_view passphrase) {
  auto inForce = crypto::SigningKey::load(directory / kLogKeyFile, passphrase);
  std::optional<crypto::SigningKey> next;
  std::optional<Error> waiting;  // why the next key could not be opened, which matters only when it is the one in force
  if (fs::exists(directory / kNextLogKeyFile)) {
    auto loaded = crypto::SigningKey::load(directory / kNextLogKeyFile, passphrase);
    if (loaded.ok()) {
      next = std::move(loaded).value();
    } else {
      waiting = std::move(loaded).error();
    }
  }
  if (next && next->verifyKey() == keys.current()) return SigningKeys{std::move(*next), std::nullopt, std::nullopt};
  std::error_code unknown;
  if (!inForce.ok() && !fs::exists(directory / kLogKeyFile, unknown) && !unknown) return logKeyGone(directory);
  if (!inForce.ok()) return std::move(inForce).error();
  if (inForce->verifyKey() == keys.current())
    return SigningKeys{std::move(inForce).value(), std::move(next), std::nullopt};
  if (waiting) return std::move(*waiting).within((directory / kNextLogKeyFile).string());
  return makeError(
      ErrorCode::Corruption,
      fmt::format("{}: not the key that signs this ledger, {}", (directory / kLogKeyFile).string(),
                  keys.current().vkey()),
      fmt::format("{}：不是本账本的现用密钥 {}", (directory / kLogKeyFile).string(), keys.current().vkey()));
}

}  // namespace

Result<SigningKeys> signingKeysFor(const fs::path& directory, const Store& store, std::string_view passphrase) {
  PL_TRY(LedgerIdentity identity, readIdentity(store));
  PL_TRY(LogKeys logKeys, readLogKeys(store, identity));
  PL_TRY(StoredLog opened, openStoredLog(identity, logKeys, store));
  PL_TRY(SigningKeys keys, loadLogKeys(directory, logKeys, passphrase));
  bool rotated = logKeys.terms().size() > 1 && logKeys.terms().back().since >= opened.durable.size;
  if (!opened.isSigned() && rotated) {
    PL_TRY(keys.outgoing, loadOutgoingKey(directory, logKeys, passphrase));
  }
  return keys;
}

}  // namespace pilotledger::ledger
