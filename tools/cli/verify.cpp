// verify and checkpoint.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "ledger/crypto/encoding.h"
#include "ledger/fsck.h"
#include "tools/cli/command.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

std::string reportText(const Context& context, const ledger::FsckReport& report) {
  auto line = [&](std::string_view en, std::string_view zh, const std::string& value) {
    return context.zh() ? fmt::format("{}：{}\n", zh, value) : fmt::format("{:<14}{}\n", std::string(en) + ":", value);
  };
  return line("entries", "条目", std::to_string(report.entries)) + line("submissions", "提交", std::to_string(report.submissions)) +
         line("signatures", "签名", std::to_string(report.signatures)) + line("commits", "检查点", std::to_string(report.commits)) +
         line("entities", "对象", std::to_string(report.entities)) + line("root", "日志根", crypto::toBase64(report.root)) +
         line("state root", "状态根", crypto::toHex(report.stateRoot));
}

nlohmann::ordered_json reportJson(const ledger::FsckOutcome& outcome) {
  const auto& report = outcome.report;
  nlohmann::ordered_json json = {{"verified", !outcome.damage}, {"entries", report.entries}, {"submissions", report.submissions},
                                 {"signatures", report.signatures}, {"commits", report.commits}, {"entities", report.entities},
                                 {"root", crypto::toBase64(report.root)}, {"stateRoot", crypto::toHex(report.stateRoot)}};
  if (outcome.damage) {
    if (outcome.damage->index) json["badEntry"] = *outcome.damage->index;
    json["where"] = outcome.damage->where;
    json["what"] = outcome.damage->what.en;
  }
  return json;
}

Result<int> verify(Context& context, const std::string& vkey) {
  ledger::FsckOptions options;
  if (!vkey.empty()) {
    PL_TRY(options.logKey, crypto::VerifyKey::parse(vkey));
  }
  ledger::FsckOutcome outcome;
  {
    Progress progress(std::string(context.say("verifying", "核验中")), context.quiet);
    options.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); };
    PL_TRY(outcome, ledger::fsck(context.ledgerDirectory, options));
  }
  if (context.format != "table") {
    PL_CHECK(writeOutput(context, reportJson(outcome).dump() + "\n"));
    return outcome.damage ? kNo : kOk;
  }
  if (!outcome.damage) {
    PL_CHECK(writeOutput(context, std::string(context.say("VERIFIED: every byte leads to the signed root\n", "核验通过：全部内容与已签名的根一致\n")) +
                                      reportText(context, outcome.report)));
    return kOk;
  }
  const auto& damage = *outcome.damage;
  PL_CHECK(writeOutput(context, fmt::format("{} {}: {}\n{}", context.say("NOT VERIFIED:", "核验未通过："), damage.where, context.say(damage.what),
                                            context.say(Message{fmt::format("{} entries before it are sound\n", outcome.report.entries),
                                                                fmt::format("此前 {} 条完好\n", outcome.report.entries)}))));
  return kNo;
}

}  // namespace

Action declareVerify(CLI::App& app, const Context& context) {
  auto vkey = std::make_shared<std::string>();
  app.add_option("--key", *vkey, std::string(context.say("public key of the log that you trust (vkey)", "所信任的日志公钥")));
  return [vkey](Context& c) { return verify(c, *vkey); };
}

Action declareCheckpoint(CLI::App&, const Context&) {
  return [](Context& c) -> Result<int> {
    PL_TRY(auto ledger, openLedger(c, ledger::OpenMode::ReadOnly));
    PL_CHECK(writeOutput(c, ledger->checkpoint()));
    return kOk;
  };
}

}  // namespace pilotledger::cli
