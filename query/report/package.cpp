#include "query/report/package.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "events/base/whole_file.h"
#include "events/schema/schema.h"
#include "ledger/crypto/encoding.h"
#include "query/facts/facts.h"
#include "query/report/report.h"
#include "query/sql/sqlite.h"

namespace pilotledger::query {
namespace {

using Json = nlohmann::ordered_json;

std::string sha256(std::string_view bytes) {
  return crypto::toHex(crypto::hash(crypto::SuiteId::Ed25519Sha256, viewOf(bytes)));
}

void addDates(const events::StructInfo& info, const std::string& table, const std::string& prefix,
              std::set<std::string>& dates) {
  for (const events::Field& field : info.fields) {
    bool structure = field.element != nullptr;
    if (field.isList && structure) {
      addDates(*field.element, table + "_" + field.column, "", dates);
    } else if (structure) {
      addDates(*field.element, table, prefix + field.column + "_", dates);
    } else if (field.format == events::Format::Date) {
      dates.insert(table + "." + prefix + field.column);
    }
  }
}

// "subsidy_awarded.period_to": the columns that hold ISO dates.
const std::set<std::string>& dateColumns() {
  static const std::set<std::string> all = [] {
    std::set<std::string> dates = {"entry.legal_date", "entry.recorded_on", "posting.legal_date"};
    for (const events::Kind& kind : events::kinds()) addDates(*kind.body, kind.table, "", dates);
    return dates;
  }();
  return all;
}

Result<Table> readAll(ReadModel& model, const AsOf& at, const std::string& name, const std::string& select) {
  PL_TRY(Statement rows, model.prepare(select));
  Table table{name, 1, {name, name}, {}, {}, at};
  for (int i = 0; i < rows.columns(); ++i) table.columns.push_back({rows.columnName(i), "text", {}});
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return table;
    auto& values = table.rows.emplace_back();
    for (int i = 0; i < rows.columns(); ++i) {
      values.push_back(rows.value(i));
      if (std::holds_alternative<std::int64_t>(values.back())) table.columns[static_cast<std::size_t>(i)].type = "int";
    }
  }
}

std::string keyOrder(const FactTable& table) { return table.key + (table.columns[1].name == "item" ? ", item" : ""); }

Json headerJson(const ledger::Ledger& ledger, const ReadModel& model, const AsOf& at) {
  return {{"origin", ledger.origin()},
          {"entries", at.position},
          {"root", crypto::toBase64(at.root)},
          {"on", at.on},
          {"policyVersion", policyVersion(at.policy)},
          {"reader", model.glass().sight().reader()},
          {"logKey", ledger.logKey().vkey()},
          {"checkpoint", ledger.checkpoint()}};
}

Json resourceJson(const std::string& name, const std::string& path, std::string_view bytes) {
  return {{"name", name},
          {"path", path},
          {"profile", "tabular-data-resource"},
          {"format", "csv"},
          {"mediatype", "text/csv"},
          {"encoding", "utf-8"},
          {"bytes", bytes.size()},
          {"hash", "sha256:" + sha256(bytes)}};
}

Json schemaJson(const Table& table, const std::set<std::string>& integers, const std::string& key) {
  Json fields = Json::array();
  for (const ColumnInfo& column : table.columns) {
    bool date = dateColumns().contains(table.name + "." + column.name);
    fields.push_back({{"name", column.name},
                      {"type", integers.contains(column.name) ? "integer"
                               : date                         ? "date"
                                                              : "string"}});
  }
  Json primary = Json::array();
  for (std::size_t begin = 0; begin < key.size();) {
    std::size_t end = std::min(key.find(", ", begin), key.size());
    primary.push_back(key.substr(begin, end - begin));
    begin = end + 2;
  }
  return {{"fields", fields}, {"primaryKey", primary}, {"missingValues", {""}}};
}

std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

Status addResource(const Table& table, const std::set<std::string>& integers, const std::string& key, Json& resources,
                   const FileWriter& write) {
  if (table.rows.empty()) return {};
  std::string csv = renderCsv(table, CsvText::Exact);
  std::string path = "data/" + table.name + ".csv";
  Json resource = resourceJson(table.name, path, csv);
  resource["schema"] = schemaJson(table, integers, key);
  resources.push_back(std::move(resource));
  return write(path, csv);
}

// "maps: column = GB name | ISO name"
std::string mappingRows(const Definition& definition) {
  std::string rows;
  for (const std::string& line : definition.maps) {
    std::size_t equals = line.find(" = "), bar = line.find(" | ");
    PL_ASSERT(equals != line.npos && bar != line.npos && equals < bar);
    std::string column = line.substr(0, equals), gb = line.substr(equals + 3, bar - equals - 3),
                iso = line.substr(bar + 3);
    rows += fmt::format("{}.csv,{},{},{},unverified\n", definition.name, column, gb == "-" ? "" : gb,
                        iso == "-" ? "" : iso);
  }
  return rows;
}

}  // namespace

