#include "query/sql/postgres.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>
#include <vector>

#include "query/sql/embedded_sql.h"
#include "query/sql/postgres_connection.h"
#include "query/sql/postgres_sql.h"

namespace pilotledger::query {
namespace {

enum : Oid {
  kBool = 16,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kOid = 26,
  kFloat4 = 700,
  kFloat8 = 701,
  kNumeric = 1700
};

enum class Mode { Now, Reading, Gathering };

class PostgresStatement final : public BoundStatement {
 public:
  PostgresStatement(std::shared_ptr<Connection> connection, PostgresSql sql, Mode mode, const SqlLimits& limits)
      : BoundStatement(std::move(connection), sql.parameters.size()),
        sql_(std::move(sql)),
        name_(connection_->nextName()),
        mode_(mode),
        limits_(limits) {}
  ~PostgresStatement() override {
    if (description_ != nullptr && PQtransactionStatus(connection_->raw()) != PQTRANS_INERROR)
      (void)connection_->execute("DEALLOCATE " + name_).ok();
  }

  Status prepare() {
    std::vector<Oid> types;  // a parameter with a name is text; "?" is what its place calls for
    for (const std::string& parameter : sql_.parameters) types.push_back(parameter.empty() ? Oid{0} : Oid{kText});
    Answer prepared(
        PQprepare(connection_->raw(), name_.c_str(), sql_.text.c_str(), static_cast<int>(types.size()), types.data()));
    if (!good(prepared.get())) return connection_->failure(prepared.get(), "");
    description_.reset(PQdescribePrepared(connection_->raw(), name_.c_str()));
    if (!good(description_.get())) return connection_->failure(description_.get(), "");
    return {};
  }

  int parameterOf(const std::string& name) const override {
    auto at = std::find(sql_.parameters.begin(), sql_.parameters.end(), name);
    return at == sql_.parameters.end() ? 0 : static_cast<int>(at - sql_.parameters.begin()) + 1;
  }
  Result<bool> step() override {
    if (answer_ == nullptr) PL_CHECK(ask());
    return ++row_ < PQntuples(answer_.get());
  }
  // What fails must not take the transaction around it along.
  Status run() override {
    if (mode_ == Mode::Gathering) {
      gathered_ += fmt::format("EXECUTE {}{};", name_, literals());
      return gathered_.size() < kBulkBytes ? Status() : finish();
    }
    if (!connection_->inTransaction()) {
      PL_CHECK(step());
      reset();
      return {};
    }
    return runSafely(fmt::format("EXECUTE {}{};", name_, literals()));
  }
  Status finish() override { return gathered_.empty() ? Status() : runSafely(std::exchange(gathered_, "")); }
  void reset() override {
    answer_.reset();
    row_ = -1;
  }

  int columns() const override { return PQnfields(description_.get()); }
  std::string columnName(int column) const override { return PQfname(description_.get(), column); }
  std::int64_t integer(int column) const override {
    std::int64_t number = 0;
    std::string_view digits = bytes(column);
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
  }
  std::string text(int column) const override {
    if (PQftype(answer_.get(), column) == kBool && !isNull(column)) return bytes(column) == "t" ? "1" : "0";
    return std::string(bytes(column));
  }
  Value value(int column) const override {
    if (isNull(column)) return std::monostate{};
    switch (PQftype(answer_.get(), column)) {
      case kBool: return std::int64_t{bytes(column) == "t" ? 1 : 0};
      case kInt2:
      case kInt4:
      case kInt8:
      case kOid: return integer(column);
      case kFloat4:
      case kFloat8:
      case kNumeric: return real(column);
      default: return std::string(bytes(column));
    }
  }
  bool readOnly() const override { return mode_ == Mode::Reading; }

