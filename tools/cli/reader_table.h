// Tables as people read them.
#pragma once

#include "query/answer/query.h"
#include "tools/cli/command.h"

namespace pilotledger::cli {

// Of columns in both languages, people get their own; programs (csv, json) get both.
void keepReadersLanguage(const Context& context, query::Table& table);

}  // namespace pilotledger::cli
