// Findings on how awards are applied for, bought with, accepted and recovered: S19 to S27, P41 to P47.
#include "tests/support/books_fixture.h"

namespace pilotledger::query {
namespace {

TEST_F(Books, S19RelatedSupplier) {
  award("A", 5000);
  std::string bought = (spend("A", "I", 60, fmt::format(R"(,"supplierParty":"{}")", kOther)), last());
  related(kPayee, kClient);
  EXPECT_EQ(found("S19"), Subjects{});
  std::string relation = related(kOther, kPayee);
  expectOne("S19", "A", 60, {bought, relation});
}

TEST_F(Books, S19SameControllers) {
  auto party = [&](const std::string& id, char commitment) {
    return must({"operator"}, "PartyRegistered",
                fmt::format(R"("party":"{}","name":"n","kind":"ENTERPRISE","controllersCommitment":"{}")", id,
                            std::string(64, commitment)));
  };
  must({"operator"}, "PartyRegistered", R"("party":"us:none","name":"n","kind":"ENTERPRISE")");
  std::string one = party("us:1", 'a'), two = party("us:2", 'a');
  party("us:3", 'b');
  auto buy = [&](const std::string& award, const std::string& invoice, const std::string& supplier) {
    must({"imp"}, "ExpenditureRecorded",
         fmt::format(R"("award":"{}","spender":"us:1","basis":"INVOICE","claimFen":5,"supplierParty":"{}",)"
                     R"("invoice":{{"number":"{}","totalFen":5}})",
                     award, supplier, invoice),
         R"("source":"s#1",)");
    return last();
  };
  must({"trs", "eit"}, "SubsidyAwarded", R"("award":"A","payee":"us:1","instrument":"other","amountFen":9)");
  buy("A", "I", "us:3");
  buy("A", "J", "us:none");
  EXPECT_EQ(found("S19"), Subjects{});
  std::string bought = buy("A", "K", "us:2");
  expectOne("S19", "A", 5, {bought, two});
}

TEST_F(Books, S20NoTenderOrSplit) {
  award("A", 90000);
  auto buy = [&](const std::string& invoice, int fen, const std::string& more, const std::string& date = "2026-03-01") {
    return must(
        {"plt"}, "ExpenditureRecorded",
        fmt::format(
            R"("award":"A","spender":"{}","basis":"INVOICE","claimFen":{},"invoice":{{"number":"{}","totalFen":{}}}{})",
            kPayee, fen, invoice, fen, more),
        date);
  };
  buy("tendered", 2000, R"(,"procurement":"OPEN_TENDER")");
  buy("small", 1999, R"(,"procurement":"QUOTATION","supplier":"S")");
  buy("month-later", 1999, R"(,"procurement":"QUOTATION","supplier":"S")", "2026-04-01");
  buy("other-supplier", 1999, R"(,"supplier":"T")");
  EXPECT_EQ(found("S20"), Subjects{});
  std::string large = buy("large", 2000, R"(,"procurement":"SINGLE_SOURCE")");
  expectOne("S20", "A", 2000, {large});
  buy("within", 1, R"(,"supplier":"T")", "2026-03-31");
  EXPECT_EQ(found("S20"), (Subjects{"A", "A"}));
}

TEST_F(Books, S22NotAcceptedInTime) {
  std::string given = award("A", 1000, R"(,"periodFrom":"2026-01-01","periodTo":"2026-03-31")");
  std::string due = award("B", 1000, R"(,"acceptanceDue":"2026-12-31")");
  EXPECT_EQ(found("S22", "2026-09-30"), Subjects{});  // six months after the last of March
  expectOne("S22", "A", 1000, {given}, "2026-10-01");
  std::string passed =
      must({"eit", "eva"}, "SubsidyAcceptance", R"("award":"A","result":"PASSED","confirmedFen":9)", "2026-09-30");
  EXPECT_EQ(found("S22", "2026-12-31"), Subjects{});
  must({"eit", "eva"}, "SubsidyAcceptance", R"("award":"B","result":"RECTIFY","confirmedFen":9)", "2026-10-01");
  expectOne("S22", "B", 1000, {due}, "2027-01-01");
}

TEST_F(Books, S23BelowTarget) {
  std::string given = award("A", 1000, R"(,"kpis":[{"name":"runs","target":"10"}])");
  must({"eva"}, "SubsidyEvaluated", R"("award":"A","results":[{"name":"runs","actual":"1"}])");
  must({"eva"}, "SubsidyEvaluated",
       R"("award":"A","results":[{"name":"runs","actual":"9"},{"name":"clients","actual":"5","target":"5"}])");
  EXPECT_EQ(found("S23"), Subjects{}) << "nine tenths is enough, and the newest evaluation counts";
  std::string judged = must({"eva"}, "SubsidyEvaluated", R"("award":"A","results":[{"name":"runs","actual":"8.9"}])");
  expectOne("S23", "A", 1000, {given, judged});
}

TEST_F(Books, S24NotRepaid) {
  award("A", 1000);
  receive("A", 1000, "2026-03-02");
  std::string ordered = must(
      {"trs"}, "ClawbackOrdered",
      fmt::format(R"("clawback":"C","award":"A","payee":"{}","amountFen":500,"legalBasis":"l","dueOn":"2026-06-30")",
                  kPayee));
  auto repay = [&](int fen) {
    return must({"plt"}, "ClawbackRepaid",
                fmt::format(R"("clawback":"C","award":"A","payee":"{}","amountFen":{})", kPayee, fen));
  };
  std::string part = repay(400);
  EXPECT_EQ(found("S24", "2026-06-30"), Subjects{});
  expectOne("S24", "clawback C", 100, {ordered, part}, "2026-07-01");
  repay(100);
  EXPECT_EQ(found("S24", "2026-07-01"), Subjects{});
}

TEST_F(Books, S25OneHandForTwoDuties) {
  auto apply = [&](const std::string& id) {
    return must(
        {"plt"}, "SubsidyApplied",
        fmt::format(R"("application":"{}","applicant":"{}","instrument":"{}","requestedFen":9)", id, kPayee, id));
  };
  apply("right");
  award("A", 1000, R"(,"application":"right")");
  spend("A", "I", 70, fmt::format(R"(,"supplierParty":"{}")", kOther));
  must({"eit", "eva"}, "SubsidyAcceptance", R"("award":"A","result":"PASSED","confirmedFen":9)");
  EXPECT_EQ(found("S25"), Subjects{});
  town.bind("double", kPayee, R"("EIT","TRS")");
  std::string asked = apply("wrong");
  std::string given = must(
      {"double"}, "SubsidyAwarded",
      fmt::format(R"("award":"B","payee":"{}","instrument":"other","amountFen":50,"application":"wrong")", kPayee));
  expectOne("S25", "B", 50, {asked, given});
  award("C", 1000);
  spend("C", "J", 70, fmt::format(R"(,"supplierParty":"{}")", kEvaluator));
  must({"eit", "eva"}, "SubsidyAcceptance", R"("award":"C","result":"PASSED","confirmedFen":9)");
  EXPECT_EQ(found("S25"), (Subjects{"B", "C"}));
}

TEST_F(Books, S27PresentedFiles) {
  award("A", 1000);
  std::string committed(64, 'c'), other(64, 'd');
  std::string report(64, 'e');
  must({"plt"}, "ExpenditureRecorded",
       fmt::format(
           R"("award":"A","spender":"{}","basis":"INVOICE","claimFen":1,"invoice":{{"number":"I","totalFen":1}})",
           kPayee),
       fmt::format(R"("evidence":[{{"kind":"INVOICE","hash":"{}","locator":"档案/2026/i.pdf"}}],)", committed));
  std::string claim = last();
  must({"eit", "eva"}, "SubsidyAcceptance",
       fmt::format(R"("award":"A","result":"PASSED","confirmedFen":9,"reportHash":"{}")", report));
  auto present = [&](const std::string& path, const std::string& hash) {
    return audit({"", "S27", {{path, {std::string(64, '0'), hash}}}}).rows;
  };
  EXPECT_TRUE(present("copy/i.pdf", committed).empty());
  EXPECT_TRUE(present("renamed.pdf", committed).empty()) << "the content is what counts";
  EXPECT_TRUE(present("report.pdf", report).empty()) << "every hash in an event is a commitment";
  EXPECT_TRUE(audit({"", "S27", {}}).rows.empty());
  auto changed = present("copy/i.pdf", other);
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(std::get<std::string>(changed[0][4]), "copy/i.pdf");
  EXPECT_EQ(std::get<std::string>(changed[0][9]), claim);
  EXPECT_EQ(present("copy/i.pdf", report).size(), 1u) << "the content of another record under this name";
  auto unknown = present("unknown.pdf", other);
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(unknown[0][9])) << "no entry speaks of it";
}

TEST_F(Books, P41AppliedTwiceAndP42Publicised) {
  auto apply = [&](const std::string& id, const std::string& date, const std::string& instrument = "other") {
    return must({"plt"}, "SubsidyApplied",
                fmt::format(R"("application":"{}","applicant":"{}","instrument":"{}","requestedFen":9)", id, kPayee,
                            instrument),
                date);
  };
  auto publicise = [&](const std::string& id, const std::string& from, const std::string& to) {
    return must({"eit"}, "SubsidyPublicized",
                fmt::format(R"("notice":"N-{}","applications":["{}"],"from":"{}","to":"{}")", id, id, from, to));
  };
  std::string first = apply("2025", "2025-02-01");
  apply("2026", "2026-01-05");
  apply("else", "2026-01-05", "else");
  publicise("2026", "2026-02-01", "2026-02-05");
  award("A", 100, R"(,"application":"2026")", "2026-02-06");
  apply("again", "2026-02-07");
  EXPECT_EQ(found("P41"), Subjects{}) << "another year, another instrument, or decided";
  EXPECT_EQ(found("P42"), Subjects{});
  std::string repeated = apply("twice", "2025-03-01");
  expectOne("P41", "application twice", 9, {first, repeated});
  std::string quiet = award("quiet", 100);
  expectOne("P42", "quiet", 100, {quiet});
  publicise("again", "2026-02-25", "2026-02-28");
  award("short", 100, R"(,"application":"again")");
  publicise("else", "2026-02-25", "2026-03-01");
  award("same-day", 100, R"(,"application":"else")");
  EXPECT_EQ(found("P42"), (Subjects{"quiet", "same-day", "short"}));
}

TEST_F(Books, P44AcceptedWithAnOpenFinding) {
  auto raise = [&](const std::string& id, const std::string& award) {
    return must(
        {"aud"}, "AuditFindingRaised",
        fmt::format(R"("finding":"{}","code":"S08","severity":"HIGH","audited":"{}","award":"{}","amountFen":70,)"
                    R"("legalBasis":"l","text":"t")",
                    id, kPayee, award));
  };
  award("A", 100);
  award("B", 100);
  raise("F1", "A");
  std::string open = raise("F2", "B");
  must({"aud"}, "AuditFindingClosed", R"("finding":"F1","outcome":"RECTIFIED")");
  must({"eit", "eva"}, "SubsidyAcceptance", R"("award":"A","result":"PASSED","confirmedFen":9)");
  EXPECT_EQ(found("P44"), Subjects{});
  std::string accepted = must({"eit", "eva"}, "SubsidyAcceptance", R"("award":"B","result":"PASSED","confirmedFen":9)");
  must({"aud"}, "AuditFindingClosed", R"("finding":"F2","outcome":"RECTIFIED")");
  expectOne("P44", "B", 70, {open, accepted});
}

TEST_F(Books, P45StackedFunding) {
  platform();
  must(
      {"eit", "trs"}, "PolicyRuleSetPublished",
      R"("ruleSet":"stack","jurisdiction":"330000","instrument":"stack","effectiveFrom":"2025-01-01","stacking":true)");
  for (const char* id : {"J", "K"}) {
    must({"plt", "cus"}, "PilotProjectAccepted",
         fmt::format(R"("project":"{}","platform":"P","client":"{}","title":"t")", id, kClient));
  }
  std::string one = award("A", 100, R"(,"project":"J")");
  award("B", 100, R"(,"project":"K")");
  award("C", 100, R"(,"project":"K")", "2026-03-01", "stack");
  EXPECT_EQ(found("P45"), Subjects{});
  std::string bond =
      must({"trs"}, "BondProceedsAllocated",
           fmt::format(R"("allocation":"B1","bond":"LOCAL_GOVERNMENT","recipient":"{}","project":"J","amountFen":40)",
                       kPayee));
  expectOne("P45", "project J", 40, {one, bond});
}

// An amount is compared with a limit of its own currency; that it could not be compared is a finding of its own.
TEST_F(Books, S29LimitsInAnotherCurrency) {
  auto inEuro = [](const std::string& date) { return R"("currency":"EUR","legalDate":")" + date + R"(",)"; };
  std::string body = R"("award":"E","payee":"91330100MA2PLT015B","instrument":"equipment","amountFen":1001)";
  std::string award = must({"trs", "eit"}, "SubsidyAwarded", body, inEuro("2026-03-01"));
  EXPECT_EQ(found("S01"), Subjects{}) << "1,001 of one currency are not above 1,000 of another";
  EXPECT_EQ(found("S29"), Subjects{"E"});
  must({"eit"}, "VoucherIssued",
       fmt::format(R"("voucher":"VE","holder":"{}","faceFen":1001,"validTo":"2027-12-31")", kClient),
       inEuro("2026-03-01"));
  EXPECT_EQ(found("P47"), Subjects{});
  EXPECT_EQ(found("S29"), (Subjects{"E", std::string("party ") + kClient + " 2026"}));
  EXPECT_EQ(found("S01"), Subjects{});
}

TEST_F(Books, P46P47Vouchers) {
  platform();
  auto issue = [&](const std::string& id, int fen, const std::string& date = "2026-03-01") {
    return must({"eit"}, "VoucherIssued",
                fmt::format(R"("voucher":"{}","holder":"{}","faceFen":{},"validTo":"2027-12-31")", id, kClient, fen),
                date);
  };
  std::string one = issue("V1", 600), two = issue("V2", 400);
  issue("next-year", 1000, "2027-01-01");
  EXPECT_EQ(found("P47"), Subjects{});
  std::string three = issue("V3", 1);
  expectOne("P47", std::string("party ") + kClient + " 2026", 1, {one, two, three});
  std::string used = must({"cus", "plt"}, "VoucherRedeemed", R"("voucher":"V1","platform":"P","amountFen":600)");
  EXPECT_EQ(found("P46"), Subjects{});
  std::string relation = related(kClient, kPayee);
  expectOne("P46", "voucher V1", 600, {one, used, relation});
}

}  // namespace
}  // namespace pilotledger::query
