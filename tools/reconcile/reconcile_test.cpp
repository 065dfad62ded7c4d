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
  EXPECT_NE(wrong.error().message.en.find("no Stmt"), std::string::npos) << wrong.error().message.en;
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
  EXPECT_EQ(statement->entries[0].date, "2026-03-05");
  EXPECT_EQ(statement->entries[1].date, "2026-03-10");
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
  EXPECT_FALSE(sameAccount("6222*99*3344", "622200003344"))
      << "what stands between two runs of stars is not passed over";
  EXPECT_FALSE(sameAccount("", "622200003344"));
  EXPECT_TRUE(sameAccount("Z", "Z"));
  EXPECT_TRUE(sameAccount("6222 0000 3344", "622200003344"));
  EXPECT_TRUE(sameAccount("6222 **** 3344", "6222 0000 3344"));
}

// One statement: its children besides the account.
std::string camt(const std::string& inside, const std::string& id = "S") {
  return "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt><Id>" + id +
         "</Id><Acct><Id><Othr><Id>A</Id></Othr></Id><Ccy>CNY</Ccy></Acct>" + inside +
         "</Stmt></BkToCstmrStmt></Document>";
}
std::string ntry(const std::string& amount, const std::string& side, const std::string& day,
                 const std::string& status = "<Sts>BOOK</Sts>") {
  return "<Ntry><Amt Ccy=\"CNY\">" + amount + "</Amt><CdtDbtInd>" + side + "</CdtDbtInd>" + status + "<BookgDt>" + day +
         "</BookgDt></Ntry>";
}
std::string bal(const std::string& code, const std::string& amount, const std::string& day) {
  return "<Bal><Tp><CdOrPrtry><Cd>" + code + "</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">" + amount +
         "</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>" + day + "</Dt></Dt></Bal>";
}

TEST(Camt053, EverySpellingOfADecimalAndNoSign) {
  for (const char* five : {"5", "5.", "5.00", "+5.0", " 005.000 ", "\n5\n"}) {
    auto read = parseCamt053(camt(ntry(five, "DBIT", "<Dt>2026-03-05</Dt>")));
    ASSERT_TRUE(read.ok()) << five << read.error().message.en;
    EXPECT_EQ(read->front().entries[0].amount, -500) << five;
  }
  EXPECT_EQ(parseCamt053(camt(ntry(".50", "CRDT", "<Dt>2026-03-05</Dt>")))->front().entries[0].amount, 50);
  for (const char* bad : {"-5.00", "5,00", "1 000", "5e2", "0.001", "", "."})
    EXPECT_FALSE(parseCamt053(camt(ntry(bad, "DBIT", "<Dt>2026-03-05</Dt>"))).ok()) << bad;
}

TEST(Camt053, InstantsHaveTheirDayInChina) {
  struct Case {
    const char *written, *day;
  };
  for (const Case& one : {Case{"<DtTm>2026-03-05T20:00:00Z</DtTm>", "2026-03-06"},
                          {"<DtTm>2026-03-05T20:00:00.000Z</DtTm>", "2026-03-06"},
                          {"<DtTm>2026-03-05T23:30:00-05:00</DtTm>", "2026-03-06"},
                          {"<DtTm>2026-03-06T01:00:00+08:00</DtTm>", "2026-03-06"},
                          {"<DtTm>2026-03-05T23:30:00</DtTm>", "2026-03-05"},
                          {"<Dt>2026-03-05+01:00</Dt>", "2026-03-05"}}) {
    auto read = parseCamt053(camt(ntry("1", "CRDT", one.written)));
    ASSERT_TRUE(read.ok()) << one.written << read.error().message.en;
    EXPECT_EQ(read->front().entries[0].date, one.day) << one.written;
  }
  EXPECT_FALSE(parseCamt053(camt(ntry("1", "CRDT", "<Dt>2026-03-05 or so</Dt>"))).ok());
  auto month =
      parseCamt053(camt("<FrToDt><FrDtTm>2026-02-28T16:00:00Z</FrDtTm><ToDtTm>2026-03-31T16:00:00Z</ToDtTm></FrToDt>"));
  ASSERT_TRUE(month.ok()) << month.error().message.en;
  EXPECT_EQ(month->front().from, "2026-03-01");
  EXPECT_EQ(month->front().to, "2026-03-31") << "a period ends where the next day begins";
}

