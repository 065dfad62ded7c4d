// Worksheets of Excel and WPS workbooks (.xlsx) as rows of text. Nothing is computed and nothing is guessed: a cell
// that does not say what it holds is doubtful, with its address and the reason.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "tools/import/csv.h"

namespace pilotledger::import {

// Begins as a zip container does.
bool looksLikeWorkbook(std::string_view bytes);

// `sheet`: its name; "" where only one visible sheet holds anything. The rows in order, empty ones left out, each with
// the number it has in the sheet. Cells:
//   text        as it is, outer blanks removed
//   number      plain decimal, "." before decimals, at most 15 significant digits, as the program shows them
//   date        ISO, by the cell's format, 1900 or 1904; with a time "2026-03-01 14:05:06"
//   truth       "true" or "false"
// A merged range holds its value in its first cell; the others are doubtful, and carry it for headers (CsvRow::merged).
// Doubtful: a formula without a stored value, an error, a whole number of more than 15 digits (it was rounded), a day
// that there was not (serial 60) or before 1900, a cell that is merged into another.
// InvalidInput: no workbook, encrypted or .xls, a DOCTYPE, beyond a limit of ZipLimits, 2,000 columns or 10 million
// cells.
Result<std::vector<CsvRow>> readWorkbook(std::string_view bytes, const std::string& sheet, const std::string& name);

}  // namespace pilotledger::import
