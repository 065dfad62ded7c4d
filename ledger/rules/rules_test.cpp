// Every hard rule: the refusal, by its code, and the legal case next to it.
#include "tests/support/province_fixture.h"

namespace pilotledger::ledger {
namespace {

TEST_F(Province, EntitiesAreRecordedOnceAndBeforeUse) {
  expectRule("R-EXISTS", {"trs"}, "SubsidyDisbursed",
             fmt::format(R"("award":"A","payee":"{}","amountFen":1)", kPlatform));
  award();
  must({"trs"}, "SubsidyDisbursed", fmt::format(R"("award":"A","payee":"{}","amountFen":1)", kPlatform));
  expectRule("R-UNIQUE", {"trs", "eit"}, "SubsidyAwarded",
             fmt::format(R"("award":"A","payee":"{}","instrument":"i","amountFen":1)", kPlatform));
}

TEST_F(Province, AuthorityComesFromTheLogAtThatPosition) {
  expectRule("R-AUTHORITY", {"eit"}, "SubsidyAwarded",
             fmt::format(R"("award":"A","payee":"{}","instrument":"i","amountFen":1)", kPlatform));
  expectRule("R-AUTHORITY", {"trs"}, "SubsidyAwarded",
             fmt::format(R"("award":"A","payee":"{}","instrument":"i","amountFen":1)", kPlatform));
  must({"trs", "eit"}, "SubsidyAwarded",
       fmt::format(R"("award":"A","payee":"{}","instrument":"i","amountFen":1)", kPlatform));
  // The role alone is not enough where the field names the party.
  platform();
  expectRule("R-AUTHORITY", {"plt2", "cus"}, "PilotProjectAccepted",
             R"("project":"J","platform":"P","client":"91330400MA2ENT032U","title":"t")");
  expectRule("R-AUTHORITY", {"plt", "cus2"}, "PilotProjectAccepted",
             R"("project":"J","platform":"P","client":"91330400MA2ENT032U","title":"t")");
  must({"plt", "cus"}, "PilotProjectAccepted",
       R"("project":"J","platform":"P","client":"91330400MA2ENT032U","title":"t")");
  // A city's authority is not competent for another city.
  expectRule("R-AUTHORITY", {"city"}, "PlatformRecognized", R"("platform":"P","level":"MUNICIPAL")",
             R"("jurisdiction":"330400",)");
  must({"city"}, "PlatformRecognized", R"("platform":"P","level":"MUNICIPAL")", R"("jurisdiction":"330282",)");
}

TEST_F(Province, OnlyAnImporterStatesASource) {
  std::string body = R"("party":"x1:a","name":"a","kind":"UNKNOWN")";
  expectRule("R-AUTHORITY", {"operator"}, "PartyRegistered", body, R"("source":"list#1",)");
  expectRule("R-AUTHORITY", {"imp"}, "PartyRegistered", body);
  must({"imp"}, "PartyRegistered", body, R"("source":"list#1",)");
  expectRule("R-AUTHORITY", {"imp"}, "KeyBound",
             fmt::format(R"("key":"{}","party":"x1:a","roles":["OPR"])",
                         crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "k").value().verifyKey().vkey()),
             R"("source":"list#1",)");
}

TEST_F(Province, SocialCreditCodesAreCheckedUnlessADocumentSaysSo) {
  std::string body = R"("party":"91330100MA2PLT015C","name":"n","kind":"ENTERPRISE")";
  expectRule("R-USCC-CHECK", {"operator"}, "PartyRegistered", body);
  must({"operator"}, "PartyRegistered", body,
       R"("evidence":[{"kind":"OFFICIAL_DOCUMENT","hash":")" + std::string(64, '1') + R"("}],)");
}

TEST_F(Province, KeysKeepDutiesApartAndDoNotEscalate) {
  auto vkey = [&](const std::string& name) {
    return crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, name).value().verifyKey().vkey();
  };
  auto bind = [&](const std::string& key, const std::string& roles, const std::string& more = "") {
    return fmt::format(R"("key":"{}","party":"{}","roles":[{}]{})", key, kPlatform, roles, more);
  };
  expectRule("R-KEY-DUTIES", {"operator"}, "KeyBound", bind(vkey("a"), R"("AUD","FIN")"));
  must({"operator"}, "KeyBound", bind(vkey("a"), R"("FIN")"));
  expectRule("R-KEY-ESCALATION", {"plt"}, "KeyBound", bind(vkey("b"), R"("TRS")"));
  must({"plt"}, "KeyBound", bind(vkey("b"), R"("PLT")"));
  expectRule("R-DATES", {"operator"}, "KeyBound",
             bind(vkey("c"), R"("PLT")", R"(,"validFrom":"2026-02-01","validTo":"2026-01-01")"));
  std::string old = town.key("plt2").verifyKey().vkey();
  must({"plt2"}, "KeyRevoked", fmt::format(R"("key":"{}","reason":"CEASED")", old));
  expectRule("R-KEY-STATE", {"operator"}, "KeyRevoked", fmt::format(R"("key":"{}","reason":"CEASED")", old));
  expectRule("R-AUTHORITY", {"plt2", "eit"}, "PlatformEstablished",
             R"("platform":"P2","name":"n","legalEntity":"91330200MA99Y00159")");
}

TEST_F(Province, PoliciesOfOneInstrumentDoNotOverlap) {
  auto policy = [](const std::string& id, const std::string& from, const std::string& to) {
    return fmt::format(
        R"("ruleSet":"{}","jurisdiction":"330000","instrument":"equipment","effectiveFrom":"{}","effectiveTo":"{}")",
        id, from, to);
  };
  must({"eit", "trs"}, "PolicyRuleSetPublished", policy("1", "2025-01-01", "2025-12-31"));
  expectRule("R-POLICY-OVERLAP", {"eit", "trs"}, "PolicyRuleSetPublished", policy("2", "2025-12-31", "2026-12-31"));
  must({"eit", "trs"}, "PolicyRuleSetPublished", policy("2", "2026-01-01", "2026-12-31"));
  expectRule("R-DATES", {"eit", "trs"}, "PolicyRuleSetPublished", policy("3", "2028-01-01", "2027-01-01"));
}

TEST_F(Province, PlatformsClimbOneTierAtATimeByTheirOwnAuthority) {
  expectRule(
      "R-SHARES", {"plt", "eit"}, "PlatformEstablished",
      R"("platform":"P","name":"n","legalEntity":"91330100MA2PLT015B","builders":[{"party":"91330100MA2PLT015B",)"
      R"("shareBp":9999}])");
  platform();
  expectRule("R-RECOGNITION-LEVEL", {"city"}, "PlatformRecognized", R"("platform":"P","level":"PROVINCIAL")");
  expectRule("R-LADDER", {"eit"}, "PlatformRecognized", R"("platform":"P","level":"PROVINCIAL")");
  must({"city"}, "PlatformRecognized", R"("platform":"P","level":"MUNICIPAL")");
  must({"eit"}, "PlatformRecognized", R"("platform":"P","level":"PROVINCIAL")");
  expectRule("R-LADDER", {"city"}, "PlatformRecognized", R"("platform":"P","level":"MUNICIPAL")");
  expectRule("R-RECOGNITION-LEVEL", {"eit"}, "PlatformRecognized", R"("platform":"P","level":"NATIONAL")");
  must({"eit"}, "PlatformRecognized", R"("platform":"P","level":"NATIONAL","docNo":"工信厅科函〔2026〕1号")");
  expectRule("R-GRADE-YEAR", {"eit"}, "PerformanceGraded", R"("platform":"P","year":2027,"grade":"GOOD")");
  must({"eit"}, "PerformanceGraded", R"("platform":"P","year":2025,"grade":"GOOD")");
  expectRule("R-UNIQUE", {"eit"}, "PerformanceGraded", R"("platform":"P","year":2025,"grade":"EXCELLENT")");
}

TEST_F(Province, RunsStayWithinPlanAndMeasure) {
  project();
  auto run = [](const std::string& name, const std::string& more) {
    return fmt::format(R"("run":"{}","project":"J","platform":"P","result":"SUCCESS",{})", name, more);
  };
  expectRule("R-BASIS-POINTS", {"plt"}, "PilotRunRecorded", run("1", R"("yieldBp":10001)"));
  expectRule("R-BASIS-POINTS", {"plt"}, "PilotRunRecorded", run("1", R"("passRateBp":-1)"));
  expectRule("R-DATES", {"plt"}, "PilotRunRecorded", run("1", R"("startedOn":"2026-02-02","finishedOn":"2026-02-01")"));
  expectRule("R-TRL", {"plt"}, "PilotRunRecorded", run("1", R"("trlAfter":10)"));
  must({"plt"}, "PilotRunRecorded",
       run("1", R"("yieldBp":10000,"startedOn":"2026-02-01","finishedOn":"2026-02-01","trlAfter":9,"batchesDone":2)"));
  expectRule("R-BATCHES", {"plt"}, "PilotRunRecorded", run("2", R"("batchesDone":2)"));
  must({"plt"}, "PilotRunRecorded", run("2", R"("batchesDone":1)"));
  must({"plt2", "eit"}, "PlatformEstablished", R"("platform":"Q","name":"n","legalEntity":"91330200MA99Y00159")");
  expectRule("R-RUN-PLATFORM", {"plt2"}, "PilotRunRecorded",
             R"("run":"3","project":"J","platform":"Q","result":"SUCCESS")");
  std::string report =
      fmt::format(R"("reportNo":"1","lab":"91330100MA99L0014K","run":"2","reportHash":"{}")", std::string(64, '2'));
  must({"lab"}, "TestReportIssued", report);
  expectRule("R-UNIQUE", {"lab"}, "TestReportIssued", report);
}

TEST_F(Province, ContractsAddUp) {
  auto contract = [](const std::string& name, const std::string& buyer, const std::string& more) {
    return fmt::format(R"("contract":"{}","contractType":"SERVICE","seller":"{}","buyer":"{}","totalFen":100,{})", name,
                       kPlatform, buyer, more);
  };
  expectRule("R-TWO-PARTIES", {"plt"}, "TechContractSigned", contract("C", kPlatform, R"("techFen":100)"));
  expectRule("R-TECH-VALUE", {"plt", "cus"}, "TechContractSigned", contract("C", kClient, R"("techFen":101)"));
  expectRule("R-TERMS-SUM", {"plt", "cus"}, "TechContractSigned",
             contract("C", kClient, R"("terms":[{"mode":"INSTALMENT","amountFen":99}])"));
  expectRule("R-OVERFLOW", {"plt", "cus"}, "TechContractSigned",
             contract("C", kClient,
                      R"("terms":[{"mode":"INSTALMENT","amountFen":9223372036854775807},{"mode":"INSTALMENT",)"
                      R"("amountFen":"9223372036854775807"}])"));
  must({"plt", "cus"}, "TechContractSigned",
       contract("C", kClient,
                R"("techFen":100,"terms":[{"mode":"INSTALMENT","amountFen":60},{"mode":"LUMP_SUM","amountFen":40}])"));
  must({"plt", "cus"}, "TechContractSigned",
       contract("D", kClient,
                R"("techFen":1,"terms":[{"mode":"ENTRY_FEE","amountFen":1},{"mode":"ROYALTY","rateBp":300}])"));
  auto registered = [](const std::string& no, int tech) {
    return fmt::format(R"("contract":"C","regNo":"{}","confirmedTotalFen":100,"confirmedTechFen":{})", no, tech);
  };
  expectRule("R-TECH-VALUE", {"reg"}, "TechContractRegistered", registered("1", 101));
  must({"reg"}, "TechContractRegistered", registered("1", 90));
  expectRule("R-CONTRACT-STATE", {"reg"}, "TechContractRegistered", registered("2", 90));
}

TEST_F(Province, ReceiptsBalanceAndRefundsStayWithin) {
  platform();
  auto receipt = [](int gross, int tax, int net, const std::string& more = "") {
    return fmt::format(R"("platform":"P","stream":"SERVICE","grossFen":{},"taxFen":{},"netFen":{}{})", gross, tax, net,
                       more);
  };
  expectRule("R-GROSS", {"plt"}, "RevenueReceived", receipt(106, 6, 99));
  expectRule("R-GROSS", {"plt"}, "RevenueReceived", receipt(106, -6, 112));
  expectRule("R-POSITIVE", {"plt"}, "RevenueReceived", receipt(-1, 0, -1));
  expectRule("R-INVOICE-AMOUNT", {"plt"}, "RevenueReceived",
             receipt(106, 6, 100, R"(,"invoice":{"number":"I1","totalFen":105})"));
  std::string target = id();
  must({"plt"}, "RevenueReceived", receipt(106, 6, 100, R"(,"invoice":{"number":"I1","totalFen":106})"),
       R"("id":")" + target + R"(",)");
  expectRule("R-INVOICE-AMOUNT", {"plt"}, "RevenueReceived",
             receipt(1, 0, 1, R"(,"invoice":{"number":"I1","totalFen":106})"));
  auto refund = [&](int gross, int tax, int net, const std::string& stream = "SERVICE") {
    return fmt::format(R"("target":"{}","platform":"P","stream":"{}","grossFen":{},"taxFen":{},"netFen":{})", target,
                       stream, gross, tax, net);
  };
  expectRule("R-REFUND", {"plt"}, "RevenueReversed", refund(107, 7, 100));
  expectRule("R-RECEIPT-MATCH", {"plt"}, "RevenueReversed", refund(53, 3, 50, "INCUBATION"));
  must({"plt"}, "RevenueReversed", refund(53, 3, 50));
  expectRule("R-REFUND", {"plt"}, "RevenueReversed", refund(54, 3, 51));
  expectRule("R-RECEIPT-REFUNDED", {"plt"}, "EventReversed",
             fmt::format(R"("target":"{}","kind":"REVERSED","reason":"r")", target));
  std::string whole = id();
  must({"plt"}, "RevenueReceived", receipt(10, 0, 10), R"("id":")" + whole + R"(",)");
  must({"plt"}, "EventReversed", fmt::format(R"("target":"{}","kind":"REVERSED","reason":"r")", whole));
  target = whole;
  expectRule("R-EXISTS", {"plt"}, "RevenueReversed", refund(1, 0, 1));
}

TEST_F(Province, MoneyOfAnAwardIsConserved) {
  expectRule("R-POSITIVE", {"trs", "eit"}, "SubsidyAwarded",
             fmt::format(R"("award":"Z","payee":"{}","instrument":"i")", kPlatform));
  expectRule("R-DATES", {"trs", "eit"}, "SubsidyAwarded",
             fmt::format(R"("award":"Z","payee":"{}","instrument":"i","amountFen":1,"periodFrom":"2026-02-01",)"
                         R"("periodTo":"2026-01-01")",
                         kPlatform));
  award(1000);
  auto move = [](const std::string& payee, std::int64_t fen) {
    return fmt::format(R"("award":"A","payee":"{}","amountFen":{})", payee, fen);
  };
  expectRule("R-PAYEE", {"trs"}, "SubsidyDisbursed", move(kClient, 1));
  expectRule("R-AWARD-CONSERVATION", {"trs"}, "SubsidyDisbursed", move(kPlatform, 1001));
  expectRule("R-CURRENCY", {"trs"}, "SubsidyDisbursed", move(kPlatform, 1), R"("currency":"EUR",)");
  std::string paid = id();
  must({"trs"}, "SubsidyDisbursed", move(kPlatform, 1000), R"("id":")" + paid + R"(",)");
  expectRule("R-AWARD-CONSERVATION", {"plt"}, "SubsidyReceived", move(kPlatform, 1001));
  must({"plt"}, "SubsidyReceived", move(kPlatform, 1000));
  expectRule("R-AWARD-CONSERVATION", {"trs"}, "EventReversed",
             fmt::format(R"("target":"{}","kind":"REVERSED","reason":"r")", paid));
  expectRule("R-OVERFLOW", {"trs"}, "SubsidyDisbursed", move(kPlatform, 9223372036854775807));
}

TEST_F(Province, ExpendituresNameInvoicesWithinTheirTotal) {
  award(1000);
  auto spend = [](const std::string& more) { return fmt::format(R"("award":"A","spender":"{}",{})", kPlatform, more); };
  expectRule("R-INVOICE", {"plt"}, "ExpenditureRecorded", spend(R"("basis":"INVOICE","claimFen":1)"));
  expectRule("R-LIST-TOTAL", {"plt"}, "ExpenditureRecorded", spend(R"("basis":"LIST_TOTAL","claimFen":1)"));
  must({"imp"}, "ExpenditureRecorded", spend(R"("basis":"LIST_TOTAL","claimFen":-1)"), R"("source":"list#1",)");
  expectRule("R-INVOICE-CLAIM", {"plt"}, "ExpenditureRecorded",
             spend(R"("basis":"INVOICE","claimFen":101,"invoice":{"number":"I","totalFen":100})"));
  must({"plt"}, "ExpenditureRecorded",
       spend(R"("basis":"INVOICE","claimFen":100,"invoice":{"number":"I","totalFen":100})"));
  expectRule("R-INVOICE-CLAIM", {"plt"}, "ExpenditureRecorded",
             spend(R"("basis":"INVOICE","claimFen":1,"invoice":{"number":"I","totalFen":100})"));
}

TEST_F(Province, AcceptanceConfirmsAtMostTheAward) {
  award(1000);
  auto accept = [](int fen) { return fmt::format(R"("award":"A","result":"PASSED","confirmedFen":{})", fen); };
  expectRule("R-CONFIRMED", {"eit", "eva"}, "SubsidyAcceptance", accept(1001));
  must({"eit", "eva"}, "SubsidyAcceptance", accept(1000));
  expectRule("R-ACCEPTANCE-STATE", {"eit", "eva"}, "SubsidyAcceptance", accept(1000));
}

TEST_F(Province, PatentsAreWhatTheirNumberSays) {
  auto asset = [](const std::string& number, const std::string& kind, const std::string& more) {
    return fmt::format(R"("number":"{}","kind":"{}","owners":[{{"party":"{}"}}],{})", number, kind, kClient, more);
  };
  expectRule("R-IP-KIND", {"cus"}, "IpAssetRecorded", asset("ZL202321000001.7", "INVENTION", R"("title":"t")"));
  expectRule("R-IP-TERM", {"cus"}, "IpAssetRecorded",
             asset("ZL202321000001.7", "UTILITY_MODEL", R"("filedOn":"2023-01-01","expiresOn":"2043-01-01")"));
  must({"cus"}, "IpAssetRecorded",
       asset("ZL202321000001.7", "UTILITY_MODEL", R"("filedOn":"2023-01-01","expiresOn":"2033-01-01")"));
}

TEST_F(Province, PledgesNeedTheirContentsAndAllOwners) {
  patent("ZL202311000001.1", fmt::format(R"({{"party":"{}"}},{{"party":"{}"}})", kClient, kClient2), {"cus", "cus2"});
  expectRule("R-PLEDGE-CONTENTS", {"cus", "bnk"}, "PledgeAgreed", agreement("P", ""));
  expectRule("R-CO-OWNER", {"cus", "bnk"}, "PledgeAgreed", agreement("P"));
  expectRule("R-PLEDGE-TERM", {"cus", "bnk"}, "PledgeAgreed",
             agreement("P", R"(,"debtTo":"2043-03-15","coOwnerConsent":"共有协议1号")"));
  expectRule("R-DATES", {"cus", "bnk"}, "PledgeAgreed",
             agreement("P", R"(,"debtTo":"2026-02-01","coOwnerConsent":"共有协议1号")"));
  must({"cus", "bnk"}, "PledgeAgreed", agreement("P", R"(,"debtTo":"2043-03-14","coOwnerConsent":"共有协议1号")"));
  town.bind("third", "91330481MA99C004X0", R"("OWN")");
  expectRule(
      "R-PLEDGOR", {"third", "bnk"}, "PledgeAgreed",
      fmt::format(R"("pledge":"Q","assets":["ZL202311000001.1"],"pledgors":["91330481MA99C004X0"],"pledgee":"{}",)"
                  R"("claimKind":"LOAN","amountFen":5,)"
                  R"("debtFrom":"2026-03-01","debtTo":"2027-03-01","scope":"all","coOwnerConsent":"x")",
                  kBank));
}

TEST_F(Province, APatentInPledgeIsNotPledgedAgain) {
  patent();
  must({"cus", "bnk"}, "PledgeAgreed", agreement("P"));
  must({"cus", "bnk2"}, "PledgeAgreed", agreement("Q", R"(,"debtTo":"2027-03-01")", kBank2));
  must({"cus", "bnk"}, "PledgeRegistered", registration("P", "1"));
  expectRule("R-PLEDGE-ASSET", {"cus", "bnk"}, "PledgeRegistered", registration("P", "2"));
  expectRule("R-SECOND-PLEDGE", {"cus", "bnk2"}, "PledgeRegistered", registration("Q", "3"));
  expectRule("R-SECOND-PLEDGE", {"reg"}, "PledgeRegistered", registration("Q", "3"));
  expectRule("R-AUTHORITY", {"bnk2"}, "PledgeReleased",
             R"("pledge":"P","assets":["ZL202311000001.1"],"reason":"PERFORMED")");
  must({"bnk"}, "PledgeReleased", R"("pledge":"P","assets":["ZL202311000001.1"],"reason":"PERFORMED")");
  expectRule("R-PLEDGE-STATE", {"bnk"}, "PledgeReleased",
             R"("pledge":"P","assets":["ZL202311000001.1"],"reason":"PERFORMED")");
  must({"cus", "bnk2"}, "PledgeRegistered", registration("Q", "3"));
}

TEST_F(Province, OtherRegistersAdmitSeveralPledges) {
  std::string source = R"("source":"register#1",)";
  must({"imp"}, "IpAssetRecorded",
       fmt::format(R"("number":"US9219817","kind":"INVENTION","owners":[{{"party":"{}"}}])", kClient), source);
  for (const char* pledge : {"1", "2"}) {
    must(
        {"imp"}, "PledgeAgreed",
        fmt::format(R"("pledge":"{}","assets":["US9219817"],"pledgors":["{}"],"pledgee":"{}","claimKind":"NOT_STATED")",
                    pledge, kClient, kBank),
        source);
    must({"imp"}, "PledgeRegistered", fmt::format(R"("pledge":"{0}","asset":"US9219817","regNo":"{0}")", pledge),
         source);
  }
}

TEST_F(Province, OnlyARightInForceAndNotFrozenIsRegistered) {
  patent();
  must({"cus", "bnk"}, "PledgeAgreed", agreement("P"));
  auto status = [](const std::string& code) {
    return fmt::format(R"("ip":"ZL202311000001.1","code":"{}","source":"gazette")", code);
  };
  must({"mkt"}, "IpStatusObserved", status("PP01"));
  expectRule("R-IP-FROZEN", {"cus", "bnk"}, "PledgeRegistered", registration("P", "1"));
  must({"mkt"}, "IpStatusObserved", status("PD01"));
  must({"mkt"}, "IpStatusObserved", status("CF01"));
  expectRule("R-IP-STATE", {"cus", "bnk"}, "PledgeRegistered", registration("P", "1"));
  must({"mkt"}, "IpStatusObserved", status("RR01"));
  must({"cus", "bnk"}, "PledgeRegistered", registration("P", "1"));
}

TEST_F(Province, ReversalsNeedATargetThatCanBeReversedAndItsSigners) {
  platform();
  auto reverse = [](const std::string& target) {
    return fmt::format(R"("target":"{}","kind":"REVERSED","reason":"r")", target);
  };
  expectRule("R-EXISTS", {"plt"}, "EventReversed", reverse(id()));
  std::string graded = id();
  must({"eit"}, "PerformanceGraded", R"("platform":"P","year":2025,"grade":"GOOD")", R"("id":")" + graded + R"(",)");
  expectRule("R-AUTHORITY", {"plt"}, "EventReversed", reverse(graded));
  must({"eit"}, "EventReversed", reverse(graded));
  expectRule("R-UNIQUE", {"eit"}, "EventReversed", reverse(graded));
  std::string established = id();
  must({"plt2", "eit"}, "PlatformEstablished", R"("platform":"Q","name":"n","legalEntity":"91330200MA99Y00159")",
       R"("id":")" + established + R"(",)");
  expectRule("R-REVERSAL-KIND", {"plt2", "eit"}, "EventReversed", reverse(established));
}

TEST_F(Province, ARevokedPledgeIsVoidFromTheStart) {
  patent();
  must({"cus", "bnk"}, "PledgeAgreed", agreement("P"));
  std::string registered = id();
  must({"cus", "bnk"}, "PledgeRegistered", registration("P", "1"), R"("id":")" + registered + R"(",)");
  must({"cus", "bnk"}, "EventReversed", fmt::format(R"("target":"{}","kind":"REVOKED","reason":"r")", registered));
  auto asset = town.ledger().entity("ip:CN2023110000011");
  ASSERT_TRUE(asset.ok() && *asset);
  EXPECT_FALSE((*asset)->has("pledge.active"));
  EXPECT_FALSE((*asset)->has("pledge.released"));
  must({"cus", "bnk"}, "PledgeRegistered", registration("P", "2"));
}

TEST_F(Province, WhatTheRulesAcceptedVerifies) {
  project();
  award();
  patent();
  must({"cus", "bnk"}, "PledgeAgreed", agreement("P"));
  must({"cus", "bnk"}, "PledgeRegistered", registration("P", "1"));
  auto outcome = town.verify();
  EXPECT_FALSE(outcome.damage.has_value()) << outcome.damage->what.en;
}

// A rule without a test that shows its refusal does not exist: every code in the rules' sources
// is named above.
TEST(Rules, EveryKindHasARule) {
  for (const events::Kind& kind : events::kinds()) EXPECT_NE(ruleOf(kind, kNewestEdition).apply, nullptr) << kind.name;
}

}  // namespace
}  // namespace pilotledger::ledger
