// Entity records for the committer: the newest state, whether durable yet or not, over the store.
// Bounded memory: records not needed lately are read again from the store. One thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "ledger/state/entity_overlay.h"
#include "ledger/state/state_map.h"
#include "ledger/store/store.h"

namespace pilotledger::ledger {

class StateCache : public StateReader {
 public:
  using FindEvent = std::function<Result<std::optional<events::Event>>(const EventId&)>;

  StateCache(crypto::SuiteId suite, const Store& store, FindEvent findEvent);

  // Reads every stored record into the state map.
  Status load();

  Result<const EntityRecord*> find(std::string_view key) override;
  Result<std::optional<events::Event>> event(const EventId& id) override { return findEvent_(id); }

  // Changes of an accepted submission become part of the commit being built.
  void merge(EntityMap&& changes);
  bool changed() const { return !current_.empty(); }
  // Writes the commit's records into `rows` and the map; returns the state root.
  Digest finalize(WriteSet& rows);
  // The oldest sealed commit is durable.
  void retireDurable();

  proof::StateMap& map() { return map_; }

 private:
  void remember(std::string&& key, EntityRecord&& record);

  crypto::SuiteId suite_;
  const Store* store_;
  FindEvent findEvent_;
  proof::StateMap map_;
  EntityMap current_;
  std::deque<EntityMap> sealed_;  // oldest first; not durable yet, so not in the store
  EntityMap young_;               // two generations: what is not asked for in a generation goes
  EntityMap old_;
};

}  // namespace pilotledger::ledger
