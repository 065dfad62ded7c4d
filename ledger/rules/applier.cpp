#include "ledger/rules/applier.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "events/base/uuid.h"
#include "events/reference.h"
#include "ledger/rules/authority.h"
#include "ledger/rules/editions.h"
#include "ledger/rules/id_case.h"
#include "ledger/rules/import_guard.h"
#include "ledger/state/trail.h"

namespace pilotledger::ledger {
namespace {

Error takenBack(const std::string& key) {
  return refusal("R-EXISTS", key, "recorded before", "reversed",
                 fmt::format("{} was recorded and taken back; record it anew first", key),
                 fmt::format("{} 曾经记录、已被冲销，请先重新记录", key));
}

Error notRecorded(const std::string& key, std::string_view found) {
  return refusal("R-EXISTS", key, "recorded before", std::string(found),
                 fmt::format("{} is not in this ledger; record it first", key),
                 fmt::format("{} 尚未记录，请先记录", key));
}

// An entity whose history the event belongs to.
struct Named {
  std::string key;
  EntityRecord* record;  // nullptr: not asked for yet
  bool opens = false;
};

// `need event ID`: a recorded event, whose entities' histories also get this entry.
Result<std::vector<events::NamedEntity>> entitiesOfEvent(EntityOverlay& world, const events::NamedEntity& named) {
  auto id = events::parseUuid(named.id());
  if (!id.ok()) return std::move(id).error();
  PL_TRY(std::optional<events::Event> original, world.event(*id));
  if (!original) return notRecorded(named.key, "not recorded");
  return events::entitiesOf(*original);
}

// What was opened and then reversed may be opened again: its history goes on.
Result<EntityRecord*> requireNew(RuleContext& context, const std::string& key) {
  EntityOverlay& world = context.world;
  PL_TRY(const EntityRecord* record, world.find(key));
  if (record == nullptr) return world.add(key);
  if (record->get("state") == "reversed") {
    PL_TRY(EntityRecord * again, world.edit(key));
    again->clear();
    return again;
  }
  if (rules::displaces(context, key, *record)) return world.edit(key);
  return refusal(
      "R-UNIQUE", key, "new",
      fmt::format("recorded, {} {}", record->trail().count, record->trail().count == 1 ? "entry" : "entries"),
      fmt::format("{} is taken; each identity is recorded once", key), fmt::format("{} 已存在，不得重复登记", key));
}

Result<EntityRecord*> requireRecorded(EntityOverlay& world, const std::string& key) {
  PL_TRY(EntityRecord * record, world.editRecorded(key));
  bool opensItself = record != nullptr && record->trail().count == 0;  // this very event
  if (record == nullptr || opensItself) return notRecorded(key, "not recorded");
  if (record->get("state") == "reversed") return takenBack(key);
  return record;
}

Result<std::vector<Named>> requireEntities(RuleContext& context) {
  EntityOverlay& world = context.world;
  const events::Event& event = context.event;
  std::vector<Named> all;
  std::vector<std::string> inherited;
  for (auto& named : events::entitiesOf(event)) {
    if (named.kind == "event") {
      PL_TRY(auto others, entitiesOfEvent(world, named));
      for (auto& other : others) {
        if (other.kind != "event") inherited.push_back(std::move(other.key));
      }
      continue;
    }
    EntityRecord* record = nullptr;
    if (named.mode == events::EntityMode::Open) {
      PL_TRY(record, requireNew(context, named.key));
      PL_CHECK(takeIdCase(context, named));
    } else if (named.mode == events::EntityMode::Need) {
      PL_TRY(record, requireRecorded(world, named.key));
    }
    all.push_back({std::move(named.key), record, named.mode == events::EntityMode::Open});
  }
  for (std::string& key : inherited) {
    if (std::none_of(all.begin(), all.end(), [&](const Named& named) { return named.key == key; }))
      all.push_back({std::move(key), nullptr});
  }
  return all;
}

// A party acts for itself from its first signature on; what the operator may do for it alone ends there.
Status markUsed(EntityOverlay& world, std::span<const Signer> signers) {
  for (const Signer& signer : signers) {
    if (signer.used) continue;
    PL_TRY(EntityRecord * key, world.editRecorded(entityKey("key", signer.key)));
    if (key == nullptr) continue;  // the log key has no record
    key->set("used", "yes");
    PL_TRY(EntityRecord * party, world.editRecorded(entityKey("party", signer.party)));
    if (party != nullptr) party->set("signs", "yes");
  }
  return {};
}

// Who takes part, with which keys, under which policy: what a ledger is set up with.
bool setsUp(const events::Event& event) {
  using enum events::schema::Event::Body::Which;
  static constexpr std::array kinds = {PARTY_REGISTERED,
                                       KEY_BOUND,
                                       KEY_REVOKED,
                                       PARTY_STATUS_CHANGED,
                                       POLICY_RULE_SET_PUBLISHED,
                                       REGISTER_KEY_COMMITTED,
                                       LOG_KEY_ROTATED,
                                       CLOCK_CORRECTED,
                                       ACCESS_LOG_ANCHORED,
                                       NODE_ADMITTED,
                                       NODE_RETIRED};
  return std::find(kinds.begin(), kinds.end(), event.reader().getBody().which()) != kinds.end();
}

// From the first act that a policy could judge on, none begins in the past (R-POLICY-RETROACTIVE).
Status markBegun(const LogContext& log, EntityOverlay& world, const events::Event& event) {
  if (setsUp(event)) return {};
  PL_TRY(const EntityRecord* record, world.find(log.entity));
  if (record == nullptr || record->has("begun")) return {};
  PL_TRY(EntityRecord * begun, world.edit(log.entity));
  begun->set("begun", "yes");
  return {};
}

}  // namespace

Result<std::vector<std::string>> applyEvent(const LogContext& log, EntityOverlay& world, const events::Event& event,
                                            const Digest& eventDigest, std::span<const Signer> signers,
                                            const EntryContext& at) {
  PL_TRY(int edition, editionInForce(log, world));
  bool importing = edition >= 2 && event.reader().getSource().size() > 0;
  std::optional<ImportGuard> guard;
  if (importing) guard.emplace(world);
  RuleContext context{log, edition, guard ? guard->world() : world, event, signers, at.recordedOn, false, at.index};
  PL_CHECK(requireOfEdition(context));
  PL_TRY(std::vector<Named> all, requireEntities(context));
  PL_CHECK(requireAuthority(context));
  PL_CHECK(ruleOf(event.kind(), edition).apply(context));
  if (guard) PL_CHECK(guard->release(context));
  if (edition >= 2) {
    PL_CHECK(markUsed(world, signers));
    PL_CHECK(markBegun(log, world, event));
  }
  const std::string place = placeOf(context);
  std::vector<std::string> keys;
  keys.reserve(all.size());
  for (Named& named : all) {
    if (named.record == nullptr || guard) {  // a record of the guard is not the one that counts
      PL_TRY(named.record, world.edit(named.key));
    }
    EntityRecord::Trail trail = named.record->trail();
    trail.hash = proof::extendTrail(log.suite, trail.hash, at.index, eventDigest);
    ++trail.count;
    named.record->setTrail(trail);
    if (named.opens && !place.empty()) named.record->set("place", place);
    if (edition >= 2 && !guard) named.record->set(kImported, "");  // somebody stands for it now
    keys.push_back(std::move(named.key));
  }
  return keys;
}

}  // namespace pilotledger::ledger
