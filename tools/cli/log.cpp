// log, show, entity.
#include <fmt/format.h>

#include <chrono>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

#include "events/civil_date.h"
#include "events/json.h"
#include "events/reference.h"
#include "events/text.h"
#include "events/uuid.h"
#include "ledger/crypto/encoding.h"
#include "ledger/proof/note.h"
#include "tools/cli/command.h"

namespace pilotledger::cli {
namespace {

struct Options {
  std::uint64_t from = 0;
  std::uint64_t to = std::numeric_limits<std::uint64_t>::max();
  std::string kind;
  std::string entity;
  bool follow = false;
};

std::string lineOf(const Context& context, const proof::Entry& entry, const events::Event& event) {
  if (context.format == "json" || context.format == "jsonl") {
    nlohmann::ordered_json json = {{"index", entry.index}, {"recordedAt", events::formatUtcMs(entry.recordedAtMs)}};
    json["event"] = events::jsonOf(event);
    return json.dump() + "\n";
  }
  std::string entities;
  for (const auto& named : events::entitiesOf(event)) entities += (entities.empty() ? "" : " ") + named.key();
  std::string_view label = context.zh() ? event.kind().label.zh : std::string_view(event.kind().name);
  if (context.format == "csv") {
    return fmt::format("{},{},{},{}\n", entry.index, events::formatUtcMs(entry.recordedAtMs), events::formatCivilDate(event.legalDate()), event.kind().name);
  }
  return fmt::format("{:>8}  {}  {}  {}  {}\n", entry.index, events::formatUtcMs(entry.recordedAtMs),
                     events::formatCivilDate(event.legalDate()), events::padRight(label, 24), entities);
}

Result<std::uint64_t> listOnce(Context& context, const Options& options, std::uint64_t from) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  if (!options.entity.empty()) {
    PL_TRY(auto indexes, ledger->entriesOf(options.entity));
    for (std::uint64_t index : indexes) {
      if (index < from || index >= options.to) continue;
      PL_TRY(proof::Entry entry, ledger->entry(index));
      PL_TRY(events::Event event, ledger->event(index));
      if (options.kind.empty() || event.kind().name == options.kind) PL_CHECK(writeOutput(context, lineOf(context, entry, event)));
    }
    return ledger->size();
  }
  PL_CHECK(ledger->scan(from, options.to, [&](const ledger::Recorded& recorded) -> Status {
    if (!options.kind.empty() && recorded.event.kind().name != options.kind) return {};
    return writeOutput(context, lineOf(context, recorded.entry, recorded.event));
  }));
  return ledger->size();
}

Result<int> list(Context& context, const Options& options) {
  if (!options.kind.empty() && events::findKind(options.kind) == nullptr) {
    return makeError(ErrorCode::NotFound, "no event kind '" + options.kind + "'", "没有事件种类“" + options.kind + "”");
  }
  PL_TRY(std::uint64_t next, listOnce(context, options, options.from));
  while (options.follow) {
    PL_CHECK(flushOutput());
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    PL_TRY(next, listOnce(context, options, next));
  }
  return kOk;
}

Result<int> show(Context& context, std::uint64_t index) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(proof::Entry entry, ledger->entry(index));
  PL_TRY(events::Event event, ledger->event(index));
  PL_TRY(std::string text, ledger->submissionNote(entry.submissionDigest));
  PL_TRY(proof::Note note, proof::Note::parse(text));
  nlohmann::ordered_json json = {{"index", entry.index}, {"recordedAt", events::formatUtcMs(entry.recordedAtMs)}};
  json["eventDigest"] = crypto::toHex(entry.eventDigest);
  json["submissionDigest"] = crypto::toHex(entry.submissionDigest);
  json["position"] = entry.position;
  if (entry.stateRoot) json["stateRoot"] = crypto::toHex(*entry.stateRoot);
  for (const auto& signature : note.signatures) json["signers"].push_back(signature.keyName());
  for (const auto& named : events::entitiesOf(event)) json["entities"].push_back(named.key());
  json["event"] = events::jsonOf(event);
  PL_CHECK(writeOutput(context, json.dump(context.format == "jsonl" ? -1 : 2) + "\n"));
  return kOk;
}

Result<int> showEntity(Context& context, const std::string& key) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(auto record, ledger->entity(key));
  if (!record) {
    return makeError(ErrorCode::NotFound, fmt::format("no entry names {}", key), fmt::format("没有条目提及 {}", key));
  }
  if (context.format == "table") {
    PL_CHECK(writeOutput(context, record->text()));
    return kOk;
  }
  nlohmann::ordered_json json = {{"entity", key}, {"entries", record->trail().count}, {"trail", crypto::toHex(record->trail().hash)}};
  for (const auto& [name, value] : record->attributes()) json["attributes"][name].push_back(value);
  PL_CHECK(writeOutput(context, json.dump() + "\n"));
  return kOk;
}

}  // namespace

Action declareLog(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  app.add_option("--from", options->from, std::string(context.say("first entry", "起始条目")));
  app.add_option("--to", options->to, std::string(context.say("stop before this entry", "到此条目之前为止")));
  app.add_option("--kind", options->kind, std::string(context.say("only this event kind", "仅该事件种类")));
  app.add_option("--entity", options->entity, std::string(context.say("only entries that name KIND:ID", "仅提及该对象的条目")));
  app.add_flag("--follow", options->follow, std::string(context.say("go on with new entries", "持续输出新条目")));
  return [options](Context& c) { return list(c, *options); };
}

Action declareShow(CLI::App& app, const Context& context) {
  auto index = std::make_shared<std::uint64_t>(0);
  app.add_option("index", *index, std::string(context.say("entry index", "条目序号")))->required();
  return [index](Context& c) { return show(c, *index); };
}

Action declareEntity(CLI::App& app, const Context& context) {
  auto key = std::make_shared<std::string>();
  app.add_option("entity", *key, "KIND:ID")->required();
  (void)context;
  return [key](Context& c) { return showEntity(c, *key); };
}

}  // namespace pilotledger::cli
