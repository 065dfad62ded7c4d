// import: a CSV file into the ledger by a rules file.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "events/base/text.h"
#include "events/money.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/terminal.h"
#include "tools/import/import.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMaxTableBytes = 1u << 30;
constexpr std::size_t kMaxRulesBytes = 1u << 20;

struct ImportOptions {
  std::string file;
  std::string rules;
  std::vector<std::string> keys;
  std::vector<std::string> with;
  int passphraseFd = -1;
  std::string rejects;
  std::size_t batch = 1000;
  bool dryRun = false;
};

Result<import::CsvTable> readTable(const fs::path& path, const import::Rules& rules) {
  PL_TRY(std::string bytes, readFile(path.string(), kMaxTableBytes));
  auto text = import::toUtf8(std::move(bytes), rules.encoding);
  if (!text.ok()) return std::move(text).error().within(path.string());
  return import::CsvTable::parse(*text, rules.delimiter, path.filename().string());
}

// The joined tables lie beside the input, unless --with says otherwise.
Result<std::map<std::string, import::CsvTable>> readJoins(const ImportOptions& options, const import::Rules& rules) {
  std::map<std::string, import::CsvTable> tables;
  for (const auto& join : rules.joins) {
    fs::path path = fs::path(options.file).parent_path() / join.file;
    for (const std::string& with : options.with) {
      if (with.starts_with(join.name + "=")) path = with.substr(join.name.size() + 1);
    }
    PL_TRY(import::CsvTable table, readTable(path, rules));
    tables.emplace(join.name, std::move(table));
  }
  return tables;
}

std::uint16_t numericOf(const std::string& alpha) {
  auto parsed = events::parseCurrency(alpha);
  return parsed.ok() ? *parsed : events::kCny;
}

std::string reportTable(const Context& context, const import::ImportReport& report) {
  std::string text =
      fmt::format("{} {}  {} {}  {} {}  {} {}\n", context.say("records", "记录"), report.records,
                  context.say("rejected", "退回"), report.rejected, context.say("events recorded", "新记录事件"),
                  report.recorded, context.say("there already", "已在账本"), report.repeated);
  for (const auto& [label, tally] : report.tallies) {
    text += fmt::format("  {} {:>8}", events::padRight(tally.kind, 24), tally.events);
    for (const auto& [field, sum] : tally.amounts) {
      if (sum != 0)
        text += fmt::format("  {} {} {}", field, events::formatMoney(sum, numericOf(tally.currency)), tally.currency);
    }
    text += "\n";
  }
  return text;
}

std::string reportJson(const import::ImportReport& report) {
  nlohmann::ordered_json json = {{"records", report.records},
                                 {"rejected", report.rejected},
                                 {"recorded", report.recorded},
                                 {"repeated", report.repeated}};
  json["tallies"] = nlohmann::ordered_json::array();
  for (const auto& [label, tally] : report.tallies) {
    json["tallies"].push_back(
        {{"kind", tally.kind}, {"currency", tally.currency}, {"events", tally.events}, {"amounts", tally.amounts}});
  }
  return json.dump() + "\n";
}

Status writeRejects(const Context& context, const ImportOptions& options, const import::ImportReport& report) {
  if (report.rejects.empty()) return {};
  std::string file =
      options.rejects.empty() ? fs::path(options.file).filename().string() + ".rejects.csv" : options.rejects;
  PL_CHECK(writeWholeFile(file, import::rejectsCsv(report.rejects, context.zh())));
  const auto& first = report.rejects.front();
  std::string en = fmt::format("{} records rejected, see {}; the first, line {}{}: {}", report.rejected, file,
                               first.line, first.column.empty() ? "" : ", column " + first.column, first.reason.en);
  std::string zh = fmt::format("{} 条记录被退回，见 {}；首条为第 {} 行{}：{}", report.rejected, file, first.line,
                               first.column.empty() ? "" : "，列 " + first.column,
                               first.reason.zh.empty() ? first.reason.en : first.reason.zh);
  printRemark(context.say(Message{en, zh}));
  return {};
}

Result<int> run(Context& context, const ImportOptions& options) {
  PL_TRY(std::string toml, readFile(options.rules, kMaxRulesBytes));
  PL_TRY(import::Rules rules, import::parseRules(toml, options.rules));
  PL_TRY(import::CsvTable table, readTable(options.file, rules));
  PL_TRY(auto joins, readJoins(options, rules));
  PL_TRY(import::Mapper mapper, import::Mapper::make(rules, table, std::move(joins)));
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  PL_TRY(auto ledger, openLedger(context, options.dryRun ? ledger::OpenMode::Rehearse : ledger::OpenMode::Write));
  PL_TRY(Sealing sealing, Sealing::of(context, *ledger));
  import::ImportReport report;
  {
    Progress progress(std::string(context.say("importing", "导入中")), context.quiet);
    import::ImportOptions how;
    how.batch = options.batch;
    how.seal = [&](const events::Event& event) { return sealing.seal(event); };
    if (!options.dryRun) how.beforeSubmit = [&] { return sealing.keep(); };
    how.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); };
    PL_TRY(report, import::importRecords(*ledger, mapper, keys, how));
  }
  if (options.dryRun && !context.quiet) {
    printRemark(context.say("Dry run: nothing was recorded.", "试运行：未写入账本。"));
  }
  PL_CHECK(writeOutput(context, context.format == "table" ? reportTable(context, report) : reportJson(report)));
  PL_CHECK(writeRejects(context, options, report));
  return report.rejects.empty() ? kOk : kRefused;
}

}  // namespace

Action declareImport(CLI::App& app, const Context& context) {
  auto options = std::make_shared<ImportOptions>();
  auto say = [&](std::string_view en, std::string_view zh) { return std::string(context.say(en, zh)); };
  app.add_option("file", options->file, say("the CSV file", "CSV 文件"))->required();
  app.add_option("--rules", options->rules, say("rules file (TOML)", "规则文件（TOML）"))->required();
  app.add_option("--key", options->keys, say("key file of the importer (role IMP)", "导入者密钥文件（IMP 角色）"))
      ->required();
  app.add_option("--passphrase-fd", options->passphraseFd,
                 say("read the passphrase of the keys from this descriptor", "从该描述符读取口令"));
  app.add_option("--with", options->with, say("JOIN=FILE: where a joined table lies", "JOIN=文件：关联表位置"));
  app.add_option("--rejects", options->rejects,
                 say("where rejected records go; default FILE.rejects.csv here",
                     "退回记录文件；默认为当前目录下 文件名.rejects.csv"));
  app.add_option("--batch", options->batch, say("events per signature and submission", "每次提交的事件数"))
      ->check(CLI::Range(1, 10000));
  app.add_flag("--dry-run", options->dryRun, say("check everything, record nothing", "仅检查，不记录"));
  return [options](Context& c) { return run(c, *options); };
}

}  // namespace pilotledger::cli
