#include "query/sql/sqlite_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace pilotledger::query {
namespace {

constexpr std::size_t kCellsAtOnce = 1 << 17;  // some 5,000 events; twice that is in memory, 16 bytes each and the text

// The rows of a buffer as a table that SQLite reads: of INSERT ... SELECT it costs less than a
// statement run for each row. (https://www.sqlite.org/vtab.html, "Eponymous-only Virtual Tables")
struct BufferTable {
  sqlite3_vtab base;
  const RowBuffer* rows;
  std::size_t columns;
};
struct Cursor {
  sqlite3_vtab_cursor base;
  const RowBuffer* rows;
  std::size_t at, columns;  // the row's first cell
};

// What a module is made with.
struct Shape {
  const RowBuffer* rows;
  std::size_t columns;
};

int connect(sqlite3* db, void* shape, int, const char* const*, sqlite3_vtab** made, char**) {
  const auto& of = *static_cast<const Shape*>(shape);
  std::string sql = "CREATE TABLE x(c0";
  for (std::size_t i = 1; i < of.columns; ++i) sql += fmt::format(",c{}", i);
  int code = sqlite3_declare_vtab(db, (sql + ")").c_str());
  if (code == SQLITE_OK) *made = &(new BufferTable{{}, of.rows, of.columns})->base;
  return code;
}
int disconnect(sqlite3_vtab* table) {
  delete reinterpret_cast<BufferTable*>(table);
  return SQLITE_OK;
}
int bestIndex(sqlite3_vtab*, sqlite3_index_info*) { return SQLITE_OK; }
int openCursor(sqlite3_vtab* table, sqlite3_vtab_cursor** made) {
  const auto& of = *reinterpret_cast<BufferTable*>(table);
  *made = &(new Cursor{{}, of.rows, 0, of.columns})->base;
  return SQLITE_OK;
}
int closeCursor(sqlite3_vtab_cursor* cursor) {
  delete reinterpret_cast<Cursor*>(cursor);
  return SQLITE_OK;
}
int first(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
  reinterpret_cast<Cursor*>(cursor)->at = 0;
  return SQLITE_OK;
}
int next(sqlite3_vtab_cursor* cursor) {
  auto& of = *reinterpret_cast<Cursor*>(cursor);
  of.at += of.columns;
  return SQLITE_OK;
}
int ended(sqlite3_vtab_cursor* cursor) {
  const auto& of = *reinterpret_cast<Cursor*>(cursor);
  return of.at >= of.rows->cells.size() ? 1 : 0;
}
int column(sqlite3_vtab_cursor* cursor, sqlite3_context* result, int index) {
  const auto& of = *reinterpret_cast<Cursor*>(cursor);
  const RowBuffer::Cell& cell = of.rows->cells[of.at + static_cast<std::size_t>(index)];
  if (cell.type == RowBuffer::Cell::Integer) sqlite3_result_int64(result, cell.number);
  if (cell.type == RowBuffer::Cell::Text)
    sqlite3_result_text(result, of.rows->text.data() + cell.number, cell.size, SQLITE_STATIC);
  return SQLITE_OK;
}
int rowId(sqlite3_vtab_cursor* cursor, sqlite3_int64* id) {
  *id = static_cast<sqlite3_int64>(reinterpret_cast<Cursor*>(cursor)->at);
  return SQLITE_OK;
}

const sqlite3_module* bufferModule() {
  static const sqlite3_module module = [] {
    sqlite3_module m{};
    m.xConnect = connect;
    m.xBestIndex = bestIndex;
    m.xDisconnect = disconnect;
    m.xOpen = openCursor;
    m.xClose = closeCursor;
    m.xFilter = first;
    m.xNext = next;
    m.xEof = ended;
    m.xColumn = column;
    m.xRowid = rowId;
    return m;
  }();
  return &module;
}

// Of what a file's trouble is told, and what helps.
Message fileTrouble(sqlite3* db, int code) {
  const char* name = sqlite3_db_filename(db, "main");
  bool named = name != nullptr && *name != '\0';
  std::string en = named ? name : "the temporary file of a read model (below SQLITE_TMPDIR, TMPDIR or /var/tmp)";
  std::string zh = named ? name : "读模型的临时文件（位于 SQLITE_TMPDIR、TMPDIR 或 /var/tmp）";
  if ((code & 0xff) == SQLITE_FULL) {
    return {en + ": the disk, or that of temporary files, is full; free some space and run this again",
            zh + "：磁盘或临时文件所在磁盘已满，请清理空间后重试"};
  }
  int systemError = sqlite3_system_errno(db);
  std::string why =
      fmt::format("{}{}", sqlite3_errmsg(db), systemError == 0 ? "" : fmt::format(" ({})", std::strerror(systemError)));
  return {en + ": " + why, zh + "：" + why};
}

}  // namespace

Error fromSqlite(sqlite3* db, std::string_view doing, int code) {
  std::string text = fmt::format("SQL: {}{}{}", doing, doing.empty() ? "" : ": ", sqlite3_errmsg(db));
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_IOERR: {
      Message trouble = fileTrouble(db, code);
      return makeError(ErrorCode::Unavailable, std::move(trouble.en), std::move(trouble.zh));
    }
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM: return makeError(ErrorCode::Unavailable, text, text);
    case SQLITE_INTERRUPT:
      return makeError(ErrorCode::Unavailable, "the question was stopped before its answer: its time is over",
                       "查询未完成即被中止：已超过时限");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return makeError(ErrorCode::Corruption, text, text);
    default: return invalidInput(text, text);
  }
}

