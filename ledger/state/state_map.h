// The state map: a compact sparse Merkle tree with Jellyfish hashing, so that published vectors
// check it. H is the suite's hash.
//
//   leaf  = H("JMT::LeafNode" || key hash || value hash)
//   inner = H("JMT::IntrnalNode" || left || right)            (sic)
//   empty = the 32 ASCII bytes "SPARSE_MERKLE_PLACEHOLDER_HASH__"
// A subtree with one leaf is that leaf. Bits of the key hash are taken most significant first.
//
// Held in memory, about 155 bytes a key; inner hashes are derived and recomputed lazily by root(),
// so a batch of puts pays for each shared inner node once. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/suite.h"

namespace pilotledger::proof {

struct MapProof {
  std::vector<Digest> siblings;  // from the end of the path up to the root
  // Absent keys only: the other leaf where the path ends; none when it ends at an empty subtree.
  std::optional<std::pair<Digest, Digest>> otherLeaf;  // key hash, value hash
};

class StateMap {
 public:
  explicit StateMap(crypto::SuiteId suite);
  ~StateMap();
  StateMap(StateMap&&) noexcept;
  StateMap& operator=(StateMap&&) noexcept;

  void put(const Digest& keyHash, const Digest& valueHash);
  std::optional<Digest> find(const Digest& keyHash) const;  // the value hash
  Digest root();
  MapProof prove(const Digest& keyHash);  // of presence or absence, under root()
  std::size_t size() const;
  std::size_t memoryBytes() const;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

// ProofRejected with the reason. The same root can never support both for one key.
Status verifyPresence(crypto::SuiteId suite, const Digest& root, const Digest& keyHash, const Digest& valueHash,
                      const MapProof& proof);
Status verifyAbsence(crypto::SuiteId suite, const Digest& root, const Digest& keyHash, const MapProof& proof);

}  // namespace pilotledger::proof
