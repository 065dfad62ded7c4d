#include "query/access/column_mask.h"

#include <fmt/format.h>

namespace pilotledger::query {
namespace {

std::string clearedFor(Confidentiality needed) {
  return fmt::format("EXISTS (SELECT 1 FROM fact_sight s WHERE s.entry_index = f.entry_index AND s.clearance >= {})",
                     static_cast<int>(needed));
}

// That this reader is cleared for the class of the row's entry, which hangs on its kind.
std::string entryCleared(Confidentiality everywhere, Confidentiality (*classOf)(const events::Kind&)) {
  std::string condition;
  for (Confidentiality needed : {Confidentiality::PARTY, Confidentiality::AUDIT, Confidentiality::SECRET}) {
    std::string names;
    for (const events::Kind& kind : events::kinds()) {
      if (classOf(kind) == needed && needed > everywhere) names += (names.empty() ? "" : ", ") + quoteText(kind.name);
    }
    if (names.empty()) continue;
    condition += fmt::format(
        "{}({} OR NOT EXISTS (SELECT 1 FROM fact_entry e WHERE e.entry_index = f.entry_index AND e.kind IN ({})))",
        condition.empty() ? "" : " AND ", clearedFor(needed), names);
  }
  return condition;
}

Status fillSight(Database& database, const ReaderScope& sight) {
  PL_CHECK(database.execute(
      "CREATE TEMP TABLE IF NOT EXISTS fact_sight (entry_index INTEGER PRIMARY KEY, clearance INTEGER NOT NULL);"
      "DELETE FROM fact_sight"));
  PL_TRY(Statement insert, database.prepare("INSERT INTO fact_sight VALUES (?, ?)"));
  for (std::uint64_t index : sight.concerned()) {
    insert.bindInt(1, static_cast<std::int64_t>(index));
    insert.bindInt(2, static_cast<std::int64_t>(Confidentiality::PARTY));
    PL_CHECK(insert.run());
  }
  PL_TRY(Statement own, database.prepare("INSERT OR REPLACE INTO fact_sight SELECT e.entry_index, ? FROM fact_entry e "
                                         "JOIN fact_signer s ON s.submission = e.submission WHERE s.key = ?"));
  for (const std::string& key : sight.keys()) {
    own.bindInt(1, static_cast<std::int64_t>(Confidentiality::AUDIT));
    own.bindText(2, key);
    PL_CHECK(own.run());
  }
  return {};
}

Status fillOpened(Database& database, const UnsealedNumbers& opened) {
  PL_CHECK(database.execute(
      "CREATE TEMP TABLE IF NOT EXISTS fact_opened (sealed TEXT PRIMARY KEY, number TEXT NOT NULL) WITHOUT ROWID;"
      "DELETE FROM fact_opened"));
  PL_TRY(Statement insert, database.prepare("INSERT INTO fact_opened VALUES (?, ?) ON CONFLICT DO NOTHING"));
  for (const auto& [sealed, number] : opened) {
    insert.bindText(1, sealed);
    insert.bindText(2, number);
    PL_CHECK(insert.run());
  }
  return {};
}

}  // namespace

Result<ColumnMask> ColumnMask::make(Database& database, ReaderScope sight, const UnsealedNumbers& opened) {
  ColumnMask glass;
  glass.sight_ = std::move(sight);
  glass.opens_ = !opened.empty();
  if (glass.opens_) PL_CHECK(fillOpened(database, opened));
  if (glass.sight_.everything()) return glass;
  PL_CHECK(fillSight(database, glass.sight_));
  for (const FactTable& table : factTables()) {
    for (const FactColumn& column : table.columns) {
      if (glass.seen(column) !=
          glass.seen({column.name, Confidentiality::PUBLIC, FactColumn::Of::Itself, column.sealed})) {
        glass.withheld_.insert(table.name + "." + column.name);
      }
    }
  }
  return glass;
}

std::string ColumnMask::seen(const FactColumn& column) const {
  std::string value = "\"" + column.name + "\"";
  if (column.sealed && opens_)
    value = fmt::format("coalesce((SELECT o.number FROM fact_opened o WHERE o.sealed = f.{0}), f.{0})", value);
  std::string condition;
  switch (column.of) {
    case FactColumn::Of::Itself:
      if (column.confidentiality > sight_.everywhere()) condition = clearedFor(column.confidentiality);
      break;
    case FactColumn::Of::Kind:
      condition = entryCleared(sight_.everywhere(), [](const events::Kind& kind) { return kind.confidentiality; });
      break;
    case FactColumn::Of::Event: condition = entryCleared(sight_.everywhere(), highestOf); break;
  }
  return condition.empty() ? value : fmt::format("CASE WHEN {} THEN {} END", condition, value);
}

std::string ColumnMask::columns(const FactTable& table) const {
  std::string text;
  for (const FactColumn& column : table.columns) {
    std::string value = seen(column);
    std::string name = "\"" + column.name + "\"";
    text += (text.empty() ? "" : ", ") + (value == name ? name : fmt::format("{} AS {}", value, name));
  }
  return text;
}

}  // namespace pilotledger::query
