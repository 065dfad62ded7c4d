// The Merkle tree over stored entries: full tiles in the store, the unfinished ones in memory.
#pragma once

#include <array>
#include <mutex>
#include <vector>

#include "ledger/store/store.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/tile_path.h"

namespace pilotledger::ledger {

class TreeStore {
 public:
  TreeStore(crypto::SuiteId suite, const Store& store);

  // Rebuilds the unfinished tiles of a tree of `size` entries from full tiles and entries.
  Status load(std::uint64_t size);

  // Adds a leaf; full tiles go into `rows`.
  void append(const Digest& leaf, WriteSet& rows);
  std::uint64_t size() const { return size_; }
  Digest root() const;
  // Of the complete subtree of 2^level leaves, number `index`, within the tree as it is.
  Result<Digest> node(int level, std::uint64_t index) const;
  // The hashes of a C2SP tile, 32 bytes each; the last one of a level may hold fewer than 256.
  Result<std::string> tile(int level, std::uint64_t number) const;

 private:
  static constexpr int kTileHeight = 8;
  static constexpr std::size_t kTileWidth = proof::kTileWidth;

  crypto::SuiteId suite_;
  const Store* store_;
  std::uint64_t size_ = 0;
  std::vector<std::vector<Digest>> open_;  // by tile level: hashes of the unfinished tile
};

}  // namespace pilotledger::ledger