 private:
  Status runSafely(const std::string& statements) {
    PL_CHECK(connection_->flush(sql_.factTables));
    Status status = connection_->execute("SAVEPOINT one; " + statements + " RELEASE one");
    if (!status.ok()) (void)connection_->execute("ROLLBACK TO one").ok();
    return status;
  }
  bool isNull(int column) const { return PQgetisnull(answer_.get(), row_, column) != 0; }
  std::string_view bytes(int column) const {
    return {PQgetvalue(answer_.get(), row_, column),
            static_cast<std::size_t>(PQgetlength(answer_.get(), row_, column))};
  }
  double real(int column) const {
    double number = 0;
    std::string_view digits = bytes(column);
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
  }
  std::string literals() const {
    std::string list;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      list += i == 0 ? "(" : ", ";
      list += parameters_.at(i) == nullptr ? "NULL" : quoteText(*parameters_.at(i));
    }
    return list.empty() ? list : list + ")";
  }
  // A role that is no superuser cannot set temp_file_limit; its owner has set it, or not.
  Status beginReading() {
    return connection_->execute(
        fmt::format("BEGIN TRANSACTION READ ONLY; SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {}",
                    limits_.time.count(), limits_.time.count()));
  }
  Error failure(const PGresult* answer) {
    const char* state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    if (readOnly() && state != nullptr && std::string_view(state) == "57014")
      return beyondTime(limits_);  // query_canceled
    return connection_->failure(answer, "");
  }
  Status ask() {
    PL_CHECK(connection_->flush(sql_.factTables));
    bool reading = readOnly();
    if (reading) PL_CHECK(beginReading());
    std::vector<const char*> values;
    for (std::size_t i = 0; i < parameters_.size(); ++i)
      values.push_back(parameters_.at(i) == nullptr ? nullptr : parameters_.at(i)->c_str());
    answer_.reset(PQexecPrepared(connection_->raw(), name_.c_str(), static_cast<int>(values.size()), values.data(),
                                 nullptr, nullptr, 0));
    Status status;
    if (!good(answer_.get())) status = failure(answer_.get());
    if (!status.ok()) answer_.reset();
    if (reading) PL_CHECK(connection_->execute("ROLLBACK"));
    return status;
  }

  PostgresSql sql_;
  std::string name_;
  Mode mode_;
  SqlLimits limits_;      // of Mode::Reading
  std::string gathered_;  // executions that wait for finish()
  Answer description_, answer_;
  int row_ = -1;
};

std::string firstWord(std::string_view sql) {
  std::size_t begin = std::min(sql.find_first_not_of(" \t\r\n("), sql.size());
  std::string word;
  for (char c : sql.substr(begin, 8)) {
    if ((c | 32) < 'a' || (c | 32) > 'z') break;
    word += static_cast<char>(c | 32);
  }
  return word;
}

class PostgresDatabase final : public DatabaseEngine {
 public:
  explicit PostgresDatabase(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  Status execute(const std::string& sql) override {
    PL_CHECK(connection_->flushAll());
    return connection_->execute(toPostgres(sql).text, sql.substr(0, 200));
  }
  Result<Statement> prepare(const std::string& sql) override { return prepare(sql, Mode::Now); }
  Result<Statement> prepareForeign(const std::string& sql, const SqlLimits& limits) override {
    PL_CHECK(requireShortSql(sql));
    PL_CHECK(requireReading(sql));
    PL_CHECK(requireListedFunctions(sql));
    return prepare(sql, Mode::Reading, limits);
  }
  Result<Statement> prepareMany(const std::string& sql) override { return prepare(sql, Mode::Gathering); }
  Result<Statement> prepareInsert(std::string_view table, std::string_view columns) override {
    return Statement(std::make_unique<CopyInserter>(connection_, table, columns));
  }
  Status begin() override { return connection_->execute("BEGIN"); }
  Status commit() override { return execute("COMMIT"); }
  void rollback() override {
    connection_->discardAll();
    (void)connection_->execute("ROLLBACK").ok();
  }
  Result<bool> hasTable(std::string_view name) override {
    PL_TRY(
        std::string found,
        connection_->ask(fmt::format(
            "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = {}", quoteText(name))));
    return found != "0";
  }
  Result<std::set<std::string>> integerColumns(const std::string& table) override {
    PL_TRY(Statement rows,
           prepare(fmt::format(
               "SELECT attname FROM pg_attribute WHERE attrelid = {}::regclass AND attnum > 0 AND atttypid = {}",
               quoteText(table), static_cast<unsigned>(kInt8))));
    return firstColumn(rows);
  }
  Status makeView(const std::string& name, const std::string& select) override {
    return connection_->execute(fmt::format("CREATE TEMP VIEW \"{}\" AS {}", name, toPostgres(select).text), name);
  }
  Status dropViews(const std::set<std::string, std::less<>>& names) override {
    if (names.empty()) return {};
    return connection_->execute(fmt::format("DROP VIEW pg_temp.\"{}\"", fmt::join(names, "\", pg_temp.\"")));
  }
  Status supportsColumnTracking() const override {
    return makeError(
        ErrorCode::Unsupported,
        "--reader needs the SQLite model: PostgreSQL does not tell which columns an answer rests on; leave --views out",
        "--reader 须使用 SQLite 读模型：PostgreSQL 无法说明结果依据哪些列；请去掉 --views");
  }
  Result<std::set<std::string>> columnsRead(const std::string&) override { return supportsColumnTracking().error(); }

 private:
  Result<Statement> prepare(const std::string& sql, Mode mode, const SqlLimits& limits = {}) {
    auto statement = std::make_unique<PostgresStatement>(connection_, toPostgres(sql), mode, limits);
    PL_CHECK(statement->prepare());
    return Statement(std::move(statement));
  }
  // A transaction that only reads lets temporary tables be written; the first word does not.
  static Status requireReading(const std::string& sql) {
    std::string word = firstWord(sql);
    if (word == "select" || word == "with" || word == "values") return {};
    return invalidInput("SQL: only reading statements", "SQL：只允许查询语句");
  }
  std::shared_ptr<Connection> connection_;
};

class PostgresPlace final : public ModelStorage {
 public:
  PostgresPlace(std::shared_ptr<Connection> connection, std::string schema)
      : connection_(std::move(connection)), schema_(std::move(schema)) {}

