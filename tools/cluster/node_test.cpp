#include "tests/support/cluster_fixture.h"

namespace pilotledger::cluster {
namespace {

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
  cluster.defaults.wait = 2s;
  cluster.start("a");
  cluster.defaults.wait = 10s;
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
  cluster.memory->away = true;
  auto waiting = cluster.submission("1");
  auto refused = cluster.at("a").append(waiting);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
  cluster.memory->away = false;
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
  auto none =
      std::make_shared<Node>(NodeOptions{.origin = "x", .name = "a", .clock = ledger::systemClock()},
                             crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "k").value(), cluster.order);
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
  for (int i = 0; i < 200 && cluster.node("a").mayPropose().ok(); ++i)  // clocks are heard once a second
    std::this_thread::sleep_for(50ms);
  auto refused = cluster.at("a").append(cluster.submission("1"));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.en.find("clock"), std::string::npos);
  auto appended = cluster.at("b").append(cluster.submission("1"));
  EXPECT_TRUE(appended.ok()) << appended.error().message.en;
}

// The port is open to whoever reaches it: made-up clocks, numbers and lines change nothing.
TEST(Node, WhatAnybodySaysDecidesNothing) {
  Cluster cluster(3);
  for (const char* name : {"a", "b", "c"}) cluster.start(name);
  ASSERT_TRUE(cluster.at("a").append(cluster.submission("1")).ok());
  auto stranger = crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "test.example/node/b").value();
  const proof::Checkpoint about{"test.example/ledger", 1'000'000, {}};
  ledger::NodeLine line{about.size, about.root, proof::cosign(about.body(), 7, stranger).value()};
  for (const char* name : {"b", "c", "d", "e"})
    EXPECT_TRUE(cluster.node("a").take({name, std::uint64_t{1} << 60, 1, {line}}).ok());
  EXPECT_TRUE(cluster.node("a").mayPropose().ok()) << "their clocks are of 1970";
  EXPECT_EQ(cluster.node("a").status().state, "following");
  auto appended = cluster.at("a").append(cluster.submission("2"));
  EXPECT_TRUE(appended.ok()) << appended.error().message.en;
}

// An order that was restored to an older state is noticed by its content, and nothing is recorded behind it.
TEST(Node, ARestoredOrderIsNoticed) {
  Cluster cluster(3);
  for (const char* name : {"a", "b", "c"}) cluster.start(name);
  auto earlier = cluster.order->head().value();
  ASSERT_TRUE(cluster.at("a").append(cluster.submission("1")).ok());
  auto now = cluster.order->head().value();
  cluster.expectEqual(cluster.at("a").size());  // nobody needs the records that go
  ASSERT_TRUE(cluster.order->swap(now, *earlier, "")->done);
  auto refused = cluster.at("a").append(cluster.submission("2"));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.en.find("restored"), std::string::npos);
  EXPECT_EQ(cluster.node("a").status().state, "order-lost");
  ASSERT_TRUE(cluster.order->swap(earlier, *now, "")->done);
  EXPECT_TRUE(cluster.at("a").append(cluster.submission("2")).ok()) << "set right";
}

// What all hold leaves the order's store; whoever was away for longer than that says so, and refuses nothing.
TEST(Node, RecordsThatAllHoldAreForgotten) {
  Cluster cluster(3);
  cluster.defaults.forgetEvery = 5;
  cluster.defaults.window = 10;
  cluster.defaults.spare = 2;
  cluster.defaults.tidy = 100ms;
  for (const char* name : {"a", "b", "c"}) cluster.start(name);
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(cluster.at("a").append(cluster.submission(std::to_string(i))).ok());
  for (int i = 0; i < 100 && cluster.memory->records() > 5; ++i) std::this_thread::sleep_for(50ms);
  EXPECT_LE(cluster.memory->records(), 5u);
  cluster.stop("c");
  for (int i = 12; i < 40; ++i) ASSERT_TRUE(cluster.at("a").append(cluster.submission(std::to_string(i))).ok());
  for (int i = 0; i < 100 && cluster.memory->records() > 15; ++i) std::this_thread::sleep_for(50ms);
  EXPECT_LE(cluster.memory->records(), 15u) << "the one that is away is not waited for for ever";
  cluster.start("c");
  auto behind = cluster.at("c").append(cluster.submission("late"));
  ASSERT_FALSE(behind.ok());
  EXPECT_EQ(behind.error().code, ErrorCode::Unavailable);
  EXPECT_NE(behind.error().message.en.find("away for too long"), std::string::npos) << behind.error().message.en;
  EXPECT_TRUE(cluster.at("b").append(cluster.submission("late")).ok());
}

TEST(Node, AFourthIsAdmittedAndCountsAndARetiredOneDoesNot) {
  Cluster cluster(3);
  for (const char* name : {"a", "b", "c"}) cluster.start(name);
  ASSERT_TRUE(cluster.at("a").append(cluster.change(cluster.newMember("d"))).ok());
  cluster.expectEqual(cluster.at("a").size());
  EXPECT_EQ(cluster.node("b").quorum().needed(), 3u);
  cluster.copyFrom("a", "d");
  cluster.start("d");
  auto appended = cluster.at("d").append(cluster.submission("1"));
  ASSERT_TRUE(appended.ok()) << appended.error().message.en;
  cluster.expectMajority(appended->checkpoint);
  ASSERT_TRUE(
      cluster.at("a").append(cluster.change(R"({"kind":"NodeRetired","body":{"node":"c","reason":"gone"}})")).ok());
  cluster.stop("c");
  EXPECT_EQ(cluster.node("a").quorum().needed(), 2u);
  EXPECT_TRUE(cluster.at("b").append(cluster.submission("2")).ok());
  cluster.stop("a");
  cluster.start("a");  // who were members before is known again
  EXPECT_TRUE(cluster.at("a").append(cluster.submission("3")).ok());
}

TEST(NodeMessage, WhatIsNoneIsRefused) {
  auto key = crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "test.example/node/a").value();
  ledger::NodeLine line{5, {}, proof::cosign(proof::Checkpoint{"o", 5, {}}.body(), 7, key).value()};
  const std::string text = NodeMessage{"a", 3, 9, {line}}.encode();
  auto read = NodeMessage::decode(text);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->node, "a");
  EXPECT_EQ(read->ordered, 3u);
  EXPECT_EQ(read->lines[0].signature.keyName(), line.signature.keyName());
  EXPECT_EQ(read->encode(), text);
  unsigned state = 1;
  for (int i = 0; i < 20'000; ++i) {
    std::string changed = text;
    for (int n = 0; n < 1 + i % 3; ++n) {
      state = state * 1103515245 + 12345;
      changed[(state >> 8) % changed.size()] = static_cast<char>(state >> 20);
    }
    auto again = NodeMessage::decode(changed);
    if (again.ok()) EXPECT_TRUE(NodeMessage::decode(again->encode()).ok());
  }
  for (const char* bad : {"", "{}", "[]", R"({"node":1,"ordered":"0","clock_ms":"0","lines":[]})",
                          R"({"node":"a","ordered":0,"clock_ms":"0","lines":[]})",
                          R"({"node":"a","ordered":"0","clock_ms":"0","lines":[{"size":"1"}]})"})
    EXPECT_FALSE(NodeMessage::decode(bad).ok()) << bad;
}

}  // namespace
}  // namespace pilotledger::cluster
