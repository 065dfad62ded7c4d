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

std::string listViews(const Context& context) {
  std::string text;
  for (const auto& view : query::views()) {
    std::string parameters;
    for (const auto& parameter : view.parameters) parameters += " " + parameter.name + "=";
    text += fmt::format("{:<16} {}  ({}){}\n", view.name, context.say(view.title), view.reader, parameters);
  }
  return text;
}

Result<int> showView(Context& context, const Options& options) {
  if (options.name.empty()) {
    PL_CHECK(writeOutput(context, listViews(context)));
    return kOk;
  }
  query::Parameters parameters;
  for (const std::string& text : options.parameters) {
    std::size_t equals = text.find('=');
    if (equals == text.npos) {
      return makeError(ErrorCode::Unsupported, fmt::format("expected KEY=VALUE, found '{}'", text), fmt::format("应为 KEY=VALUE，实为“{}”", text));
    }
    parameters[text.substr(0, equals)] = text.substr(equals + 1);
  }
  PL_TRY(Opened opened, openModel(context, options));
  PL_TRY(query::Table table, query::runView(*opened.model, opened.at, options.name, parameters));
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
  app.add_option("--on", options.on, std::string(context.say("the day the question is asked for, YYYY-MM-DD", "按该法定日计算")));
}

}  // namespace

Action declareView(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  app.add_option("name", options->name, std::string(context.say("view; without it, the list of views", "视图名；省略则列出")));
  app.add_option("parameters", options->parameters, "KEY=VALUE");
  declareAsOf(app, context, *options);
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
  app.add_option("statement", options->sql, "SELECT ...")->required();
  declareAsOf(app, context, *options);
  return [options](Context& c) { return runSql(c, *options); };
}

}  // namespace pilotledger::cli
