// Cosignatures, policies, requests to witnesses and evidence of forks.
#include <gtest/gtest.h>

#include "ledger/crypto/encoding.h"
#include "ledger/proof/fork_evidence.h"
#include "ledger/tlog/cosignature.h"
#include "ledger/tlog/witness_policy.h"
#include "ledger/tlog/witness_request.h"

namespace pilotledger::proof {
namespace {

using crypto::SigningKey;

SigningKey ed25519(const std::string& name, std::uint8_t first) {
  Bytes seed(32);
  for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(first + i);
  return SigningKey::fromEd25519Seed(name, seed).value();
}

const std::string kText = "example.com/log/testdata\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n";

TEST(Cosignature, ReproducesTheWorkedExample) {
  auto key = ed25519("witness.example.com/w1", 1);
  EXPECT_EQ(CosignerKey::of(key.verifyKey()).vkey(),
            "witness.example.com/w1+8561c71e+BHm1Vi6P5lT5QHixEuipi6eQH4U65pW+1+DjkQutBJZk");
  Note note{kText, {cosign(kText, 1700000000, key).value()}};
  EXPECT_EQ(
      note.serialize(),
      kText +
          "\n— witness.example.com/w1 "
          "hWHHHgAAAABlU/EAAkGqcCpROSe4urn9ZSn5Y8rdaUWt+z1BOyOJJfqDUIu3xPl1YPa7zHJDBikJP2+yGrxKD1OFVNA7gM6NlFCpDg==\n");
  auto parsed =
      CosignerKey::parse("witness.example.com/w1+8561c71e+BHm1Vi6P5lT5QHixEuipi6eQH4U65pW+1+DjkQutBJZk").value();
  EXPECT_EQ(findCosignature(Note::parse(note.serialize()).value(), parsed).value(), 1700000000u);
}

// The published blob of note_cosigv1_test.go: four bytes of key id, then the time.
TEST(Cosignature, ReadsThePublishedTime) {
  Bytes blob =
      crypto::parseBase64(
          "ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWWOworDcFiEBYJXORmnFBOBA==")
          .value();
  std::uint64_t seconds = 0;
  for (std::size_t i = 4; i < 12; ++i) seconds = seconds << 8 | blob[i];
  EXPECT_EQ(seconds, 1727964367u);
}

class CosignatureSuite : public testing::TestWithParam<crypto::SuiteId> {};

TEST_P(CosignatureSuite, HoldsForItsTextTimeAndKeyOnly) {
  auto key = SigningKey::generate(GetParam(), "w").value();
  auto cosigner = CosignerKey::parse(CosignerKey::of(key.verifyKey()).vkey()).value();
  auto signature = cosign(kText, 1700000000, key).value();
  EXPECT_EQ(verifyCosignature(kText, signature, cosigner).value(), 1700000000u);
  EXPECT_EQ(verifyCosignature(kText + "x\n", signature, cosigner).error().code, ErrorCode::BadSignature);
  auto later = signature;
  later.signature[7] ^= 1;
  EXPECT_EQ(verifyCosignature(kText, later, cosigner).error().code, ErrorCode::BadSignature);
  auto early = signature;
  early.signature[0] = 0x80;
  EXPECT_EQ(verifyCosignature(kText, early, cosigner).error().code, ErrorCode::InvalidInput);
  auto shortened = signature;
  shortened.signature.resize(8);
  EXPECT_EQ(verifyCosignature(kText, shortened, cosigner).error().code, ErrorCode::InvalidInput);
  auto other = CosignerKey::of(SigningKey::generate(GetParam(), "w").value().verifyKey());
  EXPECT_EQ(verifyCosignature(kText, signature, other).error().code, ErrorCode::NotFound);
  // A cosignature is no signature of the log, and the other way round.
  Note note{kText, {signature, signNote(kText, key).value()}};
  EXPECT_TRUE(findCosignature(note, cosigner).ok());
  EXPECT_NE(cosigner.id(), key.verifyKey().id());
}
INSTANTIATE_TEST_SUITE_P(Both, CosignatureSuite,
                         testing::Values(crypto::SuiteId::Ed25519Sha256, crypto::SuiteId::Sm2Sm3));

TEST(CosignerKey, OtherTypesAreRefused) {
  auto key = ed25519("w", 1).verifyKey();
  EXPECT_FALSE(CosignerKey::parse(key.vkey()).ok()) << "a log key";
  std::string vkey = CosignerKey::of(key).vkey();
  EXPECT_FALSE(CosignerKey::parse("v" + vkey.substr(1)).ok()) << "the id is another name's";
  EXPECT_FALSE(CosignerKey::parse(vkey.substr(0, vkey.size() - 4)).ok());
  auto sm2 = SigningKey::generate(crypto::SuiteId::Sm2Sm3, "w").value().verifyKey();
  EXPECT_FALSE(CosignerKey::parse(sm2.vkey()).ok()) << "an SM2 log key";
}

struct PolicyFixture {
  std::vector<SigningKey> keys;
  std::string text;
  PolicyFixture() {
    for (std::uint8_t i = 0; i < 4; ++i) {
      keys.push_back(ed25519("w" + std::to_string(i), static_cast<std::uint8_t>(10 * i)));
      text += "witness W" + std::to_string(i) + " \t" + CosignerKey::of(keys.back().verifyKey()).vkey() +
              " http://127.0.0.1:1\n";
    }
  }
  Note note(const std::vector<std::size_t>& by) const {
    Note made{kText, {signNote(kText, ed25519("example.com/log/testdata", 7)).value()}};
    for (std::size_t i : by) made.signatures.push_back(cosign(kText, 1700000000, keys[i]).value());
    return made;
  }
};

TEST(WitnessPolicy, GroupsOfGroups) {
  PolicyFixture fixture;
  auto policy =
      WitnessPolicy::parse("# a remark\n\nlog " + ed25519("example.com/log/testdata", 7).verifyKey().vkey() + "\n" +
                           fixture.text + "group bank 2 W0 W1 W2\n  group all-of all bank W3\nquorum all-of\n")
          .value();
  EXPECT_EQ(policy.witnesses()[1].url, "http://127.0.0.1:1");
  EXPECT_TRUE(policy.requireQuorum(fixture.note({0, 2, 3})).ok());
  EXPECT_EQ(policy.requireQuorum(fixture.note({0, 1, 2})).error().code, ErrorCode::ProofRejected);
  EXPECT_EQ(policy.requireQuorum(fixture.note({0, 3})).error().found, "W0, W3");
  EXPECT_EQ(policy.requireQuorum(fixture.note({})).error().found, "none");
  Note forged = fixture.note({0, 2, 3});
  forged.signatures.back().signature.back() ^= 1;
  EXPECT_EQ(policy.requireQuorum(forged).error().code, ErrorCode::BadSignature)
      << "a known key that does not verify spoils the note";
  EXPECT_TRUE(WitnessPolicy::parse("quorum none\n")->requireQuorum(fixture.note({})).ok());
  auto any = WitnessPolicy::parse(fixture.text + "group g any W0 W1\nquorum g\n").value();
  EXPECT_TRUE(any.requireQuorum(fixture.note({1})).ok());
  EXPECT_FALSE(any.requireQuorum(fixture.note({2})).ok());
}

TEST(WitnessPolicy, MalformedIsRefusedWithItsLine) {
  PolicyFixture fixture;
  std::string key = CosignerKey::of(ed25519("w9", 90).verifyKey()).vkey();
  for (const std::string& bad : std::vector<std::string>{
           "", "quorum x\n", "quorum none\nquorum none\n", "quorum none", "group g any none\nquorum none\n",
           "witness A " + key + "\n", "group g any A\nwitness A " + key + "\nquorum g\n",
           "witness A " + key + "\ngroup g 2 A\nquorum g\n", "witness A " + key + "\ngroup g 0 A\nquorum g\n",
           "witness A " + key + "\ngroup g 01 A\nquorum g\n",
           "witness A " + key + "\nwitness A " + key + "\nquorum A\n",
           "witness A " + key + "\nwitness B " + key + "\nquorum A\n", "witness none " + key + "\nquorum none\n",
           "witness A " + key + "\ngroup g any A\ngroup h any A\nquorum g\n", "witness A\r " + key + "\nquorum none\n",
           "hello\nquorum none\n", "log " + key + "\nquorum none\n", "group g any\nquorum none\n"}) {
    EXPECT_FALSE(WitnessPolicy::parse(bad).ok()) << bad;
  }
  auto refused = WitnessPolicy::parse(fixture.text + "group g 9 W0\nquorum g\n");
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().message.en.starts_with("policy line 5")) << refused.error().message.en;
  EXPECT_TRUE(refused.error().message.zh.starts_with("策略第 5 行")) << refused.error().message.zh;
}

TEST(WitnessRequest, RoundTripsAndRefuses) {
  std::string hash = crypto::toBase64(Digest{});
  std::string body = "old 5\n" + hash + "\n" + hash + "\n\n" + PolicyFixture().note({}).serialize();
  auto request = WitnessRequest::parse(body).value();
  EXPECT_EQ(request.oldSize, 5u);
  EXPECT_EQ(request.consistency.size(), 2u);
  EXPECT_EQ(request.serialize(), body);
  std::string many = "old 5\n";
  for (int i = 0; i < 64; ++i) many += hash + "\n";
  for (const std::string& bad :
       std::vector<std::string>{"", "old 5\n", "old 05\n\nx\n", "old -1\n\nx\n", "size 5\n\nx\n", "old 5\n\n",
                                "old 5\n" + hash + "\n", "old 5\nAAAA\n\nx\n", many + "\nx\n", "old 5\r\n\nx\n"}) {
    EXPECT_FALSE(WitnessRequest::parse(bad).ok()) << bad;
  }
}

// A log of `count` leaves whose leaf `other` (if any) was changed; nodes by definition.
struct TestLog {
  std::vector<Digest> leaves;
  explicit TestLog(std::size_t count, int other = -1) {
    for (std::size_t i = 0; i < count; ++i) {
      std::string entry = std::to_string(i) + (static_cast<int>(i) == other ? "'" : "");
      leaves.push_back(leafHash(SuiteId::Ed25519Sha256, viewOf(entry)));
    }
  }
  Digest root(std::size_t size) const { return treeRoot(SuiteId::Ed25519Sha256, std::span(leaves).first(size)); }
  NodeReader nodes() const {
    return [this](int level, std::uint64_t index) -> Result<Digest> {
      return treeRoot(SuiteId::Ed25519Sha256, std::span(leaves).subspan(index << level, std::size_t{1} << level));
    };
  }
};

TEST(ForkEvidence, EveryPairOfSizesOfTwoHistories) {
  auto key = ed25519("log", 3);
  auto sign = [&](const TestLog& log, std::size_t size) {
    return signCheckpoint({"log", size, log.root(size)}, key).value();
  };
  TestLog truth(17), forged(17, 4);
  for (std::size_t small = 1; small <= 17; ++small) {
    for (std::size_t large = small; large <= 17; ++large) {
      auto evidence = findFork(key.verifyKey(), sign(truth, large), sign(forged, small), truth.nodes());
      ASSERT_EQ(evidence.ok(), small > 4) << small << " " << large;
      if (!evidence.ok()) {
        EXPECT_EQ(evidence.error().code, ErrorCode::NotFound);
        continue;
      }
      std::string file = evidence->serialize();
      auto again = ForkEvidence::parse(file);
      ASSERT_TRUE(again.ok());
      EXPECT_EQ(again->serialize(), file);
      auto fork = verifyFork(*again, key.verifyKey());
      ASSERT_TRUE(fork.ok()) << fork.error().message.en;
      EXPECT_EQ(fork->first.size, small);
      EXPECT_EQ(verifyFork(*again, ed25519("log", 9).verifyKey()).error().code, ErrorCode::ProofRejected);
    }
  }
}

TEST(ForkEvidence, CannotBeMadeAgainstAnHonestLog) {
  auto key = ed25519("log", 3);
  TestLog log(13);
  auto sign = [&](std::size_t size) { return signCheckpoint({"log", size, log.root(size)}, key).value(); };
  ForkEvidence evidence{key.verifyKey(), sign(8), sign(13), log.root(8),
                        proveConsistency(SuiteId::Ed25519Sha256, 8, 13, log.nodes()).value()};
  EXPECT_EQ(verifyFork(evidence, std::nullopt).error().code, ErrorCode::ProofRejected) << "the same root";
  evidence.prefixRoot = log.root(7);
  EXPECT_EQ(verifyFork(evidence, std::nullopt).error().code, ErrorCode::ProofRejected)
      << "a root that the proof does not show";
  evidence.prefixRoot = std::nullopt;
  EXPECT_FALSE(verifyFork(evidence, std::nullopt).ok());
  EXPECT_FALSE(verifyFork({key.verifyKey(), sign(8), sign(8), std::nullopt, {}}, std::nullopt).ok());
  auto stranger = ed25519("log", 4);
  std::string forged = signCheckpoint({"log", 8, log.root(7)}, stranger).value();
  EXPECT_FALSE(verifyFork({key.verifyKey(), sign(8), forged, std::nullopt, {}}, std::nullopt).ok())
      << "signed by somebody else";
}

}  // namespace
}  // namespace pilotledger::proof
