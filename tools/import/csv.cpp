#include "tools/import/csv.h"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace pilotledger::import {
namespace {

std::string trimmed(const std::string& text) {
  std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == text.npos) return "";
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

// One record from the front of `text`; takes it off.
Result<CsvRow> takeRow(std::string_view& text, char delimiter, std::size_t& line, const std::string& name) {
  CsvRow row;
  row.line = line;
  std::string cell;
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    char c = text[at];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        cell += text[++at];
      } else {
        quoted = false;
      }
    } else if (c == '"' && cell.empty()) {
      quoted = true;
    } else if (c == delimiter) {
      row.cells.push_back(trimmed(cell));
      cell.clear();
    } else if (c == '\n') {
      break;
    } else {
      cell += c;
    }
  }
  if (quoted) {
    return invalidInput(fmt::format("{}:{}: the quote that opens here is never closed", name, row.line),
                        fmt::format("{}:{}：引号未闭合", name, row.line));
  }
  row.cells.push_back(trimmed(cell));
  row.raw = std::string(text.substr(0, at));
  if (row.raw.ends_with('\r')) row.raw.pop_back();
  text.remove_prefix(std::min(at + 1, text.size()));
  return row;
}

bool isBlank(const CsvRow& row) { return row.cells.size() == 1 && row.cells[0].empty(); }

}  // namespace

Result<std::vector<CsvRow>> readCsvRows(std::string_view text, char delimiter, const std::string& name) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<CsvRow> rows;
  std::size_t line = 1;
  std::string_view first = text.substr(0, text.find('\n'));
  if (first.ends_with('\r')) first.remove_suffix(1);
  if (first.size() == 7 && first.starts_with("\"sep=") && first.ends_with('"')) first = first.substr(1, 5);
  if (first.size() == 5 && first.starts_with("sep=")) {
    delimiter = first[4];
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    ++line;
  }
  while (!text.empty()) {
    PL_TRY(CsvRow row, takeRow(text, delimiter, line, name));
    if (!isBlank(row)) rows.push_back(std::move(row));
  }
  return rows;
}

Result<CsvTable> CsvTable::parse(std::string_view text, char delimiter, std::string name) {
  PL_TRY(auto rows, readCsvRows(text, delimiter, name));
  if (rows.empty()) return invalidInput(name + ": the file is empty", name + "：文件为空");
  auto columns = std::move(rows.front().cells);
  rows.erase(rows.begin());
  return of(std::move(columns), std::move(rows), std::move(name));
}

Result<CsvTable> CsvTable::of(std::vector<std::string> columns, std::vector<CsvRow> rows, std::string name,
                              Width width) {
  CsvTable table;
  table.name_ = std::move(name);
  table.columns_ = std::move(columns);
  std::size_t count = table.columns_.size();
  for (CsvRow& row : rows) {
    if (width == Width::Padded && row.cells.size() < count) row.cells.resize(count);
    if (row.cells.size() == count || row.trouble) continue;
    row.trouble = Message{fmt::format("expected {} cells, found {}", count, row.cells.size()),
                          fmt::format("应有 {} 列，实有 {} 列", count, row.cells.size())};
  }
  table.rows_ = std::move(rows);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& column = table.columns_[i];
    if (column.empty()) continue;  // asked for by its place
    if (!table.index_.emplace(column, i).second) {
      return invalidInput(fmt::format("{}: column '{}' occurs twice in the header", table.name_, column),
                          fmt::format("{}：表头列“{}”重复", table.name_, column));
    }
  }
  return table;
}

std::optional<std::size_t> CsvTable::find(std::string_view column) const {
  if (auto at = index_.find(std::string(column)); at != index_.end()) return at->second;
  std::size_t place = 0;
  if (!column.starts_with('#')) return std::nullopt;
  auto [end, failed] = std::from_chars(column.data() + 1, column.data() + column.size(), place);
  bool known = failed == std::errc() && end == column.data() + column.size() && place > 0 && place <= columns_.size();
  return known ? std::optional(place - 1) : std::nullopt;
}

std::optional<std::size_t> firstNoUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto lead = static_cast<unsigned char>(text[at]);
    std::size_t more = lead < 0x80 ? 0 : lead >= 0xC2 && lead < 0xE0 ? 1 : lead >= 0xE0 && lead < 0xF0 ? 2 : 3;
    if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || at + more >= text.size()) return at + 1;
    for (std::size_t i = 1; i <= more; ++i) {
      if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return at + 1;
    }
    auto second = static_cast<unsigned char>(more > 0 ? text[at + 1] : 0);
    bool tooLong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    bool noCharacter = (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90);
    if (tooLong || noCharacter) return at + 1;
    at += more + 1;
  }
  return std::nullopt;
}

bool looksLikeLostCode(std::string_view text) {
  std::size_t e = text.find_first_of("Ee");
  if (e == text.npos || e == 0 || e + 2 >= text.size() || text[e + 1] != '+') return false;
  auto digits = [](std::string_view part) {
    return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  std::string_view number = text.substr(0, e);
  if (number.size() > 1 && number[1] == '.') number = std::string_view(text).substr(2, e - 2);
  return digits(text.substr(0, 1)) && digits(number) && digits(text.substr(e + 2));
}

std::string csvQuoted(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return std::string(text);
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

Result<std::string> guessUtf8(std::string text, std::string& found) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    found = "UTF-16";
    return toUtf8(std::move(text), found);
  }
  found = "UTF-8";
  auto utf8 = toUtf8(text, "utf-8");  // by iconv, which refuses what is no UTF-8
  if (utf8.ok()) return utf8;
  auto chinese = toUtf8(std::move(text), "GB18030");
  if (!chinese.ok()) return std::move(utf8).error();
  found = "GB18030";
  return chinese;
}

Result<std::string> toUtf8(std::string text, const std::string& encoding) {
  if (encoding == "UTF-8") return text;
  bool chinese = encoding == "GB2312" || encoding == "GBK" || encoding == "gb2312" || encoding == "gbk";
  bool named = encoding.find('/') == encoding.npos;  // no "//IGNORE": nothing is left out without a word
  iconv_t converter = ::iconv_open("UTF-8", !named ? "" : chinese ? "GB18030" : encoding.c_str());
  if (!named && converter != reinterpret_cast<iconv_t>(-1)) {
    ::iconv_close(converter);
    converter = reinterpret_cast<iconv_t>(-1);
  }
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    return invalidInput("encoding: expected a name such as UTF-8 or GB18030, found " + encoding,
                        "编码名称未知：" + encoding);
  }
  std::string out(text.size() * 3 + 16, '\0');  // no encoding in use grows by more
  char* from = text.data();
  char* to = out.data();
  std::size_t left = text.size();
  std::size_t room = out.size();
  bool good = ::iconv(converter, &from, &left, &to, &room) != static_cast<std::size_t>(-1);
  ::iconv_close(converter);
  if (!good) {
    return invalidInput(fmt::format("byte {}: not {} text", text.size() - left, encoding),
                        fmt::format("第 {} 字节：不是 {} 编码", text.size() - left, encoding));
  }
  out.resize(out.size() - room);
  return out;
}

}  // namespace pilotledger::import
