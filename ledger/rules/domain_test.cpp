// The rest of the domain: what each kind does to the entities it names, the refusal and the legal
// case next to it, and what happens when it is taken back.
#include "tests/support/province_fixture.h"

namespace pilotledger::ledger {
namespace {

constexpr const char* kInsurer = "91330100MA99N00156";
constexpr const char* kGuarantor = "91330100MA99G0017X";
constexpr const char* kLessor = "91330100MA99R0017K";
constexpr const char* kFund = "91330100MA99F0011K";
constexpr const char* kTown = "11330282MB9902019Y";

class Domain : public Province {
 protected:
  void takeBack(const std::vector<std::string>& signers, const std::string& target) {
    must(signers, "EventReversed", reverse(target));
  }
  std::string attribute(const std::string& entity, std::string_view name) {
    auto record = town.ledger().entity(entity);
    EXPECT_TRUE(record.ok() && *record) << entity;
    return std::string((*record)->get(name));
  }
  void pledged() {
    patent();
    must({"cus", "bnk"}, "PledgeAgreed", agreement("P"));
    must({"cus", "bnk"}, "PledgeRegistered", registration("P", "1"));
  }
  void contract() {
    must(
        {"plt", "cus"}, "TechContractSigned",
        fmt::format(R"("contract":"C","contractType":"SERVICE","seller":"{}","buyer":"{}","totalFen":100,"techFen":80)",
                    kPlatform, kClient));
  }
  void received() {
    award();
    must({"trs"}, "SubsidyDisbursed", fmt::format(R"("award":"A","payee":"{}","amountFen":600)", kPlatform));
    must({"plt"}, "SubsidyReceived", fmt::format(R"("award":"A","payee":"{}","amountFen":600)", kPlatform));
  }
};

TEST_F(Domain, PlatformsAreReevaluatedPromotedAndWithdraw) {
  platform();
  std::string review = R"("platform":"P","result":"PASSED","score":"91.5","nextDue":"2028-03-01")";
  expectRule("R-PLATFORM-STATE", {"eit"}, "PlatformReevaluated", review);
  must({"city"}, "PlatformRecognized", R"("platform":"P","level":"MUNICIPAL")");
  must({"eit"}, "PlatformReevaluated", review);
  std::string promote = R"("platform":"P","docNo":"工信厅科函〔2026〕1号")";
  expectRule("R-PLATFORM-STATE", {"eit"}, "PlatformPromoted", promote);
  must({"eit"}, "PlatformRecognized", R"("platform":"P","level":"PROVINCIAL")");
  expectRule("R-RECOGNITION-LEVEL", {"city"}, "PlatformPromoted", promote);
  std::string promoted = recordId({"eit"}, "PlatformPromoted", promote);
  EXPECT_EQ(attribute("platform:P", "state"), "national");
  takeBack({"eit"}, promoted);
  EXPECT_EQ(attribute("platform:P", "state"), "provincial");
  std::string withdraw = R"("platform":"P","reason":"复评不通过","effectiveOn":"2026-03-01")";
  std::string withdrawn = recordId({"eit"}, "PlatformWithdrawn", withdraw);
  expectRule("R-PLATFORM-STATE", {"eit"}, "PlatformWithdrawn", withdraw);
  std::string awarded =
      fmt::format(R"("award":"W","payee":"{}","platform":"P","instrument":"i","amountFen":1)", kPlatform);
  expectRule("R-WITHDRAWN", {"trs", "eit"}, "SubsidyAwarded", awarded);
  expectRule("R-WITHDRAWN", {"plt", "cus"}, "PilotProjectAccepted",
             R"("project":"J","platform":"P","client":"91330400MA2ENT032U","title":"t")");
  expectRule("R-WITHDRAWN", {"eit"}, "PlatformRecognized", R"("platform":"P","level":"PROVINCIAL")");
  // What was due before the withdrawal may still be recorded.
  must({"trs", "eit"}, "SubsidyAwarded", awarded, R"("legalDate":"2026-02-28",)");
  takeBack({"eit"}, withdrawn);
  EXPECT_EQ(attribute("platform:P", "state"), "provincial");
  must({"plt"}, "QualificationRecorded",
       fmt::format(R"("holder":"{}","platform":"P","kind":"CMA","number":"241112050001","validTo":"2030-01-01")",
                   kPlatform));
  expectRule("R-UNIQUE", {"plt"}, "QualificationRecorded",
             fmt::format(R"("holder":"{}","kind":"CMA","number":"241112050001")", kPlatform));
  must({"plt"}, "ServiceListPublished",
       R"("platform":"P","version":1,"items":[{"code":"S1","name":"放大试验","unit":"批","priceFen":5000000}])");
  must({"plt"}, "MilestoneRecorded", R"("platform":"P","kind":"TRAINING_BASE","title":"工程师实训基地","count":1)");
  must({"plt"}, "OperatingCostReported",
       R"("platform":"P","periodFrom":"2026-01-01","periodTo":"2026-01-31","line":"energy","costFen":100)");
  expectRule("R-POSITIVE", {"plt"}, "OperatingCostReported",
             R"("platform":"P","periodFrom":"2026-02-01","periodTo":"2026-02-28","line":"energy","costFen":-1)");
}

TEST_F(Domain, ProjectsAreAmendedAcceptedAndLeadToOutcomes) {
  project();
  std::string accept = R"("project":"J","result":"SUCCESS","trlBefore":5,"trlAfter":7)";
  expectRule("R-RUNS", {"plt", "cus"}, "PilotAccepted", accept);
  auto run = [](const std::string& id, int batches) {
    return fmt::format(R"("run":"{}","project":"J","platform":"P","result":"SUCCESS","batchesDone":{})", id, batches);
  };
  must({"plt"}, "PilotRunRecorded", run("R1", 3));
  expectRule("R-BATCHES", {"plt"}, "PilotRunRecorded", run("R2", 1));
  expectRule("R-BATCHES", {"plt", "cus"}, "PilotProjectAmended", R"("project":"J","batchesPlanned":2,"reason":"r")");
  must({"plt", "cus"}, "PilotProjectAmended", R"("project":"J","batchesPlanned":4,"reason":"客户追加")");
  must({"plt"}, "PilotRunRecorded", run("R2", 1));
  expectRule("R-TRL", {"plt", "cus"}, "PilotAccepted", R"("project":"J","result":"SUCCESS","trlAfter":10)");
  std::string accepted = recordId({"plt", "cus"}, "PilotAccepted", accept);
  expectRule("R-PROJECT-STATE", {"plt", "cus"}, "PilotAccepted", accept);
  expectRule("R-PROJECT-STATE", {"plt"}, "PilotRunRecorded", run("R3", 0));
  takeBack({"plt", "cus"}, accepted);
  must({"plt"}, "PilotRunRecorded", run("R3", 0));
  must({"plt", "cus"}, "PilotAccepted", accept);
  std::string evaluator = "91330000MA99E00166";
  must({"eva"}, "OutcomeEvaluated",
       fmt::format(R"("outcome":"O","project":"J","evaluator":"{}","method":"MEETING","level":"NATIONAL_LEADING")",
                   evaluator));
  must({"plt"}, "OutcomeRegistered",
       fmt::format(R"("outcome":"O","project":"J","regNo":"9332026Y0001","stage":"MIDDLE","title":"t","owners":["{}"])",
                   kPlatform));
  expectRule("R-UNIQUE", {"plt"}, "OutcomeRegistered",
             R"("outcome":"O2","project":"J","regNo":"9332026Y0001","title":"t")");
  must({"plt", "cus"}, "PilotProjectAccepted",
       R"("project":"J2","platform":"P","client":"91330400MA2ENT032U","title":"t")");
  expectRule("R-OUTCOME-PROJECT", {"plt"}, "OutcomeRegistered",
             R"("outcome":"O","project":"J2","regNo":"9332026Y0002","title":"t")");
  expectRule("R-EXISTS", {"eit"}, "FirstProductRecognized",
             R"("outcome":"X","class":"MATERIAL","listNo":"浙经信材料〔2026〕1号")");
  must({"eit"}, "FirstProductRecognized",
       R"("outcome":"O","class":"MATERIAL","listNo":"浙经信材料〔2026〕1号","year":2026)");
  must({"plt"}, "IncidentReported", R"("incident":"I1","platform":"P","run":"R1","kind":"SAFETY","severity":"MINOR")");
  must({"plt"}, "TradeSecretCommitted",
       fmt::format(R"("owner":"{}","commitment":"{}","fields":3,"run":"R1")", kPlatform, std::string(64, 'a')));
}

TEST_F(Domain, ContractsAreAmendedAndEndedByTheirParties) {
  contract();
  auto amend = [](const std::string& seller, const std::string& buyer, int total, int tech) {
    return fmt::format(R"("contract":"C","seller":"{}","buyer":"{}","totalFen":{},"techFen":{},"reason":"r")", seller,
                       buyer, total, tech);
  };
  expectRule("R-CONTRACT-PARTIES", {"plt", "cus2"}, "TechContractAmended", amend(kPlatform, kClient2, 100, 50));
  expectRule("R-CONTRACT-PARTIES", {"plt", "cus"}, "TechContractAmended", amend(kClient, kPlatform, 100, 50));
  expectRule("R-TECH-VALUE", {"plt", "cus"}, "TechContractAmended", amend(kPlatform, kClient, 100, 101));
  must({"plt", "cus"}, "TechContractAmended", amend(kPlatform, kClient, 120, 90));
  EXPECT_EQ(attribute("contract:C", "total"), "120");
  std::string registered =
      recordId({"reg"}, "TechContractRegistered",
               R"("contract":"C","regNo":"20263300010001","confirmedTotalFen":120,"confirmedTechFen":90)");
  takeBack({"reg"}, registered);
  must({"reg"}, "TechContractRegistered",
       R"("contract":"C","regNo":"20263300010001","confirmedTotalFen":120,"confirmedTechFen":90)");
  std::string end = fmt::format(R"("contract":"C","seller":"{}","buyer":"{}","end":"TERMINATED","taxReliefUsed":true)",
                                kPlatform, kClient);
  must({"plt", "cus"}, "TechContractEnded", end);
  expectRule("R-CONTRACT-STATE", {"plt", "cus"}, "TechContractEnded", end);
  expectRule("R-CONTRACT-STATE", {"plt", "cus"}, "TechContractAmended", amend(kPlatform, kClient, 100, 50));
}

TEST_F(Domain, IncomeIsSharedWithinWhatCameIn) {
  auto resolve = [](const std::string& id, int share) {
    return fmt::format(R"("resolution":"{}","institution":"{}","netFen":100,"contributorFen":{},"contributors":3)", id,
                       kPlatform, share);
  };
  expectRule("R-DISTRIBUTION", {"plt"}, "IncomeDistributionResolved", resolve("D", 101));
  std::string resolved = recordId({"plt"}, "IncomeDistributionResolved", resolve("D", 60));
  auto pay = [](int fen) {
    return fmt::format(R"("resolution":"D","institution":"{}","amountFen":{})", kPlatform, fen);
  };
  expectRule("R-DISTRIBUTION", {"plt"}, "IncomeDistributionPaid", pay(61));
  must({"plt"}, "IncomeDistributionPaid", pay(60));
  expectRule("R-REVERSAL-STATE", {"plt"}, "EventReversed", reverse(resolved));
  std::string other = recordId({"plt"}, "IncomeDistributionResolved", resolve("E", 10));
  takeBack({"plt"}, other);
  must({"plt"}, "IncomeDistributionResolved", resolve("E", 20));
}

TEST_F(Domain, StakesAreGivenUpAtMostOnce) {
  platform();
  std::string stake =
      fmt::format(R"("stake":"S","platform":"P","investee":"{}","shareBp":3000,"valuationFen":900)", kClient);
  must({"plt", "cus"}, "EquityTaken", stake);
  expectRule("R-BASIS-POINTS", {"plt", "cus"}, "EquityTaken",
             fmt::format(R"("stake":"T","platform":"P","investee":"{}","shareBp":10001)", kClient));
  auto sell = [](int bp) { return fmt::format(R"("stake":"S","kind":"SALE","amountFen":10,"soldBp":{})", bp); };
  expectRule("R-STAKE", {"plt"}, "InvestmentReturned", sell(3001));
  expectRule("R-AUTHORITY", {"plt2"}, "InvestmentReturned", sell(1));
  must({"plt"}, "InvestmentReturned", sell(3000));
  must({"plt", "cus"}, "IncubateeGraduated", fmt::format(R"("platform":"P","firm":"{}","shareBp":500)", kClient));
}

TEST_F(Domain, MoneyGoesDownTheTreasuriesAndComesBack) {
  must({"plt"}, "SubsidyApplied",
       fmt::format(R"("application":"Q","applicant":"{}","instrument":"equipment","requestedFen":1000)", kPlatform));
  must({"eit"}, "SubsidyPublicized", R"("notice":"N","applications":["Q"],"from":"2026-02-01","to":"2026-02-08")");
  received();
  must({"operator"}, "PartyRegistered", fmt::format(R"("party":"{}","name":"县财政局","kind":"AUTHORITY")", kTown));
  auto pass = [](const char* to, int fen) {
    return fmt::format(R"("award":"A","from":"11330000MB99010246","to":"{}","amountFen":{})", to, fen);
  };
  expectRule("R-TWO-PARTIES", {"trs"}, "AppropriationPassed", pass("11330000MB99010246", 1));
  expectRule("R-AWARD-CONSERVATION", {"trs"}, "AppropriationPassed", pass(kTown, 1001));
  must({"trs"}, "AppropriationPassed", pass(kTown, 1000));
  must({"plt"}, "MatchingPaid", fmt::format(R"("award":"A","payee":"{}","amountFen":100)", kPlatform));
  auto adjust = [](int by) {
    return fmt::format(R"("award":"A","changes":[{{"line":"a","amountFen":5}},{{"line":"b","amountFen":{}}}])", by);
  };
  expectRule("R-BUDGET-SUM", {"plt", "eit"}, "BudgetAdjusted", adjust(-4));
  must({"plt", "eit"}, "BudgetAdjusted", adjust(-5));
  must({"plt"}, "ExpenditureRecorded",
       fmt::format(
           R"("award":"A","spender":"{}","basis":"INVOICE","claimFen":500,"invoice":{{"number":"I","totalFen":500}})",
           kPlatform));
  auto surplus = [](int fen) { return fmt::format(R"("award":"A","payee":"{}","amountFen":{})", kPlatform, fen); };
  must({"plt"}, "CarriedOver", R"("award":"A","toYear":2027,"amountFen":200)");
  expectRule("R-SURPLUS", {"plt"}, "CarriedOver", R"("award":"A","toYear":2027,"amountFen":201)");
  expectRule("R-SURPLUS", {"plt"}, "SurplusReturned", surplus(201));
  std::string returned = recordId({"plt"}, "SurplusReturned", surplus(200));
  expectRule("R-SURPLUS", {"plt"}, "SurplusReturned", surplus(1));
  takeBack({"plt"}, returned);
  must({"trs"}, "SubsidyEvaluated",
       R"("award":"A","score":"88","results":[{"name":"runs","actual":"9","target":"10"}])");
}

TEST_F(Domain, ClawbacksAreWithinWhatWasPaidAndRepaidOnce) {
  received();
  auto order = [](const std::string& id, int fen) {
    return fmt::format(
        R"("clawback":"{}","award":"A","payee":"{}","amountFen":{},"legalBasis":"国务院令第427号第十四条")", id,
        kPlatform, fen);
  };
  expectRule("R-CLAWBACK", {"trs"}, "ClawbackOrdered", order("B", 601));
  must({"trs"}, "ClawbackOrdered", order("B", 400));
  expectRule("R-CLAWBACK", {"trs"}, "ClawbackOrdered", order("B2", 201));
  std::string second = recordId({"trs"}, "ClawbackOrdered", order("B2", 200));
  auto repay = [](int fen) {
    return fmt::format(R"("clawback":"B","award":"A","payee":"{}","amountFen":{})", kPlatform, fen);
  };
  expectRule("R-CLAWBACK", {"plt", "trs"}, "ClawbackRepaid", repay(401));
  must({"plt", "trs"}, "ClawbackRepaid", repay(400));
  EXPECT_EQ(attribute("clawback:B", "state"), "repaid");
  EXPECT_EQ(attribute("award:A", "returned"), "400");
  takeBack({"trs"}, second);
  EXPECT_EQ(attribute("award:A", "clawback.ordered"), "400");
  must({"trs", "eit"}, "SubsidyAwarded",
       fmt::format(R"("award":"Z","payee":"{}","instrument":"i","amountFen":1000)", kPlatform));
  expectRule("R-CLAWBACK", {"plt"}, "ClawbackRepaid",
             fmt::format(R"("clawback":"B","award":"Z","payee":"{}","amountFen":1)", kPlatform));
}

TEST_F(Domain, AnAwardIsTakenBackOnlyUnused) {
  std::string awarded = recordId({"trs", "eit"}, "SubsidyAwarded",
                                 fmt::format(R"("award":"A","payee":"{}","instrument":"i","amountFen":10)", kPlatform));
  std::string paid =
      recordId({"trs"}, "SubsidyDisbursed", fmt::format(R"("award":"A","payee":"{}","amountFen":1)", kPlatform));
  expectRule("R-REVERSAL-STATE", {"trs", "eit"}, "EventReversed", reverse(awarded));
  takeBack({"trs"}, paid);
  takeBack({"trs", "eit"}, awarded);
  expectRule("R-EXISTS", {"trs"}, "SubsidyDisbursed",
             fmt::format(R"("award":"A","payee":"{}","amountFen":1)", kPlatform));
  award(20);
  EXPECT_EQ(attribute("award:A", "awarded"), "20");
}

TEST_F(Domain, AssetsMoveAndAreDisposedOfOnce) {
  must({"plt"}, "AssetInstalled", fmt::format(R"("asset":"E","owner":"{}","inUse":true)", kPlatform));
  must({"plt"}, "AssetMoved", R"("asset":"E","site":"二号车间","inUse":true)");
  std::string dispose = R"("asset":"E","mode":"SOLD","proceedsFen":5)";
  std::string disposed = recordId({"plt"}, "AssetDisposed", dispose);
  expectRule("R-ASSET-STATE", {"plt"}, "AssetDisposed", dispose);
  expectRule("R-ASSET-STATE", {"plt"}, "AssetMoved", R"("asset":"E","site":"x")");
  takeBack({"plt"}, disposed);
  must({"plt"}, "AssetMoved", R"("asset":"E","site":"x","inUse":true)");
}

TEST_F(Domain, VouchersAreUsedOnceWithinFaceAndTime) {
  platform();
  auto issue = [](const std::string& id) {
    return fmt::format(R"("voucher":"{}","holder":"{}","faceFen":100,"validTo":"2026-06-30")", id, kClient);
  };
  must({"trs"}, "VoucherIssued", issue("V"));
  auto redeem = [](int fen) { return fmt::format(R"("voucher":"V","platform":"P","amountFen":{})", fen); };
  expectRule("R-VOUCHER", {"trs"}, "VoucherSettled", redeem(1));
  expectRule("R-VOUCHER", {"cus", "plt"}, "VoucherRedeemed", redeem(101));
  expectRule("R-VOUCHER-EXPIRED", {"cus", "plt"}, "VoucherRedeemed", redeem(1), R"("legalDate":"2026-07-01",)");
  expectRule("R-AUTHORITY", {"cus2", "plt"}, "VoucherRedeemed", redeem(1));
  must({"cus", "plt"}, "VoucherRedeemed", redeem(90));
  expectRule("R-VOUCHER-STATE", {"cus", "plt"}, "VoucherRedeemed", redeem(1));
  expectRule("R-VOUCHER", {"trs"}, "VoucherSettled", redeem(91));
  must({"trs"}, "VoucherSettled", redeem(90));
  std::string other = recordId({"trs"}, "VoucherIssued", issue("V2"));
  takeBack({"trs"}, other);
  must({"trs"}, "BondProceedsAllocated",
       fmt::format(R"("allocation":"B","bond":"LOCAL_GOVERNMENT","recipient":"{}","amountFen":5)", kPlatform));
}

TEST_F(Domain, FindingsAreRaisedAnsweredAndClosedByIndependentAuditors) {
  award();
  std::string fact =
      recordId({"trs"}, "SubsidyDisbursed", fmt::format(R"("award":"A","payee":"{}","amountFen":1)", kPlatform));
  auto raise = [&](const std::string& id, const std::string& audited) {
    return fmt::format(R"("finding":"{}","code":"S07","severity":"HIGH","audited":"{}","award":"A","targets":["{}"],)"
                       R"("legalBasis":"b","text":"t")",
                       id, audited, fact);
  };
  expectRule(
      "R-EXISTS", {"aud"}, "AuditFindingRaised",
      fmt::format(
          R"("finding":"F","code":"S07","severity":"HIGH","audited":"{}","targets":["{}"],"legalBasis":"b","text":"t")",
          kPlatform, id()));
  expectRule("R-AUTHORITY", {"trs"}, "AuditFindingRaised", raise("F", kPlatform));
  expectRule("R-AUDITOR", {"aud"}, "AuditFindingRaised", raise("F", "11330000MB9904014T"));
  must({"aud"}, "AuditFindingRaised", raise("F", kPlatform));
  expectRule("R-AUTHORITY", {"plt2"}, "AuditFindingAnswered", R"("finding":"F","answer":"已整改")");
  must({"plt"}, "AuditFindingAnswered", R"("finding":"F","answer":"已整改","recoveredFen":10)");
  must({"aud"}, "AuditFindingClosed", R"("finding":"F","outcome":"RECTIFIED")");
  EXPECT_EQ(attribute("finding:F", "state"), "closed");
  expectRule("R-FINDING-STATE", {"plt"}, "AuditFindingAnswered", R"("finding":"F","answer":"again")");
  expectRule("R-FINDING-STATE", {"aud"}, "AuditFindingClosed", R"("finding":"F","outcome":"TRANSFERRED")");
}

TEST_F(Domain, PledgesAreAmendedRevokedAndEnforced) {
  pledged();
  auto amend = [](const std::string& to) {
    return fmt::format(R"("pledge":"P","amountFen":7,"debtTo":"{}","reason":"展期")", to);
  };
  expectRule("R-PLEDGE-TERM", {"cus", "bnk"}, "PledgeAmended", amend("2043-03-15"));
  must({"cus", "bnk"}, "PledgeAmended", amend("2028-03-01"));
  expectRule("R-POSITIVE", {"cus", "bnk"}, "PledgeAmended", R"("pledge":"P","amountFen":-1,"reason":"r")");
  std::string end = fmt::format(R"("pledge":"P","assets":["{}"],"ground":"发现不予登记情形")", kPatent);
  expectRule("R-AUTHORITY", {"bnk"}, "PledgeRevoked", end);
  must({"reg"}, "PledgeRevoked", end);
  EXPECT_EQ(attribute("pledge:P", "state"), "revoked");
  EXPECT_EQ(attribute("ip:CN2023110000011", "pledge.active"), "");
  expectRule("R-PLEDGE-STATE", {"reg"}, "PledgeRevoked", end);
  expectRule("R-PLEDGE-STATE", {"cus", "bnk"}, "PledgeAmended", amend("2027-03-01"));
  must({"cus", "bnk"}, "PledgeAgreed", agreement("Q"));
  must({"cus", "bnk"}, "PledgeRegistered", registration("Q", "2"));
  std::string enforce = fmt::format(R"("pledge":"Q","assets":["{}"],"mode":"AUCTION","proceedsFen":3)", kPatent);
  must({"bnk"}, "PledgeEnforced", enforce);
  expectRule("R-PLEDGE-STATE", {"bnk"}, "PledgeEnforced", enforce);
}

TEST_F(Domain, AReleaseInErrorIsTakenBackUnlessAnotherPledgeFollowed) {
  pledged();
  std::string release = fmt::format(R"("pledge":"P","assets":["{}"],"reason":"PERFORMED")", kPatent);
  std::string first = recordId({"bnk"}, "PledgeReleased", release);
  takeBack({"bnk"}, first);
  EXPECT_EQ(attribute("ip:CN2023110000011", "pledge.active"), "P");
  std::string second = recordId({"bnk"}, "PledgeReleased", release);
  std::string agreed = recordId({"cus", "bnk2"}, "PledgeAgreed", agreement("Q", R"(,"debtTo":"2027-03-01")", kBank2));
  must({"cus", "bnk2"}, "PledgeRegistered", registration("Q", "2"));
  expectRule("R-SECOND-PLEDGE", {"bnk"}, "EventReversed", reverse(second));
  expectRule("R-REVERSAL-STATE", {"cus", "bnk2"}, "EventReversed", reverse(agreed));
}

TEST_F(Domain, RightsInPledgeMoveOnlyWithThePledgee) {
  pledged();
  std::string transfer = fmt::format(R"("ip":"{}","owners":[{{"party":"{}"}}])", kPatent, kClient2);
  std::string licence = fmt::format(R"("licence":"L","ip":"{}","licensee":"{}","exclusive":true)", kPatent, kClient2);
  expectRule("R-PLEDGEE-CONSENT", {"cus", "cus2"}, "IpTransferred", transfer);
  expectRule("R-PLEDGEE-CONSENT", {"cus", "cus2", "bnk2"}, "IpLicensed", licence);
  must({"cus", "cus2", "bnk"}, "IpLicensed", licence);
  must({"mkt"}, "PreservationNoted",
       fmt::format(R"("ip":"{}","court":"杭州中院","caseNo":"(2026)浙01执1号")", kPatent));
  expectRule("R-IP-FROZEN", {"cus", "cus2", "bnk"}, "IpTransferred", transfer);
  must({"mkt"}, "PreservationNoted",
       fmt::format(R"("ip":"{}","court":"杭州中院","caseNo":"(2026)浙01执1号","lifted":true)", kPatent));
  must({"cus", "cus2", "bnk"}, "IpTransferred", transfer);
  // The old owner signs for it no more.
  expectRule("R-AUTHORITY", {"cus", "plt"}, "IpLicensed",
             fmt::format(R"("licence":"M","ip":"{}","licensee":"{}")", kPatent, kPlatform));
  must({"eva"}, "IpValued",
       fmt::format(R"("reportNo":"V1","evaluator":"91330000MA99E00166","ips":["{}"],"valueFen":9,"method":"INCOME",)"
                   R"("baseDate":"2026-01-01")",
                   kPatent));
  must({"cus"}, "DisclosureGranted",
       fmt::format(R"("grant":"G","owner":"{}","grantee":"{}","scope":"pledge:P","until":"2026-12-31")", kClient,
                   kBank));
}

TEST_F(Domain, CoOwnersSignATransferAndARecordedRightIsTakenBackUnpledged) {
  std::string both = fmt::format(R"({{"party":"{}"}},{{"party":"{}"}})", kClient, kClient2);
  std::string body = fmt::format(R"("number":"{}","kind":"INVENTION","owners":[{}])", kPatent, both);
  std::string recordedIp = recordId({"cus", "cus2"}, "IpAssetRecorded", body);
  std::string transfer = fmt::format(R"("ip":"{}","owners":[{{"party":"{}"}}])", kPatent, kPlatform);
  expectRule("R-CO-OWNER", {"cus", "plt"}, "IpTransferred", transfer);
  takeBack({"cus", "cus2"}, recordedIp);
  std::string again = recordId({"cus", "cus2"}, "IpAssetRecorded", body);
  must({"cus", "bnk"}, "PledgeAgreed", agreement("P", R"(,"debtTo":"2027-03-01","coOwnerConsent":"x")"));
  expectRule("R-REVERSAL-STATE", {"cus", "cus2"}, "EventReversed", reverse(again));
}

TEST_F(Domain, LoansAreDrawnAndRepaidWithinTheirAmounts) {
  town.bind("ins", kInsurer, R"("INS")");
  town.bind("gua", kGuarantor, R"("GUA")");
  town.bind("les", kLessor, R"("LES")");
  town.bind("fnd", kFund, R"("FND")");
  std::string grant = fmt::format(
      R"("loan":"L","bank":"{}","debtor":"{}","product":"IP_PLEDGE","amountFen":100,"maturity":"2027-03-01")", kBank,
      kClient);
  std::string granted = recordId({"bnk", "cus"}, "LoanGranted", grant);
  auto draw = [](const char* debtor, int fen) {
    return fmt::format(R"("loan":"L","debtor":"{}","amountFen":{})", debtor, fen);
  };
  expectRule("R-LOAN-DEBTOR", {"bnk"}, "LoanDrawn", draw(kClient2, 1));
  expectRule("R-LOAN", {"bnk"}, "LoanDrawn", draw(kClient, 101));
  std::string drawn = recordId({"bnk"}, "LoanDrawn", draw(kClient, 100));
  expectRule("R-REVERSAL-STATE", {"bnk", "cus"}, "EventReversed", reverse(granted));
  auto repay = [](int principal, int interest, int paid) {
    return fmt::format(R"("loan":"L","debtor":"{}","principalFen":{},"interestFen":{},"paidFen":{})", kClient,
                       principal, interest, paid);
  };
  expectRule("R-REPAYMENT-SUM", {"bnk"}, "LoanRepaid", repay(50, 5, 54));
  expectRule("R-LOAN", {"bnk"}, "LoanRepaid", repay(101, 0, 101));
  must({"bnk"}, "LoanRepaid", repay(100, 5, 105));
  EXPECT_EQ(attribute("loan:L", "state"), "repaid");
  expectRule("R-LOAN", {"bnk"}, "EventReversed", reverse(drawn));
  must({"bnk"}, "LoanClassified", R"("loan":"L","class":"PASS")");
  must({"ins", "cus"}, "InsuranceIssued",
       fmt::format(R"("policyNo":"I","insurer":"{}","insured":"{}","kind":"PILOT","sumFen":50,"premiumFen":2)",
                   kInsurer, kClient));
  expectRule("R-INSURANCE", {"ins"}, "InsuranceClaimPaid", R"("policyNo":"I","amountFen":51)");
  must({"ins"}, "InsuranceClaimPaid", R"("policyNo":"I","amountFen":50)");
  must({"gua"}, "GuaranteeIssued",
       fmt::format(R"("guarantee":"G","guarantor":"{}","debtor":"{}","loan":"L","amountFen":80,"feeFen":1)", kGuarantor,
                   kClient));
  must({"plt"}, "AssetInstalled", fmt::format(R"("asset":"E","owner":"{}","inUse":true)", kPlatform));
  must({"les", "plt"}, "LeaseRegistered",
       fmt::format(R"("lease":"R","lessor":"{}","lessee":"{}","assets":["E"],"amountFen":30)", kLessor, kPlatform));
  must({"fnd", "cus"}, "FundInvested",
       fmt::format(R"("investment":"N","fund":"{}","investee":"{}","amountFen":70,"shareBp":700)", kFund, kClient));
  auto aid = [](const std::string& kind, const std::string& base) {
    return fmt::format(R"("aid":"X{0}","kind":"{0}","recipient":"{1}","amountFen":1{2})", kind, kClient, base);
  };
  expectRule("R-AID-BASE", {"trs"}, "FinanceAidPaid", aid("INTEREST", R"(,"policyNo":"I")"));
  must({"trs"}, "FinanceAidPaid", aid("INTEREST", R"(,"loan":"L")"));
  must({"trs"}, "FinanceAidPaid", aid("PREMIUM", R"(,"policyNo":"I")"));
  must({"trs"}, "FinanceAidPaid", aid("GUARANTEE_FEE", R"(,"guarantee":"G")"));
}

TEST_F(Domain, AuthoritiesAttestWhatTheyAreCompetentFor) {
  platform();
  std::string graded = recordId({"eit"}, "PerformanceGraded", R"("platform":"P","year":2025,"grade":"GOOD")");
  std::string asset = recordId({"plt"}, "AssetInstalled", fmt::format(R"("asset":"E","owner":"{}")", kPlatform));
  auto attest = [](const std::string& target) {
    return fmt::format(R"("target":"{}","statement":"核对无误")", target);
  };
  expectRule("R-ATTESTER", {"reg"}, "Attested", attest(asset));
  expectRule("R-EXISTS", {"trs"}, "Attested", attest(id()));
  std::string word = recordId({"trs"}, "Attested", attest(asset));
  expectRule("R-ATTESTER", {"eit"}, "EventReversed",
             fmt::format(R"("target":"{}","kind":"REVERSED","reason":"r")", word));
  // It belongs to the history of what its target named.
  EXPECT_EQ(town.ledger().entity("asset:E").value()->trail().count, 2u);
  takeBack({"trs"}, word);
  takeBack({"plt"}, asset);
  expectRule("R-ATTESTED-STATE", {"trs"}, "Attested", attest(asset));
  std::string text(64, 'b');
  must({"plt"}, "DisputeRaised",
       fmt::format(R"("dispute":"D","target":"{}","party":"{}","textHash":"{}")", graded, kPlatform, text));
  expectRule("R-AUTHORITY", {"plt"}, "DisputeResolved", R"("dispute":"D","outcome":"REJECTED")");
  must({"aud"}, "DisputeResolved", R"("dispute":"D","outcome":"REJECTED")");
  expectRule("R-DISPUTE-STATE", {"aud"}, "DisputeResolved", R"("dispute":"D","outcome":"UPHELD")");
  must({"operator", "plt"}, "PersonalDataErased", fmt::format(R"("commitment":"{}")", text));
  must({"plt"}, "RelationDeclared",
       fmt::format(R"("party":"{}","links":[{{"party":"{}","relation":"同一控制人"}}])", kPlatform, kClient));
}

TEST_F(Domain, ACorrectionTakesTheOldBackAndNamesTheNew) {
  received();
  auto spend = [](int fen) {
    return fmt::format(
        R"("award":"A","spender":"{}","basis":"INVOICE","claimFen":{},"invoice":{{"number":"I","totalFen":100}})",
        kPlatform, fen);
  };
  std::string wrong = recordId({"plt"}, "ExpenditureRecorded", spend(100));
  std::string right = id();
  auto correct = [](const std::string& target, const std::string& replacement) {
    return fmt::format(R"("target":"{}","replacement":"{}","reason":"金额录入错误")", target, replacement);
  };
  expectRule("R-REPLACEMENT", {"plt"}, "EventCorrected", correct(wrong, wrong));
  expectRule("R-AUTHORITY", {"plt2"}, "EventCorrected", correct(wrong, right));
  must({"plt"}, "EventCorrected", correct(wrong, right));
  EXPECT_EQ(attribute("award:A", "spent"), "0");
  must({"plt"}, "ExpenditureRecorded", spend(10), R"("id":")" + right + R"(",)");
  EXPECT_EQ(attribute("award:A", "spent"), "10");
  expectRule("R-UNIQUE", {"plt"}, "EventReversed", reverse(wrong));
}

TEST_F(Domain, ASuspendedPartySignsNothing) {
  platform();
  auto status = [](const std::string& to) {
    return fmt::format(R"("party":"{}","status":"{}","reason":"r")", kPlatform, to);
  };
  std::string grade = R"("platform":"P","kind":"ALLIANCE","title":"t")";
  expectRule("R-PARTY-STATE", {"operator"}, "PartyStatusChanged", status("ACTIVE"));
  expectRule("R-SELF-SUSPENSION", {"operator"}, "PartyStatusChanged",
             R"("party":"op:test.example/ledger","status":"SUSPENDED","reason":"r")");
  must({"operator"}, "PartyStatusChanged", status("SUSPENDED"));
  expectRule("R-AUTHORITY", {"plt"}, "MilestoneRecorded", grade);
  must({"operator"}, "PartyStatusChanged", status("ACTIVE"));
  must({"plt"}, "MilestoneRecorded", grade);
}

}  // namespace
}  // namespace pilotledger::ledger
