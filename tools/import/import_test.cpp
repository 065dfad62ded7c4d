#include "tools/import/import.h"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/support/ledger_fixture.h"
#include "tools/import/dates.h"
#include "tools/import/input.h"

namespace pilotledger::import {
namespace {

constexpr const char* kRules = R"toml(
name = "test-awards"
currency = "CNY"
[input]
key = ["no"]
decimal = ","
thousands = "."
date = "d.m.yyyy"
tidy = true
[[join]]
name = "lines"
file = "lines.csv"
on = "{no}"
key = ["award"]
[[event]]
label = "payee"
kind = "PartyRegistered"
once = "{company}"
header = { legalDate = "{date}" }
body = { party = "city:{company}", name = "{company}", kind = "ENTERPRISE" }
[[event]]
label = "award"
kind = "SubsidyAwarded"
when = { text = "{state}", not = "cancelled" }
header = { legalDate = "{date}" }
[event.body]
award = "{no}"
payee = "city:{company}"
instrument = { text = "{type}", map = { A = "equipment", B = "upgrade" } }
mode = { text = "{state}", match = [["^paid", "POST"], ["", "PRE"]] }
amountFen = { text = "{amount}", unit = "万元" }
baseFen = { each = "lines", sum = "{lines.cost}" }
title = { text = "{title}", default = "untitled" }
permittedLines = { each = { split = "{tags}", by = "|", except = "^x$" }, value = "{item}" }
kpis = { each = "lines", value = { name = "{lines.kpi}", target = "{lines.goal}" } }
)toml";

constexpr const char* kTable =
    "no,company,date,type,amount,state,title,tags\n"
    "1,甲公司,1.4.2026,A,\"1.000,5\",paid up,\"a, \"\"quoted\"\"\ntitle\",r|x|s|r\n"
    "2,甲公司,15.12.2025,B,2,open,,\n"
    "3,乙公司,1.1.2026,A,3,cancelled,t,\n";
constexpr const char* kLines = "award,cost,kpi,goal\n1,\"10,25\",企业数,\"3,50\"\n1,20,项目数,\n";

class Import : public ::testing::Test {
 protected:
  Import() { town.bind("imp", "op:importer", R"("IMP")"); }

  Result<ImportReport> run(const std::string& rulesText, const std::string& table, std::size_t batch = 1000) {
    rules = *parseRules(rulesText, "rules.toml");
    PL_TRY(auto input, readInput(table, "awards.csv", rules));
    main = std::make_unique<CsvTable>(std::move(input.table));
    std::map<std::string, CsvTable> joins;
    joins.emplace("lines", *CsvTable::parse(kLines, ',', "lines.csv"));
    PL_TRY(Mapper mapper, Mapper::make(rules, *main, std::move(joins)));
    ImportOptions options;
    options.batch = batch;
    return importRecords(town.ledger(), mapper, {&town.key("imp"), 1}, options);
  }
  events::Event last() { return town.ledger().event(town.ledger().size() - 1).value(); }

