// Findings on who gave which authority, on what registers say, on the clock, on other ledgers: P61 to P72. On the first
// edition of the rules, which let all of it be recorded.
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/key.h"
#include "ledger/rules/editions.h"
#include "ledger/tlog/checkpoint.h"
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
  adopt(3);
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

TEST_F(AuthorityBooks, P63TheOperatorHoldsADutyOfParties) {
  must({"operator"}, "KeyBound", binding(newKey("lent"), "op:test.example/ledger", R"("BNK")"));
  EXPECT_EQ(found("P63"), Subjects{"party op:test.example/ledger"});
}

TEST_F(AuthorityBooks, P67AttestedWhatItHadSigned) {
  award("A", 1000);
  std::string event = spend("A", "I", 70);
  std::string recorded = last();
  auto attest = [&](const char* signer) {
    return must({signer}, "Attested", fmt::format(R"("target":"{}","statement":"s")", event));
  };
  attest("aud");
  EXPECT_EQ(found("P67"), Subjects{});
  town.bind("double", kPayee, R"("EIT")");
  std::string own = attest("double");
  expectOne("P67", "ExpenditureRecorded " + recorded, -1, {recorded, own});
}

TEST_F(AuthorityBooks, P67AwardedToItselfAndAcceptedByItself) {
  award("A", 1000);
  must({"eit", "eva"}, "SubsidyAcceptance", R"("award":"A","result":"PASSED","confirmedFen":9)");
  EXPECT_EQ(found("P67"), Subjects{});
  std::string self =
      must({"trs", "eit"}, "SubsidyAwarded",
           R"("award":"S","payee":"11330000MB99010246","instrument":"other","amountFen":50)", "2026-03-01");
  expectOne("P67", "award S", 50, {self});
  award("B", 1000);
  town.bind("double", kPayee, R"("EVA")");
  must({"eit", "double"}, "SubsidyAcceptance", R"("award":"B","result":"PASSED","confirmedFen":9)");
  EXPECT_EQ(found("P67"), (Subjects{"award S", "award B"}));
}

TEST_F(AuthorityBooks, P68DecidedByTheOperatorAlone) {
  auto revoke = [&](const std::vector<std::string>& signers, const std::string& name) {
    return must(signers, "KeyRevoked",
                fmt::format(R"("key":"{}","reason":"CEASED")", town.key(name).verifyKey().vkey()));
  };
  town.bind("second", kBank, R"("BNK")");
  revoke({"operator", "bnk"}, "second");
  auto observe = [&](const std::vector<std::string>& signers, const char* code) {
    return must(signers, "IpStatusObserved", fmt::format(R"("ip":"{}","code":"{}","source":"s")", kPatent, code));
  };
  observe({"operator"}, "EE01");
  observe({"mkt"}, "CF01");
  EXPECT_EQ(found("P68"), Subjects{});
  revoke({"operator"}, "lab");
  observe({"operator"}, "RR01");
  must({"operator"}, "PartyStatusChanged", fmt::format(R"("party":"{}","status":"SUSPENDED","reason":"r")", kOther));
  must({"operator"}, "PolicyRuleSetPublished",
       R"("ruleSet":"q","jurisdiction":"330100","instrument":"q","effectiveFrom":"2026-12-01")");
  EXPECT_EQ(found("P68"), (Subjects{std::string("party ") + kLab, std::string("ip ") + kPatent,
                                    std::string("party ") + kOther, "rule set q"}));
}

TEST_F(AuthorityBooks, P68IsAnsweredByWhoAttestsIt) {
  std::string event = events::formatUuid(town.nextId());
  must({"operator"}, "PolicyRuleSetPublished",
       R"("ruleSet":"q","jurisdiction":"330100","instrument":"q","effectiveFrom":"2026-12-01")",
       R"("id":")" + event + R"(",)");
  expectOne("P68", "rule set q", -1, {last()});
  must({"mkt"}, "Attested", fmt::format(R"("target":"{}","statement":"s")", event));
  EXPECT_EQ(found("P68"), Subjects{});
}

TEST_F(AuthorityBooks, P69ImportedOverWhatPartiesRecorded) {
  const std::string source = R"("source":"list#1",)";
  std::string given = award("A", 1000);
  must({"imp"}, "SubsidyAwarded", fmt::format(R"("award":"L","payee":"{}","instrument":"other","amountFen":9)", kPayee),
       source);
  auto spent = [&](const char* id) {
    return must({"imp"}, "ExpenditureRecorded",
                fmt::format(R"("award":"{}","spender":"{}","basis":"LIST_TOTAL","claimFen":1)", id, kPayee), source);
  };
  spent("L");
  must({"imp"}, "RegisterObserved", fmt::format(R"("ip":"{}","entry":"OTHER")", kPatent), source);
  EXPECT_EQ(found("P69"), Subjects{});
  std::string over = spent("A");
  expectOne("P69", "ExpenditureRecorded " + over, -1, {given, over});
  platform();
  std::string graded = must({"imp"}, "PerformanceGraded", R"("platform":"P","year":2025,"grade":"EXCELLENT")", source);
  EXPECT_EQ(found("P69"), (Subjects{"ExpenditureRecorded " + over, "PerformanceGraded " + graded}));
}

