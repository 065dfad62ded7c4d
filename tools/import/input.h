// A file of others as a table: which row is the header, which rows are left out, by the [input] part of the rules.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "events/base/result.h"
#include "tools/import/csv.h"
#include "tools/import/rules.h"

namespace pilotledger::import {

struct Input {
  CsvTable table;
  std::map<std::string, CsvTable> parts;  // the joins that are parts of a record, by name
  std::size_t skipped = 0;                // rows that `skip` left out
};

// CSV; a workbook, known by its first bytes; with `record`, XML or JSON. `name` is used in messages. InvalidInput also
// where the rules spell numbers in another way than a workbook does.
Result<Input> readInput(std::string bytes, const std::string& name, const Rules& rules);

// A table that is joined: its first row is the header.
Result<CsvTable> readJoined(std::string bytes, const std::string& name, const Rules& rules);

}  // namespace pilotledger::import
