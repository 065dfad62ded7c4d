#include "query/sql/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "query/sql/model_file.h"
#include "query/sql/sqlite_guard.h"
#include "query/sql/sqlite_rows.h"

namespace pilotledger::query {
namespace {

class SqliteStatement : public StatementEngine {
 public:
  SqliteStatement(BulkInserter& rows, sqlite3_stmt* statement) : rows_(&rows), statement_(statement) {}
  ~SqliteStatement() override {
    settle();
    sqlite3_finalize(statement_);
  }

  void bindInt(int parameter, std::int64_t value) override {
    settle();
    PL_ASSERT(sqlite3_bind_int64(statement_, parameter, value) == SQLITE_OK);
  }
  void bindText(int parameter, std::string_view text) override { bind(parameter, text, SQLITE_TRANSIENT); }
  void bindStaticText(int parameter, std::string_view text) override { bind(parameter, text, SQLITE_STATIC); }
  void bindNull(int parameter) override {
    settle();
    PL_ASSERT(sqlite3_bind_null(statement_, parameter) == SQLITE_OK);
  }
  int parameterOf(const std::string& name) const override {
    return sqlite3_bind_parameter_index(statement_, (":" + name).c_str());
  }

  Result<bool> step() override {
    PL_CHECK(rows_->settle());
    int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return fromSqlite(sqlite3_db_handle(statement_), "", code);
  }
  Status run() override {
    while (true) {
      PL_TRY(bool row, step());
      if (!row) break;
    }
    reset();
    return {};
  }
  Status finish() override { return {}; }
  void reset() override {
    settle();
    sqlite3_reset(statement_);
  }
  int columns() const override { return sqlite3_column_count(statement_); }
  std::string columnName(int column) const override { return sqlite3_column_name(statement_, column); }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  std::string text(int column) const override {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return bytes == nullptr ? ""
                            : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
  }
  Value value(int column) const override {
    switch (sqlite3_column_type(statement_, column)) {
      case SQLITE_NULL: return std::monostate{};
      case SQLITE_INTEGER: return integer(column);
      case SQLITE_FLOAT: return sqlite3_column_double(statement_, column);
      default: return text(column);
    }
  }
  bool readOnly() const override { return sqlite3_stmt_readonly(statement_) != 0; }

 private:
  void settle() { (void)rows_->settle().ok(); }  // step() tells what went wrong
  void bind(int parameter, std::string_view text, sqlite3_destructor_type keep) {
    settle();
    PL_ASSERT(sqlite3_bind_text(statement_, parameter, text.data(), static_cast<int>(text.size()), keep) == SQLITE_OK);
  }
  BulkInserter* rows_;
  sqlite3_stmt* statement_;
};

// One that others wrote: each step is held to its limits.
class GuardedStatement final : public SqliteStatement {
 public:
  GuardedStatement(BulkInserter& rows, sqlite3_stmt* statement, std::unique_ptr<SqliteGuard> guard)
      : SqliteStatement(rows, statement), guard_(std::move(guard)) {}
  Result<bool> step() override {
    SqliteGuard::Running running(*guard_);
    auto row = SqliteStatement::step();
    if (!row.ok()) return guard_->explain(row.error());
    return row;
  }

 private:
  std::unique_ptr<SqliteGuard> guard_;
};

class SqliteDatabase final : public DatabaseEngine {
 public:
  explicit SqliteDatabase(sqlite3* db) : db_(db), rows_(db) {}
  ~SqliteDatabase() override {
    rows_.discard();
    sqlite3_close_v2(db_);
  }

