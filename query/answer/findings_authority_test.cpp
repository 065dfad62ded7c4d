// Findings on who gave which authority, on what registers say, on the clock: P61 to P66. On the first edition of the
// rules, which let all of it be recorded.
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/key.h"
#include "ledger/rules/editions.h"
#include "tests/support/books_fixture.h"

namespace pilotledger::query {
namespace {

class AuthorityBooks : public Books {
 protected:
  AuthorityBooks() {
    must({"cus"}, "IpAssetRecorded",
         fmt::format(R"("number":"{}","kind":"INVENTION","owners":[{{"party":"{}"}}])", kPatent, kClient));
  }
  static std::string binding(const crypto::VerifyKey& key, const std::string& party, const std::string& roles) {
    return fmt::format(R"("key":"{}","party":"{}","roles":[{}])", key.vkey(), party, roles);
  }
  crypto::VerifyKey newKey(const std::string& name) { return town.makeKey(name).verifyKey(); }
};

TEST_F(AuthorityBooks, P61OperatorBoundAlone) {
  EXPECT_EQ(found("P61"), Subjects{}) << "the ledger was being set up";
  must({"operator", "aud"}, "KeyBound", binding(newKey("vouched"), kBank, R"("BNK")"));
  must({"bnk"}, "KeyBound", binding(newKey("own"), kBank, R"("BNK")"));
  EXPECT_EQ(found("P61"), Subjects{});
  std::string alone = must({"operator"}, "KeyBound", binding(newKey("alone"), kBank, R"("BNK")"));
  expectOne("P61", std::string("party ") + kBank, -1, {alone});
}

TEST_F(AuthorityBooks, P62RegisterContradicts) {
  must({"cus", "bnk"}, "PledgeAgreed",
       fmt::format(R"("pledge":"P","assets":["{}"],"pledgors":["{}"],"pledgee":"{}","claimKind":"LOAN","amountFen":5,)"
                   R"("debtFrom":"2026-03-01","debtTo":"2027-03-01","scope":"a")",
                   kPatent, kClient, kBank));
  must({"reg"}, "PledgeRegistered", fmt::format(R"("pledge":"P","asset":"{}","regNo":"Y1")", kPatent));
  auto observed = [&](const char* entry) {
    return must({"imp"}, "RegisterObserved", fmt::format(R"("ip":"{}","entry":"{}","pledge":"P")", kPatent, entry),
                R"("source":"gazette",)");
  };
  observed("PLEDGED");
  observed("OTHER");
  EXPECT_EQ(found("P62"), Subjects{}) << "the parties recorded it";
  std::string released = observed("RELEASED");
  expectOne("P62", std::string("ip ") + kPatent, -1, {released});
  must({"bnk"}, "PledgeReleased", fmt::format(R"("pledge":"P","assets":["{}"],"reason":"PERFORMED")", kPatent));
  EXPECT_EQ(found("P62"), Subjects{}) << "they followed";
}

TEST_F(AuthorityBooks, P63DutiesNotApart) {
  EXPECT_EQ(found("P63"), Subjects{});
  std::string second = must({"operator"}, "KeyBound", binding(newKey("second"), kPayee, R"("AUD")"));
  EXPECT_EQ(found("P63"), (Subjects{std::string("party ") + kPayee, std::string("party ") + kPayee}))
      << "with PLT and with FIN";
  must({"operator"}, "KeyRevoked",
       fmt::format(R"("key":"{}","reason":"CEASED")", town.key("second").verifyKey().vkey()));
  EXPECT_EQ(found("P63"), Subjects{});
}

TEST_F(AuthorityBooks, P63OneKeyUnderTwoNames) {
  auto twin = crypto::VerifyKey::fromPublicKey(crypto::SuiteId::Ed25519Sha256, "other.example",
                                               town.key("lab").verifyKey().publicKey());
  ASSERT_TRUE(twin.ok());
  must({"operator"}, "KeyBound", binding(*twin, kClient2, R"("CUS")"));
  EXPECT_EQ(found("P63"), Subjects{std::string("party ") + kClient2});
}

TEST_F(AuthorityBooks, P64RulesBackdated) {
  auto publish = [&](const std::vector<std::string>& signers, const char* name, const char* from) {
    return must(
        signers, "PolicyRuleSetPublished",
        fmt::format(R"("ruleSet":"{0}","jurisdiction":"330000","instrument":"{0}","effectiveFrom":"{1}")", name, from));
  };
  publish({"operator"}, "coming", "2026-12-01");
  publish({"eit", "trs"}, "past", "2025-12-01");
  EXPECT_EQ(found("P64"), Subjects{});
  std::string back = publish({"operator"}, "back", "2025-12-01");
  expectOne("P64", "rule set back", -1, {back});
}

TEST_F(AuthorityBooks, P66RecordedWhileTheClockWasAhead) {
  must({"operator", "aud"}, "RulesAdopted",
       fmt::format(R"("log":"test.example/ledger","edition":3,"digest":"{}","needs":"0.3.0")",
                   crypto::toHex(ledger::editionDigest(3))));
  EXPECT_EQ(found("P66"), Subjects{});
  const std::int64_t right = town.nowMs();
  town.setClock(right + 50 * 3'600'000);
  std::string first = must({"operator"}, "PartyRegistered", R"("party":"zz:1","name":"a","kind":"ENTERPRISE")");
  town.setClock(right + 3'600'000);
  std::string corrected = must({"operator", "aud"}, "ClockCorrected",
                               fmt::format(R"("log":"test.example/ledger","firstWrong":{},"reason":"r")", first));
  expectOne("P66", "clock " + corrected, -1, {first, corrected});
}

// The city's set, nearer and tighter, is recorded after one award and before the other.
TEST_F(AuthorityBooks, P65AnAwardIsJudgedByTheRulesKnownThen) {
  auto record = [&](const char* kind, const std::string& body) {
    town.must(
        {"trs", "eit"},
        fmt::format(R"({{"kind":"{}","jurisdiction":"330200","legalDate":"2026-03-01","body":{{{}}}}})", kind, body));
    return last();
  };
  auto cityAward = [&](const char* id) {
    return record("SubsidyAwarded",
                  fmt::format(R"("award":"{}","payee":"{}","instrument":"excellence","amountFen":900)", id, kPayee));
  };
  std::string early = cityAward("early");
  EXPECT_EQ(found("P65"), Subjects{});
  std::string later =
      record("PolicyRuleSetPublished", R"("ruleSet":"city","jurisdiction":"330200","instrument":"excellence",)"
                                       R"("effectiveFrom":"2026-01-01","capFen":500)");
  cityAward("late");
  EXPECT_EQ(found("S01"), Subjects{"late"});
  expectOne("P65", "award early", 900, {early, std::to_string(std::stoi(defaultRule) - 1), later});
}

}  // namespace
}  // namespace pilotledger::query
