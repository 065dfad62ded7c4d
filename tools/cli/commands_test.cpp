#include <gtest/gtest.h>

#include "tools/cli/command.h"

namespace pilotledger::cli {
namespace {

TEST(Commands, HaveHelpInBothLanguagesAndExamples) {
  for (const Command& command : commands()) {
    EXPECT_FALSE(command.summary.en.empty() || command.summary.zh.empty()) << command.name;
    EXPECT_TRUE(command.examples.find("pilotledger ") != std::string_view::npos &&
                command.examples.find(" " + std::string(command.name)) != std::string_view::npos)
        << command.name;
    EXPECT_NE(command.declare, nullptr);
  }
}

}  // namespace
}  // namespace pilotledger::cli