  ledger::LedgerFixture town;
  Rules rules;
  std::unique_ptr<CsvTable> main;
};

TEST_F(Import, RowsBecomeEventsAsTheRulesSay) {
  auto report = run(kRules, kTable);
  ASSERT_TRUE(report.ok()) << report.error().message.en;
  EXPECT_EQ(report->records, 3u);
  EXPECT_EQ(report->rejects.size(), 0u);
  EXPECT_EQ(report->recorded, 4u);  // two parties (the second only registered), two awards
  EXPECT_EQ(report->tallies.at("SubsidyAwarded CNY").amounts.at("amountFen"), 1'002'500'000 * 1LL);
  auto entries = town.ledger().entriesOf("award:1").value();
  ASSERT_EQ(entries.size(), 1u);
  auto event = town.ledger().event(entries[0]).value();
  EXPECT_EQ(event.legalDate(), 20260401);
  EXPECT_STREQ(event.reader().getSource().cStr(), "test-awards#1");
  EXPECT_EQ(event.id()[6] >> 4, 8) << "derived, so a UUID of version 8";
  auto body = event.reader().getBody().getSubsidyAwarded();
  EXPECT_EQ(body.getAmountFen(), 1'000'500'000);  // 1.000,5 万元
  EXPECT_EQ(body.getBaseFen(), 3025);
  EXPECT_STREQ(body.getTitle().cStr(), "a, \"quoted\" title");
  EXPECT_STREQ(body.getInstrument().cStr(), "equipment");
  EXPECT_EQ(body.getMode(), events::schema::FundingMode::POST);
  ASSERT_EQ(body.getPermittedLines().size(), 2u);
  EXPECT_STREQ(body.getPermittedLines()[1].cStr(), "s");
  ASSERT_EQ(body.getKpis().size(), 2u);
  EXPECT_STREQ(body.getKpis()[0].getTarget().cStr(), "3.5");
  auto second = town.ledger().event(town.ledger().entriesOf("award:2").value().at(0)).value();
  EXPECT_STREQ(second.reader().getBody().getSubsidyAwarded().getTitle().cStr(), "untitled");
}

TEST_F(Import, AgainRecordsNothing) {
  ASSERT_TRUE(run(kRules, kTable).ok());
  std::uint64_t size = town.ledger().size();
  auto again = run(kRules, kTable, 1);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->recorded, 0u);
  EXPECT_EQ(again->repeated, 2u);
  EXPECT_EQ(town.ledger().size(), size);
}

TEST_F(Import, AChangedRowIsAConflictAndTheOthersGoOn) {
  ASSERT_TRUE(run(kRules, kTable).ok());
  std::string changed = std::string(kTable) + "4,丙公司,1.1.2026,A,1,open,t,\n";
  changed.replace(changed.find("B,2,"), 4, "B,9,");
  auto report = run(kRules, changed);
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->rejects.size(), 1u);
  EXPECT_EQ(report->rejects[0].line, 4u);  // after a title of two lines
  EXPECT_EQ(report->recorded, 2u);
}

TEST_F(Import, RejectsNameLineColumnAndReason) {
  std::string table =
      "no,company,date,type,amount,state,title,tags\n"
      "1,甲,31.2.2026,A,1,open,t,\n"                 // no such day
      "2,甲,1.1.2026,C,1,open,t,\n"                  // unknown type
      "3,甲,1.1.2026,A,1.5x,open,t,\n"               // no number
      "4,甲,1.1.2026,A,-1,open,t,\n"                 // refused by a rule
      "5,甲,1.1.2026,A,1,open,t\n"                   // a cell short
      "1,甲,1.1.2026,A,1,open,t,\n"                  // key again
      ",甲,1.1.2026,A,1,open,t,\n"                   // no key
      "8,,1.1.2026,A,1,open,t,\n"                    // no company
      "9,甲,1.1.2026,A,99999999999999999,open,t,\n"  // too large
      "10,甲,1.1.2026,A,1,open,t,\n";
  auto report = run(kRules, table);
  ASSERT_TRUE(report.ok()) << report.error().message.en;
  ASSERT_EQ(report->rejects.size(), 9u);
  std::vector<std::pair<std::size_t, std::string>> where;
  for (const auto& reject : report->rejects) {
    where.emplace_back(reject.line, reject.column);
    EXPECT_FALSE(reject.reason.en.empty());
    EXPECT_FALSE(reject.reason.zh.empty()) << reject.reason.en;
    EXPECT_FALSE(reject.row.empty());
  }
  EXPECT_EQ(where, (std::vector<std::pair<std::size_t, std::string>>{{2, "date"},
                                                                     {3, "type"},
                                                                     {4, "amount"},
                                                                     {5, ""},
                                                                     {6, ""},
                                                                     {7, ""},
                                                                     {8, ""},
                                                                     {9, "company"},
                                                                     {10, "amount"}}));
  EXPECT_EQ(report->rejects[3].rule, "R-POSITIVE");
  EXPECT_EQ(report->recorded, 2u);
  EXPECT_FALSE(town.verify().damage.has_value());
  EXPECT_NE(rejectsCsv(report->rejects, false).find("2,date,"), std::string::npos);
}

TEST_F(Import, NothingIsLostWhateverTheBatch) {
  std::string table = "no,company,date,type,amount,state,title,tags\n";
  int bad = 0;
  for (int i = 0; i < 200; ++i) {
    bool refused = i % 7 == 3 || i > 190;
    bad += refused;
    table += fmt::format("{},c{},1.1.2026,A,{},open,t,\n", i, i / 5, refused ? -1 : 1);
  }
  auto report = run(kRules, table, 32);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->rejected, static_cast<std::uint64_t>(bad));
  EXPECT_EQ(report->tallies.at("SubsidyAwarded CNY").events, static_cast<std::uint64_t>(200 - bad));
  auto again = run(kRules, table, 200);
  EXPECT_EQ(again->recorded, 0u) << "the first run recorded all it could";
}

