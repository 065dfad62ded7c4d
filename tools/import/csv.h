// Comma-separated values, RFC 4180: quoted fields, line breaks inside quotes, LF or CRLF.
// Every record keeps the line it begins on, so that a reader of a message finds it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "events/base/result.h"

namespace pilotledger::import {

struct CsvRow {
  std::size_t line = 0;            // from 1
  std::vector<std::string> cells;  // trimmed of outer spaces
  std::string raw;                 // as found, without the line end
  // Set when the row cannot be read as a record of this table (too few or too many cells).
  std::optional<Message> trouble;
  // Cells that do not say what they hold (workbook.h), by their place: trouble for whoever asks for them.
  std::vector<std::pair<std::size_t, Message>> doubtful;
  // Values of ranges that begin elsewhere, by the place they cover: taken where the row is a header.
  std::vector<std::pair<std::size_t, std::string>> merged;
};

// Every record of a text in order, whatever its length; blank lines are none. A first line `sep=;`, which Excel writes,
// says the delimiter in place of `delimiter`. InvalidInput: a quote that never closes.
Result<std::vector<CsvRow>> readCsvRows(std::string_view text, char delimiter, const std::string& name);

enum class Width {
  Exact,  // a row of another number of cells has its trouble: what stands in it is in doubt
  Padded  // cells at the end of a row may be left out
};

class CsvTable {
 public:
  // `name` is used in messages. InvalidInput: empty, a quote that never closes, a header with a repeated name. A row of
  // the wrong length is kept, with its trouble.
  static Result<CsvTable> parse(std::string_view text, char delimiter, std::string name);
  // The columns' names, and the rows below them. Errors likewise.
  static Result<CsvTable> of(std::vector<std::string> columns, std::vector<CsvRow> rows, std::string name,
                             Width width = Width::Exact);

  const std::string& name() const { return name_; }
  const std::vector<std::string>& columns() const { return columns_; }
  const std::vector<CsvRow>& rows() const { return rows_; }
  // By name; "#3" is the third, named or not.
  std::optional<std::size_t> find(std::string_view column) const;

 private:
  std::string name_;
  std::vector<std::string> columns_;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<CsvRow> rows_;
};

// The first byte that is no UTF-8, from 1; nullopt where all is.
std::optional<std::size_t> firstNoUtf8(std::string_view text);

// 2.4332E+19: a number as spreadsheets write a long code that was taken for a number; the other digits are lost.
bool looksLikeLostCode(std::string_view text);

std::string csvQuoted(std::string_view text);

// To UTF-8 from the encoding that the rules name ("UTF-8", "GB18030", ...). GB2312 and GBK are read as GB18030, which
// holds both: files that say so hold its characters.
Result<std::string> toUtf8(std::string text, const std::string& encoding);

// Without a name: UTF-8 where the bytes are that, by a byte order mark UTF-16, else GB18030. `found`: which.
Result<std::string> guessUtf8(std::string text, std::string& found);

}  // namespace pilotledger::import
