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

TEST(TilePath, IsReadInOneSpellingOnly) {
  for (const char* path : {"tile/0/000", "tile/0/x001/x234/067", "tile/2/999.p/1", "tile/entries/273.p/112"}) {
    auto name = parseTilePath(path);
    ASSERT_TRUE(name) << path;
    EXPECT_EQ(name->path(), path);
  }
  EXPECT_TRUE(parseTilePath("tile/entries/000")->entries);
  EXPECT_EQ(parseTilePath("tile/1/x001/067.p/17")->number, 1067u);
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/00/000",
                           "tile/8/000",
                           "tile/-1/000",
                           "tile/x/000",
                           "tile/0/0",
                           "tile/0/1000",
                           "tile/0/x000/001",
                           "tile/0/001/002",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/257",
                           "tile/0/000.p/01",
                           "tile/0/000.p/1/",
                           "tile/0/000 ",
                           "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                           "tiles/0/000",
                           "tile/entries/0000"}) {
    EXPECT_FALSE(parseTilePath(path)) << path;
  }
}

}  // namespace
}  // namespace pilotledger::proof
