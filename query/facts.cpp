#include "query/facts.h"

#include <fmt/format.h>

#include "query/plan.h"

namespace pilotledger::query {

using events::Field;
using Which = capnp::schema::Type::Which;

bool isNumber(const Field& field) {
  return field.format != events::Format::Date && field.format != events::Format::Currency && field.type != Which::TEXT &&
         field.type != Which::DATA && field.type != Which::ENUM;
}

std::string columnName(const events::FieldPath& path) {
  std::string name;
  for (const Field* field : path) name += (name.empty() ? "" : "_") + field->column;
  return name;
}

std::string columnList(const Plan& plan) {
  std::string text = plan.list == nullptr ? "entry_index" : "entry_index, item";
  for (const Column& column : plan.columns) text += ", \"" + column.name + "\"";
  return text;
}

namespace {

void addColumns(const events::StructInfo& info, const std::vector<const Field*>& prefix, const std::string& namePrefix,
                std::vector<Column>& columns) {
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

Plan listPlan(const std::string& owner, const Field& list) {
  Plan plan{owner + "_" + list.column, &list, {}};
  if (list.type == Which::STRUCT) {
    addColumns(*list.element, {}, "", plan.columns);
  } else {
    plan.columns.push_back({{&list}, "value"});
  }
  return plan;
}

std::string createSql(const Plan& plan) {
  std::string sql = fmt::format("CREATE TABLE fact_{} (entry_index INTEGER{}", plan.table, plan.list == nullptr ? " PRIMARY KEY" : " NOT NULL, item INTEGER NOT NULL");
  for (const Column& column : plan.columns) sql += fmt::format(", \"{}\" {}", column.name, isNumber(*column.path.back()) ? "INTEGER" : "TEXT");
  sql += plan.list == nullptr ? ");\n" : ", PRIMARY KEY (entry_index, item)) WITHOUT ROWID;\n";
  return sql;
}

}  // namespace

const std::vector<KindPlan>& plans() {
  static const std::vector<KindPlan> all = [] {
    std::vector<KindPlan> result;
    for (const events::Kind& kind : events::kinds()) {
      KindPlan plan{&kind, {kind.table, nullptr, {}}, {}};
      addColumns(*kind.body, {}, "", plan.body.columns);
      for (const Field& field : kind.body->fields) {
        if (field.isList) plan.lists.push_back(listPlan(kind.table, field));
      }
      result.push_back(std::move(plan));
    }
    return result;
  }();
  return all;
}

const std::vector<Plan>& headerLists() {
  static const std::vector<Plan> all = [] {
    std::vector<Plan> result;
    for (const Field& field : events::headerInfo().fields) {
      if (field.isList) result.push_back(listPlan("entry", field));
    }
    return result;
  }();
  return all;
}

std::string factTablesSql() {
  std::string sql =
      "CREATE TABLE fact_entry (entry_index INTEGER PRIMARY KEY, event_id TEXT NOT NULL, kind TEXT NOT NULL, legal_date TEXT NOT NULL, "
      "recorded_at TEXT NOT NULL, recorded_on TEXT NOT NULL, jurisdiction TEXT, currency TEXT, source TEXT, assurance INTEGER NOT NULL, "
      "importer INTEGER NOT NULL, submission INTEGER NOT NULL, evidence_count INTEGER NOT NULL);\n"
      "CREATE TABLE fact_submission (submission INTEGER PRIMARY KEY, digest TEXT NOT NULL);\n"
      "CREATE TABLE fact_signer (submission INTEGER NOT NULL, item INTEGER NOT NULL, key TEXT NOT NULL, party TEXT, roles TEXT, "
      "PRIMARY KEY (submission, item)) WITHOUT ROWID;\n"
      "CREATE TABLE fact_reversal (target INTEGER PRIMARY KEY, by_index INTEGER NOT NULL);\n"
      "CREATE TABLE fact_attestation (target INTEGER NOT NULL, by_index INTEGER NOT NULL, level INTEGER NOT NULL, "
      "PRIMARY KEY (target, by_index)) WITHOUT ROWID;\n";
  for (const Plan& list : headerLists()) sql += createSql(list);
  for (const KindPlan& plan : plans()) {
    sql += createSql(plan.body);
    for (const Plan& list : plan.lists) sql += createSql(list);
  }
  return sql;
}

std::vector<FactTable> factTables() {
  std::vector<FactTable> tables = {{"entry", std::string(kEntryColumns)}, {"submission", std::string(kSubmissionColumns), "submission", false},
                                   {"signer", std::string(kSignerColumns), "submission", false}};
  for (const Plan& list : headerLists()) tables.push_back({list.table, columnList(list)});
  for (const KindPlan& plan : plans()) {
    bool dated = !plan.kind->timeless;
    tables.push_back({plan.body.table, columnList(plan.body), "entry_index", dated});
    for (const Plan& list : plan.lists) tables.push_back({list.table, columnList(list), "entry_index", dated});
  }
  return tables;
}

}  // namespace pilotledger::query
