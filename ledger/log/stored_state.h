// The entity records of a store as rules read them: for a few look-ups, each of which reads the store once. One thread.
#pragma once

#include "ledger/rules/rules.h"
#include "ledger/state/entity_overlay.h"
#include "ledger/store/store.h"

namespace pilotledger::ledger {

class StoredState final : public StateReader {
 public:
  explicit StoredState(const Store& store) : store_(&store) {}
  // Pointers stay good for the life of this object.
  Result<const EntityRecord*> find(std::string_view key) override;
  Result<std::optional<events::Event>> event(const EventId& id) override;

  Result<Signer> signer(const LogContext& log, std::string_view keyName, std::int32_t day);
  Result<int> edition(const LogContext& log);

 private:
  const Store* store_;
  EntityMap read_;
};

}  // namespace pilotledger::ledger
