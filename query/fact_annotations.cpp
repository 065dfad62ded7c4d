// What the schema's annotations say about the fact tables: indexes and postings.
#include <fmt/format.h>

#include <set>

#include "query/facts.h"

namespace pilotledger::query {

std::string factIndexesSql() {
  std::set<std::pair<std::string, std::string>> columns = {{"entry", "event_id"}};
  for (const events::Kind& kind : events::kinds()) {
    for (const events::EntityRule& rule : kind.entities) {
      if (rule.kind == "party" || rule.kind == "event" || rule.id.parts.size() != 1) continue;
      std::string table = kind.table, column;
      for (const events::Field* field : rule.id.parts[0].path) {
        column += (column.empty() ? "" : "_") + field->column;
        if (!field->isList) continue;
        table += "_" + field->column;
        column = field->type == capnp::schema::Type::STRUCT ? "" : "value";
      }
      if (!column.empty()) columns.emplace(table, column);
    }
  }
  std::string sql;
  for (const auto& [table, column] : columns) sql += fmt::format("CREATE INDEX fact_{0}_{1} ON fact_{0} (\"{1}\");\n", table, column);
  return sql;
}

namespace {

std::string columnOf(const events::FieldPath& path) {
  std::string name = "b.\"";
  for (std::size_t i = 0; i < path.size(); ++i) name += (i > 0 ? "_" : "") + path[i]->column;
  return name + "\"";
}

// "revenue/{stream}" -> 'revenue/' || b."stream"
std::string accountSql(const events::TextTemplate& account) {
  std::string sql;
  for (const auto& part : account.parts) {
    if (!sql.empty()) sql += " || ";
    sql += part.path.empty() ? quoteText(part.literal) : fmt::format("coalesce({}, '')", columnOf(part.path));
  }
  return sql;
}

}  // namespace

std::string postingsSql() {
  std::string sql;
  for (const events::Kind& kind : events::kinds()) {
    if (!kind.postings) continue;
    int line = 0;
    for (const auto& leg : kind.postings->legs) {
      std::string amount = columnOf({leg.amount});
      sql += fmt::format("{}SELECT b.entry_index, {} AS line, e.legal_date, {} AS books, {} AS account, {}{} AS amount, e.currency "
                         "FROM {} b JOIN entry e ON e.entry_index = b.entry_index WHERE {} <> 0",
                         sql.empty() ? "" : "\nUNION ALL ", line++, columnOf(kind.postings->books), accountSql(leg.account),
                         leg.negative ? "-" : "", amount, kind.table, amount);
    }
  }
  return sql;
}

}  // namespace pilotledger::query
