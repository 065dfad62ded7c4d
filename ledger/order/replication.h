// What a ledger asks of whoever keeps it on several machines. A ledger on one machine has none.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "ledger/commit/sequencer.h"
#include "ledger/order/order_record.h"
#include "ledger/tlog/checkpoint.h"

namespace pilotledger::ledger {

// Where a node's log stands in the order when it is opened.
struct OrderStart {
  crypto::SuiteId suite{};
  OrderHead built;
  Batch::Admit admit;  // for batches of others
};

// Threads: any number, but for stored().
class Replication {
 public:
  virtual ~Replication() = default;
  virtual std::unique_ptr<Sequencer> sequencer(OrderStart start) = 0;
  // Before anything is proposed here. Unavailable: another node must be asked.
  virtual Status mayPropose() = 0;
  // Before a change of members is: not before the one ahead of it is confirmed.
  virtual Status mayChangeMembers() = 0;
  // A commit is on stable storage and signed; called in order, the newest one first when a ledger is opened. An error
  // ends writing here.
  virtual Status stored(const proof::Checkpoint& checkpoint, const std::string& note) = 0;
  // The signed note of that checkpoint, or of a larger one, with the signatures of more than half of the nodes.
  // Unavailable when they do not come in time; they may come later.
  virtual Result<std::string> confirm(std::uint64_t size, std::chrono::milliseconds most) = 0;
  virtual std::chrono::milliseconds wait() const = 0;  // of whoever records
};

}  // namespace pilotledger::ledger
