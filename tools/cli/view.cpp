// view, audit, sql: questions to the read model.
#include <fmt/format.h>

#include <filesystem>

#include "query/findings.h"
#include "query/report.h"
#include "tools/cli/command.h"
#include "tools/cli/presented.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

struct Options {
  std::string name;
  std::string asOf;
  std::string on;
  std::vector<std::string> parameters;
  std::vector<std::string> between;  // two positions to compare
  std::size_t drill = 0;             // a row, from 1
  std::string severity;
  std::string failOn;
  std::string code;
  std::vector<std::string> files;
  std::vector<std::string> manifests;
  std::string sql;
};

struct Opened {
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<query::ReadModel> model;
  query::AsOf at;
};

Result<Opened> openModel(const Context& context, const Options& options) {
  Opened opened;
  PL_TRY(opened.ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  {
    Progress progress(std::string(context.say("projecting", "投影中")), context.quiet);
    PL_TRY(opened.model, query::ReadModel::open(*opened.ledger, std::filesystem::path(context.ledgerDirectory) / "views.sqlite",
                                                [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); }));
  }
  PL_TRY(opened.at, opened.model->asOf(options.asOf, options.on));
  return opened;
}

Status print(const Context& context, const query::Table& table) {
  PL_TRY(std::string text, query::render(table, context.format, context.zh() ? query::Lang::Chinese : query::Lang::English));
  return writeOutput(context, text);
}

std::string_view readerName(const Context& context, std::string_view reader) {
  constexpr std::pair<std::string_view, Text> kReaders[] = {{"auditor", {"For the auditor", "审计"}}, {"bank", {"For the bank", "银行"}},
                                                            {"platform", {"For the platform", "平台"}}, {"authority", {"For the authority", "主管部门"}},
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
    text += fmt::format("{}\n", readerName(context, reader));
    for (const auto& view : query::views()) {
      if (view.reader != reader) continue;
      std::string parameters;
      for (const auto& parameter : view.parameters) parameters += " " + parameter.name + "=";
      text += fmt::format("  {:<23} {}{}{}\n", view.name, context.say(view.title), parameters.empty() ? "" : " ", parameters);
    }
  }
  return text;
}

Result<query::Parameters> parametersOf(const std::vector<std::string>& texts) {
  query::Parameters parameters;
  for (const std::string& text : texts) {
    std::size_t equals = text.find('=');
    if (equals == text.npos) {
      return makeError(ErrorCode::Unsupported, fmt::format("expected KEY=VALUE, found '{}'", text), fmt::format("应为 KEY=VALUE，实为“{}”", text));
    }
    parameters[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return parameters;
}

Result<query::Table> viewTable(Opened& opened, const Options& options, const query::Parameters& parameters) {
  if (!options.between.empty()) {
    PL_TRY(query::AsOf from, opened.model->asOf(options.between[0], options.on));
    PL_TRY(query::AsOf to, opened.model->asOf(options.between[1], options.on));
    return query::compareViews(*opened.model, from, to, options.name, parameters);
  }
  if (options.drill > 0) return query::drillDown(*opened.model, opened.at, options.name, parameters, options.drill);
  return query::runView(*opened.model, opened.at, options.name, parameters);
}

Result<int> showView(Context& context, const Options& options) {
  if (options.name.empty()) {
    PL_CHECK(writeOutput(context, listViews(context)));
    return kOk;
  }
  PL_TRY(query::Parameters parameters, parametersOf(options.parameters));
  PL_TRY(Opened opened, openModel(context, options));
  PL_TRY(query::Table table, viewTable(opened, options, parameters));
  PL_CHECK(print(context, table));
  return kOk;
}

// Readers of a terminal see one language; programs get every column.
void dropOtherLanguage(const Context& context, query::Table& table) {
  if (context.format != "table") return;
  for (std::string_view base : {"title", "detail"}) {
    std::string other = std::string(base) + (context.zh() ? "_en" : "_zh");
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].name != other) continue;
      table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(i));
      for (auto& row : table.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

int severityRank(std::string_view severity) { return severity == "H" ? 0 : severity == "M" ? 1 : 2; }

Result<int> audit(Context& context, const Options& options) {
  PL_TRY(auto files, presentedFiles(options.files, options.manifests));
  PL_TRY(Opened opened, openModel(context, options));
  PL_TRY(query::Table table, query::runFindings(*opened.model, opened.at, {options.severity, options.code, std::move(files)}));
  bool fail = false;
  for (const auto& row : table.rows) {
    fail = fail || (!options.failOn.empty() && query::isOpenFinding(row) && severityRank(std::get<std::string>(row[1])) <= severityRank(options.failOn));
  }
  dropOtherLanguage(context, table);
  PL_CHECK(print(context, table));
  return fail ? kNo : kOk;
}

Result<int> runSql(Context& context, const Options& options) {
  PL_TRY(Opened opened, openModel(context, options));
  PL_TRY(query::Table table, query::runSql(*opened.model, opened.at, options.sql));
  PL_CHECK(print(context, table));
  return kOk;
}

void declareAsOf(CLI::App& app, const Context& context, Options& options) {
  app.add_option("--as-of", options.asOf, std::string(context.say("what the ledger knew: entry index or YYYY-MM-DD", "截至：条目序号或日期")));
  app.add_option("--on", options.on, std::string(context.say("what was legally so on that day, YYYY-MM-DD: what is dated later is not yet so", "截至该法定日：其后之事尚未发生")));
}

}  // namespace

Action declareView(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  app.add_option("name", options->name, std::string(context.say("view; without it, the list of views", "视图名；省略则列出")));
  app.add_option("parameters", options->parameters, "KEY=VALUE");
  declareAsOf(app, context, *options);
  app.add_option("--drill", options->drill, std::string(context.say("what row N is made of", "下钻：第 N 行的构成")))->check(CLI::PositiveNumber);
  app.add_option("--diff", options->between, std::string(context.say("what changed from position A to position B, by which entries", "比较两个位置：何处变化、所依条目")))
      ->expected(2)->type_name("A B");
  return [options](Context& c) { return showView(c, *options); };
}

Action declareAudit(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  declareAsOf(app, context, *options);
  app.add_option("--severity", options->severity, std::string(context.say("H, M or L: that severity and above", "等级 H、M、L 及以上")))->check(CLI::IsMember({"H", "M", "L"}));
  app.add_option("--fail-on", options->failOn, std::string(context.say("exit 1 when a finding of this severity or above exists", "存在该等级及以上问题时退出码为 1")))->check(CLI::IsMember({"H", "M", "L"}));
  app.add_option("--code", options->code, std::string(context.say("only this finding, such as S04", "仅该代码，如 S04")));
  app.add_option("--file", options->files, std::string(context.say("compare files or folders with the hashes of evidence (S27)", "将文件或目录与存证哈希比对（S27）")));
  app.add_option("--manifest", options->manifests, std::string(context.say("the same for a list of hashes as sha256sum writes it", "同上，使用 sha256sum 格式的哈希清单")));
  return [options](Context& c) { return audit(c, *options); };
}

Action declareSql(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  app.add_option("statement", options->sql, "SELECT ..., .tables or .schema TABLE")->required();
  declareAsOf(app, context, *options);
  return [options](Context& c) { return runSql(c, *options); };
}

}  // namespace pilotledger::cli
