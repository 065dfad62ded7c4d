// A report as one self-contained, printable HTML file: header, charts, table, how to verify.
#pragma once

#include <string>

#include "events/base/result.h"
#include "query/report/booklet.h"

namespace pilotledger::query {

// Refers to nothing outside itself. Same table, same bytes.
Result<std::string> renderHtml(const Table& table, Language language);
// One section a table; attachments can be saved from the page.
Result<std::string> renderHtml(const Booklet& booklet, Language language);

}  // namespace pilotledger::query
