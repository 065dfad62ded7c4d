// A file of others as a table: which row is the header, which rows are left out, by the [input] part of the rules.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/base/result.h"
#include "tools/import/csv.h"
#include "tools/import/rules.h"

namespace pilotledger::import {

// A file that is read: its name, its bytes, their SHA-256.
struct InputFile {
  std::string name, bytes, hash;
};

struct Input {
  CsvTable table;
  std::map<std::string, CsvTable> parts;                // the joins that are parts of a record, by name
  std::size_t skipped = 0;                              // rows that `skip` left out
  std::vector<std::pair<std::string, Message>> unread;  // of several files, those that hold no record, and why
  std::vector<Message> differing;                       // totals that the rows above them do not make
};

// CSV; a workbook, known by its first bytes; with `record`, XML or JSON. `name` is used in messages. InvalidInput also
// where the rules spell numbers in another way than a workbook does.
Result<Input> readInput(std::string bytes, const std::string& name, const Rules& rules);

// Records of several files, XML or JSON, in their order. {file.name} and {file.hash} of each are its own.
Result<Input> readInputs(std::vector<InputFile> files, const Rules& rules);

// A table that is joined: its first row is the header.
Result<CsvTable> readJoined(std::string bytes, const std::string& name, const Rules& rules);

}  // namespace pilotledger::import
