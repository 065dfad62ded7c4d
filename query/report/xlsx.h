// A report as an Excel workbook; the only file pair that knows libxlsxwriter.
#pragma once

#include <string>

#include "events/base/result.h"
#include "query/report/booklet.h"

namespace pilotledger::query {

// Two sheets: the rows (frozen header, typed cells, money as numbers with the decimals of its
// currency, totals as formulas, one a currency) and how to verify them. Same table, same bytes:
// the creation date is the report's legal day.
Result<std::string> renderXlsx(const Table& table, Language language);
// One sheet a table, then how to verify them; attachments are named there, not held.
Result<std::string> renderXlsx(const Booklet& booklet, Language language);

}  // namespace pilotledger::query
