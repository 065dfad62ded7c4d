#include "query/sql/sqlite_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "events/base/civil_date.h"
#include "query/sql/stop_scope.h"

namespace pilotledger::query {
namespace {

thread_local SqliteBudget* spending = nullptr;  // of the guarded statement that this thread runs

// --- memory: the library's own allocator, counted

sqlite3_mem_methods system{};

void* counted(void* memory) {
  if (memory != nullptr && spending != nullptr) spending->memory += system.xSize(memory);
  return memory;
}
bool mayTake(int bytes) {
  if (spending == nullptr || spending->memory + bytes <= static_cast<std::int64_t>(spending->limits.memoryBytes))
    return true;
  spending->beyond = SqliteBudget::Beyond::Memory;
  return false;
}
void* allocate(int bytes) { return mayTake(bytes) ? counted(system.xMalloc(bytes)) : nullptr; }
void release(void* memory) {
  if (memory != nullptr && spending != nullptr) spending->memory -= system.xSize(memory);
  system.xFree(memory);
}
void* resize(void* memory, int bytes) {
  int before = system.xSize(memory);
  if (bytes > before && !mayTake(bytes - before)) return nullptr;
  void* after = system.xRealloc(memory, bytes);
  if (after != nullptr && spending != nullptr) spending->memory += system.xSize(after) - before;
  return after;
}

// The library takes an allocator only before its first use, so this runs before main.
[[maybe_unused]] const bool installed = [] {
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &system);
  sqlite3_mem_methods ours = system;
  ours.xMalloc = allocate;
  ours.xFree = release;
  ours.xRealloc = resize;
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK;
}();

// --- temporary files: the default file system, counted

constexpr int kTemporary =
    SQLITE_OPEN_TEMP_DB | SQLITE_OPEN_TRANSIENT_DB | SQLITE_OPEN_TEMP_JOURNAL | SQLITE_OPEN_SUBJOURNAL;
const sqlite3_io_methods* systemFile = nullptr;  // what the default file system gives every temporary file

int writeCounted(sqlite3_file* file, const void* bytes, int length, sqlite3_int64 offset) {
  if (spending != nullptr) {
    spending->temporary += static_cast<std::size_t>(length);
    if (spending->temporary > spending->limits.temporaryBytes) {
      spending->beyond = SqliteBudget::Beyond::Temporary;
      return SQLITE_FULL;
    }
  }
  return systemFile->xWrite(file, bytes, length, offset);
}

int openCounted(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* opened) {
  auto* below = static_cast<sqlite3_vfs*>(sqlite3_vfs_find(nullptr));
  int code = below->xOpen(vfs, name, file, flags, opened);
  if (code != SQLITE_OK || (flags & kTemporary) == 0) return code;
  static const sqlite3_io_methods methods = [&] {
    systemFile = file->pMethods;
    sqlite3_io_methods ours = *file->pMethods;
    ours.xWrite = writeCounted;
    return ours;
  }();
  PL_ASSERT(file->pMethods == systemFile);
  file->pMethods = &methods;
  return code;
}

// --- functions

// trim(text, characters) of the library takes minutes for a long list of characters, and nothing stops
// it in between.
constexpr std::size_t kMaxTrimmed = 64;
struct Sides {
  bool left, right;
};

std::size_t characterAt(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80) ++length;
  return length;
}

