// log, show, entity.
#include <fmt/format.h>

#include <chrono>
#include <limits>
#include <thread>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "tools/cli/confidentiality.h"
#include "tools/service/entries.h"

namespace pilotledger::cli {
namespace {

struct LogOptions {
  std::uint64_t from = 0;
  std::uint64_t to = std::numeric_limits<std::uint64_t>::max();
  std::string kind;
  std::string entity;
  bool follow = false;
  std::string reader;
  bool open = false;
};

Result<service::EntryReaderScope> entryReader(const Context& context, const ledger::Ledger& ledger,
                                              const LogOptions& options) {
  PL_TRY(query::ReaderScope scope, sightOf(context, ledger, options.reader));
  service::NumberOpener open;
  if (options.open) {
    PL_TRY(open, numberOpener(context, ledger));
  }
  return service::EntryReaderScope(std::move(scope), std::move(open));
}

std::string lineOf(const Context& context, const proof::Entry& entry, const events::Event& event,
                   const service::EntryView& view) {
  if (context.format == "json" || context.format == "jsonl") {
    return service::entryLineJson(entry, event, view).dump() + "\n";
  }
  std::string entities = fmt::format("{}", fmt::join(view.entities(event), " "));
  std::string_view label = context.zh() ? event.kind().label.zh : std::string_view(event.kind().name);
  if (context.format == "csv") {
    return fmt::format("{},{},{},{}\n", entry.index, events::formatUtcMs(entry.recordedAtMs),
                       events::formatCivilDate(event.legalDate()), event.kind().name);
  }
  return fmt::format("{:>8}  {}  {}  {}  {}\n", entry.index, events::formatUtcMs(entry.recordedAtMs),
                     events::formatCivilDate(event.legalDate()), events::padRight(label, 24), entities);
}

Result<std::uint64_t> listOnce(Context& context, const LogOptions& options, std::uint64_t from) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(auto reader, entryReader(context, *ledger, options));
  if (!options.entity.empty()) {
    PL_TRY(events::EntityFound found, entityOnLog(context, *ledger, options.entity, reader.names()));
    const std::string& key = found.key;
    // Nobody takes an empty list for an answer about what is written otherwise. A reader does not learn what is there.
    if (!found.recorded && !options.follow && options.reader.empty()) {
      return nothingNames(context, *ledger, options.entity);
    }
    PL_TRY(auto indexes, ledger->entriesOf(key));
    for (std::uint64_t index : indexes) {
      if (index < from || index >= options.to) continue;
      PL_TRY(service::LoadedEntry loaded, service::loadEntry(*ledger, index));
      service::EntryView view = reader.at(index, loaded.signers);
      if (!options.reader.empty() && !view.sees(loaded.event, key)) continue;
      if (options.kind.empty() || loaded.event.kind().name == options.kind)
        PL_CHECK(writeOutput(context, lineOf(context, loaded.entry, loaded.event, view)));
    }
    return ledger->size();
  }
  PL_CHECK(ledger->scan(from, options.to, [&](const ledger::LogRecord& recorded) -> Status {
    if (!options.kind.empty() && recorded.event.kind().name != options.kind) return {};
    service::EntryView view = reader.at(recorded.entry.index, recorded.signers);
    return writeOutput(context, lineOf(context, recorded.entry, recorded.event, view));
  }));
  return ledger->size();
}

Result<int> list(Context& context, const LogOptions& options) {
  if (!options.kind.empty() && events::findKind(options.kind) == nullptr) {
    return makeError(ErrorCode::NotFound, "no event kind '" + options.kind + "'", "没有事件种类“" + options.kind + "”");
  }
  if (options.follow && !context.outputFile.empty()) {
    return invalidInput("log --follow never ends, and -o writes a file when all is there; use 'log --follow > FILE'",
                        "log --follow 不会结束，而 -o 在写全后才生成文件；请用 log --follow > 文件");
  }
  PL_TRY(std::uint64_t next, listOnce(context, options, options.from));
  while (options.follow) {
    PL_CHECK(flushOutput());
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    PL_TRY(next, listOnce(context, options, next));
  }
  return kOk;
}

Result<int> show(Context& context, const LogOptions& options) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(service::LoadedEntry loaded, service::loadEntry(*ledger, options.from));
  PL_TRY(auto reader, entryReader(context, *ledger, options));
  auto json = service::entryJson(loaded, reader.at(options.from, loaded.signers));
  PL_CHECK(writeOutput(context, json.dump(context.format == "jsonl" ? -1 : 2) + "\n"));
  return kOk;
}

std::string recordText(const Context& context, const service::EntityAnswer& answer) {
  if (context.format != "table") return service::entityJson(answer).dump() + "\n";
  if (answer.whole) return answer.record.text();
  return fmt::format(
      fmt::runtime(context.say(
          "withheld: the record of {} follows from entries of which this reader does not see all; see log --entity\n",
          "不予显示：{} 的记录由该读者不能全部查看的条目得出；请用 log --entity\n")),
      answer.key);
}

Result<int> showEntity(Context& context, const LogOptions& options) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(auto reader, entryReader(context, *ledger, options));
  PL_TRY(auto answer, service::askEntity(context, *ledger, reader, options.entity));
  PL_CHECK(writeOutput(context, recordText(context, answer)));
  return kOk;
}

void declareLooking(CLI::App& app, const Context& context, LogOptions& options) {
  declareReader(app, context, options.reader);
  app.add_flag("--open", options.open,
               std::string(context.say("show sealed numbers as the vault knows them", "按保险库显示封存号码")));
}

}  // namespace

Action declareLog(CLI::App& app, const Context& context) {
  auto options = std::make_shared<LogOptions>();
  app.add_option("--from", options->from, std::string(context.say("first entry", "起始条目")));
  app.add_option("--to", options->to, std::string(context.say("stop before this entry", "到此条目之前为止")));
  app.add_option("--kind", options->kind, std::string(context.say("only this event kind", "仅该事件种类")));
  app.add_option("--entity", options->entity,
                 std::string(context.say("only entries that name KIND:ID", "仅提及该对象的条目")));
  declareLooking(app, context, *options);
  app.add_flag("--follow", options->follow, std::string(context.say("go on with new entries", "持续输出新条目")));
  return [options](Context& c) { return list(c, *options); };
}

Action declareShow(CLI::App& app, const Context& context) {
  auto options = std::make_shared<LogOptions>();
  app.add_option("index", options->from, std::string(context.say("entry index", "条目序号")))->required();
  declareLooking(app, context, *options);
  return [options](Context& c) { return show(c, *options); };
}

Action declareEntity(CLI::App& app, const Context& context) {
  auto options = std::make_shared<LogOptions>();
  app.add_option("entity", options->entity, "KIND:ID")->required();
  declareReader(app, context, options->reader);
  return [options](Context& c) { return showEntity(c, *options); };
}

}  // namespace pilotledger::cli
