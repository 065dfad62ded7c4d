// What the option parser says, in the language of the reader: its complaints, and the frame of its help.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include "tools/cli/command.h"

namespace pilotledger::cli {

// Of an error of CLI11. What this file does not know stays in the parser's English, behind a sentence in Chinese.
Message parserMessage(const CLI::Error& error);

// Headings and marks of --help, for this program and all its commands.
void nameHelpParts(CLI::App& app, const Context& context);

// The heading under which --help lists a command.
Text groupOf(std::string_view command);

}  // namespace pilotledger::cli