TEST_F(Import, AKeyWithoutTheRoleStopsAtOnce) {
  town.bind("plt", "91330100MA2PLT015B", R"("PLT")");
  rules = *parseRules(kRules, "rules.toml");
  main = std::make_unique<CsvTable>(*CsvTable::parse(kTable, ',', "awards.csv"));
  std::map<std::string, CsvTable> joins;
  joins.emplace("lines", *CsvTable::parse(kLines, ',', "lines.csv"));
  Mapper mapper = *Mapper::make(rules, *main, std::move(joins));
  auto report = importRecords(town.ledger(), mapper, {&town.key("plt"), 1}, {});
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::NotAuthorized);
}

TEST_F(Import, SeveralRowsBecomeOneRecord) {
  std::string grouped = kRules;
  grouped.replace(grouped.find("tidy = true"), 11, "group = true");
  grouped.replace(grouped.find("each = \"lines\", sum = \"{lines.cost}\""), 37,
                  "each = \"rows\", sum = \"{rows.amount}\" ");
  std::string once = grouped;
  grouped.replace(grouped.find("{ text = \"{amount}\""), 19, "{ each = \"rows\", sum = \"{rows.amount}\"");
  std::string table =
      "no,company,date,type,amount,state,title,tags\n1,甲,1.1.2026,A,1,open,t,\n2,甲,1.1.2026,A,1,open,t,\n1,甲,1.1."
      "2026,A,2,open,t,\n";
  auto report = run(grouped, table);
  ASSERT_TRUE(report.ok()) << report.error().message.en;
  EXPECT_EQ(report->records, 2u);
  auto event = town.ledger().event(town.ledger().entriesOf("award:1").value().at(0)).value();
  EXPECT_EQ(event.reader().getBody().getSubsidyAwarded().getBaseFen(), 300);
  // What is taken once of a record has one value in it.
  once.replace(once.find("test-awards"), 11, "once-awards");
  table.replace(table.find("\n2,"), 3, "\n3,").replace(table.find("\n1,"), 3, "\n4,");
  table.replace(table.rfind("\n1,"), 3, "\n4,");
  auto differing = run(once, table);
  ASSERT_TRUE(differing.ok()) << differing.error().message.en;
  ASSERT_EQ(differing->rejects.size(), 2u) << "both rows of the one record";
  EXPECT_NE(
      differing->rejects[0].reason.en.find("column 'amount' differs within the record '4': line 2 has '1', line 4 "
                                           "'2'"),
      std::string::npos)
      << differing->rejects[0].reason.en;
  EXPECT_EQ(differing->recorded, 1u);
}

