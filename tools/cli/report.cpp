// report: a view signed by who answers for it, and the check of such a report.
#include <fmt/format.h>

#include "events/base/civil_date.h"
#include "query/answer/findings.h"
#include "query/answer/parameters.h"
#include "query/report/certificate.h"
#include "tools/cli/query_session.h"
#include "tools/service/entity_on_log.h"

namespace pilotledger::cli {
namespace {

struct ReportOptions {
  std::string view;
  std::vector<std::string> parameters;
  AsOfOptions at;
  std::string key;
  int passphraseFd = -1;
  std::string file;
};

// A view, or the findings, which take severity=, code=, entity=, from= and to=.
Result<query::Table> tableOf(const Context& context, Opened& opened, const std::string& name,
                             const query::Parameters& parameters) {
  if (name != query::kFindingsName) return query::askView(*opened.model, opened.at, name, parameters);
  query::FindingFilter filter;
  for (const auto& [key, value] : parameters) {
    bool known = true;
    if (key == "severity") filter.severity = value;
    else if (key == "code") filter.code = value;
    else if (key == "from") filter.from = value;
    else if (key == "to") filter.to = value;
    else known = key == "entity";
    if (!known) {
      return makeError(ErrorCode::Unsupported,
                       fmt::format("findings have no parameter '{}'; they have: severity, code, entity, from, to", key),
                       fmt::format("审计发现没有参数“{}”；可用：severity、code、entity、from、to", key));
    }
    if (key != "entity") continue;
    PL_TRY(events::EntityFound found, service::entityOnLog(context, *opened.ledger, value));
    if (!found.recorded) return service::nothingNames(context, *opened.ledger, value);
    filter.entity = std::move(found.key);
  }
  for (const std::string* day : {&filter.from, &filter.to}) {
    if (day->empty()) continue;
    PL_TRY([[maybe_unused]] auto date, events::parseCivilDate(*day));
  }
  if (!filter.severity.empty() && filter.severity != "H" && filter.severity != "M" && filter.severity != "L")
    return invalidInput("severity: expected H, M or L", "severity 应为 H、M 或 L");
  return query::runFindings(*opened.model, opened.at, filter);
}

Result<int> certify(Context& context, const ReportOptions& options) {
  PL_TRY(query::Parameters parameters, parseParameters(options.parameters));
  PL_TRY(std::vector<crypto::SigningKey> keys, loadKeys({options.key}, options.passphraseFd));
  PL_TRY(Opened opened, openAsRecorded(context, options.at));
  PL_TRY(query::Table table, tableOf(context, opened, options.view, parameters));
  PL_TRY(std::string file, query::certifyReport(*opened.ledger, table, keys[0]));
  PL_CHECK(writeDocument(context, file));
  return kOk;
}

Result<int> verify(Context& context, const ReportOptions& options) {
  PL_TRY(std::string file, readFile(options.file, query::kMaxReportFileBytes));
  PL_TRY(Opened opened, openAsRecorded(context, {}));
  PL_TRY(query::ReportCheck check, query::verifyReport(*opened.ledger, *opened.model, file));
  std::string text(
      check.good ? context.say("VERIFIED: this ledger gives the same report\n", "核验通过：本账本得出相同的报告\n")
                 : context.say("NOT VERIFIED\n", "核验不通过\n"));
  for (const Message& problem : check.problems) text += "  " + context.say(problem) + "\n";
  for (const Message& signer : check.signers)
    text += fmt::format("{}{}\n", context.say("signed by: ", "签署："), context.say(signer));
  for (const auto& [name, value] : check.header) text += fmt::format("{}: {}\n", name, value);
  PL_CHECK(writeOutput(context, text));
  return check.good ? kOk : kNo;
}

}  // namespace

Action declareReport(CLI::App& app, const Context& context) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* certifying = app.add_subcommand(
      "certify",
      std::string(context.say("a view, or 'findings', as a signed file", "将视图或审计发现（findings）签署为文件")));
  certifying->add_option("view", options->view, std::string(context.say("view", "视图名")))->required();
  certifying->add_option("parameters", options->parameters, "KEY=VALUE");
  options->at.declareDays(*certifying, context);
  certifying->add_option("--key", options->key, std::string(context.say("who answers for it", "签署者的密钥")))
      ->required();
  certifying->add_option("--passphrase-fd", options->passphraseFd,
                         std::string(context.say("descriptor to read the key's passphrase from", "读取口令的描述符")));
  CLI::App* verifying = app.add_subcommand(
      "verify", std::string(context.say("recompute a signed report from this ledger; exit 1 when it differs",
                                        "由本账本重算并核对；不一致时退出码为 1")));
  verifying->add_option("FILE", options->file, std::string(context.say("report", "报告文件")))->required();
  app.require_subcommand(1);
  return
      [options, certifying](Context& c) { return certifying->parsed() ? certify(c, *options) : verify(c, *options); };
}

}  // namespace pilotledger::cli
