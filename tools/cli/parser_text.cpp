#include "tools/cli/parser_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

namespace pilotledger::cli {
namespace {

// A sentence of CLI11 2.1 and what it says. Both engines of words put the captures where {0}, {1}, {2} stand.
struct Sentence {
  const char* pattern;
  std::string_view zh;
};

constexpr Sentence kSentences[] = {
    {"^The following arguments? (?:was|were) not expected: (.*)$", "不认识的参数：{0}"},
    {"^A subcommand is required$", "缺少子命令"},
    {"^Requires at least (\\d+) subcommands$", "至少需要 {0} 个子命令"},
    {"^Exactly 1 option from \\[(.*)\\] is required$", "须在 {0} 中给出一项"},
    {"^Exactly 1 option from \\[(.*)\\] is required and (\\d+) were given$", "{0} 中只能给出一项，实为 {1} 项"},
    {"^At least 1 option from \\[(.*)\\] is required$", "{0} 中至少须给出一项"},
    {"^Requires at most (\\d+) options be (?:given|used) .*\\[(.*)\\]$", "{1} 中最多给出 {0} 项"},
    {"^(.*) is required$", "缺少 {0}"},
    {"^(.*) requires (.*)$", "{0} 须与 {1} 同用"},
    {"^(.*) excludes (.*)$", "{0} 不能与 {1} 同用"},
    {"^Expected exactly (\\d+) arguments to (.*), got (\\d+)$", "{1} 应有 {0} 个值，实为 {2} 个"},
    {"^Expected at least (\\d+) arguments to (.*), got (\\d+)$", "{1} 至少应有 {0} 个值，实为 {2} 个"},
    {"^(.*): At least (\\d+) required but received (\\d+)$", "{0} 至少应有 {1} 个值，实为 {2} 个"},
    {"^(.*): At Most (\\d+) required but received (\\d+)$", "{0} 最多只能有 {1} 个值，实为 {2} 个"},
    {"^(.*): (\\d+) required .* missing$", "{0} 缺少 {1} 个值"},
    {"^(.*) was given a disallowed flag override$", "{0} 不带值"},
    {"^The value (.*) is not an allowed value for (.*)$", "{1} 不能取值“{0}”"},
    {"^Could not convert: (.*) = (.*)$", "{0}：无法识别“{1}”"},
    {"^(.*): too many inputs for a flag$", "{0} 只能给出一次，且不带值"},
    {"^(.*): Should be true/false or a number$", "{0} 应为 true、false 或数字"},
    {"^(.*): (.*) not in \\{(.*)\\}$", "{0}：不能为“{1}”，可用：{2}"},
    {"^(.*): Value (.*) not in range (.*) to (.*)$", "{0}：“{1}”不在 {2} 至 {3} 之间"},
    {"^(.*): Failed parsing number \\(?(.*?)\\)?$", "{0}：“{1}”不是数字"},
    {"^(.*): Failed parsing (.*) as a (.*)$", "{0}：“{1}”不是所需的数字"},
    {"^(.*): Number less or equal to 0: (.*)$", "{0}：应大于 0，实为“{1}”"},
    {"^(.*) was not readable \\(missing\\?\\)$", "无法读取 {0}"},
};

std::string filled(std::string_view form, const std::smatch& parts) {
  std::string text;
  for (std::size_t i = 0; i < form.size(); ++i) {
    bool hole = form[i] == '{' && i + 2 < form.size() && form[i + 2] == '}';
    if (!hole) {
      text += form[i];
      continue;
    }
    text += parts[static_cast<std::size_t>(form[i + 1] - '0') + 1].str();
    i += 2;
  }
  return text;
}

struct Group {
  Text title;
  std::string_view commands;  // with a blank before and behind each
};

constexpr Group kGroups[] = {
    {{"Ask", "查询"}, " view audit dossier pledge ledgers sql log show entity reconcile catalogue "},
    {{"Record", "记录"}, " record correct reverse template sign submit inbox evidence import seal disclose erase "},
    {{"Prove and check", "证明与核验"}, " prove verify checkpoint witness fork-evidence report access-log "},
    {{"Run a ledger", "运行账本"},
     " init status key serve login logout login-sign backup restore follow takeover cluster export "},
    {{"Other", "其他"}, " simulate completion manual "}};

}  // namespace

Message parserMessage(const CLI::Error& error) {
  std::string said = error.what();
  for (const Sentence& sentence : kSentences) {
    std::smatch parts;
    if (std::regex_match(said, parts, std::regex(sentence.pattern))) return {said, filled(sentence.zh, parts)};
  }
  // A check of ours: OPTION: what is wrong, in the language of the reader already.
  bool ours = std::any_of(said.begin(), said.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return {said, ours ? said : "参数有误：" + said};
}

void nameHelpParts(CLI::App& app, const Context& context) {
  if (!context.zh()) return;
  auto formatter = std::make_shared<CLI::Formatter>();
  for (auto [en, zh] : {std::pair("Usage", "用法"),
                        {"OPTIONS", "选项"},
                        {"SUBCOMMAND", "命令"},
                        {"SUBCOMMANDS", "命令"},
                        {"Positionals", "参数"},
                        {"REQUIRED", "必填"},
                        {"Env", "环境变量"},
                        {"Needs", "须同用"},
                        {"Excludes", "不可同用"},
                        {"TEXT", "文本"},
                        {"UINT", "数字"},
                        {"INT", "数字"}})
    formatter->label(en, zh);
  app.formatter(formatter);
  app.option_defaults()->group("选项");
}

Text groupOf(std::string_view command) {
  for (const Group& group : kGroups) {
    if (group.commands.find(" " + std::string(command) + " ") != std::string_view::npos) return group.title;
  }
  return {};
}

}  // namespace pilotledger::cli
