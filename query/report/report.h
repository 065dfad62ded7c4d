// A table as people and programs read it. Same table, same bytes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "events/base/result.h"
#include "query/answer/query.h"

namespace pilotledger::query {

// "table": aligned (full-width aware), amounts in major units with thousands separators, a header
// line with position, root and versions. "csv": stable English column names, plain amounts, text
// that a spreadsheet would run as a formula is quoted with '. "json": one object with the header; amounts
// are strings of minor units, counts and entry indexes numbers;
// "jsonl": one object a row. "xlsx": a workbook with typed cells, totals and a verification sheet.
// "html": one printable file with the charts that the view declares.
Result<std::string> render(const Table& table, const std::string& format, Language language);

// The "table" form with a line a cell, for few rows that are wider than the reader's terminal.
std::string renderCards(const Table& table, Language language);

// The rows [first, last) as "json" gives them, an array of objects. InvalidInput when two columns have one name.
Result<nlohmann::ordered_json> rowsJson(const Table& table, std::size_t first, std::size_t last);

// The "csv" form: what a certified report is signed over. Exact: text as it is, for programs that
// run no formulas.
enum class CsvText { Spreadsheet, Exact };
std::string renderCsv(const Table& table, CsvText text = CsvText::Spreadsheet);

}  // namespace pilotledger::query
