// The read model: fact tables in one SQLite file beside the ledger, or in one schema of a PostgreSQL
// database. Disposable: rows and cursor (position, root, version, log key) change in one transaction;
// a model whose cursor is not a prefix of the log, or whose version differs, is rebuilt into a new
// file or schema that takes its place. Of several processes one adds or rebuilds, the others wait.
//
// A kept model is believed: its rows are not held to the log. What is signed is computed in a private one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "ledger/ledger.h"
#include "query/access/column_mask.h"
#include "query/model/policy.h"
#include "query/sql/database.h"

namespace pilotledger::query {

using ProgressFunction = std::function<void(std::uint64_t done, std::uint64_t total)>;

// The position a question is asked at: what the ledger knew, and the legal day it is asked for.
struct AsOf {
  std::uint64_t position = 0;     // entries [0, position) are visible
  std::string asked;              // as given: "", "120", "2026-06-30"
  std::string on;                 // ISO day; default: the newest recording day that is visible
  bool onlyUntil = false;         // the day was asked for: what is dated after it is not yet so
  std::uint64_t later = 0;        // without that, entries that count and are dated after the day
  std::string laterTo;            // the last of those days
  Digest root{};                  // of the log at that position
  std::vector<PolicySet> policy;  // in force on that day, as known at that position
};

class ReadModel {
 public:
  // `where`: a file, or postgres://user@host/database; empty: a private model, computed from the ledger and seen by
  // nobody else. Catches up with the ledger before it returns. Unavailable: busy for long, a full disk, no permission.
  static Result<std::unique_ptr<ReadModel>> open(const ledger::Ledger& ledger, const std::string& where,
                                                 const ProgressFunction& progress = {});
  ~ReadModel();
  // `where` as messages may say it: no password.
  static std::string redactedLocation(const std::string& where);
  // Whether there is one at that place, of whatever state.
  static Result<bool> exists(const ledger::Ledger& ledger, const std::string& where);
  // How many entries the one at that place holds, as it is; absent when there is none of this ledger.
  static Result<std::optional<std::uint64_t>> keptPosition(const ledger::Ledger& ledger, const std::string& where);

  // What the ledger knew: "" (now), "120" (entry 120 is the last one seen), "2026-06-30" (recorded
  // on or before that day). `on`: of that, what was legally so on the day; without it, everything.
  Result<AsOf> asOf(const std::string& asked, const std::string& on = "");

  // Fact tables and shared views, without their prefix, as they stood at `at`: the one mechanism
  // under all views, findings and SQL. Stays until the next call.
  Status show(const AsOf& at);
  // A statement over what is shown. There are some 400 tables and views; those that it names, and
  // those that these name, are made at this moment.
  Result<Statement> prepare(const std::string& sql);
  Status execute(const std::string& sql);
  // The same for SQL of others: InvalidInput for anything but reading and beyond the limits, NotAuthorized
  // for a function that is not listed.
  Result<Statement> prepareForeign(const std::string& sql, const SqlLimits& limits);
  // "table.column" of all that a statement over what is shown reads.
  Result<std::set<std::string>> columnsRead(const std::string& sql);
  // From now on what is shown is what this reader may see, with these sealed numbers opened.
  Status restrictTo(ReaderScope sight, const UnsealedNumbers& opened);
  const ColumnMask& glass() const;
  Database& database();
  const ledger::Ledger& ledger() const;  // that it was opened with
  // The same rows, seen alike, through a connection of its own: for another thread. Null where no
  // other connection sees them: in memory, or when another model has taken its place since.
  Result<std::unique_ptr<ReadModel>> again();

  // A canonical hash over all rows: two rebuilds of one log give the same.
  Result<Digest> digest();
  // Where this model first differs from what the log says: table and row, recomputed from the first
  // entry. Absent when it does not.
  Result<std::optional<std::string>> firstDifference();

 private:
  struct Rep;
  explicit ReadModel(std::unique_ptr<Rep> rep);
  static Result<std::unique_ptr<ReadModel>> over(const ledger::Ledger& ledger, const std::string& where,
                                                 Database database, std::unique_ptr<ledger::Ledger> newer);
  std::unique_ptr<Rep> rep_;
};

}  // namespace pilotledger::query