std::string_view textOf(sqlite3_value* value) {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return bytes == nullptr ? std::string_view()
                          : std::string_view(bytes, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

void trim(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL || sqlite3_value_type(arguments[1]) == SQLITE_NULL) return;
  std::string_view text = textOf(arguments[0]), list = textOf(arguments[1]);
  if (list.size() > kMaxTrimmed)
    return sqlite3_result_error(
        context, fmt::format("trim: at most {} bytes of characters to take away", kMaxTrimmed).c_str(), -1);
  std::vector<std::string_view> characters;
  for (std::size_t at = 0; at < list.size(); at += characters.back().size())
    characters.push_back(list.substr(at, characterAt(list, at)));
  auto takes = [&](bool fromLeft) {
    return std::find_if(characters.begin(), characters.end(),
                        [&](std::string_view c) { return fromLeft ? text.starts_with(c) : text.ends_with(c); });
  };
  const auto& sides = *static_cast<const Sides*>(sqlite3_user_data(context));
  for (auto one = takes(true); sides.left && one != characters.end(); one = takes(true))
    text.remove_prefix(one->size());
  for (auto one = takes(false); sides.right && one != characters.end(); one = takes(false))
    text.remove_suffix(one->size());
  sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

int replaceTrim(sqlite3* db, const char* name, const Sides& sides) {
  return sqlite3_create_function_v2(db, name, 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                    const_cast<Sides*>(&sides), trim, nullptr, nullptr, nullptr);
}

// --- limits

struct Limit {
  int id, value;
};
constexpr Limit kLimits[] = {{SQLITE_LIMIT_LENGTH, 500'000},
                             {SQLITE_LIMIT_SQL_LENGTH, static_cast<int>(kMaxForeignSql)},
                             {SQLITE_LIMIT_COLUMN, 500},
                             {SQLITE_LIMIT_EXPR_DEPTH, 200},
                             {SQLITE_LIMIT_COMPOUND_SELECT, 100},
                             {SQLITE_LIMIT_VDBE_OP, 1'000'000},
                             {SQLITE_LIMIT_FUNCTION_ARG, 32},
                             {SQLITE_LIMIT_ATTACHED, 0},
                             {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200},
                             {SQLITE_LIMIT_VARIABLE_NUMBER, 100},
                             {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
                             {SQLITE_LIMIT_WORKER_THREADS, 0}};

int stopLate(void*) {
  if (auto stop = StopScope::current(); stop && stop()) return 1;
  if (spending == nullptr || std::chrono::steady_clock::now() < spending->deadline) return 0;
  spending->beyond = SqliteBudget::Beyond::Time;
  return 1;
}

}  // namespace

const char* countingVfs() {
  static sqlite3_vfs ours = [] {
    sqlite3_vfs copy = *sqlite3_vfs_find(nullptr);
    copy.zName = "counted";
    copy.xOpen = openCounted;
    return copy;
  }();
  static const int registered = sqlite3_vfs_register(&ours, 0);
  PL_ASSERT(registered == SQLITE_OK);
  return ours.zName;
}

namespace {

// add_months(day, months): the ledger's definition, in which the last day of a month stays within the month. NULL for
// what is no date of these centuries.
void addMonthsSql(sqlite3_context* context, int, sqlite3_value** values) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
  bool given = text != nullptr && sqlite3_value_type(values[1]) == SQLITE_INTEGER;
  sqlite3_int64 months = sqlite3_value_int64(values[1]);
  constexpr int kMostMonths = 12 * 1000;
  if (!given || months > kMostMonths || months < -kMostMonths) return sqlite3_result_null(context);
  auto day = events::parseCivilDate(text);
  std::int32_t moved = day.ok() ? events::addMonths(*day, static_cast<int>(months)) : 0;
  if (!events::isCivilDate(moved)) return sqlite3_result_null(context);
  std::string result = events::formatCivilDate(moved);
  sqlite3_result_text(context, result.c_str(), static_cast<int>(result.size()), SQLITE_TRANSIENT);
}

}  // namespace

int hardenSqlite(sqlite3* db) {
  const char* kept[] = {"json_each", nullptr};
  int code = sqlite3_drop_modules(db, kept);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_progress_handler(db, 10'000, stopLate, nullptr);
  static constexpr Sides kBoth{true, true}, kLeft{true, false}, kRight{false, true};
  if (code == SQLITE_OK) code = replaceTrim(db, "trim", kBoth);
  if (code == SQLITE_OK) code = replaceTrim(db, "ltrim", kLeft);
  if (code == SQLITE_OK) code = replaceTrim(db, "rtrim", kRight);
  constexpr int kPure = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  if (code == SQLITE_OK)
    code = sqlite3_create_function_v2(db, "add_months", 2, kPure, nullptr, addMonthsSql, nullptr, nullptr, nullptr);
  return code;
}

SqliteGuard::SqliteGuard(sqlite3* db, const SqlLimits& limits, std::set<std::string>* columns)
    : db_(db), budget_{.limits = limits}, columns_(columns) {}

int SqliteGuard::authorize(void* guard, int action, const char* first, const char* second, const char*, const char*) {
  auto& of = *static_cast<SqliteGuard*>(guard);
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_READ:
      if (first != nullptr && sqlite3_strnicmp(first, "pragma_", 7) == 0) {  // settings and files, as tables
        of.refusedAction_ = true;
        return SQLITE_DENY;
      }
      if (of.columns_ != nullptr && first != nullptr && second != nullptr)
        of.columns_->insert(fmt::format("{}.{}", first, second));
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      if (second != nullptr && isListedFunction(second)) return SQLITE_OK;
      of.refusedFunction_ = second == nullptr ? "" : second;
      return SQLITE_DENY;
    default: of.refusedAction_ = true; return SQLITE_DENY;
  }
}

SqliteGuard::Preparing::Preparing(SqliteGuard& guard) : guard_(guard) {
  // Its first use declares the table, which would be refused as if the statement made one.
  sqlite3_exec(guard_.db_, "SELECT 1 FROM json_each('[]')", nullptr, nullptr, nullptr);
  sqlite3_set_authorizer(guard_.db_, authorize, &guard_);
  sqlite3_db_config(guard_.db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
}
SqliteGuard::Preparing::~Preparing() {
  sqlite3_set_authorizer(guard_.db_, nullptr, nullptr);
  sqlite3_db_config(guard_.db_, SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
}

SqliteGuard::Running::Running(SqliteGuard& guard) : guard_(guard), before_(spending) {
  for (const Limit& limit : kLimits) limitsBefore_[limit.id] = sqlite3_limit(guard_.db_, limit.id, limit.value);
  auto& budget = guard_.budget_;
  budget.deadline = std::min(budget.deadline, std::chrono::steady_clock::now() + budget.limits.time);
  spending = &budget;
}
SqliteGuard::Running::~Running() {
  spending = before_;
  for (const Limit& limit : kLimits) sqlite3_limit(guard_.db_, limit.id, limitsBefore_[limit.id]);
}

Error SqliteGuard::explain(Error error) const {
  if (!refusedFunction_.empty()) return functionRefused(refusedFunction_);
  if (refusedAction_) return invalidInput("SQL: only reading statements", "SQL：只允许查询语句");
  switch (budget_.beyond) {
    case SqliteBudget::Beyond::Time: return beyondTime(budget_.limits);
    case SqliteBudget::Beyond::Memory:
      return beyondLimit(fmt::format("it needs more than {} MiB of memory", budget_.limits.memoryBytes >> 20),
                         fmt::format("所需内存超过 {} MiB", budget_.limits.memoryBytes >> 20));
    case SqliteBudget::Beyond::Temporary:
      return beyondLimit(
          fmt::format("it writes more than {} MiB of temporary files", budget_.limits.temporaryBytes >> 20),
          fmt::format("临时文件超过 {} MiB", budget_.limits.temporaryBytes >> 20));
    case SqliteBudget::Beyond::Nothing: break;
  }
  return error;
}

}  // namespace pilotledger::query
