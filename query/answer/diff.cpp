// From a figure to its rows and entries, and from one position to another.
#include <fmt/format.h>

#include <map>
#include <set>

#include "query/answer/query.h"
#include "query/answer/table_format.h"

namespace pilotledger::query {
namespace {

constexpr int kLooks = 500;  // positions at which a difference is looked for, at most

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

// A view at a position.
struct Look {
  AsOf at;
  Table table;
  std::map<std::string, const Row*> rows{};
};

// Rows that one side lacks have every column changed.
std::set<std::pair<std::string, std::size_t>> changedCells(const Look& old, const Look& now) {
  std::set<std::pair<std::string, std::size_t>> cells;
  const std::size_t columns = now.table.columns.size();
  auto compare = [&](const std::string& key, const Row* one, const Row* other) {
    for (std::size_t i = 0; i < columns; ++i) {
      if (one == nullptr || other == nullptr || (*one)[i] != (*other)[i]) cells.emplace(key, i);
    }
  };
  for (const auto& [key, row] : old.rows) {
    auto same = now.rows.find(key);
    compare(key, row, same == now.rows.end() ? nullptr : same->second);
  }
  for (const auto& [key, row] : now.rows) {
    if (!old.rows.contains(key)) compare(key, nullptr, row);
  }
  return cells;
}

// Credits each change to the entry that made it, by looking at the positions between until two that follow each other
// differ. First the days pass, then the entries come in on the later day.
class Comparison {
 public:
  Comparison(ReadModel& model, const Definition& view, const Parameters& given)
      : model_(model), view_(view), given_(given) {}

  Result<Table> run(const AsOf& from, const AsOf& to) {
    PL_TRY(Look before, look(from));
    PL_TRY(Look after, look(to));
    if (from.on != to.on) {
      AsOf eve = from;
      eve.on = to.on;
      PL_TRY(Look aged, look(eve));
      for (const auto& [key, column] : changedCells(before, aged)) days_.insert({key, column});
      PL_CHECK(credit(aged, after));
    } else {
      PL_CHECK(credit(before, after));
    }
    return tableOf(before, after);
  }

 private:
  Result<Look> look(const AsOf& at) {
    PL_TRY(Table table, runView(model_, at, view_.name, given_));
    Look seen{at, std::move(table)};
    seen.rows = byKey(view_, seen.table);
    return seen;
  }

  Status credit(const Look& one, const Look& other) {
    const bool forward = one.at.position <= other.at.position;
    return narrow(forward ? one : other, forward ? other : one);
  }

  Status narrow(const Look& low, const Look& high) {
    auto cells = changedCells(low, high);
    const std::uint64_t count = high.at.position - low.at.position;
    if (cells.empty() || count == 0) return {};
    if (count == 1 || looks_ == kLooks) {
      for (const auto& cell : cells) credits_[cell].emplace(low.at.position, high.at.position - 1);
      return {};
    }
    ++looks_;
    const std::uint64_t middle = low.at.position + count / 2;
    PL_TRY(AsOf at, model_.asOf(std::to_string(middle - 1)));
    at.on = high.at.on;
    at.onlyUntil = high.at.onlyUntil;
    PL_TRY(Look between, look(at));
    PL_CHECK(narrow(low, between));
    return narrow(between, high);
  }

  // "121, 147", "120-147" where it was not looked closer, the later day where the days did it.
  std::string creditOf(const std::string& key, std::size_t first, std::size_t end, const AsOf& to) const {
    std::set<std::pair<std::uint64_t, std::uint64_t>> spans;
    bool aged = false;
    for (std::size_t i = first; i < end; ++i) {
      if (auto found = credits_.find({key, i}); found != credits_.end()) spans.merge(std::set(found->second));
      aged = aged || days_.contains({key, i});
    }
    std::vector<std::string> words;
    if (aged) words.push_back(to.on);
    for (auto [low, high] : spans) words.push_back(low == high ? std::to_string(low) : fmt::format("{}-{}", low, high));
    return fmt::format("{}", fmt::join(words, ","));
  }

  Table tableOf(const Look& before, const Look& after) const {
    std::string since = before.at.position == 0 ? "-" : std::to_string(before.at.position - 1);
    Message title{fmt::format("{}: differences since entry {}", view_.title.en, since),
                  fmt::format("{}：自第 {} 条以来的差异", view_.title.zh, since)};
    Table table{view_.name + "_diff", view_.version, std::move(title), {}, {}, after.at, after.table.reader,
                after.table.withheld, given_};
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
    for (const ColumnInfo& column : after.table.columns) table.columns[2].codes[column.name] = column.label;
    std::set<std::string> keys;
    for (const auto& [key, row] : before.rows) keys.insert(key);
    for (const auto& [key, row] : after.rows) keys.insert(key);
    for (const std::string& key : keys) addRow(key, before, after, table);
    return table;
  }

  void addRow(const std::string& key, const Look& before, const Look& after, Table& table) const {
    auto then = before.rows.find(key), now = after.rows.find(key);
    const bool added = then == before.rows.end(), removed = now == after.rows.end();
    const std::size_t columns = after.table.columns.size();
    if (added || removed) {
      table.rows.push_back({std::string(added ? "added" : "removed"), key, std::monostate(), std::monostate(),
                            std::monostate(), creditOf(key, 0, columns, after.at)});
      return;
    }
    const Row &old = *then->second, &fresh = *now->second;
    for (std::size_t i = 0; i < columns; ++i) {
      if (old[i] == fresh[i]) continue;
      table.rows.push_back({std::string("changed"), key, after.table.columns[i].name, plain(before.table, old, i),
                            plain(after.table, fresh, i), creditOf(key, i, i + 1, after.at)});
    }
  }

  ReadModel& model_;
  const Definition& view_;
  const Parameters& given_;
  int looks_ = 0;
  using Cell = std::pair<std::string, std::size_t>;
  std::set<Cell> days_;
  std::map<Cell, std::set<std::pair<std::uint64_t, std::uint64_t>>> credits_;
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
  PL_TRY(const Definition* view, requireView(name));
  return Comparison(model, *view, parameters).run(from, to);
}

}  // namespace pilotledger::query
