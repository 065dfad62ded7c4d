// From a figure to its rows and entries, and from one position to another.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "query/answer/query.h"
#include "query/answer/table_format.h"

namespace pilotledger::query {
namespace {

constexpr int kDepth = 3;  // views under views

using Row = std::vector<Value>;

std::optional<std::size_t> columnIndex(const Table& table, std::string_view name) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name) return i;
  }
  return std::nullopt;
}

std::string textOf(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{:.2f}", *real);
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? "" : *text;
}

std::string plain(const Table& table, const Row& row, std::size_t column) {
  return cellText(table.columns[column], row[column], currencyOfRow(table, row), Separators::None);
}

// "12,15" of the columns that list entries.
std::string listedEntries(const Table& table, const Row& row) {
  std::string list;
  for (std::string_view name : {"entries", "entry", "entry_index"}) {
    auto at = columnIndex(table, name);
    std::string text = at ? textOf(row[*at]) : "";
    if (!text.empty()) list += (list.empty() ? "" : ",") + text;
  }
  return list;
}

// What narrowed the view narrows the view below it too, where that has the parameter.
Parameters drillParameters(const Definition& view, const Parameters& given, const Table& table, const Row& row) {
  Parameters parameters;
  for (const Parameter& known : findView(view.drillView)->parameters) {
    if (auto at = given.find(known.name); at != given.end()) parameters.insert(*at);
  }
  for (const auto& [parameter, column] : view.drillParameters) {
    auto at = columnIndex(table, column);
    std::string text = at ? textOf(row[*at]) : "";
    if (!text.empty()) parameters[parameter] = text;
  }
  return parameters;
}

void addNumbers(const std::string& list, std::set<std::int64_t>& entries) {
  std::size_t at = 0;
  while (at < list.size()) {
    std::size_t end = std::min(list.find(',', at), list.size());
    if (end > at && list.find_first_not_of("0123456789", at) >= end)
      entries.insert(std::stoll(list.substr(at, end - at)));
    at = end + 1;
  }
}

Status collectEntries(ReadModel& model, const AsOf& at, const Definition& view, const Parameters& given,
                      const Table& table, const Row& row, int depth, std::set<std::int64_t>& entries) {
  addNumbers(listedEntries(table, row), entries);
  if (view.drillView.empty() || depth == 0) return {};
  Parameters narrowed = drillParameters(view, given, table, row);
  if (narrowed.contains("list")) return {};  // those entries, and they are in already
  PL_TRY(Table below, runView(model, at, view.drillView, narrowed));
  const Definition& definition = *findView(view.drillView);
  for (const Row& each : below.rows)
    PL_CHECK(collectEntries(model, at, definition, narrowed, below, each, depth - 1, entries));
  return {};
}

// Rows by their key; rows that share one are told apart by their place.
std::map<std::string, const Row*> byKey(const Definition& view, const Table& table) {
  std::map<std::string, const Row*> rows;
  for (const Row& row : table.rows) {
    std::string key;
    for (const std::string& name : view.key) {
      auto at = columnIndex(table, name);
      key += (key.empty() ? "" : " ") + (at ? textOf(row[*at]) : "");
    }
    std::string distinct = key;
    for (int copy = 2; rows.contains(distinct); ++copy) distinct = fmt::format("{} ({})", key, copy);
    rows[distinct] = &row;
  }
  return rows;
}

class Comparison {
 public:
  Comparison(ReadModel& model, const Definition& view, const Parameters& given, Table before, Table after)
      : model_(model), view_(view), given_(given), before_(std::move(before)), after_(std::move(after)) {}

