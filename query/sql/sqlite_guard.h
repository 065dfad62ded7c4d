// Holds SQL that others write to what it may do on one SQLite connection: reading, listed functions,
// and limits. Memory and temporary files are counted for the thread that runs the statement, so that
// neither other connections nor other threads pay for it.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <set>
#include <string>

#include "query/sql/sql_limits.h"

namespace pilotledger::query {

// What one statement has taken so far, and what it was refused.
struct SqliteBudget {
  SqlLimits limits;
  std::int64_t memory = 0;
  std::size_t temporary = 0;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  enum class Beyond { Nothing, Time, Memory, Temporary } beyond = Beyond::Nothing;
};

// Every connection that runs guarded statements is opened with this file system: it counts what goes
// into temporary files.
const char* countingVfs();
// Once for a connection: virtual tables that give no facts go, and functions that can take
// for ever within one call are replaced. Statements on it then end when their budget (below) or StopScope says so.
int hardenSqlite(sqlite3* db);

class SqliteGuard {
 public:
  // `columns`, if given, collects "table.column" of all that is read.
  explicit SqliteGuard(sqlite3* db, const SqlLimits& limits, std::set<std::string>* columns = nullptr);

  // While one lives, only reading statements with listed functions can be prepared.
  class Preparing {
   public:
    explicit Preparing(SqliteGuard& guard);
    ~Preparing();
    Preparing(const Preparing&) = delete;

   private:
    SqliteGuard& guard_;
  };
  // While one lives, this thread's statement spends from the budget.
  class Running {
   public:
    explicit Running(SqliteGuard& guard);
    ~Running();
    Running(const Running&) = delete;

   private:
    SqliteGuard& guard_;
    SqliteBudget* before_;
    int limitsBefore_[SQLITE_LIMIT_WORKER_THREADS + 1];
  };

  // Why it was refused or stopped, where the guard did that; else the engine's own error.
  Error explain(Error error) const;

 private:
  static int authorize(void* guard, int action, const char* first, const char* second, const char*, const char*);
  sqlite3* db_;
  SqliteBudget budget_;
  std::set<std::string>* columns_;
  std::string refusedFunction_;
  bool refusedAction_ = false;
};

}  // namespace pilotledger::query
