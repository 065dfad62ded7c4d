// XML and JSON documents as tables: a row for each record, a column for each path in it.
#pragma once

#include <vector>

#include "events/base/result.h"
#include "tools/import/input.h"

namespace pilotledger::import {

// `rules.record` is the path of a record from the top: "Invoices/Invoice"; in JSON "data/list", where the elements of
// an array bear the array's name, those of an array at the top or of JSON Lines "item". Columns are paths in a record:
// "Seller/Name", "Amount/@currency", "." for its own text. What occurs several times is joined by line breaks; a join
// with `path` makes rows of it. Numbers stay as they are written. The line of a row is the number of its record.
// Of several files, one that cannot be read is in `unread`; each row bears its file's "@file.name" and "@file.hash".
// InvalidInput: neither XML nor JSON, a DOCTYPE, deeper than 200, more than 2 million elements or 2,000 columns.
Result<Input> readRecords(const std::vector<InputFile>& files, const Rules& rules);

}  // namespace pilotledger::import
