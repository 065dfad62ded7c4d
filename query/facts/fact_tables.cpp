// The tables of the read model as SQL: made, indexed, read by entity and as committed hashes.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "query/facts/facts.h"
#include "query/facts/table_mapping.h"
#include "query/sql/database.h"

namespace pilotledger::query {
namespace {

void addColumns(const events::StructInfo& info, const std::vector<const Field*>& prefix, const std::string& namePrefix,
                std::vector<MappedColumn>& columns) {
  for (const Field& field : info.fields) {
    if (field.isList) continue;
    std::vector<const Field*> path = prefix;
    path.push_back(&field);
    if (field.type == Which::STRUCT) {
      addColumns(*field.element, path, namePrefix + field.column + "_", columns);
    } else {
      columns.push_back({std::move(path), namePrefix + field.column});
    }
  }
}

TableMapping listMapping(const std::string& owner, const Field& list, events::Confidentiality ofOwner) {
  TableMapping plan{owner + "_" + list.column, &list, std::max(ofOwner, list.confidentiality), {}};
  if (list.type == Which::STRUCT) {
    addColumns(*list.element, {}, "", plan.columns);
  } else {
    plan.columns.push_back({{&list}, "value"});
  }
  return plan;
}

std::string createSql(const TableMapping& plan) {
  std::string sql = fmt::format("CREATE TABLE fact_{} (entry_index INTEGER{}", plan.table,
                                plan.list == nullptr ? " PRIMARY KEY" : " NOT NULL, item INTEGER NOT NULL");
  for (const MappedColumn& column : plan.columns)
    sql += fmt::format(", \"{}\" {}", column.name, isNumber(*column.path.back()) ? "INTEGER" : "TEXT");
  sql += plan.list == nullptr ? ");\n" : ", PRIMARY KEY (entry_index, item)) WITHOUT ROWID;\n";
  return sql;
}

}  // namespace

bool isNumber(const Field& field) {
  return field.format != events::Format::Date && field.format != events::Format::Currency &&
         field.type != Which::TEXT && field.type != Which::DATA && field.type != Which::ENUM;
}

std::string columnName(const events::FieldPath& path) {
  std::string name;
  for (const Field* field : path) name += (name.empty() ? "" : "_") + field->column;
  return name;
}

std::string columnList(const TableMapping& plan) {
  std::string text = plan.list == nullptr ? "entry_index" : "entry_index, item";
  for (const MappedColumn& column : plan.columns) text += ", \"" + column.name + "\"";
  return text;
}

const std::vector<KindMapping>& kindMappings() {
  static const std::vector<KindMapping> all = [] {
    std::vector<KindMapping> result;
    for (const events::Kind& kind : events::kinds()) {
      KindMapping plan{&kind, {kind.table, nullptr, kind.confidentiality, {}}, {}};
      addColumns(*kind.body, {}, "", plan.body.columns);
      for (const Field& field : kind.body->fields) {
        if (field.isList) plan.lists.push_back(listMapping(kind.table, field, kind.confidentiality));
      }
      result.push_back(std::move(plan));
    }
    return result;
  }();
  return all;
}

const std::vector<TableMapping>& headerLists() {
  static const std::vector<TableMapping> all = [] {
    std::vector<TableMapping> result;
    for (const Field& field : events::headerInfo().fields) {
      if (field.isList) result.push_back(listMapping("entry", field, events::Confidentiality::PUBLIC));
    }
    return result;
  }();
  return all;
}

std::string factTablesSql() {
  std::string sql =
      "CREATE TABLE fact_entry (entry_index INTEGER PRIMARY KEY, event_id TEXT NOT NULL, kind TEXT NOT NULL, "
      "legal_date TEXT NOT NULL, "
      "recorded_at TEXT NOT NULL, recorded_on TEXT NOT NULL, jurisdiction TEXT, currency TEXT, source TEXT, assurance "
      "INTEGER NOT NULL, "
      "importer INTEGER NOT NULL, submission INTEGER NOT NULL, evidence_count INTEGER NOT NULL);\n"
      "CREATE TABLE fact_submission (submission INTEGER PRIMARY KEY, digest TEXT NOT NULL);\n"
      "CREATE TABLE fact_signer (submission INTEGER NOT NULL, item INTEGER NOT NULL, key TEXT NOT NULL, party TEXT, "
      "roles TEXT, "
      "PRIMARY KEY (submission, item)) WITHOUT ROWID;\n"
      "CREATE TABLE fact_target (entry_index INTEGER NOT NULL, item INTEGER NOT NULL, target INTEGER NOT NULL, PRIMARY "
      "KEY (entry_index, item)) "
      "WITHOUT ROWID;\n"
      "CREATE TABLE fact_reversal (target INTEGER PRIMARY KEY, by_index INTEGER NOT NULL);\n"
      "CREATE TABLE fact_attestation (target INTEGER NOT NULL, by_index INTEGER NOT NULL, level INTEGER NOT NULL, "
      "PRIMARY KEY (target, by_index)) WITHOUT ROWID;\n";
  for (const TableMapping& list : headerLists()) sql += createSql(list);
  for (const KindMapping& plan : kindMappings()) {
    sql += createSql(plan.body);
    for (const TableMapping& list : plan.lists) sql += createSql(list);
  }
  return sql;
}

namespace {

FactTable publicTable(std::string name, std::string_view columns, std::string key = "entry_index") {
  FactTable table{std::move(name), {}, std::move(key)};
  while (!columns.empty()) {
    std::size_t end = std::min(columns.find(", "), columns.size());
    table.columns.push_back({std::string(columns.substr(0, end))});
    columns.remove_prefix(std::min(columns.size(), end + 2));
  }
  return table;
}

FactTable tableOf(const TableMapping& plan, FactColumn::Of of = FactColumn::Of::Itself) {
  FactTable table = publicTable(plan.table, plan.list == nullptr ? "entry_index" : "entry_index, item");
  for (const MappedColumn& column : plan.columns) {
    table.columns.push_back({column.name, std::max(plan.confidentiality, events::confidentialityOf(column.path)), of,
                             !column.path.back()->sealed.empty()});
  }
  return table;
}

}  // namespace

std::string FactTable::columnList() const {
  std::string text;
  for (const FactColumn& column : columns) text += (text.empty() ? "\"" : ", \"") + column.name + "\"";
  return text;
}

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
    sql += part.eventId        ? "e.event_id"
           : part.path.empty() ? quoteText(part.literal)
                               : fmt::format("b.\"{}\"", columnName(part.path));
  }
  return sql;
}

}  // namespace

