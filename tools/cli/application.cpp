#include "tools/cli/application.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <system_error>

#include "events/base/text.h"
#include "tools/cli/parser_text.h"
#include "tools/cli/remote.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

constexpr const char* kVersion = "pilotledger 0.4.0";

std::string helpFooter(const Command& command, const Context& context) {
  return fmt::format(
      "\n{}\n{}\n\n{}", context.say("Examples:", "示例："), command.examples,
      context.say("Every command also takes --ledger, --lang, --format, --output, --quiet; see pilotledger --help.",
                  "各命令均可用 --ledger、--lang、--format、--output、--quiet；见 pilotledger --help。"));
}

}  // namespace

void declareGlobalOptions(CLI::App& app, Context& context, std::string& language) {
  app.add_option("--ledger", context.ledgerDirectory, std::string(context.say("directory of the ledger", "账本目录")))
      ->envname("PILOTLEDGER_DIR")
      ->default_val("ledger");
  app.add_option("--lang", language, std::string(context.say("language of messages: zh or en", "提示语言：zh 或 en")))
      ->check(CLI::IsMember({"zh", "en"}));
  app.add_option("--format", context.format,
                 std::string(context.say("table, csv, json, jsonl, xlsx, html or zip",
                                         "输出格式：table、csv、json、jsonl、xlsx、html、zip")))
      ->check(CLI::IsMember({"table", "csv", "json", "jsonl", "xlsx", "html", "zip"}));
  app.add_option("-o,--output", context.outputFile,
                 std::string(context.say("write the result to FILE", "结果写入文件")));
  app.add_flag("!--no-pager", context.pager,
               std::string(context.say("long output straight to the terminal", "长输出不经分页程序")));
  app.add_flag("--bom", context.bom,
               std::string(context.say("csv with a byte order mark, for Excel", "csv 带字节序标记，便于 Excel 打开")));
  app.add_option(
         "--vault", context.vaultFile,
         std::string(context.say("file of sealed numbers and openings; default vault.sqlite in the ledger's directory",
                                 "封存号码与开启信息文件；默认为账本目录下的 vault.sqlite")))
      ->envname("PILOTLEDGER_VAULT");
  app.add_option(
         "--views", context.viewsAt,
         std::string(context.say(
             "read model: a file, or postgres://user@host/database; default views.sqlite in the ledger's directory",
             "读模型：文件，或 postgres://用户@主机/数据库；默认为账本目录下的 views.sqlite")))
      ->envname("PILOTLEDGER_VIEWS");
  app.add_flag("--fresh", context.fresh,
               std::string(context.say(
                   "verify the log and compute the answer from it, instead of from the read model that is kept",
                   "先核验日志，再由日志重新计算答复，不使用已有的读模型")));
  app.add_option("--wait", context.waitSeconds,
                 std::string(context.say("seconds to wait while another process writes", "另一进程写入时等待的秒数")))
      ->check(CLI::Range(0, 86400));
  CLI::Option* server = app.add_option(
      "--server", context.server,
      std::string(context.say("ask this server (pilotledger serve): https://HOST[:PORT] or unix:/PATH",
                              "向该服务器查询（pilotledger serve）：https://主机[:端口] 或 unix:/路径")));
  app.add_option("--server-key", context.serverKey,
                 std::string(context.say("public key of its log, for the first contact", "其日志公钥，供首次连接核对")))
      ->needs(server);
  app.add_option("--server-ca", context.serverAuthorities, std::string(context.say(kTlsAuthorities)))->needs(server);
  app.add_flag("--quiet", context.quiet, std::string(context.say("no progress, no remarks", "不显示进度和说明")));
}

void declareGlobalOptions(CLI::App& app, const Context& context) {
  static std::string language;
  static Context unused;
  unused.language = context.language;
  declareGlobalOptions(app, unused, language);
}

