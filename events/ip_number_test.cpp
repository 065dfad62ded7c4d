// One right has one number, however it is written; what is no number of a right is refused.
#include "events/ip_number.h"

#include <gtest/gtest.h>

#include "events/identifiers.h"

namespace pilotledger::events {
namespace {

std::string numberOf(const char* text) {
  auto read = readIpNumber(text);
  return read.ok() ? read->canonical : "refused";
}

TEST(IpNumber, ChineseNumbersInEverySpelling) {
  for (const char* spelling : {"ZL202311000001.1",
                               "zl 2023 1 1000001.1",
                               "CN202311000001.1",
                               "2023110000011",
                               "ＺＬ２０２３１１０００００１．１",
                               "ZL 2023　1　1000001.1",
                               "ZL202311000001·1",
                               "ZL202311000001・1",
                               "ZL202311000001。1",
                               "ZL202311000001.1\t",
                               "\r\nZL202311000001.1\n",
                               "专利号ZL202311000001.1",
                               "专利号：ZL 2023 1 1000001.1",
                               "申请号: 202311000001.1",
                               "中国发明专利第ZL202311000001.1号",
                               "（专利号：ZL202311000001.1）",
                               "CN202311000001.1A",
                               "CN ZL 202311000001.1",
                               "Patent No. ZL202311000001.1",
                               "ZL2023-1-1000001-1",
                               "ZL202311000001&nbsp;.1"}) {
    EXPECT_EQ(numberOf(spelling), "CN2023110000011") << spelling;
  }
  EXPECT_EQ(numberOf("ZL95115608.X"), "CN95115608X");
  EXPECT_EQ(numberOf("201210593328.xA"), "CN201210593328X");
}

TEST(IpNumber, WhatIsNoChinesePatentNumberIsRefused) {
  for (const char* publication :
       {"CN101234562", "CN101234570", "CN101234562A", "CN101234562B", "CN201234567U", "CN1234567C", "CN1234567",
        "CN85100001A", "公开号CN101234562A", "授权公告号：CN101234562B"}) {
    auto read = readIpNumber(publication);
    ASSERT_FALSE(read.ok()) << publication << " -> " << read->canonical;
    EXPECT_NE(read.error().message.en.find("publication"), std::string::npos) << read.error().message.en;
    EXPECT_NE(read.error().message.zh.find("公开"), std::string::npos) << read.error().message.zh;
  }
  for (const char* bad :
       {"ZL202311000001", "ZL202311000001.2", "ZL190011000001.1", "证书号第1234567号", "ZL", "", "   "})
    EXPECT_EQ(numberOf(bad), "refused") << bad;
}

TEST(IpNumber, UnitedStates) {
  for (const char* grant : {"US5113523", "US5113523A", "US 5,113,523 A", "U.S. Patent No. 5,113,523", "us5113523",
                            "US Pat. No. 5,113,523", "US05113523"})
    EXPECT_EQ(numberOf(grant), "US5113523") << grant;
  EXPECT_EQ(numberOf("US9219817B2"), "US9219817");
  EXPECT_EQ(numberOf("USD0765432S1"), "USD765432");
  EXPECT_EQ(numberOf("US Des. 765,432"), "USD765432");
  for (const char* reissue : {"RE45,678", "Re. 45678", "Re. 45,678 E1", "USRE45678E1", "US RE45,678 E"})
    EXPECT_EQ(numberOf(reissue), "USRE45678") << reissue;
  for (const char* application : {"14/678,893", "US 14/678,893", "US14678893A", "Serial No. 14/678,893"})
    EXPECT_EQ(numberOf(application), "US14678893A") << application;
  EXPECT_EQ(numberOf("8/123,456"), "US08123456A");
  for (const char* publication : {"US20150215460A1", "US 2015/0215460 A1", "US 2015/0215460", "US20150215460",
                                  "US2015215460A1", "US 2015/0215460A1"})
    EXPECT_EQ(numberOf(publication), "US20150215460A1") << publication;
  for (const char* bad :
       {"US", "US9219817A", "US9219817E1", "USD765432E1", "US123456789", "5,113,523", "9219817", "2015/0215460"})
    EXPECT_EQ(numberOf(bad), "refused") << bad;
}

TEST(IpNumber, OtherOfficesKeepTheirKindCode) {
  EXPECT_EQ(numberOf("EP 1 234 567 B1"), "EP1234567B1");
  EXPECT_EQ(numberOf("EP123456B1"), "EP0123456B1");
  EXPECT_FALSE(readIpNumber("EP1234567B1")->ambiguous);
  for (const char* bare : {"EP1234567", "EP 1 234 567", "JP6543210", "WO2015/012345"})
    EXPECT_TRUE(readIpNumber(bare)->ambiguous) << bare;
  EXPECT_TRUE(readIpNumber("PL12345")->ambiguous) << "any office may have rights that differ in the code only";
  EXPECT_EQ(numberWithoutKind("EP1234567B1"), "EP1234567");
  EXPECT_EQ(numberWithoutKind("EP1234567"), "EP1234567");
  EXPECT_EQ(numberWithoutKind("US20150215460A1"), "US20150215460");
  EXPECT_EQ(numberWithoutKind("US14678893A"), "");
  EXPECT_EQ(numberWithoutKind("CN2023110000011"), "");
}

TEST(IpNumber, PunctuationInsideNumbersIsNoPartOfThem) {
  for (const char* korean : {"KR 10-1234567 B1", "KR10-1234567B1", "KR 10 1234567 B1", "kr10.1234567-B1"})
    EXPECT_EQ(numberOf(korean), "KR101234567B1") << korean;
  EXPECT_EQ(numberOf("KR 10-2015-0012345 A"), "KR1020150012345A");
  EXPECT_EQ(numberOf("JP 2015-123456 A"), "JP2015123456A");
  EXPECT_EQ(numberOf("JP H05-123456 A"), "JPH05123456A");
  EXPECT_EQ(numberOf("BR PI 0412345-6 A2"), "BRPI04123456A2");
  EXPECT_EQ(numberOf("WO 2015/12345 A1"), "WO2015012345A1");
  EXPECT_EQ(numberOf("PCT/CN2015/071234"), "PCTCN2015071234");
  EXPECT_FALSE(readIpNumber("PCT/CN2015/071234")->ambiguous);
}

TEST(IpNumber, WordsBeforeANumberAreReadOrRefused) {
  for (const char* reissue : {"Reissue 45678", "Reissue Patent No. 45,678", "U.S. Reissue Patent No. RE45,678",
                              "US Reissued Pat. 45,678 E1", "Re. 45-678"})
    EXPECT_EQ(numberOf(reissue), "USRE45678") << reissue;
  EXPECT_EQ(numberOf("U.S. Design Patent No. 765,432"), "USD765432");
  EXPECT_EQ(numberOf("U.S. Design Patent No. D765,432"), "USD765432");
  for (const char* grant : {"U.S. Pat. No. 9,219,817", "US Pat. 9,219,817 B2", "Patent US9219817", "USPAT9219817"})
    EXPECT_EQ(numberOf(grant), "US9219817") << grant;
  EXPECT_EQ(numberOf("U.S. Patent Application Publication No. 2015/0215460"), "US20150215460A1");
  EXPECT_EQ(numberOf("Appl. No. 14/678,893"), "US14678893A");
  EXPECT_EQ(numberOf("Design Patent No. ZL202311000001.1"), "CN2023110000011");
  EXPECT_EQ(numberOf("申请号：KR 10-2015-0012345 A"), "KR1020150012345A");
  for (const char* bad : {"Pat9219817", "PAT. 9219817", "No. 9219817 B2", "No 9219817", "Nr. 9219817 B1", "XX12345",
                          "ZZ1234567B1", "CHINA20231234567", "European Patent 1234567 B1", "Korean Patent 10-1234567",
                          "Patient 1234567 B1", "Reissue", "公开号：KR 10-2015-0012345 A"})
    EXPECT_EQ(numberOf(bad), "refused") << bad;
  EXPECT_EQ(numberOf("NO345678B1"), "NO345678B1") << "of Norway";
}

TEST(IpNumber, LettersThatOnlyLookLatinAreRefused) {
  for (const char* bad : {"ZL202311000001.Х", "ЕP1234567B1", "ΕP1234567B1", "US٥١١٣٥٢٣", "ZL２०２３11000001.1"}) {
    auto read = readIpNumber(bad);
    ASSERT_FALSE(read.ok()) << bad;
    EXPECT_NE(read.error().message.en.find("U+"), std::string::npos) << read.error().message.en;
  }
}

// Bytes are decoded for ever: what is recorded now is what decoding takes for its own spelling.
TEST(IpNumber, DecodingTakesWhatIsRecordedNow) {
  for (const char* text : {"ZL202311000001.1", "ZL95115608.X", "US5113523A", "RE45,678", "14/678,893", "8/123,456",
                           "US 2015/0215460", "US2015215460A1", "EP123456B1", "EP1234567", "JP6543210B2",
                           "USD0765432S1", "JP2015-123456A", "PCT/CN2015/071234", "WO2015/12345A1"}) {
    std::string once = numberOf(text);
    EXPECT_EQ(*canonicalIp(once), once) << text;
    EXPECT_EQ(numberOf(once.c_str()), once) << text;
  }
}

TEST(IpNumber, WhatEarlierReleasesRecordedIsNamed) {
  auto has = [](const char* text, const char* older) {
    auto read = readIpNumber(text);
    return std::find(read->older.begin(), read->older.end(), older) != read->older.end();
  };
  EXPECT_TRUE(has("US5113523", "US5113523A"));
  EXPECT_TRUE(has("US 5,113,523 A", "US5113523A"));
  EXPECT_TRUE(has("USRE45678", "RE45678"));
  EXPECT_TRUE(has("EP0123456B1", "EP123456B1"));
  EXPECT_TRUE(has("KR 10-1234567 B1", "KR10-1234567B1"));
  EXPECT_TRUE(readIpNumber("ZL202311000001.1")->older.empty());
}

}  // namespace
}  // namespace pilotledger::events
