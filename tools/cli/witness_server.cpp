// What a witness does: its key, the logs it knows, cosigning over HTTP or by files.
#include <fmt/format.h>

#include <filesystem>

#include "tools/cli/terminal.h"
#include "tools/cli/witness.h"
#include "tools/http/server.h"
#include "tools/http/signals.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMaxRequest = 1u << 20;
constexpr std::size_t kMaxConnections = 256;

struct OfficeOptions {
  std::string directory;
  std::string name;
  std::string suite = "ed25519-sha256";
  std::string key;
  std::string log;
  std::string listen = "127.0.0.1:0";
  std::string certificate;
  std::string certificateKey;
  std::string request;
  CLI::App* init = nullptr;
  CLI::App* addLog = nullptr;
  CLI::App* run = nullptr;
  CLI::App* cosign = nullptr;
};

std::uint64_t secondsNow(const Context& context) { return static_cast<std::uint64_t>(context.clock() / 1000); }

Result<int> init(Context& context, const OfficeOptions& options) {
  PL_TRY(crypto::SuiteId suite, crypto::parseSuite(options.suite));
  std::optional<crypto::SigningKey> key;
  std::string secret;  // of a key file that is locked: the witness's copy stays locked
  if (options.key.empty()) {
    if (options.name.empty())
      return invalidInput("--name is missing: the witness's name, such as witness.example/w1",
                          "缺少 --name：见证方名称");
    PL_TRY(key, crypto::SigningKey::generate(suite, options.name));
  } else {
    PL_TRY(secret, passphraseFor(options.key, ""));
    PL_TRY(key, loadKey(options.key, secret));
  }
  PL_CHECK(witness::Witness::init(options.directory, *key, secret));
  PL_CHECK(writeDocument(context, proof::CosignerKey::of(key->verifyKey()).vkey() + "\n"));
  return kOk;
}

Result<witness::Witness> openWitness(const std::string& directory) {
  PL_TRY(std::string secret, passphraseFor((std::filesystem::path(directory) / "key.pem").string(), ""));
  return witness::Witness::open(directory, secret);
}

Result<int> addLog(Context& context, const OfficeOptions& options) {
  PL_TRY(crypto::VerifyKey log, crypto::VerifyKey::parse(options.log));
  PL_TRY(auto office, openWitness(options.directory));
  PL_CHECK(office.addLog(log));
  PL_CHECK(writeOutput(context, fmt::format("{} {}\n", witness::logHex(log.name()), log.name())));
  return kOk;
}

http::Response answer(witness::Witness& office, const Context& context, const http::Request& request) {
  constexpr std::string_view kNewest = "checkpoint";
  auto reply = [&](unsigned status, std::string body, std::string type = "text/plain; charset=utf-8") {
    return http::Response{status, {{"Content-Type", std::move(type)}}, std::move(body)};
  };
  if (request.path == "/add-checkpoint") {
    if (request.method != "POST") return reply(405, "POST\n");
    auto verdict = office.judge(request.body.view(), secondsNow(context));
    if (!verdict.ok()) {
      printRemark(describe(verdict.error(), context.language));
      return reply(500, "the witness cannot store its state\n");
    }
    if (verdict->status == 409) return reply(409, verdict->body, "text/x.tlog.size");
    return reply(verdict->status, verdict->body);
  }
  if (request.method == "GET" && request.segments.size() == 2 && request.segments[1] == kNewest) {
    auto newest = office.newest(request.segments[0]);
    if (newest.ok()) return reply(200, *newest);
    return reply(404, "no checkpoint of that log\n");
  }
  return reply(404, "POST /add-checkpoint, or GET /HEX/checkpoint\n");
}

// Its answers are the same for everyone: any Host will do, and a proxy in front may hold all connections.
http::Options serverOptions(const OfficeOptions& options) {
  http::Options made;
  made.listen = {options.listen};
  made.hosts = {"*"};
  made.certificate = options.certificate;
  made.key = options.certificateKey;
  made.limits.workers = 1;  // one request at a time
  made.limits.connections = made.limits.connectionsPerAddress = kMaxConnections;
  return made;
}

