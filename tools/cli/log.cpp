// log, show, entity.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/base/uuid.h"
#include "events/json.h"
#include "events/reference.h"
#include "ledger/crypto/encoding.h"
#include "ledger/tlog/note.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/entity_on_log.h"

namespace pilotledger::cli {
namespace {

using events::Confidentiality;

struct LogOptions {
  std::uint64_t from = 0;
  std::uint64_t to = std::numeric_limits<std::uint64_t>::max();
  std::string kind;
  std::string entity;
  bool follow = false;
  std::string reader;
  bool open = false;
};

// An entry as the reader sees it.
struct Shown {
  Confidentiality clearance = Confidentiality::SECRET;
  std::function<std::string(const std::string&)> open;
  nlohmann::ordered_json json(const events::Event& event) const { return events::jsonOf(event, {clearance, open}); }
  std::vector<std::string> entities(const events::Event& event) const {
    std::string id = clearance < query::highestOf(event.kind()) ? events::formatUuid(event.id()) : "";
    std::vector<std::string> keys;
    for (const auto& named : events::entitiesOf(event)) {
      if (named.confidentiality <= clearance && (id.empty() || named.id() != id)) keys.push_back(named.key);
    }
    return keys;
  }
  // Whoever may not see the name does not learn that it was guessed right.
  bool sees(const events::Event& event, const std::string& key) const {
    auto keys = entities(event);
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  }
  bool seesAll(const events::Event& event) const { return clearance >= query::highestOf(event.kind()); }
};

class Looking {
 public:
  static Result<Looking> make(const Context& context, const ledger::Ledger& ledger, const LogOptions& options) {
    Looking looking;
    PL_TRY(looking.sight_, sightOf(context, ledger, options.reader));
    if (options.open) {
      PL_TRY(looking.open_, numberOpener(context, ledger));
    }
    return looking;
  }
  bool audits() const { return sight_.everywhere() >= Confidentiality::AUDIT; }
  Shown at(std::uint64_t index, std::span<const std::string> signers) const {
    return {sight_.at(index, signers), open_};
  }

