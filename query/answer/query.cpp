#include "query/answer/query.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/base/text.h"
#include "query/answer/sql_help.h"

namespace pilotledger::query {
namespace {

Status readRows(Statement& statement, Table& table) {
  while (true) {
    PL_TRY(bool row, statement.step());
    if (!row) return {};
    auto& values = table.rows.emplace_back();
    for (int i = 0; i < statement.columns(); ++i) values.push_back(statement.value(i));
  }
}

std::size_t sizeOf(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return sizeof(Value) + (text == nullptr ? 0 : text->size());
}

Status readRows(Statement& statement, Table& table, const SqlLimits& limits) {
  std::size_t bytes = 0;
  while (true) {
    PL_TRY(bool row, statement.step());
    if (!row) return {};
    if (table.rows.size() == limits.rows) {
      return beyondLimit(fmt::format("the result has more than {} rows", limits.rows),
                         fmt::format("结果超过 {} 行", limits.rows));
    }
    auto& values = table.rows.emplace_back();
    for (int i = 0; i < statement.columns(); ++i) bytes += sizeOf(values.emplace_back(statement.value(i)));
    if (bytes > limits.resultBytes) {
      return beyondLimit(fmt::format("the result has more than {} MiB", limits.resultBytes >> 20),
                         fmt::format("结果超过 {} MiB", limits.resultBytes >> 20));
    }
  }
}

// Declared columns first say label and type; what SQL adds is shown under its own name.
void nameColumns(const Statement& statement, const std::vector<ColumnInfo>& declared, Table& table) {
  for (int i = 0; i < statement.columns(); ++i) {
    std::string name = statement.columnName(i);
    auto known = std::find_if(declared.begin(), declared.end(), [&](const ColumnInfo& c) { return c.name == name; });
    table.columns.push_back(known != declared.end() ? *known : ColumnInfo{name, "text", {name, name}});
  }
}

// A condition "(:award IS NULL OR a.award = :award)" of a parameter that is given becomes
// "(a.award = :award)": SQLite uses an index for the second, never for the first.
std::string dropUnusedParameters(std::string sql, const Parameters& given) {
  for (const auto& [name, value] : given) {
    std::string absence = ":" + name + " IS NULL OR ";
    for (std::size_t at = sql.find(absence); at != sql.npos; at = sql.find(absence, at)) sql.erase(at, absence.size());
  }
  return sql;
}

}  // namespace

Result<Table> runDefinition(ReadModel& model, const AsOf& at, const Definition& definition,
                            const Parameters& parameters) {
  PL_CHECK(model.show(at));
  auto statement = model.prepare(dropUnusedParameters(definition.sql, parameters));
  if (!statement.ok()) return std::move(statement).error().within(definition.name);
  for (const auto& [name, value] : parameters) statement->bindNamed(name, value);
  statement->bindNamed("on", at.on);
  Table table{definition.name, definition.version, definition.title, {}, {}, at, model.glass().sight().reader(), {},
              parameters};
  nameColumns(*statement, definition.columns, table);
  if (auto status = readRows(*statement, table); !status.ok()) return std::move(status).error().within(definition.name);
  return table;
}

Result<std::vector<std::string>> withheldFrom(ReadModel& model, const std::string& sql) {
  std::vector<std::string> names;
  const auto& withheld = model.glass().withheld();
  if (withheld.empty()) return names;
  PL_TRY(auto columns, model.columnsRead(sql));
  std::set_intersection(columns.begin(), columns.end(), withheld.begin(), withheld.end(), std::back_inserter(names));
  return names;
}

Result<const Definition*> requireView(const std::string& name) {
  if (const Definition* view = findView(name)) return view;
  std::vector<std::string_view> names;
  for (const Definition& other : views()) names.push_back(other.name);
  std::string_view close = events::nearest(name, names);
  return makeError(ErrorCode::NotFound,
                   fmt::format("no view '{}'{}", name, close.empty() ? "" : fmt::format("; did you mean '{}'?", close)),
                   fmt::format("没有视图“{}”{}", name, close.empty() ? "" : fmt::format("；是否为“{}”？", close)));
}

Status requireParameters(const Definition& view, const Parameters& parameters) {
  for (const auto& [key, value] : parameters) {
    bool known =
        std::any_of(view.parameters.begin(), view.parameters.end(), [&](const Parameter& p) { return p.name == key; });
    if (known) continue;
    std::string all;
    for (const Parameter& p : view.parameters) all += (all.empty() ? "" : ", ") + p.name;
    return makeError(ErrorCode::Unsupported,
                     fmt::format("view {} has no parameter '{}'; it has: {}", view.name, key, all),
                     fmt::format("视图 {} 没有参数“{}”；可用：{}", view.name, key, all));
  }
  return {};
}

namespace {

// What names an entity is known of the entries that stand. Who may see all is given those that were taken back too, as
// the log has them.
Parameters withEntriesOf(ReadModel& model, const AsOf& at, const std::string& view, const Parameters& parameters) {
  auto entity = parameters.find("entity");
  bool listed = view == "entries" && entity != parameters.end() && !parameters.contains("list");
  if (!listed || !model.glass().sight().everything()) return parameters;
  auto indexes = model.ledger().entriesOf(entity->second);
  if (!indexes.ok() || indexes->empty()) return parameters;  // under a keyed hash
  std::erase_if(*indexes, [&](std::uint64_t index) { return index >= at.position; });
  Parameters wider = parameters;
  wider.erase("entity");
  wider["list"] = fmt::format("{}", fmt::join(*indexes, ","));
  return wider;
}

}  // namespace

Result<Table> runView(ReadModel& model, const AsOf& at, const std::string& name, const Parameters& parameters) {
  PL_TRY(const Definition* view, requireView(name));
  PL_CHECK(requireParameters(*view, parameters));
  PL_TRY(Table table, runDefinition(model, at, *view, withEntriesOf(model, at, name, parameters)));
  table.parameters = parameters;
  PL_TRY(table.withheld, withheldFrom(model, view->sql));
  return table;
}

namespace {

// SQLite has no escapes in identifiers: who cannot write the prefix cannot name a table.
Status requireNoTables(const std::string& sql) {
  std::string lower = sql;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (std::string_view word : {"fact_", "sqlite_"}) {
    if (lower.find(word) == lower.npos) continue;
    return makeError(ErrorCode::NotAuthorized, fmt::format("SQL: a reader names tables without '{}'", word),
                     fmt::format("SQL：该读者须使用不带“{}”的表名", word));
  }
  return {};
}

}  // namespace

Result<Table> runSql(ReadModel& model, const AsOf& at, const std::string& sql, const SqlLimits& limits) {
  PL_CHECK(requireShortSql(sql));
  if (sql.starts_with(".")) return runDictionary(at, sql);
  bool restricted = !model.glass().sight().everything();
  if (restricted) PL_CHECK(requireNoTables(sql));
  PL_CHECK(model.show(at));
  PL_TRY(auto withheld, withheldFrom(model, sql));
  PL_TRY(Statement statement, model.prepareForeign(sql, limits));
  Table table{"sql", 1, {"SQL", "SQL"}, {}, {}, at, model.glass().sight().reader(), std::move(withheld)};
  nameColumns(statement, {}, table);
  PL_CHECK(readRows(statement, table, limits));
  return table;
}

}  // namespace pilotledger::query
