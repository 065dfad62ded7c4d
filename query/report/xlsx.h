// A report as an Excel workbook; the only file pair that knows libxlsxwriter.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "events/base/result.h"
#include "query/report/booklet.h"

namespace pilotledger::query {

// Two sheets: the rows (frozen header, typed cells, money as numbers with the decimals of its
// currency, totals as formulas, one a currency) and how to verify them. Same table, same bytes:
// the creation date is the report's legal day.
Result<std::string> renderXlsx(const Table& table, Language language);
// One sheet a table, then how to verify them; attachments are named there, not held.
Result<std::string> renderXlsx(const Booklet& booklet, Language language);

// A sheet to fill in: one column a field, text format where digits are a code, a list to choose from where there are
// codes; what the sheet is for stands on a hidden sheet, named as below.
inline constexpr const char* kFormFacts = "schema";
struct FormColumn {
  std::string head;
  bool text = true;  // what is typed stays as it is typed
  std::vector<std::string> choices{};
};
struct Form {
  std::string title;
  std::vector<FormColumn> columns;
  std::vector<std::pair<std::string, std::string>> facts;
};
Result<std::string> renderForm(const Form& form);

}  // namespace pilotledger::query
