#include "query/model/read_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "events/base/civil_date.h"
#include "ledger/crypto/encoding.h"
#include "query/facts/facts.h"
#include "query/facts/month_sums.h"
#include "query/facts/projector.h"
#include "query/sql/embedded_sql.h"
#include "query/sql/postgres.h"
#include "query/sql/sqlite.h"

namespace pilotledger::query {
namespace {

constexpr std::uint64_t kTransaction = 250'000;  // events; each writes the monthly sums once
constexpr std::uint64_t kProgress = 20'000;

struct Cursor {
  std::uint64_t position = 0;
  std::string root;
  bool operator==(const Cursor&) const = default;
};

Result<std::optional<Cursor>> readCursor(const Database& database, const ledger::Ledger& ledger) {
  PL_TRY(bool kept, database.hasTable("cursor"));
  if (!kept) return std::optional<Cursor>();
  PL_TRY(Statement row, database.prepare("SELECT position, root, version, log_key FROM cursor"));
  PL_TRY(bool found, row.step());
  if (!found || row.integer(2) != kFactsVersion || row.text(3) != ledger.logKeys().first().vkey())
    return std::optional<Cursor>();
  return std::optional(Cursor{static_cast<std::uint64_t>(row.integer(0)), row.text(1)});
}

// The model's rows are a prefix of this log.
Result<bool> isPrefix(const Cursor& cursor, const ledger::Ledger& ledger) {
  if (cursor.position > ledger.size()) return false;
  PL_TRY(Digest root, ledger.rootAt(cursor.position));
  return crypto::toHex(root) == cursor.root;
}

Status prepareEmpty(Database& database, const ledger::Ledger& ledger) {
  PL_CHECK(database.begin());
  PL_CHECK(database.execute(factTablesSql() + summaryTablesSql()));
  PL_CHECK(
      database.execute("CREATE TABLE cursor (position INTEGER NOT NULL, root TEXT NOT NULL, version INTEGER NOT NULL, "
                       "log_key TEXT NOT NULL, "
                       "exact_sums INTEGER NOT NULL)"));
  PL_TRY(Digest empty, ledger.rootAt(0));
  PL_CHECK(database.execute(fmt::format("INSERT INTO cursor VALUES (0, '{}', {}, {}, 1)", crypto::toHex(empty),
                                        kFactsVersion, quoteText(ledger.logKeys().first().vkey()))));
  return database.commit();
}

// One walk over the log; every kTransaction entries rows, sums and cursor are committed together.
Status catchUp(Database& database, const ledger::Ledger& ledger, std::uint64_t from, const ProgressFunction& progress) {
  const std::uint64_t end = ledger.size();
  if (from >= end) return {};
  PL_TRY(auto projector, Projector::create(database, ledger));
  auto commit = [&](std::uint64_t to) -> Status {
    PL_TRY(Digest root, ledger.rootAt(to));
    PL_TRY(bool exact, projector->flushSums());
    PL_CHECK(database.execute(fmt::format("UPDATE cursor SET position = {}, root = '{}'{}", to, crypto::toHex(root),
                                          exact ? "" : ", exact_sums = 0")));
    return database.commit();
  };
  PL_CHECK(database.begin());
  Status status = ledger.scan(from, end, [&](const ledger::LogRecord& recorded) -> Status {
    PL_CHECK(projector->project(recorded));
    std::uint64_t next = recorded.entry.index + 1;
    if (progress && (next == end || next % kProgress == 0)) progress(next, end);
    if (next == end || (next - from) % kTransaction != 0) return {};
    PL_CHECK(commit(next));
    return database.begin();
  });
  if (status.ok()) status = commit(end);
  if (!status.ok()) database.rollback();
  return status;
}

Result<Database> rebuild(const ledger::Ledger& ledger, ModelStorage& place, const ProgressFunction& progress) {
  PL_TRY(Database database, place.fresh());
  PL_CHECK(prepareEmpty(database, ledger));
  PL_CHECK(catchUp(database, ledger, 0, progress));
  PL_CHECK(database.execute(factIndexesSql()));
  return place.install(std::move(database));
}

Result<std::unique_ptr<ModelStorage>> placeOf(const ledger::Ledger& ledger, const std::string& where) {
  // Several ledgers may share a database: each has its schema, named after the key it was founded with.
  if (isPostgresUrl(where)) return postgresPlace(where, "pilotledger_" + ledger.logKeys().first().idHex());
  return sqlitePlace(where);
}

// A model whose rows are a prefix of the log.
struct Kept {
  Database database;
  std::uint64_t position;
  std::unique_ptr<ledger::Ledger> newer;  // the log as it is by now, where the model is ahead of who asks
};

// Another process has added to the model since this one opened the ledger: the log goes on to there.
Result<std::unique_ptr<ledger::Ledger>> openNewer(const ledger::Ledger& ledger) {
  PL_TRY(auto newer, ledger::Ledger::open(ledger.directory(), ledger::OpenMode::ReadOnly));
  auto root = newer->rootAt(ledger.size());
  if (!root.ok() || *root != ledger.root()) return std::unique_ptr<ledger::Ledger>();
  return newer;
}

// The place's database, as it is; absent when its rows are no prefix of this log, or cannot be told to be one.
Result<std::optional<Kept>> keptModel(const ledger::Ledger& ledger, ModelStorage& place) {
  PL_TRY(std::optional<Database> database, place.existing());
  if (!database) return std::optional<Kept>();
  auto cursor = readCursor(*database, ledger);
  if (!cursor.ok() && cursor.error().code == ErrorCode::Unavailable) return std::move(cursor).error();
  if (!cursor.ok() || !*cursor) return std::optional<Kept>();
  Kept kept{std::move(*database), (*cursor)->position, nullptr};
  if (kept.position > ledger.size()) {
    PL_TRY(kept.newer, openNewer(ledger));
    if (kept.newer == nullptr) return std::optional<Kept>();
  }
  PL_TRY(bool prefix, isPrefix(**cursor, kept.newer ? *kept.newer : ledger));
  if (!prefix) return std::optional<Kept>();
  return std::optional(std::move(kept));
}

// One process at a time. What does not take the entries that the log has is no model of it.
Result<Kept> bringUpToDate(const ledger::Ledger& ledger, ModelStorage& place, const ProgressFunction& progress) {
  PL_CHECK(place.takeTurn());
  PL_TRY(std::optional<Kept> kept, keptModel(ledger, place));
  if (kept) {
    Status added = catchUp(kept->database, ledger, kept->position, progress);
    if (added.ok()) return std::move(*kept);
    if (added.error().code == ErrorCode::Unavailable) return std::move(added).error();
    kept.reset();
  }
  PL_TRY(Database database, rebuild(ledger, place, progress));
  return Kept{std::move(database), ledger.size(), nullptr};
}

// What was attested before the position counts as attested, as long as nobody took that back.
void replaceAssurance(std::string& columns, std::uint64_t position) {
  constexpr std::string_view kName = "\"assurance\"";
  columns.replace(
      columns.find(kName), kName.size(),
      fmt::format(
          "max(assurance, coalesce((SELECT max(a.level) FROM fact_attestation a WHERE a.target = f.entry_index AND "
          "a.by_index < {0} "
          "AND a.by_index NOT IN (SELECT target FROM fact_reversal WHERE by_index < {0})), 0)) AS \"assurance\"",
          position));
}

// What is not visible at `at`, left out. Filters that would let everything through are left out too.
struct AsOfFilter {
  const AsOf& at;
  bool whole = false;      // nothing was recorded since
  bool strikes = false;    // something was taken back
  bool everything = true;  // the reader sees all

