#include "query/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace pilotledger::query {
namespace {

Error fromSqlite(sqlite3* db, std::string_view doing, int code) {
  std::string text = fmt::format("SQL: {}{}{}", doing, doing.empty() ? "" : ": ", sqlite3_errmsg(db));
  switch (code & 0xff) {
    case SQLITE_BUSY: case SQLITE_LOCKED: case SQLITE_FULL: case SQLITE_CANTOPEN: case SQLITE_READONLY: case SQLITE_PERM:
    case SQLITE_IOERR:
      return makeError(ErrorCode::Unavailable, text, text);
    case SQLITE_CORRUPT: case SQLITE_NOTADB: return makeError(ErrorCode::Corruption, text, text);
    default: return invalidInput(text, text);
  }
}

// A reader may not touch files or settings through SQL.
int authorizeReading(void*, int action, const char* first, const char*, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT: case SQLITE_READ: case SQLITE_FUNCTION: case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_PRAGMA: {
      std::string_view name = first == nullptr ? "" : first;
      return name == "table_info" || name == "table_list" ? SQLITE_OK : SQLITE_DENY;
    }
    default: return SQLITE_DENY;
  }
}

}  // namespace

struct Statement::Rep {
  sqlite3_stmt* statement = nullptr;
  ~Rep() { sqlite3_finalize(statement); }
};

Statement::Statement() = default;
Statement::~Statement() = default;
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;

void Statement::bindInt(int parameter, std::int64_t value) {
  PL_ASSERT(sqlite3_bind_int64(rep_->statement, parameter, value) == SQLITE_OK);
}
void Statement::bindText(int parameter, std::string_view text) {
  PL_ASSERT(sqlite3_bind_text(rep_->statement, parameter, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT) == SQLITE_OK);
}
void Statement::bindStaticText(int parameter, std::string_view text) {
  PL_ASSERT(sqlite3_bind_text(rep_->statement, parameter, text.data(), static_cast<int>(text.size()), SQLITE_STATIC) == SQLITE_OK);
}
void Statement::bindNull(int parameter) { PL_ASSERT(sqlite3_bind_null(rep_->statement, parameter) == SQLITE_OK); }

bool Statement::hasParameter(const std::string& name) const {
  return sqlite3_bind_parameter_index(rep_->statement, (":" + name).c_str()) != 0;
}

void Statement::bindValue(int parameter, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    bindInt(parameter, *number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    bindText(parameter, *text);
  } else {
    bindNull(parameter);
  }
}

void Statement::bindNamed(const std::string& name, const Value& value) {
  int parameter = sqlite3_bind_parameter_index(rep_->statement, (":" + name).c_str());
  if (parameter == 0) return;
  bindValue(parameter, value);
}

Result<bool> Statement::step() {
  int code = sqlite3_step(rep_->statement);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return fromSqlite(sqlite3_db_handle(rep_->statement), "", code);
}

Status Statement::run() {
  while (true) {
    PL_TRY(bool row, step());
    if (!row) break;
  }
  reset();
  return {};
}

void Statement::reset() { sqlite3_reset(rep_->statement); }
int Statement::columns() const { return sqlite3_column_count(rep_->statement); }
std::string Statement::columnName(int column) const { return sqlite3_column_name(rep_->statement, column); }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(rep_->statement, column); }

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(rep_->statement, column));
  return bytes == nullptr ? "" : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(rep_->statement, column)));
}

Value Statement::value(int column) const {
  switch (sqlite3_column_type(rep_->statement, column)) {
    case SQLITE_NULL: return std::monostate{};
    case SQLITE_INTEGER: return integer(column);
    case SQLITE_FLOAT: return sqlite3_column_double(rep_->statement, column);
    default: return text(column);
  }
}

bool Statement::readOnly() const { return sqlite3_stmt_readonly(rep_->statement) != 0; }

struct Database::Rep {
  sqlite3* db = nullptr;
  ~Rep() { sqlite3_close_v2(db); }
};

Database::Database(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Database::~Database() = default;
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;

Result<Database> Database::open(const std::filesystem::path& path) {
  // One thread at a time uses a connection, and nobody asks how much memory SQLite holds: no locks.
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)configured;  // too late when the program has used SQLite before; then it is only slower
  auto rep = std::make_unique<Rep>();
  std::string name = path.empty() ? ":memory:" : path.string();
  int code = sqlite3_open_v2(name.c_str(), &rep->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) return fromSqlite(rep->db, name, code);
  sqlite3_busy_timeout(rep->db, 10'000);
  return Database(std::move(rep));
}

Status Database::execute(const std::string& sql) {
  int code = sqlite3_exec(rep_->db, sql.c_str(), nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  return fromSqlite(rep_->db, sql.substr(0, 200), code);
}

Result<Statement> Database::prepare(const std::string& sql) const {
  Statement statement;
  statement.rep_ = std::make_unique<Statement::Rep>();
  const char* rest = nullptr;
  int code = sqlite3_prepare_v3(rep_->db, sql.c_str(), static_cast<int>(sql.size()) + 1, SQLITE_PREPARE_PERSISTENT,
                                &statement.rep_->statement, &rest);
  if (code != SQLITE_OK) return fromSqlite(rep_->db, "", code);
  if (statement.rep_->statement == nullptr) return invalidInput("SQL: no statement", "没有 SQL 语句");
  std::string_view left = rest;
  if (left.find_first_not_of(" \t\r\n;") != left.npos) return invalidInput("SQL: one statement at a time", "一次只能执行一条 SQL");
  return statement;
}

Result<std::optional<std::string>> Database::scalar(const std::string& sql) const {
  PL_TRY(Statement statement, prepare(sql));
  PL_TRY(bool row, statement.step());
  if (!row) return std::optional<std::string>();
  return std::optional(statement.text(0));
}

void Database::onlyReading(bool set) { sqlite3_set_authorizer(rep_->db, set ? authorizeReading : nullptr, nullptr); }

Result<std::set<std::string>> Database::columnsRead(const std::string& sql) {
  std::set<std::string> columns;
  auto note = [](void* into, int action, const char* table, const char* column, const char* third, const char* fourth) {
    if (action == SQLITE_READ && table != nullptr && column != nullptr) {
      static_cast<std::set<std::string>*>(into)->insert(fmt::format("{}.{}", table, column));
    }
    return authorizeReading(nullptr, action, table, column, third, fourth);
  };
  sqlite3_set_authorizer(rep_->db, note, &columns);
  auto statement = prepare(sql);
  sqlite3_set_authorizer(rep_->db, nullptr, nullptr);
  if (!statement.ok()) return statement.error();
  return columns;
}

std::string quoteText(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

}  // namespace pilotledger::query
