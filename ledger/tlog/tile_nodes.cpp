#include "ledger/tlog/tile_nodes.h"

#include <algorithm>
#include <vector>

#include "ledger/tlog/tile_path.h"

namespace pilotledger::proof {

NodeReader nodesOfTiles(SuiteId suite, std::uint64_t size, TileReader read) {
  return [suite, size, read = std::move(read)](int level, std::uint64_t index) -> Result<Digest> {
    constexpr std::size_t kHash = sizeof(Digest);
    int tileLevel = level / 8;
    std::uint64_t inTile = std::uint64_t{1} << (level % 8);  // hashes of the tile that make the node
    std::uint64_t first = index * inTile;
    std::uint64_t number = first / kTileWidth;
    std::string path = tilePath(tileLevel, number, tileWidth(size >> (8 * tileLevel), number));
    PL_TRY(std::string text, read(path));
    std::uint64_t offset = first % kTileWidth;
    if (text.size() < kHash * (offset + inTile)) return invalidInput(path + ": cut off", path + "：不完整");
    std::vector<Digest> hashes(inTile);
    for (std::uint64_t i = 0; i < inTile; ++i)
      std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(kHash * (offset + i)), kHash,
                  reinterpret_cast<char*>(hashes[i].data()));
    return treeRoot(suite, hashes);
  };
}

}  // namespace pilotledger::proof
