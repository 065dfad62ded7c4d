// What more than half of the nodes hold, by their signatures; and what a node's key signs.
#include "ledger/order/quorum.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "ledger/order/node_signer.h"

namespace pilotledger::ledger {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kOrigin = "o.example/log";

crypto::SigningKey keyOf(const std::string& name, std::uint8_t generation = 0) {
  Bytes seed(32, static_cast<std::uint8_t>(name.back()));
  seed[0] = generation;
  return crypto::SigningKey::fromEd25519Seed("o.example/node/" + name, seed).value();
}

Digest rootOf(std::uint64_t size, std::uint8_t history = 0) {
  Digest root{};
  root[0] = static_cast<std::uint8_t>(size);
  root[1] = history;
  return root;
}

proof::Checkpoint at(std::uint64_t size, std::uint8_t history = 0) {
  return {std::string(kOrigin), size, rootOf(size, history)};
}

ClusterMember member(const std::string& name, std::uint8_t generation = 0) {
  return {name, proof::CosignerKey::of(keyOf(name, generation).verifyKey()), "https://" + name};
}

proof::NoteSignature signature(const std::string& name, std::uint64_t size, std::uint8_t history = 0,
                               std::uint8_t generation = 0) {
  return proof::cosign(at(size, history).body(), 1000, keyOf(name, generation)).value();
}

NodeLine line(const std::string& name, std::uint64_t size, std::uint8_t history = 0, std::uint8_t generation = 0) {
  return {size, rootOf(size, history), signature(name, size, history, generation)};
}

class QuorumSuite : public testing::Test {
 protected:
  static void members(Quorum& quorum, std::initializer_list<const char*> names) {
    std::vector<ClusterMember> all;
    for (const char* name : names) all.push_back(member(name));
    quorum.setMembers(std::move(all));
  }
  static void store(Quorum& quorum, std::uint64_t size, bool sign = true) {
    std::optional<proof::NoteSignature> own;
    if (sign) own = signature("a", size);
    quorum.stored(at(size), proof::signCheckpoint(at(size), keyOf("log")).value(), std::move(own));
  }
  static std::vector<std::string> signers(const Quorum& quorum) {
    auto note = proof::Note::parse(quorum.confirmedNote()).value();
    std::vector<std::string> names;
    for (const auto& one : note.signatures) names.push_back(one.name.substr(one.name.rfind('/') + 1));
    return names;
  }

