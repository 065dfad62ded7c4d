#include <gtest/gtest.h>

#include <algorithm>

#include "tools/cli/command.h"
#include "tools/cli/parser_text.h"

namespace pilotledger::cli {
namespace {

TEST(Commands, HaveHelpInBothLanguagesAndExamples) {
  for (const Command& command : commands()) {
    EXPECT_FALSE(command.summary.en.empty() || command.summary.zh.empty()) << command.name;
    EXPECT_TRUE(command.examples.find("pilotledger ") != std::string_view::npos &&
                command.examples.find(" " + std::string(command.name)) != std::string_view::npos)
        << command.name;
    EXPECT_NE(command.declare, nullptr);
    EXPECT_FALSE(groupOf(command.name).en.empty()) << command.name << " stands under no heading of --help";
  }
}

// Whatever the option parser says has a text in Chinese.
TEST(Parser, SpeaksChinese) {
  auto complaint = [](std::vector<std::string> words) {
    CLI::App app;
    int number = 0;
    std::string word, other;
    bool flag = false;
    std::vector<std::string> two;
    app.add_option("--number", number)->check(CLI::Range(1, 9));
    app.add_option("--positive", number)->check(CLI::PositiveNumber);
    app.add_option("--word", word)->check(CLI::IsMember({"a", "b"}));
    app.add_option("--two", two)->expected(2);
    CLI::Option* one = app.add_flag("--flag", flag);
    app.add_option("--needs", other)->needs(one);
    app.add_option("--not", other)->excludes(one);
    app.add_option("file", other);
    CLI::App* sub = app.add_subcommand("sub");
    sub->add_option("needed", other)->required();
    std::reverse(words.begin(), words.end());
    try {
      app.parse(words);
    } catch (const CLI::Error& error) {
      return parserMessage(error);
    }
    return Message{};
  };
  for (const auto& words : std::vector<std::vector<std::string>>{{"--number", "10"},
                                                                 {"--number", "x"},
                                                                 {"--positive", "0"},
                                                                 {"--word", "c"},
                                                                 {"--word"},
                                                                 {"--two", "1"},
                                                                 {"--needs", "1"},
                                                                 {"--not", "1", "--flag"},
                                                                 {"--flag=maybe"},
                                                                 {"sub"},
                                                                 {"--frmat", "x", "y"}}) {
    Message said = complaint(words);
    ASSERT_FALSE(said.en.empty()) << words.front();
    EXPECT_NE(said.zh.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -:=.,{}[]()"),
              std::string::npos)
        << said.en;
    EXPECT_FALSE(said.zh.starts_with("参数有误")) << said.en;
  }
}

}  // namespace
}  // namespace pilotledger::cli
