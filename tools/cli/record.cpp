// record.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "events/base/civil_date.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/event_card.h"
#include "tools/cli/event_ids.h"
#include "tools/cli/event_table.h"
#include "tools/cli/event_words.h"
#include "tools/cli/signing.h"
#include "tools/cli/taken_back.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMaxTableBytes = 20u << 20;

struct RecordingOptions : SigningOptions {
  std::string file = "-";
  std::vector<std::string> words;  // FIELD=VALUE, of the kind that stands in `file`'s place
  std::string kind;                // of the rows of a table
  std::size_t batch = 1000;
  bool dryRun = false;
};

// The event that KIND FIELD=VALUE… says, dated today unless a word gives the day.
Result<std::string> eventInWords(const Context& context, const RecordingOptions& options) {
  PL_TRY(const events::Kind* kind, kindByWord(options.file));
  nlohmann::ordered_json event = {{"kind", kind->name},
                                  {"legalDate", events::formatCivilDate(events::civilDateOfUtcMs(context.clock()))},
                                  {"body", nlohmann::ordered_json::object()}};
  PL_CHECK(setFields(*kind, options.words, event));
  return event.dump();
}

bool isTable(const RecordingOptions& options) {
  std::string extension = std::filesystem::path(options.file).extension().string();
  return !options.kind.empty() || extension == ".xlsx" || extension == ".XLSX";
}

Result<EventReader> eventsAsked(const Context& context, const RecordingOptions& options) {
  if (options.words.empty() && isTable(options)) {
    PL_TRY(std::string bytes, readFile(options.file, kMaxTableBytes));
    PL_TRY(std::string lines, eventsOfTable(std::move(bytes), options.file, options.kind));
    return EventReader::over(std::move(lines), options.file, context.clock);
  }
  if (options.words.empty()) return EventReader::open(options.file, context.clock);
  PL_TRY(std::string text, eventInWords(context, options));
  return EventReader::over(std::move(text), std::string(context.say("command line", "命令行")), context.clock);
}

// What was typed in words is shown as it will be recorded; an id that is not known yet is left out.
Status showInWords(const Context& context, const ledger::Ledger& ledger, const RecordingOptions& options,
                   EventIds& ids) {
  PL_TRY(std::string text, eventInWords(context, options));
  PL_TRY(auto lines, readEvents(text, "", context.clock));
  PL_CHECK(ids.derive(lines));
  PL_TRY(events::Event event, events::Event::decode(lines.front().bytes));
  auto json = events::jsonOf(event);
  if (lines.front().derives && !ids.derives()) json.erase("id");
  return showAndAsk(context, eventCard(context, cardNames(context, ledger), json),
                    options.dryRun ? Asking::Never : options.asking());
}

Result<int> record(Context& context, const RecordingOptions& options) {
  PL_TRY(EventReader events, eventsAsked(context, options));
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  PL_TRY(auto ledger, openLedger(context, options.dryRun ? ledger::OpenMode::Rehearse : ledger::OpenMode::Write));
  PL_TRY(EventIds ids, EventIds::of(context, *ledger, keys));
  if (!options.words.empty()) PL_CHECK(showInWords(context, *ledger, options, ids));
  PL_TRY(Sealing sealing, Sealing::of(context, *ledger));
  RecordOptions how;
  how.batch = options.batch;
  how.rehearsal = options.dryRun;
  how.prepare = [&](std::vector<EventLine>& batch) -> Status {
    PL_CHECK(ids.derive(batch));
    return sealAll(sealing, batch, options.dryRun ? Keeping::Nothing : Keeping::Vault);
  };
  if (!options.dryRun) PL_CHECK(writeDocument(context, ""));  // a file that cannot be made is said before all else
  RecordedBefore before;
  how.receipt = [&](const ledger::AppendReceipt& receipt, const std::string& checkpoint) -> Status {
    PL_CHECK(before.see(*ledger, receipt));
    if (options.dryRun) return {};
    ids.see(receipt);
    return writeDocument(context, receiptLine(receipt, checkpoint));
  };
  auto recorded = recordAll(
      *ledger, [&] { return events.next(); }, keys, how);
  ids.say();
  before.say(context);
  if (!recorded.ok()) PL_CHECK(finishOutput(context));  // receipts of the batches before the one that failed
  if (!recorded.ok()) return recorded.error();
  if (*recorded == 0) return invalidInput("no event to record", "没有可记录的事件");
  if (options.dryRun) sayRehearsed(context, *recorded, before.count);
  return kOk;
}

}  // namespace

Action declareRecord(CLI::App& app, const Context& context) {
  auto options = std::make_shared<RecordingOptions>();
  app.add_option("file", options->file,
                 std::string(context.say("JSON or JSON Lines, '-' or nothing for standard input; or a KIND of event",
                                         "JSON 或 JSON Lines，“-”或省略为标准输入；或事件种类")));
  app.add_option("words", options->words,
                 std::string(context.say("FIELD=VALUE of that kind: amounts in yuan, codes or their labels",
                                         "该种类的 字段=值：金额以元计，可写中文枚举")));
  app.add_option("--kind", options->kind,
                 std::string(context.say("the file is a table (CSV, xlsx) of events of this kind",
                                         "文件为该种类事件的表格（CSV、xlsx）")));
  options->declare(app, context);
  app.add_option("--batch", options->batch,
                 std::string(context.say("events per signature and submission", "每次提交的事件数")))
      ->check(CLI::Range(1, 10000));
  app.add_flag("--dry-run", options->dryRun, std::string(context.say("check, record nothing", "仅检查，不记录")));
  return [options](Context& c) { return record(c, *options); };
}

}  // namespace pilotledger::cli