 private:
  query::ReaderScope sight_;
  std::function<std::string(const std::string&)> open_;
};

std::string lineOf(const Context& context, const proof::Entry& entry, const events::Event& event, const Shown& shown) {
  if (context.format == "json" || context.format == "jsonl") {
    nlohmann::ordered_json json = {{"index", entry.index}, {"recordedAt", events::formatUtcMs(entry.recordedAtMs)}};
    json["event"] = shown.json(event);
    return json.dump() + "\n";
  }
  std::string entities = fmt::format("{}", fmt::join(shown.entities(event), " "));
  std::string_view label = context.zh() ? event.kind().label.zh : std::string_view(event.kind().name);
  if (context.format == "csv") {
    return fmt::format("{},{},{},{}\n", entry.index, events::formatUtcMs(entry.recordedAtMs),
                       events::formatCivilDate(event.legalDate()), event.kind().name);
  }
  return fmt::format("{:>8}  {}  {}  {}  {}\n", entry.index, events::formatUtcMs(entry.recordedAtMs),
                     events::formatCivilDate(event.legalDate()), events::padRight(label, 24), entities);
}

Names namesFor(const LogOptions& options) { return options.reader.empty() ? Names::Told : Names::Hidden; }

Result<std::uint64_t> listOnce(Context& context, const LogOptions& options, std::uint64_t from) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(Looking looking, Looking::make(context, *ledger, options));
  if (!options.entity.empty()) {
    PL_TRY(events::EntityFound found, entityOnLog(context, *ledger, options.entity, namesFor(options)));
    const std::string& key = found.key;
    // Nobody takes an empty list for an answer about what is written otherwise. A reader does not learn what is there.
    if (!found.recorded && !options.follow && options.reader.empty()) {
      return nothingNames(context, *ledger, options.entity);
    }
    PL_TRY(auto indexes, ledger->entriesOf(key));
    for (std::uint64_t index : indexes) {
      if (index < from || index >= options.to) continue;
      PL_TRY(proof::Entry entry, ledger->entry(index));
      PL_TRY(events::Event event, ledger->event(index));
      PL_TRY(auto signers, signersOf(*ledger, entry));
      Shown shown = looking.at(index, signers);
      if (!options.reader.empty() && !shown.sees(event, key)) continue;
      if (options.kind.empty() || event.kind().name == options.kind)
        PL_CHECK(writeOutput(context, lineOf(context, entry, event, shown)));
    }
    return ledger->size();
  }
  PL_CHECK(ledger->scan(from, options.to, [&](const ledger::LogRecord& recorded) -> Status {
    if (!options.kind.empty() && recorded.event.kind().name != options.kind) return {};
    Shown shown = looking.at(recorded.entry.index, recorded.signers);
    return writeOutput(context, lineOf(context, recorded.entry, recorded.event, shown));
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
  std::uint64_t index = options.from;
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(proof::Entry entry, ledger->entry(index));
  PL_TRY(events::Event event, ledger->event(index));
  PL_TRY(auto signers, signersOf(*ledger, entry));
  PL_TRY(Looking looking, Looking::make(context, *ledger, options));
  Shown shown = looking.at(index, signers);
  nlohmann::ordered_json json = {{"index", entry.index}, {"recordedAt", events::formatUtcMs(entry.recordedAtMs)}};
  json["eventDigest"] = crypto::toHex(entry.eventDigest);
  json["submissionDigest"] = crypto::toHex(entry.submissionDigest);
  json["position"] = entry.position;
  if (entry.stateRoot) json["stateRoot"] = crypto::toHex(*entry.stateRoot);
  json["signers"] = signers;
  json["entities"] = shown.entities(event);
  json["event"] = shown.json(event);
  PL_CHECK(writeOutput(context, json.dump(context.format == "jsonl" ? -1 : 2) + "\n"));
  return kOk;
}

// What a reader may know of an entity's record, which follows from all entries that name it.
struct Knowing {
  bool exists = false;  // an entry shows its name
  bool whole = false;   // all entries show all that they hold
};

Result<Knowing> knowingOf(const Context& context, const ledger::Ledger& ledger, const LogOptions& options,
                          const std::string& key) {
  if (options.reader.empty()) return Knowing{true, true};
  PL_TRY(Looking looking, Looking::make(context, ledger, options));
  PL_TRY(auto indexes, ledger.entriesOf(key));
  // To others the record would say whether it rests on entries that hide its name from them.
  Knowing knowing{false, looking.audits()};
  for (std::uint64_t index : indexes) {
    PL_TRY(proof::Entry entry, ledger.entry(index));
    PL_TRY(events::Event event, ledger.event(index));
    PL_TRY(auto signers, signersOf(ledger, entry));
    Shown shown = looking.at(index, signers);
    knowing.exists = knowing.exists || shown.sees(event, key);
    knowing.whole = knowing.whole && shown.seesAll(event);
  }
  return knowing;
}

std::string recordText(const Context& context, const std::string& key, const ledger::EntityRecord& record, bool whole) {
  if (context.format == "table") {
    if (whole) return record.text();
    return fmt::format(
        fmt::runtime(context.say(
            "withheld: the record of {} follows from entries of which this reader does not see all; see log --entity\n",
            "不予显示：{} 的记录由该读者不能全部查看的条目得出；请用 log --entity\n")),
        key);
  }
  nlohmann::ordered_json json = {{"entity", key}};
  if (!whole) {
    json["withheld"] = {"entries", "trail", "attributes"};
    return json.dump() + "\n";
  }
  json["entries"] = record.trail().count;
  json["trail"] = crypto::toHex(record.trail().hash);
  for (const auto& [name, value] : record.attributes()) json["attributes"][name].push_back(value);
  return json.dump() + "\n";
}

Result<int> showEntity(Context& context, const LogOptions& options) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(events::EntityFound found, entityOnLog(context, *ledger, options.entity, namesFor(options)));
  PL_TRY(auto record, ledger->entity(found.key));
  PL_TRY(Knowing knowing, knowingOf(context, *ledger, options, found.key));
  if (!record || !knowing.exists) {
    return nothingNames(context, *ledger, options.entity, namesFor(options));
  }
  PL_CHECK(writeOutput(context, recordText(context, found.key, *record, knowing.whole)));
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