Status writeDataPackage(const ledger::Ledger& ledger, ReadModel& model, const AsOf& at, const FileWriter& write) {
  PL_CHECK(model.show(at));
  Json resources = Json::array();
  for (const FactTable& fact : factTables()) {
    std::string order = keyOrder(fact);
    PL_TRY(Table table, readAll(model, at, fact.name,
                                fmt::format("SELECT {} FROM \"{}\" ORDER BY {}", fact.columnList(), fact.name, order)));
    PL_TRY(std::set<std::string> integers, model.database().integerColumns("fact_" + fact.name));
    PL_CHECK(addResource(table, integers, order, resources, write));
  }
  PL_TRY(Table reversals, readAll(model, at, "reversal", "SELECT target, by_index FROM reversal ORDER BY target"));
  PL_CHECK(addResource(reversals, {"target", "by_index"}, "target", resources, write));
  PL_TRY(Table postings, readAll(model, at, "posting",
                                 "SELECT entry_index, line, legal_date, books, account, currency, amount FROM posting "
                                 "ORDER BY entry_index, line"));
  PL_CHECK(addResource(postings, {"entry_index", "line", "amount"}, "entry_index, line", resources, write));
  Json package = {{"profile", "tabular-data-package"},
                  {"name", "pilotledger"},
                  {"title", "Facts of the ledger " + ledger.origin()},
                  {"description",
                   "Amounts are in minor units of the entry's currency. Rows that were reversed or corrected by then "
                   "are left out."},
                  {"ledger", headerJson(ledger, model, at)},
                  {"resources", resources}};
  return write("datapackage.json", dump(package));
}

Status writeAuditPackage(const ledger::Ledger& ledger, ReadModel& model, const AsOf& at, const FileWriter& write) {
  Json resources = Json::array();
  std::string mapping = "file,column,gb_t_24589_1,iso_21378,status\n";
  auto add = [&](const std::string& name, const std::string& path, std::string_view bytes) -> Status {
    resources.push_back(resourceJson(name, path, bytes));
    return write(path, bytes);
  };
  for (const Definition& definition : auditFiles()) {
    PL_TRY(Table table, runDefinition(model, at, definition, {}));
    PL_CHECK(add(definition.name, definition.name + ".csv", renderCsv(table)));
    mapping += mappingRows(definition);
  }
  PL_CHECK(add("mapping", "mapping.csv", mapping));
  Json manifest = {{"profile", "data-package"},
                   {"name", "pilotledger-audit"},
                   {"title", "审计数据 " + ledger.origin()},
                   {"description",
                    "记账凭证编号即账本条目序号。mapping.csv 中 status 为 unverified 的名称尚未与标准文本核对。 "
                    "A voucher's number is its entry in the ledger. Names in mapping.csv with status unverified were "
                    "not compared with the text of the standards."},
                   {"ledger", headerJson(ledger, model, at)},
                   {"resources", resources}};
  return write("datapackage.json", dump(manifest));
}

namespace {

// The rows of a SELECT over what is shown, as a new table.
Status copyTable(ReadModel& model, Database& copy, const std::string& name, const std::set<std::string>& integers,
                 const std::string& select) {
  PL_TRY(Statement rows, model.prepare(select));
  std::string declared, columns;
  for (int i = 0; i < rows.columns(); ++i) {
    std::string column = rows.columnName(i), comma = i == 0 ? "" : ", ";
    declared += fmt::format("{}\"{}\" {}", comma, column, integers.contains(column) ? "INT" : "TEXT");
    columns += fmt::format("{}\"{}\"", comma, column);
  }
  PL_CHECK(copy.execute(fmt::format("CREATE TABLE \"{}\" ({})", name, declared)));
  PL_TRY(Statement insert, copy.prepareInsert("\"" + name + "\"", columns));
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return {};
    for (int i = 0; i < rows.columns(); ++i) insert.bindValue(i + 1, rows.value(i));
    PL_CHECK(insert.run());
  }
}

Status copyAll(const ledger::Ledger& ledger, ReadModel& model, const AsOf& at, Database& copy) {
  PL_CHECK(copy.begin());
  for (const FactTable& table : factTables()) {
    PL_TRY(std::set<std::string> integers, model.database().integerColumns("fact_" + table.name));
    PL_CHECK(
        copyTable(model, copy, table.name, integers,
                  fmt::format("SELECT {} FROM \"{}\" ORDER BY {}", table.columnList(), table.name, keyOrder(table))));
  }
  PL_CHECK(copyTable(model, copy, "reversal", {"target", "by_index"},
                     "SELECT target, by_index FROM reversal ORDER BY target"));
  PL_CHECK(copyTable(model, copy, "posting", {"entry_index", "line", "amount"},
                     "SELECT * FROM posting ORDER BY entry_index, line"));
  std::string sql = "CREATE TABLE checkpoint (name TEXT PRIMARY KEY, value TEXT NOT NULL);\n";
  Json header = headerJson(ledger, model, at);
  for (const auto& [name, value] : header.items()) {
    sql += fmt::format("INSERT INTO checkpoint VALUES ({}, {});\n", quoteText(name),
                       quoteText(value.is_string() ? value.get<std::string>() : value.dump()));
  }
  PL_CHECK(copy.execute(sql));
  return copy.commit();
}

}  // namespace

Status writeSqlite(const ledger::Ledger& ledger, ReadModel& model, const AsOf& at, const std::filesystem::path& path) {
  if (std::filesystem::exists(path)) {
    return makeError(ErrorCode::Conflict, path.string() + ": is there already; name a new file",
                     path.string() + "：已存在；请另取文件名");
  }
  PL_CHECK(model.show(at));
  std::filesystem::path fresh = path.string() + ".new";
  std::error_code ignored;
  for (const char* left : {"", "-journal"})
    std::filesystem::remove(fresh.string() + left, ignored);  // by an export that was cut off
  auto make = [&]() -> Status {
    PL_TRY(Database copy, openSqlite(fresh));
    return copyAll(ledger, model, at, copy);
  };
  Status made = make();
  if (made.ok()) return placeWholeFile(fresh, path);
  std::filesystem::remove(fresh, ignored);
  return made;
}

}  // namespace pilotledger::query
