#include "ledger/applier.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/reference.h"
#include "events/uuid.h"
#include "ledger/authority.h"
#include "ledger/proof/trail.h"

namespace pilotledger::ledger {
namespace {

Error notRecorded(const std::string& key, std::string_view found) {
  return refusal("R-EXISTS", key, "recorded before", std::string(found),
                 fmt::format("{} is not in this ledger; record it first", key), fmt::format("{} 尚未记录，请先记录", key));
}

// `need event ID`: a recorded event, whose entities' histories also get this entry.
Result<std::vector<events::NamedEntity>> entitiesOfEvent(World& world, const events::NamedEntity& named) {
  auto id = events::parseUuid(named.id);
  if (!id.ok()) return std::move(id).error();
  PL_TRY(std::optional<events::Event> original, world.event(*id));
  if (!original) return notRecorded(named.key(), "not recorded");
  return events::entitiesOf(*original);
}

// What was opened and then reversed may be opened again: its history goes on.
Status requireEntity(World& world, const events::NamedEntity& named) {
  if (named.mode == events::EntityMode::Touch) return {};
  std::string key = named.key();
  PL_TRY(const EntityRecord* record, world.find(key));
  bool reversed = record != nullptr && record->get("state") == "reversed";
  if (named.mode == events::EntityMode::Need) {
    if (record == nullptr) return notRecorded(key, "not recorded");
    if (reversed) return notRecorded(key, "reversed");
    return {};
  }
  if (reversed) {
    PL_TRY(EntityRecord * again, world.edit(key));
    again->clear();
  } else if (record != nullptr) {
    return refusal("R-UNIQUE", key, "new", fmt::format("recorded, {} {}", record->trail().count, record->trail().count == 1 ? "entry" : "entries"),
                   fmt::format("{} is taken; each identity is recorded once", key), fmt::format("{} 已存在，不得重复登记", key));
  }
  return {};
}

// The entities whose history this event belongs to.
Result<std::vector<std::string>> requireEntities(World& world, const events::Event& event) {
  std::vector<std::string> keys, inherited;
  for (const auto& named : events::entitiesOf(event)) {
    if (named.kind == "event") {
      PL_TRY(auto others, entitiesOfEvent(world, named));
      for (const auto& other : others) {
        if (other.kind != "event") inherited.push_back(other.key());
      }
      continue;
    }
    PL_CHECK(requireEntity(world, named));
    keys.push_back(named.key());
  }
  for (std::string& key : inherited) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

Result<std::vector<std::string>> applyEvent(crypto::SuiteId suite, World& world, const events::Event& event,
                                            const Digest& eventDigest, std::span<const Signer> signers,
                                            const Position& at) {
  PL_TRY(std::vector<std::string> keys, requireEntities(world, event));
  RuleContext context{world, event, signers, at.recordedOn};
  PL_CHECK(requireAuthority(context));
  PL_CHECK(ruleOf(event.kind()).apply(context));
  for (const std::string& key : keys) {
    PL_TRY(EntityRecord * record, world.edit(key));
    EntityRecord::Trail trail = record->trail();
    trail.hash = proof::extendTrail(suite, trail.hash, at.index, eventDigest);
    ++trail.count;
    record->setTrail(trail);
  }
  return keys;
}

}  // namespace pilotledger::ledger
