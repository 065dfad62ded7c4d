// Who decides the order of batches. Rules run after that, so what is proposed may be refused and still has its number.
// On one machine the order is that of proposing; where several share a ledger, batches of others come between.
#pragma once

#include <cstdint>
#include <deque>
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
  // The number that the batch got. On Unavailable nobody knows yet whether it has one: the same events are sent again.
  virtual Result<std::uint64_t> propose(Batch batch) = 0;
  // The next one, in order of numbers; waits for it.
  virtual Result<Ordered> next() = 0;
  // Everything up to that number is on stable storage here. Called by who writes, while another may propose.
  virtual void forget(std::uint64_t number) = 0;
};

// Used by the one who leads, one at a time.
class LocalSequencer final : public Sequencer {
 public:
  Result<std::uint64_t> propose(Batch batch) override {
    waiting_.push_back({++proposed_, std::move(batch), {}});
    return proposed_;
  }
  Result<Ordered> next() override {
    PL_ASSERT(!waiting_.empty());
    Ordered ordered = std::move(waiting_.front());
    waiting_.pop_front();
    return ordered;
  }
  void forget(std::uint64_t) override {}

 private:
  std::uint64_t proposed_ = 0;
  std::deque<Ordered> waiting_;
};

}  // namespace pilotledger::ledger
