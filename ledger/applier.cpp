#include "ledger/applier.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/reference.h"
#include "ledger/authority.h"
#include "ledger/proof/trail.h"

namespace pilotledger::ledger {
namespace {

Status requireEntities(World& world, const std::vector<events::NamedEntity>& named) {
  for (const auto& entity : named) {
    if (entity.mode == events::EntityMode::Touch) continue;
    std::string key = entity.key();
    PL_TRY(const EntityRecord* record, world.find(key));
    if (entity.mode == events::EntityMode::Need && record == nullptr) {
      return refusal("R-EXISTS", key, "recorded before", "not recorded",
                     fmt::format("{} is not in this ledger; record it first", key), fmt::format("{} 尚未记录，请先记录", key));
    }
    if (entity.mode == events::EntityMode::Open && record != nullptr) {
      return refusal("R-UNIQUE", key, "new", fmt::format("recorded, {} entries", record->trail().count),
                     fmt::format("{} is taken; each identity is recorded once", key), fmt::format("{} 已存在，不得重复登记", key));
    }
  }
  return {};
}

// A reversal belongs to the history of everything its target named.
Status addTargetEntities(World& world, const events::Event& event, std::vector<std::string>& keys) {
  if (!event.reader().getBody().isEventReversed()) return {};
  EventId id{};
  auto target = event.reader().getBody().getEventReversed().getTarget();
  std::copy(target.begin(), target.end(), id.begin());
  PL_TRY(std::optional<events::Event> original, world.event(id));
  PL_ASSERT(original.has_value());  // the rule has refused otherwise
  for (const auto& entity : events::entitiesOf(*original)) {
    std::string key = entity.key();
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> applyEvent(crypto::SuiteId suite, World& world, const events::Event& event,
                                            const Digest& eventDigest, std::span<const Signer> signers,
                                            const Position& at) {
  auto named = events::entitiesOf(event);
  PL_CHECK(requireEntities(world, named));
  RuleContext context{world, event, signers, at.recordedOn};
  PL_CHECK(requireAuthority(context));
  PL_CHECK(ruleOf(event.kind()).apply(context));
  std::vector<std::string> keys;
  keys.reserve(named.size());
  for (const auto& entity : named) keys.push_back(entity.key());
  PL_CHECK(addTargetEntities(world, event, keys));
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
