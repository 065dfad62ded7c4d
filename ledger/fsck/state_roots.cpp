#include "ledger/fsck/state_roots.h"

#include "ledger/crypto/suite.h"

namespace pilotledger::ledger::fsck_detail {

std::optional<std::uint64_t> StateRootVerifier::apply(const std::vector<Commit>& commits) {
  for (const Commit& commit : commits) {
    for (const auto& [key, text] : commit.records)
      map_.put(crypto::hash(suite_, viewOf(key)), crypto::hash(suite_, viewOf(text)));
    root_ = map_.root();
    if (root_ != commit.root) return commit.last;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> StateRootVerifier::follow(std::vector<Commit> commits) {
  if (auto wrong = finish()) return wrong;
  running_ = std::async(std::launch::async, [this, taken = std::move(commits)] { return apply(taken); });
  return std::nullopt;
}

std::optional<std::uint64_t> StateRootVerifier::finish() { return running_.valid() ? running_.get() : std::nullopt; }

}  // namespace pilotledger::ledger::fsck_detail
