#include "events/base/text.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pilotledger::events {
namespace {

TEST(Text, RefusesWhatHidesOrDeceives) {
  using namespace std::string_literals;
  for (const std::string& bad :
       {"a\0b"s, "bell\x07"s, "tab\t"s, "\r\n"s, "\x7f"s, "rlo\xE2\x80\xAE"s, "lri\xE2\x81\xA6"s, "bom\xEF\xBB\xBF"s,
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

TEST(Text, NothingVisibleTextGivesSteersATerminal) {
  using namespace std::string_literals;
  EXPECT_EQ(visibleText("中试 α\n\tplain"), "中试 α\n\tplain");
  EXPECT_EQ(visibleText("a\x1b[31mred\x07"), "a\\u001b[31mred\\u0007");
  EXPECT_EQ(visibleText("\r\x7f\xC2\x9b"), "\\u000d\\u007f\\u009b");
  EXPECT_EQ(visibleText("rlo\u202E, zwsp\u200B, tag\U000E0041"), "rlo\\u202e, zwsp\\u200b, tag\\udb40\\udc41");
  EXPECT_EQ(visibleText("\x9b中\xE4\xB8"s), "\\x9b中\\xe4\\xb8");
  EXPECT_EQ(visibleText("a\0b"s), "a\\u0000b");
  std::string all;
  for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
  std::string once = visibleText(all);
  EXPECT_EQ(visibleText(once), once);
  EXPECT_TRUE(std::none_of(once.begin(), once.end(),
                           [](char c) { return (c >= 0 && c < 0x20 && c != '\n' && c != '\t') || c == 0x7f; }));
}

TEST(Text, ShortenedKeepsWholeCharacters) {
  EXPECT_EQ(shortened("short"), "short");
  std::string cut = shortened("a" + std::string(20, 'x') + "中中中中中中中中中中中中中中中中");
  EXPECT_TRUE(checkText(cut).ok());
  EXPECT_TRUE(cut.ends_with("...") && cut.size() <= 63) << cut;
}

TEST(Text, NearestFindsTypingErrorsOnly) {
  EXPECT_EQ(nearest("amontFen", {"amountFen", "award"}), "amountFen");
  EXPECT_EQ(nearest("zzz", {"amountFen", "award"}), "");
  EXPECT_EQ(nearest(std::string(1'000'000, 'a'), {"award"}), "") << "and takes no time to say so";
}

}  // namespace
}  // namespace pilotledger::events
