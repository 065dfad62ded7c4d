// Whose signatures are lacking is told before anything is recorded, and what no signature would mend is refused.
#include "ledger/rules/lacking.h"

#include <gtest/gtest.h>

#include "tests/support/ledger_fixture.h"

namespace pilotledger::ledger {
namespace {

constexpr const char* kPlatform = "91330100MA2PLT015B";
constexpr const char* kBank = "91330200MA2BNK027M";
constexpr const char* kFirm = "91330400MA2ENT032U";

class Lacking : public testing::Test {
 protected:
  Lacking() {
    town.bind("eit", "113300000024820075", "\"EIT\"", R"(,"level":"PROVINCIAL","division":"330000")", "AUTHORITY");
    town.bind("trs", "11330000MB99010246", "\"TRS\"", R"(,"division":"330000")", "AUTHORITY");
    town.bind("plt", kPlatform, R"("PLT","FIN")");
    town.bind("bnk", kBank, "\"BNK\"", "", "BANK");
    town.bind("cus", kFirm, R"("CUS","OWN")");
  }

  std::string award(const std::string& name, int amount = 100) {
    return fmt::format(R"({{"kind":"SubsidyAwarded","jurisdiction":"330000","body":{{"award":"{}","payee":"{}",)"
                       R"("instrument":"equipment","amountFen":"{}"}}}})",
                       name, kPlatform, amount);
  }
  std::string loan() {
    return fmt::format(R"({{"kind":"LoanGranted","body":{{"loan":"L","bank":"{}","debtor":"{}",)"
                       R"("product":"CREDIT","amountFen":"5"}}}})",
                       kBank, kFirm);
  }
  proof::Submission submission(const std::vector<std::string>& signers, const std::vector<std::string>& jsons) {
    std::vector<Bytes> bytes;
    for (const std::string& json : jsons) bytes.push_back(town.event(json).value());
    std::vector<const crypto::SigningKey*> keys;
    for (const std::string& name : signers) keys.push_back(&town.key(name));
    return proof::makeSubmission(crypto::SuiteId::Ed25519Sha256, town.ledger().name(), std::move(bytes), keys).value();
  }
  // Considered only: nothing is there afterwards.
  Result<Consideration> consider(const proof::Submission& submission) {
    std::uint64_t before = town.ledger().size();
    std::string checkpoint = town.ledger().checkpoint();
    auto considered = town.ledger().consider(submission);
    EXPECT_EQ(town.ledger().size(), before);
    EXPECT_EQ(town.ledger().checkpoint(), checkpoint);
    return considered;
  }
  std::vector<LackingSignatures> lacking(const std::vector<std::string>& signers,
                                         const std::vector<std::string>& jsons) {
    auto considered = consider(submission(signers, jsons));
    EXPECT_TRUE(considered.ok()) << considered.error().message.en;
    return considered.ok() ? considered->lacking : std::vector<LackingSignatures>();
  }
  Signer signer(const std::string& name) {
    const crypto::VerifyKey key = town.key(name).verifyKey();
    return town.ledger().signer(key.name() + "+" + key.idHex(), 20260301).value();
  }
  static bool anyFits(const std::vector<LackingSignatures>& all, const Signer& who) {
    for (const auto& event : all) {
      for (const auto& way : event.ways) {
        for (const auto& term : way) {
          if (fits(term, who)) return true;
        }
      }
    }
    return false;
  }

  LedgerFixture town;
};

TEST_F(Lacking, TheOtherAuthorityIsNamed) {
  auto found = lacking({"trs"}, {award("A")});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].event, 0u);
  ASSERT_EQ(found[0].ways.size(), 1u);
  ASSERT_EQ(found[0].ways[0].size(), 1u);
  EXPECT_EQ(found[0].ways[0][0].role, "EIT");
  EXPECT_EQ(found[0].ways[0][0].places, std::vector<std::string>{"330000"});
  EXPECT_TRUE(anyFits(found, signer("eit")));
  for (const char* other : {"trs", "plt", "bnk", "cus", "operator"})
    EXPECT_FALSE(anyFits(found, signer(other))) << other;
}

