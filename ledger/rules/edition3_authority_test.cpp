// Edition 3: who makes an office, where things belong, what importers may not add. Each line is drawn by an attempt
// that the second edition let pass.
#include "tests/support/province_fixture.h"

namespace pilotledger::ledger::edition3 {
namespace {

constexpr const char* kAuditOffice = "11330000MB9904014T";
constexpr const char* kFinance = "11330000MB99010246";
constexpr const char* kCityFinance = "11330200MB99020271";
constexpr const char* kHere = R"("jurisdiction":"330000",)";
constexpr const char* kThere = R"("jurisdiction":"330200",)";
constexpr const char* kGazette = R"("source":"gazette 1",)";

class Offices : public Province {
 protected:
  Offices() : Province(3) {
    town.bind("citytrs", kCityFinance, R"("TRS")", R"(,"division":"330200")");
    town.makeKey("next");
  }
  // The first act, after which a ledger is no longer being set up.
  void begin() {
    must({"trs", "eit"}, "SubsidyAwarded",
         fmt::format(R"("award":"A","payee":"{}","instrument":"equipment","amountFen":1000)", kPlatform), kHere);
  }
  static std::string paid(std::int64_t fen) {
    return fmt::format(R"("award":"A","payee":"{}","amountFen":{})", kPlatform, fen);
  }
};

TEST_F(Offices, AreMadeByOffices) {
  must({"operator"}, "KeyBound", binding(newKey("aud.example/early"), kAuditOffice, R"("AUD")"));
  begin();
  const std::string wanted = "an auditor's signature, or that of an authority for the division";
  std::string key = newKey("aud.example/two");
  boundary({"R-KEY-CONSENT", keyEntity(key), wanted, "none of them"},
           {{"operator", "imp"}, "KeyBound", binding(key, kClient2, R"("AUD")")},
           {{"operator", "aud"}, "KeyBound", binding(key, kClient2, R"("AUD")")});
  key = newKey("trs.example/two");
  boundary({"R-KEY-CONSENT", keyEntity(key), wanted, "none of them"},
           {{"operator", "city"}, "KeyBound", binding(key, kBank2, R"("TRS")", R"(,"division":"330000")")},
           {{"operator", "eit"}, "KeyBound", binding(key, kBank2, R"("TRS")", R"(,"division":"330000")")});
}

TEST_F(Offices, SpeakOnlyWhereTheyAreCompetent) {
  begin();  // the provincial treasury has signed
  std::string key = newKey("trs.example/three");
  const std::string province = R"(,"division":"330000")";
  expectRule("R-KEY-CONSENT", {"operator", "city"}, "KeyBound", binding(key, kFinance, R"("TRS")", province));
  must({"operator", "eit"}, "KeyBound", binding(key, kFinance, R"("TRS")", province));
  auto revoked = [](const std::string& vkey) { return fmt::format(R"("key":"{}","reason":"CEASED")", vkey); };
  expectRule("R-KEY-CONSENT", {"operator", "city"}, "KeyRevoked", revoked(key));
  auto suspended = fmt::format(R"("party":"{}","status":"SUSPENDED","reason":"r")", kFinance);
  expectRule("R-JURISDICTION", {"operator", "city"}, "PartyStatusChanged", suspended);
  expectRule("R-JURISDICTION", {"operator", "city"}, "PartyStatusChanged",
             fmt::format(R"("party":"{}","status":"SUSPENDED","reason":"r")", kAuditOffice));
  must({"operator", "eit"}, "PartyStatusChanged", suspended);
}

TEST_F(Offices, KeepMoreDutiesApart) {
  boundary({"R-KEY-DUTIES", fmt::format("party:{}", kClient2), "separate parties", "TRS and EIT"},
           {{"operator"}, "KeyBound", binding(newKey("x/1"), kClient2, R"("TRS","EIT")", R"(,"division":"330000")")},
           {{"operator"}, "KeyBound", binding(newKey("x/2"), kClient2, R"("TRS")", R"(,"division":"330000")")});
  for (const char* role : {"EIT", "REG", "MKT", "BNK"}) {
    expectRule("R-KEY-DUTIES", {"operator"}, "KeyBound",
               binding(newKey("y"), kAuditOffice, fmt::format("\"{}\"", role), R"(,"division":"330000")"));
  }
}

// An event belongs where its author says, and where the things belong that it names.
TEST_F(Offices, OfAnotherDivisionDecideNothingHere) {
  begin();
  expectRule("R-AUTHORITY", {"citytrs"}, "SubsidyDisbursed", paid(100), kThere);
  expectRule("R-AUTHORITY", {"citytrs"}, "SubsidyDisbursed", paid(100));
  must({"trs"}, "SubsidyDisbursed", paid(100), kHere);
  const std::string accepted = R"("award":"A","result":"PASSED","confirmedFen":100)";
  expectRule("R-AUTHORITY", {"city", "eva"}, "SubsidyAcceptance", accepted, kThere);
  must({"eit", "eva"}, "SubsidyAcceptance", accepted, kHere);
}

TEST_F(Offices, PayOutWhatWasPassedOnToThem) {
  begin();
  must({"trs"}, "AppropriationPassed",
       fmt::format(R"("award":"A","from":"{}","to":"{}","amountFen":400)", kFinance, kCityFinance), kHere);
  must({"citytrs"}, "SubsidyDisbursed", paid(100), kThere);
}

TEST_F(Offices, ThePlaceOfWhatHasNoneIsItsAuthors) {
  must({"trs", "eit"}, "SubsidyAwarded",
       fmt::format(R"("award":"A","payee":"{}","instrument":"equipment","amountFen":1000)", kPlatform));
  EXPECT_EQ((*town.ledger().entity("award:A"))->get("place"), "330000");
  expectRule("R-AUTHORITY", {"citytrs"}, "SubsidyDisbursed", paid(100), kThere);
}

TEST_F(Offices, ALateRevocationMayTellOfAnEarlierDay) {
  begin();
  std::string stolen = vkeyOf("plt");
  auto told = [&](const char* day) {
    return fmt::format(R"("key":"{}","reason":"COMPROMISED","compromisedSince":"{}")", stolen, day);
  };
  expectRule("R-DATES", {"operator"}, "KeyRevoked", told("2099-01-01"));
  must({"plt"}, "KeyRevoked", told("2026-03-01"));
  expectRule("R-KEY-STATE", {"operator"}, "KeyRevoked", told("2026-02-01"));
  must({"operator", "aud"}, "KeyRevoked", told("2026-02-01"));
  expectRule("R-KEY-STATE", {"operator", "aud"}, "KeyRevoked", told("2026-02-15"));
}

TEST_F(Offices, TheOperatorsSuccessorLastsAsLong) {
  std::string mine = vkeyOf("operator");
  auto revoked = fmt::format(R"("key":"{}","reason":"CEASED")", mine);
  const std::string party = "op:test.example/ledger";
  must({"operator"}, "KeyBound", binding(newKey("op.example/brief"), party, R"("OPR")", R"(,"validTo":"2026-03-01")"));
  expectRule("R-KEY-LAST", {"operator"}, "KeyRevoked", revoked);
  must({"operator"}, "KeyBound", binding(vkeyOf("next"), party, R"("OPR")"));
  must({"next"}, "KeyRevoked", revoked);
}

TEST_F(Offices, ImportersAddNothingToWhatPartiesRecorded) {
  begin();
  patent("ZL202311000001.1");
  std::string both =
      fmt::format(R"("ip":"ZL202311000001.1","owners":[{{"party":"{}"}},{{"party":"{}"}}])", kClient, kClient2);
  expectRule("R-IMPORT", {"imp"}, "IpTransferred", both, kGazette);
  expectRule("R-IMPORT", {"imp"}, "SubsidyDisbursed", paid(1000), kGazette);
  must({"trs"}, "SubsidyDisbursed", paid(1000), kHere);
}

TEST_F(Offices, AnImporterDisplacesNoOwnerWhoHasPledged) {
  auto recorded = [](const char* owner) {
    return fmt::format(R"("number":"ZL202311000001.1","kind":"INVENTION","owners":[{{"party":"{}"}}])", owner);
  };
  must({"cus"}, "IpAssetRecorded", recorded(kClient));
  must({"cus", "bnk"}, "PledgeAgreed", agreement("P"));
  must({"reg"}, "PledgeRegistered", registration("P", "Y1"), kHere);
  expectRule("R-UNIQUE", {"imp"}, "IpAssetRecorded", recorded(kClient2), kGazette);
  must({"reg"}, "IpAssetRecorded", recorded(kClient2), kHere);
}

TEST_F(Offices, ALaterRuleSetAsksThoseWhoseDefaultItDisplaces) {
  auto rules = [](const char* set, const char* instrument) {
    return fmt::format(R"("ruleSet":"{}","jurisdiction":"330000","instrument":"{}","effectiveFrom":"2025-01-01")", set,
                       instrument);
  };
  must({"eit", "trs"}, "PolicyRuleSetPublished", rules("R0", "DEFAULT"));
  begin();
  expectRule("R-POLICY-RETROACTIVE", {"operator", "aud"}, "PolicyRuleSetPublished", rules("R1", "equipment"));
  must({"eit", "trs"}, "PolicyRuleSetPublished", rules("R1", "equipment"));
}

}  // namespace
}  // namespace pilotledger::ledger::edition3
