// import: somebody's table into the ledger by a rules file.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/money.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/suite.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/terminal.h"
#include "tools/import/import.h"
#include "tools/import/input.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMaxTableBytes = 1u << 30;
constexpr std::size_t kMaxRulesBytes = 1u << 20;
constexpr std::size_t kMaxFolderFiles = 10'000;
constexpr std::size_t kMaxFolderBytes = 64u << 20;

struct ImportOptions {
  std::string file;
  std::string rules;
  std::vector<std::string> keys;
  std::vector<std::string> with;
  std::vector<std::string> settings;  // NAME=VALUE
  int passphraseFd = -1;
  std::string rejects;
  std::size_t batch = 1000;
  bool dryRun = false;
};

// A device never ends, and a huge file would fill the memory before it is refused.
Result<std::string> readInputFile(const fs::path& path) {
  std::error_code failed;
  auto status = fs::status(path, failed);
  if (fs::is_character_file(status) || fs::is_block_file(status) || fs::is_directory(status))
    return invalidInput(fmt::format("{}: expected a file, found a {}", path.string(),
                                    fs::is_directory(status) ? "directory" : "device"),
                        fmt::format("{}：应为文件，实为{}", path.string(), fs::is_directory(status) ? "目录" : "设备"));
  if (fs::is_regular_file(status) && fs::file_size(path, failed) > kMaxTableBytes && !failed)
    return invalidInput(fmt::format("{}: larger than {} MiB", path.string(), kMaxTableBytes >> 20),
                        fmt::format("{}：超过 {} MiB", path.string(), kMaxTableBytes >> 20));
  return readFile(path.string(), kMaxTableBytes);
}

// The joined tables lie beside the input, unless --with says otherwise.
Result<std::map<std::string, import::CsvTable>> readJoins(const ImportOptions& options, const import::Rules& rules) {
  std::map<std::string, import::CsvTable> tables;
  for (const std::string& with : options.with) {
    bool known = std::any_of(rules.joins.begin(), rules.joins.end(),
                             [&](const auto& join) { return join.path.empty() && with.starts_with(join.name + "="); });
    if (!known)
      return makeError(ErrorCode::Unsupported, fmt::format("--with {}: the rules have no such join", with),
                       fmt::format("--with {}：规则中没有此关联", with));
  }
  for (const auto& join : rules.joins) {
    if (!join.path.empty()) continue;  // a part of the input itself
    fs::path path = fs::path(options.file).parent_path() / join.file;
    for (const std::string& with : options.with) {
      if (with.starts_with(join.name + "=")) path = with.substr(join.name.size() + 1);
    }
    PL_TRY(std::string bytes, readInputFile(path));
    PL_TRY(import::CsvTable table, import::readJoined(std::move(bytes), path.filename().string(), rules));
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
    if (tally.zeros > 0) text += fmt::format("  {} {}", context.say("without an amount", "无金额"), tally.zeros);
    text += "\n";
  }
  return text;
}

std::string reportJson(const import::ImportReport& report) {
  nlohmann::ordered_json json = {{"records", report.records},
                                 {"rejected", report.rejected},
                                 {"recorded", report.recorded},
                                 {"repeated", report.repeated},
                                 {"leftOut", report.leftOut.size()}};
  json["tallies"] = nlohmann::ordered_json::array();
  for (const auto& [label, tally] : report.tallies) {
    json["tallies"].push_back(
        {{"kind", tally.kind}, {"currency", tally.currency}, {"events", tally.events}, {"amounts", tally.amounts}});
    if (tally.zeros > 0) json["tallies"].back()["withoutAmount"] = tally.zeros;
  }
  return json.dump() + "\n";
}

std::string rejectsFile(const ImportOptions& options) {
  return options.rejects.empty() ? fs::path(options.file).filename().string() + ".rejects.csv" : options.rejects;
}

// Those of an earlier run are not those of this one; a file that is something else is not touched.
Status removeOldRejects(const ImportOptions& options) {
  std::string file = rejectsFile(options);
  std::error_code failed;
  if (!fs::is_regular_file(file, failed) || failed) return {};
  std::ifstream in(file, std::ios::binary);
  std::string first;
  std::getline(in, first);
  if (first != import::kRejectsHeader)
    return makeError(ErrorCode::Conflict,
                     fmt::format("{} is there and holds no rejected records; say --rejects FILE", file),
                     fmt::format("{} 已存在且不是退回记录文件；请用 --rejects 另行指定", file));
  fs::remove(file, failed);
  return failed ? fileError(file) : Status();
}

