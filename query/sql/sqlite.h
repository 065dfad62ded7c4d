// The engine over SQLite; the only file pair that knows it.
#pragma once

#include <filesystem>

#include "query/sql/database.h"

namespace pilotledger::query {

// An empty path is a database in memory.
Result<Database> openSqlite(const std::filesystem::path& path);

// A file that stays until a new one is whole. An empty path, or a file that this process may not keep, is a private
// model: in memory while it is small, then in a file without a name that nobody else opens and no kill leaves behind
// (below SQLITE_TMPDIR, TMPDIR or /var/tmp).
std::unique_ptr<ModelStorage> sqlitePlace(const std::filesystem::path& path,
                                          std::chrono::milliseconds patience = kTurnPatience);

}  // namespace pilotledger::query
