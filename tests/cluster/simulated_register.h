// The shared register as it is at its worst: transactions that are done later, twice or never, answers that are lost,
// reads of what was a moment ago, and a state that is restored to an older one or is gone.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/order/order_register.h"
#include "tests/cluster/chance.h"

namespace pilotledger::cluster {

class SimulatedRegister {
 public:
  struct Faults {  // of a thousand calls
    std::uint64_t late = 0, answerLost = 0, twice = 0, stale = 0;
  };
  SimulatedRegister(Chance& chance, ledger::OrderHead first) : chance_(&chance) { now_.head = first; }

  Faults faults;

  Result<ledger::OrderRegister::Swap> swap(const std::optional<ledger::OrderHead>& expected,
                                           const ledger::OrderHead& next, std::string_view record);
  std::optional<ledger::OrderHead> readHead();
  const std::optional<ledger::OrderHead>& newest() const { return now_.head; }  // what no node knows
  std::optional<std::string> readRecord(std::uint64_t number);
  void forgetBelow(std::uint64_t number);
  // A transaction that did not get through, and may still.
  void hold(const std::optional<ledger::OrderHead>& expected, const ledger::OrderHead& next, std::string_view record);

  void keepCopy() { copies_.push_back(now_); }
  bool restore();  // a copy of before, where there is one
  void lose();
  void doLate();  // one of those that are late
  void settle();  // all of them, and no more faults

 private:
  struct State {
    std::optional<ledger::OrderHead> head;
    std::map<std::uint64_t, std::string> records;
  };
  struct Transaction {
    std::optional<ledger::OrderHead> expected;
    ledger::OrderHead next;
    std::string record;
  };
  ledger::OrderRegister::Swap apply(const Transaction& transaction);

  Chance* chance_;
  State now_, before_;  // before the newest change
  std::vector<State> copies_;
  std::vector<Transaction> late_;
};

// As one node reaches it, or not.
class RegisterOfNode final : public ledger::OrderRegister {
 public:
  RegisterOfNode(SimulatedRegister& shared, Chance& chance) : shared_(&shared), chance_(&chance) {}
  bool reached = true;

  Result<Swap> swap(const std::optional<ledger::OrderHead>& expected, const ledger::OrderHead& next,
                    std::string_view record) override;
  Result<std::optional<ledger::OrderHead>> head() override;
  Result<std::optional<std::string>> record(std::uint64_t number) override;
  Status forgetBelow(std::uint64_t number) override;
  // Batches here are small, and nodes ask each other.
  Status putPart(std::uint64_t, std::string_view, std::uint32_t, std::string_view) override { return {}; }
  Result<std::optional<std::string>> part(std::uint64_t, std::string_view, std::uint32_t) override {
    return std::optional<std::string>();
  }
  Status announce(std::string_view, std::string_view) override { return {}; }
  Result<std::map<std::string, std::string>> announced() override { return std::map<std::string, std::string>(); }

 private:
  SimulatedRegister* shared_;
  Chance* chance_;
};

}  // namespace pilotledger::cluster
