// Who decides the order of batches. Rules run after that, so what is proposed may be refused and still has its number.
// On one machine the order is that of proposing; where several share a ledger, batches of others come between.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <string>

#include "ledger/commit/batch.h"

namespace pilotledger::ledger {

struct Ordered {
  std::uint64_t number = 0;
  Batch batch;
  // Where the order stands with it: stored with its commit, and alone when nothing of the batch was recorded, so that
  // it is not asked for again. Empty: nothing needs to be kept.
  std::string mark;
};

class Sequencer {
 public:
  virtual ~Sequencer() = default;
  // The number that the batch got: next() gives it. Nothing when batches of others stand before it: they are taken
  // with next(), and what waits is proposed anew. On Unavailable nobody knows yet whether it has a number: it may come
  // with next(), and whoever waits sends the same events again.
  virtual Result<std::optional<std::uint64_t>> propose(Batch batch) = 0;
  // The one behind the last that it gave; nothing when there is none yet.
  virtual Result<std::optional<Ordered>> next() = 0;
  // Everything up to that number is on stable storage here. Called by who writes, while another may propose.
  virtual void forget(std::uint64_t number) = 0;
  // Of submissions that are proposed together; a larger one goes alone.
  virtual std::size_t softBytes() const { return std::numeric_limits<std::size_t>::max(); }
};

// Used by the one who leads, one at a time.
class LocalSequencer final : public Sequencer {
 public:
  Result<std::optional<std::uint64_t>> propose(Batch batch) override {
    waiting_.push_back({++proposed_, std::move(batch), {}});
    return std::optional(proposed_);
  }
  Result<std::optional<Ordered>> next() override {
    if (waiting_.empty()) return std::optional<Ordered>();
    std::optional<Ordered> ordered = std::move(waiting_.front());
    waiting_.pop_front();
    return ordered;
  }
  void forget(std::uint64_t) override {}

 private:
  std::uint64_t proposed_ = 0;
  std::deque<Ordered> waiting_;
};

}  // namespace pilotledger::ledger
