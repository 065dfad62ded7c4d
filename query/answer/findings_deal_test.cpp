// Findings on technology contracts, pledges and loans: P21 to P29, P51 to P60; and the chain of raised findings.
#include "tests/support/books_fixture.h"

namespace pilotledger::query {
namespace {

class Deals : public Books {
 protected:
  std::string contract(const std::string& id, const std::string& more, const std::string& seller = kPayee,
                       const std::string& signer = "plt") {
    return must(
        {signer, "cus"}, "TechContractSigned",
        fmt::format(
            R"("contract":"{}","contractType":"SERVICE","seller":"{}","buyer":"{}","totalFen":90000,"techFen":50000{})",
            id, seller, kClient, more));
  }
  std::string enrol(const std::string& id, int techFen, const std::string& more = "",
                    const std::string& date = "2026-03-01") {
    return must({"reg"}, "TechContractRegistered",
                fmt::format(R"("contract":"{0}","regNo":"R-{0}","confirmedTotalFen":90000,"confirmedTechFen":{1}{2})",
                            id, techFen, more),
                date);
  }
  std::string distribute(const std::string& id, int fen, const std::string& more, const std::string& signer = "uni",
                         const std::string& who = kUniversity) {
    return must(
        {signer}, "IncomeDistributionResolved",
        fmt::format(R"("resolution":"{}","institution":"{}","netFen":1001,"contributorFen":{}{})", id, who, fen, more));
  }
  std::string patent() {
    return must({"cus"}, "IpAssetRecorded",
                fmt::format(R"("number":"{}","kind":"INVENTION","owners":[{{"party":"{}"}}],"filedOn":"2023-03-14")",
                            kPatent, kClient));
  }
  std::string agree(const std::string& id, int fen = 600, const std::string& date = "2026-03-01") {
    return must(
        {"cus", "bnk"}, "PledgeAgreed",
        fmt::format(
            R"("pledge":"{}","assets":["{}"],"pledgors":["{}"],"pledgee":"{}","claimKind":"LOAN","amountFen":{},)"
            R"("debtFrom":"2026-03-01","debtTo":"2027-03-01","scope":"all")",
            id, kPatent, kClient, kBank, fen),
        date);
  }
  std::string enter(const std::string& id, const std::string& date = "2026-03-01") {
    return must({"cus", "bnk"}, "PledgeRegistered",
                fmt::format(R"("pledge":"{0}","asset":"{1}","regNo":"Y-{0}")", id, kPatent), date);
  }
  std::string release(const std::string& id, const std::string& date = "2026-03-01",
                      const std::string& reason = "PERFORMED") {
    return must({"bnk"}, "PledgeReleased",
                fmt::format(R"("pledge":"{}","assets":["{}"],"reason":"{}")", id, kPatent, reason), date);
  }
  std::string observe(const std::string& code, const std::string& more = "", const std::string& date = "2026-03-01") {
    return must({"mkt"}, "IpStatusObserved",
                fmt::format(R"("ip":"{}","code":"{}","source":"公报"{})", kPatent, code, more), date);
  }
  std::string lend(const std::string& id, const std::string& pledge) {
    return must(
        {"bnk", "cus"}, "LoanGranted",
        fmt::format(R"("loan":"{}","bank":"{}","debtor":"{}","product":"IP_PLEDGE","amountFen":600,"pledge":"{}")", id,
                    kBank, kClient, pledge));
  }
  void draw(const std::string& id) {
    must({"bnk"}, "LoanDrawn", fmt::format(R"("loan":"{}","debtor":"{}","amountFen":600)", id, kClient));
  }
  std::string repay(const std::string& id, int principal, int interest, const std::string& date) {
    return must({"bnk"}, "LoanRepaid",
                fmt::format(R"("loan":"{}","debtor":"{}","principalFen":{},"interestFen":{},"paidFen":{})", id, kClient,
                            principal, interest, principal + interest),
                date);
  }
  std::string value(const std::string& no, int fen, const std::string& base) {
    return must({"eva"}, "IpValued",
                fmt::format(R"("reportNo":"{}","evaluator":"{}","ips":["{}"],"valueFen":{},"baseDate":"{}")", no,
                            kEvaluator, kPatent, fen, base));
  }
};

TEST_F(Deals, P21RelatedContractAndP22Notice) {
  std::string between = contract("C", "");
  contract("listed", R"(,"pricing":"LISTED")", kUniversity, "uni");
  contract("company", R"(,"pricing":"NEGOTIATED")");
  contract("noticed", R"(,"pricing":"NEGOTIATED","noticeFrom":"2026-02-01","noticeTo":"2026-02-15")", kUniversity,
           "uni");
  EXPECT_EQ(found("P22"), Subjects{});
  std::string brief = contract("brief", R"(,"pricing":"NEGOTIATED","noticeFrom":"2026-02-02","noticeTo":"2026-02-15")",
                               kUniversity, "uni");
  expectOne("P22", "brief", 90000, {defaultRule, brief});
  contract("silent", R"(,"pricing":"NEGOTIATED")", kUniversity, "uni");
  EXPECT_EQ(found("P22"), (Subjects{"brief", "silent"}));
  EXPECT_EQ(found("P21"), Subjects{});
  must({"plt2", "cus"}, "TechContractSigned",
       fmt::format(R"("contract":"D","contractType":"SERVICE","seller":"{}","buyer":"{}","totalFen":7,"techFen":7)",
                   kOther, kClient));
  std::string signedOn = last();
  std::string relation = related(kClient, kOther);
  expectOne("P21", "D", 7, {signedOn, relation});
}

TEST_F(Deals, P23P24P25Registration) {
  std::string one = contract("C", R"(,"validTo":"2026-03-31")");
  contract("D", "");
  must({"plt", "cus"}, "TechContractAmended",
       fmt::format(R"("contract":"D","seller":"{}","buyer":"{}","totalFen":90000,"techFen":40000,"reason":"r")", kPayee,
                   kClient));
  enrol("D", 40000);
  EXPECT_EQ(found("P23"), Subjects{}) << "as amended";
  EXPECT_EQ(found("P25"), Subjects{}) << "below the threshold";
  contract("reviewed", R"(,"validTo":"2026-03-31")");
  enrol("reviewed", 50000, R"(,"expertReview":true)", "2026-03-31");
  EXPECT_EQ(found("P24"), Subjects{});
  EXPECT_EQ(found("P25"), Subjects{});
  std::string late = enrol("C", 50001, "", "2026-04-01");
  expectOne("P23", "C", 1, {one, late});
  expectOne("P24", "C", -1, {one, late});
  expectOne("P25", "C", 50001, {one, late});
}

TEST_F(Deals, P26EndedAfterRelief) {
  auto end = [&](const std::string& id, const std::string& how, bool relief) {
    return must({"plt", "cus"}, "TechContractEnded",
                fmt::format(R"("contract":"{}","seller":"{}","buyer":"{}","end":"{}","taxReliefUsed":{})", id, kPayee,
                            kClient, how, relief));
  };
  std::string one = contract("C", "");
  contract("done", "");
  contract("plain", "");
  end("done", "COMPLETED", true);
  end("plain", "TERMINATED", false);
  EXPECT_EQ(found("P26"), Subjects{});
  std::string ended = end("C", "TERMINATED", true);
  expectOne("P26", "C", 50000, {one, ended});
}

TEST_F(Deals, P27P28Distribution) {
  std::string notice = R"(,"noticeFrom":"2026-02-01","noticeTo":"2026-02-15")";
  distribute("half", 501, notice);
  distribute("firm", 1, R"(,"ownRules":true)", "plt", kPayee);
  EXPECT_EQ(found("P27"), Subjects{});
  EXPECT_EQ(found("P28"), Subjects{});
  std::string low = distribute("low", 499, notice + R"(,"ownRules":true)");
  expectOne("P27", "distribution low", 1, {defaultRule, low});
  std::string quiet = distribute("quiet", 600, R"(,"noticeFrom":"2026-02-02","noticeTo":"2026-02-15")");
  expectOne("P28", "distribution quiet", 600, {defaultRule, quiet});
  distribute("unruled", 1, "", "plt", kPayee);
  EXPECT_EQ(found("P27"), (Subjects{"distribution low", "distribution unruled"}));
}

TEST_F(Deals, P29EquityUnvalued) {
  platform();
  patent();
  auto take = [&](const std::string& id, const std::string& more) {
    return must({"plt", "cus"}, "EquityTaken",
                fmt::format(R"("stake":"{}","platform":"P","investee":"{}","shareBp":500,"valuationFen":80{})", id,
                            kClient, more));
  };
  std::string rights = fmt::format(R"(,"ips":["{}"])", kPatent);
  take("named", R"(,"valuationRef":"V-1")");
  EXPECT_EQ(found("P29"), Subjects{});
  std::string bare = take("bare", rights);
  value("1", 100, "2026-01-01");
  take("recorded", rights);
  expectOne("P29", "stake bare", 80, {bare});
}

TEST_F(Deals, P51TheRegisterSaysOtherwise) {
  patent();
  agree("A");
  std::string ours = enter("A");
  observe("PE01", R"(,"reference":"Y-A")");
  EXPECT_EQ(found("P51"), Subjects{});
  std::string ended = observe("PC01", "", "2026-03-02");
  expectOne("P51", std::string("ip ") + kPatent + " PC01", 600, {ours, ended});
  release("A", "2026-03-02");
  EXPECT_EQ(found("P51"), Subjects{}) << "the ledger has caught up";
  observe("PE01", R"(,"reference":"Y-unknown")");
  observe("TR01");
  observe("EE01");
  std::string ip = std::string("ip ") + kPatent;
  EXPECT_EQ(found("P51"), (Subjects{ip + " EE01", ip + " PE01", ip + " TR01"}));
  must({"cus", "cus2"}, "IpLicensed", fmt::format(R"("licence":"L","ip":"{}","licensee":"{}")", kPatent, kClient2));
  must({"cus", "cus2"}, "IpTransferred", fmt::format(R"("ip":"{}","owners":[{{"party":"{}"}}])", kPatent, kClient2));
  EXPECT_EQ(found("P51"), Subjects{ip + " PE01"});
}

TEST_F(Deals, P52MovedInPledge) {
  patent();
  agree("A");
  std::string ours = enter("A", "2026-03-10");
  observe("TR01", R"(,"effectiveOn":"2026-03-09")");
  EXPECT_EQ(found("P52"), Subjects{}) << "before the pledge";
  std::string moved = observe("TR01", R"(,"effectiveOn":"2026-03-10")");
  expectOne("P52", std::string("ip ") + kPatent + " TR01", 600, {ours, moved});
}

TEST_F(Deals, P53PledgedElsewhere) {
  patent();
  agree("A");
  std::string held = enter("A");
  EXPECT_EQ(found("P53"), Subjects{});
  std::string next = agree("B");
  expectOne("P53", "B", 600, {held, next});
  release("A");
  agree("C");
  EXPECT_EQ(found("P53"), Subjects{"B"});
}

TEST_F(Deals, P54FeeDue) {
  patent();
  std::string paid = observe("FEE", R"(,"feePaidTo":"2026-06-30")");
  EXPECT_EQ(found("P54", "2026-04-02"), Subjects{}) << "not in pledge";
  agree("A");
  std::string held = enter("A");
  EXPECT_EQ(found("P54", "2026-04-01"), Subjects{});
  expectOne("P54", std::string("ip ") + kPatent, 600, {held, paid}, "2026-04-02");
  observe("FEE", R"(,"feePaidTo":"2027-06-30")");
  EXPECT_EQ(found("P54", "2026-04-02"), Subjects{});
}

TEST_F(Deals, P55P56Valuation) {
  patent();
  std::string old = value("old", 1001, "2025-02-28");
  std::string first = agree("A");
  EXPECT_EQ(found("P55"), Subjects{});
  expectOne("P56", "A", 600, {old, first});
  std::string fresh = value("fresh", 1001, "2025-03-01");
  agree("B");
  EXPECT_EQ(found("P56"), Subjects{}) << "the newest valuation before the agreement counts";
  std::string high = agree("C", 601);
  expectOne("P55", "C", 1, {fresh, high});
}

TEST_F(Deals, P57RegisteredLate) {
  patent();
  std::string first = agree("A");
  enter("A", "2026-03-31");
  must({"cus", "bnk"}, "PledgeAmended", R"("pledge":"A","amountFen":500,"reason":"r","changedOn":"2026-04-01")",
       "2026-05-01");
  EXPECT_EQ(found("P57"), Subjects{});
  std::string late = must({"cus", "bnk"}, "PledgeAmended",
                          R"("pledge":"A","amountFen":400,"reason":"r","changedOn":"2026-04-01")", "2026-05-02");
  expectOne("P57", "A", -1, {late});
  release("A");
  std::string second = agree("B");
  std::string registered = enter("B", "2026-04-01");
  EXPECT_EQ(found("P57"), (Subjects{"A", "B"}));
}

TEST_F(Deals, P58ReleasedLateAndP59EndedRight) {
  patent();
  agree("A");
  std::string held = enter("A");
  EXPECT_EQ(found("P58", "2027-03-31"), Subjects{});
  expectOne("P58", "A", 600, {held}, "2027-04-01");
  std::string loan = lend("L", "A");
  draw("L");
  EXPECT_EQ(found("P58", "2027-04-01"), Subjects{}) << "a debt that is not repaid keeps its pledge";
  EXPECT_EQ(found("P59"), Subjects{});
  std::string ended = observe("CF01");
  expectOne("P59", "loan L", 600, {loan, held, ended});
  observe("RR01");
  EXPECT_EQ(found("P59"), Subjects{});
  std::string repaid = repay("L", 600, 10, "2026-05-01");
  EXPECT_EQ(found("P58", "2026-05-31"), Subjects{});
  expectOne("P58", "A", 600, {held, repaid}, "2026-06-01");
  release("A", "2026-05-31");
  EXPECT_EQ(found("P58", "2027-06-01"), Subjects{});
}

TEST_F(Deals, P60AidAboveCost) {
  patent();
  agree("A");
  std::string loan = lend("L", "A");
  draw("L");
  std::string repaid = repay("L", 100, 10, "2026-05-01");
  auto aid = [&](const std::string& id, int fen) {
    return must(
        {"trs"}, "FinanceAidPaid",
        fmt::format(R"("aid":"{}","kind":"INTEREST","recipient":"{}","loan":"L","amountFen":{})", id, kClient, fen));
  };
  std::string one = aid("1", 10);
  EXPECT_EQ(found("P60"), Subjects{});
  std::string two = aid("2", 3);
  expectOne("P60", "loan L", 3, {repaid, one, two});
}

TEST_F(Deals, WhatAuditorsRaiseStandsBesideWhatIsFound) {
  std::string given = award("A", 600);
  std::string claim = spend("A", "I", 601 - 1);
  std::string extra = spend("A", "J", 1);
  auto raise = [&](const std::string& id, const std::string& code, const std::string& more) {
    return must(
        {"aud"}, "AuditFindingRaised",
        fmt::format(R"("finding":"{}","code":"{}","severity":"MEDIUM","audited":"{}","amountFen":1,"legalBasis":"l",)"
                    R"("dueOn":"2026-05-01","text":"t"{})",
                    id, code, kPayee, more));
  };
  std::string before = last();
  raise("F1", "S09", fmt::format(R"(,"targets":["{}"])", extra));
  raise("F2", "S08", "");
  must({"plt"}, "AuditFindingAnswered", R"("finding":"F1","answer":"已退回")");
  Table table = audit({"", "S09", {}});
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(cell(table, 0, "detected"), "auto");
  EXPECT_EQ(cell(table, 0, "finding"), "F1");
  EXPECT_EQ(cell(table, 0, "state"), "answered");
  EXPECT_EQ(cell(table, 0, "answer"), "已退回");
  EXPECT_EQ(cell(table, 0, "due_on"), "2026-05-01");
  EXPECT_EQ(cell(table, 1, "detected"), "AUD");
  EXPECT_EQ(cell(table, 1, "title_en"), cell(table, 0, "title_en"));
  EXPECT_TRUE(isOpenFinding(table.rows[1]));
  must({"aud"}, "AuditFindingClosed", R"("finding":"F1","outcome":"RECTIFIED")");
  table = audit({"", "S09", {}});
  EXPECT_EQ(cell(table, 1, "state"), "closed");
  EXPECT_FALSE(isOpenFinding(table.rows[1]));
  EXPECT_EQ(audit({"", "S09", {}}, "2026-03-01", before).rows.size(), 1u) << "not raised then";
  Table manual = audit({"", "S08", {}});
  ASSERT_EQ(manual.rows.size(), 1u);
  EXPECT_EQ(cell(manual, 0, "subject"), std::string("party ") + kPayee);
  auto m = model();
  EXPECT_EQ(runFindings(*m, *m->asOf(""), {"", "S99", {}}).error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace pilotledger::query
