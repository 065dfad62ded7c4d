// A report as one self-contained, printable HTML file: header, charts, table, how to verify.
#pragma once

#include <string>

#include "events/result.h"
#include "query/query.h"

namespace pilotledger::query {

// Refers to nothing outside itself. Same table, same bytes.
Result<std::string> renderHtml(const Table& table, Lang language);

}  // namespace pilotledger::query
