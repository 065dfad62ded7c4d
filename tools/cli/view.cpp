// view, audit, sql: questions to the read model.
#include <fmt/format.h>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "query/answer/findings.h"
#include "tools/cli/evidence_files.h"
#include "tools/cli/query_session.h"
#include "tools/cli/reader_table.h"
#include "tools/cli/remote.h"
#include "tools/service/entity_on_log.h"
#include "tools/service/views.h"

namespace pilotledger::cli {
namespace {

struct ViewOptions {
  std::string name;
  AsOfOptions at;
  std::vector<std::string> parameters;
  std::vector<std::string> between;  // two positions to compare
  std::size_t drill = 0;             // a row, from 1
  std::string severity;
  std::string failOn;
  std::string code;
  std::string entity;    // findings about it only
  std::string from, to;  // findings that rest on entries of these days only
  std::vector<std::string> files;
  std::vector<std::string> manifests;
  std::string sql;
  int seconds = 60;
};

std::string_view readerTitle(const Context& context, std::string_view reader) {
  constexpr std::pair<std::string_view, Text> kReaders[] = {{"auditor", {"For the auditor", "审计"}},
                                                            {"bank", {"For the bank", "银行"}},
                                                            {"platform", {"For the platform", "平台"}},
                                                            {"authority", {"For the authority", "主管部门"}},
                                                            {"everyone", {"For everyone", "所有人"}}};
  for (const auto& [name, text] : kReaders) {
    if (name == reader) return context.say(text.en, text.zh);
  }
  return reader;
}

// By the reader they serve, in the order in which the readers first appear.
std::string listViews(const Context& context) {
  std::string text;
  for (std::string_view reader : {"auditor", "bank", "platform", "authority", "everyone"}) {
    text += fmt::format("{}\n", readerTitle(context, reader));
    for (const auto& view : query::views()) {
      if (view.reader != reader) continue;
      std::string parameters;
      for (const auto& parameter : view.parameters) parameters += " " + parameter.name + "=";
      text += fmt::format("  {:<23} {}{}{}\n", view.name, context.say(view.title), parameters.empty() ? "" : " ",
                          parameters);
    }
  }
  return text;
}

Result<query::Table> viewTable(Opened& opened, const ViewOptions& options, const query::Parameters& asked) {
  service::ViewQuestion question{options.name, asked, options.at.asOf, options.at.on, options.drill, "", ""};
  if (!options.between.empty()) {
    question.diffFrom = options.between[0];
    question.diffTo = options.between[1];
  }
  return service::askView(*opened.model, opened.at, question);
}

Result<int> viewThere(Context& context, const ViewOptions& options, const query::Parameters& parameters) {
  PL_CHECK(requireServed({{"--reader", !options.at.reader.empty()}, {"--diff", !options.between.empty()}}));
  PL_TRY(remote::RemoteLog log, openRemote(context));
  remote::Query asked = asOfQuery(options.at.asOf, options.at.on);
  asked.insert(asked.end(), parameters.begin(), parameters.end());
  std::string path = "/v1/views/" + http::percentEncoded(options.name);
  if (options.drill > 0) {
    path += "/drill";
    asked.emplace_back("row", std::to_string(options.drill));
  }
  PL_TRY(query::Table table, remoteTable(log, path, asked));
  PL_CHECK(printTable(context, table));
  return kOk;
}

Result<int> showView(Context& context, const ViewOptions& options) {
  if (options.name.empty()) {
    PL_CHECK(writeOutput(context, listViews(context)));
    return kOk;
  }
  PL_TRY(query::Parameters parameters, parseParameters(options.parameters));
  if (isRemote(context)) return viewThere(context, options, parameters);
  PL_TRY(Opened opened, openModel(context, options.at));
  PL_TRY(query::Table table, viewTable(opened, options, parameters));
  PL_CHECK(sayBareNumbers(context, table));
  PL_CHECK(printTable(context, table));
  return kOk;
}

int severityRank(std::string_view severity) { return severity == "H" ? 0 : severity == "M" ? 1 : 2; }

// Under the name that the log has for it; "" when all findings are asked for.
Result<std::string> concernedEntity(const Context& context, const ledger::Ledger& ledger, const ViewOptions& options) {
  if (options.entity.empty()) return std::string();
  const auto names = options.at.reader.empty() ? service::Names::Told : service::Names::Hidden;
  PL_TRY(events::EntityFound found, service::entityOnLog(context, ledger, options.entity, names));
  if (!found.recorded) return service::nothingNames(context, ledger, options.entity, names);
  return std::move(found.key);
}

// A file that is what an entry committed to is no finding, and no silence either.
Status sayMatching(const Context& context, query::ReadModel& model) {
  PL_TRY(auto matching, query::matchingFiles(model));
  for (const auto& [file, entries] : matching) {
    remark(context, {fmt::format("{}: matches what is committed to in entry {}", file, entries),
                     fmt::format("{}：与第 {} 条所存哈希一致", file, entries)});
  }
  return {};
}

Result<query::Table> findingsHere(const Context& context, const ViewOptions& options) {
  PL_TRY(auto files, presentedFiles(options.files, options.manifests));
  PL_TRY(Opened opened, openModel(context, options.at));
  warnOfClock(context, *opened.ledger);
  PL_TRY(std::string entity, concernedEntity(context, *opened.ledger, options));
  const bool presented = !files.empty();
  PL_TRY(query::Table table, query::runFindings(*opened.model, opened.at,
                                                {options.severity, options.code, std::move(files), std::move(entity),
                                                 options.from, options.to}));
  if (presented) PL_CHECK(sayMatching(context, *opened.model));
  PL_CHECK(sayBareNumbers(context, table));
  return table;
}

Result<query::Table> findingsThere(const Context& context, const ViewOptions& options) {
  PL_CHECK(requireServed({{"--reader", !options.at.reader.empty()},
                          {"--entity", !options.entity.empty()},
                          {"--from and --to", !options.from.empty() || !options.to.empty()},
                          {"--file", !options.files.empty()},
                          {"--manifest", !options.manifests.empty()}}));
  PL_TRY(remote::RemoteLog log, openRemote(context));
  remote::Query asked = asOfQuery(options.at.asOf, options.at.on);
  if (!options.severity.empty()) asked.emplace_back("severity", options.severity);
  if (!options.code.empty()) asked.emplace_back("code", options.code);
  return remoteTable(log, "/v1/findings", asked);
}

Result<int> audit(Context& context, ViewOptions options) {
  PL_TRY(options.code, events::identifierSpelling(options.code));
  PL_TRY(query::Table table, isRemote(context) ? findingsThere(context, options) : findingsHere(context, options));
  bool fail = false;
  for (const auto& row : table.rows) {
    fail = fail || (!options.failOn.empty() && query::isOpenFinding(row) &&
                    severityRank(std::get<std::string>(row[1])) <= severityRank(options.failOn));
  }
  keepReadersLanguage(context, table);
  PL_CHECK(printTable(context, table));
  return fail ? kNo : kOk;
}

Result<query::Table> sqlHere(Context& context, const ViewOptions& options) {
  PL_TRY(Opened opened, openModel(context, options.at));
  return query::runSql(*opened.model, opened.at, options.sql, {.time = std::chrono::seconds(options.seconds)});
}

Result<query::Table> sqlThere(Context& context, const ViewOptions& options) {
  PL_CHECK(requireServed({{"--reader", !options.at.reader.empty()}}));
  PL_TRY(remote::RemoteLog log, openRemote(context));
  remote::Query asked = asOfQuery(options.at.asOf, options.at.on);
  asked.emplace_back("statement", options.sql);
  return remoteTable(log, "/v1/sql", asked);
}

Result<int> runSql(Context& context, const ViewOptions& options) {
  PL_TRY(query::Table table, isRemote(context) ? sqlThere(context, options) : sqlHere(context, options));
  PL_CHECK(printTable(context, table));
  return kOk;
}

}  // namespace

Action declareView(CLI::App& app, const Context& context) {
  auto options = std::make_shared<ViewOptions>();
  app.add_option("name", options->name,
                 std::string(context.say("view; without it, the list of views", "视图名；省略则列出")));
  app.add_option("parameters", options->parameters, "KEY=VALUE");
  options->at.declare(app, context);
  app.add_option("--drill", options->drill, std::string(context.say("what row N is made of", "下钻：第 N 行的构成")))
      ->check([zh = context.zh()](const std::string& row) -> std::string {
        bool counts =
            !row.empty() && row.find_first_not_of("0123456789") == row.npos && row.find_first_not_of('0') != row.npos;
        return counts ? "" : zh ? "行号自 1 起" : "rows are counted from 1";
      });
  app.add_option("--diff", options->between,
                 std::string(context.say("what changed from position A to position B, by which entries",
                                         "比较两个位置：何处变化、所依条目")))
      ->expected(2)
      ->type_name("A B");
  return [options](Context& c) { return showView(c, *options); };
}

Action declareAudit(CLI::App& app, const Context& context) {
  auto options = std::make_shared<ViewOptions>();
  options->at.declare(app, context);
  app.add_option("--severity", options->severity,
                 std::string(context.say("H, M or L: that severity and above", "等级 H、M、L 及以上")))
      ->check(CLI::IsMember({"H", "M", "L"}));
  app.add_option("--fail-on", options->failOn,
                 std::string(context.say("exit 1 when a finding of this severity or above exists",
                                         "存在该等级及以上问题时退出码为 1")))
      ->check(CLI::IsMember({"H", "M", "L"}));
  app.add_option("--code", options->code,
                 std::string(context.say("only this finding, such as S04", "仅该代码，如 S04")));
  app.add_option("--entity", options->entity,
                 std::string(context.say("only findings that rest on entries of KIND:ID, such as award:A-1",
                                         "仅涉及该对象条目的问题，如 award:A-1")));
  for (auto [name, day, what] : {std::tuple("--from", &options->from,
                                            Text{"only findings that rest on an entry of this "
                                                 "legal date or later, YYYY-MM-DD",
                                                 "仅涉及该法定日及以后条目的问题"}),
                                 {"--to", &options->to, Text{"or until this one", "仅涉及该法定日及以前条目的问题"}}}) {
    app.add_option(name, *day, std::string(context.say(what)))->check([](const std::string& text) -> std::string {
      return events::parseCivilDate(text).ok() ? "" : "YYYY-MM-DD";
    });
  }
  app.add_option("--file", options->files,
                 std::string(context.say("compare files or folders with the hashes of evidence (S27)",
                                         "将文件或目录与存证哈希比对（S27）")));
  app.add_option("--manifest", options->manifests,
                 std::string(context.say("the same for a list of hashes as sha256sum writes it",
                                         "同上，使用 sha256sum 格式的哈希清单")));
  return [options](Context& c) { return audit(c, *options); };
}

Action declareSql(CLI::App& app, const Context& context) {
  auto options = std::make_shared<ViewOptions>();
  app.add_option("statement", options->sql, "SELECT ..., .tables or .schema TABLE")->required();
  app.add_option("--timeout", options->seconds,
                 std::string(context.say("stop after this many seconds", "超过该秒数即中止")))
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  options->at.declare(app, context);
  return [options](Context& c) { return runSql(c, *options); };
}

}  // namespace pilotledger::cli
