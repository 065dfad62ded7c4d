// Edition 2: who may give which authority, what importers may change, who decides in whose cause. Each line is drawn by
// an attempt that the first edition let pass.
#include <set>

#include "ledger/crypto/encoding.h"
#include "ledger/rules/editions.h"
#include "ledger/rules/refusals.h"
#include "tests/support/province_fixture.h"

namespace pilotledger::ledger {
namespace {

constexpr const char* kCityBureau = "11330200MB99020196";
constexpr const char* kAuditOffice = "11330000MB9904014T";
constexpr const char* kFinance = "11330000MB99010246";
constexpr const char* kAsset = "ip:CN2023110000011";  // kPatent
constexpr const char* kOperatorParty = "op:test.example/ledger";

const std::string report = R"("reportNo":"T1","lab":"91330100MA99L0014K","reportHash":")" + std::string(64, '1') + "\"";

class SecondEdition : public Province {
 protected:
  SecondEdition() : Province(2) { town.makeKey("next"); }

  static std::string revocation(const std::string& vkey, const std::string& more = "") {
    return fmt::format(R"("key":"{}","reason":"CEASED"{})", vkey, more);
  }
  static std::string patent(const std::string& owner) {
    return fmt::format(R"("number":"{}","kind":"INVENTION","owners":[{{"party":"{}"}}])", kPatent, owner);
  }
  std::string ruleSet(const std::string& name, const std::string& division, const std::string& from) {
    return fmt::format(R"("ruleSet":"{}","jurisdiction":"{}","instrument":"{}","effectiveFrom":"{}")", name, division,
                       "equipment", from);
  }
};

TEST_F(SecondEdition, IsInForceFromTheThirdEntryOn) {
  auto log = town.ledger().entity("log:test.example/ledger");
  ASSERT_TRUE(log.ok() && *log);
  EXPECT_EQ((*log)->get("edition"), "2");
  EXPECT_EQ((*log)->get("edition.needs"), editionProgram(2));
}

TEST_F(SecondEdition, AKeyHandsOnNoMoreThanItHas) {
  const std::string expected =
      "roles, tier and division that one signing key of the party has, or the operator's signature";
  std::string key = newKey("up");
  boundary(
      {"R-KEY-ESCALATION", keyEntity(key), expected, "EIT; signed by EIT MUNICIPAL 330200"},
      {{"city"}, "KeyBound", binding(key, kCityBureau, R"("EIT")", R"(,"level":"PROVINCIAL","division":"330200")")},
      {{"city"}, "KeyBound", binding(key, kCityBureau, R"("EIT")", R"(,"level":"MUNICIPAL","division":"330282")")});
  key = newKey("wide");
  boundary(
      {"R-KEY-ESCALATION", keyEntity(key), expected, "EIT; signed by EIT MUNICIPAL 330200"},
      {{"city"}, "KeyBound", binding(key, kCityBureau, R"("EIT")", R"(,"level":"MUNICIPAL","division":"330000")")},
      {{"city"}, "KeyBound", binding(key, kCityBureau, R"("EIT")", R"(,"level":"MUNICIPAL","division":"330200")")});
  // Two keys that have it together have it neither.
  key = newKey("together");
  expectRule("R-KEY-ESCALATION", {"city", "trs"}, "KeyBound",
             binding(key, kCityBureau, R"("EIT","TRS")", R"(,"level":"MUNICIPAL","division":"330200")"));
}

TEST_F(SecondEdition, AKeyWithAnEndBindsNoneBeyondIt) {
  std::string key = newKey("plt.example/short");
  must({"operator"}, "KeyBound", binding(vkeyOf("next"), kPlatform, R"("PLT")", R"(,"validTo":"2026-06-30")"));
  boundary({"R-KEY-END", keyEntity(key), "valid to <= 2026-06-30", "without end"},
           {{"next"}, "KeyBound", binding(key, kPlatform, R"("PLT")")},
           {{"next"}, "KeyBound", binding(key, kPlatform, R"("PLT")", R"(,"validTo":"2026-06-30")")});
}

TEST_F(SecondEdition, DutiesAreApartInAPartyToo) {
  std::string key = newKey("aud.example/two");
  boundary({"R-KEY-DUTIES", fmt::format("party:{}", kPlatform), "separate parties", "AUD and PLT"},
           {{"operator"}, "KeyBound", binding(key, kPlatform, R"("AUD")")},
           {{"operator"}, "KeyBound", binding(key, kAuditOffice, R"("AUD")")});
  for (const char* role : {"AUD", "TRS", "EIT", "REG"}) {
    expectRule("R-KEY-DUTIES", {"operator"}, "KeyBound",
               binding(newKey("x"), kOperatorParty, fmt::format("\"{}\"", role), R"(,"division":"330000")"));
  }
}

TEST_F(SecondEdition, OneKeyHasOneName) {
  std::string vkey = vkeyOf("plt");
  auto twin = crypto::VerifyKey::fromPublicKey(crypto::SuiteId::Ed25519Sha256, "other.example/name",
                                               town.key("plt").verifyKey().publicKey());
  ASSERT_TRUE(twin.ok());
  std::string fresh = newKey("fresh.example");
  boundary({"R-KEY-MATERIAL", keyEntity(twin->vkey()), "a key of its own", "the key " + keyEntity(vkey).substr(4)},
           {{"operator"}, "KeyBound", binding(twin->vkey(), kClient2, R"("CUS")")},
           {{"operator"}, "KeyBound", binding(fresh, kClient2, R"("CUS")")});
  auto log = crypto::VerifyKey::fromPublicKey(crypto::SuiteId::Ed25519Sha256, "other.example/log",
                                              town.key("log").verifyKey().publicKey());
  expectRule("R-KEY-MATERIAL", {"operator"}, "KeyBound", binding(log->vkey(), kAuditOffice, R"("AUD")"));
}

TEST_F(SecondEdition, AnAuthoritysKeyNamesItsDivision) {
  std::string key = newKey("trs.example/two");
  boundary({"R-KEY-DIVISION", keyEntity(key), "a division", "TRS without one"},
           {{"operator"}, "KeyBound", binding(key, kFinance, R"("TRS")")},
           {{"operator"}, "KeyBound", binding(key, kFinance, R"("TRS")", R"(,"division":"330000")")});
}

TEST_F(SecondEdition, TheOperatorAloneBindsOnlyForWhoHasNotSigned) {
  std::string key = newKey("bnk.example/two");
  must({"operator"}, "KeyBound", binding(newKey("bnk.example/spare"), kBank, R"("BNK")"));
  must({"bnk"}, "KeyBound", binding(newKey("bnk.example/third"), kBank, R"("BNK")"));  // the bank's first signature
  boundary({"R-KEY-CONSENT", keyEntity(key), "the signature of the party, of an authority or of an auditor",
            "the operator alone"},
           {{"operator"}, "KeyBound", binding(key, kBank, R"("BNK")")},
           {{"operator", "aud"}, "KeyBound", binding(key, kBank, R"("BNK")")});
}

TEST_F(SecondEdition, TheOperatorAloneDoesNotSilenceWhoChecksIt) {
  boundary({"R-KEY-CONSENT", keyEntity(vkeyOf("aud")), "the signature of the party, of an authority or of an auditor",
            "the operator alone"},
           {{"operator"}, "KeyRevoked", revocation(vkeyOf("aud"))},
           {{"operator", "eit"}, "KeyRevoked", revocation(vkeyOf("aud"))});
  auto suspend = [](const char* party) {
    return fmt::format(R"("party":"{}","status":"SUSPENDED","reason":"r")", party);
  };
  expectRule("R-AUTHORITY", {"operator"}, "PartyStatusChanged", suspend(kFinance));
  must({"operator", "eit"}, "PartyStatusChanged", suspend(kFinance));
}

TEST_F(SecondEdition, TheLastKeyOfTheOperatorStays) {
  std::string mine = vkeyOf("operator");
  std::string next = vkeyOf("next");
  boundary({"R-KEY-LAST", keyEntity(mine), "another key of the operator in force", "none"},
           {{"operator"}, "KeyRevoked", revocation(mine)},
           {{"operator"}, "KeyBound", binding(next, kOperatorParty, R"("OPR")")});
  must({"next"}, "KeyRevoked", revocation(mine));
  expectRule("R-KEY-LAST", {"next"}, "KeyRevoked", revocation(next));
}

TEST_F(SecondEdition, WhatACompromisedKeyBoundFallsWithIt) {
  must({"plt"}, "KeyBound", binding(vkeyOf("next"), kPlatform, R"("PLT")"));
  must({"next"}, "KeyBound", binding(newKey("plt.example/grandchild"), kPlatform, R"("PLT")"));
  must({"operator"}, "KeyRevoked", revocation(vkeyOf("plt"), R"(,"compromisedSince":"2026-02-01")"));
  expectRule("R-AUTHORITY", {"next"}, "KeyBound", binding(newKey("plt.example/late"), kPlatform, R"("PLT")"));
}

TEST_F(SecondEdition, AnAuthorityActsInItsDivisionOnly) {
  platform();  // in 330100, or where the fixture puts it
  auto attest = [](const std::string& target) { return fmt::format(R"("target":"{}","statement":"s")", target); };
  std::string elsewhere = id();
  must({"trs", "eit"}, "SubsidyAwarded",
       fmt::format(R"("award":"AW","payee":"{}","instrument":"i","amountFen":5)", kPlatform),
       R"("jurisdiction":"330100","id":")" + elsewhere + R"(",)");
  boundary({"R-JURISDICTION", "event:" + elsewhere, "an authority for 330100", "330200"},
           {{"city"}, "Attested", attest(elsewhere)}, {{"eit"}, "Attested", attest(elsewhere)});
}

TEST_F(SecondEdition, NobodyJudgesInHisOwnCause) {
  must({"cus"}, "IpAssetRecorded", patent(kClient));
  auto noted = [](bool lifted) {
    return fmt::format(R"("ip":"{}","court":"c","caseNo":"1"{})", kPatent, lifted ? R"(,"lifted":true)" : "");
  };
  must({"aud"}, "PreservationNoted", noted(false));
  boundary({"R-OWN-CAUSE", std::string(kAsset), "a registrar, an authority or an auditor who is no owner", "lifted"},
           {{"cus"}, "PreservationNoted", noted(true)}, {{"mkt"}, "PreservationNoted", noted(true)});
  std::string issued = recordId({"lab"}, "TestReportIssued", report);
  std::string own = fmt::format(R"("target":"{}","statement":"s")", issued);
  expectRule("R-OWN-CAUSE", {"lab"}, "Attested", own);
  for (const char* code : {"PD01", "RR01", "CN-INVALIDATION-ENDED"}) {
    expectRule("R-OWN-CAUSE", {"cus"}, "IpStatusObserved",
               fmt::format(R"("ip":"{}","code":"{}","source":"s")", kPatent, code));
  }
}

TEST_F(SecondEdition, ImportersCopyAndDoNotAct) {
  must({"cus"}, "IpAssetRecorded", patent(kClient));
  must({"cus", "bnk"}, "PledgeAgreed",
       fmt::format(R"("pledge":"P","assets":["{}"],"pledgors":["{}"],"pledgee":"{}","claimKind":"LOAN","amountFen":5,)"
                   R"("debtFrom":"2026-03-01","debtTo":"2027-03-01","scope":"a")",
                   kPatent, kClient, kBank));
  must({"reg"}, "PledgeRegistered", fmt::format(R"("pledge":"P","asset":"{}","regNo":"Y1")", kPatent));
  const std::string source = R"("source":"gazette 1",)";
  std::string released = fmt::format(R"("pledge":"P","assets":["{}"],"reason":"PERFORMED")", kPatent);
  boundary(
      {"R-IMPORT", std::string(kAsset), "pledge.active as its parties recorded it", "PledgeReleased of an importer"},
      {{"imp"}, "PledgeReleased", released, source},
      {{"imp"}, "RegisterObserved", fmt::format(R"("ip":"{}","entry":"RELEASED","pledge":"P")", kPatent), source});
  EXPECT_EQ(town.ledger().entity(std::string(kAsset)).value()->get("pledge.active"), "P");
  expectRule("R-IMPORT", {"imp"}, "IpTransferred",
             fmt::format(R"("ip":"{}","owners":[{{"party":"{}"}}])", kPatent, kClient2), source);
  // What importers recorded themselves they go on with.
  must({"imp"}, "IpAssetRecorded",
       fmt::format(R"("number":"US9219817","kind":"INVENTION","owners":[{{"party":"{}"}}])", kClient), source);
  must({"imp"}, "IpTransferred", fmt::format(R"("ip":"US9219817","owners":[{{"party":"{}"}}])", kClient2), source);
}

TEST_F(SecondEdition, ARegistersWordTakesTheSquattersPlace) {
  std::string squat = recordId({"cus2"}, "IpAssetRecorded", patent(kClient2));
  expectRule("R-UNIQUE", {"cus"}, "IpAssetRecorded", patent(kClient));
  must({"reg"}, "IpAssetRecorded", patent(kClient));
  EntityRecord record = *town.ledger().entity(std::string(kAsset)).value();
  EXPECT_EQ(record.get("party.own"), kClient);
  EXPECT_EQ(record.get("displaced.own"), kClient2);
  EXPECT_EQ(record.trail().count, 2u) << "both are in its history";
  expectRule("R-REVERSAL-STATE", {"cus2"}, "EventReversed", reverse(squat));
  expectRule("R-UNIQUE", {"reg"}, "IpAssetRecorded", patent(kClient2));
}

TEST_F(SecondEdition, RuleSetsDoNotWorkBackwards) {
  must({"operator"}, "PolicyRuleSetPublished", ruleSet("founding", "110000", "2025-01-01"));  // nothing to judge yet
  platform();
  boundary({"R-POLICY-RETROACTIVE", "ruleset:back", "TRS or AUD",
            fmt::format("from 2025-01-01, recorded 2026-03-01, signed by {}", kOperatorParty)},
           {{"operator"}, "PolicyRuleSetPublished", ruleSet("back", "330000", "2025-01-01")},
           {{"eit", "trs"}, "PolicyRuleSetPublished", ruleSet("back", "330000", "2025-01-01")});
  // It takes the place of one that others signed, so they sign too.
  expectRule("R-POLICY-RETROACTIVE", {"operator", "aud"}, "PolicyRuleSetPublished",
             ruleSet("city", "330200", "2025-06-01"));
  must({"operator"}, "PolicyRuleSetPublished", ruleSet("city", "330200", "2026-03-02"));
}

TEST_F(SecondEdition, SubmissionsNameTheLedgerByItsFoundingKey) {
  std::vector<const crypto::SigningKey*> keys = {&town.key("operator")};
  std::string party = event("PartyRegistered", R"("party":"us:1","name":"n","kind":"ENTERPRISE")");
  auto signedFor = [&](const proof::LedgerName& name) {
    return town.ledger().append(
        proof::makeSubmission(town.ledger().suite(), name, {town.event(party).value()}, keys).value());
  };
  auto anywhere = signedFor({town.ledger().origin(), ""});
  ASSERT_FALSE(anywhere.ok());
  EXPECT_EQ(anywhere.error().code, ErrorCode::NotAuthorized);
  auto namesake = signedFor({town.ledger().origin(), newKey(town.ledger().origin())});
  ASSERT_FALSE(namesake.ok());
  EXPECT_EQ(namesake.error().code, ErrorCode::InvalidInput);
  EXPECT_TRUE(signedFor(town.ledger().name()).ok());
}

// Nor when it has revoked them all: who has signed is asked.
TEST_F(SecondEdition, ThePartyThatSignedIsNotTakenOver) {
  must({"bnk"}, "KeyBound", binding(newKey("bnk.example/own"), kBank, R"("BNK")"));
  must({"operator"}, "KeyRevoked", revocation(vkeyOf("bnk")));
  std::string taken = binding(vkeyOf("next"), kBank, R"("BNK")");
  expectRule("R-KEY-CONSENT", {"operator"}, "KeyBound", taken);
  must({"operator", "mkt"}, "KeyBound", taken);
}

TEST_F(SecondEdition, ASuccessorThatFallsIsNone) {
  must({"operator"}, "KeyBound", binding(vkeyOf("next"), kOperatorParty, R"("OPR")"));
  expectRule("R-KEY-LAST", {"next"}, "KeyRevoked",
             revocation(vkeyOf("operator"), R"(,"compromisedSince":"2026-01-01")"));
  town.makeKey("later");
  must({"operator"}, "KeyBound", binding(vkeyOf("later"), kOperatorParty, R"("OPR")", R"(,"validFrom":"2030-01-01")"));
  must({"operator"}, "KeyRevoked", revocation(vkeyOf("next")));
  expectRule("R-KEY-LAST", {"operator"}, "KeyRevoked", revocation(vkeyOf("operator")));
}

TEST_F(SecondEdition, ThatAKeyWasStolenIsSaidLaterToo) {
  must({"plt"}, "KeyBound", binding(vkeyOf("next"), kPlatform, R"("PLT")"));
  must({"operator"}, "KeyRevoked", revocation(vkeyOf("plt")));
  must({"operator"}, "KeyRevoked", revocation(vkeyOf("plt"), R"(,"compromisedSince":"2026-02-01")"));
  expectRule("R-AUTHORITY", {"next"}, "KeyBound", binding(newKey("plt.example/late"), kPlatform, R"("PLT")"));
  expectRule("R-KEY-STATE", {"operator"}, "KeyRevoked",
             revocation(vkeyOf("plt"), R"(,"compromisedSince":"2026-01-01")"));
}

TEST_F(SecondEdition, ACityDoesNotSuspendTheProvince) {
  auto suspend = [](const char* party) {
    return fmt::format(R"("party":"{}","status":"SUSPENDED","reason":"r")", party);
  };
  boundary({"R-JURISDICTION", fmt::format("party:{}", kFinance), "an auditor, or an authority for 330000",
            "an authority of another division"},
           {{"operator", "city"}, "PartyStatusChanged", suspend(kFinance), R"("jurisdiction":"330200",)"},
           {{"operator", "aud"}, "PartyStatusChanged", suspend(kFinance)});
  must({"operator", "city"}, "PartyStatusChanged", suspend(kClient), R"("jurisdiction":"330200",)");
}

TEST_F(SecondEdition, ARuleSetIsOfThoseForWhomItApplies) {
  platform();
  town.bind("city-trs", "11330200MB99020271", R"("TRS")", R"(,"division":"330200")");
  expectRule("R-AUTHORITY", {"city", "city-trs"}, "PolicyRuleSetPublished", ruleSet("up", "330000", "2026-03-02"),
             R"("jurisdiction":"330200",)");
  expectRule("R-POLICY-RETROACTIVE", {"operator", "city-trs"}, "PolicyRuleSetPublished",
             ruleSet("back", "330000", "2025-01-01"), R"("jurisdiction":"330200",)");
}

// A right that is taken back and recorded anew sheds nothing.
TEST_F(SecondEdition, ABurdenedRightIsNotRecordedAnew) {
  std::string own = recordId({"cus"}, "IpAssetRecorded", patent(kClient));
  auto status = [](const char* code) { return fmt::format(R"("ip":"{}","code":"{}","source":"s")", kPatent, code); };
  must({"mkt"}, "IpStatusObserved", status("PP01"));
  expectRule("R-OWN-CAUSE", {"cus"}, "EventReversed", reverse(own));
  expectRule("R-OWN-CAUSE", {"cus", "imp"}, "IpStatusObserved", status("PD01"));
  must({"mkt"}, "IpStatusObserved", status("PD01"));
  must({"cus"}, "EventReversed", reverse(own));
  std::string registered = recordId({"reg"}, "IpAssetRecorded", patent(kClient));
  expectRule("R-OWN-CAUSE", {"cus"}, "EventReversed", reverse(registered));
}

TEST_F(SecondEdition, WhatTheSquatterTookBackIsRecordedAnew) {
  std::string squat = recordId({"cus2"}, "IpAssetRecorded", patent(kClient2));
  must({"cus2"}, "EventReversed", reverse(squat));
  must({"reg"}, "IpAssetRecorded", patent(kClient));
  EntityRecord record = *town.ledger().entity(kAsset).value();
  EXPECT_EQ(record.get("state"), "in-force");
  EXPECT_EQ(record.get("party.own"), kClient);
  expectRule("R-UNIQUE", {"cus2"}, "IpAssetRecorded", patent(kClient2));
}

// What an importer opened is its own only until somebody acts on it; a displaced right never was.
TEST_F(SecondEdition, WhatOthersActOnIsNoImportersAnyMore) {
  const std::string source = R"("source":"gazette 1",)";
  std::string to = fmt::format(R"("ip":"{}","owners":[{{"party":"{}"}}])", kPatent, kClient2);
  must({"imp"}, "IpAssetRecorded", patent(kClient), source);
  must({"cus", "bnk"}, "PledgeAgreed",
       fmt::format(R"("pledge":"P","assets":["{}"],"pledgors":["{}"],"pledgee":"{}","claimKind":"LOAN","amountFen":5,)"
                   R"("debtFrom":"2026-03-01","debtTo":"2027-03-01","scope":"a")",
                   kPatent, kClient, kBank));
  expectRule("R-IMPORT", {"imp"}, "IpTransferred", to, source);
}

TEST_F(SecondEdition, ADisplacedRightIsNoImporters) {
  const std::string source = R"("source":"gazette 1",)";
  must({"cus2"}, "IpAssetRecorded", patent(kClient2));
  must({"imp"}, "IpAssetRecorded", patent(kClient), source);
  expectRule("R-IMPORT", {"imp"}, "IpTransferred",
             fmt::format(R"("ip":"{}","owners":[{{"party":"{}"}}])", kPatent, kClient2), source);
}

class FirstEdition : public Province {};

TEST_F(FirstEdition, GivesWayWhenOperatorAndAuditorAdoptTheNext) {
  auto adopt = [](int edition, const std::string& digest) {
    return fmt::format(R"("log":"test.example/ledger","edition":{},"digest":"{}","needs":"{}")", edition, digest,
                       edition <= kNewestEdition ? editionProgram(edition) : "9.9.9");
  };
  std::string digest = crypto::toHex(editionDigest(2));
  expectRule("R-AUTHORITY", {"operator"}, "RulesAdopted", adopt(2, digest));
  std::string other(64, '1');
  boundary({"R-EDITION", "log:test.example/ledger", digest, other},
           {{"operator", "aud"}, "RulesAdopted", adopt(2, other)},
           {{"operator", "aud"}, "RulesAdopted", adopt(2, digest)});
  expectRule("R-EDITION", {"operator", "aud"}, "RulesAdopted", adopt(1, crypto::toHex(editionDigest(1))));
  expectRule("R-KEY-DIVISION", {"operator"}, "KeyBound",
             fmt::format(R"("key":"{}","party":"{}","roles":["TRS"])",
                         crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "t").value().verifyKey().vkey(),
                         kFinance));
  auto newer = town.record({"operator", "aud"}, {event("RulesAdopted", adopt(kNewestEdition + 1, digest))});
  ASSERT_FALSE(newer.ok());
  EXPECT_EQ(newer.error().code, ErrorCode::Unavailable) << "no damage: a newer program is needed";
  EXPECT_NE(newer.error().message.en.find("9.9.9"), std::string::npos);
  EXPECT_FALSE(town.verify().damage) << "each entry by the edition in force there";
}

