// view, audit, sql: questions to the read model.
#include <fmt/format.h>

#include "query/findings.h"
#include "tools/cli/presented.h"
#include "tools/cli/read.h"

namespace pilotledger::cli {
namespace {

struct Options {
  std::string name;
  AsOfOptions at;
  std::vector<std::string> parameters;
  std::string severity;
  std::string failOn;
  std::string code;
  std::vector<std::string> files;
  std::vector<std::string> manifests;
  std::string sql;
};

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
  PL_TRY(query::Parameters parameters, parseParameters(options.parameters));
  PL_TRY(Opened opened, openModel(context, options.at));
  PL_TRY(query::Table table, query::runView(*opened.model, opened.at, options.name, parameters));
  PL_CHECK(printTable(context, table));
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
  PL_TRY(Opened opened, openModel(context, options.at));
  PL_TRY(query::Table table, query::runFindings(*opened.model, opened.at, {options.severity, options.code, std::move(files)}));
  bool fail = false;
  for (const auto& row : table.rows) {
    fail = fail || (!options.failOn.empty() && query::isOpenFinding(row) && severityRank(std::get<std::string>(row[1])) <= severityRank(options.failOn));
  }
  dropOtherLanguage(context, table);
  PL_CHECK(printTable(context, table));
  return fail ? kNo : kOk;
}

Result<int> runSql(Context& context, const Options& options) {
  PL_TRY(Opened opened, openModel(context, options.at));
  PL_TRY(query::Table table, query::runSql(*opened.model, opened.at, options.sql));
  PL_CHECK(printTable(context, table));
  return kOk;
}

}  // namespace

Action declareView(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  app.add_option("name", options->name, std::string(context.say("view; without it, the list of views", "视图名；省略则列出")));
  app.add_option("parameters", options->parameters, "KEY=VALUE");
  options->at.declare(app, context);
  return [options](Context& c) { return showView(c, *options); };
}

Action declareAudit(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  options->at.declare(app, context);
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
  options->at.declare(app, context);
  return [options](Context& c) { return runSql(c, *options); };
}

}  // namespace pilotledger::cli