  Result<std::optional<Database>> existing() override {
    PL_TRY(std::string found,
           connection_->ask(fmt::format("SELECT count(*) FROM pg_namespace WHERE nspname = '{}'", schema_)));
    if (found == "0") return std::optional<Database>();
    PL_CHECK(search(schema_));
    return std::optional(database());
  }
  Status takeTurn() override {
    PL_CHECK(connection_->execute(fmt::format("SET lock_timeout = {}", kTurnPatience.count())));
    Status taken = connection_->execute(fmt::format("SELECT pg_advisory_lock(hashtext('{}'), 1)", schema_));
    PL_CHECK(connection_->execute("SET lock_timeout = 0"));
    if (taken.ok() || taken.error().code != ErrorCode::Unavailable) return taken;
    return makeError(ErrorCode::Unavailable,
                     fmt::format("schema {}: another process is still bringing this read model up to date; ask again "
                                 "later, or with --fresh ({})",
                                 schema_, taken.error().message.en),
                     fmt::format("模式 {}：另一进程仍在更新该读模型；请稍后再试，或使用 --fresh（{}）", schema_,
                                 taken.error().message.en));
  }
  Result<Database> fresh() override {
    PL_CHECK(connection_->execute(fmt::format("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}", freshName()),
                                  freshName()));
    PL_CHECK(search(freshName()));
    PL_CHECK(connection_->execute(std::string(embeddedPostgres()), "postgres.sql"));
    return database();
  }
  Result<Database> install(Database fresh) override {
    PL_CHECK(fresh.execute(
        "DO $$DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP "
        "EXECUTE format('ANALYZE %I', t); END LOOP; END$$"));
    PL_TRY(std::string old, connection_->ask("SELECT pg_backend_pid()"));
    old = fmt::format("{}_old_{}", schema_, old);
    PL_CHECK(connection_->execute(fmt::format("DO $$BEGIN IF EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = '{0}') "
                                              "THEN ALTER SCHEMA {0} RENAME TO {1}; "
                                              "END IF; ALTER SCHEMA {2} RENAME TO {0}; END$$",
                                              schema_, old, freshName()),
                                  schema_));
    PL_CHECK(search(schema_));
    PL_CHECK(dropOld());
    return fresh;
  }
  Status settled() override {
    return connection_->execute(fmt::format(
        "SELECT pg_advisory_lock_shared(hashtext('{0}'), 2), pg_advisory_unlock(hashtext('{0}'), 1)", schema_));
  }

