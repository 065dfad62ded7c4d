#include "events/text.h"

#include <gtest/gtest.h>

namespace pilotledger::events {
namespace {

TEST(Text, RefusesWhatHidesOrDeceives) {
  using namespace std::string_literals;
  for (const std::string& bad : {"a\0b"s, "bell\x07"s, "tab\t"s, "\r\n"s, "\x7f"s, "rlo\xE2\x80\xAE"s, "lri\xE2\x81\xA6"s, "bom\xEF\xBB\xBF"s,
                                 "\xC3"s, "\xC0\xAF"s, "\xED\xA0\x80"s, "\xF4\x90\x80\x80"s, "\xEF\xBF\xBE"s, "\xC2\x85"s}) {
    auto checked = checkText(bad);
    EXPECT_FALSE(checked.ok()) << bad;
  }
  for (const std::string& good : {""s, "中试平台 α, β\nsecond line"s, "Müller & Söhne"s, "𠮷野"s, "e\xCC\x81"s}) {
    EXPECT_TRUE(checkText(good).ok()) << good;
  }
}

TEST(Text, NamesOffsetAndCodePoint) {
  auto checked = checkText("中\xE2\x80\xAEx");
  ASSERT_FALSE(checked.ok());
  EXPECT_NE(checked.error().message.en.find("U+202E"), std::string::npos) << checked.error().message.en;
  EXPECT_NE(checked.error().message.en.find("3"), std::string::npos);
}

TEST(Text, FullWidthCharactersTakeTwoColumns) {
  EXPECT_EQ(displayWidth("abc"), 3u);
  EXPECT_EQ(displayWidth("中试"), 4u);
  EXPECT_EQ(displayWidth("〔2025〕3号"), 11u);
  EXPECT_EQ(displayWidth("e\xCC\x81"), 1u);
  EXPECT_EQ(padRight("中", 4), "中  ");
  EXPECT_EQ(padLeft("中", 4), "  中");
  EXPECT_EQ(padRight("longer", 3), "longer");
}

TEST(Text, NearestFindsTypingErrorsOnly) {
  EXPECT_EQ(nearest("amontFen", {"amountFen", "award"}), "amountFen");
  EXPECT_EQ(nearest("zzz", {"amountFen", "award"}), "");
}

}  // namespace
}  // namespace pilotledger::events
