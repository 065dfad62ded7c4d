// A relational database behind two nouns, and the place where a model is kept. The engines are
// sqlite.h and postgres.h; nobody else knows which one is below. One connection, one thread; no statement
// outlives its database.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>

#include "events/base/result.h"
#include "query/sql/sql_limits.h"

namespace pilotledger::query {

using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

// What an engine does for one statement. Parameters from 1, columns from 0. The defaults are those of
// a statement that takes rows and gives none.
class StatementEngine {
 public:
  virtual ~StatementEngine() = default;
  virtual void bindInt(int parameter, std::int64_t value) = 0;
  virtual void bindText(int parameter, std::string_view text) = 0;
  virtual void bindStaticText(int parameter, std::string_view text) = 0;
  virtual void bindNull(int parameter) = 0;
  virtual int parameterOf(const std::string&) const { return 0; }  // of ":name"; 0: it has none
  virtual Status run() = 0;
  virtual Result<bool> step() {
    PL_CHECK(run());
    return false;
  }
  virtual Status finish() { return {}; }
  virtual void reset() {}
  virtual int columns() const { return 0; }
  virtual std::string columnName(int) const { return ""; }
  virtual std::int64_t integer(int) const { return 0; }
  virtual std::string text(int) const { return ""; }
  virtual Value value(int) const { return {}; }
  virtual bool readOnly() const { return false; }
};

class Statement {
 public:
  Statement() = default;
  explicit Statement(std::unique_ptr<StatementEngine> engine) : engine_(std::move(engine)) {}

  // Parameters from 1. Text is copied unless `Static`, whose bytes must outlive the step.
  void bindInt(int parameter, std::int64_t value) { engine_->bindInt(parameter, value); }
  void bindText(int parameter, std::string_view text) { engine_->bindText(parameter, text); }
  void bindStaticText(int parameter, std::string_view text) { engine_->bindStaticText(parameter, text); }
  void bindNull(int parameter) { engine_->bindNull(parameter); }
  void bindValue(int parameter, const Value& value);
  bool hasParameter(const std::string& name) const { return engine_->parameterOf(name) != 0; }  // ":name"
  // Text or NULL.
  void bindNamed(const std::string& name, const Value& value);

  Result<bool> step() { return engine_->step(); }  // true: a row
  Status run() { return engine_->run(); }          // to the end, then ready again
  Status finish() { return engine_->finish(); }    // what run() put off is done
  void reset() { engine_->reset(); }
  int columns() const { return engine_->columns(); }
  std::string columnName(int column) const { return engine_->columnName(column); }
  std::int64_t integer(int column) const { return engine_->integer(column); }
  std::string text(int column) const { return engine_->text(column); }
  Value value(int column) const { return engine_->value(column); }
  bool readOnly() const { return engine_->readOnly(); }

 private:
  std::unique_ptr<StatementEngine> engine_;
};

class DatabaseEngine {
 public:
  virtual ~DatabaseEngine() = default;
  virtual Status execute(const std::string& sql) = 0;
  virtual Result<Statement> prepare(const std::string& sql) = 0;
  virtual Result<Statement> prepareMany(const std::string& sql) = 0;
  virtual Result<Statement> prepareInsert(std::string_view table, std::string_view columns) = 0;
  virtual Status begin() = 0;
  virtual Status commit() = 0;
  virtual void rollback() = 0;
  virtual Result<bool> keepSnapshot() { return false; }
  virtual Result<bool> hasTable(std::string_view name) = 0;
  virtual Result<std::set<std::string>> integerColumns(const std::string& table) = 0;
  virtual Status makeView(const std::string& name, const std::string& select) = 0;
  virtual Status dropViews(const std::set<std::string, std::less<>>& names) = 0;
  virtual Result<Statement> prepareForeign(const std::string& sql, const SqlLimits& limits) = 0;
  virtual Status supportsColumnTracking() const = 0;
  virtual Result<std::set<std::string>> columnsRead(const std::string& sql) = 0;
};

class Database {
 public:
  explicit Database(std::unique_ptr<DatabaseEngine> engine) : engine_(std::move(engine)) {}

  Status execute(const std::string& sql) { return engine_->execute(sql); }
  Result<Statement> prepare(const std::string& sql) const { return engine_->prepare(sql); }
  // To be run many times in a transaction, without rows. What each run() does, or its failure, may wait for finish().
  Result<Statement> prepareMany(const std::string& sql) { return engine_->prepareMany(sql); }
  // INSERT of many rows, a run() each. They may reach the table as late as commit(), but are there for every statement
  // that is run in between.
  Result<Statement> prepareInsert(std::string_view table, std::string_view columns) {
    return engine_->prepareInsert(table, columns);
  }
  // First column of the first row; absent when there is no row.
  Result<std::optional<std::string>> scalar(const std::string& sql) const;
  // A transaction that writes.
  Status begin() { return engine_->begin(); }
  Status commit() { return engine_->commit(); }
  void rollback() { engine_->rollback(); }
  // From here on this connection only reads, and sees what it sees now, whoever writes. False where it cannot: then
  // each statement sees what is there when it begins.
  Result<bool> keepSnapshot() { return engine_->keepSnapshot(); }

  Result<bool> hasTable(std::string_view name) const { return engine_->hasTable(name); }
  // Declared as such: what rows there are does not matter.
  Result<std::set<std::string>> integerColumns(const std::string& table) const {
    return engine_->integerColumns(table);
  }
  // Views of this connection only, seen before tables of the same name.
  Status makeView(const std::string& name, const std::string& select) { return engine_->makeView(name, select); }
  Status dropViews(const std::set<std::string, std::less<>>& names) { return engine_->dropViews(names); }
  // SQL that others wrote: it reads, with the functions of sql_limits.h, and within the limits.
  Result<Statement> prepareForeign(const std::string& sql, const SqlLimits& limits) {
    return engine_->prepareForeign(sql, limits);
  }
  // Unsupported where columnsRead() is: who cannot tell a reader what was withheld does not answer him.
  Status supportsColumnTracking() const { return engine_->supportsColumnTracking(); }
  // "table.column" of all that the statement reads, the columns of views included.
  Result<std::set<std::string>> columnsRead(const std::string& sql) { return engine_->columnsRead(sql); }

 private:
  std::unique_ptr<DatabaseEngine> engine_;
};

// Where one model is kept. Who finds it as he needs it only reads existing(). Who would add to it, or put fresh() in
// its place by install(), takes his turn first and looks at existing() again; settled() in any case. A place that
// goes before settled() leaves nothing unfinished behind.
class ModelStorage {
 public:
  virtual ~ModelStorage() = default;
  // Absent: there is none, none that is a database, or one that others may have written. Unavailable: it cannot be read
  // now.
  virtual Result<std::optional<Database>> existing() = 0;
  virtual Status takeTurn() = 0;                         // waits for others, Unavailable when they take too long
  virtual Result<Database> fresh() = 0;                  // an empty database that nobody else sees
  virtual Result<Database> install(Database fresh) = 0;  // takes the existing one's place, whole or not at all
  virtual Status settled() = 0;                          // rows and cursor stand, others may write
};
// How long takeTurn() waits: a rebuild of ten million events takes less.
inline constexpr std::chrono::milliseconds kTurnPatience = std::chrono::minutes(5);

Result<std::set<std::string>> firstColumn(Statement& rows);
std::string quoteText(std::string_view text);  // 'it''s'

}  // namespace pilotledger::query
