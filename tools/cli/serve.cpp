// serve: the service over HTTP; access-log: who read what from it.
#include <fmt/format.h>

#include "tools/cli/command.h"
#include "tools/cli/terminal.h"
#include "tools/server/config.h"
#include "tools/server/serve.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMaxConfig = 1u << 20;

struct ServeOptions {
  std::string directory;
  server::ServeConfig given;
  std::string configFile;
  int passphraseFd = -1;
  bool check = false;
};

Result<int> run(Context& context, const ServeOptions& options) {
  if (!options.directory.empty()) context.ledgerDirectory = options.directory;
  server::ServeConfig config;
  if (!options.configFile.empty()) {
    PL_TRY(std::string text, readFile(options.configFile, kMaxConfig));
    PL_TRY(config, server::readConfig(text, options.configFile));
  }
  config = server::merged(std::move(config), options.given);
  PL_TRY(http::Options http, server::httpOptions(config));
  if (options.check) {
    PL_CHECK(server::checkServe(context, std::move(http)));
    PL_CHECK(writeOutput(context, std::string(context.say("the server could start\n", "配置有效，可以启动\n"))));
    return kOk;
  }
  PL_TRY(std::string given, passphraseFrom(options.passphraseFd));
  PL_TRY(std::string secret, logKeySecret(context, given));
  server::BackendOptions backend{context, config.url, config.challengesPerMinute, {}, 0, config.name, config.sql, {}};
  backend.evidenceBytes = static_cast<std::uint64_t>(config.evidenceMiB) << 20;
  if (config.pendingDays > 0) backend.inbox.days = config.pendingDays;
  PL_CHECK(server::serve(std::move(backend), std::move(http), secret, [](const std::vector<std::string>& urls) {
    std::string text;
    for (const std::string& url : urls) text += url + "\n";
    (void)printText(text, Paging::Never);  // the server runs, whoever reads
    (void)flushOutput();
  }));
  return kOk;
}

struct AccessOptions {
  std::string file, name;
};

// Held to the ledger where it is at hand; a copy of the file alone is held to itself.
Result<server::AccessLogHead> heldAccessLog(Context& context, const AccessOptions& options, std::size_t& anchors) {
  std::filesystem::path own = std::filesystem::path(context.ledgerDirectory) / server::kAccessLogFile;
  std::filesystem::path path = options.file.empty() ? own : std::filesystem::path(options.file);
  std::error_code ignored;
  if (!std::filesystem::exists(context.ledgerDirectory, ignored)) return server::verifyAccessLog(path);
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  return server::heldToLedger(path, *ledger, options.name.empty() ? ledger->origin() : options.name, anchors);
}

Result<int> verifyAccess(Context& context, const AccessOptions& options) {
  std::size_t anchors = 0;
  auto head = heldAccessLog(context, options, anchors);
  if (!head.ok() && head.error().code == ErrorCode::Corruption) {
    PL_CHECK(writeOutput(context, context.say(head.error().message) + "\n"));
    return kNo;
  }
  if (!head.ok()) return std::move(head).error();
  PL_CHECK(writeOutput(context, fmt::format("{}  {}\n", head->lines, head->hash)));
  remark(context, anchors > 0 ? Message{fmt::format("It is what {} entries of the ledger say it was.", anchors),
                                        fmt::format("与账本 {} 条存证相符。", anchors)}
                              : Message{"No entry of the ledger names it: what was cut from its end does not show.",
                                        "账本中没有其存证：末尾被截去的行无从发现。"});
  return kOk;
}

}  // namespace

Action declareServe(CLI::App& app, const Context& context) {
  auto options = std::make_shared<ServeOptions>();
  app.add_option(
      "directory", options->directory,
      std::string(context.say("directory of the ledger, in the place of --ledger", "账本目录，代替 --ledger")));
  app.add_option("--listen", options->given.listen,
                 std::string(context.say("HOST:PORT, repeatable; port 0 takes any free one; default 127.0.0.1:8080",
                                         "监听地址，可重复；端口 0 为任选；默认 127.0.0.1:8080")));
  app.add_option("--unix", options->given.unixSocket,
                 std::string(context.say("a socket of this machine; who runs the server sees everything there",
                                         "本机套接字；运行服务的用户由此可见全部内容")));
  app.add_option(
      "--host", options->given.hosts,
      std::string(context.say("a name that clients may call it by, repeatable", "客户端可用的主机名，可重复")));
  app.add_option("--tls-cert", options->given.certificate,
                 std::string(context.say("certificate chain (PEM)", "证书链（PEM）")));
  app.add_option("--tls-key", options->given.key, std::string(context.say("its key (PEM)", "证书私钥（PEM）")));
  app.add_option(
      "--url", options->given.url,
      std::string(context.say("as clients know it, when a proxy stands between", "经代理时客户端所用的网址")));
  app.add_option("--config", options->configFile,
                 std::string(context.say("settings (TOML); the command line wins", "配置文件（TOML），命令行优先")));
  app.add_option(
      "--passphrase-fd", options->passphraseFd,
      std::string(context.say("read the log key's passphrase from this descriptor", "从该描述符读取日志密钥口令")));
  app.add_flag("--check", options->check,
               std::string(context.say("say whether it could start, and end", "仅检查配置")));
  return [options](Context& c) { return run(c, *options); };
}

Action declareAccessLog(CLI::App& app, const Context& context) {
  auto options = std::make_shared<AccessOptions>();
  app.require_subcommand(1);
  CLI::App* verify = app.add_subcommand(
      "verify", std::string(context.say("that no line was changed, taken out or put in; prints its length and head",
                                        "核验访问日志未被改动；显示行数与末行哈希")));
  verify->add_option("--name", options->name,
                     std::string(context.say("of the server, where serve.toml gives one; default: the ledger's",
                                             "服务器名称（serve.toml 的 name）；默认为账本名称")));
  verify->add_option("file", options->file,
                     std::string(context.say("default: access.log of the ledger", "默认为账本的 access.log")));
  return [options](Context& c) { return verifyAccess(c, *options); };
}

}  // namespace pilotledger::cli