  Status execute(const std::string& sql) override {
    PL_CHECK(rows_.settle());
    int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return {};
    return fromSqlite(db_, sql.substr(0, 200), code);
  }
  Result<Statement> prepare(const std::string& sql) override;
  Result<Statement> prepareMany(const std::string& sql) override { return prepare(sql); }
  Result<Statement> prepareInsert(std::string_view table, std::string_view columns) override {
    return rows_.insert(std::string(table), std::string(columns));
  }
  Status begin() override { return execute("BEGIN IMMEDIATE"); }
  Status commit() override { return execute("COMMIT"); }
  void rollback() override {
    rows_.discard();
    (void)execute("ROLLBACK").ok();
  }
  Result<bool> keepSnapshot() override {
    PL_CHECK(execute("BEGIN; SELECT 1 FROM sqlite_master LIMIT 1"));
    return true;
  }
  Result<bool> hasTable(std::string_view name) override;
  Result<std::set<std::string>> integerColumns(const std::string& table) override;
  Status makeView(const std::string& name, const std::string& select) override {
    return execute(fmt::format("CREATE TEMP VIEW \"{}\" AS {}", name, select));
  }
  Status dropViews(const std::set<std::string, std::less<>>& names) override {
    std::string sql;
    for (const std::string& name : names) sql += fmt::format("DROP VIEW temp.\"{}\";\n", name);
    return execute(sql);
  }
  Result<Statement> prepareForeign(const std::string& sql, const SqlLimits& limits) override;
  Status supportsColumnTracking() const override { return {}; }
  Result<std::set<std::string>> columnsRead(const std::string& sql) override;

 private:
  Result<sqlite3_stmt*> compile(const std::string& sql);
  Result<sqlite3_stmt*> compileGuarded(const std::string& sql, SqliteGuard& guard);
  sqlite3* db_;
  BulkInserter rows_;
};

Result<sqlite3_stmt*> SqliteDatabase::compile(const std::string& sql) {
  PL_CHECK(rows_.settle());
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  int code = sqlite3_prepare_v3(db_, sql.c_str(), static_cast<int>(sql.size()) + 1, SQLITE_PREPARE_PERSISTENT,
                                &statement, &rest);
  if (code != SQLITE_OK) return fromSqlite(db_, "", code);
  if (statement == nullptr) return invalidInput("SQL: no statement", "没有 SQL 语句");
  std::string_view left = rest;
  if (left.find_first_not_of(" \t\r\n;") == left.npos) return statement;
  sqlite3_finalize(statement);
  return invalidInput("SQL: one statement at a time", "一次只能执行一条 SQL");
}

Result<Statement> SqliteDatabase::prepare(const std::string& sql) {
  PL_TRY(sqlite3_stmt * statement, compile(sql));
  return Statement(std::make_unique<SqliteStatement>(rows_, statement));
}

Result<sqlite3_stmt*> SqliteDatabase::compileGuarded(const std::string& sql, SqliteGuard& guard) {
  PL_CHECK(rows_.settle());
  SqliteGuard::Preparing preparing(guard);
  SqliteGuard::Running running(guard);
  auto statement = compile(sql);
  if (!statement.ok()) return guard.explain(statement.error());
  return statement;
}

Result<Statement> SqliteDatabase::prepareForeign(const std::string& sql, const SqlLimits& limits) {
  PL_CHECK(requireShortSql(sql));
  auto guard = std::make_unique<SqliteGuard>(db_, limits);
  PL_TRY(sqlite3_stmt * statement, compileGuarded(sql, *guard));
  Statement prepared(std::make_unique<GuardedStatement>(rows_, statement, std::move(guard)));
  if (!prepared.readOnly()) return invalidInput("SQL: only reading statements", "SQL：只允许查询语句");
  return prepared;
}

Result<bool> SqliteDatabase::hasTable(std::string_view name) {
  PL_TRY(Statement row, prepare("SELECT 1 FROM sqlite_master WHERE name = " + quoteText(name)));
  return row.step();
}

Result<std::set<std::string>> SqliteDatabase::integerColumns(const std::string& table) {
  PL_TRY(Statement rows,
         prepare(fmt::format("SELECT name FROM pragma_table_info({}) WHERE type = 'INTEGER'", quoteText(table))));
  return firstColumn(rows);
}

Result<std::set<std::string>> SqliteDatabase::columnsRead(const std::string& sql) {
  std::set<std::string> columns;
  SqliteGuard guard(db_, {}, &columns);
  PL_TRY(sqlite3_stmt * statement, compileGuarded(sql, guard));
  sqlite3_finalize(statement);
  return columns;
}

namespace fs = std::filesystem;

Result<Database> openNamed(const std::string& name, int flags) {
  // One thread at a time uses a connection, and nobody asks how much memory SQLite holds: no locks.
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)configured;  // too late when the program has used SQLite before; then it is only slower
  sqlite3* db = nullptr;
  int code = sqlite3_open_v2(name.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, countingVfs());
  auto engine = std::make_unique<SqliteDatabase>(db);
  if (code != SQLITE_OK) return fromSqlite(db, name, code);
  sqlite3_busy_timeout(db, 10'000);
  if (code = hardenSqlite(db); code != SQLITE_OK) return fromSqlite(db, name, code);
  return Database(std::move(engine));
}

// Rows and cursor change together, so what a power cut takes is added again: no commit waits for the disk.
constexpr const char* kKeptSettings = "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;";
// Nobody else sees a new file before it is whole, so it needs no journal.
constexpr const char* kNewSettings =
    "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384; "
    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA threads = 2;";

Result<Database> openWith(const std::string& name, int flags, const char* settings) {
  PL_TRY(Database database, openNamed(name, flags));
  PL_CHECK(database.execute(settings));
  return database;
}

// What cannot be read now may be sound; anything else is none.
template <typename T>
Result<std::optional<T>> unlessUnsound(Result<T> opened) {
  if (opened.ok()) return std::optional(std::move(opened).value());
  if (opened.error().code == ErrorCode::Unavailable) return std::move(opened).error();
  return std::optional<T>();
}

class SqlitePlace final : public ModelStorage {
 public:
  SqlitePlace(const fs::path& path, std::chrono::milliseconds patience) : file_(path), patience_(patience) {}

