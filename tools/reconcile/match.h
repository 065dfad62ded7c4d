// A statement against the ledger: what one knows and the other does not.
#pragma once

#include <string>

#include "events/base/result.h"
#include "query/answer/query.h"
#include "tools/reconcile/statement.h"

namespace pilotledger::reconcile {

// "****3344" names "622202003344": a run of '*' stands for any characters.
bool sameAccount(const std::string& masked, const std::string& full);

struct MatchOptions {
  std::string account;   // as the ledger names it
  std::string platform;  // also its revenue, which names no account
  int days = 3;          // by which bank and ledger may differ when no reference decides
};

// One row a bank entry or a ledger movement in the days of the statement. state: matched; amount
// (same reference, other amount); bank_only; ledger_only. Matched by bank reference first (several
// ledger entries may share one), then by amount and date.
Result<query::Table> matchStatement(query::ReadModel& model, const query::AsOf& at, const BankStatement& statement,
                                    const MatchOptions& options);

}  // namespace pilotledger::reconcile
