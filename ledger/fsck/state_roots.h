// The state map of a full check. It follows the replay one chunk of commits behind, in a thread of
// its own: hashing the map costs nearly as much as the rules.
#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/state/state_map.h"

namespace pilotledger::ledger::fsck_detail {

class StateRootVerifier {
 public:
  explicit StateRootVerifier(crypto::SuiteId suite) : suite_(suite), map_(suite) {}

  struct Commit {
    std::uint64_t last = 0;                                    // index of its last entry
    Digest root{};                                             // that the entry says
    std::vector<std::pair<std::string, std::string>> records;  // key and text of what it changed
  };
  // Hands over the next commits. Both give the last entry of the first commit whose records lead to
  // another root: follow() among those of earlier calls, finish() among all.
  std::optional<std::uint64_t> follow(std::vector<Commit> commits);
  std::optional<std::uint64_t> finish();
  // Of the last commit, after finish().
  const Digest& root() const { return root_; }

 private:
  std::optional<std::uint64_t> apply(const std::vector<Commit>& commits);

  crypto::SuiteId suite_;
  proof::StateMap map_;
  Digest root_{};
  std::future<std::optional<std::uint64_t>> running_;  // last: it is waited for before the map goes
};

}  // namespace pilotledger::ledger::fsck_detail
