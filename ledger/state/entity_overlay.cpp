#include "ledger/state/entity_overlay.h"

namespace pilotledger::ledger {

Result<const EntityRecord*> EntityOverlay::find(std::string_view key) {
  if (auto changed = changes_.find(key); changed != changes_.end()) {
    return static_cast<const EntityRecord*>(&changed->second);
  }
  return base_->find(key);
}

Result<EntityRecord*> EntityOverlay::editRecorded(std::string_view key) {
  if (auto changed = changes_.find(key); changed != changes_.end()) return &changed->second;
  PL_TRY(const EntityRecord* before, base_->find(key));
  return before == nullptr ? nullptr : &changes_.emplace(key, *before).first->second;
}

Result<EntityRecord*> EntityOverlay::edit(std::string_view key) {
  PL_TRY(EntityRecord * record, editRecorded(key));
  return record != nullptr ? record : add(key);
}

std::string entityKey(std::string_view kind, std::string_view id) {
  std::string key;
  key.reserve(kind.size() + 1 + id.size());
  key += kind;
  key += ':';
  key += id;
  return key;
}

}  // namespace pilotledger::ledger
