// completion, manual: what the table of commands gives a shell and a reader of man pages.
#include <fmt/format.h>

#include <algorithm>

#include "tools/cli/command.h"

namespace pilotledger::cli {
namespace {

struct Described {
  const Command* command;
  std::unique_ptr<CLI::App> app;
};

// Every command with its options declared, as the program itself does.
std::vector<Described> describedCommands(const Context& context) {
  std::vector<Described> all;
  for (const Command& command : commands()) {
    auto app = std::make_unique<CLI::App>(std::string(context.say(command.summary.en, command.summary.zh)),
                                          std::string(command.name));
    command.declare(*app, context);
    all.push_back({&command, std::move(app)});
  }
  return all;
}

std::vector<std::string> optionWords(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
    for (const std::string& name : option->get_snames()) words.push_back("-" + name);
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

std::vector<std::string> subcommandWords(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    words.push_back(sub->get_name());
  return words;
}

// Words only; a file name where none fits. Sourced by bash: `. <(pilotledger completion)`.
std::string bashCompletion(const Context& context) {
  std::string names, cases;
  CLI::App globals;
  declareGlobalOptions(globals, context);
  for (const Described& one : describedCommands(context)) {
    names += fmt::format("{}{}", names.empty() ? "" : " ", one.command->name);
    auto words = optionWords(*one.app);
    auto subs = subcommandWords(*one.app);
    words.insert(words.begin(), subs.begin(), subs.end());
    cases += fmt::format("    {}) words=\"{}\" ;;\n", one.command->name, fmt::join(words, " "));
  }
  return fmt::format(R"(_pilotledger() {{
  local globals="{}" names="{}" words="" command="" i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case " $names " in *" ${{COMP_WORDS[i]}} "*) command=${{COMP_WORDS[i]}}; break ;; esac
  done
  case "$command" in
    "") words=$names ;;
{}  esac
  COMPREPLY=($(compgen -W "$words $globals" -- "${{COMP_WORDS[COMP_CWORD]}}"))
  [ ${{#COMPREPLY[@]}} -gt 0 ] || COMPREPLY=($(compgen -f -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o filenames -F _pilotledger pilotledger
)",
                     fmt::join(optionWords(globals), " "), names, cases);
}

// As troff takes it: no line begins a request, no backslash an escape, no hyphen turns into another character.
std::string troff(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool begins = i == 0 || text[i - 1] == '\n';
    if (begins && (text[i] == '.' || text[i] == '\'')) out += "\\&";
    if (text[i] == '\\') out += "\\e";
    else if (text[i] == '-') out += "\\-";
    else out += text[i];
  }
  return out;
}

std::string optionsPage(const CLI::App& app) {
  std::string text;
  for (const CLI::Option* option : app.get_options()) {
    std::string value = option->get_items_expected_max() > 0 ? " " + option->get_type_name() : "";
    text += fmt::format(".TP\n.B {}{}\n{}\n", troff(option->get_name(false, true)), troff(value),
                        troff(option->get_description()));
  }
  return text;
}

std::string manualPage(const Context& context) {
  std::string text = fmt::format(
      ".TH PILOTLEDGER 1\n.SH {}\npilotledger \\- {}\n.SH {}\n.B pilotledger\n[{}] {} [{}]\n.SH {}\n",
      context.say("NAME", "名称"),
      context.say("a signed, tamper-evident ledger of pilot platforms, subsidies and pledges",
                  "中试平台、补助与质押的签名防篡改账本"),
      context.say("SYNOPSIS", "用法"), context.say("GLOBAL OPTIONS", "全局选项"), context.say("COMMAND", "命令"),
      context.say("OPTIONS", "选项"), context.say("GLOBAL OPTIONS", "全局选项"));
  CLI::App globals;
  declareGlobalOptions(globals, context);
  text += optionsPage(globals);
  text += fmt::format(".SH {}\n", context.say("COMMANDS", "命令"));
  for (const Described& one : describedCommands(context)) {
    text += fmt::format(".SS {}\n{}\n", troff(one.command->name), troff(one.app->get_description()));
    for (const CLI::App* sub : one.app->get_subcommands([](const CLI::App*) { return true; }))
      text += fmt::format(".TP\n.B {}\n{}\n", troff(sub->get_name()), troff(sub->get_description()));
    text += optionsPage(*one.app);
    text += fmt::format(".PP\n.nf\n{}\n.fi\n", troff(one.command->examples));
  }
  text += fmt::format(".SH {}\n", context.say("EXIT STATUS", "退出码"));
  constexpr std::pair<int, Text> kExits[] = {
      {kOk, {"done; the answer is yes", "完成；答复为是"}},
      {kNo, {"the answer is no: damage, findings, a proof that does not hold", "答复为否：损坏、审计发现、证明不成立"}},
      {kUsage, {"bad usage", "用法有误"}},
      {kRefused, {"input refused", "输入被拒绝"}},
      {kNotFound, {"not found", "未找到"}},
      {kDamage, {"damage, or a fault of the program", "损坏，或程序缺陷"}},
      {kUnavailable, {"busy, locked, disk full, no permission", "忙、锁定、磁盘已满或无权限"}}};
  for (const auto& [code, meaning] : kExits)
    text += fmt::format(".TP\n.B {}\n{}\n", code, troff(context.say(meaning.en, meaning.zh)));
  return text;
}

}  // namespace

Action declareCompletion(CLI::App&, const Context&) {
  return [](Context& c) -> Result<int> {
    PL_CHECK(writeDocument(c, bashCompletion(c)));
    return kOk;
  };
}

Action declareManual(CLI::App&, const Context&) {
  return [](Context& c) -> Result<int> {
    PL_CHECK(writeDocument(c, manualPage(c)));
    return kOk;
  };
}

}  // namespace pilotledger::cli
