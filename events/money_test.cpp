#include "events/money.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <utility>

namespace pilotledger::events {
namespace {

TEST(Money, ReadsPlainDecimalsExactly) {
  struct Case {
    const char* text;
    int digits;
    int scale;
    std::int64_t minor;
  };
  for (const Case& c : {Case{"1234.5", 2, 0, 123450},
                        {"0.01", 2, 0, 1},
                        {"-0.01", 2, 0, -1},
                        {"1", 0, 0, 1},
                        {"1000", 2, 4, 1'000'000'000},
                        {"0.0001", 2, 4, 100},
                        {"3.10", 1, 0, 31},
                        {"92233720368547758.07", 2, 0, INT64_MAX},
                        {"-92233720368547758.08", 2, 0, INT64_MIN}}) {
    auto minor = parseMinor(c.text, c.digits, c.scale);
    ASSERT_TRUE(minor.ok()) << c.text;
    EXPECT_EQ(*minor, c.minor) << c.text;
  }
}

TEST(Money, RefusesWhatItWouldHaveToGuess) {
  for (const char* bad : {"", "-", ".5", "5.", "1,000", "1e5", "0.001", "92233720368547758.08", "99999999999999999999",
                          "+1", "1 000", "NaN"}) {
    auto minor = parseMinor(bad, 2);
    EXPECT_FALSE(minor.ok()) << bad;
    if (!minor.ok()) EXPECT_FALSE(minor.error().message.zh.empty());
  }
}

TEST(Money, PrintsForPeopleAndPrograms) {
  EXPECT_EQ(formatMoney(123456789, 156), "1,234,567.89");
  EXPECT_EQ(formatMoney(-5, 156), "-0.05");
  EXPECT_EQ(formatMoney(INT64_MIN, 156), "-92,233,720,368,547,758.08");
  EXPECT_EQ(formatMinorPlain(123456789, 156), "1234567.89");
  EXPECT_EQ(formatMoney(1234, *parseCurrency("JPY")), "1,234");
  EXPECT_EQ(formatWan(1'000'000'000), "1,000");
  EXPECT_EQ(formatWan(50'000), "0.05");
}

TEST(Money, EveryPrintedAmountReadsBack) {
  std::uint64_t state = 1;
  for (int i = 0; i < 2000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    auto minor = static_cast<std::int64_t>(state) >> (i % 60);
    auto back = parseMinor(formatMinorPlain(minor, 156), 2);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, minor);
  }
}

TEST(Money, CurrenciesByCode) {
  EXPECT_EQ(*parseCurrency("CNY"), 156);
  EXPECT_EQ(currencyAlpha(978), "EUR");
  EXPECT_FALSE(parseCurrency("cny").ok());
  EXPECT_FALSE(parseCurrency("XYZ").ok());
  EXPECT_FALSE(isKnownCurrency(0));
}

TEST(PlainNumber, ASeparatorOfThousandsStandsBetweenGroupsOfThree) {
  struct Case {
    const char *text, *plain;
    char decimal;
    const char* thousands;
  };
  for (const Case& one : {Case{"1,234.56", "1234.56", '.', ","},
                          {"12,345,678", "12345678", '.', ","},
                          {"1.234,50", "1234.50", ',', "."},
                          {"1.234", "1234", ',', "."},
                          {"1\xC2\xA0"
                           "234,5",
                           "1234.5", ',', "."},
                          {"1 234 567", "1234567", '.', ""},
                          {"-3", "-3", ',', "."},
                          {"- 1,000", "-1000", '.', ","},
                          {"+7.5", "7.5", '.', ","},
                          {" 8 ", "8", '.', ","},
                          {"1234567.8", "1234567.8", '.', ","},
                          {"1'234.5", "1234.5", '.', ",'"},
                          {"", "", '.', ","}}) {
    auto plain = plainNumber(one.text, one.decimal, one.thousands);
    ASSERT_TRUE(plain.ok()) << one.text;
    EXPECT_EQ(*plain, one.plain) << one.text;
  }
  for (const Case& one : {Case{"1234,56", "", '.', ","},
                          {"12,5", "", '.', ","},
                          {"1,23", "", '.', ","},
                          {",5", "", '.', ","},
                          {"1,,234", "", '.', ","},
                          {"12,34,567.00", "", '.', ","},
                          {"1234.56", "", ',', "."},
                          {"1.5", "", ',', "."},
                          {"1.234.56", "", ',', "."},
                          {"3000,00", "", '.', ","},
                          {"1,234,5", "", '.', ","},
                          {"1,2x", "", ',', "."},
                          {"1-2", "", ',', "."},
                          {"1.", "", '.', ","},
                          {"1,234'567", "", '.', ",'"},
                          {"1.2,345", "", '.', ","},
                          {"-", "", '.', ","},
                          {"--1", "", '.', ","}}) {
    auto plain = plainNumber(one.text, one.decimal, one.thousands);
    ASSERT_FALSE(plain.ok()) << one.text << " read as " << *plain;
    EXPECT_FALSE(plain.error().message.zh.empty());
  }
}

TEST(Money, CurrenciesOfIso4217OfTodayAndOfThePast) {
  EXPECT_EQ(*parseCurrency("HRK"), 191);
  EXPECT_EQ(currencyAlpha(191), "HRK") << "a number that was used again is shown by the newer name";
  EXPECT_EQ(*parseCurrency("DEM"), 276);
  EXPECT_EQ(currencyDigits(*parseCurrency("KWD")), 3);
  EXPECT_EQ(currencyDigits(*parseCurrency("VND")), 0);
  EXPECT_EQ(currencyDigits(*parseCurrency("ITL")), 0);
  EXPECT_EQ(formatMoney(1234567, *parseCurrency("TND")), "1,234.567");
  std::size_t known = 0;
  for (std::uint16_t number = 0; number < 1000; ++number) {
    if (!isKnownCurrency(number)) continue;
    ++known;
    EXPECT_EQ(*parseCurrency(currencyAlpha(number)), number);
  }
  EXPECT_EQ(known, 227u) << "230 names of 227 numbers";
}

TEST(MoneyCell, AsPeopleWriteAmounts) {
  struct Case {
    const char* text;
    std::int64_t minor;
  };
  for (const Case& one : {Case{"￥1,234.50", 123450},
                          {"¥ -5", -500},
                          {"-¥5", -500},
                          {"CNY 5", 500},
                          {"5 CNY", 500},
                          {"人民币5元", 500},
                          {"5.00元", 500},
                          {"0.05万元", 50'000},
                          {"1.5亿元", 15'000'000'000},
                          {"１２．５０", 1250},
                          {"(5.00)", -500},
                          {"（5）", -500},
                          {"5.00-", -500},
                          {"+5", 500},
                          {"−5", -500},
                          {"0", 0}}) {
    auto minor = parseMoneyCell(one.text, kCny);
    ASSERT_TRUE(minor.ok()) << one.text << " " << minor.error().message.en;
    ASSERT_TRUE(*minor) << one.text;
    EXPECT_EQ(**minor, one.minor) << one.text;
  }
  EXPECT_FALSE(*parseMoneyCell("  ", kCny));
  for (const char* bad : {"$5", "USD5", "5美元", "5港元", "EUR 5", "--5", "(-5)", "5-5", "1e3", "3000,00", "元", "-",
                          "5元万", "5%", "五"})
    EXPECT_FALSE(parseMoneyCell(bad, kCny).ok()) << bad;
  EXPECT_EQ(**parseMoneyCell("$5", *parseCurrency("USD")), 500);
  EXPECT_FALSE(parseMoneyCell("5元", *parseCurrency("USD")).ok());
  EXPECT_EQ(**parseMoneyCell("5万元", kCny, {'.', ",", 4}), 5'000'000);
  EXPECT_FALSE(parseMoneyCell("5元", kCny, {'.', ",", 4}).ok()) << "a unit that is not the column's";
  EXPECT_EQ(**parseMoneyCell("1.234,50", kCny, {',', "."}), 123450);
  EXPECT_EQ(**parseMoneyCell("1.5E+3", kCny, {'.', "", 0, true}), 150'000);
}

TEST(MoneyCell, ExponentsExactly) {
  struct Case {
    const char *text, *plain;
  };
  for (const Case& one : {Case{"1.2E+05", "120000"},
                          {"1.2345e2", "123.45"},
                          {"-5.0E-2", "-0.05"},
                          {"1E0", "1"},
                          {"12", "12"},
                          {"0E9", "0"}}) {
    EXPECT_EQ(*withoutExponent(one.text), one.plain) << one.text;
  }
  for (const char* bad : {"E5", "1E", "1E99", "1E5.0", "x1E5", "1.2.3E4"})
    EXPECT_FALSE(withoutExponent(bad).ok()) << bad;
}

TEST(MoneyCell, DecimalsOfXml) {
  for (const char* five : {"5", "5.", "5.00", "+5.0", " 005.000 ", "\n5\t"})
    EXPECT_EQ(*parseXmlDecimal(five, 2), 500) << five;
  EXPECT_EQ(*parseXmlDecimal(".5", 2), 50);
  EXPECT_EQ(*parseXmlDecimal("-0", 2), 0);
  for (const char* bad : {"", ".", "5e2", "1,0", "1 0", "--5", "0.001", "NaN"})
    EXPECT_FALSE(parseXmlDecimal(bad, 2).ok()) << bad;
}

TEST(MoneyWords, AsInvoicesCarryThem) {
  struct Case {
    const char* words;
    std::int64_t fen;
  };
  for (const Case& one : {Case{"壹佰圆整", 10'000},
                          {"壹仟贰佰叁拾肆圆伍角陆分", 123'456},
                          {"人民币壹万零伍元整", 1'000'500},
                          {"拾圆整", 1'000},
                          {"壹拾贰万叁仟圆整", 12'300'000},
                          {"壹亿零叁佰圆零伍分", 10'000'030'005},
                          {"伍角", 50},
                          {"（负数）壹佰壹拾叁圆整", -11'300},
                          {"负壹圆正", -100},
                          {"一千零一元", 100'100},
                          {"贰拾亿圆整", 200'000'000'000},
                          {"零圆整", 0},
                          {"叁圆零肆分", 304},
                          {"壹仟万圆整", 1'000'000'000}}) {
    auto fen = parseChineseAmount(one.words);
    ASSERT_TRUE(fen.ok()) << one.words;
    EXPECT_EQ(*fen, one.fen) << one.words;
  }
  for (const char* bad :
       {"", "圆", "壹佰", "壹佰圆伍", "壹佰壹仟圆", "壹万壹亿圆", "100圆", "壹贰圆", "壹分壹角", "壹佰圆整整"})
    EXPECT_FALSE(parseChineseAmount(bad).ok()) << bad;
}

}  // namespace
}  // namespace pilotledger::events