namespace {

int usage(const std::string& message, const Context& context) {
  printRemark(
      fmt::format("pilotledger: {}\n{}", message, context.say("Run with --help for help.", "使用 --help 查看帮助。")));
  return kUsage;
}

int unknownCommand(const std::string& word, const Context& context) {
  std::vector<std::string_view> names;
  for (const Command& command : commands()) names.push_back(command.name);
  std::string_view close = events::nearest(word, names);
  std::string hint = close.empty() ? ""
                                   : fmt::format("{}", context.zh() ? fmt::format("；是否为 {}？", close)
                                                                    : fmt::format("; did you mean '{}'?", close));
  return usage(fmt::format("{} '{}'{}", context.say("unknown command", "未知命令"), word, hint), context);
}

int report(const Error& error, const Context& context) {
  printRemark(context.format == "json" ? describeJson(error) : describe(error, context.language));
  return statusOf(error.code).exit;
}

// The first argument that is neither an option nor an option's value.
std::string firstWord(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    std::string_view argument = argv[i];
    if (argument == "--ledger" || argument == "--lang" || argument == "--format" || argument == "-o" ||
        argument == "--output" || argument == "--vault" || argument == "--views" || argument == "--wait" ||
        argument.starts_with("--server")) {
      i += argument.find('=') == argument.npos ? 1 : 0;
    } else if (!argument.starts_with('-')) {
      return std::string(argument);
    }
  }
  return "";
}

// "help" and "help view" are --help and view --help.
std::vector<const char*> withHelpAsked(int argc, const char* const* argv) {
  std::vector<const char*> words(argv, argv + argc);
  if (firstWord(argc, argv) != "help") return words;
  words.erase(
      std::find_if(words.begin() + 1, words.end(), [](const char* word) { return std::strcmp(word, "help") == 0; }));
  words.push_back("--help");
  return words;
}

// A format that the command does not have would come out as another one.
Status requireFormat(const CLI::App& parsed, const Context& context) {
  auto command = std::find_if(commands().begin(), commands().end(),
                              [&](const Command& one) { return one.name == parsed.get_name(); });
  if (command == commands().end()) return {};
  std::string has = "table, json, jsonl";
  if (command->formats == Formats::Form) has += ", xlsx";
  if (command->formats == Formats::Booklet) has += ", xlsx, html, zip";
  if (command->formats == Formats::Csv || command->formats == Formats::Tables) has += ", csv";
  if (command->formats == Formats::Tables) has += ", xlsx, html";
  bool text = context.format == "table" || context.format == "json" || context.format == "jsonl";
  if (text || has.find(context.format) != has.npos) return {};
  return makeError(ErrorCode::Unsupported,
                   fmt::format("{} has no format {}; it has: {}", command->name, context.format, has),
                   fmt::format("{} 没有 {} 格式；可用：{}", command->name, context.format, has));
}

bool isGiven(int argc, const char* const* argv, std::string_view option) {
  return std::any_of(argv, argv + argc, [&](std::string_view word) {
    return word == option || (word.starts_with(option) && word.substr(option.size()).starts_with('='));
  });
}

// Endings that say what a file is, whatever wrote it.
constexpr std::string_view kForms = " .csv .json .jsonl .ndjson .xlsx .xls .html .htm .zip ";
constexpr std::string_view kForeign = " .pdf .doc .docx .ppt .pptx .odt .ods .rtf .png .jpg .jpeg .gif .svg .xlsm ";

// Files for pilotledger-verify and its like are the same whatever the format, and no other program opens them.
bool writesDocument(const CLI::App& parsed, int argc, const char* const* argv) {
  const std::string name = parsed.get_name();
  if (name == "checkpoint") return !isGiven(argc, argv, "--timestamps");
  if (name == "report") return parsed.got_subcommand("certify");
  return name == "prove";
}

// What cannot come out as its name says is refused before anything is done.
Status requireFittingOutput(const CLI::App& parsed, const Context& context, int argc, const char* const* argv) {
  const std::string name = parsed.get_name();
  const bool document = writesDocument(parsed, argc, argv);
  if (document && context.format != "table") {
    return makeError(
        ErrorCode::Unsupported,
        fmt::format("{} writes one form, whatever the format; leave out --format {}", name, context.format),
        fmt::format("{} 只有一种输出形式；请去掉 --format {}", name, context.format));
  }
  std::string ending = std::filesystem::path(context.outputFile).extension().string();
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (ending.empty()) return {};
  const std::string word = " " + ending + " ";
  const bool unfit = kForeign.find(word) != kForeign.npos || (document && kForms.find(word) != kForms.npos);
  if (!unfit) return {};
  return makeError(ErrorCode::Unsupported,
                   fmt::format("-o {}: {} writes no {} file; take another name", context.outputFile, name, ending),
                   fmt::format("-o {}：{} 不生成 {} 文件；请另取文件名", context.outputFile, name, ending));
}

