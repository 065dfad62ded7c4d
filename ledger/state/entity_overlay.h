// The entity records as a rule sees them: the state before the submission, with its own changes on
// top. Dropping an overlay drops the changes, so a refused submission leaves no trace (I6).
#pragma once

#include <absl/container/node_hash_map.h>
#include <absl/hash/hash.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "events/codec.h"
#include "ledger/state/entity_record.h"

namespace pilotledger::ledger {

// Salted by the process, so that nobody chooses names that meet in one place.
struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return absl::HashOf(absl::string_view(text.data(), text.size()));
  }
};
template <typename T>
using StringMap = absl::node_hash_map<std::string, T, StringHash, std::equal_to<>>;

using EntityMap = StringMap<EntityRecord>;  // records stay where they are, in memory, until they go

// Takes the records of `changes` into `records`, in the place of older ones; `each` sees every row taken.
template <typename Each>
void merge(EntityMap& records, EntityMap&& changes, Each each) {
  for (auto at = changes.begin(); at != changes.end();) {
    auto inserted = records.insert(changes.extract(at++));
    if (!inserted.inserted) inserted.position->second = std::move(inserted.node.mapped());
    each(*inserted.position);
  }
  changes.clear();
}

// Where an overlay reads what it has not changed. Two exist: the committer's cache over the store, and
// the replay's memory.
class StateReader {
 public:
  virtual ~StateReader() = default;
  // nullptr when no such entity; the pointer is good until the next call.
  virtual Result<const EntityRecord*> find(std::string_view key) = 0;
  // A recorded event, for rules about reversals; absent when the log has no such id.
  virtual Result<std::optional<events::Event>> event(const EventId& id) = 0;
};

class EntityOverlay {
 public:
  explicit EntityOverlay(StateReader& base) : base_(&base) { changes_.reserve(kExpected); }

  Result<const EntityRecord*> find(std::string_view key);
  // The record to change; made when absent. Pointers stay good for the life of the overlay.
  Result<EntityRecord*> edit(std::string_view key);
  Result<EntityRecord*> editRecorded(std::string_view key);  // nullptr when absent
  // Of what find() has just said that it is absent.
  EntityRecord* add(std::string_view key) { return &changes_[std::string(key)]; }
  Result<std::optional<events::Event>> event(const EventId& id) { return base_->event(id); }

  const EntityMap& changes() const { return changes_; }
  EntityMap takeChanges() { return std::move(changes_); }
  // Takes the changes of an overlay over this one.
  void merge(EntityMap&& changes) {
    ledger::merge(changes_, std::move(changes), [](const EntityMap::value_type&) {});
  }

 private:
  static constexpr std::size_t kExpected = 16;  // entities that a submission changes; more only cost time

  StateReader* base_;
  EntityMap changes_;
};

// An overlay as the base of another one: what is tried on top of it can be dropped, or merged. The overlay must not
// change meanwhile.
class OverlayReader final : public StateReader {
 public:
  explicit OverlayReader(EntityOverlay& state) : state_(&state) {}
  Result<const EntityRecord*> find(std::string_view key) override { return state_->find(key); }
  Result<std::optional<events::Event>> event(const EventId& id) override { return state_->event(id); }

 private:
  EntityOverlay* state_;
};

std::string entityKey(std::string_view kind, std::string_view id);

}  // namespace pilotledger::ledger