// What of the file is not in the ledger, with the reasons: whole records, and events that need what is not there.
Status writeRejects(const Context& context, const ImportOptions& options, const import::ImportReport& report) {
  if (report.rejects.empty() && report.leftOut.empty()) return {};
  std::string file = rejectsFile(options);
  std::vector<import::Reject> all = report.rejects;
  all.insert(all.end(), report.leftOut.begin(), report.leftOut.end());
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  PL_CHECK(writeWholeFile(file, import::rejectsCsv(all, context.zh())));
  auto say = [&](const import::Reject& first, const std::string& en, const std::string& zh) {
    printRemark(
        context.say(Message{fmt::format("{}, see {}; the first, line {}{}: {}", en, file, first.line,
                                        first.column.empty() ? "" : ", column " + first.column, first.reason.en),
                            fmt::format("{}，见 {}；首条为第 {} 行{}：{}", zh, file, first.line,
                                        first.column.empty() ? "" : "，列 " + first.column,
                                        first.reason.zh.empty() ? first.reason.en : first.reason.zh)}));
  };
  if (!report.rejects.empty())
    say(report.rejects.front(), fmt::format("{} records rejected", report.rejected),
        fmt::format("{} 条记录被退回", report.rejected));
  if (!report.leftOut.empty())
    say(report.leftOut.front(), fmt::format("{} events left out", report.leftOut.size()),
        fmt::format("{} 个事件未予记录", report.leftOut.size()));
  return {};
}

// SHA-256 of the file, as evidence names it.
std::string hashOf(std::string_view bytes) {
  return crypto::toHex(crypto::hash(crypto::SuiteId::Ed25519Sha256, {viewOf(bytes)}));
}

Result<std::map<std::string, std::string>> settingsOf(const ImportOptions& options) {
  std::map<std::string, std::string> settings;
  for (const std::string& word : options.settings) {
    std::size_t equals = word.find('=');
    if (equals == word.npos || equals == 0 || !settings.emplace(word.substr(0, equals), word.substr(equals + 1)).second)
      return makeError(ErrorCode::Unsupported,
                       fmt::format("--set: expected NAME=VALUE, each name once, found '{}'", word),
                       fmt::format("--set 应为 名称=值，每个名称一次，实为“{}”", word));
  }
  return settings;
}

// The files of a folder, .xml and .json, by name.
Result<std::vector<import::InputFile>> readFolder(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    auto extension = entry.path().extension();
    if (entry.is_regular_file() && (extension == ".xml" || extension == ".json")) paths.push_back(entry.path());
  }
  if (failed) return fileError(folder.string());
  if (paths.empty() || paths.size() > kMaxFolderFiles)
    return invalidInput(fmt::format("{}: expected 1 to {} files .xml or .json, found {}", folder.string(),
                                    kMaxFolderFiles, paths.size()),
                        fmt::format("{}：应有 1 至 {} 个 .xml 或 .json 文件，实有 {} 个", folder.string(),
                                    kMaxFolderFiles, paths.size()));
  std::sort(paths.begin(), paths.end());
  std::vector<import::InputFile> files;
  std::size_t total = 0;
  for (const fs::path& path : paths) {
    PL_TRY(std::string bytes, readInputFile(path));
    total += bytes.size();
    if (total > kMaxFolderBytes)
      return invalidInput(fmt::format("{}: larger than {} MiB in all", folder.string(), kMaxFolderBytes >> 20),
                          fmt::format("{}：合计超过 {} MiB", folder.string(), kMaxFolderBytes >> 20));
    std::string hash = hashOf(bytes);
    files.push_back({path.filename().string(), std::move(bytes), std::move(hash)});
  }
  return files;
}

Result<import::Input> readAll(const ImportOptions& options, const import::Rules& rules, import::SourceFile& source) {
  std::error_code failed;
  source.name = fs::path(options.file).filename().string();
  if (!rules.record.empty() && fs::is_directory(options.file, failed)) {
    PL_TRY(auto files, readFolder(options.file));
    if (files.size() == 1) source.name = files.front().name, source.hash = files.front().hash;
    return import::readInputs(std::move(files), rules);
  }
  PL_TRY(std::string bytes, readInputFile(options.file));
  source.hash = hashOf(bytes);
  return import::readInput(std::move(bytes), source.name, rules);
}

// The party of those who sign for themselves, where it is one; "" where an importer signs.
Result<std::string> signerOf(const ledger::Ledger& ledger, const std::vector<crypto::SigningKey>& keys) {
  std::string party;
  for (const auto& key : keys) {
    const auto& named = key.verifyKey();
    PL_TRY(auto bound, ledger.entity(fmt::format("key:{}+{}", named.name(), named.idHex())));
    if (!bound || bound->contains("role", "IMP")) return std::string();
    std::string own(bound->get("party.any"));
    if (!party.empty() && own != party) return std::string();
    party = own;
  }
  return party;
}

