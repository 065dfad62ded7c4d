#include "ledger/log/tree_store.h"

#include <cstring>

namespace pilotledger::ledger {
namespace {

using layout::Family;

std::string tileText(const std::vector<Digest>& hashes) {
  std::string text;
  text.reserve(hashes.size() * 32);
  for (const Digest& hash : hashes) text += textOf(hash);
  return text;
}

Result<std::vector<Digest>> parseTile(std::string_view text) {
  if (text.size() != 256 * 32) {
    return makeError(ErrorCode::Corruption, "tile row of " + std::to_string(text.size()) + " bytes, expected 8192",
                     "瓦片行长度错误");
  }
  std::vector<Digest> hashes(256);
  std::memcpy(hashes.data(), text.data(), text.size());
  return hashes;
}

}  // namespace

TreeStore::TreeStore(crypto::SuiteId suite, const Store& store) : suite_(suite), store_(&store) {}

Status TreeStore::load(std::uint64_t size) {
  size_ = size;
  open_.clear();
  std::uint64_t count = size;  // hashes at this tile level
  for (int level = 0; count > 0; ++level, count /= kTileWidth) {
    open_.emplace_back();
    for (std::uint64_t i = count / kTileWidth * kTileWidth; i < count; ++i) {
      if (level == 0) {
        PL_TRY(std::string entry, store_->require(Family::Entry, layout::indexKey(i)));
        open_[0].push_back(proof::leafHash(suite_, viewOf(entry)));
      } else {
        PL_TRY(std::string text, store_->require(Family::Tile, layout::tileKey(level - 1, i)));
        PL_TRY(std::vector<Digest> below, parseTile(text));
        open_[static_cast<std::size_t>(level)].push_back(proof::treeRoot(suite_, below));
      }
    }
  }
  return {};
}

void TreeStore::append(const Digest& leaf, WriteSet& rows) {
  Digest hash = leaf;
  std::uint64_t number = size_ / kTileWidth;
  for (std::size_t level = 0;; ++level, number /= kTileWidth) {
    if (level == open_.size()) open_.emplace_back();
    auto& tile = open_[level];
    tile.push_back(hash);
    if (tile.size() < kTileWidth) break;
    rows.put(Family::Tile, layout::tileKey(static_cast<int>(level), number), tileText(tile));
    hash = proof::treeRoot(suite_, tile);
    tile.clear();
  }
  ++size_;
}

Digest TreeStore::root() const {
  proof::MerkleFrontier frontier(suite_);
  for (std::size_t level = open_.size(); level > 0; --level) {
    for (const Digest& hash : open_[level - 1]) {
      frontier.appendSubtree(static_cast<int>(level - 1) * kTileHeight, hash);
    }
  }
  return frontier.root();
}

Result<Digest> TreeStore::node(int level, std::uint64_t index) const {
  int tileLevel = level / kTileHeight;
  int inner = level % kTileHeight;
  std::uint64_t first = index << inner;  // among the hashes of the tile level
  std::uint64_t number = first / kTileWidth;
  std::vector<Digest> hashes;
  std::uint64_t complete = size_ >> (tileLevel * kTileHeight);
  if (number < complete / kTileWidth) {
    PL_TRY(std::string text, store_->require(Family::Tile, layout::tileKey(tileLevel, number)));
    PL_TRY(hashes, parseTile(text));
  } else if (static_cast<std::size_t>(tileLevel) < open_.size()) {
    hashes = open_[static_cast<std::size_t>(tileLevel)];
  }
  std::uint64_t offset = first % kTileWidth;
  if (offset + (1ull << inner) > hashes.size()) {
    return makeError(ErrorCode::NotFound, "that part of the tree is not complete", "树的该部分尚未完整");
  }
  return proof::treeRoot(suite_, std::span(hashes).subspan(offset, 1ull << inner));
}

Result<std::string> TreeStore::tile(int level, std::uint64_t number) const {
  std::uint64_t complete = level < 8 ? size_ >> (level * kTileHeight) : 0;
  if (number < complete / kTileWidth) return store_->require(Family::Tile, layout::tileKey(level, number));
  if (number == complete / kTileWidth && complete % kTileWidth != 0)
    return tileText(open_[static_cast<std::size_t>(level)]);
  return makeError(ErrorCode::NotFound, "that tile is beyond the end of the tree", "该瓦片超出树的末端");
}

}  // namespace pilotledger::ledger
