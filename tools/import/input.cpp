#include "tools/import/input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "events/money.h"
#include "tools/import/records.h"
#include "tools/import/workbook.h"

namespace pilotledger::import {
namespace {

// Runs of white space and control characters become one space, none at the ends.
std::string tidied(const std::string& text) {
  std::string out;
  for (char c : text) {
    bool blank = static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
    if (!blank) out += c;
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

void tidy(std::vector<CsvRow>& rows) {
  for (CsvRow& row : rows) {
    for (std::string& cell : row.cells) cell = tidied(cell);
  }
}

std::string firstWord(const CsvRow& row) {
  auto cell = std::find_if(row.cells.begin(), row.cells.end(), [](const auto& c) { return !c.empty(); });
  return cell == row.cells.end() ? std::string() : *cell;
}

// A row's cells as names of columns: those that a range from above covers bear its text.
std::vector<std::string> namesOf(const CsvRow& row) {
  std::vector<std::string> names = row.cells;
  for (const auto& [column, text] : row.merged) {
    if (column >= names.size()) names.resize(column + 1);
    if (names[column].empty()) names[column] = text;
  }
  return names;
}

Result<std::size_t> findHeader(const std::vector<CsvRow>& rows, const Rules& rules, const std::string& name) {
  std::vector<std::string> wanted = rules.key;
  wanted.insert(wanted.end(), rules.columns.begin(), rules.columns.end());
  std::string missing;
  std::size_t most = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto names = namesOf(rows[i]);
    std::size_t count = 0;
    std::string absent;
    for (const std::string& column : wanted) {
      bool there = std::find(names.begin(), names.end(), column) != names.end();
      count += there ? 1 : 0;
      if (!there && absent.empty()) absent = column;
    }
    if (absent.empty()) return i;
    if (count >= most) most = count, missing = absent;
  }
  return invalidInput(
      fmt::format("{}: no row holds the columns of key and columns; expected a column '{}'", name, missing),
      fmt::format("{}：没有一行含有 key 与 columns 所列各列；缺少列“{}”", name, missing));
}

Result<CsvTable> tableOf(std::vector<CsvRow> rows, const std::string& name, Rules::Header header, const Rules& rules,
                         Width width) {
  if (rows.empty()) return invalidInput(name + ": the file is empty", name + "：文件为空");
  std::vector<std::string> columns;
  std::size_t first = 0;
  if (header == Rules::Header::None) {
    std::size_t most = 0;
    for (const CsvRow& row : rows) most = std::max(most, row.cells.size());
    columns.resize(width == Width::Exact ? rows.front().cells.size() : most);
  } else {
    std::size_t at = 0;
    if (header == Rules::Header::Search) {
      PL_TRY(at, findHeader(rows, rules, name));
    }
    columns = namesOf(rows[at]);
    first = at + 1;
  }
  rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(first));
  return CsvTable::of(std::move(columns), std::move(rows), name, width);
}

Result<std::vector<CsvRow>> rowsOf(std::string bytes, const std::string& name, const Rules& rules, bool& workbook) {
  workbook = looksLikeWorkbook(bytes) || bytes.starts_with("\xD0\xCF\x11\xE0");
  std::vector<CsvRow> rows;
  if (workbook) {
    if (rules.locale.decimal != '.' || rules.locale.thousands.find('.') != std::string::npos)
      return invalidInput(name + ": the numbers of a workbook have the decimal '.'; the rules say another",
                          name + "：工作簿中的数字以“.”为小数点，规则所写不同");
    PL_TRY(rows, readWorkbook(bytes, rules.sheet, name));
  } else {
    auto text = toUtf8(std::move(bytes), rules.encoding);
    if (!text.ok()) return std::move(text).error().within(name);
    PL_TRY(rows, readCsvRows(*text, rules.delimiter, name));
  }
  if (rules.tidy) tidy(rows);
  return rows;
}

// A cell that is no text says so, whether a rule asks for it or not: what stands around it cannot be trusted either.
Result<CsvTable> withoutBrokenText(const CsvTable& table, const Rules& rules) {
  auto say = [&](std::size_t column, std::size_t byte) {
    const std::string& name = column < table.columns().size() ? table.columns()[column] : std::string();
    bool nameless = name.empty() || firstNoUtf8(name);
    std::string en = nameless ? std::string() : fmt::format(" '{}'", name);
    std::string zh = nameless ? std::string() : fmt::format("“{}”", name);
    return Message{fmt::format("column {}{}: byte {} is not {}; say the file's encoding in the rules", column + 1, en,
                               byte, rules.encoding),
                   fmt::format("第 {} 列{}：第 {} 字节不是 {} 编码；请在规则中写明文件的编码", column + 1, zh, byte,
                               rules.encoding)};
  };
  for (std::size_t i = 0; i < table.columns().size(); ++i) {
    auto byte = firstNoUtf8(table.columns()[i]);
    if (!byte) continue;
    Message why = say(i, *byte);
    return invalidInput(table.name() + ": the header, " + why.en, table.name() + "：表头" + why.zh);
  }
  std::vector<CsvRow> rows = table.rows();
  for (CsvRow& row : rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      auto byte = firstNoUtf8(row.cells[i]);
      if (byte && !row.trouble) row.trouble = say(i, *byte);
    }
  }
  return CsvTable::of(table.columns(), std::move(rows), table.name());
}

// Columns that may be absent, and are.
Status addOptional(Input& input, const Rules& rules) {
  for (const std::string& name : rules.optional) {
    std::size_t dot = name.find('.');
    auto part = dot == name.npos ? input.parts.end() : input.parts.find(name.substr(0, dot));
    CsvTable& table = part == input.parts.end() ? input.table : part->second;
    std::string column = part == input.parts.end() ? name : name.substr(dot + 1);
    if (table.find(column)) continue;
    auto columns = table.columns();
    columns.push_back(column);
    std::vector<CsvRow> rows = table.rows();
    for (CsvRow& row : rows) {
      if (!row.trouble) row.cells.resize(columns.size());
    }
    PL_TRY(table, CsvTable::of(std::move(columns), std::move(rows), table.name()));
  }
  return {};
}

// Rows that state a total are held to the rows above them: to all of them, or to those since the last total.
class Totals {
 public:
  Totals(Input& input, const Rules& rules) : input_(input), rules_(rules), all_(rules.totalColumns.size()) {
    part_ = all_;
  }
  void add(const CsvRow& row) {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      std::int64_t amount = amountOf(row, i).value_or(0);
      all_[i] += amount;
      part_[i] += amount;
    }
  }
  void hold(const CsvRow& row) {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      auto said = amountOf(row, i);
      if (!said || *said == all_[i] || *said == part_[i]) continue;
      auto plain = [](std::int64_t amount) { return events::formatMinorPlain(amount, events::kCny); };
      input_.differing.push_back({fmt::format("line {}: total of {}: the rows above make {}, found {}", row.line,
                                              rules_.totalColumns[i], plain(all_[i]), plain(*said)),
                                  fmt::format("第 {} 行：{} 合计：以上各行之和为 {}，实为 {}", row.line,
                                              rules_.totalColumns[i], plain(all_[i]), plain(*said))});
    }
    part_.assign(part_.size(), 0);
  }

 private:
  // In hundredths, whatever the currency: only sums are compared.
  std::optional<std::int64_t> amountOf(const CsvRow& row, std::size_t which) const {
    auto column = input_.table.find(rules_.totalColumns[which]);
    if (!column || *column >= row.cells.size()) return std::nullopt;
    const Locale& locale = rules_.locale;
    auto amount = events::parseMoneyCell(row.cells[*column], events::kCny,
                                         {locale.decimal, locale.thousands, locale.scale, locale.exponents});
    return amount.ok() && *amount && std::abs(**amount) < kMost ? *amount : std::nullopt;
  }
  static constexpr std::int64_t kMost = std::int64_t{1} << 40;  // no overflow by the rows that a file can hold
  Input& input_;
  const Rules& rules_;
  std::vector<std::int64_t> all_, part_;
};

