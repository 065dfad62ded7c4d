// What is shared by the sources of the mapper.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tools/import/mapper.h"

namespace pilotledger::import {

// What the columns of a template mean at one place.
struct Mapper::Scope {
  const Record* record = nullptr;
  Origin origin = Origin::Said;
  std::string join;  // the join whose row is current
  const CsvRow* row = nullptr;
  std::string item;  // of a split, or the column of a matrix
  std::string cell;
  std::size_t number = 0;                    // of the repetition, from 1
  std::map<std::string, std::string> parts;  // what a pattern named
  Asking* asking = nullptr;
};

Result<std::vector<std::size_t>> columnsOf(const CsvTable& table, const std::vector<std::string>& names);
// The cells of a key as one text: with several, "/" between them, and theirs escaped.
std::string keyText(const std::vector<std::string>& cells);
std::string keyOf(const CsvRow& row, const std::vector<std::size_t>& columns);
// A day as ISO: by the pattern, or where it already is that.
Result<std::string> dayOf(const std::string& text, const Locale& locale);
Error lostCode(const std::string& text);
std::string_view trimmedBlanks(std::string_view text);

}  // namespace pilotledger::import