  Quorum three_{std::string(kOrigin), "a"};
  void SetUp() override { members(three_, {"a", "b", "c"}); }
};

using Names = std::vector<std::string>;

TEST_F(QuorumSuite, MoreThanHalfConfirm) {
  const std::vector<std::string> others = {"b", "c", "d", "e"};
  for (std::size_t count : {1u, 2u, 3u, 5u}) {
    Quorum quorum{std::string(kOrigin), "a"};
    std::vector<ClusterMember> all = {member("a")};
    for (std::size_t i = 1; i < count; ++i) all.push_back(member(others[i - 1]));
    quorum.setMembers(all);
    EXPECT_EQ(quorum.needed(), count / 2 + 1);
    store(quorum, 10);
    for (std::size_t have = 1; have < quorum.needed(); ++have) {
      EXPECT_EQ(quorum.confirmed(), 0u) << have << " of " << count;
      EXPECT_EQ(quorum.confirmedNote(), "");
      ASSERT_TRUE(quorum.take(line(others[have - 1], 10)).ok());
    }
    EXPECT_EQ(quorum.confirmed(), 10u) << count;
  }
}

// Two branches of a lost order may each change the members: each change needs who were members before, too.
TEST_F(QuorumSuite, AChangeOfMembersIsConfirmedByBothMajorities) {
  store(three_, 10);
  ASSERT_TRUE(three_.take(line("b", 10)).ok());
  EXPECT_EQ(three_.confirmed(), 10u);
  three_.setMembers({member("a"), member("b"), member("c"), member("d"), member("e")}, 11);
  store(three_, 11);
  ASSERT_TRUE(three_.take(line("d", 11)).ok());
  ASSERT_TRUE(three_.take(line("e", 11)).ok());
  EXPECT_EQ(three_.confirmed(), 10u) << "three of five, and one of the three of before";
  ASSERT_TRUE(three_.take(line("b", 11)).ok());
  EXPECT_EQ(three_.confirmed(), 11u);
  store(three_, 12);
  ASSERT_TRUE(three_.take(line("d", 12)).ok());
  ASSERT_TRUE(three_.take(line("e", 12)).ok());
  EXPECT_EQ(three_.confirmed(), 12u) << "the change is confirmed";
}

TEST_F(QuorumSuite, WhoWereMembersBeforeIsKnownFromTheStart) {
  Quorum quorum{std::string(kOrigin), "a"};
  quorum.setMembers({member("a")}, 10, {member("a"), member("b")});
  store(quorum, 10);
  EXPECT_EQ(quorum.confirmed(), 0u) << "b has not confirmed that it is a member no more";
  ASSERT_TRUE(quorum.take(line("b", 10)).ok());
  EXPECT_EQ(quorum.confirmed(), 10u);
  store(quorum, 11);
  EXPECT_EQ(quorum.confirmed(), 11u);
}

TEST_F(QuorumSuite, NoteHasTheLogsSignatureAndTheMajorityByName) {
  store(three_, 10);
  ASSERT_TRUE(three_.take(line("c", 10)).ok());
  EXPECT_EQ(signers(three_), (Names{"log", "a", "c"}));
  auto note = proof::Note::parse(three_.confirmedNote()).value();
  for (const char* name : {"a", "c"}) EXPECT_TRUE(proof::findCosignature(note, member(name).key).ok());
  ASSERT_TRUE(three_.take(line("b", 10)).ok());
  EXPECT_EQ(signers(three_), (Names{"log", "a", "c"})) << "what was shown stays";
}

TEST_F(QuorumSuite, WithoutMembersNothingIsConfirmed) {
  Quorum quorum{std::string(kOrigin), "a"};
  store(quorum, 10);
  EXPECT_EQ(quorum.confirmed(), 0u);
  members(quorum, {"a"});
  EXPECT_EQ(quorum.confirmed(), 0u) << "no member's key had signed yet";
  store(quorum, 11);
  EXPECT_EQ(quorum.confirmed(), 11u);
}

TEST_F(QuorumSuite, RefusesLinesThatAreNoMembersOrDoNotVerify) {
  store(three_, 10);
  EXPECT_EQ(three_.take(line("x", 10)).error().code, ErrorCode::NotAuthorized);
  EXPECT_EQ(three_.take(line("b", 10, 0, 1)).error().code, ErrorCode::NotAuthorized) << "another key of that name";
  NodeLine altered = line("b", 10);
  altered.signature.signature.back() ^= 1;
  EXPECT_EQ(three_.take(altered).error().code, ErrorCode::BadSignature);
  NodeLine other = line("b", 9);
  other.size = 10;
  EXPECT_EQ(three_.take(other).error().code, ErrorCode::BadSignature);
  EXPECT_EQ(three_.confirmed(), 0u);
  EXPECT_EQ(three_.newest().count("b"), 0u);
  ASSERT_TRUE(three_.take(line("b", 10)).ok());
  EXPECT_EQ(three_.confirmed(), 10u);
}

TEST_F(QuorumSuite, OthersAloneConfirmWhatThisNodeMayNotSignYet) {
  ASSERT_TRUE(three_.take(line("b", 10)).ok());
  ASSERT_TRUE(three_.take(line("c", 10)).ok());
  EXPECT_EQ(three_.confirmed(), 0u) << "it is not held here";
  store(three_, 10, false);
  EXPECT_EQ(three_.confirmed(), 10u);
  EXPECT_EQ(signers(three_), (Names{"log", "b", "c"}));
}

TEST_F(QuorumSuite, NewerSizeConfirmsOlderOnesAndLateLinesChangeNothing) {
  store(three_, 10);
  store(three_, 12);
  ASSERT_TRUE(three_.take(line("b", 12)).ok());
  EXPECT_EQ(three_.confirmed(), 12u);
  EXPECT_TRUE(three_.await(10, 0ms).ok());
  ASSERT_TRUE(three_.take(line("c", 10)).ok());
  EXPECT_EQ(three_.confirmed(), 12u);
  EXPECT_EQ(three_.newest().at("b").size, 12u);
  ASSERT_TRUE(three_.take(line("b", 10)).ok());
  EXPECT_EQ(three_.newest().at("b").size, 12u);
  store(three_, 14);
  EXPECT_EQ(three_.confirmed(), 12u);
}

TEST_F(QuorumSuite, DifferingRootIsNotCountedAndIsTold) {
  store(three_, 10);
  EXPECT_EQ(three_.difference(), std::nullopt);
  ASSERT_TRUE(three_.take(line("b", 10, 1)).ok());
  EXPECT_EQ(three_.confirmed(), 0u);
  auto difference = three_.difference();
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->size, 10u);
  EXPECT_EQ(difference->here, rootOf(10));
  EXPECT_EQ(difference->there, rootOf(10, 1));
  EXPECT_EQ(difference->nodes, (Names{"b"}));
  EXPECT_FALSE(difference->outvoted);
  ASSERT_TRUE(three_.take(line("c", 10)).ok());
  EXPECT_EQ(three_.confirmed(), 10u);
  EXPECT_FALSE(three_.difference()->outvoted);
}

