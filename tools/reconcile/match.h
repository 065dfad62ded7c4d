// A statement against the ledger: what one knows and the other does not.
#pragma once

#include <string>

#include "events/base/result.h"
#include "query/answer/query.h"
#include "tools/reconcile/series.h"

namespace pilotledger::reconcile {

// As banks print it for the eye: "6222 0200 3344" is 622202003344.
std::string withoutBlanks(std::string account);
// "****3344" names "622202003344": a run of '*' stands for any characters; blanks for none.
bool sameAccount(const std::string& masked, const std::string& full);

struct MatchOptions {
  std::string account;   // as the ledger names it
  std::string platform;  // also its revenue, which names no account
  int days = 3;          // by which bank and ledger may differ when no reference decides
  Language language = Language::English;
};

struct Reconciliation {
  query::Table table;
  std::size_t movements = 0;  // of the account in the ledger, whenever
};

// One row a group of bank entries and ledger movements that are one event (`pairing.h`), a doubt about the statements
// (`series.h`), a bank entry or a ledger movement in the days covered that is alone. state: matched; amount (same
// reference, other amount); date (same reference and amount, more than a month apart); bank_only; ledger_only; or a
// doubt's.
Result<Reconciliation> matchStatements(query::ReadModel& model, const query::AsOf& at, const Series& series,
                                       const MatchOptions& options);

}  // namespace pilotledger::reconcile
