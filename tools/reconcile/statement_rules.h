// What the columns of a bank's CSV mean: a TOML file (README.md).
#pragma once

#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::reconcile {

struct StatementRules {
  std::string account, currency = "CNY", encoding;  // encoding "": by the bytes
  std::string thousands = ",", datePattern = "any", from, to;
  std::string
      negative;  // of a column for one side: "" refused, "side" the minus is that of debits, "reversal" it takes back
  char delimiter = ',', decimal = '.';
  int scale = 0;
  // Names of columns; "" where there is none.
  std::string date, amount, credit, debit, side, reference, balance, text, accountColumn, currencyColumn;
};

// InvalidInput: an unknown key, a value of the wrong type, what is needed and not there.
Result<StatementRules> parseStatementRules(std::string_view toml);

}  // namespace pilotledger::reconcile
