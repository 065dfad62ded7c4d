// What the schema's annotations say about the tables: indexes on entities, which entry names which
// entity, and hashes.
#include <fmt/format.h>

#include <optional>
#include <set>
#include <utility>

#include "query/facts.h"
#include "query/plan.h"

namespace pilotledger::query {

using events::Field;
using Which = capnp::schema::Type::Which;

namespace {

// The table and column that hold what a template names, when it is one field and nothing else.
std::optional<std::pair<std::string, std::string>> placeOf(const events::Kind& kind, const events::TextTemplate& id) {
  if (id.parts.size() != 1 || id.parts[0].path.empty()) return std::nullopt;
  std::string table = kind.table, column;
  for (const Field* field : id.parts[0].path) {
    column += (column.empty() ? "" : "_") + field->column;
    if (!field->isList) continue;
    table += "_" + field->column;
    column = field->type == Which::STRUCT ? "" : "value";
  }
  return std::pair(table, column);
}

// "{platform}/{year}" -> b."platform" || '/' || b."year"; empty where a list is inside.
std::string idSql(const events::TextTemplate& id) {
  std::string sql;
  for (const auto& part : id.parts) {
    for (const Field* field : part.path) {
      if (field->isList) return "";
    }
    if (!sql.empty()) sql += " || ";
    sql += part.eventId ? "e.event_id" : part.path.empty() ? quoteText(part.literal) : fmt::format("b.\"{}\"", columnName(part.path));
  }
  return sql;
}

}  // namespace

std::string factIndexesSql() {
  std::set<std::pair<std::string, std::string>> columns = {{"entry", "event_id"}};
  for (const events::Kind& kind : events::kinds()) {
    for (const events::EntityRule& rule : kind.entities) {
      if (rule.kind == "party" || rule.kind == "event") continue;
      if (auto place = placeOf(kind, rule.id)) columns.insert(*place);
    }
  }
  std::string sql;
  for (const auto& [table, column] : columns) sql += fmt::format("CREATE INDEX fact_{0}_{1} ON fact_{0} (\"{1}\");\n", table, column);
  return sql;
}

std::string entityEntriesSql() {
  std::set<std::string> arms;
  for (const events::Kind& kind : events::kinds()) {
    for (const events::EntityRule& rule : kind.entities) {
      if (rule.kind == "party") continue;
      if (auto place = placeOf(kind, rule.id)) {
        arms.insert(fmt::format("SELECT '{}' AS entity, \"{}\" AS id, entry_index FROM {}", rule.kind, place->second, place->first));
      } else if (std::string id = idSql(rule.id); !id.empty()) {
        arms.insert(fmt::format("SELECT '{}' AS entity, {} AS id, b.entry_index FROM {} b JOIN entry e ON e.entry_index = b.entry_index", rule.kind, id, kind.table));
      }
    }
  }
  return fmt::format("{}", fmt::join(arms, "\nUNION ALL "));
}

std::string committedHashesSql() {
  std::vector<const Plan*> all;
  for (const Plan& list : headerLists()) all.push_back(&list);
  for (const KindPlan& plan : plans()) {
    all.push_back(&plan.body);
    for (const Plan& list : plan.lists) all.push_back(&list);
  }
  std::string sql;
  for (const Plan* plan : all) {
    for (const Column& column : plan->columns) {
      if (column.path.back()->format != events::Format::Hash) continue;
      sql += fmt::format("{0}SELECT entry_index, \"{1}\" AS hash FROM {2} WHERE \"{1}\" IS NOT NULL", sql.empty() ? "" : "\nUNION ALL ", column.name,
                         plan->table);
    }
  }
  return sql;
}

}  // namespace pilotledger::query
