// For tests and benchmarks: nodes of one ledger in this process, each with its directory, its key and its address on
// loopback, over any register.
#pragma once

#include <atomic>
#include <thread>

#include "ledger/tlog/witness_policy.h"
#include "tests/support/ledger_fixture.h"
#include "tools/cluster/etcd_fixture.h"
#include "tools/cluster/members.h"
#include "tools/cluster/peer_server.h"

namespace pilotledger::cluster {

using ledger::Ledger;
using ledger::OrderHead;

// In memory, as one etcd would hold it; away when it is told so.
class MemoryRegister final : public ledger::OrderRegister {
 public:
  Result<Swap> swap(const std::optional<OrderHead>& expected, const OrderHead& next, std::string_view record) override {
    std::lock_guard lock(mutex_);
    if (away) return gone();
    if (head_ != expected) return Swap{false, head_};
    head_ = next;
    if (record.empty()) records_.clear();
    if (!record.empty()) records_[next.number] = record;
    return Swap{true, {}};
  }
  Result<std::optional<OrderHead>> head() override {
    std::lock_guard lock(mutex_);
    if (away) return gone();
    return head_;
  }
  Result<std::optional<std::string>> record(std::uint64_t number) override {
    std::lock_guard lock(mutex_);
    if (away) return gone();
    auto at = records_.find(number);
    return at == records_.end() ? std::nullopt : std::optional(at->second);
  }
  Status putPart(std::uint64_t number, std::string_view proposer, std::uint32_t part, std::string_view bytes) override {
    std::lock_guard lock(mutex_);
    parts_[fmt::format("{}/{}/{}", number, proposer, part)] = bytes;
    return {};
  }
  Result<std::optional<std::string>> part(std::uint64_t number, std::string_view proposer,
                                          std::uint32_t part) override {
    std::lock_guard lock(mutex_);
    auto at = parts_.find(fmt::format("{}/{}/{}", number, proposer, part));
    return at == parts_.end() ? std::nullopt : std::optional(at->second);
  }
  std::size_t records() {
    std::lock_guard lock(mutex_);
    return records_.size();
  }
  Status forgetBelow(std::uint64_t number) override {
    std::lock_guard lock(mutex_);
    records_.erase(records_.begin(), records_.lower_bound(number));
    return {};
  }
  Status announce(std::string_view node, std::string_view text) override {
    std::lock_guard lock(mutex_);
    said_[std::string(node)] = text;
    return {};
  }
  Result<std::map<std::string, std::string>> announced() override {
    std::lock_guard lock(mutex_);
    return said_;
  }
  std::atomic<bool> away{false};

 private:
  static Error gone() { return makeError(ErrorCode::Unavailable, "away", "不可用"); }
  std::mutex mutex_;
  std::optional<OrderHead> head_;
  std::map<std::uint64_t, std::string> records_;
  std::map<std::string, std::string> parts_, said_;
};

// Nodes of one ledger over one order, each with its directory, its key and its address on loopback.
class Cluster {
 public:
  explicit Cluster(int count, crypto::SuiteId suite = crypto::SuiteId::Ed25519Sha256,
                   std::shared_ptr<ledger::OrderRegister> shared = nullptr)
      : memory(std::make_shared<MemoryRegister>()), order(shared ? std::move(shared) : memory), fixture_(suite) {
    for (int i = 0; i < count; ++i) {
      std::string name(1, static_cast<char>('a' + i));
      keys_.emplace(name, crypto::SigningKey::generate(suite, "test.example/node/" + name).value());
      ports_[name] = freePort();
      fixture_.must("operator", admission(name));
    }
    fixture_.close();
    const std::string begin = Ledger::beginOrder(fixture_.directory()).value();
    EXPECT_TRUE(order->swap({}, OrderHead::parse(begin).value(), "")->done);
    for (const auto& [name, key] : keys_) copyTo(name);
  }
  ~Cluster() {
    for (auto& [name, seat] : seats_) stop(name);
    for (const auto& [name, key] : keys_) std::filesystem::remove_all(directory(name));
  }

  std::filesystem::path directory(const std::string& name) const { return fixture_.directory().string() + "-" + name; }
  void copyTo(const std::string& name) {
    std::filesystem::remove_all(directory(name));
    std::filesystem::copy(fixture_.directory(), directory(name), std::filesystem::copy_options::recursive);
  }
  std::string admission(const std::string& name) {
    return fmt::format(R"({{"kind":"NodeAdmitted","body":{{"node":"{}","vkey":"{}","url":"http://127.0.0.1:{}"}}}})",
                       name, proof::CosignerKey::of(keys_.at(name).verifyKey()).vkey(), ports_.at(name));
  }