Result<Input> readSheet(std::string bytes, const std::string& name, const Rules& rules) {
  bool workbook = false;
  PL_TRY(auto rows, rowsOf(std::move(bytes), name, rules, workbook));
  PL_TRY(CsvTable table, tableOf(std::move(rows), name, rules.header, rules, workbook ? Width::Padded : Width::Exact));
  if (!workbook) {
    PL_TRY(table, withoutBrokenText(table, rules));
  }
  Input input{std::move(table), {}, 0, {}, {}};
  if (rules.skip) {
    std::vector<CsvRow> kept;
    Totals totals(input, rules);
    for (const CsvRow& row : input.table.rows()) {
      if (found(rules.skip, firstWord(row))) {
        ++input.skipped;
        if (rules.total && found(rules.total, firstWord(row))) totals.hold(row);
      } else {
        totals.add(row);
        kept.push_back(row);
      }
    }
    PL_TRY(input.table, CsvTable::of(input.table.columns(), std::move(kept), name));
  }
  return input;
}

}  // namespace

Result<Input> readInputs(std::vector<InputFile> files, const Rules& rules) {
  if (rules.record.empty())
    return invalidInput("several files are read only by rules with record (XML, JSON)",
                        "仅含 record 的规则（XML、JSON）可读取多个文件");
  PL_TRY(Input input, readRecords(files, rules));
  PL_CHECK(addOptional(input, rules));
  return input;
}

Result<Input> readInput(std::string bytes, const std::string& name, const Rules& rules) {
  if (!rules.record.empty()) {
    std::vector<InputFile> one(1);
    one.front() = {name, std::move(bytes), ""};
    return readInputs(std::move(one), rules);
  }
  PL_TRY(Input input, readSheet(std::move(bytes), name, rules));
  PL_CHECK(addOptional(input, rules));
  return input;
}

Result<CsvTable> readJoined(std::string bytes, const std::string& name, const Rules& rules) {
  bool workbook = false;
  PL_TRY(auto rows, rowsOf(std::move(bytes), name, rules, workbook));
  PL_TRY(CsvTable table,
         tableOf(std::move(rows), name, Rules::Header::First, rules, workbook ? Width::Padded : Width::Exact));
  return workbook ? table : withoutBrokenText(table, rules);
}

}  // namespace pilotledger::import
