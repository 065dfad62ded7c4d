#include "ledger/state/entity_record.h"

#include <gtest/gtest.h>

#include <limits>

namespace pilotledger::proof {
namespace {

const std::string kZeroTrail = "trail 0 " + std::string(64, '0') + "\n";

TEST(EntityRecord, OneSpellingSortedAndEscaped) {
  EntityRecord record;
  record.set("state", "active");
  record.insert("asset.active", "US2");
  record.insert("asset.active", "US1");
  record.insert("asset.active", "US1");
  record.set("note", "a\\b\nc");
  EXPECT_EQ(record.text(), kZeroTrail + "asset.active=US1\nasset.active=US2\nnote=a\\\\b\\nc\nstate=active\n");
  auto again = EntityRecord::parse(record.text());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, record);
}

TEST(EntityRecord, SetReplacesAndEmptyRemoves) {
  EntityRecord record;
  record.insert("a", "1");
  record.insert("a", "2");
  record.set("a", "3");
  EXPECT_EQ(record.all("a"), std::vector<std::string_view>{"3"});
  record.set("a", "");
  EXPECT_FALSE(record.has("a"));
}

TEST(EntityRecord, MoneyIsChecked) {
  EntityRecord record;
  ASSERT_TRUE(record.add("spent", std::numeric_limits<std::int64_t>::max()).ok());
  EXPECT_FALSE(record.add("spent", 1).ok());
  EXPECT_EQ(record.number("spent"), std::numeric_limits<std::int64_t>::max());
}

TEST(EntityRecord, RefusesEveryOtherSpelling) {
  for (const std::string& bad : std::vector<std::string>{
           std::string(), std::string("trail 0 00\n"), kZeroTrail + "b=1\na=1\n", kZeroTrail + "a=1\na=1\n",
           kZeroTrail + "a=\n", kZeroTrail + "A=1\n", kZeroTrail + "a=\\x\n", kZeroTrail + "a=1",
           "trail 00 " + std::string(64, '0') + "\n"}) {
    EXPECT_FALSE(EntityRecord::parse(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace pilotledger::proof