TEST_F(QuorumSuite, MajorityOfAnotherRootOutvotes) {
  store(three_, 10);
  ASSERT_TRUE(three_.take(line("b", 10, 1)).ok());
  ASSERT_TRUE(three_.take(line("c", 10, 1)).ok());
  EXPECT_EQ(three_.difference()->nodes, (Names{"b", "c"}));
  EXPECT_TRUE(three_.difference()->outvoted);
  EXPECT_EQ(three_.confirmed(), 0u);
}

TEST_F(QuorumSuite, OtherRootsOfTwoKindsOutvoteNobody) {
  store(three_, 10);
  ASSERT_TRUE(three_.take(line("b", 10, 1)).ok());
  ASSERT_TRUE(three_.take(line("c", 10, 2)).ok());
  EXPECT_FALSE(three_.difference()->outvoted);
}

TEST_F(QuorumSuite, SizeThatNoCommitEndedAtHereDiffers) {
  ASSERT_TRUE(three_.take(line("b", 9)).ok());
  store(three_, 10);
  EXPECT_EQ(three_.difference(), std::nullopt) << "of what was before the start nothing is known";
  ASSERT_TRUE(three_.take(line("b", 11)).ok());
  EXPECT_EQ(three_.difference(), std::nullopt) << "it may come";
  store(three_, 12);
  ASSERT_TRUE(three_.difference());
  EXPECT_EQ(three_.difference()->size, 11u);
  EXPECT_FALSE(three_.difference()->outvoted);
  ASSERT_TRUE(three_.take(line("c", 11)).ok());
  EXPECT_TRUE(three_.difference()->outvoted) << "also when the line comes after";
}

TEST_F(QuorumSuite, MembersChange) {
  Quorum five{std::string(kOrigin), "a"};
  members(five, {"a", "b", "c", "d", "e"});
  store(five, 10);
  ASSERT_TRUE(five.take(line("b", 10)).ok());
  EXPECT_EQ(five.confirmed(), 0u);
  members(five, {"a", "b", "c"});
  EXPECT_EQ(five.confirmed(), 10u) << "two of three";
  EXPECT_EQ(five.take(line("d", 12)).error().code, ErrorCode::NotAuthorized);
  members(five, {"a", "b", "c", "d", "e"});
  EXPECT_EQ(five.confirmed(), 10u) << "what is confirmed stays so";
}

TEST_F(QuorumSuite, LinesOfOneWhoLeftCountNoMore) {
  Quorum five{std::string(kOrigin), "a"};
  members(five, {"a", "b", "c", "d", "e"});
  store(five, 10);
  ASSERT_TRUE(five.take(line("d", 10)).ok());
  members(five, {"a", "b", "c"});
  EXPECT_EQ(five.confirmed(), 0u);
  EXPECT_EQ(five.newest().count("d"), 0u);
}

TEST_F(QuorumSuite, NewKeyOfAMemberBringsNoLinesOfTheOldOne) {
  ASSERT_TRUE(three_.take(line("b", 10)).ok());
  three_.setMembers({member("a"), member("b", 1), member("c")});
  store(three_, 10);
  EXPECT_EQ(three_.confirmed(), 0u);
  EXPECT_EQ(three_.newest().count("b"), 0u);
  EXPECT_EQ(three_.take(line("b", 10)).error().code, ErrorCode::NotAuthorized);
  ASSERT_TRUE(three_.take(line("b", 10, 0, 1)).ok());
  EXPECT_EQ(three_.confirmed(), 10u);
}