TEST(Camt053, AStatusIsDeclaredOrSaid) {
  std::string day = "<Dt>2026-03-05</Dt>";
  auto undeclared = parseCamt053(camt(ntry("1", "CRDT", day, "")));
  ASSERT_TRUE(undeclared.ok());
  EXPECT_EQ(undeclared->front().entries.size(), 1u);
  ASSERT_EQ(undeclared->front().remarks.size(), 1u);
  auto pending = parseCamt053(camt(ntry("1", "CRDT", day, "<Sts><Cd>PDNG</Cd></Sts>")));
  EXPECT_TRUE(pending->front().entries.empty());
  EXPECT_EQ(pending->front().remarks.size(), 1u);
  EXPECT_FALSE(parseCamt053(camt(ntry("1", "CRDT", day, "<Sts>DONE</Sts>"))).ok());
}

TEST(Camt053, AnyPrefixEnvelopeAndEncoding) {
  std::string plain = camt(ntry("1", "CRDT", "<Dt>2026-03-05</Dt>"));
  std::string prefixed;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    prefixed += plain[i];
    if (plain[i] == '<' && plain[i + 1] != '/') prefixed += "p:";
    if (plain[i] == '/' && plain[i - 1] == '<') prefixed += "p:";
  }
  prefixed.replace(prefixed.find("xmlns="), 6, "xmlns:p=");
  for (const std::string& one :
       {prefixed, "<e:Env xmlns:e=\"urn:e\"><e:Body>" + plain + "</e:Body></e:Env>",
        "<?xml version=\"1.0\" encoding=\"GB18030\"?>" + camt(ntry("1", "CRDT", "<Dt>2026-03-05</Dt>"), "\xd5\xcb")}) {
    auto read = parseCamt053(one);
    ASSERT_TRUE(read.ok()) << one << read.error().message.en;
    EXPECT_EQ(read->front().entries.size(), 1u);
  }
  EXPECT_EQ(parseCamt053("<?xml version=\"1.0\" encoding=\"GB18030\"?>" + camt("", "\xd5\xcb"))->front().id, "账");
  std::string other = plain;
  other.replace(other.find("camt.053"), 8, "camt.052");
  EXPECT_FALSE(parseCamt053(other).ok());
  auto swift = parseCamt053("{1:F01BANKCNBJAXXX0000000000}{4:\n:20:X\n:25:1\n");
  ASSERT_FALSE(swift.ok());
  EXPECT_NE(swift.error().message.en.find("MT940"), std::string::npos);
}

std::vector<BankStatement> read(const std::vector<std::string>& files) {
  std::vector<BankStatement> all;
  for (const std::string& one : files) {
    auto statements = parseCamt053(one);
    EXPECT_TRUE(statements.ok()) << statements.error().message.en;
    for (auto& statement : *statements) all.push_back(std::move(statement));
  }
  return all;
}
std::string states(const Series& series) {
  std::string all;
  for (const Doubt& doubt : series.doubts) all += (all.empty() ? "" : " ") + doubt.state;
  return all;
}

TEST(Statements, DaysAreThoseOfTheBalances) {
  auto series = arrange(read({camt(bal("OPBD", "0", "2026-03-01") + bal("CLBD", "0", "2026-03-31"))}));
  EXPECT_EQ(series->front().covered, (std::vector<Days>{{"2026-03-01", "2026-03-31"}}));
  series = arrange(read({camt(bal("PRCD", "0", "2026-02-28") + bal("CLBD", "0", "2026-03-31"))}));
  EXPECT_EQ(series->front().covered, (std::vector<Days>{{"2026-03-01", "2026-03-31"}}))
      << "a previous closing balance is that of the day before";
  EXPECT_FALSE(parseCamt053(camt(bal("OPBD", "0", "2026-03-31") + bal("CLBD", "0", "2026-03-01"))).ok());
  EXPECT_FALSE(parseCamt053(camt(bal("OPBD", "0", "2026-03-01") + bal("OPBD", "1", "2026-03-01"))).ok());
}

