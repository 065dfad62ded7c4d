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

}  // namespace
}  // namespace pilotledger::events