 private:
  std::string freshName() const { return schema_ + "_new"; }
  Database database() const { return Database(std::make_unique<PostgresDatabase>(connection_)); }
  // Whoever still reads the old rows finishes with them; then the next rebuild drops them.
  Status dropOld() {
    PL_TRY(std::string alone, connection_->ask(fmt::format("SELECT pg_try_advisory_lock(hashtext('{}'), 2)", schema_)));
    if (alone != "t") return {};
    return connection_->execute(
        fmt::format("DO $$DECLARE s text; BEGIN FOR s IN SELECT nspname FROM pg_namespace WHERE nspname LIKE "
                    "'{0}#_old#_%' ESCAPE '#' LOOP "
                    "EXECUTE format('DROP SCHEMA %I CASCADE', s); END LOOP; END$$; "
                    "SELECT pg_advisory_unlock(hashtext('{0}'), 2)",
                    schema_));
  }
  // The model's own functions come before those of the server.
  Status search(const std::string& schema) {
    return connection_->execute(fmt::format("SET search_path = {}, pg_catalog", schema));
  }
  std::shared_ptr<Connection> connection_;
  std::string schema_;
};

// Text must compare as bytes do, or rows would come in another order than SQLite's.
Status requireBytewise(Connection& connection, const std::string& name) {
  PL_TRY(
      std::string fits,
      connection.ask(
          "SELECT (datlocprovider = 'c' AND datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8') OR datlocprovider = 'b') "
          "AND encoding = pg_char_to_encoding('UTF8') "
          "FROM pg_database WHERE datname = current_database()"));
  if (fits == "t") return {};
  constexpr std::string_view kMake = "createdb --template=template0 --encoding=UTF8 --locale=C NAME";
  return makeError(
      ErrorCode::Unsupported,
      fmt::format("{}: the database must be UTF8 and compare text bytewise; make one with: {}", name, kMake),
      fmt::format("{}：数据库须为 UTF8 编码并按字节比较文本；请用以下命令创建：{}", name, kMake));
}

}  // namespace

bool isPostgresUrl(std::string_view where) {
  return where.starts_with("postgres://") || where.starts_with("postgresql://");
}

std::string shownUrl(const std::string& url) {
  std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(url.c_str(), nullptr),
                                                                       PQconninfoFree);
  std::map<std::string_view, std::string> known;
  for (const PQconninfoOption* one = options.get(); one != nullptr && one->keyword != nullptr; ++one)
    known[one->keyword] = one->val == nullptr ? "" : one->val;
  if (options == nullptr) return "";
  auto part = [&](std::string_view keyword, std::string_view before, std::string_view after) {
    return known[keyword].empty() ? "" : fmt::format("{}{}{}", before, known[keyword], after);
  };
  return "postgres://" + part("user", "", "@") + known["host"] + part("port", ":", "") + part("dbname", "/", "");
}

Result<std::unique_ptr<ModelStorage>> postgresPlace(const std::string& url, const std::string& schema) {
  std::string name = shownUrl(url);
  if (name.empty()) {
    return makeError(ErrorCode::Unsupported, "--views: expected postgres://user@host:port/database",
                     "--views：应为 postgres://用户@主机:端口/数据库");
  }
  // What comes before the URL, it may override.
  const char* keywords[] = {"connect_timeout", "fallback_application_name", "dbname", nullptr};
  const char* values[] = {"10", "pilotledger", url.c_str(), nullptr};
  PGconn* raw = PQconnectdbParams(keywords, values, 1);
  auto connection = std::make_shared<Connection>(raw, name);
  if (PQstatus(raw) != CONNECTION_OK) {
    std::string why = firstLine(PQerrorMessage(raw));
    return makeError(ErrorCode::Unavailable, fmt::format("{}: the PostgreSQL server cannot be reached: {}", name, why),
                     fmt::format("{}：无法连接 PostgreSQL 服务器：{}", name, why));
  }
  // One process after the other gives rows in one order; compiling a view's plan takes longer than running it.
  PL_CHECK(
      connection->execute("SET client_encoding = 'UTF8'; SET datestyle = 'ISO, YMD'; SET standard_conforming_strings = "
                          "on; SET extra_float_digits = 1; "
                          "SET client_min_messages = error; SET synchronous_commit = off; SET jit = off; SET "
                          "max_parallel_workers_per_gather = 0"));
  PL_CHECK(requireBytewise(*connection, name));
  return std::unique_ptr<ModelStorage>(std::make_unique<PostgresPlace>(std::move(connection), schema));
}

}  // namespace pilotledger::query