TEST_F(AuthorityBooks, P70VoidedByOneItDoesNotConcern) {
  award("A", 1000);
  spend("A", "I", 70);
  auto voided = [&](const char* signer, const char* invoice, const std::string& more = "") {
    return must({signer}, "InvoiceVoided", fmt::format(R"("invoice":"{}","source":"查验平台"{})", invoice, more));
  };
  voided("aud", "I");
  voided("plt", "I");
  EXPECT_EQ(found("P70"), Subjects{});
  std::string foreign = voided("plt2", "I");
  expectOne("P70", "entry " + foreign, -1, {foreign});
}

TEST_F(AuthorityBooks, P70ItsSellerMayVoidIt) {
  adopt(3);
  must({"uni"}, "InvoiceVoided", fmt::format(R"("invoice":"I","seller":"{}","source":"查验平台")", kUniversity));
  EXPECT_EQ(found("P70"), Subjects{});
}

TEST_F(AuthorityBooks, P71TwoRightsClaimOneNumber) {
  must({"cus"}, "IpAssetRecorded",
       fmt::format(R"("number":"US11111111","grantNumber":"US9219817","kind":"INVENTION","owners":[{{"party":"{}"}}])",
                   kClient));
  std::string first = last();
  EXPECT_EQ(found("P71"), Subjects{});
  std::string second =
      must({"cus2"}, "IpAssetRecorded",
           fmt::format(R"("number":"US9219817","kind":"INVENTION","owners":[{{"party":"{}"}}])", kClient2));
  expectOne("P71", "ip US9219817", -1, {first, second});
}

// What a ledger signs that tells one history to one reader and another to the next.
class OtherLedgers : public Books {
 protected:
  OtherLedgers() {
    town.bind("city", "11330200MB99020196", R"("EIT")", R"(,"level":"PROVINCIAL","division":"330000")");
    adopt(4);
    list("甲账本");
  }
  void list(const std::string& name) {
    must({"city"}, "LedgerListed",
         fmt::format(R"("ledger":"{}","vkey":"{}","name":"{}","url":"https://{}")", kChild, key_.verifyKey().vkey(),
                     name, kChild));
  }
  std::string take(std::uint64_t size, std::uint8_t root) {
    proof::Checkpoint said{kChild, size, {}};
    said.root[0] = root;
    return must({"operator"}, "LedgerCheckpointed",
                fmt::format(R"("ledger":"{}","checkpoint":{})", kChild,
                            nlohmann::json(proof::signCheckpoint(said, key_).value()).dump()));
  }
  static constexpr const char* kChild = "a.example";
  crypto::SigningKey key_ = crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, kChild).value();
};

TEST_F(OtherLedgers, P72ListedLedgerForked) {
  std::string first = take(10, 1);
  take(10, 1);
  take(20, 2);
  EXPECT_EQ(found("P72"), Subjects{}) << "it grew, and said so twice";
  std::string grown = std::to_string(std::stoi(first) + 2);
  std::string other = take(20, 3);
  expectOne("P72", std::string("ledger ") + kChild, -1, {grown, other});
  take(20, 3);
  take(30, 4);
  EXPECT_EQ(found("P72").size(), 1u) << "each other root once";
}

TEST_F(OtherLedgers, TheViewShowsWhatEachSignedLast) {
  Table none = view("listed_ledgers");
  ASSERT_EQ(none.rows.size(), 1u);
  EXPECT_EQ(cell(none, 0, "state"), "listed");
  EXPECT_EQ(cell(none, 0, "root"), "");
  take(10, 1);
  std::string newest = take(123, 2);
  take(123, 2);
  list("乙账本");
  std::string listed = last();
  Table table = view("listed_ledgers", {{"ledger", kChild}});
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(cell(table, 0, "name"), "乙账本");
  EXPECT_EQ(number(table, 0, "size"), 123);
  Digest root{};
  root[0] = 2;
  EXPECT_EQ(cell(table, 0, "root"), crypto::toBase64(root));
  EXPECT_EQ(cell(table, 0, "state"), "one-history");
  EXPECT_EQ(cell(table, 0, "entries"), listed + "," + newest);
  EXPECT_NE(cell(table, 0, "recorded_at"), "");
  std::string other = take(123, 3);
  table = view("listed_ledgers");
  EXPECT_EQ(cell(table, 0, "state"), "forked");
  EXPECT_EQ(cell(table, 0, "root"), crypto::toBase64(root)) << "what was recorded first";
  EXPECT_NE(cell(table, 0, "entries").find("," + other), std::string::npos);
  EXPECT_TRUE(view("listed_ledgers", {{"ledger", "b.example"}}).rows.empty());
}

}  // namespace
}  // namespace pilotledger::query