  Result<Table> run() {
    std::string since = before_.at.position == 0 ? "-" : std::to_string(before_.at.position - 1);
    Message title{fmt::format("{}: differences since entry {}", view_.title.en, since),
                  fmt::format("{}：自第 {} 条以来的差异", view_.title.zh, since)};
    Table table{view_.name + "_diff", view_.version, std::move(title), {}, {}, after_.at, after_.reader,
                after_.withheld,      given_};
    table.columns = {
        {"change",
         "text",
         {"Change", "变化"},
         {{"added", {"added", "新增"}}, {"removed", {"removed", "消失"}}, {"changed", {"changed", "变更"}}}},
        {"row", "text", {"Row", "行"}},
        {"column", "text", {"Column", "列"}},
        {"before", "text", {"Before", "此前"}},
        {"after", "text", {"After", "此后"}},
        {"entries", "text", {"By entries", "所依条目"}}};
    for (const ColumnInfo& column : after_.columns) table.columns[2].codes[column.name] = column.label;
    auto old = byKey(view_, before_), now = byKey(view_, after_);
    std::set<std::string> keys;
    for (const auto& [key, row] : old) keys.insert(key);
    for (const auto& [key, row] : now) keys.insert(key);
    for (const std::string& key : keys)
      PL_CHECK(compare(key, old.contains(key) ? old[key] : nullptr, now.contains(key) ? now[key] : nullptr, table));
    return table;
  }

 private:
  Status compare(const std::string& key, const Row* old, const Row* now, Table& table) {
    if (old != nullptr && now != nullptr && *old == *now) return {};
    PL_TRY(std::string entries, changers(old, now));
    if (old == nullptr || now == nullptr) {
      table.rows.push_back({std::string(old == nullptr ? "added" : "removed"), key, std::monostate(), std::monostate(),
                            std::monostate(), entries});
      return {};
    }
    for (std::size_t i = 0; i < now->size(); ++i) {
      if ((*old)[i] == (*now)[i]) continue;
      table.rows.push_back({std::string("changed"), key, after_.columns[i].name, plain(before_, *old, i),
                            plain(after_, *now, i), entries});
    }
    return {};
  }

  // Entries that one side rests on and the other does not; for what was taken back, by which entry.
  Result<std::string> changers(const Row* old, const Row* now) {
    std::set<std::int64_t> then, today, gone, result;
    if (old != nullptr) PL_CHECK(collectEntries(model_, before_.at, view_, given_, before_, *old, kDepth, then));
    if (now != nullptr) PL_CHECK(collectEntries(model_, after_.at, view_, given_, after_, *now, kDepth, today));
    std::set_difference(today.begin(), today.end(), then.begin(), then.end(), std::inserter(result, result.end()));
    std::set_difference(then.begin(), then.end(), today.begin(), today.end(), std::inserter(gone, gone.end()));
    PL_CHECK(model_.show(after_.at));
    for (std::int64_t target : gone) {
      PL_TRY(Statement by, model_.prepare(fmt::format("SELECT by_index FROM reversal WHERE target = {}", target)));
      PL_TRY(bool reversed, by.step());
      result.insert(reversed ? by.integer(0) : target);
    }
    return fmt::format("{}", fmt::join(result, ","));
  }

  ReadModel& model_;
  const Definition& view_;
  const Parameters& given_;
  Table before_, after_;
};

}  // namespace

Result<Table> drillDown(ReadModel& model, const AsOf& at, const std::string& name, const Parameters& parameters,
                        std::size_t row) {
  PL_TRY(Table table, runView(model, at, name, parameters));
  if (row == 0 || row > table.rows.size()) {
    return makeError(ErrorCode::NotFound, fmt::format("--drill {}: {} has {} rows", row, name, table.rows.size()),
                     fmt::format("--drill {}：{} 共 {} 行", row, name, table.rows.size()));
  }
  const Definition& view = *findView(name);
  const Row& chosen = table.rows[row - 1];
  if (!view.drillView.empty())
    return runView(model, at, view.drillView, drillParameters(view, parameters, table, chosen));
  std::string list = listedEntries(table, chosen);
  if (list.empty()) {
    return makeError(ErrorCode::Unsupported, fmt::format("view {}: this row names no entries", name),
                     fmt::format("视图 {}：该行未列出条目", name));
  }
  return runView(model, at, "entries", {{"list", list}});
}

Result<Table> compareViews(ReadModel& model, const AsOf& from, const AsOf& to, const std::string& name,
                           const Parameters& parameters) {
  PL_TRY(Table before, runView(model, from, name, parameters));
  PL_TRY(Table after, runView(model, to, name, parameters));
  return Comparison(model, *findView(name), parameters, std::move(before), std::move(after)).run();
}

}  // namespace pilotledger::query
