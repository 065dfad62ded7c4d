#include "tools/cli/query_session.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "events/base/text.h"
#include "events/codec.h"
#include "ledger/fsck/fsck.h"
#include "query/report/report.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/reader_table.h"
#include "tools/cli/terminal.h"
#include "tools/service/views.h"

namespace pilotledger::cli {

namespace {

// Every row of the store that an answer could rest on leads to what the log signed. Signatures of submissions are not
// verified again: the entries hold their notes.
Status requireSound(const Context& context, const ledger::Ledger& ledger) {
  Progress progress(std::string(context.say("verifying", "核验中")), context.quiet);
  ledger::FsckOptions options;
  options.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); };
  PL_TRY(options.verified, ledger::storedCheckpoint(context.ledgerDirectory, ledger.size(), std::nullopt));
  PL_TRY(ledger::FsckOutcome outcome, ledger::fsck(context.ledgerDirectory, options));
  if (!outcome.damage) return {};
  const auto& [index, where, what] = *outcome.damage;
  return makeError(ErrorCode::Corruption,
                   fmt::format("nothing is computed from a log that does not verify: {}: {}; run 'pilotledger verify'",
                               where, what.en),
                   fmt::format("日志未通过核验，不予计算：{}：{}；请运行 pilotledger verify", where, what.zh));
}

Result<Opened> openFiles(const Context& context, const AsOfOptions& options, Rows rows) {
  Opened opened;
  PL_TRY(opened.ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(opened.model, openReadModel(context, *opened.ledger, rows));
  PL_TRY(opened.at, opened.model->asOf(options.asOf, options.on));
  return opened;
}

}  // namespace

Result<std::unique_ptr<query::ReadModel>> openReadModel(const Context& context, const ledger::Ledger& ledger,
                                                        Rows rows) {
  bool computed = rows == Rows::Computed || context.fresh;
  if (computed) PL_CHECK(requireSound(context, ledger));
  Progress progress(std::string(context.say("projecting", "投影中")), context.quiet);
  return query::ReadModel::open(ledger, computed ? "" : viewsPlace(context),
                                [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); });
}

void AsOfOptions::declare(CLI::App& app, const Context& context) {
  declareDays(app, context);
  declareReader(app, context, reader);
}

void AsOfOptions::declareDays(CLI::App& app, const Context& context) {
  app.add_option("--as-of", asOf,
                 std::string(context.say("what the ledger knew: entry index or YYYY-MM-DD", "截至：条目序号或日期")));
  app.add_option(
      "--on", on,
      std::string(context.say("what was legally so on that day, YYYY-MM-DD: what is dated later is not yet so",
                              "截至该法定日：其后之事尚未发生")));
}

Result<Opened> openModel(const Context& context, const AsOfOptions& options) {
  PL_TRY(Opened opened, openFiles(context, options, Rows::Kept));
  PL_TRY(query::ReaderScope sight, sightOf(context, *opened.ledger, options.reader));
  PL_TRY(query::UnsealedNumbers numbers, openedNumbers(context, *opened.ledger));
  PL_CHECK(opened.model->restrictTo(std::move(sight), numbers));
  return opened;
}

Result<Opened> openAsRecorded(const Context& context, const AsOfOptions& options) {
  return openFiles(context, options, Rows::Computed);
}

Result<query::Parameters> parseParameters(const std::vector<std::string>& words) {
  query::Parameters parameters;
  for (const std::string& text : words) {
    std::size_t equals = text.find('=');
    if (equals == text.npos) {
      return makeError(ErrorCode::Unsupported, fmt::format("expected KEY=VALUE, found '{}'", text),
                       fmt::format("应为 KEY=VALUE，实为“{}”", text));
    }
    std::string name = text.substr(0, equals);
    if (parameters.contains(name)) {
      return makeError(ErrorCode::Unsupported,
                       fmt::format("{} is given twice; a question has one value for each", name),
                       fmt::format("{} 重复给出；每项只取一个值", name));
    }
    auto value = events::identifierSpelling(text.substr(equals + 1));
    if (!value.ok()) return std::move(value).error().within(name);
    parameters[name] = std::move(value).value();
  }
  return parameters;
}

void keepReadersLanguage(const Context& context, query::Table& table) {
  if (context.format == "csv" || context.format.starts_with("json")) return;
  service::keepLanguage(table, reportLanguage(context));
}

Status sayBareNumbers(const Context& context, const query::Table& table) {
  std::error_code failure;
  if (!table.reader.empty() || !std::filesystem::exists(service::vaultPath(context), failure)) return {};
  std::set<std::string_view> bare;
  for (const auto& row : table.rows) {
    for (const query::Value& value : row) {
      const auto* text = std::get_if<std::string>(&value);
      if (text != nullptr && events::isSealed(*text)) bare.insert(*text);
    }
  }
  if (bare.empty()) return {};
  remark(context,
         {fmt::format("{} numbers stand here as keyed hashes: the vault does not hold them; 'pilotledger "
                      "verify' says of which entries",
                      bare.size()),
          fmt::format("此处有 {} 个号码显示为带密钥哈希：保险库中没有原号码；pilotledger verify 可列出所在条目",
                      bare.size())});
  return {};
}

namespace {

constexpr std::size_t kCardRows = 5;

bool isTooWide(std::string_view text) {
  const std::size_t columns = terminalColumns();
  while (columns > 0 && !text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    if (text.starts_with("---") && events::displayWidth(text.substr(0, end)) > columns) return true;  // under the heads
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace

Status printTable(const Context& context, const query::Table& table) {
  bool shown = context.outputFile.empty() && onTerminal();
  if (shown && context.format == "xlsx") {
    return makeError(ErrorCode::Unsupported, "xlsx is no text for a terminal: use -o FILE",
                     "xlsx 不能在终端显示：请用 -o 指定文件");
  }
  PL_TRY(std::string text, query::render(table, context.format, reportLanguage(context)));
  if (shown && context.format == "table" && isTooWide(text) && table.rows.size() <= kCardRows)
    return printTableText(query::renderCards(table, reportLanguage(context)),
                          context.pager ? Paging::WhenLong : Paging::Never);
  if (context.format == "csv" && context.bom) text.insert(0, "\xEF\xBB\xBF");
  if (context.format == "table" && context.outputFile.empty())
    return printTableText(text, context.pager ? Paging::WhenLong : Paging::Never);
  return writeOutput(context, text);
}

}  // namespace pilotledger::cli
