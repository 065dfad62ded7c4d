#include "ledger/store/layout.h"

#include <gtest/gtest.h>

namespace pilotledger::ledger::layout {
namespace {

TEST(Layout, IndexKeysSortAsNumbers) {
  EXPECT_EQ(indexKey(0x0102), std::string("\0\0\0\0\0\0\1\2", 8));
  EXPECT_LT(indexKey(255), indexKey(256));
  EXPECT_EQ(parseIndexKey(indexKey(~0ull)), ~0ull);
  EXPECT_FALSE(parseIndexKey("short"));
}

TEST(Layout, TouchKeysGroupByEntityThenIndex) {
  EXPECT_LT(entityIndexKey("award:A", 9), entityIndexKey("award:A", 10));
  EXPECT_LT(entityIndexKey("award:A", 10), entityIndexKey("award:A1", 1));
  std::string key = entityIndexKey("award:A", 7);
  auto parsed = parseTouchKey(key);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->first, "award:A");
  EXPECT_EQ(parsed->second, 7u);
  EXPECT_FALSE(parseTouchKey("award:A"));
}

TEST(Layout, TileKeys) {
  EXPECT_EQ(parseTileKey(tileKey(2, 513)), (std::pair<int, std::uint64_t>(2, 513)));
  EXPECT_FALSE(parseTileKey("x"));
}

}  // namespace
}  // namespace pilotledger::ledger::layout