TEST_F(Lacking, NothingWhenAllHaveSigned) { EXPECT_TRUE(lacking({"trs", "eit"}, {award("A")}).empty()); }

// What its facts would be refused for is told to those who sign such an event, and to nobody else.
TEST_F(Lacking, WhoSignsNothingOfItLearnsNothing) {
  auto stranger = consider(submission({"plt"}, {award("A")}));
  ASSERT_FALSE(stranger.ok());
  EXPECT_EQ(stranger.error().code, ErrorCode::NotAuthorized);
  EXPECT_NE(stranger.error().message.en.find("TRS + EIT"), std::string::npos) << "what anybody may know";
}

TEST_F(Lacking, APartyThatTheEventNames) {
  auto found = lacking({"bnk"}, {loan()});
  ASSERT_EQ(found.size(), 1u);
  const LackingTerms way = {LackingTerm{"ANY", {kFirm}, {}, {}}};
  EXPECT_EQ(found[0].ways, std::vector<LackingTerms>{way});
  EXPECT_TRUE(anyFits(found, signer("cus")));
  EXPECT_FALSE(anyFits(found, signer("plt")));
}

TEST_F(Lacking, LaterEventsRestOnEarlierOnes) {
  const std::string paid = fmt::format(
      R"({{"kind":"SubsidyDisbursed","body":{{"award":"A","payee":"{}","amountFen":"60","bankRef":"GK-1"}}}})",
      kPlatform);
  auto found = lacking({"trs"}, {award("A"), paid});
  ASSERT_EQ(found.size(), 1u) << "the second is the fiscal authority's alone";
  EXPECT_EQ(found[0].event, 0u);
  auto refused = consider(submission({"trs"}, {award("B", 10), paid}));
  ASSERT_FALSE(refused.ok()) << "paid for an award that is not there";
  EXPECT_EQ(refused.error().rule, "R-EXISTS");
  EXPECT_EQ(refused.error().position, 1u);
}

TEST_F(Lacking, WhatNoSignatureMendsIsRefused) {
  auto refused = consider(submission({"trs"}, {award("A", 0)}));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Refused) << refused.error().message.en;
  town.must({"trs", "eit"}, award("A"));
  EXPECT_EQ(consider(submission({"trs"}, {award("A")})).error().rule, "R-UNIQUE");
  town.makeKey("stranger");
  EXPECT_EQ(consider(submission({"trs", "stranger"}, {award("B")})).error().code, ErrorCode::NotAuthorized);
}

TEST_F(Lacking, WhatTakesAnotherBackAsksForThatOnesSigners) {
  const std::string id = events::formatUuid(town.nextId());
  std::string recorded = award("A");
  recorded.insert(1, fmt::format(R"("id":"{}",)", id));
  town.must({"trs", "eit"}, recorded);
  auto found = lacking(
      {"eit"},
      {fmt::format(R"({{"kind":"EventReversed","body":{{"target":"{}","kind":"REVERSED","reason":"误录"}}}})", id)});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].ways[0][0].role, "TRS");
}

TEST_F(Lacking, CompletedItIsRecordedAsItWasConsidered) {
  proof::Submission draft = submission({"trs"}, {award("A")});
  EXPECT_FALSE(consider(draft)->lacking.empty());
  EXPECT_FALSE(town.ledger().append(draft).ok());
  ASSERT_TRUE(proof::addSignature(draft, town.key("eit")).ok());
  EXPECT_TRUE(consider(draft)->lacking.empty());
  ASSERT_TRUE(town.ledger().append(draft).ok());
  auto again = consider(draft);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->recordedAlready());
  EXPECT_FALSE(town.verify().damage.has_value());
}

}  // namespace
}  // namespace pilotledger::ledger
