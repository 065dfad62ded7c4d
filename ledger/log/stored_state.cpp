#include "ledger/log/stored_state.h"

#include "ledger/rules/authority.h"
#include "ledger/rules/editions.h"

namespace pilotledger::ledger {

using layout::Family;

Result<const EntityRecord*> StoredState::find(std::string_view key) {
  if (auto known = read_.find(key); known != read_.end()) return &known->second;
  PL_TRY(std::optional<std::string> text, store_->get(Family::Entity, key));
  if (!text) return nullptr;
  PL_TRY(EntityRecord record, EntityRecord::parse(*text));
  return &read_.insert_or_assign(std::string(key), std::move(record)).first->second;
}

Result<std::optional<events::Event>> StoredState::event(const EventId& id) {
  PL_TRY(auto key, store_->get(Family::Id, textOf(id)));
  if (!key) return std::optional<events::Event>();
  PL_TRY(std::string bytes, store_->require(Family::Event, *key));
  PL_TRY(events::Event event, events::Event::decode(viewOf(bytes)));
  return std::optional(std::move(event));
}

Result<Signer> StoredState::signer(const LogContext& log, std::string_view keyName, std::int32_t day) {
  EntityOverlay state(*this);
  return resolveSigner(log, state, keyName, day);
}

Result<int> StoredState::edition(const LogContext& log) {
  EntityOverlay state(*this);
  return editionInForce(log, state);
}

}  // namespace pilotledger::ledger