  void start(const std::string& name, std::int64_t clockOffsetMs = 0) {
    NodeOptions options = defaults;
    options.origin = "test.example/ledger";
    options.name = name;
    options.clock = [clockOffsetMs, system = ledger::systemClock()] { return system() + clockOffsetMs; };
    Seat& seat = seats_[name];
    seat.node = std::make_shared<Node>(options, keys_.at(name), order);
    auto opened = Ledger::open(directory(name), ledger::OpenMode::Write, options.clock, "", seat.node);
    ASSERT_TRUE(opened.ok()) << opened.error().message.en;
    seat.ledger = std::move(opened).value();
    auto peers = servePeers({fmt::format("127.0.0.1:{}", ports_.at(name)), "", ""}, *seat.node);
    ASSERT_TRUE(peers.ok()) << peers.error().message.en;
    seat.peers = std::move(peers).value();
    Status started = seat.node->start(*seat.ledger);
    ASSERT_TRUE(started.ok()) << started.error().message.en;
  }
  void stop(const std::string& name) {
    Seat& seat = seats_[name];
    if (seat.node) seat.node->stop();
    if (seat.peers) seat.peers->stop();
    seat.ledger.reset();
    seat.peers.reset();
    seat.node.reset();
  }
  Ledger& at(const std::string& name) { return *seats_.at(name).ledger; }
  std::string url(const std::string& name) const { return fmt::format("http://127.0.0.1:{}", ports_.at(name)); }
  Node& node(const std::string& name) { return *seats_.at(name).node; }
  bool runs(const std::string& name) { return seats_[name].ledger != nullptr; }

  // Of so many parties.
  proof::Submission submission(const std::string& party, std::size_t count = 1) {
    std::lock_guard lock(mutex_);
    std::vector<Bytes> events;
    for (std::size_t i = 0; i < count; ++i) {
      std::string id = i == 0 ? party : fmt::format("{}.{}", party, i);
      events.push_back(
          fixture_
              .event(fmt::format(
                  R"({{"kind":"PartyRegistered","body":{{"party":"list:{}","name":"n","kind":"UNKNOWN"}}}})", id))
              .value());
    }
    const crypto::SigningKey* signer[] = {&fixture_.key("operator")};
    return proof::makeSubmission(suite(), name_, std::move(events), signer).value();
  }
  proof::Submission change(const std::string& json) {
    std::lock_guard lock(mutex_);
    const crypto::SigningKey* signer[] = {&fixture_.key("operator")};
    return proof::makeSubmission(suite(), name_, {fixture_.event(json).value()}, signer).value();
  }
  std::string newMember(const std::string& name) {
    keys_.emplace(name, crypto::SigningKey::generate(suite(), "test.example/node/" + name).value());
    ports_[name] = freePort();
    return admission(name);
  }
  // As a backup of a node that stands still would be.
  void copyFrom(const std::string& node, const std::string& name) {
    stop(node);
    std::filesystem::remove_all(directory(name));
    std::filesystem::copy(directory(node), directory(name), std::filesystem::copy_options::recursive);
    start(node);
  }
  crypto::SuiteId suite() const { return keys_.begin()->second.verifyKey().suite(); }

  // All that run hold the same entries, and so many.
  void expectEqual(std::uint64_t size) {
    for (auto& [name, seat] : seats_) {
      if (!seat.ledger) continue;
      for (int i = 0; i < 500 && seat.ledger->size() < size; ++i) std::this_thread::sleep_for(10ms);
      EXPECT_EQ(seat.ledger->size(), size) << name;
      EXPECT_EQ(seat.ledger->root(), at(firstRunning()).root()) << name;
    }
  }
  std::string firstRunning() {
    for (auto& [name, seat] : seats_)
      if (seat.ledger) return name;
    return "";
  }
  void expectMajority(const std::string& note) {
    Ledger& any = at(firstRunning());
    auto policy = proof::WitnessPolicy::parse(policyOf(any.logKey(), membersOf(any).value()));
    ASSERT_TRUE(policy.ok());
    Status signed_ = policy->requireQuorum(proof::Note::parse(note).value());
    EXPECT_TRUE(signed_.ok()) << signed_.error().message.en << note;
  }

  NodeOptions defaults;
  std::shared_ptr<MemoryRegister> memory;  // the order, unless another one was given
  std::shared_ptr<ledger::OrderRegister> order;

 private:
  struct Seat {
    std::shared_ptr<Node> node;
    std::unique_ptr<Ledger> ledger;
    std::unique_ptr<http::Server> peers;
  };
  ledger::LedgerFixture fixture_;
  proof::LedgerName name_ = fixture_.ledger().name();
  std::map<std::string, crypto::SigningKey> keys_;
  std::map<std::string, int> ports_;
  std::map<std::string, Seat> seats_;
  std::mutex mutex_;
};

}  // namespace pilotledger::cluster
