#include "tests/cluster/simulated_register.h"

#include <utility>

namespace pilotledger::cluster {

using ledger::OrderHead;
using Swap = ledger::OrderRegister::Swap;

namespace {

Error noAnswer() { return makeError(ErrorCode::Unavailable, "no answer"); }

}  // namespace

Swap SimulatedRegister::apply(const Transaction& transaction) {
  if (now_.head != transaction.expected) return {false, now_.head};
  before_ = now_;
  now_.head = transaction.next;
  if (transaction.record.empty()) {
    now_.records.clear();  // an order begins: what was there is of another one
  } else {
    now_.records[transaction.next.number] = transaction.record;
  }
  return {true, {}};
}

Result<Swap> SimulatedRegister::swap(const std::optional<OrderHead>& expected, const OrderHead& next,
                                     std::string_view record) {
  if (chance_->in1000(faults.late)) doLate();  // another's comes between
  Transaction transaction{expected, next, std::string(record)};
  if (chance_->in1000(faults.late)) {
    late_.push_back(std::move(transaction));
    return noAnswer();
  }
  Swap swapped = apply(transaction);
  if (chance_->in1000(faults.twice)) late_.push_back(std::move(transaction));
  if (chance_->in1000(faults.answerLost)) return noAnswer();
  return swapped;
}

void SimulatedRegister::hold(const std::optional<OrderHead>& expected, const OrderHead& next, std::string_view record) {
  late_.push_back({expected, next, std::string(record)});
}

std::optional<OrderHead> SimulatedRegister::readHead() {
  return chance_->in1000(faults.stale) ? before_.head : now_.head;
}

std::optional<std::string> SimulatedRegister::readRecord(std::uint64_t number) {
  const State& state = chance_->in1000(faults.stale) ? before_ : now_;
  auto found = state.records.find(number);
  return found == state.records.end() ? std::nullopt : std::optional(found->second);
}

void SimulatedRegister::forgetBelow(std::uint64_t number) {
  before_ = now_;
  now_.records.erase(now_.records.begin(), now_.records.lower_bound(number));
}

bool SimulatedRegister::restore() {
  if (copies_.empty()) return false;
  now_ = copies_[chance_->below(copies_.size())];
  before_ = now_;
  if (chance_->in1000(500)) late_.clear();
  return true;
}

void SimulatedRegister::lose() {
  now_ = {};
  before_ = {};
}

void SimulatedRegister::doLate() {
  if (late_.empty()) return;
  std::swap(late_[chance_->below(late_.size())], late_.back());
  Transaction transaction = std::move(late_.back());
  late_.pop_back();
  if (chance_->in1000(750)) (void)apply(transaction);  // else it is never done
}

void SimulatedRegister::settle() {
  while (!late_.empty()) doLate();
  faults = {};
}

Result<Swap> RegisterOfNode::swap(const std::optional<OrderHead>& expected, const OrderHead& next,
                                  std::string_view record) {
  if (reached) return shared_->swap(expected, next, record);
  if (chance_->in1000(200)) shared_->hold(expected, next, record);
  return noAnswer();
}

Result<std::optional<OrderHead>> RegisterOfNode::head() {
  if (!reached) return noAnswer();
  return shared_->readHead();
}

Result<std::optional<std::string>> RegisterOfNode::record(std::uint64_t number) {
  if (!reached) return noAnswer();
  return shared_->readRecord(number);
}

Status RegisterOfNode::forgetBelow(std::uint64_t number) {
  if (!reached) return noAnswer();
  shared_->forgetBelow(number);
  return {};
}

}  // namespace pilotledger::cluster