TEST(Rules, MistakesAreFoundBeforeTheFirstRow) {
  struct Case {
    const char* from;
    const char* to;
    const char* says;
  };
  for (const Case& c :
       {Case{"\"SubsidyAwarded\"", "\"SubsidyAward\"", "SubsidyAwarded"},
        {"amountFen =", "amontFen =", "amountFen"},
        {"each = \"lines\", value", "each = \"line\", value", "no join 'line'"},
        {"unit = \"万元\"", "unit = \"万圆\"", "expected one of"},
        {"{title}", "{title", "'{'"},
        {"not = \"cancelled\"", "nto = \"cancelled\"", "did you mean 'not'"},
        {"[\"^paid\", \"POST\"]", "[\"^(paid\", \"POST\"]", "regular expression"},
        {"key = [\"no\"]", "kye = [\"no\"]", "kye"},
        {"name = \"test-awards\"", "", "name"},
        {"[input]", "[input", "line"},
        {"label = \"payee\"", "label = \"award\"", "used twice"},
        {"by = \"|\"", "by = \"\"", "found none"},
        {"\"^paid\"", "\"^(?!paid)\"", "RE2"},
        {"tidy = true", "tidy = 1", "true or false"},
        {"tidy = true", "delimiter = \"\\\"\"", "delimiter"},
        {"decimal = \",\"", "decimal = \"7\"", "decimal"},
        {"\"d.m.yyyy\"", "\"d.m.yyyyyyyyyyyy\"", "yy once"},
        {"\"d.m.yyyy\"", "\"ddd.m.yyyy\"", "yy once"},
        {"\"d.m.yyyy\"", "\"d.m.yyyy.d\"", "yy once"},
        {"\"d.m.yyyy\"", "20260101", "date: expected a text"},
        {"map = { A = \"equipment\", B = \"upgrade\" }", "map = \"A\"", "map: expected"},
        {"A = \"equipment\"", "A = 5", "A: expected a text"},
        {"match = [[\"^paid\", \"POST\"], [\"\", \"PRE\"]]", "match = \"x\"", "match: expected"},
        {"default = \"untitled\"", "default = 7", "default: expected a text"},
        {"[[join]]", "[join]", "[[join]]"},
        {"key = [\"no\"]", "key = []", "input.key"},
        {"name = \"lines\"", "name = 7", "name: expected a text"},
        {"tidy = true",
         "group = true\ntidy = true\n[[join]]\nname = \"rows\"\nfile = \"r\"\non = \"{no}\"\nkey = [\"x\"]",
         "is taken"}}) {
    std::string text = kRules;
    text.replace(text.find(c.from), std::string(c.from).size(), c.to);
    auto rules = parseRules(text, "rules.toml");
    ASSERT_FALSE(rules.ok()) << c.to;
    EXPECT_NE(rules.error().message.en.find(c.says), std::string::npos) << rules.error().message.en;
    EXPECT_NE(rules.error().message.en.find("rules.toml"), std::string::npos);
  }
}

TEST(Rules, TheRowsOfAGroupAreNoMatrix) {
  std::string grouped = kRules;
  grouped.replace(grouped.find("tidy = true"), 11, "group = true");
  grouped.replace(grouped.find("each = \"lines\", value"), 22, "each = { columns = \"rows\" }, value");
  auto rules = parseRules(grouped, "rules.toml");
  ASSERT_FALSE(rules.ok());
  EXPECT_NE(rules.error().message.en.find("no join 'rows'"), std::string::npos) << rules.error().message.en;
}

TEST(Rules, JoinsInARingAreRefused) {
  std::string ring = kRules;
  ring.replace(ring.find("on = \"{no}\""), 11, "on = \"{lines.kpi}\"");
  Rules rules = *parseRules(ring, "rules.toml");
  CsvTable table = *CsvTable::parse(kTable, ',', "a.csv");
  std::map<std::string, CsvTable> joins;
  joins.emplace("lines", *CsvTable::parse(kLines, ',', "lines.csv"));
  auto mapper = Mapper::make(rules, table, std::move(joins));
  ASSERT_FALSE(mapper.ok());
  EXPECT_NE(mapper.error().message.en.find("a join above it"), std::string::npos) << mapper.error().message.en;
}

