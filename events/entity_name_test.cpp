// Whoever asks for an entity finds it under its one name, or hears why that cannot be told.
#include "events/entity_name.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace pilotledger::events {
namespace {

struct Names {
  std::set<std::string> keys;
  std::map<std::string, std::string> grants = {};
  EntityLookup lookup() const {
    return {[this](const std::string& key) -> Result<bool> { return keys.contains(key); },
            [this](const std::string& number) -> Result<std::string> {
              auto at = grants.find(number);
              return at == grants.end() ? std::string() : at->second;
            },
            [this](const std::string& kind, const std::function<void(std::string_view)>& visit) -> Status {
              for (const std::string& key : keys) {
                if (key.starts_with(kind + ":")) visit(std::string_view(key).substr(kind.size() + 1));
              }
              return {};
            }};
  }
  std::string find(const char* text) const {
    auto found = findEntity(text, lookup());
    if (!found.ok()) return "refused";
    return (found->recorded ? "" : "absent ") + found->key;
  }
  std::string why(const char* text) const {
    auto found = findEntity(text, lookup());
    return found.ok() ? "" : found.error().message.en + " | " + found.error().message.zh;
  }
};

TEST(EntityName, ARightIsFoundInEverySpelling) {
  Names names{{"ip:CN2023110000011", "ip:US5113523", "ip:US14678893A", "ip:EP1234567B1", "ip:USRE45678"},
              {{"US9219817", "US14678893A"}}};
  for (const char* asked : {"ip:ZL202311000001.1", "IP:zl 2023 1 1000001.1", "ip：专利号ZL202311000001.1",
                            " ip:CN2023110000011 ", "ip:ZL2023\t11000001.1"})
    EXPECT_EQ(names.find(asked), "ip:CN2023110000011") << asked;
  EXPECT_EQ(names.find("ip:US 5,113,523 A"), "ip:US5113523");
  EXPECT_EQ(names.find("ip:RE45,678"), "ip:USRE45678");
  EXPECT_EQ(names.find("ip:US 9,219,817 B2"), "ip:US14678893A") << "a grant number leads to its asset";
  EXPECT_EQ(names.find("ip:ZL202311000009.7"), "refused") << "a wrong check digit is no absence";
  EXPECT_EQ(names.find("ip:US7654321"), "absent ip:US7654321");
}

TEST(EntityName, WhatMayMeanSeveralIsRefusedAndTheyAreNamed) {
  Names names{{"ip:EP1234567B1", "ip:JP6543210B2", "ip:JP6543210U", "ip:US12345678A"}};
  EXPECT_EQ(names.find("ip:EP1234567B1"), "ip:EP1234567B1");
  for (const char* asked : {"ip:EP1234567", "ip:EP1234567A1", "ip:EP 1 234 567 B2"}) {
    EXPECT_EQ(names.find(asked), "refused") << asked;
    EXPECT_NE(names.why(asked).find("EP1234567B1"), std::string::npos) << names.why(asked);
  }
  EXPECT_NE(names.why("ip:JP6543210").find("ip:JP6543210B2, ip:JP6543210U"), std::string::npos);
  EXPECT_NE(names.why("ip:US12345678").find("US12345678A"), std::string::npos) << "a grant, or 12/345,678?";
  EXPECT_EQ(names.find("ip:EP7654321"), "refused") << "without a kind code nothing is absent";
  EXPECT_EQ(names.find("ip:EP7654321B1"), "absent ip:EP7654321B1");
}

TEST(EntityName, NoPunctuationHidesARight) {
  Names names{{"ip:KR101234567B1", "ip:KR1020150012345A", "ip:JP2015123456A", "ip:USRE45678", "ip:US9219817",
               "ip:DE10-2015-000123A1"}};
  EXPECT_EQ(names.find("ip:KR 10-1234567 B1"), "ip:KR101234567B1");
  EXPECT_EQ(names.find("ip:KR 10-2015-0012345 A"), "ip:KR1020150012345A");
  EXPECT_EQ(names.find("ip:JP 2015-123456 A"), "ip:JP2015123456A");
  EXPECT_EQ(names.find("ip:Reissue 45678"), "ip:USRE45678");
  EXPECT_EQ(names.find("ip:U.S. Pat. No. 9,219,817"), "ip:US9219817");
  EXPECT_EQ(names.find("ip:DE 10 2015 000123 A1"), "ip:DE10-2015-000123A1") << "as earlier releases recorded it";
  for (const char* asked : {"ip:Pat9219817", "ip:KR 10-1234567 B2", "ip:KR 10-1234567", "ip:DE102015000123"})
    EXPECT_EQ(names.find(asked), "refused") << asked;
}

TEST(EntityName, CaseAndKindOfOtherThings) {
  Names names{{"award:A-EQ-jh", "party:91330100MA2PLT015B", "party:us-company:ACME INC", "run:R-1", "run:r-1"}};
  EXPECT_EQ(names.find("award:a-eq-JH"), "award:A-EQ-jh");
  EXPECT_EQ(names.find("Award:A-EQ-jh"), "award:A-EQ-jh");
  EXPECT_EQ(names.find("party:91330100ma2plt015b"), "party:91330100MA2PLT015B");
  EXPECT_EQ(names.find("party:US-Company:acme inc"), "party:us-company:ACME INC");
  EXPECT_EQ(names.find("run:R-1"), "run:R-1");
  Names twice{{"run:Ra", "run:rA"}};
  EXPECT_NE(twice.why("run:RA").find("run:Ra, run:rA"), std::string::npos);
  EXPECT_EQ(names.find("award:A-EQ-jx"), "absent award:A-EQ-jx");
  EXPECT_EQ(nearestName("award:A-EQ-jx", names.lookup())->en, "; did you mean 'award:A-EQ-jh'?");
  EXPECT_EQ(names.find("party:91330100MA2PLT025B"), "refused") << "the check character says that it is mistyped";
}

TEST(EntityName, NoKindNoAnswer) {
  Names names;
  for (const char* asked : {"foo:bar", "award", "award:", "award: ", "", ":", "spend:1", "event:no-uuid"})
    EXPECT_EQ(names.find(asked), "refused") << asked;
  EXPECT_NE(names.why("awrd:A").find("did you mean 'award'"), std::string::npos);
  EXPECT_NE(names.why("awrd:A").find("是否为“award”"), std::string::npos);
}

TEST(EntityName, LettersOfOtherScriptsAreNoAbsence) {
  Names names{{"award:A1", "award:Договор-1", "award:ＡＢ"}};
  for (const char* asked : {"award:А1", "award:Α1", "award:A١", "award:СО", "award:a\u200b1"})
    EXPECT_EQ(names.find(asked), "refused") << asked;
  EXPECT_EQ(names.find("award:Договор-1"), "award:Договор-1");
  EXPECT_EQ(names.find("award:甲-1"), "absent award:甲-1");
}

TEST(EntityName, AnAbsenceIsSaidOfRecordedSpellingsOnly) {
  for (const char* good : {"ip:CN2023110000011", "ip:EP1234567B1", "award:A-1", "party:91330100MA2PLT015B",
                           "key:a.b/c+01234567", "pledgereg:Y1/CN2023110000011", "grade:YJ/2026"})
    EXPECT_TRUE(requireAbsenceMeans(good).ok()) << good << ": " << requireAbsenceMeans(good).error().message.en;
  for (const char* bad : {"ip:ZL202311000001.1", "ip:EP1234567", "ip:CN101234562", "Award:A-1", "foo:bar", "award:А1",
                          "party:91330100ma2plt015b", "pledgereg:Y1/ZL202311000001.1", "ip:US5113523A",
                          "ip:KR10-1234567B1", "ip:PAT9219817", "ip:XX12345", "ip:WO201512345A1"})
    EXPECT_FALSE(requireAbsenceMeans(bad).ok()) << bad;
}

}  // namespace
}  // namespace pilotledger::events
