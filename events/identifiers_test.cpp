// Numbers of the real world: those published as valid pass, and one wrong character fails.
#include "events/identifiers.h"

#include <gtest/gtest.h>

namespace pilotledger::events {
namespace {

constexpr const char* kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

TEST(Uscc, PublishedCodesPass) {
  for (const char* code :
       {"91350100M000100Y43", "914403001922038216", "91440300708461136T", "91110000802100433B", "91330100MA2PLT015B",
        "91330200MA2BNK027M", "91330400MA2ENT032U", "113300000024820075", "12330000470095024D", "52330100MJ8ALL048H",
        "121200004013590816", "911522010783762860", "91152201078377449P", "9115220107837941X1"}) {
    EXPECT_TRUE(canonicalUscc(code).ok()) << code;
  }
  EXPECT_EQ(*canonicalUscc("91440300708461136t"), "91440300708461136T");
}

TEST(Uscc, EveryOtherCheckCharacterFails) {
  std::string code = "91350100M000100Y43";
  for (const char* c = kUsccAlphabet; *c != '\0'; ++c) {
    code.back() = *c;
    EXPECT_EQ(canonicalUscc(code).ok(), *c == '3') << code;
  }
  for (const char* bad : {"91350100M000100Y4", "91350100M000100Y4I", "91350100O000100Y43", ""})
    EXPECT_FALSE(canonicalUscc(bad).ok()) << bad;
}

TEST(Uscc, OrganisationCodeInside) {
  EXPECT_TRUE(organisationCodeAgrees("91330100MA2PLT015B"));
  EXPECT_FALSE(organisationCodeAgrees("91330100MA2PLT025B"));
}

TEST(Party, CodeOrScheme) {
  EXPECT_EQ(*canonicalParty("91350100M000100Y43"), "91350100M000100Y43");
  EXPECT_EQ(*canonicalParty("us-name:WELLS FARGO BANK, NATIONAL ASSOCIATION"),
            "us-name:WELLS FARGO BANK, NATIONAL ASSOCIATION");
  for (const char* bad : {"", "X:1", "us-name:", "us-name: a", "Us:1", "averyveryverylongscheme:1", "us:a\nb"}) {
    EXPECT_FALSE(canonicalParty(bad).ok()) << bad;
  }
}

TEST(Ip, ChineseNumbersInEverySpelling) {
  for (const char* spelling : {"ZL201710601862.3", "zl 2017 1 0601862.3", "2017106018623", "CN201710601862.3",
                               "201710601862.3", "ZL2017 10601862.3"}) {
    auto number = canonicalIp(spelling);
    ASSERT_TRUE(number.ok()) << spelling << ": " << number.error().message.en;
    EXPECT_EQ(*number, "CN2017106018623");
  }
  EXPECT_EQ(*canonicalIp("ZL95115608.X"), "CN95115608X");
  for (const char* real : {"201210593328.X", "202011156730.2", "201310699744.2", "ZL202311000001.1", "ZL202321000001.7",
                           "ZL202331000001.2", "ZL202381000001.X", "ZL202391000002.X", "ZL 2023 2 3623129.1",
                           "ZL201580003807.3", "ZL 201610681391.7"}) {
    EXPECT_TRUE(canonicalIp(real).ok()) << real;
  }
}

TEST(Ip, TheCheckCharacterIsHard) {
  EXPECT_FALSE(canonicalIp("201310199744.2").ok());
  std::string number = "ZL201710601862.";
  for (char c : std::string("0123456789X")) EXPECT_EQ(canonicalIp(number + c).ok(), c == '3') << c;
  EXPECT_FALSE(canonicalIp("ZL201740601862.3").ok());  // no kind 4
}

TEST(Ip, UnitedStatesAndOthers) {
  EXPECT_EQ(*canonicalIp("US9219817B2"), "US9219817");
  EXPECT_EQ(*canonicalIp("US 9,219,817"), "US9219817");
  EXPECT_EQ(*canonicalIp("USD0765432S1"), "USD765432");
  EXPECT_EQ(*canonicalIp("USRE45678E1"), "USRE45678");
  EXPECT_EQ(*canonicalIp("14/678,893"), "US14678893A");
  EXPECT_EQ(*canonicalIp("US14678893A"), "US14678893A");
  EXPECT_EQ(*canonicalIp("US20150215460A1"), "US20150215460A1");
  EXPECT_EQ(*canonicalIp("EP 1234567"), "EP1234567");
  for (const char* bad : {"", "US", "patent", "ZL", "123"}) EXPECT_FALSE(canonicalIp(bad).ok()) << bad;
}

TEST(Ip, CanonicalIsItsOwnCanonical) {
  for (const char* number : {"ZL201710601862.3", "US9219817B2", "14/678,893", "USD0765432S1", "EP1234567"}) {
    std::string once = *canonicalIp(number);
    EXPECT_EQ(*canonicalIp(once), once);
  }
}

TEST(DocNo, BracketsOfAllKindsBecomeOne) {
  for (const char* spelling :
       {"浙财建〔2025〕29号", "浙财建[2025]29号", "浙财建（2025）29号", "浙财建【2025】29号", "浙财建(2025)29号"}) {
    EXPECT_EQ(canonicalDocNo(spelling), "浙财建〔2025〕29号");
  }
  EXPECT_EQ(canonicalDocNo("DE-AR0000816 (a)"), "DE-AR0000816 (a)");
}

TEST(Division, CoversWhatLiesWithin) {
  EXPECT_TRUE(divisionCovers("330000", "330282"));
  EXPECT_TRUE(divisionCovers("330200", "330282"));
  EXPECT_TRUE(divisionCovers("CN", "330282"));
  EXPECT_FALSE(divisionCovers("330200", "330400"));
  EXPECT_FALSE(divisionCovers("330282", "330200"));
  EXPECT_FALSE(divisionCovers("330000", "FI"));
  EXPECT_FALSE(canonicalDivision("33000").ok());
  EXPECT_FALSE(canonicalDivision("cn").ok());
}

TEST(Decimal, OneSpelling) {
  EXPECT_EQ(*canonicalDecimal("-0.50"), "-0.5");
  EXPECT_EQ(*canonicalDecimal("007"), "7");
  EXPECT_EQ(*canonicalDecimal("-0.0"), "0");
  EXPECT_EQ(*canonicalDecimal("3.5021638332824265"), "3.5021638332824265");
  for (const char* bad : {"", ".5", "1.", "1e3", "+1", "1,5", "--1", "0x1"})
    EXPECT_FALSE(canonicalDecimal(bad).ok()) << bad;
}

}  // namespace
}  // namespace pilotledger::events
