#include "tools/import/mapper.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "events/base/text.h"
#include "events/money.h"
#include "tools/import/dates.h"
#include "tools/import/mapper_scope.h"

namespace pilotledger::import {
namespace {

bool isEmptyKey(const std::string& key) { return key.find_first_not_of('/') == key.npos; }

// What a row is put in order by: text that compares as its meaning does.
Result<std::string> orderText(const OrderRule& rule, const Locale& locale, const std::string& cell) {
  if (rule.as == OrderRule::As::Text) return cell;
  if (rule.as == OrderRule::As::Date) return isoDate(cell, locale.date);
  constexpr int kDecimals = 4;
  constexpr std::int64_t kMiddle = INT64_MAX;
  PL_TRY(std::string plain, events::plainNumber(cell, locale.decimal, locale.thousands));
  PL_TRY(std::int64_t number, events::parseMinor(plain, kDecimals));
  return fmt::format("{:020}", static_cast<std::uint64_t>(number) + static_cast<std::uint64_t>(kMiddle) + 1);
}

}  // namespace

std::string keyText(const std::vector<std::string>& cells) {
  if (cells.size() == 1) return cells[0];
  std::string key;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) key += '/';
    for (char c : cells[i]) {
      if (c == '/') {
        key += "%2F";
      } else if (c == '%') {
        key += "%25";
      } else {
        key += c;
      }
    }
  }
  return key;
}

std::string keyOf(const CsvRow& row, const std::vector<std::size_t>& columns) {
  std::vector<std::string> cells;
  for (std::size_t column : columns) cells.push_back(column < row.cells.size() ? row.cells[column] : std::string());
  return keyText(cells);
}

Result<std::vector<std::size_t>> columnsOf(const CsvTable& table, const std::vector<std::string>& names) {
  std::vector<std::size_t> columns;
  for (const std::string& name : names) {
    auto at = table.find(name);
    if (!at) {
      std::vector<std::string_view> known(table.columns().begin(), table.columns().end());
      std::string_view close = events::nearest(name, known);
      return invalidInput(fmt::format("{}: expected a column '{}'{}", table.name(), name,
                                      close.empty() ? std::string() : fmt::format(", found '{}'", close)),
                          fmt::format("{}：缺少列“{}”", table.name(), name));
    }
    columns.push_back(*at);
  }
  return columns;
}

Result<Mapper> Mapper::make(const Rules& rules, const CsvTable& table, std::map<std::string, CsvTable> joined,
                            SourceFile file) {
  file.settings.insert(rules.settings.begin(), rules.settings.end());
  Mapper mapper(rules, table, std::move(file));
  for (const JoinRule& join : rules.joins) {
    auto given = joined.find(join.name);
    PL_ASSERT(given != joined.end());
    Joined one{std::move(given->second), {}, {}, {}};
    PL_TRY(one.keyColumns, columnsOf(one.table, join.key));
    auto& kept = mapper.joined_.emplace(join.name, std::move(one)).first->second;
    for (const CsvRow& row : kept.table.rows()) {
      std::string key = keyOf(row, kept.keyColumns);
      if (row.trouble && isEmptyKey(key)) {
        mapper.orphans_.emplace_back(kept.table.name(), &row);
      } else {
        kept.rows[key].push_back(&row);
      }
    }
  }
  PL_CHECK(mapper.checkColumns());
  return mapper;
}

// The first thing in doubt that the record needs: a cell of its own, or a row that it joins.
std::optional<Message> Mapper::doubtOf(const Record& record) const {
  for (const CsvRow* row : record.rows) {
    for (const auto& [column, why] : row->doubtful) {
      if (asked_.contains(column)) return why;
    }
  }
  Scope scope;
  scope.record = &record;
  for (const JoinRule& join : rules_->joins) {
    const auto* rows = rowsOf(scope, join.name);
    if (rows == nullptr) continue;
    const Joined& joined = joined_.at(join.name);
    for (const CsvRow* row : *rows) {
      auto say = [&](const Message& why) {
        return Message{fmt::format("{} line {}: {}", joined.table.name(), row->line, why.en),
                       fmt::format("{} 第 {} 行：{}", joined.table.name(), row->line, why.zh)};
      };
      if (row->trouble) return say(*row->trouble);
      for (const auto& [column, why] : row->doubtful) {
        if (joined.asked.contains(column)) return say(why);
      }
    }
  }
  return std::nullopt;
}