TEST_F(Import, LongCellsTakeTimeBySizeOnly) {
  std::string rulesText = kRules;
  rulesText.replace(rulesText.find("\"^paid\""), 7, "\"^(a|b|aa|bb)*c\"");
  std::string tags, state(1'000'000, 'a');
  for (int i = 0; i < 150'000; ++i) tags += fmt::format("t{}|", i);
  std::string table = fmt::format(
      "no,company,date,type,amount,state,title,tags\n1,甲,1.1.2026,A,1,{},t,x\n2,甲,1.1.2026,A,1,open,t,{}\n", state,
      tags);
  auto start = std::chrono::steady_clock::now();
  auto report = run(rulesText, table);
  ASSERT_TRUE(report.ok()) << report.error().message.en;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  ASSERT_EQ(report->rejects.size(), 1u) << "a list has at most 4,096 items";
  EXPECT_EQ(report->rejects[0].line, 3u);
}

TEST_F(Import, InvoiceNumbersThatLookAlikeAreOne) {
  std::string rulesText = kRules;
  std::string table =
      "no,company,date,type,amount,state,title,tags\nＡ－１,甲　公司,1.1.2026,A,1,open,t,\nA-1,甲　公司,1.1.2026,A,1,"
      "open,t,\nA\u200B-1,甲,1.1.2026,A,1,open,t,\n";
  auto report = run(rulesText, table, 1);
  ASSERT_TRUE(report.ok()) << report.error().message.en;
  ASSERT_EQ(report->rejects.size(), 2u);
  EXPECT_EQ(report->rejects[0].rule, "R-UNIQUE") << report->rejects[0].reason.en;
  EXPECT_NE(report->rejects[1].reason.en.find("U+200B"), std::string::npos) << report->rejects[1].reason.en;
  EXPECT_EQ(town.ledger().entriesOf("award:A-1").value().size(), 1u);
  EXPECT_EQ(town.ledger().entriesOf("party:city:甲 公司").value().size(), 2u);
}

// Admission is not a rule: what another program signed is appended, replayed and verified as before.
TEST_F(Import, WhatWouldNotBeTakenNowStillReadsFromTheLog) {
  Bytes bytes =
      town.event(R"({"kind":"PartyRegistered","body":{"party":"us:aXYZb","name":"甲  XYZ","kind":"ENTERPRISE"}})")
          .value();
  std::string text(bytes.begin(), bytes.end());
  for (std::size_t at; (at = text.find("XYZ")) != text.npos;) text.replace(at, 3, "\u200B");
  const crypto::SigningKey* signer = &town.key("operator");
  auto submission = proof::makeSubmission(town.ledger().suite(), town.ledger().name(),
                                          {Bytes(text.begin(), text.end())}, {&signer, 1});
  ASSERT_TRUE(submission.ok()) << submission.error().message.en;
  auto appended = town.ledger().append(*submission);
  ASSERT_TRUE(appended.ok()) << appended.error().message.en;
  EXPECT_EQ(town.ledger().entriesOf("party:us:a\u200Bb").value().size(), 1u);
  EXPECT_STREQ(last().reader().getBody().getPartyRegistered().getName().cStr(), "甲 \u200B");
  EXPECT_FALSE(town.verify().damage.has_value());
}

TEST(Rules, MissingColumnsSayWhatIsClose) {
  Rules rules = *parseRules(kRules, "rules.toml");
  CsvTable table = *CsvTable::parse("no,company,date,type,amonut,state,title,tags\n", ',', "a.csv");
  std::map<std::string, CsvTable> joins;
  joins.emplace("lines", *CsvTable::parse(kLines, ',', "lines.csv"));
  auto mapper = Mapper::make(rules, table, std::move(joins));
  ASSERT_FALSE(mapper.ok());
  EXPECT_NE(mapper.error().message.en.find("expected a column 'amount', found 'amonut'"), std::string::npos)
      << mapper.error().message.en;
}

TEST(Csv, ReadsRfc4180) {
  auto table = CsvTable::parse("\xEF\xBB\xBF a ;b\r\n\"x;\"\"y\"\"\";\"two\nlines\"\r\n\r\n1;2;3\r\n", ';', "t.csv");
  ASSERT_TRUE(table.ok()) << table.error().message.en;
  EXPECT_EQ(table->columns(), (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(table->rows().size(), 2u);
  EXPECT_EQ(table->rows()[0].cells, (std::vector<std::string>{"x;\"y\"", "two\nlines"}));
  EXPECT_EQ(table->rows()[1].line, 5u);
  EXPECT_TRUE(table->rows()[1].trouble.has_value());
  EXPECT_FALSE(CsvTable::parse("a\n\"open", ',', "t").ok());
  EXPECT_FALSE(CsvTable::parse("a,a\n", ',', "t").ok());
  EXPECT_FALSE(CsvTable::parse("", ',', "t").ok());
}

TEST(Csv, OtherEncodings) {
  EXPECT_EQ(*toUtf8("\xd6\xd0\xca\xd4", "GB18030"), "中试");
  EXPECT_FALSE(toUtf8("\xff\xff", "GB18030").ok());
  EXPECT_FALSE(toUtf8("a", "NO-SUCH-CODE").ok());
}

TEST(Spelling, NumbersAndDates) {
  EXPECT_EQ(*isoDate("1.4.2008", "d.m.yyyy"), "2008-04-01");
  EXPECT_EQ(*isoDate("20151230", "yyyymmdd"), "2015-12-30");
  EXPECT_EQ(*isoDate("2017", "yyyy"), "2017-01-01");
  for (const char* bad : {"1.4.08", "1/4/2008", "1.4.2008x", "", "x.4.2008"})
    EXPECT_FALSE(isoDate(bad, "d.m.yyyy").ok()) << bad;
  EXPECT_FALSE(isoDate("99999999999999", "yyyyyyyyyyyyyy").ok());
}

}  // namespace
}  // namespace pilotledger::import