TEST(Statements, RunOnOrItIsSaid) {
  auto day = [](const std::string& id, const std::string& from, const std::string& open, const std::string& close,
                const std::string& moved, const std::string& side) {
    return camt(bal("OPBD", open, from) + bal("CLBD", close, from) + ntry(moved, side, "<Dt>" + from + "</Dt>"), id);
  };
  std::string first = day("1", "2026-03-03", "0", "30", "30", "CRDT"),
              second = day("2", "2026-03-05", "30", "20", "10", "DBIT");
  auto good = arrange(read({second, first}));
  EXPECT_EQ(states(good->front()), "") << "the newest may stand first";
  EXPECT_EQ(good->front().covered, (std::vector<Days>{{"2026-03-03", "2026-03-05"}}))
      << "nothing moved on the day between";
  auto gap = arrange(read({first, day("2", "2026-03-05", "25", "15", "10", "DBIT")}));
  EXPECT_EQ(states(gap->front()), "gap");
  EXPECT_EQ(gap->front().doubts[0].difference, -500);
  EXPECT_EQ(gap->front().covered.size(), 2u);
  EXPECT_EQ(states(arrange(read({first, first}))->front()), "repeated");
  EXPECT_EQ(states(arrange(read({first, day("1b", "2026-03-03", "0", "30", "30", "CRDT")}))->front()), "repeated")
      << "whatever number it bears";
  EXPECT_EQ(states(arrange(read({day("x", "2026-03-03", "0", "31", "30", "CRDT")}))->front()), "balance");
  std::string month = camt(bal("OPBD", "0", "2026-03-01") + bal("CLBD", "0", "2026-03-31"), "m");
  std::string half = camt(bal("OPBD", "0", "2026-03-15") + bal("CLBD", "0", "2026-04-15"), "h");
  EXPECT_EQ(states(arrange(read({month, half}))->front()), "overlap");
  std::string noon = day("n", "2026-03-03", "30", "20", "10", "DBIT");
  EXPECT_EQ(states(arrange(read({noon, first}))->front()), "") << "two of one day, each after the one it goes on from";
}

TEST(Statements, TheDaysAreHeldToBalancesAndEntries) {
  auto stated = [](const std::string& from, const std::string& to) {
    return "<FrToDt><FrDtTm>" + from + "T00:00:00+08:00</FrDtTm><ToDtTm>" + to + "T23:59:59+08:00</ToDtTm></FrToDt>";
  };
  std::string march = bal("OPBD", "0", "2026-03-01") + bal("CLBD", "5", "2026-03-31");
  std::string five = ntry("5", "CRDT", "<Dt>2026-03-05</Dt>");
  EXPECT_EQ(states(arrange(read({camt(stated("2026-03-01", "2026-03-31") + march + five)}))->front()), "");
  EXPECT_EQ(states(arrange(read({camt(stated("2026-02-01", "2026-02-28") + march + five)}))->front()),
            "period outside");
  EXPECT_EQ(states(arrange(read({camt(stated("2026-01-01", "2026-06-30") + march + five)}))->front()), "period")
      << "balances that do not reach the ends of the period";
  std::string late = bal("OPBD", "0", "2026-03-01") + bal("CLBD", "5", "2026-03-04");
  EXPECT_EQ(states(arrange(read({camt(late + five)}))->front()), "outside") << "booked after the closing balance";
  std::string friday = bal("OPBD", "0", "2026-03-02") + bal("CLBD", "5", "2026-03-27");
  EXPECT_EQ(states(arrange(read({camt(stated("2026-03-01", "2026-03-29") + friday + five)}))->front()), "")
      << "no bank balances on Sundays";
}

TEST(Camt053, ReversalsAreSaid) {
  std::string entry = ntry("5", "CRDT", "<Dt>2026-03-05</Dt>");
  auto with = [&](const char* value) {
    std::string text = entry;
    text.insert(text.find("<Sts>"), std::string("<RvslInd>") + value + "</RvslInd>");
    return parseCamt053(camt(text));
  };
  auto reversal = with("true");
  ASSERT_TRUE(reversal.ok()) << reversal.error().message.en;
  EXPECT_EQ(reversal->front().entries[0].amount, 500) << "the side is that of CdtDbtInd";
  ASSERT_EQ(reversal->front().remarks.size(), 1u);
  EXPECT_NE(reversal->front().remarks[0].en.find("RvslInd"), std::string::npos);
  EXPECT_TRUE(with("false")->front().remarks.empty());
  EXPECT_FALSE(with("perhaps").ok());
}

TEST(Statements, PagesAreOneStatement) {
  auto page = [](int number, bool last, const std::string& inside) {
    return camt("<StmtPgntn><PgNb>" + std::to_string(number) + "</PgNb><LastPgInd>" + (last ? "true" : "false") +
                "</LastPgInd></StmtPgntn>" + inside);
  };
  std::string one = page(1, false, bal("OPBD", "0", "2026-03-05") + ntry("5", "CRDT", "<Dt>2026-03-05</Dt>"));
  std::string two = page(2, true, bal("CLBD", "8", "2026-03-05") + ntry("3", "CRDT", "<Dt>2026-03-05</Dt>"));
  for (auto& order : {std::vector{one, two}, std::vector{two, one}}) {
    auto series = arrange(read(order));
    EXPECT_EQ(states(series->front()), "");
    ASSERT_EQ(series->front().statements.size(), 1u);
    EXPECT_EQ(series->front().statements[0].entries.size(), 2u);
    EXPECT_EQ(series->front().covered, (std::vector<Days>{{"2026-03-05", "2026-03-05"}}));
  }
  EXPECT_EQ(states(arrange(read({one}))->front()), "pages");
  EXPECT_EQ(states(arrange(read({two}))->front()), "pages");
}