  std::string of(const FactTable& table) const {
    std::vector<std::string> terms;
    if (!whole) terms.push_back(fmt::format("f.{} < {}", table.key, at.position));
    if (strikes && table.key == "entry_index") {
      terms.push_back(
          fmt::format("NOT EXISTS (SELECT 1 FROM fact_reversal r WHERE r.target = f.entry_index AND r.by_index < {})",
                      at.position));
    }
    if (at.onlyUntil && table.name == "entry") {
      terms.push_back(fmt::format("(f.legal_date <= {} OR f.kind IN ({}))", quoteText(at.on), timelessKinds()));
    } else if (at.onlyUntil && table.dated) {
      terms.push_back(
          fmt::format("EXISTS (SELECT 1 FROM fact_entry d WHERE d.entry_index = f.entry_index AND d.legal_date <= {})",
                      quoteText(at.on)));
    }
    return terms.empty() ? "" : fmt::format(" WHERE {}", fmt::join(terms, " AND "));
  }
  // Monthly sums know no days and no readers, and are not worth undoing more than half of the log.
  SumBy sums(std::uint64_t projected, bool exact) const {
    if (at.onlyUntil || !everything || !exact || at.position < projected / 2) return SumBy::Counting;
    return whole ? SumBy::Stored : SumBy::Tail;
  }
  static std::string timelessKinds() {
    std::string names;
    for (const events::Kind& kind : events::kinds()) {
      if (kind.timeless) names += (names.empty() ? "" : ", ") + quoteText(kind.name);
    }
    return names;
  }
};

// No entry is recorded after the day, so what is dated after it is dated after its own recording: an index lists those.
Status findLater(const Database& database, AsOf& at) {
  PL_TRY(Statement later,
         database.prepare(fmt::format("SELECT count(*), max(legal_date) FROM fact_entry WHERE legal_date > recorded_on "
                                      "AND legal_date > {} AND entry_index < {} AND kind NOT IN ({})",
                                      quoteText(at.on), at.position, AsOfFilter::timelessKinds())));
  PL_TRY(bool found, later.step());
  if (!found) return {};
  at.later = static_cast<std::uint64_t>(later.integer(0));
  at.laterTo = later.text(1);
  return {};
}

}  // namespace

struct ReadModel::Rep {
  const ledger::Ledger* ledger;
  std::string where;
  std::unique_ptr<ledger::Ledger> newer;  // what the rows follow from, where it is not `ledger`
  Database database;
  bool steady;  // nobody else's rows come in
  std::string shownPosition;
  std::map<std::string, std::string, std::less<>> views;  // what could be shown: name and SELECT
  std::set<std::string, std::less<>> made;                // what is
  ColumnMask glass;
  UnsealedNumbers opened;

