// Which ledger a directory holds: the rows of the meta family.
#pragma once

#include <filesystem>

#include "ledger/log/log_keys.h"
#include "ledger/rules/rules.h"
#include "ledger/store/store.h"
#include "ledger/tlog/submission.h"

namespace pilotledger::ledger {

struct LedgerIdentity {
  std::string origin;
  crypto::SuiteId suite{};
  crypto::VerifyKey logKey;  // that founded the log
  std::string operatorParty;
  proof::LedgerName name() const { return {origin, logKey.vkey()}; }
  LogContext context() const { return {suite, origin, logKey}; }
};

Status writeIdentity(Store& store, const LedgerIdentity& identity);
Result<LedgerIdentity> readIdentity(const Store& store);
// The founding key of the identity and those that the log names after it, each named by the one before. Corruption
// when the chain is broken.
Result<LogKeys> readLogKeys(const Store& store, const LedgerIdentity& identity);
// The meta family holds the rows of this identity and no others.
Status checkIdentityRows(const Store& store, const LedgerIdentity& identity);

// Beyond the newest checkpoint, of `from` entries, there is nothing, or one whole commit that its writer could not sign
// any more; anything else is Corruption.
Status requireOneCommit(const Store& store, std::uint64_t from, std::uint64_t to);
// Unavailable, with what to do, when entries stand behind the newest checkpoint: their writer died before it signed
// them.
Status requireSigned(const Store& store, std::uint64_t checkpointSize);

// The file that makes a directory a copy of a ledger that is written elsewhere; it names where from.
std::filesystem::path copyMark(const std::filesystem::path& directory);
// Unavailable, with where it is copied from and what to do, for a copy: only what follows adds to it.
Status requireOriginal(const std::filesystem::path& directory);

// NotFound when the directory holds no ledger, Corruption when it holds a part of one, Unavailable when it cannot be
// looked at; with what to do.
Status requireLedger(const std::filesystem::path& directory);

}  // namespace pilotledger::ledger