Result<int> run(Context& context, const OfficeOptions& options) {
  PL_TRY(auto office, openWitness(options.directory));
  http::StopSignals signals;
  PL_TRY(auto server, http::Server::start(serverOptions(options), [&](const http::Request& request) {
           return http::Answer(answer(office, context, request));
         }));
  (void)printText(server->urls().front() + "\n", Paging::Never);  // the server runs, whoever reads
  (void)flushOutput();
  while (signals.wait() == SIGHUP) {
    Status reloaded = server->reloadCertificates();
    if (!reloaded.ok()) printRemark(describe(reloaded.error(), context.language));
  }
  server->stop();
  return kOk;
}

Result<int> cosign(Context& context, const OfficeOptions& options) {
  PL_TRY(std::string request, readFile(options.request, kMaxRequest));
  PL_TRY(auto office, openWitness(options.directory));
  PL_TRY(witness::Verdict verdict, office.judge(request, secondsNow(context)));
  PL_CHECK(writeDocument(context, witness::formatReply(verdict)));
  if (!context.quiet) {
    printRemark(fmt::format("{} {}", verdict.status,
                            verdict.status == 200 ? std::string(context.say("cosigned", "已联署")) : verdict.body));
  }
  return verdict.status == 200 ? kOk : kNo;
}

}  // namespace

SubAction declareWitnessOffice(CLI::App& app, const Context& context) {
  auto options = std::make_shared<OfficeOptions>();
  auto sub = [&](const char* name, std::string_view en, std::string_view zh) {
    CLI::App* made = app.add_subcommand(name, std::string(context.say(en, zh)));
    made->add_option("DIR", options->directory, std::string(context.say("directory of the witness", "见证方目录")))
        ->required();
    return made;
  };
  options->init =
      sub("init", "a witness: make its key and state; prints its public key", "见证方：生成密钥与状态目录并显示公钥");
  options->init->add_option("--name", options->name,
                            std::string(context.say("name of the witness's key", "见证密钥名称")));
  options->init->add_option("--suite", options->suite, "ed25519-sha256 | sm2-sm3");
  options->init->add_option(
      "--key", options->key,
      std::string(context.say("use this key file or token instead of making a key", "使用已有密钥文件或密码设备")));
  options->addLog = sub("add-log", "a witness: cosign this log from now on", "见证方：登记要见证的日志");
  options->addLog
      ->add_option("--log", options->log, std::string(context.say("public key of the log (vkey)", "日志公钥")))
      ->required();
  options->run = sub("run", "a witness: serve add-checkpoint over HTTP or https until it is stopped",
                     "见证方：以 HTTP 或 https 提供见证服务");
  options->run->add_option("--listen", options->listen,
                           std::string(context.say("HOST:PORT; port 0 takes any free one, the URL is printed",
                                                   "监听地址；端口 0 为任选，启动后显示")));
  CLI::Option* certificate =
      options->run->add_option("--tls-cert", options->certificate,
                               std::string(context.say("certificate chain (PEM): serve https; SIGHUP reads it anew",
                                                       "证书链（PEM）：以 https 提供服务；SIGHUP 后重新读取")));
  CLI::Option* certificateKey =
      options->run->add_option("--tls-key", options->certificateKey,
                               std::string(context.say("key of the certificate (PEM)", "证书的密钥（PEM）")));
  certificate->needs(certificateKey);
  certificateKey->needs(certificate);
  options->cosign =
      sub("cosign", "a witness: answer a request file (exit 1: it refuses)", "见证方：处理请求文件（拒绝时退出码 1）");
  options->cosign
      ->add_option("REQUEST", options->request,
                   std::string(context.say("file from 'witness request'", "witness request 生成的文件")))
      ->required();
  return [options](Context& c) -> std::optional<Result<int>> {
    if (options->init->parsed()) return init(c, *options);
    if (options->addLog->parsed()) return addLog(c, *options);
    if (options->run->parsed()) return run(c, *options);
    if (options->cosign->parsed()) return cosign(c, *options);
    return std::nullopt;
  };
}

}  // namespace pilotledger::cli
