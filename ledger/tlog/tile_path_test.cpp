#include "ledger/tlog/tile_path.h"

#include <gtest/gtest.h>

namespace pilotledger::proof {
namespace {

// The examples of C2SP tlog-tiles.
TEST(TilePath, GroupsOfThreeDigits) {
  EXPECT_EQ(tilePath(0, 1'234'067, 256), "tile/0/x001/x234/067");
  EXPECT_EQ(tilePath(1, 0, 256), "tile/1/000");
  EXPECT_EQ(tilePath(2, 999, 256), "tile/2/999");
  EXPECT_EQ(tilePath(0, 1000, 256), "tile/0/x001/000");
  EXPECT_EQ(entryBundlePath(273, 112), "tile/entries/273.p/112");
}

TEST(TilePath, ATreeOf70000Entries) {
  EXPECT_EQ(tileWidth(70'000, 272), 256u);
  EXPECT_EQ(tileWidth(70'000, 273), 112u);
  EXPECT_EQ(tileWidth(70'000, 274), 0u);
  EXPECT_EQ(tileWidth(273, 1), 17u);  // level 1
  EXPECT_EQ(tileWidth(1, 0), 1u);     // level 2
  EXPECT_EQ(tileWidth(256, 1), 0u) << "empty tiles are not served";
  EXPECT_EQ(tileWidth(0, 0), 0u);
}

}  // namespace
}  // namespace pilotledger::proof
