// The engine over SQLite; the only file pair that knows it.
#pragma once

#include <filesystem>

#include "query/database.h"

namespace pilotledger::query {

// An empty path is a database in memory.
Result<Database> openSqlite(const std::filesystem::path& path);

// A file; an empty path is a model in memory. The existing file stays until a new one is whole.
std::unique_ptr<ModelPlace> sqlitePlace(const std::filesystem::path& path);

}  // namespace pilotledger::query
