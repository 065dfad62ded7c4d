// Shared by the files of the export command.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/cli/command.h"

namespace pilotledger::cli {

// Whole or not at all: a follower never reads half a file. Makes the directories above it.
Status writeWhole(const std::filesystem::path& path, std::string_view bytes);

// Journals, data packages, SQLite: what is made of the read model.
using Subcommands = std::vector<std::pair<CLI::App*, Action>>;
Subcommands declareFactExports(CLI::App& app, const Context& context);

}  // namespace pilotledger::cli
