// checkpoint: the newest one with its cosignatures; time stamps over it.
#include <fmt/format.h>
#include <sys/wait.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "events/base/civil_date.h"
#include "events/base/temporary_directory.h"
#include "ledger/countersignatures.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/timestamp.h"
#include "tools/cli/remote.h"
#include "tools/cli/witness.h"
#include "tools/http/client.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMaxCertificates = 1u << 20;
constexpr std::size_t kMaxAnswer = 1u << 20;

struct CheckpointOptions {
  std::uint64_t size = 0;  // 0: the newest
  bool witnessed = false;
  std::string authority;
  std::string certificates;
  std::string trusted;  // for https
  bool list = false;
};

// What the command prints when the request is its standard input.
Result<Bytes> runCommand(const std::string& command, const Bytes& request) {
  PL_TRY(TemporaryDirectory scratch, TemporaryDirectory::make("timestamp"));
  std::filesystem::path query = scratch.path() / "request.tsq";
  std::filesystem::path complaints = scratch.path() / "complaints";
  PL_CHECK(writeWholeFile(query, textOf(request)));
  Bytes answer;
  int status = -1;
  if (std::FILE* pipe =
          ::popen(fmt::format("( {}\n) < '{}' 2> '{}'", command, query.string(), complaints.string()).c_str(), "r")) {
    std::uint8_t buffer[4096];
    std::size_t got = 0;
    while (answer.size() <= kMaxAnswer && (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0)
      answer.insert(answer.end(), buffer, buffer + got);
    status = ::pclose(pipe);
  }
  if (status == 0) return answer;
  if (WIFEXITED(status)) status = WEXITSTATUS(status);
  auto said =
      readFile(complaints.string(), kMaxAnswer);  // shown as text: what others print does not steer the terminal
  std::string why = said.ok() ? said->substr(0, 2000) : "";
  return makeError(
      ErrorCode::Unavailable,
      fmt::format("the command of the time-stamp authority failed (status {}): {}\n{}", status, command, why),
      fmt::format("时间戳命令失败（状态 {}）：{}\n{}", status, command, why));
}

Result<Bytes> askAuthority(const CheckpointOptions& options, const Bytes& request) {
  const std::string& authority = options.authority;
  if (!authority.starts_with("http://") && !authority.starts_with("https://")) return runCommand(authority, request);
  http::Call call{"POST", "", {{"Content-Type", "application/timestamp-query"}}, textOf(request)};
  http::ClientOptions http{options.trusted, std::chrono::seconds(30), kMaxAnswer};
  PL_TRY(auto answer, http::callOnce(authority, call, http));
  if (answer.status == 200) return Bytes(answer.body.view().begin(), answer.body.view().end());
  return makeError(ErrorCode::Unavailable, fmt::format("{}: status {}", authority, answer.status),
                   fmt::format("{}：状态 {}", authority, answer.status));
}

// A signed checkpoint and what asks for a stamp over it.
struct Question {
  crypto::SuiteId suite;
  std::uint64_t size = 0;
  std::string note;
  Bytes request;
};

Result<Question> questionOf(const Context& context, std::uint64_t size) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  Question question{ledger->suite(), size == 0 ? ledger->size() : size, {}, {}};
  PL_TRY(question.note, ledger->checkpointOf(question.size));
  PL_TRY(question.request, crypto::timestampRequest(question.suite, viewOf(question.note)));
  return question;
}

// Nobody holds the ledger while the authority is asked.
Result<int> stamp(Context& context, const CheckpointOptions& options) {
  std::string certificates;
  if (!options.certificates.empty()) {
    PL_TRY(certificates, readFile(options.certificates, kMaxCertificates));
  }
  PL_TRY(Question question, questionOf(context, options.size));
  PL_TRY(std::string secret, logKeySecret(context));
  PL_TRY(Bytes answer, askAuthority(options, question.request));
  PL_TRY(Bytes token, crypto::timestampToken(question.request, answer));
  ByteView note = viewOf(question.note);
  PL_TRY(crypto::Timestamp made, certificates.empty()
                                     ? crypto::readTimestamp(question.suite, note, token)
                                     : crypto::verifyTimestamp(question.suite, note, token, certificates));
  PL_TRY(auto ledger, openWhenFree(context, secret));
  PL_CHECK(ledger::keepTimestamp(*ledger, question.size, token));
  PL_CHECK(writeOutput(
      context, fmt::format("{}  {}  {}\n", question.size, events::formatUtcMs(made.seconds * 1000), made.authority)));
  return kOk;
}