// Rows for one table: `filling` is the caller's, `writing` the writing thread's.
class BulkInserter::Table {
 public:
  Table(BulkInserter& queue, std::size_t width) : columns(width), queue_(&queue), shape_{&writing, width} {
    queue.tables_.push_back(this);
  }
  ~Table() {
    forgetUnmade();
    (void)queue_->settle().ok();  // what went wrong stays with the queue
    queue_->waiting_ -= filling.cells.size();
    std::erase(queue_->tables_, this);
    sqlite3_finalize(statement_);
    if (!module_.empty()) sqlite3_create_module_v2(queue_->db_, module_.c_str(), nullptr, nullptr, nullptr);
  }

  Status prepare(const std::string& table, const std::string& columnList) {
    table_ = table;
    module_ = fmt::format("rows_{}", queue_->made_++);
    int code = sqlite3_create_module_v2(queue_->db_, module_.c_str(), bufferModule(), &shape_, nullptr);
    std::string sql = fmt::format("INSERT INTO {} ({}) SELECT * FROM {}", table, columnList, module_);
    if (code == SQLITE_OK)
      code = sqlite3_prepare_v3(queue_->db_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
    return code == SQLITE_OK ? Status() : Status(fromSqlite(queue_->db_, table, code));
  }

  // In the writing thread.
  Status write() {
    if (writing.cells.empty()) return {};
    int code = sqlite3_step(statement_);
    Status outcome = code == SQLITE_DONE ? Status() : Status(fromSqlite(queue_->db_, table_, code));
    sqlite3_reset(statement_);
    writing.cells.clear();
    writing.text.clear();
    return outcome;
  }

  // A row that was bound and not run.
  void forgetUnmade() {
    if (row != nullptr) filling.cells.resize(filling.cells.size() - columns);
    row = nullptr;
  }

  BulkInserter& queue() { return *queue_; }
  RowBuffer filling, writing;
  const std::size_t columns;
  RowBuffer::Cell* row = nullptr;  // that is being made, the last of `filling`

 private:
  BulkInserter* queue_;
  Shape shape_;
  std::string table_, module_;
  sqlite3_stmt* statement_ = nullptr;
};

// The statement that the caller binds a row to.
class QueuedInsert final : public StatementEngine {
 public:
  QueuedInsert(BulkInserter& queue, std::size_t columns) : table_(queue, columns) {}
  BulkInserter::Table& table() { return table_; }

  void bindInt(int parameter, std::int64_t value) override { cell(parameter) = {RowBuffer::Cell::Integer, 0, value}; }
  void bindText(int parameter, std::string_view text) override {
    std::string& all = table_.filling.text;
    cell(parameter) = {RowBuffer::Cell::Text, static_cast<std::int32_t>(text.size()),
                       static_cast<std::int64_t>(all.size())};
    all += text;
  }
  void bindStaticText(int parameter, std::string_view text) override { bindText(parameter, text); }
  void bindNull(int parameter) override { cell(parameter) = {}; }

  Status run() override {
    PL_ASSERT(table_.row != nullptr);
    table_.row = nullptr;
    return table_.queue().rowMade(table_.columns);
  }

 private:
  RowBuffer::Cell& cell(int parameter) {
    if (table_.row == nullptr) {
      auto& cells = table_.filling.cells;
      cells.resize(cells.size() + table_.columns);
      table_.row = &cells[cells.size() - table_.columns];
    }
    return table_.row[parameter - 1];
  }

  BulkInserter::Table table_;
};

Result<Statement> BulkInserter::insert(const std::string& table, const std::string& columns) {
  PL_CHECK(settle());
  auto made = std::make_unique<QueuedInsert>(
      *this, static_cast<std::size_t>(std::count(columns.begin(), columns.end(), ',')) + 1);
  PL_CHECK(made->table().prepare(table, columns));
  return Statement(std::move(made));
}

Status BulkInserter::rowMade(std::size_t cells) {
  waiting_ += cells;
  return waiting_ < kCellsAtOnce ? Status() : handOver();
}

Status BulkInserter::written() {
  if (writing_.valid()) {
    if (Status status = writing_.get(); outcome_.ok()) outcome_ = std::move(status);
  }
  return outcome_;
}

Status BulkInserter::handOver() {
  PL_CHECK(written());
  if (waiting_ == 0) return {};
  for (Table* table : tables_) {
    table->forgetUnmade();
    std::swap(table->filling, table->writing);
  }
  waiting_ = 0;
  writing_ = std::async(std::launch::async, [this]() -> Status {
    for (Table* table : tables_) PL_CHECK(table->write());
    return {};
  });
  return {};
}

Status BulkInserter::settleNow() {
  PL_CHECK(handOver());
  return written();
}

void BulkInserter::discard() {
  (void)written().ok();
  for (Table* table : tables_) {
    table->filling = table->writing = {};
    table->row = nullptr;
  }
  waiting_ = 0;
  outcome_ = {};
}

}  // namespace pilotledger::query
