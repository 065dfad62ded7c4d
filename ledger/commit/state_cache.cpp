#include "ledger/commit/state_cache.h"

#include <algorithm>
#include <future>
#include <utility>
#include <vector>

namespace pilotledger::ledger {
namespace {

constexpr std::size_t kGeneration = 65'536;  // records

}  // namespace

StateCache::StateCache(crypto::SuiteId suite, const Store& store, FindEvent findEvent)
    : suite_(suite), store_(&store), findEvent_(std::move(findEvent)), map_(suite) {}

// Rows are read and hashed here, and put into the map by another thread; by order of their hashes,
// so that neighbours in the map are neighbours in memory.
Status StateCache::load() {
  using Hashed = std::pair<Digest, Digest>;
  std::vector<Hashed> batch;
  std::future<void> filling;
  auto fill = [&] {
    if (filling.valid()) filling.get();
    filling = std::async(std::launch::async, [this, taken = std::exchange(batch, {})]() mutable {
      std::sort(taken.begin(), taken.end());
      for (const auto& [key, value] : taken) map_.put(key, value);
    });
  };
  Status status = store_->each(layout::Family::Entity, "", [&](std::string_view key, std::string_view value) {
    batch.emplace_back(crypto::hash(suite_, viewOf(key)), crypto::hash(suite_, viewOf(value)));
    if (batch.size() == kGeneration) fill();
    return true;
  });
  fill();
  filling.get();
  return status;
}

Result<const EntityRecord*> StateCache::find(std::string_view key) {
  if (auto at = current_.find(key); at != current_.end()) return static_cast<const EntityRecord*>(&at->second);
  for (auto commit = sealed_.rbegin(); commit != sealed_.rend(); ++commit) {
    if (auto at = commit->find(key); at != commit->end()) return static_cast<const EntityRecord*>(&at->second);
  }
  if (auto at = young_.find(key); at != young_.end()) return static_cast<const EntityRecord*>(&at->second);
  if (auto at = old_.find(key); at != old_.end()) {
    std::string name = at->first;
    EntityRecord record = std::move(at->second);
    old_.erase(at);
    remember(std::move(name), std::move(record));
    return static_cast<const EntityRecord*>(&young_.find(key)->second);
  }
  // The map knows what exists without asking the disk.
  if (!map_.find(crypto::hash(suite_, viewOf(key)))) return static_cast<const EntityRecord*>(nullptr);
  PL_TRY(std::string text, store_->require(layout::Family::Entity, key));
  PL_TRY(EntityRecord record, EntityRecord::parse(text));
  remember(std::string(key), std::move(record));
  return static_cast<const EntityRecord*>(&young_.find(key)->second);
}

void StateCache::remember(std::string&& key, EntityRecord&& record) {
  if (young_.size() >= kGeneration) {
    old_ = std::move(young_);
    young_.clear();
  }
  old_.erase(key);
  young_.insert_or_assign(std::move(key), std::move(record));
}

void StateCache::merge(EntityMap&& changes) {
  ledger::merge(current_, std::move(changes), [](const auto&) {});
}

Digest StateCache::finalize(WriteSet& rows) {
  for (const auto& [key, record] : current_) {
    std::string text = record.text();
    map_.put(crypto::hash(suite_, viewOf(key)), crypto::hash(suite_, viewOf(text)));
    rows.put(layout::Family::Entity, key, text);
  }
  sealed_.push_back(std::move(current_));
  current_.clear();
  return map_.root();
}

void StateCache::retireDurable() {
  PL_ASSERT(!sealed_.empty());
  EntityMap commit = std::move(sealed_.front());
  sealed_.pop_front();
  for (auto at = commit.begin(); at != commit.end();) {
    auto node = commit.extract(at++);
    remember(std::move(node.key()), std::move(node.mapped()));
  }
}

}  // namespace pilotledger::ledger
