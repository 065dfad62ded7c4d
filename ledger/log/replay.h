// State rebuilt from the log: what a full check compares with, and what a proof about the past is made of.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "ledger/log/identity.h"
#include "ledger/state/entity_overlay.h"
#include "ledger/store/store.h"

namespace pilotledger::ledger {

// The replayed state, in memory.
class Replay : public StateReader {
 public:
  explicit Replay(const Store& store) : store_(&store) {}
  Result<const EntityRecord*> find(std::string_view key) override {
    auto at = records.find(key);
    return at == records.end() ? nullptr : static_cast<const EntityRecord*>(&at->second);
  }
  Result<std::optional<events::Event>> event(const EventId& id) override {
    auto at = indexOf.find(id);
    if (at == indexOf.end()) return std::optional<events::Event>();
    PL_TRY(std::string bytes, store_->require(layout::Family::Event, layout::indexKey(at->second)));
    PL_TRY(events::Event event, events::Event::decode(viewOf(bytes)));
    return std::optional(std::move(event));
  }

  // Takes the changes of one event. What changed since the last call of takeChanged() is remembered.
  void merge(EntityMap&& changes) {
    ledger::merge(records, std::move(changes), [&](const EntityMap::value_type& row) { changed_.insert(&row); });
  }
  std::unordered_set<const EntityMap::value_type*> takeChanged() { return std::exchange(changed_, {}); }

  EntityMap records;
  struct IdHash {
    std::size_t operator()(const EventId& id) const { return std::hash<std::string_view>()(textOf(id)); }
  };
  std::unordered_map<EventId, std::uint64_t, IdHash> indexOf;

 private:
  const Store* store_;
  std::unordered_set<const EntityMap::value_type*> changed_;  // rows of `records` stay where they are
};

// The state after the first `size` entries, by the rules of this program. Signatures are not verified
// again; the caller compares the outcome with the state root that the log signed.
Result<std::unique_ptr<Replay>> replayTo(const LedgerIdentity& identity, const LogKeys& logKeys, const Store& store,
                                         std::uint64_t size,
                                         const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);

}  // namespace pilotledger::ledger
