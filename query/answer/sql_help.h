// What `sql` can ask: the tables and columns with their labels, from the schema and the catalogue.
#pragma once

#include <string>

#include "query/answer/query.h"

namespace pilotledger::query {

// ".tables", ".tables award" (names that contain it), ".schema TABLE".
Result<Table> runDictionary(const AsOf& at, const std::string& command);

}  // namespace pilotledger::query