TEST_F(QuorumSuite, ManyLinesBeyondDoNotHideTheNewest) {
  Quorum unsigned_{std::string(kOrigin), "a", [](const auto&, const auto&, const auto&) { return Status(); }};
  members(unsigned_, {"a", "b", "c"});
  NodeLine junk = line("c", 1), newest = line("b", 2);
  for (std::uint64_t size = 100'000; size < 110'000; ++size) {
    junk.size = size;
    ASSERT_TRUE(unsigned_.take(junk).ok());
  }
  newest.size = 300;
  newest.root = rootOf(300);
  ASSERT_TRUE(unsigned_.take(newest).ok());
  store(unsigned_, 300);
  EXPECT_EQ(unsigned_.confirmed(), 300u);
}

TEST_F(QuorumSuite, OwnLinesFromBeforeALossAreKeptAndNotCounted) {
  ASSERT_TRUE(three_.take(line("a", 20)).ok());
  EXPECT_EQ(three_.newest().at("a").size, 20u);
  ASSERT_TRUE(three_.take(line("b", 20)).ok());
  EXPECT_EQ(three_.confirmed(), 0u);
}

TEST_F(QuorumSuite, AwaitIsReleasedTimesOutAndStops) {
  store(three_, 10);
  EXPECT_EQ(three_.await(10, 1ms).error().code, ErrorCode::Unavailable);
  Status released;
  std::thread waiting([&] { released = three_.await(10, 60s); });
  ASSERT_TRUE(three_.take(line("b", 10)).ok());
  waiting.join();
  EXPECT_TRUE(released.ok());

  Status stopped;
  std::thread ending([&] { stopped = three_.await(11, 60s); });
  three_.stop();
  ending.join();
  EXPECT_EQ(stopped.error().code, ErrorCode::Unavailable);
  EXPECT_TRUE(three_.await(10, 0ms).ok()) << "what is confirmed is known after the end too";
}

// --- a node's key

class NodeSignerSuite : public testing::Test {
 protected:
  NodeSigner signer_{keyOf("a")};
  bool signs(std::uint64_t size, std::uint8_t history = 0) {
    auto signed_ = signer_.sign(at(size, history), 1000);
    if (!signed_.ok()) return false;
    if (!*signed_) return false;
    EXPECT_TRUE(proof::verifyCosignature(at(size, history).body(), **signed_, signer_.cosigner()).ok());
    return true;
  }
  bool waits(std::uint64_t size, std::uint8_t history = 0) {
    auto signed_ = signer_.sign(at(size, history), 1000);
    return signed_.ok() && !*signed_;
  }
  bool halts(std::uint64_t size, std::uint8_t history = 0) {
    auto signed_ = signer_.sign(at(size, history), 1000);
    return !signed_.ok() && signed_.error().code == ErrorCode::Corruption;
  }
};

TEST_F(NodeSignerSuite, SignsEachSizeForOneRoot) {
  EXPECT_TRUE(signs(10));
  EXPECT_TRUE(signs(12));
  EXPECT_TRUE(signs(12)) << "the same again";
  EXPECT_TRUE(waits(10));
  EXPECT_TRUE(halts(12, 1));
  EXPECT_TRUE(halts(13)) << "nor anything after that";
  EXPECT_EQ(signer_.cosigner().vkey(), member("a").key.vkey());
}

TEST_F(NodeSignerSuite, SignsNothingBeforeItIsWhereItWas) {
  signer_.signedBefore(12, rootOf(12));
  signer_.signedBefore(11, rootOf(11));
  EXPECT_TRUE(waits(10));
  EXPECT_TRUE(waits(11));
  EXPECT_TRUE(signs(12));
  EXPECT_TRUE(signs(13));
  signer_.signedBefore(13, rootOf(13));
  EXPECT_TRUE(signs(14));
}

TEST_F(NodeSignerSuite, HaltsWhereItsKeySignedAnotherRoot) {
  signer_.signedBefore(12, rootOf(12, 1));
  EXPECT_TRUE(waits(10));
  EXPECT_TRUE(halts(12));
}

TEST_F(NodeSignerSuite, HaltsWhereItPassesWhatItsKeySigned) {
  signer_.signedBefore(12, rootOf(12));
  EXPECT_TRUE(waits(11));
  EXPECT_TRUE(halts(13)) << "whether the log there continues that root is not known";
  EXPECT_TRUE(halts(14));
}

TEST_F(NodeSignerSuite, HaltsWhenItsKeySignedTwoRootsAlready) {
  EXPECT_TRUE(signs(12));
  signer_.signedBefore(12, rootOf(12, 1));
  EXPECT_TRUE(halts(12));
  EXPECT_TRUE(halts(12, 1));
  EXPECT_TRUE(halts(20));
}

}  // namespace
}  // namespace pilotledger::ledger