  Result<std::optional<Database>> existing() override {
    if (!file_.isOurs()) return std::optional<Database>();
    return unlessUnsound(openWith(file_.path().string(), SQLITE_OPEN_READWRITE, kKeptSettings));
  }
  Status takeTurn() override { return file_.takeTurn(patience_); }
  Result<Database> fresh() override {
    return openWith(file_.newPath().string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, kNewSettings);
  }
  Result<Database> install(Database fresh) override {
    PL_CHECK(fresh.execute("PRAGMA journal_mode = WAL"));
    { Database closed = std::move(fresh); }
    PL_CHECK(file_.install());
    return openWith(file_.path().string(), SQLITE_OPEN_READWRITE, kKeptSettings);
  }
  Status settled() override {
    file_.endTurn();
    return {};
  }

 private:
  ModelFile file_;
  std::chrono::milliseconds patience_;
};

class PrivatePlace final : public ModelStorage {
 public:
  Result<std::optional<Database>> existing() override { return std::optional<Database>(); }
  Status takeTurn() override { return {}; }
  Result<Database> fresh() override { return openWith("", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, kNewSettings); }
  Result<Database> install(Database fresh) override {
    PL_CHECK(fresh.execute("PRAGMA cache_size = -65536"));
    return fresh;
  }
  Status settled() override { return {}; }
};

}  // namespace

Result<Database> openSqlite(const std::filesystem::path& path) {
  return openNamed(path.empty() ? ":memory:" : path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

std::unique_ptr<ModelStorage> sqlitePlace(const std::filesystem::path& path, std::chrono::milliseconds patience) {
  if (path.empty() || !ModelFile(path).mayBeKept()) return std::make_unique<PrivatePlace>();
  return std::make_unique<SqlitePlace>(path, patience);
}

}  // namespace pilotledger::query
