// Where the rules about money draw their lines: contracts, revenue, subsidies, vouchers, loans.
#include "tests/support/province_fixture.h"

namespace pilotledger::ledger {
namespace {

constexpr const char* kTreasury = "11330000MB99010246";

class MoneyBorder : public Province {
 protected:
  static std::string contract(const std::string& id, const std::string& more, const char* buyer = kClient) {
    return fmt::format(R"("contract":"{}","contractType":"SERVICE","seller":"{}","buyer":"{}","totalFen":100{})", id,
                       kPlatform, buyer, more);
  }
  static std::string paid(std::int64_t fen, const char* payee = kPlatform) {
    return fmt::format(R"("award":"A","payee":"{}","amountFen":{})", payee, fen);
  }
  void received(std::int64_t fen) {
    award();
    must({"trs"}, "SubsidyDisbursed", paid(fen));
    must({"plt"}, "SubsidyReceived", paid(fen));
  }
};

TEST_F(MoneyBorder, Contracts) {
  std::vector<std::string> both = {"plt", "cus"};
  boundary({"R-TWO-PARTIES", "contract:C", "two distinct parties", kPlatform},
           {{"plt"}, "TechContractSigned", contract("C", "", kPlatform)},
           {both, "TechContractSigned", contract("C", "")});
  boundary({"R-TECH-VALUE", "contract:D", "0..1.00 CNY", "1.01 CNY"},
           {both, "TechContractSigned", contract("D", R"(,"techFen":101)")},
           {both, "TechContractSigned", contract("D", R"(,"techFen":100)")});
  auto terms = [](int second) {
    return fmt::format(R"(,"terms":[{{"mode":"LUMP_SUM","amountFen":60}},{{"mode":"INSTALMENT","amountFen":{}}}])",
                       second);
  };
  boundary({"R-TERMS-SUM", "contract:E", "1.00 CNY", "0.99 CNY"},
           {both, "TechContractSigned", contract("E", terms(39))},
           {both, "TechContractSigned", contract("E", terms(40))});
  std::string most = R"({"mode":"INSTALMENT","amountFen":"9223372036854775807"})";
  boundary({"R-OVERFLOW", "contract:F", "a 64-bit amount", "more"},
           {both, "TechContractSigned", contract("F", fmt::format(R"(,"terms":[{0},{0}])", most))},
           {both, "TechContractSigned",
            contract("F", fmt::format(R"(,"terms":[{},{{"mode":"ROYALTY","rateBp":1}}])", most))});
  auto registration = [](const std::string& contract, const std::string& no) {
    return fmt::format(R"("contract":"{}","regNo":"{}","confirmedTotalFen":100,"confirmedTechFen":90)", contract, no);
  };
  must({"reg"}, "TechContractRegistered", registration("C", "1"));
  boundary({"R-CONTRACT-STATE", "contract:C", "signed", "registered"},
           {{"reg"}, "TechContractRegistered", registration("C", "2")},
           {{"reg"}, "TechContractRegistered", registration("D", "2")});
  auto amend = [](const char* buyer) {
    return fmt::format(R"("contract":"C","seller":"{}","buyer":"{}","totalFen":90,"reason":"r")", kPlatform, buyer);
  };
  std::string parties = fmt::format("seller {0}, {0} and {1}", kPlatform, kClient);
  boundary({"R-CONTRACT-PARTIES", "contract:C", parties, fmt::format("seller {}, buyer {}", kPlatform, kClient2)},
           {{"plt", "cus2"}, "TechContractAmended", amend(kClient2)}, {both, "TechContractAmended", amend(kClient)});
  std::string end = fmt::format(R"("contract":"E","seller":"{}","buyer":"{}","end":"COMPLETED")", kPlatform, kClient);
  must(both, "TechContractEnded", end);
  boundary({"R-CONTRACT-STATE", "contract:E", "signed|registered", "completed"}, {both, "TechContractEnded", end},
           {both, "TechContractEnded",
            fmt::format(R"("contract":"D","seller":"{}","buyer":"{}","end":"ANNULLED")", kPlatform, kClient)});
}

TEST_F(MoneyBorder, SharedIncomeAndStakes) {
  auto resolve = [](const std::string& id, int share) {
    return fmt::format(R"("resolution":"{}","institution":"{}","netFen":100,"contributorFen":{})", id, kPlatform,
                       share);
  };
  boundary({"R-DISTRIBUTION", "distribution:D", "<= 1.00 CNY", "1.01 CNY"},
           {{"plt"}, "IncomeDistributionResolved", resolve("D", 101)},
           {{"plt"}, "IncomeDistributionResolved", resolve("D", 100)});
  auto pay = [](int fen) {
    return fmt::format(R"("resolution":"D","institution":"{}","amountFen":{})", kPlatform, fen);
  };
  boundary({"R-DISTRIBUTION", "distribution:D", "paid <= resolved 1.00 CNY", "1.01 CNY"},
           {{"plt"}, "IncomeDistributionPaid", pay(101)}, {{"plt"}, "IncomeDistributionPaid", pay(100)});
  platform();
  must({"plt", "cus"}, "EquityTaken",
       fmt::format(R"("stake":"S","platform":"P","investee":"{}","shareBp":3000)", kClient));
  auto sell = [](int bp) { return fmt::format(R"("stake":"S","kind":"SALE","amountFen":10,"soldBp":{})", bp); };
  boundary({"R-STAKE", "stake:S", "0..3000 basis points", "3001"}, {{"plt"}, "InvestmentReturned", sell(3001)},
           {{"plt"}, "InvestmentReturned", sell(3000)});
}

TEST_F(MoneyBorder, Revenue) {
  platform();
  auto receipt = [](int gross, int tax, int net, const std::string& invoice = "") {
    return fmt::format(R"("platform":"P","stream":"SERVICE","grossFen":{},"taxFen":{},"netFen":{}{})", gross, tax, net,
                       invoice.empty() ? "" : fmt::format(R"(,"invoice":{{"number":"{}","totalFen":106}})", invoice));
  };
  std::string first = id(), named = R"("id":")" + first + R"(",)";
  boundary({"R-GROSS", "receipt:" + first, "1.06 CNY", "0.99 CNY + 0.06 CNY"},
           {{"plt"}, "RevenueReceived", receipt(106, 6, 99), named},
           {{"plt"}, "RevenueReceived", receipt(106, 6, 100), named});
  boundary({"R-INVOICE-AMOUNT", "invoice:I", "<= 1.06 CNY", "1.07 CNY"},
           {{"plt"}, "RevenueReceived", receipt(107, 7, 100, "I")},
           {{"plt"}, "RevenueReceived", receipt(106, 6, 100, "I")});
  auto refund = [&](int gross, const std::string& stream = "SERVICE") {
    return fmt::format(R"("target":"{}","platform":"P","stream":"{}","grossFen":{},"taxFen":0,"netFen":{})", first,
                       stream, gross, gross);
  };
  boundary({"R-RECEIPT-MATCH", "receipt:" + first, "P SERVICE", "P INCUBATION"},
           {{"plt"}, "RevenueReversed", refund(6, "INCUBATION")}, {{"plt"}, "RevenueReversed", refund(6)});
  boundary({"R-RECEIPT-REFUNDED", "receipt:" + first, "1.06 CNY", "1.00 CNY"},
           {{"plt"}, "EventReversed", reverse(first)},
           {{"plt"}, "EventReversed", reverse(recordId({"plt"}, "RevenueReceived", receipt(106, 6, 100)))});
  boundary({"R-REFUND", "receipt:" + first, "<= 1.00 CNY", "1.01 CNY"}, {{"plt"}, "RevenueReversed", refund(101)},
           {{"plt"}, "RevenueReversed", refund(100)});
}

TEST_F(MoneyBorder, AwardsArePaidToTheirPayeeWithinWhatTheyAre) {
  auto subsidy = [](const std::string& id, int fen, const std::string& to = "2026-12-31") {
    return fmt::format(
        R"("award":"{}","payee":"{}","instrument":"i","amountFen":{},"periodFrom":"2026-12-31","periodTo":"{}")", id,
        kPlatform, fen, to);
  };
  std::vector<std::string> authorities = {"trs", "eit"};
  boundary({"R-POSITIVE", "award:A", "> 0", "0.00 CNY"}, {authorities, "SubsidyAwarded", subsidy("A", 0)},
           {authorities, "SubsidyAwarded", subsidy("A", 1000)});
  boundary({"R-DATES", "award:B", "period from <= to", "2026-12-31..2026-12-30"},
           {authorities, "SubsidyAwarded", subsidy("B", 1, "2026-12-30")},
           {authorities, "SubsidyAwarded", subsidy("B", 1)});
  boundary({"R-CURRENCY", "award:A", "CNY", "USD"}, {{"trs"}, "SubsidyDisbursed", paid(1), R"("currency":"USD",)"},
           {{"trs"}, "SubsidyDisbursed", paid(1)});
  boundary({"R-PAYEE", "award:A", kPlatform, kClient}, {{"trs"}, "SubsidyDisbursed", paid(1, kClient)},
           {{"trs"}, "SubsidyDisbursed", paid(1)});
  boundary({"R-AWARD-CONSERVATION", "award:A", "disbursed <= awarded 10.00 CNY", "disbursed 10.01 CNY"},
           {{"trs"}, "SubsidyDisbursed", paid(999)}, {{"trs"}, "SubsidyDisbursed", paid(998)});
  boundary({"R-AWARD-CONSERVATION", "award:A", "received <= disbursed 10.00 CNY", "received 10.01 CNY"},
           {{"plt"}, "SubsidyReceived", paid(1001)}, {{"plt"}, "SubsidyReceived", paid(1000)});
  must({"operator"}, "PartyRegistered", R"("party":"11330282MB9902019Y","name":"县财政局","kind":"AUTHORITY")");
  auto pass = [](const char* to, int fen) {
    return fmt::format(R"("award":"A","from":"{}","to":"{}","amountFen":{})", kTreasury, to, fen);
  };
  boundary({"R-TWO-PARTIES", "award:A", "two distinct treasuries", kTreasury},
           {{"trs"}, "AppropriationPassed", pass(kTreasury, 1)},
           {{"trs"}, "AppropriationPassed", pass("11330282MB9902019Y", 1)});
  boundary({"R-AWARD-CONSERVATION", "passage:A/11330282MB9902019Y", "passed <= awarded 10.00 CNY", "10.01 CNY"},
           {{"trs"}, "AppropriationPassed", pass("11330282MB9902019Y", 1000)},
           {{"trs"}, "AppropriationPassed", pass("11330282MB9902019Y", 999)});
  auto accept = [](int fen) { return fmt::format(R"("award":"A","result":"PASSED","confirmedFen":{})", fen); };
  boundary({"R-CONFIRMED", "award:A", "0..10.00 CNY", "10.01 CNY"}, {{"eit", "eva"}, "SubsidyAcceptance", accept(1001)},
           {{"eit", "eva"}, "SubsidyAcceptance", accept(1000)});
  boundary({"R-ACCEPTANCE-STATE", "award:A", "not accepted yet", "accepted"},
           {{"eit", "eva"}, "SubsidyAcceptance", accept(1000)},
           {{"eit", "eva"}, "SubsidyAcceptance", R"("award":"B","result":"FAILED")"});
}

TEST_F(MoneyBorder, SpendingNamesItsInvoice) {
  received(1000);
  auto spend = [](const std::string& basis, int fen, const std::string& more) {
    return fmt::format(R"("award":"A","spender":"{}","basis":"{}","claimFen":{}{})", kPlatform, basis, fen, more);
  };
  std::string invoice = R"(,"invoice":{"number":"I","totalFen":100})";
  boundary({"R-INVOICE", "award:A", "invoice number and total", "none"},
           {{"plt"}, "ExpenditureRecorded", spend("INVOICE", 1, "")},
           {{"plt"}, "ExpenditureRecorded", spend("INVOICE", 1, invoice)});
  boundary({"R-INVOICE-CLAIM", "claim:A/I", "<= 1.00 CNY", "1.01 CNY"},
           {{"plt"}, "ExpenditureRecorded", spend("INVOICE", 100, invoice)},
           {{"plt"}, "ExpenditureRecorded", spend("INVOICE", 99, invoice)});
  boundary({"R-LIST-TOTAL", "award:A", "basis INVOICE", "LIST_TOTAL"},
           {{"plt"}, "ExpenditureRecorded", spend("LIST_TOTAL", 1, "")},
           {{"imp"}, "ExpenditureRecorded", spend("LIST_TOTAL", 1, ""), R"("source":"list#1",)"});
}

TEST_F(MoneyBorder, WhatIsLeftAndWhatGoesBack) {
  received(600);
  auto adjust = [](int by) {
    return fmt::format(R"("award":"A","changes":[{{"line":"a","amountFen":5}},{{"line":"b","amountFen":{}}}])", by);
  };
  boundary({"R-BUDGET-SUM", "award:A", "0.00 CNY", "0.01 CNY"}, {{"plt", "eit"}, "BudgetAdjusted", adjust(-4)},
           {{"plt", "eit"}, "BudgetAdjusted", adjust(-5)});
  boundary({"R-SURPLUS", "award:A", "<= 6.00 CNY", "6.01 CNY"},
           {{"plt"}, "CarriedOver", R"("award":"A","toYear":2027,"amountFen":601)"},
           {{"plt"}, "CarriedOver", R"("award":"A","toYear":2027,"amountFen":600)"});
  boundary({"R-SURPLUS", "award:A", "<= 6.00 CNY", "6.01 CNY"}, {{"plt"}, "SurplusReturned", paid(601)},
           {{"plt"}, "SurplusReturned", paid(600)});
  auto order = [](const std::string& id, int fen) {
    return fmt::format(R"("clawback":"{}","award":"A","payee":"{}","amountFen":{},"penaltyFen":900,"legalBasis":"b")",
                       id, kPlatform, fen);
  };
  boundary({"R-CLAWBACK", "award:A", "clawback.ordered <= disbursed 6.00 CNY", "6.01 CNY"},
           {{"trs"}, "ClawbackOrdered", order("B", 601)}, {{"trs"}, "ClawbackOrdered", order("B", 600)});
  auto repay = [](int fen) {
    return fmt::format(R"("clawback":"B","award":"A","payee":"{}","amountFen":{})", kPlatform, fen);
  };
  boundary({"R-CLAWBACK", "clawback:B", "repaid <= ordered 6.00 CNY", "6.01 CNY"},
           {{"plt"}, "ClawbackRepaid", repay(601)}, {{"plt"}, "ClawbackRepaid", repay(600)});
}

TEST_F(MoneyBorder, AssetsAndVouchers) {
  platform();
  for (const char* asset : {"E", "F"})
    must({"plt"}, "AssetInstalled", fmt::format(R"("asset":"{}","owner":"{}")", asset, kPlatform));
  must({"plt"}, "AssetDisposed", R"("asset":"E","mode":"SOLD")");
  boundary({"R-ASSET-STATE", "asset:E", "installed|in-use", "disposed"},
           {{"plt"}, "AssetDisposed", R"("asset":"E","mode":"SCRAPPED")"},
           {{"plt"}, "AssetDisposed", R"("asset":"F","mode":"SCRAPPED")"});
  for (const char* voucher : {"V", "W"}) {
    must({"trs"}, "VoucherIssued",
         fmt::format(R"("voucher":"{}","holder":"{}","faceFen":100,"validTo":"2026-06-30")", voucher, kClient));
  }
  auto use = [](const std::string& voucher, int fen) {
    return fmt::format(R"("voucher":"{}","platform":"P","amountFen":{})", voucher, fen);
  };
  std::vector<std::string> both = {"cus", "plt"};
  boundary({"R-VOUCHER-EXPIRED", "voucher:V", "<= 2026-06-30", "2026-07-01"},
           {both, "VoucherRedeemed", use("V", 9), R"("legalDate":"2026-07-01",)"},
           {both, "VoucherRedeemed", use("V", 9), R"("legalDate":"2026-06-30",)"});
  boundary({"R-VOUCHER-STATE", "voucher:V", "issued", "redeemed"}, {both, "VoucherRedeemed", use("V", 1)},
           {{"trs"}, "VoucherSettled", use("V", 9)});
  boundary({"R-VOUCHER", "voucher:W", "redeemed <= face value 1.00 CNY", "1.01 CNY"},
           {both, "VoucherRedeemed", use("W", 101)}, {both, "VoucherRedeemed", use("W", 100)});
  boundary({"R-VOUCHER", "voucher:W", "settled <= redeemed 1.00 CNY", "1.01 CNY"},
           {{"trs"}, "VoucherSettled", use("W", 101)}, {{"trs"}, "VoucherSettled", use("W", 100)});
}

TEST_F(MoneyBorder, LoansInsuranceAndAid) {
  town.bind("ins", "91330100MA99N00156", R"("INS")");
  must({"bnk", "cus"}, "LoanGranted",
       fmt::format(R"("loan":"L","bank":"{}","debtor":"{}","product":"IP_PLEDGE","amountFen":100)", kBank, kClient));
  auto draw = [](const char* debtor, int fen) {
    return fmt::format(R"("loan":"L","debtor":"{}","amountFen":{})", debtor, fen);
  };
  boundary({"R-LOAN-DEBTOR", "loan:L", kClient, kClient2}, {{"bnk"}, "LoanDrawn", draw(kClient2, 1)},
           {{"bnk"}, "LoanDrawn", draw(kClient, 1)});
  boundary({"R-LOAN", "loan:L", "drawn <= granted 1.00 CNY", "1.01 CNY"}, {{"bnk"}, "LoanDrawn", draw(kClient, 100)},
           {{"bnk"}, "LoanDrawn", draw(kClient, 99)});
  auto repay = [](int principal, int interest, int sum) {
    return fmt::format(R"("loan":"L","debtor":"{}","principalFen":{},"interestFen":{},"paidFen":{})", kClient,
                       principal, interest, sum);
  };
  boundary({"R-REPAYMENT-SUM", "loan:L", "0.54 CNY", "0.50 CNY + 0.05 CNY"}, {{"bnk"}, "LoanRepaid", repay(50, 5, 54)},
           {{"bnk"}, "LoanRepaid", repay(50, 5, 55)});
  boundary({"R-LOAN", "loan:L", "repaid <= drawn 1.00 CNY", "1.01 CNY"}, {{"bnk"}, "LoanRepaid", repay(51, 0, 51)},
           {{"bnk"}, "LoanRepaid", repay(50, 0, 50)});
  must({"ins"}, "InsuranceIssued",
       fmt::format(
           R"("policyNo":"I","insurer":"91330100MA99N00156","insured":"{}","kind":"PILOT","sumFen":50,"premiumFen":2)",
           kClient));
  auto claim = [](int fen) { return fmt::format(R"("policyNo":"I","amountFen":{})", fen); };
  boundary({"R-INSURANCE", "insurance:I", "paid <= sum insured 0.50 CNY", "0.51 CNY"},
           {{"ins"}, "InsuranceClaimPaid", claim(51)}, {{"ins"}, "InsuranceClaimPaid", claim(50)});
  auto aid = [](const std::string& kind) {
    return fmt::format(R"("aid":"X","kind":"{}","recipient":"{}","policyNo":"I","amountFen":1)", kind, kClient);
  };
  boundary({"R-AID-BASE", "aid:X", "the loan, policy or guarantee it is paid on", "none"},
           {{"trs"}, "FinanceAidPaid", aid("INTEREST")}, {{"trs"}, "FinanceAidPaid", aid("PREMIUM")});
}

}  // namespace
}  // namespace pilotledger::ledger
