// What an order survives when etcd's members die, stop and come back: ordered by the ledger's own sequencer.
#include <fmt/format.h>

#include <atomic>
#include <set>

#include "ledger/order/ordered_sequencer.h"
#include "tools/cluster/etcd_fixture.h"

namespace pilotledger::cluster {
namespace {

using ledger::OrderHead;

ledger::Batch batchSaying(const std::string& words) {
  auto submission = std::make_shared<proof::Submission>();
  submission->note = words;
  submission->events = {{1}};
  auto one = std::make_shared<ledger::AdmittedSubmission>();
  one->submission = submission;
  return {1, {one}};
}

Result<ledger::Admitted> admitAll(std::shared_ptr<const proof::Submission> submission) {
  auto one = std::make_shared<ledger::AdmittedSubmission>();
  one->submission = std::move(submission);
  return ledger::Admitted(one);
}

// Brings batches into the order as a node does: what is not answered comes with next(), or is proposed again.
class Proposer {
 public:
  Proposer(EtcdMembers& members, std::string name, std::vector<std::size_t> which, std::chrono::milliseconds deadline)
      : etcd_(members.client(which, deadline)),
        order_(etcd_, "o"),
        name_(name),
        sequencer_(order_, {crypto::SuiteId::Ed25519Sha256, name, OrderHead(), admitAll}) {}

  void begin() { ASSERT_TRUE(order_.swap({}, OrderHead(), "")->done); }

  void place(int i) {
    const std::string words = fmt::format("{} {}", name_, i);
    const auto begin = Clock::now();
    while (placed_.count(words) == 0 && since(begin) < 20s) {
      if (auto proposed = sequencer_.propose(batchSaying(words)); !proposed.ok()) fail(proposed.error());
      takeAll();
    }
    longest = std::max(longest, since(begin));
    ASSERT_EQ(placed_.count(words), 1u) << failure;
  }

  std::chrono::milliseconds longest{0};
  int unanswered = 0;
  std::string failure;  // the last

 private:
  void takeAll() {
    auto next = sequencer_.next();
    for (; next.ok() && *next; next = sequencer_.next())
      placed_.insert((*next)->batch.submissions.at(0)->submission->note);
    if (!next.ok()) fail(next.error());
  }
  void fail(const Error& error) {
    ++unanswered;
    failure = error.message.en;
  }

  EtcdClient etcd_;
  EtcdRegister order_;
  std::string name_;
  ledger::OrderedSequencer sequencer_;
  std::multiset<std::string> placed_;
};

// The whole order, read from the beginning through one member: every batch of every proposer once.
void expectWhole(const EtcdMembers& members, std::size_t through, const std::vector<std::string>& proposers, int each) {
  EtcdClient etcd = members.client({through});
  EtcdRegister order(etcd, "o");
  ledger::OrderedSequencer reader(order, {crypto::SuiteId::Ed25519Sha256, "reader", OrderHead(), admitAll});
  std::multiset<std::string> found, expected;
  std::uint64_t last = 0;
  OrderHead head;
  for (;;) {
    auto next = reader.next();
    ASSERT_TRUE(next.ok()) << next.error().message.en;
    if (!*next) break;
    ASSERT_EQ((*next)->number, ++last);
    found.insert((*next)->batch.submissions.at(0)->submission->note);
    head = OrderHead::parse((*next)->mark).value();
  }
  for (const std::string& proposer : proposers) {
    for (int i = 0; i < each; ++i) expected.insert(fmt::format("{} {}", proposer, i));
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(order.head().value(), head);
}

TEST(EtcdFailure, TheLeaderIsKilledBetweenTwoProposers) {
  EtcdMembers members(3);
  Proposer one(members, "one", {0, 1, 2}, 1s), two(members, "two", {1, 2, 0}, 1s);
  one.begin();
  std::atomic<int> placed{0};
  std::thread beside([&] {
    for (int i = 0; i < 100; ++i, ++placed) two.place(i);
  });
  const std::size_t leader = members.leader();
  std::thread killer([&] {
    while (placed < 60) std::this_thread::sleep_for(1ms);
    members.kill(leader);
  });
  for (int i = 0; i < 100; ++i, ++placed) one.place(i);
  beside.join();
  killer.join();
  EXPECT_LT(std::max(one.longest, two.longest), 10s);
  RecordProperty("longest_ms", static_cast<int>(std::max(one.longest, two.longest).count()));
  members.start(leader);
  members.waitFor(leader);
  for (std::size_t member : {0u, 1u, 2u}) expectWhole(members, member, {"one", "two"}, 100);
}

TEST(EtcdFailure, AMemberStopsForThreeSeconds) {
  EtcdMembers members(3);
  const std::size_t leader = members.leader();
  Proposer one(members, "one", {leader, (leader + 1) % 3, (leader + 2) % 3}, 1s);
  one.begin();
  one.place(0);
  members.pause(leader);
  std::thread later([&] {
    std::this_thread::sleep_for(3s);
    members.goOn(leader);
  });
  const auto begin = Clock::now();
  int i = 1;
  for (; since(begin) < 3500ms; ++i) one.place(i);
  later.join();
  EXPECT_GT(i, 20) << "the others went on";
  EXPECT_LT(one.longest, 3s) << "the others went on before it came back";
  RecordProperty("longest_ms", static_cast<int>(one.longest.count()));
  expectWhole(members, leader, {"one"}, i);
}

TEST(EtcdFailure, WithoutAMajorityNothingIsAnswered) {
  EtcdMembers members(3);
  EtcdClient etcd = members.client({0, 1, 2}, 500ms);
  EtcdRegister order(etcd, "o");
  ASSERT_TRUE(order.swap({}, headOf(0), "")->done);
  members.pause(1);
  members.pause(2);
  auto begin = Clock::now();
  auto swapped = order.swap(headOf(0), headOf(1), "r");
  EXPECT_LT(since(begin), 1s) << "one deadline: what compares goes to no second member";
  ASSERT_FALSE(swapped.ok());
  EXPECT_EQ(swapped.error().code, ErrorCode::Unavailable);
  EXPECT_FALSE(swapped.error().message.zh.empty());
  begin = Clock::now();
  auto head = order.head();
  EXPECT_LT(since(begin), 2500ms) << "one deadline a member";
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code, ErrorCode::Unavailable);
  EXPECT_GT(etcd.databaseBytes().value(), 0u) << "the one that runs says so";

  members.goOn(1);
  members.goOn(2);
  begin = Clock::now();
  do {
    swapped = order.swap(headOf(0), headOf(1), "r");
  } while (!swapped.ok() && since(begin) < 15s);
  ASSERT_TRUE(swapped.ok()) << swapped.error().message.en;
  EXPECT_TRUE(swapped->done || swapped->found == headOf(1)) << "done now, or by the first that came late";
  EXPECT_EQ(order.record(1).value(), "r");
  auto late = order.swap(headOf(0), headOf(1, 2), "other").value();
  EXPECT_FALSE(late.done);
  EXPECT_EQ(late.found, headOf(1));
}

}  // namespace
}  // namespace pilotledger::cluster
