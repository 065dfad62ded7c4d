// Shared by the files of the export command.
#pragma once

#include <utility>
#include <vector>

#include "tools/cli/command.h"

namespace pilotledger::cli {

// Journals, data packages, SQLite: what is made of the read model.
using Subcommands = std::vector<std::pair<CLI::App*, Action>>;
Subcommands declareFactExports(CLI::App& app, const Context& context);

}  // namespace pilotledger::cli
