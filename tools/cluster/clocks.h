// How far this node's clock is from the others': times on a log never go back, so a node whose clock is wrong proposes
// nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace pilotledger::cluster {

// Threads: any number.
class Clocks {
 public:
  static constexpr std::int64_t kMostMs = 2'000;    // that a proposer may be off
  static constexpr std::int64_t kFreshMs = 10'000;  // for so long a clock that was heard counts

  void heard(const std::string& node, std::int64_t theirsMs, std::int64_t oursMs) {
    std::lock_guard lock(mutex_);
    heard_[node] = {theirsMs - oursMs, oursMs};
  }
  // Of the middle one of all clocks, its own among them, from its own; of two, none counts more: 0.
  std::int64_t offsetMs(std::int64_t nowMs) const {
    std::lock_guard lock(mutex_);
    std::vector<std::int64_t> offsets{0};
    for (const auto& [node, one] : heard_)
      if (nowMs - one.second < kFreshMs && one.second - nowMs < kFreshMs) offsets.push_back(one.first);
    if (offsets.size() < 3) return 0;
    auto middle = offsets.begin() + static_cast<std::ptrdiff_t>(offsets.size() / 2);
    std::nth_element(offsets.begin(), middle, offsets.end());
    return *middle;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> heard_;
};

}  // namespace pilotledger::cluster