Result<int> list(Context& context, const CheckpointOptions& options) {
  std::string certificates;
  if (!options.certificates.empty()) {
    PL_TRY(certificates, readFile(options.certificates, kMaxCertificates));
  }
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(auto rows, options.size == 0 ? ledger::countersigned(*ledger) : ledger::countersigned(*ledger, options.size));
  bool good = true;
  std::string text;
  auto json = nlohmann::ordered_json::array();
  for (const auto& row : rows) {
    if (!row.timestamp) continue;
    const auto& [size, token, said] = *row.timestamp;
    Message verdict{"not checked: no --tsa-cert", "未核验：未给 --tsa-cert"};
    bool verified = false;
    if (!certificates.empty()) {
      PL_TRY(std::string note, ledger->checkpointOf(size));
      auto checked = crypto::verifyTimestamp(ledger->suite(), viewOf(note), token, certificates);
      verified = checked.ok();
      verdict = verified ? Message{"verified", "已核验"} : checked.error().message;
      good = good && verified;
    }
    std::string when = events::formatUtcMs(said.seconds * 1000);
    text += fmt::format("{}  {}  {}  {}\n", size, when, said.authority, context.say(verdict));
    json.push_back({{"size", size},
                    {"time", when},
                    {"authority", said.authority},
                    {"serial", said.serial},
                    {"policy", said.policy},
                    {"verified", verified},
                    {"token", crypto::toBase64(token)}});
  }
  if (json.empty())
    return makeError(ErrorCode::NotFound, "no time stamp is kept; make one with 'checkpoint --timestamp'",
                     "没有时间戳；请用 checkpoint --timestamp 取得");
  PL_CHECK(writeOutput(context, context.format == "table" ? text : json.dump() + "\n"));
  return good ? kOk : kNo;
}

Result<int> show(Context& context, const CheckpointOptions& options) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  std::string note;
  if (options.witnessed) {
    PL_TRY(proof::WitnessPolicy policy, ledgerPolicy(context));
    PL_TRY(note, ledger::newestWitnessed(*ledger, policy));
  } else {
    PL_TRY(note, ledger::cosignedCheckpoint(*ledger, options.size == 0 ? ledger->size() : options.size));
  }
  PL_TRY(int edition, editionOf(*ledger));
  if (edition < ledger::kNewestEdition) {
    std::string words = editionText(context, edition);
    remark(context, {"edition of the rules: " + words, "规则版本：" + words});
  }
  PL_CHECK(writeDocument(context, note));
  return kOk;
}

}  // namespace

Action declareCheckpoint(CLI::App& app, const Context& context) {
  auto options = std::make_shared<CheckpointOptions>();
  app.add_option("--size", options->size,
                 std::string(context.say("the one of so many entries, instead of the newest",
                                         "指定条目数的检查点，缺省为最新")))
      ->check(CLI::PositiveNumber);
  CLI::Option* witnessed = app.add_flag(
      "--witnessed", options->witnessed,
      std::string(context.say("the newest whose cosignatures meet the witness policy", "达到法定联署的最新检查点")));
  CLI::Option* authority = app.add_option(
      "--timestamp", options->authority,
      std::string(context.say(
          "have it time-stamped (RFC 3161) by an authority: http(s)://… or a shell command from .tsq to .tsr",
          "由时间戳机构盖戳（RFC 3161）：http(s)://… 或从 .tsq 到 .tsr 的命令")));
  app.add_option(
      "--tsa-cert", options->certificates,
      std::string(context.say("certificates (PEM) of the authorities that you trust", "所信任机构的证书（PEM）")));
  app.add_option("--tls-ca", options->trusted, std::string(context.say(kTlsAuthorities)))->needs(authority);
  CLI::Option* listed =
      app.add_flag("--timestamps", options->list,
                   std::string(context.say("list the time stamps kept, verified when --tsa-cert is given",
                                           "列出已有时间戳；给出 --tsa-cert 时核验")));
  listed->excludes(authority)->excludes(witnessed);
  authority->excludes(witnessed);
  return [options](Context& c) -> Result<int> {
    if (isRemote(c)) {
      PL_CHECK(requireServed({{"--size", options->size != 0},
                              {"--witnessed", options->witnessed},
                              {"--timestamp", !options->authority.empty()},
                              {"--timestamps", options->list}}));
      return remoteCheckpoint(c);
    }
    if (!options->authority.empty()) return stamp(c, *options);
    if (options->list) return list(c, *options);
    return show(c, *options);
  };
}

}  // namespace pilotledger::cli
