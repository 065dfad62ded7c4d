// dossier: everything about one award, platform, party or patent, as one file to hand in.
#include <fmt/format.h>

#include "query/report/report.h"
#include "tools/cli/prove.h"
#include "tools/cli/query_session.h"
#include "tools/cli/remote.h"
#include "tools/cli/terminal.h"
#include "tools/http/url.h"
#include "tools/service/dossier.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMostDossierBytes = 256u << 20;

struct DossierOptions {
  std::string subject;  // award, platform, party, patent
  std::string id;
  AsOfOptions at;
};

Result<std::string> asText(const Context& context, const query::Booklet& booklet) {
  std::string all = context.say(booklet.title) + "\n";
  for (const query::Table& table : booklet.tables) {
    PL_TRY(std::string one, query::render(table, "table", reportLanguage(context)));
    all += "\n" + one;
  }
  if (!booklet.attachments.empty())
    all += std::string(
        context.say("\nThe proof is in --format html, zip and json.\n", "\n证明文件见 html、zip、json 格式。\n"));
  return all;
}

Status requireNoTerminal(const Context& context) {
  const bool binary = context.format == "xlsx" || context.format == "zip";
  if (!binary || !context.outputFile.empty() || !onTerminal()) return {};
  return makeError(ErrorCode::Unsupported, fmt::format("{} is no text for a terminal: use -o FILE", context.format),
                   fmt::format("{} 不能在终端显示：请用 -o 指定文件", context.format));
}

Status write(const Context& context, const query::Booklet& booklet) {
  PL_CHECK(requireNoTerminal(context));
  const bool forPeople = context.format.empty() || context.format == "table";
  for (const Message& note : booklet.notes) remark(context, note);
  PL_TRY(std::string text, forPeople ? asText(context, booklet)
                                     : service::renderDossier(booklet, context.format, reportLanguage(context)));
  return writeOutput(context, text);
}

// The server packs it; its tables are for programs and files, not for a terminal.
Result<int> dossierThere(Context& context, const DossierOptions& options) {
  PL_CHECK(requireServed({{"--reader", !options.at.reader.empty()}}));
  if (context.format == "table") {
    return makeError(ErrorCode::Unsupported,
                     "a dossier over --server is a file: --format html, xlsx, zip or json, with -o",
                     "经 --server 取得的档案为文件：请用 --format html、xlsx、zip 或 json，并以 -o 指定文件");
  }
  PL_CHECK(requireNoTerminal(context));
  PL_TRY(remote::RemoteLog log, openRemote(context, kMostDossierBytes));
  remote::Query asked = asOfQuery(options.at.asOf, options.at.on);
  asked.emplace_back("format", context.format == "jsonl" ? "json" : context.format);
  asked.emplace_back("lang", context.zh() ? "zh" : "en");
  PL_TRY(std::string file,
         log.text(fmt::format("/v1/dossiers/{}/{}", options.subject, http::percentEncoded(options.id)), asked));
  PL_CHECK(writeOutput(context, file));
  return kOk;
}

Result<int> dossier(Context& context, const DossierOptions& options) {
  if (isRemote(context)) return dossierThere(context, options);
  PL_TRY(Opened opened, openModel(context, options.at));
  const bool whole = options.at.reader.empty();
  std::unique_ptr<ledger::Prover> prover;
  auto prove = [&]() -> Result<ledger::Prover*> {
    PL_TRY(prover, openProver(context, options.at.asOf));
    return prover.get();
  };
  service::DossierSources sources{&context,
                                  opened.ledger.get(),
                                  opened.model.get(),
                                  opened.at,
                                  whole ? service::Names::Told : service::Names::Hidden,
                                  nullptr,
                                  {},
                                  context.format.starts_with("json"),
                                  reportLanguage(context)};
  if (whole) sources.prover = prove;
  PL_TRY(query::Booklet booklet, service::compileDossier(sources, options.subject, options.id));
  PL_CHECK(write(context, booklet));
  return kOk;
}

}  // namespace

Action declareDossier(CLI::App& app, const Context& context) {
  auto options = std::make_shared<DossierOptions>();
  app.add_option("subject", options->subject, "award, platform, party, patent")
      ->required()
      ->check(CLI::IsMember({"award", "platform", "party", "patent"}));
  app.add_option("id", options->id, std::string(context.say("its number or code", "其编号或代码")))->required();
  options->at.declare(app, context);
  return [options](Context& c) { return dossier(c, *options); };
}

}  // namespace pilotledger::cli
