#include "tools/import/workbook.h"

#include <gtest/gtest.h>

#include "tests/support/workbook_writer.h"
#include "tools/import/workbook_cells.h"
#include "tools/import/zip_parts.h"

namespace pilotledger::import {
namespace {

constexpr const char* kStyles =
    R"(<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>)"
    R"(<numFmt numFmtId="165" formatCode="[Red]#,##0.00&quot;day&quot;"/></numFmts>)"
    R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>)";

std::string sheetOf(const std::string& rows, const std::string& after = "") {
  return "<sheetData>" + rows + "</sheetData>" + after;
}
// The rows as "A|B;C|D", what is doubtful in brackets behind; an error as its text.
std::string read(const WorkbookParts& parts, const std::string& sheet = "") {
  auto rows = readWorkbook(workbookOf(parts), sheet, "t.xlsx");
  if (!rows.ok()) return rows.error().message.en;
  std::string all;
  for (const CsvRow& row : *rows) {
    all += all.empty() ? "" : ";";
    for (std::size_t i = 0; i < row.cells.size(); ++i) all += (i > 0 ? "|" : "") + row.cells[i];
    for (const auto& [column, why] : row.doubtful) all += " [" + why.en + "]";
  }
  return all;
}
std::string cell(const std::string& inside, const std::string& attributes = "", const std::string& book = "") {
  WorkbookParts parts;
  parts.sheet = sheetOf("<row r=\"1\"><c r=\"A1\" " + attributes + ">" + inside + "</c></row>");
  parts.styles = kStyles;
  if (!book.empty()) parts.book = book + parts.book;
  return read(parts);
}

TEST(Workbook, TextsNumbersAndTruth) {
  WorkbookParts parts;
  parts.shared = "<si><t> 名称 </t></si><si><r><t>a</t></r><r><t>b</t></r><rPh><t>x</t></rPh></si>";
  parts.sheet = sheetOf(
      R"(<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c></row>)"
      R"(<row><c t="inlineStr"><is><t>in</t></is></c><c t="str"><f>A</f><v>of</v></c><c t="b"><v>1</v></c></row>)");
  EXPECT_EQ(read(parts), "名称||ab;in|of|true") << "rows and cells without an address follow each other";
  EXPECT_EQ(cell("<v>1234.5599999999999</v>"), "1234.56") << "as the program shows it";
  EXPECT_EQ(cell("<v>0.30000000000000004</v>"), "0.3");
  EXPECT_EQ(cell("<v>1.2345E+7</v>"), "12345000");
  EXPECT_EQ(cell("<v>-5.0E-2</v>"), "-0.05");
  EXPECT_EQ(cell("<v>123456789012345</v>"), "123456789012345");
  EXPECT_EQ(cell("<is><t>_x0041_b_x000D_</t></is>", "t=\"inlineStr\""), "Ab");
}

TEST(Workbook, WhatIsInDoubtHasItsAddress) {
  EXPECT_NE(cell("<v>1234567890123456</v>").find("[A1: found 1234567890123456: a number of more than 15 digits"),
            std::string::npos);
  EXPECT_NE(cell("<v>6.2220000334455667E+17</v>").find("more than 15 digits"), std::string::npos);
  EXPECT_NE(cell("<f>B1</f>").find("[A1: a formula without a stored value"), std::string::npos);
  EXPECT_NE(cell("<f>B1</f><v></v>").find("[A1: a formula without a stored value"), std::string::npos);
  EXPECT_EQ(cell("<f>B1</f><v>5</v>"), "5");
  EXPECT_NE(cell("<v>#REF!</v>", "t=\"e\"").find("[A1: an error, #REF!]"), std::string::npos);
  EXPECT_NE(cell("<v>7</v>", "t=\"s\"").find("does not hold"), std::string::npos);
  EXPECT_NE(cell("<v>abc</v>").find("not a number"), std::string::npos);
}

TEST(Workbook, DaysByTheFormatOfTheCell) {
  EXPECT_EQ(cell("<v>46082</v>", "s=\"1\""), "2026-03-01");
  EXPECT_EQ(cell("<v>46082</v>", "s=\"2\""), "2026-03-01");
  EXPECT_EQ(cell("<v>46082</v>", "s=\"0\""), "46082");
  EXPECT_EQ(cell("<v>46082</v>", "s=\"3\""), "46082") << "a word in quotes is no day";
  EXPECT_EQ(cell("<v>46082.586875</v>", "s=\"1\""), "2026-03-01 14:05:06");
  EXPECT_EQ(cell("<v>59</v>", "s=\"1\""), "1900-02-28");
  EXPECT_EQ(cell("<v>61</v>", "s=\"1\""), "1900-03-01");
  EXPECT_NE(cell("<v>60</v>", "s=\"1\"").find("A1: found 60: serial 60 is 1900-02-29"), std::string::npos);
  EXPECT_NE(cell("<v>0.5</v>", "s=\"1\"").find("a time without a day"), std::string::npos);
  EXPECT_EQ(cell("<v>44620</v>", "s=\"1\"", R"(<workbookPr date1904="1"/>)"), "2026-03-01");
  EXPECT_EQ(cell("<v>60</v>", "s=\"1\"", R"(<workbookPr date1904="true"/>)"), "1904-03-01");
  for (const char* code : {"yyyy/m/d", "[$-804]yyyy\\-mm\\-dd;@", "m/d/yy h:mm", "[$-404]e/m/d", "mmm-yy", "d"})
    EXPECT_TRUE(isDateFormat(code)) << code;
  for (const char* code : {"General", "0.00", "#,##0", "0.00E+00", "@", "\"y\"0", "[Red]0", "0.00%", "¥#,##0.00"})
    EXPECT_FALSE(isDateFormat(code)) << code;
}

TEST(Workbook, MergedRangesHoldTheirValueOnce) {
  WorkbookParts parts;
  parts.sheet = sheetOf(R"(<row r="1"><c r="A1"><v>5</v></c></row><row r="2"><c r="B2"><v>6</v></c></row>)",
                        R"(<mergeCells><mergeCell ref="A1:A2"/></mergeCells>)");
  EXPECT_EQ(read(parts), "5;|6 [A2: merged into A1]");
  parts.sheet = sheetOf(R"(<row r="1"><c r="A1"><v>5</v></c></row><row r="2"/>)",
                        R"(<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>)");
  EXPECT_EQ(read(parts).substr(0, 30), "5 [B1: merged into A1] [C1: me")
      << "in rows that are there, up to the limit of columns";
}

TEST(Workbook, TheSheetIsTheOneThatHoldsSomething) {
  WorkbookParts parts;
  parts.sheet = sheetOf(R"(<row r="1"><c r="A1"><v>5</v></c></row>)");
  parts.book = R"(<sheets><sheet name="空" sheetId="1" r:id="r2"/><sheet name="数" sheetId="2" r:id="r1"/></sheets>)";
  EXPECT_EQ(read(parts), "5");
  EXPECT_EQ(read(parts, "数"), "5");
  EXPECT_NE(read(parts, "空").find("no sheet '空' that holds anything; there are: 空, 数"), std::string::npos);
  parts.book = R"(<sheets><sheet name="a" sheetId="1" r:id="r1"/><sheet name="b" sheetId="2" r:id="r1"/></sheets>)";
  EXPECT_NE(read(parts).find("two sheets hold something: a and b"), std::string::npos);
  parts.book = R"(<sheets><sheet name="a" sheetId="1" state="hidden" r:id="r1"/></sheets>)";
  EXPECT_NE(read(parts).find("no visible sheet"), std::string::npos);
  EXPECT_EQ(read(parts, "a"), "5") << "a hidden one by its name";
}

TEST(Workbook, RefusesWhatIsNoneOrTooMuch) {
  EXPECT_NE(read({"<!DOCTYPE x>" + sheetOf(""), "", "", ""}).find("t.xlsx"), std::string::npos);
  std::string doctype = storedZip({{"_rels/.rels", "<!DOCTYPE r [<!ENTITY a \"a\">]><r/>"}});
  auto refused = readWorkbook(doctype, "", "t.xlsx");
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.en.find("document type"), std::string::npos) << refused.error().message.en;
  EXPECT_FALSE(readWorkbook("\xD0\xCF\x11\xE0rest", "", "t.xls").ok());
  EXPECT_FALSE(readWorkbook("PK\x03\x04", "", "t.xlsx").ok());
  EXPECT_FALSE(readWorkbook("", "", "t.xlsx").ok());
  WorkbookParts parts;
  for (const char* rows : {R"(<row r="2"/><row r="1"/>)", R"(<row r="1"><c r="B1"/><c r="A1"/></row>)",
                           R"(<row r="0"/>)", R"(<row r="1"><c r="A2"/></row>)", R"(<row r="1048577"/>)",
                           R"(<row r="1"><c r="CCCC1"/></row>)", R"(<row r="1"><c r="ZZZ1"><v>1</v></c></row>)"}) {
    parts.sheet = sheetOf(rows);
    EXPECT_FALSE(readWorkbook(workbookOf(parts), "", "t.xlsx").ok()) << rows;
  }
}

