// log, show, entity.
#include <fmt/format.h>

#include <chrono>
#include <limits>
#include <thread>

#include "events/base/local_time.h"
#include "events/base/text.h"
#include "ledger/crypto/encoding.h"
#include "ledger/tlog/note.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/event_card.h"
#include "tools/cli/record_card.h"
#include "tools/cli/remote.h"
#include "tools/cli/signing.h"
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
  std::string shown;    // an entry index, or a submission file
  bool record = false;  // of an entity, the record alone
};

constexpr std::size_t kListedEntries = 10;  // of an entity with many, from either end

Result<service::EntryReaderScope> entryReader(const Context& context, const ledger::Ledger& ledger,
                                              const LogOptions& options) {
  PL_TRY(query::ReaderScope scope, sightOf(context, ledger, options.reader));
  service::NumberOpener open;
  if (options.open) {
    PL_TRY(open, numberOpener(context, ledger));
  }
  return service::EntryReaderScope(std::move(scope), std::move(open));
}

Result<std::string> lineOf(const Context& context, const ledger::Ledger& ledger, const proof::Entry& entry,
                           const events::Event& event, const service::EntryView& view) {
  PL_TRY(auto takenBack, service::takenBackBy(ledger, event, ledger.size(), view));
  auto json = service::entryLineJson(entry, event, view, takenBack);
  if (context.format == "json" || context.format == "jsonl") return json.dump() + "\n";
  return entryLine(context, json, fmt::format("{}", fmt::join(view.entities(event), " ")));
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
      if (!options.kind.empty() && loaded.event.kind().name != options.kind) continue;
      PL_TRY(std::string line, lineOf(context, *ledger, loaded.entry, loaded.event, view));
      PL_CHECK(writeOutput(context, line));
    }
    return ledger->size();
  }
  PL_CHECK(ledger->scan(from, options.to, [&](const ledger::LogRecord& recorded) -> Status {
    if (!options.kind.empty() && recorded.event.kind().name != options.kind) return {};
    service::EntryView view = reader.at(recorded.entry.index, recorded.signers);
    PL_TRY(std::string line, lineOf(context, *ledger, recorded.entry, recorded.event, view));
    return writeOutput(context, line);
  }));
  return ledger->size();
}

Result<int> list(Context& context, const LogOptions& options) {
  if (!options.kind.empty() && events::findKind(options.kind) == nullptr) {
    return makeError(ErrorCode::NotFound, "no event kind '" + options.kind + "'", "没有事件种类“" + options.kind + "”");
  }
  if (isRemote(context)) {
    PL_CHECK(
        requireServed({{"--follow", options.follow}, {"--reader", !options.reader.empty()}, {"--open", options.open}}));
    return remoteEntries(context, {options.from, options.to, options.kind, options.entity});
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

// A submission on its way between signers.
Result<int> showSubmission(Context& context, const std::string& file) {
  PL_TRY(std::string text, readFile(file, proof::kMaxSubmissionFileBytes));
  if (!isSubmission(text)) {
    return invalidInput(file + ": neither an entry index nor a submission", file + "：既非条目序号，也非提交文件");
  }
  PL_TRY(auto submission, proof::Submission::parse(text));
  PL_TRY(std::string shown,
         context.format == "table" ? submissionCard(context, submission) : submissionJson(context, submission));
  PL_CHECK(writeOutput(context, shown));
  return kOk;
}

Result<int> show(Context& context, const LogOptions& options) {
  const bool isIndex = options.shown.find_first_not_of("0123456789") == std::string::npos;
  if (!isIndex) return showSubmission(context, options.shown);
  PL_TRY(std::uint64_t index, proof::parseDecimal(options.shown, "show"));
  if (isRemote(context)) {
    PL_CHECK(requireServed({{"--reader", !options.reader.empty()}, {"--open", options.open}}));
    return remoteEntry(context, index);
  }
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(service::LoadedEntry loaded, service::loadEntry(*ledger, index));
  PL_TRY(auto reader, entryReader(context, *ledger, options));
  service::EntryView view = reader.at(index, loaded.signers);
  PL_TRY(auto takenBack, service::takenBackBy(*ledger, loaded.event, ledger->size(), view));
  auto json = service::entryJson(loaded, view, takenBack);
  PL_CHECK(writeOutput(context, entryText(context, cardNames(context, *ledger), json)));
  return kOk;
}

// What the entries that name it say, a line each, then the record that follows from them.
Result<std::string> entityCard(const Context& context, const ledger::Ledger& ledger,
                               const service::EntryReaderScope& reader, const service::EntityAnswer& answer) {
  std::string name(answer.record.get("name"));
  std::string text = answer.key + (name.empty() ? "" : "  " + name) + "\n";
  PL_TRY(auto indexes, ledger.entriesOf(answer.key));
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    if (indexes.size() > 2 * kListedEntries && i == kListedEntries) {
      std::size_t left = indexes.size() - 2 * kListedEntries;
      text += context.say(Message{fmt::format("  … {} entries: log --entity {}\n", left, answer.key),
                                  fmt::format("  ……共 {} 条：log --entity {}\n", left, answer.key)});
      i += left;
    }
    PL_TRY(service::LoadedEntry loaded, service::loadEntry(ledger, indexes[i]));
    PL_TRY(std::string line,
           lineOf(context, ledger, loaded.entry, loaded.event, reader.at(indexes[i], loaded.signers)));
    text += line;
  }
  return text +
         std::string(context.say("what follows from them (--record: as proofs show it):\n",
                                 "由上述条目得出（--record 显示与证明文件一致的文本）：\n")) +
         recordCard(context, cardNames(context, ledger), answer.key.substr(0, answer.key.find(':')), answer.record);
}

Result<std::string> recordText(const Context& context, const ledger::Ledger& ledger,
                               const service::EntryReaderScope& reader, const service::EntityAnswer& answer,
                               const LogOptions& options) {
  if (context.format != "table") return service::entityJson(answer).dump() + "\n";
  if (answer.whole)
    return options.record ? Result<std::string>(answer.record.text()) : entityCard(context, ledger, reader, answer);
  return fmt::format(
      fmt::runtime(context.say(
          "withheld: the record of {} follows from entries of which this reader does not see all; see log --entity\n",
          "不予显示：{} 的记录由该读者不能全部查看的条目得出；请用 log --entity\n")),
      answer.key);
}

Result<int> showEntity(Context& context, const LogOptions& options) {
  if (isRemote(context)) {
    PL_CHECK(requireServed({{"--reader", !options.reader.empty()}}));
    return remoteEntity(context, options.entity);
  }
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(auto reader, entryReader(context, *ledger, options));
  PL_TRY(auto answer, service::askEntity(context, *ledger, reader, options.entity));
  PL_TRY(std::string text, recordText(context, *ledger, reader, answer, options));
  PL_CHECK(writeOutput(context, text));
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
  app.add_option("index", options->shown,
                 std::string(context.say("entry index, or the file of a submission", "条目序号，或提交文件")))
      ->required();
  declareLooking(app, context, *options);
  return [options](Context& c) { return show(c, *options); };
}

Action declareEntity(CLI::App& app, const Context& context) {
  auto options = std::make_shared<LogOptions>();
  app.add_option("entity", options->entity, "KIND:ID")->required();
  app.add_flag("--record", options->record,
               std::string(context.say("the record alone, as proofs show it", "仅显示记录本身，与证明文件一致")));
  declareReader(app, context, options->reader);
  return [options](Context& c) { return showEntity(c, *options); };
}

}  // namespace pilotledger::cli
