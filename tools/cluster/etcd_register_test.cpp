#include "tools/cluster/etcd_register.h"

#include <fmt/format.h>

#include "tools/cluster/etcd_fixture.h"

namespace pilotledger::cluster {
namespace {

using ledger::OrderHead;

TEST(EtcdRegister, TheHeadIsChangedOnlyWhereItIsAsExpected) {
  EtcdMembers members(1);
  EtcdClient etcd = members.client();
  EtcdRegister order(etcd, "test.example/ledger");
  EXPECT_EQ(order.head().value(), std::nullopt);
  auto missing = order.swap(headOf(0), headOf(1), "r").value();
  EXPECT_FALSE(missing.done);
  EXPECT_EQ(missing.found, std::nullopt);

  EXPECT_TRUE(order.swap({}, headOf(0), "")->done);
  EXPECT_EQ(order.head().value(), headOf(0));
  EXPECT_EQ(order.record(0).value(), std::nullopt) << "an order begins without a record";
  auto again = order.swap({}, headOf(0, 2), "").value();
  EXPECT_FALSE(again.done);
  EXPECT_EQ(again.found, headOf(0));

  EXPECT_TRUE(order.swap(headOf(0), headOf(1), "first")->done);
  for (const OrderHead& other : {headOf(0), headOf(1, 2), headOf(2)}) {
    auto refused = order.swap(other, headOf(9), "other").value();
    EXPECT_FALSE(refused.done);
    EXPECT_EQ(refused.found, headOf(1));
  }
  EXPECT_EQ(order.record(1).value(), "first");
  EXPECT_EQ(order.record(9).value(), std::nullopt);

  EtcdRegister other(etcd, "test.example/ledge");
  EXPECT_EQ(other.head().value(), std::nullopt) << "a ledger has its own order";
  ASSERT_TRUE(etcd.transact({{}, {EtcdPut{"/pilotledger/test.example/ledger/head", "no head"}}}).ok());
  auto wrong = order.swap(headOf(1), headOf(2), "second");
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(order.head().error().message.en,
            "etcd: what it holds under /pilotledger/test.example/ledger/head is not the ledger's");
}

TEST(EtcdRegister, RecordsAndPartsAreKeptUntilForgotten) {
  EtcdMembers members(1);
  EtcdClient etcd = members.client();
  EtcdRegister order(etcd, "o");
  std::string large(std::size_t{512} << 10, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31 >> 3);
  ASSERT_TRUE(order.swap({}, headOf(9), "").ok());
  for (std::uint64_t number = 10; number <= 12; ++number) {
    ASSERT_TRUE(order.putPart(number, "n1", 0, large).ok());
    ASSERT_TRUE(order.putPart(number, "n1", 1, std::string("\0p", 2)).ok());
    ASSERT_TRUE(order.swap(headOf(number - 1), headOf(number), large + std::to_string(number))->done);
  }
  ASSERT_TRUE(order.putPart(11, "n2", 0, "of another").ok());
  EXPECT_EQ(order.record(11).value(), large + "11");
  EXPECT_EQ(order.part(11, "n1", 0).value(), large);
  EXPECT_EQ(order.part(11, "n1", 1).value(), std::string("\0p", 2));
  EXPECT_EQ(order.part(11, "n1", 2).value(), std::nullopt);
  EXPECT_EQ(order.part(11, "n", 0).value(), std::nullopt);

  ASSERT_TRUE(order.forgetBelow(0).ok());
  EXPECT_EQ(order.record(10).value(), large + "10");
  ASSERT_TRUE(order.forgetBelow(12).ok());
  for (std::uint64_t number : {10u, 11u}) {
    EXPECT_EQ(order.record(number).value(), std::nullopt);
    EXPECT_EQ(order.part(number, "n1", 0).value(), std::nullopt);
  }
  EXPECT_EQ(order.part(11, "n2", 0).value(), std::nullopt);
  EXPECT_EQ(order.record(12).value(), large + "12");
  EXPECT_EQ(order.part(12, "n1", 0).value(), large);
  EXPECT_EQ(order.head().value(), headOf(12));
}

TEST(EtcdRegister, NodesSayWhatTheyAre) {
  EtcdMembers members(1);
  EtcdClient etcd = members.client();
  EtcdRegister order(etcd, "o"), other(etcd, "o/node");
  EXPECT_TRUE(order.announced()->empty());
  ASSERT_TRUE(order.announce("n1", "one").ok());
  ASSERT_TRUE(order.announce("n2", "two").ok());
  ASSERT_TRUE(order.announce("n1", "one, later").ok());
  ASSERT_TRUE(other.announce("n3", "of another ledger").ok());
  EXPECT_EQ(order.announced().value(), (std::map<std::string, std::string>{{"n1", "one, later"}, {"n2", "two"}}));
  for (const char* name : {"", "n/3"}) {
    auto refused = order.announce(name, "t");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
    EXPECT_FALSE(order.putPart(1, name, 0, "p").ok());
    EXPECT_FALSE(order.part(1, name, 0).ok());
  }
}

// Two proposers on one head, each with a client and a member of its own: of each number one record, and no number left
// out.
TEST(EtcdRegister, OfTwoWhoSwapAtOnceOneWins) {
  constexpr std::uint64_t kRounds = 100;
  EtcdMembers members(3);
  EtcdClient firstClient = members.client({0, 1, 2}), secondClient = members.client({1, 2, 0});
  EtcdRegister first(firstClient, "o"), second(secondClient, "o");
  ASSERT_TRUE(first.swap({}, headOf(0), "")->done);
  std::map<std::uint8_t, int> won;
  OrderHead head = headOf(0);
  for (std::uint64_t number = 1; number <= kRounds; ++number) {
    std::optional<Result<EtcdRegister::Swap>> answers[2];
    std::thread beside([&] { answers[1] = second.swap(head, headOf(number, 2), "2"); });
    answers[0] = first.swap(head, headOf(number, 1), "1");
    beside.join();
    ASSERT_TRUE(answers[0]->ok() && answers[1]->ok());
    const EtcdRegister::Swap &one = **answers[0], &two = **answers[1];
    ASSERT_NE(one.done, two.done) << number;
    head = headOf(number, one.done ? 1 : 2);
    ASSERT_EQ(one.done ? two.found : one.found, head);
    ASSERT_EQ(first.record(number).value(), one.done ? "1" : "2");
    ++won[one.done ? 1 : 2];
  }
  EXPECT_EQ(second.head().value(), head);
  RecordProperty("won", fmt::format("{} : {}", won[1], won[2]));
}

}  // namespace
}  // namespace pilotledger::cluster
