// Charts of a table as inline SVG. A view declares them in its header:
//
//   -- chart: stacked X VALUE SERIES [COLUMN=TEXT ...]   stacked bars, one a value of X
//   -- chart: bars X VALUE [COLUMN=TEXT ...]
//   -- chart: sankey A B [C ...] VALUE [COLUMN=TEXT ...] flows from column to column
//   -- chart: steps FROM TO VALUE [COLUMN=TEXT ...]      flows whose rows are single steps of a chain
// X may be quarter(COLUMN), month(COLUMN) or year(COLUMN) of a date. COLUMN=TEXT takes only rows
// with that value. One chart a currency; the same table gives the same bytes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "query/answer/query.h"

namespace pilotledger::query {

enum class ChartKind { Stacked, Bars, Sankey, Steps };

struct ChartSpec {
  ChartKind kind = ChartKind::Bars;
  std::string unit;                  // "", "quarter", "month", "year": of the first column
  std::vector<std::string> columns;  // x [series], or the levels of a sankey
  std::string value;
  std::map<std::string, std::string> filter;
};

Result<ChartSpec> parseChart(std::string_view text);

// <figure> elements; none when no row has a value. InvalidInput names a column that is not there.
Result<std::string> drawChart(const Table& table, const ChartSpec& spec, Language language);

// For text and attributes alike.
std::string escapeHtml(std::string_view text);

}  // namespace pilotledger::query