TEST(Statements, WhoAsksStatesThePeriodWhereTheFileDoesNot) {
  auto unsaid = arrange(read({camt(ntry("5", "CRDT", "<Dt>2026-03-05</Dt>"))}));
  EXPECT_FALSE(unsaid->front().daysAreSaid);
  ASSERT_TRUE(statePeriod(unsaid->front(), "2026-03-01", "2026-03-31").ok());
  EXPECT_EQ(unsaid->front().covered, (std::vector<Days>{{"2026-03-01", "2026-03-31"}}));
  auto said = arrange(read({camt(bal("OPBD", "0", "2026-03-01") + bal("CLBD", "0", "2026-03-31"))}));
  EXPECT_FALSE(statePeriod(said->front(), "2026-02-01", "").ok()) << "the bank says nothing of February";
  ASSERT_TRUE(statePeriod(said->front(), "2026-03-10", "").ok());
  EXPECT_EQ(said->front().covered, (std::vector<Days>{{"2026-03-10", "2026-03-31"}}));
}

std::string bankCsv(const std::string& csv, const std::string& more = "",
                    const std::string& columns = "amount = \"amount\"\nbalance = \"balance\"\n") {
  auto statement =
      parseStatementCsv(csv, "account = \"1\"\n" + more + "[columns]\ndate = \"date\"\n" + columns, "x.csv");
  if (!statement.ok()) return statement.error().message.en;
  std::string all;
  for (const auto& entry : statement->entries) all += entry.date.substr(5) + " " + std::to_string(entry.amount) + "; ";
  return all;
}

TEST(StatementCsv, WhatBanksWriteAroundTheRows) {
  std::string rows = "2026-03-05,30.00,30.00\n2026-03-06,-10.00,20.00\n";
  std::string expected = "03-05 3000; 03-06 -1000; ";
  EXPECT_EQ(bankCsv("某银行对账单\n账号：,1\n\ndate,amount,balance\n" + rows), expected);
  EXPECT_EQ(bankCsv("sep=;\r\ndate;amount;balance\r\n2026-03-05;30.00;30.00\r\n2026-03-06;-10.00;20.00\r\n"), expected);
  EXPECT_EQ(bankCsv("date,amount,balance\n2026-03-06,-10.00,20.00\n2026-03-05,30.00,30.00\n"), expected)
      << "newest first";
  EXPECT_EQ(bankCsv("date,amount,balance\n期初余额,,0.00\n" + rows + "合计,20.00,\n打印日期：2026-04-01\n"), expected);
  EXPECT_NE(bankCsv("date,amount,balance\n" + rows + "合计,21.00,\n").find("line 4"), std::string::npos);
  EXPECT_NE(bankCsv("date,amount,balance\n期初余额,,1.00\n" + rows).find("line 2"), std::string::npos);
  EXPECT_NE(
      bankCsv("date,amount,balance\n2026-03-05,30.00,30.00\nabout noon,,\n2026-03-06,-10.00,20.00\n").find("line 4"),
      std::string::npos)
      << "a row without date and amount stands at the end only";
  EXPECT_NE(bankCsv("date,amount,balance\n2026-03-05,30.00,30.00,x\n").find("expected 3 cells, found 4"),
            std::string::npos);
  EXPECT_NE(bankCsv("date,amount,balance\nMarch 5,30.00,30.00\n").find("line 2"), std::string::npos);
  EXPECT_NE(bankCsv("date,amount,balance\n2026-03-05,,30.00\n").find("found none"), std::string::npos)
      << "no amount is not 0";
}

