// Findings on parties, platforms, pilots and their revenue: P01 to P19, P31 to P33.
#include "tests/support/books_fixture.h"

namespace pilotledger::query {
namespace {

class Works : public Books {
 protected:
  void project(const std::string& id,
               const std::string& approvals = R"(,"approvals":[{"kind":"FILING"},{"kind":"SAFETY"}])") {
    must({"plt", "cus"}, "PilotProjectAccepted",
         fmt::format(R"("project":"{}","platform":"P","client":"{}","title":"t","feeFen":70{})", id, kClient,
                     approvals));
  }
  std::string run(const std::string& id, const std::string& more) {
    return must({"plt"}, "PilotRunRecorded",
                fmt::format(R"("run":"{}","project":"J","platform":"P","result":"SUCCESS"{})", id, more));
  }
  std::string report(const std::string& no, const std::string& project, const std::string& signer = "lab",
                     const std::string& lab = kLab, const std::string& date = "2026-03-01") {
    return must({signer}, "TestReportIssued",
                fmt::format(R"("reportNo":"{}","lab":"{}","project":"{}","reportHash":"{}")", no, lab, project,
                            std::string(64, '7')),
                date);
  }
  std::string accept(const std::string& id, const std::string& more = "") {
    return must({"plt", "cus"}, "PilotAccepted", fmt::format(R"("project":"{}","result":"SUCCESS"{})", id, more));
  }
  std::string qualification(const std::string& kind, const std::string& number, const std::string& more = "") {
    return must({"lab"}, "QualificationRecorded",
                fmt::format(R"("holder":"{}","kind":"{}","number":"{}"{})", kLab, kind, number, more));
  }
  std::string revenue(const std::string& more, const std::string& date = "2026-02-10") {
    return must({"plt"}, "RevenueReceived", R"("platform":"P","grossFen":106,"taxFen":6,"netFen":100)" + more, date);
  }
};

TEST_F(Works, P01CodeCheck) {
  std::string document = R"("evidence":[{"kind":"OFFICIAL_DOCUMENT","hash":")" + std::string(64, '3') + R"("}],)";
  must({"operator"}, "PartyRegistered", R"("party":"91330100MA2GUD0128","name":"n","kind":"ENTERPRISE")");
  must({"operator"}, "PartyRegistered", R"("party":"us:123456789012345","name":"n","kind":"ENTERPRISE")");
  EXPECT_EQ(found("P01"), Subjects{});
  std::string bad =
      must({"operator"}, "PartyRegistered", R"("party":"91330100MA2BAD011L","name":"n","kind":"ENTERPRISE")");
  expectOne("P01", "party 91330100MA2BAD011L", -1, {bad});
  must({"operator"}, "PartyRegistered", R"("party":"91330100MA2PLT015C","name":"n","kind":"ENTERPRISE")", document);
  EXPECT_EQ(found("P01"), (Subjects{"party 91330100MA2BAD011L", "party 91330100MA2PLT015C"}));
}

TEST_F(Works, P02LateReevaluation) {
  platform();
  std::string tier =
      must({"eit"}, "PlatformRecognized", R"("platform":"P","level":"PROVINCIAL","exceptionRef":"x")", "2025-01-10");
  EXPECT_EQ(found("P02", "2027-01-10"), Subjects{});
  expectOne("P02", "P", -1, {tier}, "2027-01-11");
  must({"eit"}, "PlatformReevaluated", R"("platform":"P","result":"PASSED")", "2027-01-10");
  EXPECT_EQ(found("P02", "2029-01-10"), Subjects{});
  std::string late = must({"eit"}, "PlatformReevaluated", R"("platform":"P","result":"PASSED")", "2029-01-11");
  EXPECT_EQ(found("P02", "2029-02-01"), Subjects{"P"});
  must({"eit"}, "PlatformWithdrawn", R"("platform":"P","reason":"r","effectiveOn":"2030-01-01")");
  EXPECT_EQ(found("P02", "2035-01-01"), Subjects{"P"}) << "nothing is due after the withdrawal";
}

TEST_F(Works, P03P04Qualifications) {
  std::string old = qualification("CMA", "181112050001", R"(,"validTo":"2026-06-30")");
  qualification("CNAS", "L12345");
  qualification("CNAS", "IB0001");
  EXPECT_EQ(found("P03", "2026-06-30"), Subjects{});
  EXPECT_EQ(found("P04"), Subjects{});
  expectOne("P03", "qualification CMA/181112050001", -1, {old}, "2026-07-01");
  qualification("CMA", "261112050001", R"(,"validTo":"2032-06-30")");
  EXPECT_EQ(found("P03", "2026-07-01"), Subjects{});
  std::string odd = qualification("CMA", "26111205000");
  expectOne("P04", "qualification CMA/26111205000", -1, {odd});
  qualification("CNAS", "L12a");
  EXPECT_EQ(found("P04").size(), 2u);
}

TEST_F(Works, P05SponsorOperates) {
  std::string built = platform(
      fmt::format(R"(,"constructionType":"GOVERNMENT","builders":[{{"party":"{}","shareBp":10000}}],"operator":"{}")",
                  kOther, kClient));
  must({"plt", "eit"}, "PlatformEstablished",
       fmt::format(R"("platform":"Q","name":"n","legalEntity":"{}","constructionType":"THIRD_PARTY",)"
                   R"("builders":[{{"party":"{}","shareBp":10000}}],"operator":"{}")",
                   kPayee, kOther, kOther));
  EXPECT_EQ(found("P05"), Subjects{});
  std::string relation = related(kOther, kClient);
  expectOne("P05", "P", -1, {built, relation});
}

TEST_F(Works, P06ServiceNotListed) {
  platform();
  must({"plt"}, "ServiceListPublished", R"("platform":"P","version":1,"items":[{"code":"S1","name":"n"}])",
       "2026-02-01");
  revenue(R"(,"stream":"SERVICE","serviceCode":"S1")");
  revenue(R"(,"stream":"SERVICE")");
  revenue(R"(,"stream":"INCUBATION")", "2026-01-10");
  EXPECT_EQ(found("P06"), Subjects{});
  std::string unlisted = revenue(R"(,"stream":"SERVICE","serviceCode":"S2")");
  expectOne("P06", "P", 100, {unlisted});
  std::string early = revenue(R"(,"stream":"SERVICE","serviceCode":"S1")", "2026-01-31");
  expectOne("P06", "P", 200, {unlisted, early});
}

TEST_F(Works, P07SignedWithACompromisedKey) {
  auto revoke = [&](const std::string& key, const std::string& since) {
    return must({"operator"}, "KeyRevoked",
                fmt::format(R"("key":"{}","reason":"COMPROMISED","compromisedSince":"{}")",
                            town.key(key).verifyKey().vkey(), since));
  };
  must({"cus2"}, "RelationDeclared",
       fmt::format(R"("party":"{}","links":[{{"party":"{}","relation":"r"}}])", kClient2, kLab));
  std::string signedBy = must({"plt2"}, "RelationDeclared",
                              fmt::format(R"("party":"{}","links":[{{"party":"{}","relation":"r"}}])", kOther, kLab));
  revoke("cus2", "2026-03-02");
  EXPECT_EQ(found("P07"), Subjects{}) << "signed before the compromise";
  std::string revoked = revoke("plt2", "2026-03-01");
  expectOne("P07", "RelationDeclared " + signedBy, -1, {signedBy, revoked});
}

// A key that a stolen key bound, and what that one bound, sign for the thief, before and after the revocation.
TEST_F(Works, P07FollowsTheChainOfBindings) {
  auto bind = [&](const char* signer, const char* name) {
    return must(
        {signer}, "KeyBound",
        fmt::format(R"("key":"{}","party":"{}","roles":["PLT"])", town.makeKey(name).verifyKey().vkey(), kOther));
  };
  auto relate = [&](const char* signer) {
    return must({signer}, "RelationDeclared",
                fmt::format(R"("party":"{}","links":[{{"party":"{}","relation":"r"}}])", kOther, kLab));
  };
  bind("operator", "sound");
  std::string first = bind("plt2", "child");
  std::string second = bind("child", "grandchild");
  std::string before = relate("grandchild");
  relate("sound");
  must({"operator"}, "KeyRevoked",
       fmt::format(R"("key":"{}","reason":"COMPROMISED","compromisedSince":"2026-03-01")",
                   town.key("plt2").verifyKey().vkey()));
  std::string after = relate("grandchild");
  EXPECT_EQ(found("P07"), (Subjects{"KeyBound " + first, "KeyBound " + second, "RelationDeclared " + before,
                                    "RelationDeclared " + after}));
}

TEST_F(Works, P11MissingApproval) {
  platform();
  project("whole");
  EXPECT_EQ(found("P11"), Subjects{});
  project("J", R"(,"approvals":[{"kind":"FILING"},{"kind":"ENERGY"}])");
  expectOne("P11", "J", 70, {defaultRule, last()});
}

TEST_F(Works, P12ScaleAndP15Trl) {
  platform();
  project("J");
  run("1", R"(,"labScale":"10","pilotScale":"100000","trlBefore":4,"trlAfter":6)");
  run("2", R"(,"labScale":"10","pilotScale":"10","trlAfter":9)");
  EXPECT_EQ(found("P12"), Subjects{});
  EXPECT_EQ(found("P15"), Subjects{});
  std::string large = run("large", R"(,"labScale":"10","pilotScale":"100000.1")");
  expectOne("P12", "run large", -1, {large});
  run("small", R"(,"labScale":"10","pilotScale":"9.5")");
  EXPECT_EQ(found("P12"), (Subjects{"run large", "run small"}));
  std::string leap = run("leap", R"(,"trlBefore":4,"trlAfter":7)");
  expectOne("P15", "run leap", -1, {leap});
  accept("J", R"(,"trlBefore":4,"trlAfter":7)");
  EXPECT_EQ(found("P15"), (Subjects{"J", "run leap"}));
}

TEST_F(Works, P13P14P16Reports) {
  std::string built = platform();
  town.bind("own-lab", kPayee, R"("LAB")");
  for (const char* id : {"J", "K"}) project(id);
  qualification("CMA", "181112050001", R"(,"validFrom":"2026-01-01","validTo":"2026-12-31")");
  report("1", "J");
  EXPECT_EQ(found("P13"), Subjects{});
  EXPECT_EQ(found("P14"), Subjects{});
  std::string early = report("2", "J", "lab", kLab, "2025-12-31");
  expectOne("P13", fmt::format("report {}/2", kLab), -1, {early});
  std::string own = report("3", "K", "own-lab", kPayee);
  expectOne("P14", fmt::format("report {}/3", kPayee), -1, {own, built});
  run("1", "");
  must({"plt"}, "PilotRunRecorded", R"("run":"2","project":"K","platform":"P","result":"SUCCESS")");
  accept("J");
  EXPECT_EQ(found("P16"), Subjects{});
  std::string accepted = accept("K");
  expectOne("P16", "K", -1, {accepted});
  report("4", "K");
  EXPECT_EQ(found("P16"), Subjects{"K"}) << "a report after the acceptance does not mend it";
}

TEST_F(Works, P17P18Outcomes) {
  platform();
  project("J");
  std::string judged = must({"eva"}, "OutcomeEvaluated",
                            fmt::format(R"("outcome":"O","project":"J","evaluator":"{}","valueFen":5)", kEvaluator));
  must({"plt"}, "OutcomeRegistered", R"("outcome":"O","project":"J","regNo":"9332026Y0001","title":"t")");
  related(kEvaluator, kLab);
  EXPECT_EQ(found("P17"), Subjects{});
  EXPECT_EQ(found("P18"), Subjects{});
  std::string relation = related(kEvaluator, kPayee);
  expectOne("P17", "outcome O", 5, {judged, relation});
  std::string odd =
      must({"plt"}, "OutcomeRegistered", R"("outcome":"O2","project":"J","regNo":"933-2026-1","title":"t")");
  expectOne("P18", "outcome O2", -1, {odd});
}

TEST_F(Works, P19IncidentBarsApplications) {
  platform();
  auto apply = [&](const std::string& id, const std::string& date) {
    return must(
        {"plt"}, "SubsidyApplied",
        fmt::format(R"("application":"{}","applicant":"{}","platform":"P","instrument":"other","requestedFen":9)", id,
                    kPayee),
        date);
  };
  must({"plt"}, "IncidentReported", R"("incident":"minor","platform":"P","kind":"SAFETY","severity":"MINOR")",
       "2026-02-01");
  std::string incident = must({"plt"}, "IncidentReported",
                              R"("incident":"X","platform":"P","kind":"SAFETY","severity":"MAJOR")", "2026-02-10");
  apply("before", "2026-02-09");
  apply("after", "2029-02-10");
  EXPECT_EQ(found("P19"), Subjects{});
  std::string barred = apply("within", "2029-02-09");
  expectOne("P19", "application within", 9, {incident, barred});
  award("unasked", 50, R"(,"platform":"P")");
  EXPECT_EQ(found("P19"), (Subjects{"application within", "unasked"}));
}

TEST_F(Works, P31P32P33Revenue) {
  std::string built = platform();
  project("J");
  revenue(R"(,"stream":"SERVICE","project":"J")");
  revenue(R"(,"stream":"SERVICE","serviceCode":"S1")");
  revenue(R"(,"stream":"INVESTMENT_RETURN")");
  std::string paidBy = revenue(fmt::format(R"(,"stream":"INCUBATION","payer":"{}")", kClient2));
  EXPECT_EQ(found("P31"), Subjects{});
  std::string bare = revenue(R"(,"stream":"SERVICE")"), sold = revenue(R"(,"stream":"TECHNOLOGY_SALES")");
  expectOne("P31", "P", 200, {bare, sold});
  must({"eit"}, "VoucherIssued",
       fmt::format(R"("voucher":"V","holder":"{}","faceFen":106,"validTo":"2027-12-31")", kClient));
  must({"cus", "plt"}, "VoucherRedeemed", R"("voucher":"V","platform":"P","amountFen":106)");
  std::string settled = must({"trs"}, "VoucherSettled", R"("voucher":"V","platform":"P","amountFen":106)");
  std::string one = revenue(R"(,"stream":"SERVICE","serviceCode":"S1","voucherFunded":true)");
  EXPECT_EQ(found("P32"), Subjects{});
  std::string two = revenue(R"(,"stream":"SERVICE","serviceCode":"S1","voucherFunded":true)");
  expectOne("P32", "P", 106, {settled, one, two});
  related(kPayee, kClient);
  EXPECT_EQ(found("P33"), Subjects{});
  std::string relation = related(kClient2, kPayee);
  expectOne("P33", std::string("P ") + kClient2, 100, {relation, paidBy});
}

}  // namespace
}  // namespace pilotledger::query
