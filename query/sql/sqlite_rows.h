// Rows on their way into the tables of one SQLite connection: kept until there are many, then written
// table by table by a thread of its own, while the caller makes the next ones. While rows are being
// written nobody else may use the connection: settle() first.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <future>
#include <string>
#include <string_view>
#include <vector>

#include "query/sql/database.h"

namespace pilotledger::query {

// The error that a connection has just met, while `doing` something.
Error fromSqlite(sqlite3* db, std::string_view doing, int code);

// Rows of one table, in memory of their own.
struct RowBuffer {
  struct Cell {
    enum Type : std::int32_t { Null, Integer, Text } type = Null;
    std::int32_t size = 0;
    std::int64_t number = 0;  // or where in `text` it begins
  };
  std::vector<Cell> cells;
  std::string text;
};

class BulkInserter {
 public:
  explicit BulkInserter(sqlite3* db) : db_(db) {}
  ~BulkInserter() { discard(); }
  BulkInserter(const BulkInserter&) = delete;

  // INSERT of the rows that are bound to it; the statement may not outlive the connection.
  Result<Statement> insert(const std::string& table, const std::string& columns);

  // Every row is in its table. The error of a row that is refused stays until discard().
  Status settle() { return waiting_ == 0 && !writing_.valid() ? outcome_ : settleNow(); }
  // What waits is forgotten.
  void discard();

 private:
  friend class QueuedInsert;
  class Table;

  Status settleNow();
  Status rowMade(std::size_t cells);
  Status handOver();  // to the writing thread
  Status written();   // what it was given

  sqlite3* db_;
  std::vector<Table*> tables_;
  std::size_t waiting_ = 0;  // cells
  int made_ = 0;             // tables, ever
  std::future<Status> writing_;
  Status outcome_;
};

}  // namespace pilotledger::query