// With --server nothing of this machine's ledgers is meant, and not every command can be asked of a server.
Status requireRemote(const CLI::App& parsed, const Context& context, int argc, const char* const* argv) {
  if (!isRemote(context)) return {};
  std::string command = parsed.get_name();
  auto served = servedCommands();
  if (std::find(served.begin(), served.end(), command) == served.end()) {
    std::string all = fmt::format("{}", fmt::join(served, ", "));
    return makeError(ErrorCode::Unsupported,
                     fmt::format("{} works beside the ledger, not over --server; over it: {}", command, all),
                     fmt::format("{} 须在账本所在处执行，不能用于 --server；可用：{}", command, all));
  }
  return requireServed({{"--ledger", isGiven(argc, argv, "--ledger")},
                        {"--vault", isGiven(argc, argv, "--vault")},
                        {"--views", isGiven(argc, argv, "--views")},
                        {"--fresh", context.fresh}});
}

bool isCommand(const std::string& word) {
  for (const Command& command : commands()) {
    if (command.name == word) return true;
  }
  return false;
}

int finish(Result<int> outcome, const Context& context) {
  if (!outcome.ok()) context.output->reset();  // half a result is none
  Status flushed = finishOutput(context);
  if (!outcome.ok()) return report(outcome.error(), context);
  if (!flushed.ok()) return report(flushed.error(), context);
  return *outcome;
}

// What a library throws ends here: no more memory or threads, or a fault of ours.
Result<int> guarded(const Action& action, Context& context) {
  auto unavailable = [](const char* why) {
    return makeError(ErrorCode::Unavailable,
                     fmt::format("the machine has no room for this now: {}; what was acknowledged is kept", why),
                     fmt::format("系统资源不足：{}；已确认的内容不受影响", why));
  };
  try {
    return action(context);
  } catch (const std::bad_alloc& failure) {
    return unavailable(failure.what());
  } catch (const std::system_error& failure) {
    return unavailable(failure.what());
  } catch (const std::exception& failure) {
    return makeError(
        ErrorCode::Internal,
        fmt::format("{}; this is a fault of the program: please report it with what you did", failure.what()),
        fmt::format("{}；此为程序缺陷，请连同操作步骤一并反馈", failure.what()));
  }
}

}  // namespace

Language chooseLanguage(int argc, const char* const* argv) {
  std::string chosen;
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') {
      chosen = value;
      break;
    }
  }
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--lang") == 0 && i + 1 < argc) chosen = argv[i + 1];
    if (std::strncmp(argv[i], "--lang=", 7) == 0) chosen = argv[i] + 7;
  }
  return chosen.starts_with("zh") ? Language::Chinese : Language::English;
}

int run(int argc, const char* const* argv, Context& context) {
  CLI::App app{std::string(context.say(
                   "PilotLedger: a signed, tamper-evident ledger of pilot platforms, subsidies, contracts and pledges",
                   "PilotLedger：中试平台、补助、技术合同与质押的签名防篡改账本")),
               "pilotledger"};
  app.set_version_flag("--version", kVersion);
  app.set_help_flag("-h,--help", std::string(context.say("print this help", "显示帮助")));
  nameHelpParts(app, context);
  app.fallthrough();
  app.require_subcommand(0, 1);
  std::string language;
  declareGlobalOptions(app, context, language);
  std::vector<std::pair<CLI::App*, Action>> actions;
  for (const Command& command : commands()) {
    CLI::App* sub =
        app.add_subcommand(std::string(command.name), std::string(context.say(command.summary.en, command.summary.zh)));
    sub->footer(helpFooter(command, context));
    sub->group(std::string(context.say(groupOf(command.name))));
    actions.emplace_back(sub, command.declare(*sub, context));
  }
  std::vector<const char*> words = withHelpAsked(argc, argv);
  argc = static_cast<int>(words.size());
  argv = words.data();
  if (std::string word = firstWord(argc, argv); !word.empty() && !isCommand(word)) return unknownCommand(word, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    app.exit(success);
    return kOk;
  } catch (const CLI::Error& error) {
    return usage(context.say(parserMessage(error)), context);
  }
  context.notice = [&context](const Message& message) { remark(context, message); };
  for (auto& [sub, action] : actions) {
    if (!sub->parsed()) continue;
    Status fits = requireFormat(*sub, context);
    if (fits.ok()) fits = requireFittingOutput(*sub, context, argc, argv);
    if (fits.ok()) fits = requireRemote(*sub, context, argc, argv);
    return finish(fits.ok() ? guarded(action, context) : Result<int>(std::move(fits).error()), context);
  }
  return finish(printText(app.help(), Paging::Never).ok() ? kOk : kUnavailable, context);
}

}  // namespace pilotledger::cli
