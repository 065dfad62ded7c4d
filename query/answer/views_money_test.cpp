// Where money is traced: identities, double entry, monthly sums.
#include <gtest/gtest.h>

#include "tests/support/books_fixture.h"

namespace pilotledger::query {
namespace {

class Money : public Books {
 protected:
  void returnSurplus(const std::string& award, std::int64_t fen) {
    must({"plt", "trs"}, "SurplusReturned",
         fmt::format(R"("award":"{}","payee":"{}","amountFen":{})", award, kPayee, fen));
  }
  void match(const std::string& award, std::int64_t fen) {
    must({"plt"}, "MatchingPaid",
         fmt::format(R"("award":"{}","payee":"{}","payer":"own","amountFen":{})", award, kPayee, fen));
  }
  std::string earn(std::int64_t gross, const std::string& day, const std::string& more = "") {
    std::string id = events::formatUuid(town.nextId());
    must({"plt"}, "RevenueReceived",
         fmt::format(R"("platform":"P","stream":"SERVICE","grossFen":{0},"netFen":{0}{1})", gross, more),
         R"("id":")" + id + R"(","legalDate":")" + day + R"(",)");
    return id;
  }
  // What a statement answers at a position, as text.
  std::string ask(const std::string& sql, const std::string& asOf = "", const std::string& on = "") {
    if (!asked_) asked_ = model();
    auto at = asked_->asOf(asOf, on);
    EXPECT_TRUE(at.ok());
    auto table = runSql(*asked_, *at, sql);
    EXPECT_TRUE(table.ok()) << table.error().message.en;
    std::string text;
    for (const auto& row : table->rows) {
      for (const Value& value : row)
        text += std::visit(
                    [](const auto& v) {
                      if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::monostate>) return std::string("-");
                      else if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>) return v;
                      else return std::to_string(v);
                    },
                    value) +
                " ";
      text += "\n";
    }
    return text;
  }
  std::unique_ptr<ReadModel> asked_;  // once everything is recorded
};

TEST_F(Money, ReceivedIsSpentReturnedAndBalance) {
  platform();
  award("A", 1000, R"(,"matchingFen":300)");
  receive("A", 800, "2026-03-05");
  match("A", 200);
  spend("A", "I", 350);
  returnSurplus("A", 150);
  Table trace = view("subsidy_trace", {{"award", "A"}});
  ASSERT_EQ(trace.rows.size(), 1u);
  EXPECT_EQ(number(trace, 0, "matching_promised"), 300);
  EXPECT_EQ(number(trace, 0, "matching_paid"), 200);
  EXPECT_EQ(number(trace, 0, "returned"), 150);
  EXPECT_EQ(number(trace, 0, "balance"), 800 + 200 - 350 - 150);
  EXPECT_EQ(number(trace, 0, "unexplained"), 0);
  Table items = view("subsidy_items", {{"award", "A"}});
  EXPECT_EQ(items.rows.size(), 6u);
  EXPECT_EQ(view("subsidy_items", {{"award", "A"}, {"step", "returned"}}).rows.size(), 1u);
  Table totals = view("fund_flow_totals");
  ASSERT_EQ(totals.rows.size(), 1u);
  EXPECT_EQ(number(totals, 0, "unspent"), 500);
  EXPECT_EQ(number(totals, 0, "unexplained"), 0);
}

TEST_F(Money, EachStepOfTheFlowHasItsDays) {
  town.bind("county", "11330282MB9902019Y", R"("TRS")");  // its name, too
  award("A", 1000);
  must({"trs"}, "AppropriationPassed",
       R"("award":"A","from":"11330000MB99010246","to":"11330282MB9902019Y","amountFen":1000)", "2026-03-11");
  must({"county"}, "SubsidyDisbursed", fmt::format(R"("award":"A","payee":"{}","amountFen":900)", kPayee),
       "2026-03-31");
  must({"plt"}, "SubsidyReceived", fmt::format(R"("award":"A","payee":"{}","amountFen":900)", kPayee), "2026-04-02");
  Table flow = view("fund_flow", {{"award", "A"}});
  ASSERT_EQ(flow.rows.size(), 3u);
  EXPECT_EQ(number(flow, 0, "days"), 10);
  EXPECT_EQ(number(flow, 1, "days"), 20);
  EXPECT_EQ(cell(flow, 1, "from_party"), "county");
  EXPECT_EQ(number(flow, 2, "days"), 2);
  EXPECT_EQ(ask("SELECT sum(amount) FROM posting WHERE account = 'treasury-clearing'"), "0 \n");
  EXPECT_EQ(ask("SELECT sum(amount) FROM posting WHERE account = 'in-transit'"), "0 \n");
}

