// The engine over PostgreSQL; with postgres_connection.* the only ones that know libpq. Passwords are libpq's affair
// (PGPASSWORD, .pgpass): a URL may hold one, no message ever does.
#pragma once

#include <memory>
#include <string>

#include "query/sql/database.h"

namespace pilotledger::query {

bool isPostgresUrl(std::string_view where);  // postgres:// or postgresql://
// The URL as messages may say it: without a password. "" when libpq does not understand it.
std::string shownUrl(const std::string& url);

// A schema of that name in the database. Its rows are committed without waiting for the disk, as everything in it
// follows from the log. Processes that write take turns; those that find the model as they need it wait for nobody.
// Unavailable when the server is not there; Unsupported when the database does not compare text bytewise in UTF-8.
Result<std::unique_ptr<ModelStorage>> postgresPlace(const std::string& url, const std::string& schema);

}  // namespace pilotledger::query
