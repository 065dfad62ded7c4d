// A table as people and programs read it. Same table, same bytes.
#pragma once

#include <string>

#include "events/result.h"
#include "query/query.h"

namespace pilotledger::query {

enum class Lang { English, Chinese };

// One cell as csv gives it: amounts in major units of the row's currency, without separators.
std::string plainCell(const Table& table, const std::vector<Value>& row, std::size_t column);

// "table": aligned (full-width aware), amounts in major units with thousands separators, a header
// line with position, root and versions. "csv": stable English column names, plain amounts, text
// that a spreadsheet would run as a formula is quoted with '. "json": one object with the header;
// "jsonl": one object a row.
Result<std::string> render(const Table& table, const std::string& format, Lang language);

}  // namespace pilotledger::query
