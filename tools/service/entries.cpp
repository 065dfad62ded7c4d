#include "tools/service/entries.h"

#include <algorithm>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "events/json.h"
#include "events/reference.h"
#include "ledger/crypto/encoding.h"
#include "tools/service/confidentiality.h"

namespace pilotledger::service {
namespace {

// What a reader may know of an entity's record, which follows from all entries that name it.
struct Knowing {
  bool exists = false;  // an entry shows its name
  bool whole = false;   // all entries show all that they hold
};

Result<Knowing> knowingOf(const ledger::Ledger& ledger, const EntryReaderScope& reader, const std::string& key) {
  if (reader.scope().everything()) return Knowing{true, true};
  PL_TRY(auto indexes, ledger.entriesOf(key));
  // To others the record would say whether it rests on entries that hide its name from them.
  Knowing knowing{false, reader.audits()};
  for (std::uint64_t index : indexes) {
    PL_TRY(LoadedEntry loaded, loadEntry(ledger, index));
    EntryView view = reader.at(index, loaded.signers);
    knowing.exists = knowing.exists || view.sees(loaded.event, key);
    knowing.whole = knowing.whole && view.seesAll(loaded.event);
  }
  return knowing;
}

void addTakenBack(const std::optional<TakenBack>& takenBack, Json& json) {
  if (!takenBack) return;
  json["takenBack"] = {{"by", takenBack->by}};
  if (takenBack->replacement) json["takenBack"]["replacement"] = events::formatUuid(*takenBack->replacement);
  if (takenBack->replacedBy) json["takenBack"]["replacedBy"] = *takenBack->replacedBy;
}

}  // namespace

// Each event is taken back once, and the entry that does it opens the reversal of its id.
Result<std::optional<TakenBack>> takenBackBy(const ledger::Ledger& ledger, const events::Event& event,
                                             std::uint64_t size) {
  PL_TRY(auto entries, ledger.entriesOf("reversal:" + events::formatUuid(event.id())));
  if (entries.empty() || entries.front() >= size) return std::optional<TakenBack>();
  TakenBack taken{.by = entries.front()};
  PL_TRY(events::Event by, ledger.event(taken.by));
  auto body = by.reader().getBody();
  capnp::Data::Reader id = body.isEventCorrected()  ? body.getEventCorrected().getReplacement()
                           : body.isEventReversed() ? body.getEventReversed().getReplacement()
                                                    : capnp::Data::Reader();
  if (id.size() != std::tuple_size_v<EventId>) return std::optional(taken);
  taken.replacement.emplace();
  std::copy(id.begin(), id.end(), taken.replacement->begin());
  PL_TRY(taken.replacedBy, ledger.findEvent(*taken.replacement));
  if (taken.replacedBy && *taken.replacedBy >= size) taken.replacedBy.reset();
  return std::optional(taken);
}

Result<std::optional<TakenBack>> takenBackBy(const ledger::Ledger& ledger, const events::Event& event,
                                             std::uint64_t size, const EntryView& view) {
  if (!view.seesAll(event)) return std::optional<TakenBack>();
  return takenBackBy(ledger, event, size);
}

Result<LoadedEntry> loadEntry(const ledger::Ledger& ledger, std::uint64_t index) {
  PL_TRY(proof::Entry entry, ledger.entry(index));
  PL_TRY(events::Event event, ledger.event(index));
  PL_TRY(auto signers, signersOf(ledger, entry));
  return LoadedEntry{std::move(entry), std::move(event), std::move(signers)};
}

Json EntryView::eventJson(const events::Event& event) const { return events::jsonOf(event, {clearance, open}); }

std::vector<std::string> EntryView::entities(const events::Event& event) const {
  std::string id = seesAll(event) ? "" : events::formatUuid(event.id());
  std::vector<std::string> keys;
  for (const auto& named : events::entitiesOf(event)) {
    if (named.confidentiality <= clearance && (id.empty() || named.id() != id)) keys.push_back(named.key);
  }
  return keys;
}

bool EntryView::sees(const events::Event& event, const std::string& key) const {
  auto keys = entities(event);
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool EntryView::seesAll(const events::Event& event) const { return clearance >= query::highestOf(event.kind()); }

Json entryLineJson(const proof::Entry& entry, const events::Event& event, const EntryView& view,
                   const std::optional<TakenBack>& takenBack) {
  Json json = {{"index", entry.index}, {"recordedAt", events::formatUtcMs(entry.recordedAtMs)}};
  addTakenBack(takenBack, json);
  json["event"] = view.eventJson(event);
  return json;
}

Json entryJson(const LoadedEntry& loaded, const EntryView& view, const std::optional<TakenBack>& takenBack) {
  const proof::Entry& entry = loaded.entry;
  Json json = {{"index", entry.index}, {"recordedAt", events::formatUtcMs(entry.recordedAtMs)}};
  addTakenBack(takenBack, json);
  json["eventDigest"] = crypto::toHex(entry.eventDigest);
  json["submissionDigest"] = crypto::toHex(entry.submissionDigest);
  json["position"] = entry.position;
  if (entry.stateRoot) json["stateRoot"] = crypto::toHex(*entry.stateRoot);
  json["signers"] = loaded.signers;
  json["entities"] = view.entities(loaded.event);
  json["event"] = view.eventJson(loaded.event);
  return json;
}

Result<EntityAnswer> askEntity(const Site& site, const ledger::Ledger& ledger, const EntryReaderScope& reader,
                               const std::string& text) {
  PL_TRY(events::EntityFound found, entityOnLog(site, ledger, text, reader.names()));
  PL_TRY(auto record, ledger.entity(found.key));
  PL_TRY(Knowing knowing, knowingOf(ledger, reader, found.key));
  if (!record || !knowing.exists) return nothingNames(site, ledger, text, reader.names());
  return EntityAnswer{std::move(found.key), std::move(*record), knowing.whole};
}

Json entityJson(const EntityAnswer& answer) {
  Json json = {{"entity", answer.key}};
  if (!answer.whole) {
    json["withheld"] = {"entries", "trail", "attributes"};
    return json;
  }
  json["entries"] = answer.record.trail().count;
  json["trail"] = crypto::toHex(answer.record.trail().hash);
  for (const auto& [name, value] : answer.record.attributes()) json["attributes"][name].push_back(value);
  return json;
}

}  // namespace pilotledger::service