Result<int> run(Context& context, const ImportOptions& options) {
  PL_CHECK(removeOldRejects(options));
  PL_TRY(std::string toml, readFile(options.rules, kMaxRulesBytes));
  PL_TRY(import::Rules rules, import::parseRules(toml, options.rules));
  import::SourceFile source;
  PL_TRY(source.settings, settingsOf(options));
  PL_TRY(import::Input input, readAll(options, rules, source));
  PL_TRY(auto joins, readJoins(options, rules));
  joins.merge(input.parts);
  if (input.skipped > 0)
    remark(context, {fmt::format("{} rows left out, as skip in the rules says", input.skipped),
                     fmt::format("按规则 skip 略过 {} 行", input.skipped)});
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  PL_TRY(auto ledger, openLedger(context, options.dryRun ? ledger::OpenMode::Rehearse : ledger::OpenMode::Write));
  source.today = events::formatCivilDate(events::civilDateOfUtcMs(context.clock()));
  PL_TRY(source.signer, signerOf(*ledger, keys));
  PL_TRY(import::Mapper mapper, import::Mapper::make(rules, input.table, std::move(joins), source));
  PL_TRY(Sealing sealing, Sealing::of(context, *ledger));
  import::ImportReport report;
  {
    Progress progress(std::string(context.say("importing", "导入中")), context.quiet);
    import::ImportOptions how;
    how.batch = options.batch;
    how.seal = [&](const events::Event& event) { return sealing.seal(event); };
    how.entityKey = [&](const std::string& key) { return sealing.entityKey(key); };
    if (!options.dryRun) how.beforeSubmit = [&] { return sealing.keep(); };
    how.recorded = [&](const events::Event& event) { return sealing.noteRecorded(event); };
    how.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); };
    PL_TRY(report, import::importRecords(*ledger, mapper, keys, how));
  }
  PL_CHECK(sealing.forgetUnused());
  for (const auto& [file, why] : input.unread) {
    ++report.records, ++report.rejected;
    report.rejects.insert(report.rejects.begin(), {0, "", why, "", file});
  }
  if (options.dryRun && !context.quiet) {
    printRemark(context.say("Dry run: nothing was recorded.", "试运行：未写入账本。"));
  }
  PL_CHECK(writeOutput(context, context.format == "table" ? reportTable(context, report) : reportJson(report)));
  PL_CHECK(writeRejects(context, options, report));
  for (const auto& one : report.dropped)
    remark(context,
           {fmt::format("line {}: {}", one.line, one.reason.en), fmt::format("第 {} 行：{}", one.line, one.reason.zh)});
  for (const Message& total : input.differing) remark(context, total);
  return report.rejects.empty() && input.differing.empty() ? kOk : kRefused;
}

}  // namespace

Action declareImport(CLI::App& app, const Context& context) {
  auto options = std::make_shared<ImportOptions>();
  auto say = [&](std::string_view en, std::string_view zh) { return std::string(context.say(en, zh)); };
  app.add_option("file", options->file,
                 say("CSV, workbook (.xlsx), XML or JSON, or a folder of XML or JSON",
                     "CSV、工作簿（.xlsx）、XML 或 JSON 文件，或存放 XML、JSON 的文件夹"))
      ->required();
  app.add_option("--rules", options->rules, say("rules file (TOML)", "规则文件（TOML）"))->required();
  app.add_option("--key", options->keys,
                 say("key file: of an importer (role IMP), or of those who sign these kinds of events themselves (see "
                     "catalogue)",
                     "密钥文件：导入者（IMP 角色），或有权自行签署该类事件者（见 catalogue）"))
      ->required();
  app.add_option("--passphrase-fd", options->passphraseFd,
                 say("read the passphrase of the keys from this descriptor", "从该描述符读取口令"));
  app.add_option("--with", options->with, say("JOIN=FILE: where a joined table lies", "JOIN=文件：关联表位置"));
  app.add_option("--set", options->settings,
                 say("NAME=VALUE: what the rules ask for as {set.NAME}", "名称=值：规则中的 {set.名称}"));
  app.add_option("--rejects", options->rejects,
                 say("where rejected records go; default FILE.rejects.csv here",
                     "退回记录文件；默认为当前目录下 文件名.rejects.csv"));
  app.add_option("--batch", options->batch, say("events per signature and submission", "每次提交的事件数"))
      ->check(CLI::Range(1, 10000));
  app.add_flag("--dry-run", options->dryRun, say("check everything, record nothing", "仅检查，不记录"));
  return [options](Context& c) { return run(c, *options); };
}

}  // namespace pilotledger::cli
