#include "tests/cluster/judge.h"

#include <fmt/format.h>

namespace pilotledger::cluster {

void Judge::fail(std::string what) {
  if (!violation_) violation_ = std::move(what);
}

void Judge::executed(const ledger::OrderHead& mark, const Digest& root) {
  auto [known, fresh] = roots_.emplace(mark.chain, root);
  if (!fresh && known->second != root) fail(fmt::format("two roots after the same records up to {}", mark.number));
}

void Judge::signs(NodeKey key, std::uint64_t size, const Digest& root, const Holds& holds) {
  auto& before = signed_[key];
  if (!before.empty() && !holds(before.rbegin()->first, before.rbegin()->second))
    fail(fmt::format("key {} of node {} signs {} entries that do not continue {}", key.generation, key.node, size,
                     before.rbegin()->first));
  auto [known, fresh] = before.emplace(size, root);
  if (!fresh && known->second != root)
    fail(fmt::format("key {} of node {} signed two roots for {} entries", key.generation, key.node, size));
}

void Judge::confirmed(const ledger::OrderHead& mark, std::uint64_t size, const Digest& root, const Members& members,
                      std::size_t shown) {
  confirmed_.insert(mark.chain);
  std::size_t have = 0;
  for (const auto& [node, generation] : members) {
    auto lines = signed_.find({node, generation});
    if (lines == signed_.end()) continue;
    auto line = lines->second.find(size);
    if (line != lines->second.end() && line->second == root) ++have;
  }
  if (have * 2 <= members.size() || shown * 2 <= members.size())
    fail(fmt::format("{} entries confirmed: {} of {} signed, {} shown", size, have, members.size(), shown));
}

void Judge::receipt(std::uint64_t id, std::uint64_t index) {
  auto [byId, freshId] = indexOf_.emplace(id, index);
  auto [byIndex, freshIndex] = idAt_.emplace(index, id);
  if (byId->second != index) fail(fmt::format("event {} has entries {} and {}", id, byId->second, index));
  if (byIndex->second != id) fail(fmt::format("entry {} is event {} and {}", index, byIndex->second, id));
  if (refused_.contains(id)) fail(fmt::format("event {} was refused and recorded", id));
}

void Judge::refused(std::uint64_t id) {
  refused_.insert(id);
  if (indexOf_.contains(id)) fail(fmt::format("event {} was recorded and refused", id));
}

void Judge::finished(const std::vector<std::uint64_t>& entries) {
  std::set<std::uint64_t> once(entries.begin(), entries.end());
  require(once.size() == entries.size(), "an event has two entries");
  for (const auto& [id, index] : indexOf_) {
    if (index >= entries.size() || entries[index] != id)
      return fail(fmt::format("event {} with a receipt is not entry {} in the end", id, index));
  }
  for (std::uint64_t id : refused_) require(!once.contains(id), "a refused event has an entry");
}

}  // namespace pilotledger::cluster