  Status make(const std::string& sql);
  Status unmake();
};

// The views that the words of a statement name. A word that names none of them, or a column that
// happens to share a view's name, does no harm.
Status ReadModel::Rep::make(const std::string& sql) {
  auto isWord = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  std::string word;
  for (std::size_t i = 0; i <= sql.size(); ++i) {
    if (i < sql.size() && isWord(sql[i])) {
      word += sql[i] >= 'A' && sql[i] <= 'Z' ? static_cast<char>(sql[i] + 32) : sql[i];
      continue;
    }
    auto view = views.find(word);
    word.clear();
    if (view == views.end() || !made.insert(view->first).second) continue;
    PL_CHECK(make(view->second));
    PL_CHECK(database.makeView(view->first, view->second));
  }
  return {};
}

Status ReadModel::Rep::unmake() {
  Status dropped = database.dropViews(made);
  made.clear();
  views.clear();
  return dropped;
}

ReadModel::ReadModel(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
ReadModel::~ReadModel() = default;
Database& ReadModel::database() { return rep_->database; }
const ledger::Ledger& ReadModel::ledger() const { return *rep_->ledger; }
const ColumnMask& ReadModel::glass() const { return rep_->glass; }

Status ReadModel::restrictTo(ReaderScope sight, const UnsealedNumbers& opened) {
  if (!sight.everything()) PL_CHECK(rep_->database.supportsColumnTracking());
  PL_TRY(rep_->glass, ColumnMask::make(rep_->database, std::move(sight), opened));
  rep_->opened = opened;
  rep_->shownPosition.clear();
  return {};
}

Result<std::unique_ptr<ReadModel>> ReadModel::over(const ledger::Ledger& ledger, const std::string& where,
                                                   Database database, std::unique_ptr<ledger::Ledger> newer) {
  PL_TRY(bool steady, database.keepSnapshot());
  auto rep =
      std::make_unique<Rep>(Rep{&ledger, where, std::move(newer), std::move(database), steady, "", {}, {}, {}, {}});
  return std::unique_ptr<ReadModel>(new ReadModel(std::move(rep)));
}

Result<std::unique_ptr<ReadModel>> ReadModel::again() {
  PL_TRY(std::unique_ptr<ModelStorage> place, placeOf(*rep_->ledger, rep_->where));
  PL_TRY(std::optional<Database> database, place->existing());
  PL_CHECK(place->settled());
  if (!database) return std::unique_ptr<ReadModel>();
  PL_TRY(auto other, over(*rep_->ledger, rep_->where, std::move(*database), nullptr));
  PL_TRY(auto mine, readCursor(rep_->database, *rep_->ledger));
  PL_TRY(auto theirs, readCursor(other->rep_->database, *rep_->ledger));
  if (mine != theirs) return std::unique_ptr<ReadModel>();
  PL_CHECK(other->restrictTo(rep_->glass.sight(), rep_->opened));
  return other;
}

Result<std::unique_ptr<ReadModel>> ReadModel::open(const ledger::Ledger& ledger, const std::string& where,
                                                   const ProgressFunction& progress) {
  PL_TRY(std::unique_ptr<ModelStorage> place, placeOf(ledger, where));
  PL_TRY(std::optional<Kept> kept, keptModel(ledger, *place));
  if (!kept || kept->position < ledger.size()) {
    kept.reset();
    PL_TRY(kept, bringUpToDate(ledger, *place, progress));
  }
  PL_CHECK(place->settled());
  return over(ledger, where, std::move(kept->database), std::move(kept->newer));
}

std::string ReadModel::redactedLocation(const std::string& where) {
  return isPostgresUrl(where) ? shownUrl(where) : where;
}

Result<bool> ReadModel::exists(const ledger::Ledger& ledger, const std::string& where) {
  PL_TRY(std::unique_ptr<ModelStorage> place, placeOf(ledger, where));
  PL_TRY(std::optional<Database> database, place->existing());
  return database.has_value();
}

Result<std::optional<std::uint64_t>> ReadModel::keptPosition(const ledger::Ledger& ledger, const std::string& where) {
  PL_TRY(std::unique_ptr<ModelStorage> place, placeOf(ledger, where));
  PL_TRY(std::optional<Kept> kept, keptModel(ledger, *place));
  return kept ? std::optional(kept->position) : std::nullopt;
}

Result<AsOf> ReadModel::asOf(const std::string& asked, const std::string& on) {
  AsOf at;
  at.asked = asked;
  std::uint64_t size = rep_->ledger->size();
  bool number = !asked.empty() && std::all_of(asked.begin(), asked.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (asked.empty()) {
    at.position = size;
  } else if (number && asked.size() < 19) {
    at.position = std::stoull(asked) + 1;
    if (at.position > size) {
      return makeError(ErrorCode::NotFound, fmt::format("--as-of {}: the last entry is {}", asked, size - 1),
                       fmt::format("--as-of {}：最后一条为 {}", asked, size - 1));
    }
  } else {
    auto date = events::parseCivilDate(asked);
    if (!date.ok()) return std::move(date).error().within("--as-of");
    PL_TRY(auto count,
           rep_->database.scalar(fmt::format(
               "SELECT coalesce(max(entry_index) + 1, 0) FROM fact_entry WHERE recorded_on <= '{}'", asked)));
    at.position = std::stoull(*count);
  }
  if (!on.empty()) {
    auto date = events::parseCivilDate(on);
    if (!date.ok()) return std::move(date).error().within("--on");
    at.on = on;
    at.onlyUntil = true;
  } else {
    PL_TRY(auto day, rep_->database.scalar(fmt::format("SELECT recorded_on FROM fact_entry WHERE entry_index = {}",
                                                       at.position - std::min<std::uint64_t>(1, at.position))));
    at.on = day.value_or("");
    PL_CHECK(findLater(rep_->database, at));
  }
  PL_TRY(at.root, rep_->ledger->rootAt(at.position));
  PL_TRY(at.policy, policyInForce(rep_->database, at.position, at.on));
  return at;
}

Status ReadModel::show(const AsOf& at) {
  std::string key = fmt::format("{} {} {}", at.position, at.on, at.onlyUntil);
  if (key == rep_->shownPosition) return {};
  Database& database = rep_->database;
  PL_TRY(auto reversals,
         database.scalar(fmt::format("SELECT count(*) FROM fact_reversal WHERE by_index < {}", at.position)));
  PL_TRY(auto attestations,
         database.scalar(fmt::format("SELECT count(*) FROM fact_attestation WHERE by_index < {}", at.position)));
  PL_TRY(auto projected, database.scalar("SELECT position FROM cursor"));
  PL_TRY(auto exact, database.scalar("SELECT exact_sums FROM cursor"));
  AsOfFilter visible{at, rep_->steady && *projected == std::to_string(at.position), *reversals != "0",
                     rep_->glass.sight().everything()};
  PL_CHECK(rep_->unmake());
  PL_CHECK(database.execute(
      "CREATE TEMP TABLE IF NOT EXISTS presented_file (file TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL)"));
  auto add = [&](const std::string& name, std::string select) { rep_->views[name] = std::move(select); };
  for (const FactTable& table : factTables()) {
    std::string columns = rep_->glass.columns(table);
    if (table.name == "entry" && *attestations != "0") replaceAssurance(columns, at.position);
    add(table.name, fmt::format("SELECT {} FROM fact_{} f{}", columns, table.name, visible.of(table)));
  }
  SumBy by = visible.sums(std::stoull(*projected), *exact == "1");
  for (const MonthSumsMapping& plan : monthSumsMappings())
    add("month_" + plan.kind->table, summarySql(plan, by, at.position));
  add("committed_hash", committedHashesSql());
  add("posting", postingsSql());
  add("posting_month", monthlyPostingsSql());
  add("stream_posting_month", monthlyPostingsSql("stream"));  // reads nothing but revenue
  for (std::string_view field : {"award", "loan"}) add(std::string(field) + "_posting", postingsOf(field));
  add("entity_entry", entityEntriesSql());
  add("reversal", fmt::format("SELECT target, by_index FROM fact_reversal WHERE by_index < {}", at.position));
  add("as_of", fmt::format("SELECT {} AS position, {} AS \"on\", {} AS root", at.position, quoteText(at.on),
                           quoteText(crypto::toBase64(at.root))));
  // Helper views that several views and findings read, in order of creation: 10_award_flow is the view award_flow.
  for (const EmbeddedFile& file : embeddedShared()) {
    std::string_view name = file.name;
    add(std::string(name.substr(name.find('_') + 1)), std::string(file.text));
  }
  rep_->shownPosition = key;
  return {};
}

Result<Statement> ReadModel::prepare(const std::string& sql) {
  PL_CHECK(rep_->make(sql));
  return rep_->database.prepare(sql);
}

Status ReadModel::execute(const std::string& sql) {
  PL_CHECK(rep_->make(sql));
  return rep_->database.execute(sql);
}

Result<std::set<std::string>> ReadModel::columnsRead(const std::string& sql) {
  PL_CHECK(rep_->make(sql));
  return rep_->database.columnsRead(sql);
}

Result<Statement> ReadModel::prepareForeign(const std::string& sql, const SqlLimits& limits) {
  PL_CHECK(rep_->make(sql));
  return rep_->database.prepareForeign(sql, limits);
}

namespace {

// Every table whose rows follow from the log, in an order that follows from the rows.
struct Contents {
  std::string table, columns, order;
};

std::vector<Contents> contents() {
  std::vector<Contents> all;
  for (const FactTable& table : factTables()) {
    all.push_back(
        {"fact_" + table.name, table.columnList(), table.key + (table.columns[1].name == "item" ? ", item" : "")});
  }
  all.push_back({"fact_reversal", "target, by_index", "target"});
  all.push_back({"fact_attestation", "target, by_index, level", "target, by_index"});
  for (const MonthSumsMapping& plan : monthSumsMappings())
    all.push_back({"fact_month_" + plan.kind->table, summaryColumns(plan), summaryColumns(plan)});
  return all;
}

Result<Statement> rowsOf(const Database& database, const Contents& of) {
  return database.prepare(fmt::format("SELECT {} FROM {} ORDER BY {}", of.columns, of.table, of.order));
}

std::string rowText(const Statement& row) {
  std::string text;
  for (int i = 0; i < row.columns(); ++i) text += (i > 0 ? " | " : "") + row.text(i);
  return text;
}

Result<std::optional<std::string>> firstDifferenceIn(const Database& present, const Database& fresh,
                                                     const Contents& of) {
  PL_TRY(Statement left, rowsOf(present, of));
  PL_TRY(Statement right, rowsOf(fresh, of));
  while (true) {
    PL_TRY(bool has, left.step());
    PL_TRY(bool should, right.step());
    if (!has && !should) return std::optional<std::string>();
    std::string found = has ? rowText(left) : "-", expected = should ? rowText(right) : "-";
    if (found != expected) return std::optional(fmt::format("{}: {} ({})", of.table, found, expected));
  }
}

}  // namespace

Result<Digest> ReadModel::digest() {
  crypto::Hasher hasher(crypto::SuiteId::Ed25519Sha256);
  for (const Contents& of : contents()) {
    PL_TRY(Statement rows, rowsOf(rep_->database, of));
    hasher.add(of.table + "\n");
    while (true) {
      PL_TRY(bool row, rows.step());
      if (!row) break;
      for (int i = 0; i < rows.columns(); ++i) {
        std::string text = rows.text(i);
        hasher.add(fmt::format("{}:", text.size())).add(text);
      }
      hasher.add("\n");
    }
  }
  return hasher.finish();
}

Result<std::optional<std::string>> ReadModel::firstDifference() {
  auto place = sqlitePlace("");
  PL_TRY(Database fresh, rebuild(rep_->newer ? *rep_->newer : *rep_->ledger, *place, {}));
  for (const Contents& of : contents()) {
    PL_TRY(std::optional<std::string> found, firstDifferenceIn(rep_->database, fresh, of));
    if (found) return found;
  }
  return std::optional<std::string>();
}

}  // namespace pilotledger::query
