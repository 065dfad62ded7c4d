#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/support/report_fixture.h"
#include "tools/reconcile/match.h"

namespace pilotledger::reconcile {
namespace {

std::string dataFile(const std::string& name) {
  std::ifstream in(std::string(PL_SOURCE) + "/tools/reconcile/data/" + name, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  EXPECT_FALSE(text.empty()) << name;
  return text;
}

TEST(Camt053, StatementsOfOneFile) {
  auto statements = parseCamt053(dataFile("camt053.v2.multi.statement.xml"));
  ASSERT_TRUE(statements.ok()) << statements.error().message.en;
  ASSERT_EQ(statements->size(), 2u);
  const BankStatement& first = (*statements)[0];
  EXPECT_EQ(first.account, "NL26VAYB8060476890");
  EXPECT_EQ(first.opening, 1815);
  EXPECT_EQ(first.closing, 2700);
  ASSERT_EQ(first.entries.size(), 1u);
  EXPECT_EQ(first.entries[0].amount, 885);
  EXPECT_EQ(first.entries[0].date, "2014-12-31");
  EXPECT_EQ(first.entries[0].references, std::vector<std::string>{"000000001"});
  EXPECT_TRUE(first.tally()->adds);
  EXPECT_EQ((*statements)[1].entries[0].amount, -700);
  EXPECT_TRUE((*statements)[1].tally()->adds);
}

TEST(Camt053, BalancesThatDoNotAddUpAreSaid) {
  auto statements = parseCamt053(dataFile("camt053.v2.all-balance-types.xml"));
  ASSERT_TRUE(statements.ok()) << statements.error().message.en;
  EXPECT_EQ((*statements)[0].opening, 101) << "the booked opening balance, not the previous closing one";
  EXPECT_EQ((*statements)[0].closing, 404);
  EXPECT_FALSE((*statements)[0].tally()->adds);
}

TEST(Camt053, RefusesWhatStatesNothingOrMixesCurrencies) {
  auto wrong = parseCamt053(dataFile("camt053.v2.wrong.xml"));
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.error().message.en.find("no Stmt"), std::string::npos);
  for (const char* file : {"camt053.v8.xml", "camt053.v2.with-party-ids.xml"}) {
    auto mixed = parseCamt053(dataFile(file));
    ASSERT_FALSE(mixed.ok()) << file;
    EXPECT_NE(mixed.error().message.en.find("expected EUR, found SEK"), std::string::npos) << mixed.error().message.en;
  }
  std::string good = dataFile("camt053.v2.multi.statement.xml");
  std::string bomb = good;
  bomb.insert(bomb.find("<Document"), "<!DOCTYPE Document [<!ENTITY a \"aaaa\">]>");
  EXPECT_FALSE(parseCamt053(bomb).ok());
  EXPECT_FALSE(parseCamt053(good.substr(0, good.size() / 2)).ok());
  EXPECT_FALSE(parseCamt053("").ok());
  std::string sideless = good;
  sideless.replace(sideless.find("<CdtDbtInd>CRDT"), 15, "<CdtDbtInd>BOTH");
  EXPECT_FALSE(parseCamt053(sideless).ok());
}

constexpr const char* kRules = R"(account = "622200003344"
[columns]
date = "交易日期"
credit = "贷方"
debit = "借方"
reference = "流水号"
balance = "余额"
text = "摘要"
)";

TEST(StatementCsv, ReadsByRulesAndHoldsTheRunningBalance) {
  std::string csv =
      "交易日期,流水号,借方,贷方,余额,摘要\n2026/03/"
      "05,B1,,\"3,000.00\",\"3,100.00\",到账\n20260310,P1,1000.50,,2099.50,设备\n";
  auto statement = parseStatementCsv(csv, kRules, "x.csv");
  ASSERT_TRUE(statement.ok()) << statement.error().message.en;
  EXPECT_EQ(statement->opening, 10000);
  EXPECT_EQ(statement->closing, 209950);
  EXPECT_EQ(statement->entries[1].amount, -100050);
  EXPECT_EQ(statement->from, "2026-03-05");
  EXPECT_EQ(statement->to, "2026-03-10");
  std::string broken = csv;
  broken.replace(broken.find("2099.50"), 7, "2099.51");
  auto refused = parseStatementCsv(broken, kRules, "x.csv");
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.en.find("x.csv line 3"), std::string::npos) << refused.error().message.en;
}

TEST(StatementCsv, RefusesBadRules) {
  for (const char* rules :
       {"", "account = 1\n", "account = \"1\"\nwhat = \"x\"\n", "account = \"1\"\n[columns]\ndate = \"d\"\n",
        "= nonsense", "account = \"1\"\n[columns]\ndate = \"no\"\namount = \"a\"\n"}) {
    EXPECT_FALSE(parseStatementCsv("d,a\n2026-01-01,1\n", rules, "x.csv").ok()) << rules;
  }
}

TEST(Accounts, MasksNameAccounts) {
  EXPECT_TRUE(sameAccount("6222****3344", "622200003344"));
  EXPECT_FALSE(sameAccount("6222****3345", "622200003344"));
  EXPECT_FALSE(sameAccount("****", "622200003344")) << "a mask of nothing but stars names nobody";
  EXPECT_FALSE(sameAccount("", "622200003344"));
  EXPECT_TRUE(sameAccount("Z", "Z"));
}

class Reconciliation : public query::SmallBooks {
 protected:
  // "state reference difference" of each row.
  std::vector<std::string> run(std::vector<BankEntry> entries, const std::string& platform = "") {
    BankStatement statement{"S", "622200003344", 156, "2026-03-01", "2026-03-31", {}, {}, std::move(entries)};
    auto table = matchStatement(model(), now(), statement, {"622200003344", platform, 3});
    EXPECT_TRUE(table.ok()) << table.error().message.en;
    std::vector<std::string> rows;
    for (const auto& row : table->rows) {
      rows.push_back(std::get<std::string>(row[0]) + " " + std::get<std::string>(row[2]) + " " +
                     std::to_string(std::get<std::int64_t>(row[6])));
    }
    return rows;
  }
  using Rows = std::vector<std::string>;
};

TEST_F(Reconciliation, ByReferenceThenByAmountAndDate) {
  EXPECT_EQ(
      run({{"2026-03-05", 300000, {"B1"}, ""}, {"2026-03-11", -100050, {"P1"}, ""}, {"2026-03-22", -20000, {}, ""}}),
      (Rows{"matched B1 0", "matched P1 0", "matched  0"}));
}

TEST_F(Reconciliation, EachKindOfDifference) {
  EXPECT_EQ(
      run({{"2026-03-05", 290000, {"B1"}, ""}, {"2026-03-09", -500, {"FEE"}, ""}, {"2026-03-24", -20000, {}, ""}}),
      (Rows{"amount B1 -10000", "bank_only FEE -500", "ledger_only P1 100050", "ledger_only  20000",
            "bank_only  -20000"}))
      << "four days apart do not match";
}

TEST_F(Reconciliation, RevenueOfThePlatformWhenAsked) {
  EXPECT_EQ(run({{"2026-03-20", 50000, {}, ""}}, "P")[2], "matched  0");
  EXPECT_EQ(run({{"2026-03-20", 50000, {}, ""}}).size(), 4u) << "else it is the bank's alone";
}

}  // namespace
}  // namespace pilotledger::reconcile
