// The language of import rules: spellings, computed values, names of events, order, XML and JSON.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "events/json.h"
#include "tests/support/workbook_writer.h"
#include "tools/import/dates.h"
#include "tools/import/input.h"
#include "tools/import/mapper.h"

namespace pilotledger::import {
namespace {

struct Read {
  Rules rules;
  Input input;
  std::vector<Mapper::Keyed> records;
  std::unique_ptr<Mapper> mapper;
};

// A file by rules that end with the body of one RevenueReceived, whose label is "r".
Result<std::unique_ptr<Read>> readBy(const std::string& input, const std::string& body, const std::string& file,
                                     const std::string& before = "", const std::string& currency = "\"CNY\"") {
  auto read = std::make_unique<Read>();
  std::string toml =
      "name = \"n\"\ncurrency = " + currency + "\n[input]\nkey = [\"no\"]\n" + input + "\n" + before +
      "\n[[event]]\nlabel = \"r\"\nkind = \"RevenueReceived\"\nheader = { legalDate = \"{d}\" }\n[event.body]\n"
      "platform = \"P\"\nstream = \"SERVICE\"\n" +
      body;
  PL_TRY(read->rules, parseRules(toml, "r.toml"));
  PL_TRY(read->input, readInput(file, "f", read->rules));
  std::map<std::string, CsvTable> joins = read->input.parts;
  PL_TRY(Mapper mapper, Mapper::make(read->rules, read->input.table, std::move(joins), {"f.csv", "ab"}));
  read->mapper = std::make_unique<Mapper>(std::move(mapper));
  PL_TRY(read->records, read->mapper->records());
  return read;
}
// Of each record the gross amount and the service code; what is wrong with it in brackets.
std::string amounts(const std::string& input, const std::string& body, const std::string& file,
                    const std::string& before = "", const std::string& currency = "\"CNY\"") {
  auto read = readBy(input, body, file, before, currency);
  if (!read.ok()) return read.error().message.en;
  std::string all;
  for (const auto& [record, trouble] : (*read)->records) {
    all += all.empty() ? "" : "; ";
    if (trouble) {
      all += "[" + trouble->en + "]";
      continue;
    }
    auto mapped = (*read)->mapper->map(record);
    if (!mapped.ok()) {
      all += "[" + mapped.error().message.en + "]";
      continue;
    }
    for (const auto& event : *mapped) {
      auto reader = event.event.reader();
      if (event.label != "r") continue;
      auto body_ = reader.getBody().getRevenueReceived();
      all += std::to_string(body_.getGrossFen());
      if (body_.getServiceCode().size() > 0) all += " " + std::string(body_.getServiceCode().cStr());
    }
  }
  return all;
}

TEST(ImportLanguage, PartsOfACell) {
  std::string body = R"(grossFen = { text = "{t}", match = [['^(?P<n>\d+)元$', "{n}"], ['^(?P<n>\d+)角$', "0.{n}"]] })";
  EXPECT_EQ(amounts("", body, "no,d,t\n1,2026-03-01,5元\n2,2026-03-01,7角\n"), "500; 70");
  EXPECT_NE(amounts("", body, "no,d,t\n1,2026-03-01,5分\n").find("no pattern of match fits '5分'"), std::string::npos);
  EXPECT_NE(amounts("", R"(grossFen = { text = "{t}", match = [['(?P<n>\d)', "{m}"]] })", "no,d,t\n1,2026-03-01,5\n")
                .find("expected a column 'm'"),
            std::string::npos);
}

TEST(ImportLanguage, SpellingsOfDays) {
  struct Case {
    const char *text, *pattern, *iso;
  };
  for (const Case& one : {Case{"3-Mar-26", "d-mmm-yy", "2026-03-03"},
                          {"03 SEPTEMBER 1998", "dd mmm yyyy", "1998-09-03"},
                          {"1/2/70", "d/m/yy", "1970-02-01"},
                          {"1/2/69", "d/m/yy", "2069-02-01"},
                          {"2026-03-01 23:59:00", "yyyy-mm-dd HH:MM:SS", "2026-03-01"},
                          {"2026年3月1日", "any", "2026-03-01"}}) {
    auto iso = isoDate(one.text, one.pattern);
    ASSERT_TRUE(iso.ok()) << one.text;
    EXPECT_EQ(*iso, one.iso);
  }
  EXPECT_FALSE(isoDate("3-Mrz-26", "d-mmm-yy").ok());
  EXPECT_FALSE(isoDate("2026-03-01 25:00:00", "yyyy-mm-dd HH:MM:SS").ok());
  for (const char* pattern : {"yyyy-MM-dd", "dd.yyyy", "mm.dd", "yyyy-mm-dd-yy", "yyy", "HH:MM", "ddd.mm.yyyy"})
    EXPECT_FALSE(isDatePattern(pattern)) << pattern;
}

TEST(ImportLanguage, SpellingsOfAmounts) {
  EXPECT_EQ(amounts("exponents = true", "grossFen = \"{t}\"", "no,d,t\n1,2026-03-01,1.5E+3\n"), "150000");
  EXPECT_NE(amounts("", "grossFen = \"{t}\"", "no,d,t\n1,2026-03-01,1.5E+3\n").find("[r: grossFen"), std::string::npos);
  EXPECT_EQ(amounts("thousands = \",\"", "grossFen = \"{t}\"",
                    "no,d,t\n1,2026-03-01,\"￥1,234.50\"\n2,2026-03-01,0.5万元\n3,2026-03-01,（5）\n"),
            "123450; 500000; -500");
  EXPECT_NE(
      amounts("", "grossFen = { text = \"{t}\", unit = \"万元\" }", "no,d,t\n1,2026-03-01,5元\n").find("its unit"),
      std::string::npos);
  EXPECT_EQ(amounts("", "grossFen = \"{t}\"", "no,d,t,c\n1,2026-03-01,5,JPY\n2,2026-03-01,5,人民币\n", "",
                    R"({ text = "{c}", map = { "人民币" = "CNY", JPY = "JPY" } })"),
            "5; 500");
  EXPECT_NE(amounts("", "grossFen = \"1\"", "no,d\n1,2026-03-01\n", "", R"({ text = "{d}", map = { a = "RMB" } })")
                .find("currency"),
            std::string::npos);
}

TEST(ImportLanguage, ColumnsWithoutNamesAndFilesWithoutHeader) {
  EXPECT_EQ(amounts("", "grossFen = \"{#3}\"", "no,d,\n1,2026-03-01,5\n"), "500");
  std::string file = "1,2026-03-01,5\n2,2026-03-01,6\n";
  auto none = amounts("header = \"none\"", "grossFen = \"{#3}\"", file);
  EXPECT_NE(none.find("expected a column 'no'"), std::string::npos);
  EXPECT_EQ(amounts("", "grossFen = \"{#4}\"", "no,d,\n1,2026-03-01,5\n"), "f: expected a column '#4'");
}

TEST(ImportLanguage, TitlesAndTotalsAroundTheTable) {
  std::string file = "明细表,,\n,,\nno,d,t\n1,2026-03-01,5\n合计,,5\n制表人,,\n";
  EXPECT_EQ(amounts("header = \"search\"\ncolumns = [\"t\"]\nskip = \"^(合计|制表)\"", "grossFen = \"{t}\"", file),
            "500");
  auto read = readBy("header = \"search\"\nskip = \"^(合计|制表)\"", "grossFen = \"{t}\"", file);
  EXPECT_EQ((*read)->input.skipped, 2u);
  EXPECT_NE(amounts("header = \"search\"\ncolumns = [\"x\"]", "grossFen = \"{t}\"", file).find("expected a column 'x'"),
            std::string::npos);
}

TEST(ImportLanguage, ValuesOverAGroup) {
  std::string rows = "no,d,t\n1,2026-03-05,5\n1,2026-03-05,2.01\n1,2026-03-05,\n1,2026-03-05,2\n";
  auto over = [&](const std::string& what) {
    return amounts("group = true", "grossFen = { " + what + ", each = \"rows\" }", rows);
  };
  EXPECT_EQ(over("sum = \"{rows.t}\""), "901");
  EXPECT_EQ(over("min = \"{rows.t}\""), "200");
  EXPECT_EQ(over("max = \"{rows.t}\""), "500");
  EXPECT_EQ(over("mean = \"{rows.t}\""), "300") << "3.0033 to the nearest cent";
  EXPECT_EQ(over("count = \"{rows.t}\""), "3") << "cells that are empty are none";
  EXPECT_NE(over("min = \"{rows.t}\", max = \"{rows.t}\"").find("found both"), std::string::npos);
  EXPECT_EQ(amounts("", "grossFen = { plus = \"{t}\", minus = [\"{u}\", \"{u}\"] }", "no,d,t,u\n1,2026-03-05,5,1\n"),
            "300");
  EXPECT_EQ(
      amounts("", "grossFen = \"{t}\"\nserviceCode = \"{key}-{file.name}-{file.hash}\"", "no,d,t\n1,2026-03-05,5\n"),
      "500 1-f.csv-ab");
  EXPECT_EQ(amounts("", "grossFen = \"{t}\"\nserviceCode = { hash = \"a\" }", "no,d,t\n1,2026-03-05,5\n"),
            "500 ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
}

TEST(ImportLanguage, KeysOfSeveralColumnsDoNotMeet) {
  std::string toml = "key = [\"no\", \"t\"]";
  auto read = readBy("", "grossFen = \"1\"", "no,d,t\n1,2026-03-01,1\n");
  ASSERT_TRUE(read.ok());
  Rules rules = (*read)->rules;
  rules.key = {"no", "t"};
  auto table =
      CsvTable::parse("no,d,t\na/b,2026-03-01,c\na,2026-03-01,b/c\na%2Fb,2026-03-01,c\nx,2026-03-01,y\n", ',', "f");
  auto mapper = Mapper::make(rules, *table, {});
  ASSERT_TRUE(mapper.ok()) << mapper.error().message.en;
  auto records = mapper->records();
  std::set<std::string> keys;
  for (const auto& one : *records) {
    EXPECT_FALSE(one.trouble) << one.trouble->en;
    keys.insert(one.record.key);
  }
  EXPECT_EQ(keys, (std::set<std::string>{"a%2Fb/c", "a/b%2Fc", "a%252Fb/c", "x/y"}));
}

TEST(ImportLanguage, AnEventNamesTheOneThatAnotherRowMade) {
  std::string refund =
      "[[event]]\nlabel = \"refund\"\nkind = \"RevenueReversed\"\nwhen = { text = \"{of}\", not = \"\" }\n"
      "header = { legalDate = \"{d}\" }\nbody = { target = { event = \"r\", key = \"{of}\" }, platform = \"P\", stream "
      "= \"SERVICE\", "
      "grossFen = { minus = \"{t}\" } }\n";
  auto read = readBy("", "grossFen = \"{t}\"", "no,d,t,of\n1,2026-03-01,5,\n2,2026-03-01,-5,1\n", refund);
  ASSERT_TRUE(read.ok()) << read.error().message.en;
  auto first = (*read)->mapper->map((*read)->records[0].record),
       second = (*read)->mapper->map((*read)->records[1].record);
  ASSERT_TRUE(first.ok() && second.ok()) << second.error().message.en;
  ASSERT_EQ(second->size(), 2u);
  auto target = (*second)[0].event.reader().getBody().getRevenueReversed().getTarget();
  auto id = (*first)[0].event.id();
  EXPECT_TRUE(std::equal(target.begin(), target.end(), id.begin(), id.end()));
  std::string unknown = refund;
  unknown.replace(unknown.find("event = \"r\""), 11, "event = \"x\"");
  EXPECT_NE(amounts("", "grossFen = \"{t}\"", "no,d,t,of\n", unknown).find("there is no label 'x'"), std::string::npos);
}

TEST(ImportLanguage, RowsInOrder) {
  std::string file = "no,d,t\n1,3.3.2026,3\n2,10.2.2026,20\n3,never,1\n4,1.12.2025,100\n";
  auto sorted = [&](const std::string& order) {
    return amounts("date = \"d.m.yyyy\"\norder = [" + order + "]", "grossFen = \"{t}\"", file);
  };
  EXPECT_EQ(sorted("{ column = \"d\", as = \"date\" }"),
            "[d: expected a date like d.m.yyyy, found 'never']; 10000; 2000; 300");
  EXPECT_EQ(sorted("{ column = \"t\", as = \"number\" }").substr(0, 2), "[r")
      << sorted("{ column = \"t\", as = \"number\" }");
  EXPECT_NE(sorted("\"x\"").find("expected a column 'x'"), std::string::npos);
}

TEST(ImportLanguage, EveryCellIsTidied) {
  EXPECT_EQ(amounts("tidy = true\ngroup = true", "grossFen = { sum = \"{rows.t}\", each = \"rows\" }",
                    "no,d,t\n\"1\n\",2026-03-01,5\n1 ,2026-03-01,\"6\t\"\n"),
            "1100")
      << "keys and joined rows too";
}

TEST(ImportLanguage, RaggedJoinedRowsAreTroubleOfTheirRecord) {
  std::string toml =
      "name = \"n\"\n[input]\nkey = \"no\"\n[[join]]\nname = \"l\"\nfile = \"l.csv\"\non = \"{no}\"\nkey = "
      "[\"k\"]\n[[event]]\n"
      "kind = \"RevenueReceived\"\nheader = { legalDate = \"2026-03-01\" }\nbody = { platform = \"P\", stream = "
      "\"SERVICE\", grossFen = { sum = "
      "\"{l.t}\", each = \"l\" } }\n";
  auto rules = parseRules(toml, "r");
  ASSERT_TRUE(rules.ok()) << rules.error().message.en;
  auto table = CsvTable::parse("no\n1\n2\n", ',', "f");
  std::map<std::string, CsvTable> joins;
  joins.emplace("l", *CsvTable::parse("k,t\n1,5\n2,5,9\n2,6\n,1,1\n", ',', "l.csv"));
  auto mapper = Mapper::make(*rules, *table, std::move(joins));
  ASSERT_TRUE(mapper.ok()) << mapper.error().message.en;
  auto records = mapper->records();
  EXPECT_FALSE((*records)[0].trouble);
  ASSERT_TRUE((*records)[1].trouble);
  EXPECT_EQ((*records)[1].trouble->en, "l.csv line 3: expected 2 cells, found 3");
  ASSERT_EQ(mapper->orphans().size(), 1u);
}

TEST(ImportLanguage, XmlAndJsonRecords) {
  std::string body = "grossFen = { sum = \"{lines.@sum}\", each = \"lines\" }\nserviceCode = \"{kind}\"";
  std::string path = "[[join]]\nname = \"lines\"\npath = \"Lines/L\"\n";
  std::string xml =
      "<a:All xmlns:a=\"urn:x\"><a:R><no>1</no><d>2026-03-01</d><kind>K</kind><Lines><L sum=\"5\"/><L "
      "sum=\"6.5\"/></Lines></a:R>"
      "<a:R><no>2</no><d>2026-03-01</d><Lines/></a:R></a:All>";
  EXPECT_EQ(amounts("record = \"All/R\"", body, xml, path), "1150 K; [r: body: grossFen: required, but empty (Gross)]");
  EXPECT_NE(amounts("record = \"All/X\"", body, xml, path).find("nothing at All/X"), std::string::npos);
  std::string lines = "grossFen = { sum = \"{lines.sum}\", each = \"lines\" }\nserviceCode = \"{kind}\"";
  std::string json = R"({"All":{"R":[{"no":1,"d":"2026-03-01","kind":"K",)"
                     R"("Lines":{"L":[{"sum":5},{"sum":6.50}]}},{"no":2,"d":"2026-03-01","Lines":{}}]}})";
  EXPECT_EQ(amounts("record = \"All/R\"", lines, json, path),
            "1150 K; [r: body: grossFen: required, but empty (Gross)]");
  std::string jsonl =
      "{\"no\":1,\"d\":\"2026-03-01\",\"t\":0.10}\n{\"no\":2,\"d\":\"2026-03-01\",\"t\":12345678901234.56}\n";
  EXPECT_EQ(amounts("record = \"item\"", "grossFen = \"{t}\"", jsonl), "10; 1234567890123456")
      << "numbers as they are written";
  EXPECT_EQ(amounts("record = \"item\"\noptional = [\"u\"]", "grossFen = \"{t}\"\nserviceCode = \"{u}\"", jsonl),
            "10; 1234567890123456");
  EXPECT_NE(amounts("record = \"item\"", "grossFen = \"{u}\"", jsonl).find("expected a column 'u'"), std::string::npos);
  EXPECT_FALSE(readBy("record = \"item\"", "grossFen = \"{t}\"", "{\"no\":1,}\n").ok());
  EXPECT_FALSE(readBy("record = \"R\"", "grossFen = \"{t}\"", "<!DOCTYPE R><R/>").ok());
}

TEST(ImportLanguage, AWorkbookIsReadAsCsvIs) {
  WorkbookParts parts;
  parts.sheet =
      R"(<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>收入</t></is></c></row>)"
      R"(<row r="2"><c r="A2" t="inlineStr"><is><t>no</t></is></c><c r="B2" t="inlineStr"><is><t>d</t></is></c>)"
      R"(<c r="C2" t="inlineStr"><is><t>金额</t></is></c></row>)"
      R"(<row r="3"><c r="C3" t="inlineStr"><is><t>t</t></is></c><c r="D3" t="inlineStr"><is><t>u</t></is></c></row>)"
      R"(<row r="4"><c r="A4"><v>1</v></c><c r="B4" s="1"><v>46082</v></c><c r="C4"><v>5</v></c></row>)"
      R"(<row r="5"><c r="A5"><v>2</v></c><c r="B5" s="1"><v>46082</v></c><c r="C5"><f>C4</f></c></row>)"
      R"(<row r="6"><c r="A6"><v>3</v></c><c r="B6" s="1"><v>46082</v></c>)"
      R"(<c r="C6"><v>7</v></c><c r="D6" t="e"><v>#N/A</v></c></row></sheetData>)"
      R"(<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="B2:B3"/><mergeCell ref="C2:D2"/></mergeCells>)";
  parts.styles = "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>";
  std::string file = workbookOf(parts);
  std::string search = "header = \"search\"\ncolumns = [\"t\"]";
  EXPECT_EQ(amounts(search, "grossFen = \"{t}\"", file),
            "500; [C5: a formula without a stored value: open the workbook and save it again]; 700")
      << "names from merged cells above; a doubtful cell that nobody asks for is no trouble";
  EXPECT_NE(amounts(search + "\ndecimal = \",\"", "grossFen = \"{t}\"", file).find("decimal '.'"), std::string::npos);
}

TEST(ImportLanguage, SumsAndWordsOfARecord) {
  std::string sums = "[[check]]\nsum = [\"{net}\", \"{tax}\"]\nis = \"{t}\"\n";
  EXPECT_EQ(
      amounts("", "grossFen = \"{t}\"", "no,d,t,net,tax\n1,2026-03-01,113,100,13\n2,2026-03-01,113,100,12\n", sums),
      "11300; [the parts make 112.00, the total is 113.00]");
  std::string words = "[[check]]\nwords = \"{w}\"\nis = \"{t}\"\n";
  EXPECT_EQ(amounts("", "grossFen = \"{t}\"",
                    "no,d,t,w\n1,2026-03-01,113,壹佰壹拾叁圆整\n2,2026-03-01,113,壹佰圆整\n3,2026-03-01,1,\n", words),
            "11300; [the words say 100.00, the figures 113.00]; 100");
  EXPECT_NE(amounts("", "grossFen = \"1\"", "no,d\n", "[[check]]\nis = \"1\"\n").find("expected sum = [...] or words"),
            std::string::npos);
}

TEST(ImportLanguage, RecordsOfSeveralFilesBearTheirOwnHash) {
  auto rules = parseRules(
      "name = \"n\"\n[input]\nkey = \"no\"\nrecord = \"R\"\n[[event]]\nkind = \"RevenueReceived\"\n"
      "header = { legalDate = \"2026-03-01\" }\nbody = { platform = \"P\", stream = \"SERVICE\", grossFen = \"{t}\", "
      "serviceCode = \"{set.x}-{file.hash}\" }\n",
      "r");
  ASSERT_TRUE(rules.ok()) << rules.error().message.en;
  auto input = readInputs(
      {{"a.xml", "<R><no>1</no><t>5</t></R>", "aa"}, {"b.xml", "<R", ""}, {"c.xml", "<R><no>2</no><t>6</t></R>", "cc"}},
      *rules);
  ASSERT_TRUE(input.ok()) << input.error().message.en;
  ASSERT_EQ(input->unread.size(), 1u);
  EXPECT_EQ(input->unread[0].first, "b.xml");
  auto unset = Mapper::make(*rules, input->table, {});
  ASSERT_FALSE(unset.ok());
  EXPECT_EQ(unset.error().message.en, "the rules ask for set.x; give --set x=VALUE");
  auto mapper = Mapper::make(*rules, input->table, {}, {"", "", {{"x", "X"}}});
  ASSERT_TRUE(mapper.ok()) << mapper.error().message.en;
  std::string codes;
  auto records = mapper->records();
  for (const auto& one : *records) {
    auto mapped = mapper->map(one.record);
    ASSERT_TRUE(mapped.ok()) << mapped.error().message.en;
    codes += std::string((*mapped)[0].event.reader().getBody().getRevenueReceived().getServiceCode().cStr()) + " ";
  }
  EXPECT_EQ(codes, "X-aa X-cc ");
}

TEST(ImportLanguage, RulesAreCheckedOnLoading) {
  struct Case {
    const char *body, *says;
  };
  for (const Case& one :
       {Case{"grossFen = \"x\"", "grossFen: expected"},
        {"grossFen = true", "found true or false"},
        {"grossFen = \"1\"\nvoucherFunded = \"yes\"", "expected true or false"},
        {"grossFen = \"1\"\nserviceCode = 5", "expected a text, found a number"},
        {"grossFen = \"1\"\ninvoice = { date = \"1.1.2026\" }", "date: expected a date"},
        {"grossFen = \"1\"\ninvoice = { date = { text = \"{d}\", default = \"soon\" } }", "date: expected a date"},
        {"grossFen = { text = \"{t}\", map = { a = \"b\" } }", "grossFen: expected"},
        {"serviceCode = \"a\"", "grossFen: expected, since every RevenueReceived has one"},
        {"grossFen = { text = \"{t}\", thousands = \".\" }", "is the decimal sign"},
        {"grossFen = { event = \"r\", key = \"1\" }", "only for fields that name an event"},
        {"grossFen = \"1\"\nserviceCode = { sum = \"{t}\", each = \"rows\" }", "only for amounts"}}) {
    auto text = amounts("", one.body, "no,d,t\n");
    EXPECT_NE(text.find(one.says), std::string::npos) << one.body << " says " << text;
  }
  EXPECT_NE(amounts("date = \"yyyy-MM-dd\"", "grossFen = \"1\"", "no,d\n").find("date: expected any"),
            std::string::npos);
  EXPECT_NE(amounts("", "grossFen = \"1\"", "no,d\n", "", "\"RMB\"").find("currency: expected an ISO 4217"),
            std::string::npos);
  EXPECT_NE(amounts("header = \"last\"", "grossFen = \"1\"", "no,d\n").find("first, search or none"),
            std::string::npos);
}

}  // namespace
}  // namespace pilotledger::import