TEST(StatementCsv, SpellingsOfDaysAndAmounts) {
  std::string plain = "amount = \"amount\"\n";
  for (const char* day : {"2026-03-01", "2026/3/1", "2026.03.01", "2026年3月1日", "20260301", "２０２６－０３－０１",
                          "2026-03-01 14:05:06", "20260301 140506", "2026-02-28T20:00:00Z", "20260301140506"})
    EXPECT_EQ(bankCsv(std::string("date,amount\n") + day + ",1\n", "", plain), "03-01 100; ") << day;
  for (const char* day : {"3/1/2026", "26-03-01", "2026-13-01", "2026-02-30", "2026年3月", "20260301x"})
    EXPECT_NE(bankCsv(std::string("date,amount\n") + day + ",1\n", "", plain).find("expected"), std::string::npos)
        << day;
  struct Case {
    const char* written;
    int fen;
  };
  for (const Case& one : {Case{"\"￥1,234.50\"", 123450},
                          {"¥-5", -500},
                          {"-¥5", -500},
                          {"CNY 5", 500},
                          {"5.00元", 500},
                          {"0.05万元", 50000},
                          {"１２．５０", 1250},
                          {"(5.00)", -500},
                          {"5.00-", -500},
                          {"+5", 500},
                          {"RMB5", 500}})
    EXPECT_EQ(bankCsv(std::string("date,amount\n2026-03-01,") + one.written + "\n", "", plain),
              "03-01 " + std::to_string(one.fen) + "; ")
        << one.written;
  for (const char* bad : {"$5", "USD 5", "5美元", "--5", "(-5)", "5-5", "1.2E+5", "\"3000,00\"", "元", "-"})
    EXPECT_NE(bankCsv(std::string("date,amount\n2026-03-01,") + bad + "\n", "", plain).find("expected"),
              std::string::npos)
        << bad;
}

TEST(StatementCsv, TheSideOfAnAmountIsSaidOnce) {
  std::string sides = "credit = \"in\"\ndebit = \"out\"\n";
  EXPECT_EQ(bankCsv("date,in,out\n2026-03-01,,5\n2026-03-02,5,0.00\n", "", sides), "03-01 -500; 03-02 500; ");
  EXPECT_NE(bankCsv("date,in,out\n2026-03-01,,-5\n", "", sides).find("negative"), std::string::npos);
  EXPECT_EQ(bankCsv("date,in,out\n2026-03-01,,-5\n", "negative = \"side\"\n", sides), "03-01 -500; ");
  EXPECT_EQ(bankCsv("date,in,out\n2026-03-01,,-5\n", "negative = \"reversal\"\n", sides), "03-01 500; ");
  EXPECT_NE(bankCsv("date,in,out\n2026-03-01,,5\n", "negative = \"side\"\n", sides).find("minus"), std::string::npos);
  EXPECT_NE(bankCsv("date,in,out\n2026-03-01,5,5\n", "", sides).find("found both"), std::string::npos);
  EXPECT_NE(bankCsv("date,in,out\n2026-03-01,,\n", "", sides).find("found none"), std::string::npos);
  std::string side = "amount = \"amount\"\nside = \"d\"\n";
  EXPECT_EQ(bankCsv("date,d,amount\n2026-03-01,借,5\n2026-03-02,贷,5\n", "", side), "03-01 -500; 03-02 500; ");
  EXPECT_NE(bankCsv("date,d,amount\n2026-03-01,?,5\n", "", side).find("expected 贷 or 借"), std::string::npos);
}

TEST(StatementCsv, TheEncodingIsTakenFromTheBytes) {
  auto statement = parseStatementCsv("\xc8\xd5\xc6\xda,amount\n2026-03-01,1\n",
                                     "account = \"1\"\n[columns]\ndate = \"日期\"\namount = \"amount\"\n", "x.csv");
  ASSERT_TRUE(statement.ok()) << statement.error().message.en;
  ASSERT_EQ(statement->remarks.size(), 1u);
  EXPECT_EQ(statement->remarks[0].en, "read as GB18030");
}

class Reconciliation : public query::SmallBooks {
 protected:
  // "state reference difference" of each row.
  std::vector<std::string> run(std::vector<BankEntry> entries, const std::string& platform = "") {
    BankStatement statement;
    statement.id = "S";
    statement.account = "622200003344";
    statement.currency = 156;
    statement.from = "2026-03-01";
    statement.to = "2026-03-31";
    statement.period = PeriodSource::Stated;
    statement.entries = std::move(entries);
    auto series = arrange({statement});
    EXPECT_TRUE(series.ok());
    auto result = matchStatements(model(), now(), series->front(), {"622200003344", platform, 3});
    EXPECT_TRUE(result.ok()) << result.error().message.en;
    std::vector<std::string> rows;
    for (const auto& row : result->table.rows) {
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

TEST_F(Reconciliation, SeveralBankLinesOfOnePaymentAndItsFee) {
  EXPECT_EQ(run({{"2026-03-05", 300000, {"B1"}, ""},
                 {"2026-03-10", -200, {"P1"}, "fee"},
                 {"2026-03-10", -60000, {"P1"}, ""},
                 {"2026-03-11", -40050, {"P1"}, ""},
                 {"2026-03-20", -20000, {}, ""}}),
            (Rows{"matched B1 0", "matched P1 0", "bank_only P1 -200", "matched  0"}));
}

}  // namespace
}  // namespace pilotledger::reconcile