TEST_F(Money, MonthlySumsAreExactAtEveryPosition) {
  platform();
  std::uint64_t first = town.ledger().size();
  std::string wrong = earn(100, "2026-01-10");
  earn(50, "2026-01-20", R"(,"voucherFunded":true)");
  award("A", 1000);
  reverse(wrong);
  earn(7, "2026-02-01");
  receive("A", 600, "2026-02-03");
  std::string spent = spend("A", "I", 40);
  reverse(spent);
  const char* by =
      "SELECT substr(legal_date, 1, 7), books, account, currency, sum(amount), count(*) FROM posting GROUP BY 1, 2, 3, "
      "4 ORDER BY 1, 2, 3, 4";
  const char* monthly =
      "SELECT period, books, account, currency, sum(amount), sum(postings) FROM posting_month GROUP BY 1, 2, 3, 4 "
      "ORDER BY 1, 2, 3, 4";
  for (std::uint64_t position = first - 2; position < town.ledger().size(); ++position) {
    std::string asOf = std::to_string(position);
    EXPECT_EQ(ask(monthly, asOf), ask(by, asOf)) << position;
    EXPECT_EQ(ask(monthly, asOf, "2026-01-15"), ask(by, asOf, "2026-01-15")) << position;
  }
  EXPECT_EQ(ask("SELECT gross_fen, events FROM month_revenue_received WHERE period = '2026-01' AND voucher_funded = 0",
                std::to_string(first)),
            "100 1 \n");
  EXPECT_EQ(ask("SELECT gross_fen, events FROM month_revenue_received WHERE period = '2026-01' AND voucher_funded = 0"),
            "");
}

TEST_F(Money, SumsThatLeave64BitsAreNotKeptAndNotWrong) {
  platform();
  earn(9'000'000'000'000'000'000, "2026-01-10");
  earn(9'000'000'000'000'000'000, "2026-01-11");
  earn(5, "2026-02-10");
  auto m = model();
  auto at = m->asOf("");
  ASSERT_TRUE(at.ok());
  EXPECT_FALSE(runView(*m, *at, "revenue", {}).ok()) << "an overflow is said, not rounded";
  EXPECT_EQ(ask("SELECT sum(gross_fen) FROM month_revenue_received WHERE period = '2026-02'"), "5 \n");
}