Error lostCode(const std::string& text) {
  return invalidInput(
      fmt::format("'{}': a spreadsheet took this number for an amount and lost its digits; make the "
                  "column text and fill it in again",
                  text),
      fmt::format("“{}”：电子表格将号码当作数值，部分数字已丢失；请将该列设为文本格式后重新填写", text));
}

// A column that the rules take once of a group has one value in it: of two, neither is taken.
std::optional<Message> Mapper::differenceOf(const Record& record) const {
  const CsvRow& first = *record.rows.front();
  for (std::size_t column : plain_) {
    for (const CsvRow* row : record.rows) {
      if (row->trouble || row->cells[column] == first.cells[column]) continue;
      const std::string& name = table_->columns()[column];
      auto one = events::shortened(first.cells[column]), other = events::shortened(row->cells[column]);
      return Message{
          fmt::format("column '{}' differs within the record '{}': line {} has '{}', line {} '{}'; the rules "
                      "take one value of it",
                      name, record.key, first.line, one, row->line, other),
          fmt::format("记录“{}”内“{}”列不一致：第 {} 行为“{}”，第 {} 行为“{}”；规则只取一个值", record.key, name,
                      first.line, one, row->line, other)};
    }
  }
  return std::nullopt;
}

std::optional<Message> Mapper::lostKey(const CsvRow& row, const std::vector<std::size_t>& columns) const {
  for (std::size_t column : columns) {
    if (!looksLikeLostCode(row.cells[column])) continue;
    Error error = lostCode(row.cells[column]).within(table_->columns()[column]);
    return error.message;
  }
  return std::nullopt;
}

Result<std::vector<Mapper::Keyed>> Mapper::records() const {
  auto columns = columnsOf(*table_, rules_->key);
  PL_ASSERT(columns.ok());  // checked by make()
  std::vector<Keyed> records;
  std::unordered_map<std::string, std::size_t> seen;
  for (const CsvRow& row : table_->rows()) {
    std::string key = keyOf(row, *columns);
    auto add = [&](std::optional<Message> trouble) { records.push_back({{key, {&row}}, std::move(trouble)}); };
    if (row.trouble) {
      add(row.trouble);
    } else if (isEmptyKey(key)) {
      add(Message{fmt::format("the key ({}) is empty", fmt::join(rules_->key, ", ")), "键列为空"});
    } else if (auto lost = lostKey(row, *columns); lost) {
      add(std::move(lost));
    } else if (auto [at, fresh] = seen.emplace(key, records.size()); fresh) {
      add({});
    } else if (rules_->group) {
      records[at->second].record.rows.push_back(&row);
    } else {
      std::size_t line = records[at->second].record.rows.front()->line;
      add(Message{fmt::format("the key '{}' is that of line {}", key, line),
                  fmt::format("键“{}”与第 {} 行重复", key, line)});
    }
  }
  for (Keyed& one : records) {
    if (!one.trouble) one.trouble = differenceOf(one.record);
    if (!one.trouble) one.trouble = doubtOf(one.record);
  }
  PL_CHECK(sort(records));
  return records;
}

// A cell that cannot be put in order is the record's trouble; it stays where it is, before the others.
Status Mapper::sort(std::vector<Keyed>& records) const {
  if (rules_->order.empty()) return {};
  std::vector<std::pair<std::vector<std::string>, std::size_t>> places;
  for (std::size_t i = 0; i < records.size(); ++i) {
    std::vector<std::string> texts;
    for (const OrderRule& rule : rules_->order) {
      std::size_t column = *table_->find(rule.column);
      const CsvRow& row = *records[i].record.rows.front();
      if (records[i].trouble || column >= row.cells.size()) {
        texts.emplace_back();
        continue;
      }
      auto text = orderText(rule, rules_->locale, row.cells[column]);
      if (!text.ok()) records[i].trouble = std::move(text).error().within(rule.column).message;
      texts.push_back(text.ok() ? *text : std::string());
    }
    places.emplace_back(std::move(texts), i);
  }
  std::stable_sort(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Keyed> sorted;
  for (const auto& [texts, place] : places) sorted.push_back(std::move(records[place]));
  records = std::move(sorted);
  return {};
}

}  // namespace pilotledger::import
