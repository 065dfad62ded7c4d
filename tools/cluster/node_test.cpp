#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "ledger/tlog/witness_policy.h"
#include "tests/support/ledger_fixture.h"
#include "tools/cluster/members.h"
#include "tools/cluster/peer_server.h"

namespace pilotledger::cluster {
namespace {

namespace fs = std::filesystem;
using ledger::Ledger;
using ledger::OrderHead;
using namespace std::chrono_literals;

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

unsigned freePort() {
  int file = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::bind(file, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  socklen_t length = sizeof address;
  EXPECT_EQ(::getsockname(file, reinterpret_cast<sockaddr*>(&address), &length), 0);
  ::close(file);
  return ntohs(address.sin_port);
}

// Nodes of one ledger over one order, each with its directory, its key and its address on loopback.
class Cluster {
 public:
  explicit Cluster(int count, crypto::SuiteId suite = crypto::SuiteId::Ed25519Sha256) : fixture_(suite) {
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
    for (const auto& [name, key] : keys_) fs::remove_all(directory(name));
  }

  fs::path directory(const std::string& name) const { return fixture_.directory().string() + "-" + name; }
  void copyTo(const std::string& name) {
    fs::remove_all(directory(name));
    fs::copy(fixture_.directory(), directory(name), fs::copy_options::recursive);
  }
  std::string admission(const std::string& name) {
    return fmt::format(
        R"({{"kind":"NodeAdmitted","body":{{"node":"{}","vkey":"{}","url":"http://127.0.0.1:{}"}}}})", name,
        proof::CosignerKey::of(keys_.at(name).verifyKey()).vkey(), ports_.at(name));
  }

  void start(const std::string& name, std::int64_t clockOffsetMs = 0) {
    NodeOptions options;
    options.origin = "test.example/ledger";
    options.name = name;
    options.wait = 3s;
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
  Node& node(const std::string& name) { return *seats_.at(name).node; }
  bool runs(const std::string& name) { return seats_[name].ledger != nullptr; }

  proof::Submission submission(const std::string& party) {
    std::lock_guard lock(mutex_);
    auto event = fixture_.event(fmt::format(
        R"({{"kind":"PartyRegistered","body":{{"party":"list:{}","name":"n","kind":"UNKNOWN"}}}})", party));
    const crypto::SigningKey* signer[] = {&fixture_.key("operator")};
    return proof::makeSubmission(suite(), name_, {std::move(event).value()}, signer).value();
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

  std::shared_ptr<MemoryRegister> order = std::make_shared<MemoryRegister>();

 private:
  struct Seat {
    std::shared_ptr<Node> node;
    std::unique_ptr<Ledger> ledger;
    std::unique_ptr<http::Server> peers;
  };
  ledger::LedgerFixture fixture_;
  proof::LedgerName name_ = fixture_.ledger().name();
  std::map<std::string, crypto::SigningKey> keys_;
  std::map<std::string, unsigned> ports_;
  std::map<std::string, Seat> seats_;
  std::mutex mutex_;
};

TEST(Node, ThreeNodesRecordTogetherAndEveryReceiptHasAMajority) {
  Cluster cluster(3);
  for (const char* name : {"a", "b", "c"}) cluster.start(name);
  const std::uint64_t before = cluster.at("a").size();
  std::vector<std::thread> clients;
  std::atomic<int> failed{0};
  std::mutex mutex;
  std::set<std::uint64_t> indexes;
  std::vector<std::string> notes;
  for (const char* name : {"a", "b", "c"}) {
    clients.emplace_back([&, name] {
      for (int i = 0; i < 20; ++i) {
        auto appended = cluster.at(name).append(cluster.submission(fmt::format("{}{}", name, i)));
        if (!appended.ok()) ++failed;
        if (!appended.ok()) continue;
        std::lock_guard lock(mutex);
        indexes.insert(appended->receipts[0].index);
        notes.push_back(appended->checkpoint);
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(indexes.size(), 60u) << "no index twice";
  cluster.expectEqual(before + 60);
  for (const auto& note : notes) {
    cluster.expectMajority(note);
    auto checkpoint = proof::readCheckpoint(note).value();
    EXPECT_EQ(cluster.at("b").rootAt(checkpoint.size).value(), checkpoint.root);
  }
  for (const char* name : {"a", "b", "c"}) EXPECT_EQ(cluster.node(name).status().state, "following");
  for (const char* name : {"a", "b", "c"}) {
    cluster.stop(name);
    auto outcome = ledger::fsck(cluster.directory(name), {});
    ASSERT_TRUE(outcome.ok());
    EXPECT_FALSE(outcome->damage) << name;
  }
}

TEST(Node, TwoOfThreeGoOnAndTheThirdCatchesUp) {
  Cluster cluster(3, crypto::SuiteId::Sm2Sm3);
  for (const char* name : {"a", "b", "c"}) cluster.start(name);
  ASSERT_TRUE(cluster.at("c").append(cluster.submission("1")).ok());
  cluster.stop("c");
  const std::uint64_t before = cluster.at("a").size();
  for (int i = 2; i < 12; ++i) {
    auto appended = cluster.at(i % 2 == 0 ? "a" : "b").append(cluster.submission(std::to_string(i)));
    ASSERT_TRUE(appended.ok()) << appended.error().message.en;
    cluster.expectMajority(appended->checkpoint);
  }
  cluster.start("c");
  cluster.expectEqual(before + 10);
}

TEST(Node, WithoutAMajorityNothingIsAnsweredAndNothingIsLost) {
  Cluster cluster(3);
  cluster.start("a");
  const std::uint64_t before = cluster.at("a").size();
  auto waiting = cluster.submission("1");
  auto alone = cluster.at("a").append(waiting);
  ASSERT_FALSE(alone.ok());
  EXPECT_EQ(alone.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(cluster.node("a").status().state, "alone");
  cluster.start("b");
  auto again = cluster.at("b").append(waiting);
  ASSERT_TRUE(again.ok()) << again.error().message.en;
  EXPECT_EQ(again->receipts[0].index, before);
  EXPECT_TRUE(again->receipts[0].repeated) << "it was ordered; nobody could say so";
  cluster.expectMajority(again->checkpoint);
  cluster.expectEqual(before + 1);
}

TEST(Node, WhileTheOrderIsAwayNothingIsRecordedAndTheSameEventsGoThroughLater) {
  Cluster cluster(3);
  for (const char* name : {"a", "b", "c"}) cluster.start(name);
  cluster.order->away = true;
  auto waiting = cluster.submission("1");
  auto refused = cluster.at("a").append(waiting);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
  cluster.order->away = false;
  EXPECT_TRUE(cluster.at("b").append(waiting).ok());
}

TEST(Node, ADirectoryOfSeveralNodesIsWrittenByNobodyAlone) {
  Cluster cluster(1);
  auto opened = Ledger::open(cluster.directory("a"), ledger::OpenMode::Write);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::Unavailable);
  EXPECT_NE(opened.error().message.en.find("several nodes"), std::string::npos);
  EXPECT_TRUE(Ledger::open(cluster.directory("a"), ledger::OpenMode::ReadOnly).ok());
  ledger::LedgerFixture alone;
  alone.close();
  auto none = std::make_shared<Node>(NodeOptions{.origin = "x", .name = "a", .clock = ledger::systemClock()},
                                     crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "k").value(),
                                     cluster.order);
  EXPECT_EQ(Ledger::open(alone.directory(), ledger::OpenMode::Write, {}, "", none).error().code,
            ErrorCode::InvalidInput);
}

// The key of a node must not sign twice for one size: an older copy of its directory first gets to where it was.
TEST(Node, AnOlderCopySignsNothingBeforeItIsWhereItsKeyWas) {
  Cluster cluster(3);
  for (const char* name : {"a", "b", "c"}) cluster.start(name);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(cluster.at("a").append(cluster.submission(std::to_string(i))).ok());
  const std::uint64_t size = cluster.at("a").size();
  cluster.expectEqual(size);
  cluster.stop("a");
  cluster.copyTo("a");
  cluster.start("a");
  cluster.expectEqual(size);
  auto appended = cluster.at("a").append(cluster.submission("after"));
  ASSERT_TRUE(appended.ok()) << appended.error().message.en;
  cluster.expectEqual(size + 1);
}

TEST(Node, ANodeWhoseClockIsWrongProposesNothing) {
  Cluster cluster(3);
  cluster.start("a", 3'600'000);
  cluster.start("b");
  cluster.start("c");
  std::this_thread::sleep_for(1500ms);  // clocks are heard once a second
  auto refused = cluster.at("a").append(cluster.submission("1"));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.en.find("clock"), std::string::npos);
  auto appended = cluster.at("b").append(cluster.submission("1"));
  EXPECT_TRUE(appended.ok()) << appended.error().message.en;
}

// An order that was restored to an older state is noticed by its content, and nothing is recorded behind it.
TEST(Node, ARestoredOrderIsNoticed) {
  Cluster cluster(3);
  for (const char* name : {"a", "b", "c"}) cluster.start(name);
  auto earlier = cluster.order->head().value();
  ASSERT_TRUE(cluster.at("a").append(cluster.submission("1")).ok());
  auto now = cluster.order->head().value();
  ASSERT_TRUE(cluster.order->swap(now, *earlier, "")->done);
  cluster.expectEqual(cluster.at("a").size());
  auto refused = cluster.at("a").append(cluster.submission("2"));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.en.find("restored"), std::string::npos);
  EXPECT_EQ(cluster.node("a").status().state, "order-lost");
  ASSERT_TRUE(cluster.order->swap(earlier, *now, "")->done);
  EXPECT_TRUE(cluster.at("a").append(cluster.submission("2")).ok()) << "set right";
}

}  // namespace
}  // namespace pilotledger::cluster