TEST_F(Money, ABankSeesItsLoans) {
  must({"cus"}, "IpAssetRecorded",
       fmt::format(
           R"("number":"{}","kind":"INVENTION","owners":[{{"party":"{}","shareBp":10000}}],"filedOn":"2023-05-01",)"
           R"("expiresOn":"2043-05-01")",
           kPatent, kClient));
  must({"eva"}, "IpValued",
       fmt::format(R"("reportNo":"R","evaluator":"{}","ips":["{}"],"valueFen":1000,"baseDate":"2026-02-01",)"
                   R"("validTo":"2026-05-01")",
                   kEvaluator, kPatent));
  must(
      {"cus", "bnk"}, "PledgeAgreed",
      fmt::format(R"("pledge":"Z","assets":["{}"],"pledgors":["{}"],"pledgee":"{}","claimKind":"LOAN","amountFen":600,)"
                  R"("debtTo":"2027-03-01","mainContract":"M","debtor":"{}","debtFrom":"2026-03-01","scope":"all")",
                  kPatent, kClient, kBank, kClient));
  must({"cus", "bnk"}, "PledgeRegistered",
       fmt::format(R"("pledge":"Z","asset":"{}","regNo":"Y2026330000001")", kPatent));
  must({"bnk", "cus"}, "LoanGranted",
       fmt::format(R"("loan":"L","bank":"{}","debtor":"{}","product":"IP_PLEDGE","amountFen":600,"rateBp":350,)"
                   R"("maturity":"2027-03-01","pledge":"Z")",
                   kBank, kClient));
  must({"bnk"}, "LoanDrawn", fmt::format(R"("loan":"L","debtor":"{}","amountFen":500)", kClient));
  Table loans = view("portfolio", {{"bank", kBank}});
  ASSERT_EQ(loans.rows.size(), 1u);
  EXPECT_EQ(number(loans, 0, "outstanding"), 500);
  EXPECT_EQ(cell(loans, 0, "pledge_state"), "active");
  EXPECT_EQ(cell(loans, 0, "bucket"), "12m");
  EXPECT_EQ(number(loans, 0, "unexplained"), 0);
  Table calendar = view("portfolio_calendar", {{"bank", kBank}});
  ASSERT_EQ(calendar.rows.size(), 2u) << "the fee of the third year and the valuation";
  EXPECT_EQ(cell(calendar, 0, "what"), "annual-fee");
  EXPECT_EQ(cell(calendar, 0, "due_on"), "2026-05-01");
  Table spread = view("portfolio_concentration");
  EXPECT_EQ(number(spread, 0, "hhi"), 10000);
  must({"bnk"}, "LoanRepaid",
       fmt::format(R"("loan":"L","debtor":"{}","principalFen":500,"interestFen":10,"paidFen":510)", kClient));
  EXPECT_EQ(cell(view("portfolio"), 0, "alerts"), "unreleased");
}

TEST_F(Money, SelfFundingAndClientsOfAYear) {
  platform();
  earn(600, "2025-05-01", fmt::format(R"(,"payer":"{}")", kClient));
  earn(800, "2026-02-01", fmt::format(R"(,"payer":"{}")", kClient));
  earn(200, "2026-02-02", fmt::format(R"(,"payer":"{}")", kPayee));
  must({"plt"}, "OperatingCostReported",
       R"("platform":"P","periodFrom":"2026-01-01","periodTo":"2026-01-31","line":"energy","costFen":500)",
       "2026-01-31");
  Table years = view("revenue_year", {{"platform", "P"}, {"year", "2026"}});
  ASSERT_EQ(years.rows.size(), 1u);
  EXPECT_EQ(number(years, 0, "net"), 1000);
  EXPECT_EQ(number(years, 0, "year_before"), 600);
  EXPECT_EQ(number(years, 0, "clients"), 2);
  EXPECT_EQ(number(years, 0, "unexplained"), 0);
  auto real = [&](const std::string& column) {
    for (std::size_t i = 0; i < years.columns.size(); ++i) {
      if (years.columns[i].name == column) return std::get<double>(years.rows[0][i]);
    }
    return -1.0;
  };
  EXPECT_DOUBLE_EQ(real("external_pct"), 80);
  EXPECT_DOUBLE_EQ(real("self_funding_pct"), 200);
  EXPECT_DOUBLE_EQ(real("unnamed_pct"), 0);
  Table quarters = view("revenue", {{"by", "quarter"}, {"year", "2026"}});
  EXPECT_EQ(cell(quarters, 0, "period"), "2026-Q1");
  EXPECT_EQ(number(quarters, 0, "net"), 1000);
}

TEST_F(Money, WhoIsNotNamedIsNoExternalClient) {
  platform();
  earn(300, "2026-02-01", fmt::format(R"(,"payer":"{}")", kClient));
  earn(700, "2026-02-02", "");
  Table years = view("revenue_year", {{"platform", "P"}, {"year", "2026"}});
  ASSERT_EQ(years.rows.size(), 1u);
  for (auto [name, per] : {std::pair("external_pct", 30.0), {"top5_pct", 30.0}, {"unnamed_pct", 70.0}}) {
    auto at =
        std::find_if(years.columns.begin(), years.columns.end(), [&](const auto& one) { return one.name == name; });
    EXPECT_DOUBLE_EQ(std::get<double>(years.rows[0][static_cast<std::size_t>(at - years.columns.begin())]), per)
        << name;
  }
  EXPECT_EQ(number(years, 0, "clients"), 1);
}

}  // namespace
}  // namespace pilotledger::query