// What RulesAdopted names may never change. A change of what an edition declares belongs into the next one.
TEST(Editions, AreWhatTheyWere) {
  EXPECT_EQ(crypto::toHex(editionDigest(1)), "18999787d2638a79b5d795d4fb14430bdf4d369f4f2ed3d5fed39db57d073fdc");
  EXPECT_EQ(crypto::toHex(editionDigest(2)), "c81724d7f5c1e207b2ce3c3ea5760baf8a459774f12263688cd7c0e48f099b2c");
  EXPECT_EQ(crypto::toHex(editionDigest(3)), "4133852da638cc4640483e4af47d4c947fbbde6c1a419e694e8550e8a2f78a69");
  EXPECT_EQ(crypto::toHex(editionDigest(4)), "96a6595556660fc4d8d0d91234809bc72139acc0dc62fdb250abd0a73930254c");
}

TEST(Refusals, AreListedOnceWithBothLanguages) {
  std::set<std::string_view> codes;
  for (const Refusal& refusal : refusals()) {
    EXPECT_TRUE(codes.insert(refusal.code).second) << refusal.code;
    EXPECT_FALSE(refusal.en.empty() || refusal.zh.empty() || refusal.source.empty()) << refusal.code;
    EXPECT_GE(refusal.edition, 1);
  }
}

}  // namespace
}  // namespace pilotledger::ledger
