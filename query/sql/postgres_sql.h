// One set of SQL for both engines: what PostgreSQL spells otherwise than SQLite, changed word by word.
// Functions that it lacks are in postgres.sql.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"

namespace pilotledger::query {

struct PostgresSql {
  std::string text;
  std::vector<std::string> parameters;            // by number from 1; those of "?" have no name
  std::set<std::string, std::less<>> factTables;  // named in it
  std::set<std::string, std::less<>> calls;       // what stands before a parenthesis as a function would, in upper case
};

// :name and ? become $1; INTEGER and REAL their wide types; 1.5 a float8; ORDER BY puts NULL first,
// as SQLite does; STRICT and WITHOUT ROWID are left out.
PostgresSql toPostgres(std::string_view sql);

// The server's own functions can read files, sleep and end other sessions: only listed ones are called. Where
// the words cannot be read safely (escapes, dollar quotes, nested comments), nothing is.
Status requireListedFunctions(std::string_view sql);

// A value in the text form of COPY; none is NULL.
void appendCopyText(std::string& row, const std::string* value);

}  // namespace pilotledger::query
