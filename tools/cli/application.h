// Parsing and dispatch, apart from main so that tests can call it.
#pragma once

#include "tools/cli/command.h"

namespace pilotledger::cli {

// --lang if given, else LC_ALL, LC_MESSAGES, LANG.
Language chooseLanguage(int argc, const char* const* argv);

int run(int argc, const char* const* argv, Context& context);

}  // namespace pilotledger::cli