std::string factIndexesSql() {
  std::set<std::pair<std::string, std::string>> columns = {{"target", "target"}};
  for (const events::Kind& kind : events::kinds()) {
    for (const events::EntityRule& rule : kind.entities) {
      // Parties are looked up where they are registered; to list what names one is rare, and nearly every row does.
      if (rule.kind == "event" || (rule.kind == "party" && rule.mode != events::EntityMode::Open)) continue;
      if (auto place = placeOf(kind, rule.id)) columns.insert(*place);
    }
  }
  std::string sql = "CREATE INDEX fact_entry_later ON fact_entry (entry_index) WHERE legal_date > recorded_on;\n";
  for (const auto& [table, column] : columns)
    sql += fmt::format("CREATE INDEX fact_{0}_{1} ON fact_{0} (\"{1}\");\n", table, column);
  return sql;
}

std::string entityEntriesSql() {
  std::set<std::string> arms;
  for (const events::Kind& kind : events::kinds()) {
    for (const events::EntityRule& rule : kind.entities) {
      if (rule.kind == "party") continue;
      if (auto place = placeOf(kind, rule.id)) {
        arms.insert(fmt::format("SELECT '{}' AS entity, \"{}\" AS id, entry_index FROM {}", rule.kind, place->second,
                                place->first));
      } else if (std::string id = idSql(rule.id); !id.empty()) {
        arms.insert(fmt::format(
            "SELECT '{}' AS entity, {} AS id, b.entry_index FROM {} b JOIN entry e ON e.entry_index = b.entry_index",
            rule.kind, id, kind.table));
      }
    }
  }
  return fmt::format("{}", fmt::join(arms, "\nUNION ALL "));
}

std::vector<FactTable> factTables() {
  std::vector<FactTable> tables = {
      publicTable("entry", kEntryColumns), publicTable("submission", kSubmissionColumns, "submission"),
      publicTable("signer", kSignerColumns, "submission"), publicTable("target", kTargetColumns)};
  PL_ASSERT(tables[0].columns[1].name == "event_id");
  tables[0].columns[1].of = FactColumn::Of::Event;
  tables[1].dated = tables[2].dated = tables[3].dated = false;
  tables[3].columns[2].of =
      FactColumn::Of::Event;  // who does not see the id that an event names does not see which one it is
  for (const TableMapping& list : headerLists()) tables.push_back(tableOf(list, FactColumn::Of::Kind));
  for (const KindMapping& plan : kindMappings()) {
    std::size_t first = tables.size();
    tables.push_back(tableOf(plan.body));
    for (const TableMapping& list : plan.lists) tables.push_back(tableOf(list));
    for (std::size_t i = first; i < tables.size(); ++i) tables[i].dated = !plan.kind->timeless;
  }
  return tables;
}

std::string committedHashesSql() {
  std::vector<const TableMapping*> all;
  for (const TableMapping& list : headerLists()) all.push_back(&list);
  for (const KindMapping& plan : kindMappings()) {
    all.push_back(&plan.body);
    for (const TableMapping& list : plan.lists) all.push_back(&list);
  }
  std::string sql;
  for (const TableMapping* plan : all) {
    for (const MappedColumn& column : plan->columns) {
      if (column.path.back()->format != events::Format::Hash) continue;
      sql += fmt::format("{0}SELECT entry_index, \"{1}\" AS hash FROM {2} WHERE \"{1}\" IS NOT NULL",
                         sql.empty() ? "" : "\nUNION ALL ", column.name, plan->table);
    }
  }
  return sql;
}

}  // namespace pilotledger::query
