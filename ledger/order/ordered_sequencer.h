// The order of batches where several nodes share a ledger: each proposes behind what it has built, by compare-and-swap
// in a register (order_register.h). Whoever comes second takes the other's batch first and proposes anew.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "ledger/commit/sequencer.h"
#include "ledger/order/order_register.h"

namespace pilotledger::ledger {

class OrderedSequencer final : public Sequencer {
 public:
  struct Options {
    crypto::SuiteId suite = crypto::SuiteId::Ed25519Sha256;
    std::string node;      // its name
    OrderHead built;       // up to where this node's log holds the order
    Batch::Admit admit{};  // for batches of others: whatever is refused must be refused by the building of the commit
    int attempts = 4;      // of one transaction whose answer did not come
    std::function<void(int attempt)> pause{};             // before an attempt is repeated
    std::function<void(std::uint64_t number)> ordered{};  // called when it has ordered one, before it is built
  };
  OrderedSequencer(OrderRegister& shared, Options options)
      : shared_(&shared), options_(std::move(options)), durable_(options_.built.number) {}

  Result<std::optional<std::uint64_t>> propose(Batch batch) override;
  Result<std::optional<Ordered>> next() override;
  void forget(std::uint64_t number) override { durable_ = number; }
  std::size_t softBytes() const override { return std::size_t{128} << 10; }

  // --- any thread
  std::uint64_t durable() const { return durable_; }  // number
  // Of all records that this object has seen, with their parts: what the register keeps of them.
  std::uint64_t bytes() const { return bytes_; }
  // The head that the register shows where it is not the order that this node holds: it was restored to an older
  // state, or is another cluster's. Nothing is ordered while it is so; none: all is well.
  std::optional<std::string> lost() const;

 private:
  Result<std::string> recordOf(const Batch& batch);
  Result<OrderRegister::Swap> swap(const OrderHead& next, const std::string& record);
  Result<std::optional<std::string>> recordBehind();
  Result<std::string> batchOf(const OrderRecord& record);
  Result<Batch> read(const OrderRecord& record);
  void found();
  Error orderLost(std::string found);

  OrderRegister* shared_;
  Options options_;
  std::optional<Ordered> mine_;  // proposed, ordered, and next
  std::uint64_t seen_ = 0;       // number of the head when a compare failed; its records must be there
  std::atomic<std::uint64_t> durable_;
  std::atomic<std::uint64_t> bytes_{0};
  std::uint64_t inParts_ = 0;  // bytes of the batch proposed last, where it is in parts
  mutable std::mutex mutex_;
  std::optional<std::string> lost_;
};

}  // namespace pilotledger::ledger