TEST(ZipParts, CountsWhatInflates) {
  std::string big(2000, 'x');
  std::string zip = storedZip({{"A\\One.xml", big}, {"two", big}});
  auto parts = ZipParts::open(zip, {100'000, 2000, 3000, 2});
  ASSERT_TRUE(parts.ok()) << parts.error().message.en;
  EXPECT_EQ((*parts)->whole("a/one.XML")->size(), 2000u) << "names as writers differ in them";
  auto more = (*parts)->whole("two");
  ASSERT_FALSE(more.ok());
  EXPECT_NE(more.error().message.en.find("inflates beyond"), std::string::npos);
  auto one = ZipParts::open(zip, {100'000, 1999, 3000, 2});
  EXPECT_FALSE((*one)->whole("two").ok());
  EXPECT_FALSE(ZipParts::open(zip, {100, 1999, 3000, 2}).ok());
  EXPECT_FALSE(ZipParts::open(zip, {100'000, 1999, 3000, 1}).ok());
  EXPECT_FALSE(ZipParts::open(storedZip({{"a", ""}, {"A", ""}}), {}).ok());
  std::string damaged = zip;
  damaged[60] = 'y';
  EXPECT_FALSE((*ZipParts::open(damaged, {}))->whole("a/one.xml").ok()) << "a part whose sum differs";
}

}  // namespace
}  // namespace pilotledger::import
