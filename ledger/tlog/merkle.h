// The log's Merkle tree (RFC 6962 section 2.1, RFC 9162 section 2.1): leaf = H(0x00 || entry),
// node = H(0x01 || left || right), empty root = H(""), split at the largest power of two below n.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/suite.h"

namespace pilotledger::proof {

using crypto::SuiteId;

Digest leafHash(SuiteId suite, ByteView entry);
Digest nodeHash(SuiteId suite, const Digest& left, const Digest& right);
Digest emptyRoot(SuiteId suite);

// A whole tree in memory.
Digest treeRoot(SuiteId suite, std::span<const Digest> leaves);
std::vector<Digest> inclusionPath(SuiteId suite, std::span<const Digest> leaves, std::uint64_t index);

// The right edge of a growing tree: O(log n) memory. Copyable.
class MerkleFrontier {
 public:
  explicit MerkleFrontier(SuiteId suite) : suite_(suite) {}
  void append(const Digest& leaf);
  // A complete subtree of 2^level leaves at once; size() must be a multiple of it.
  void appendSubtree(int level, const Digest& root);
  Digest root() const;
  std::uint64_t size() const { return size_; }

 private:
  SuiteId suite_;
  std::uint64_t size_ = 0;
  std::vector<Digest> peaks_;  // of the binary digits of size_, largest first
};

// The hash of the complete subtree of 2^level leaves, number `index` from the left.
using NodeReader = std::function<Result<Digest>(int level, std::uint64_t index)>;

Result<Digest> rootAt(SuiteId suite, std::uint64_t size, const NodeReader& node);
Result<std::vector<Digest>> proveInclusion(SuiteId suite, std::uint64_t index, std::uint64_t size,
                                           const NodeReader& node);
Result<std::vector<Digest>> proveConsistency(SuiteId suite, std::uint64_t from, std::uint64_t to,
                                             const NodeReader& node);

// ProofRejected with the reason when the proof does not show it.
Status verifyInclusion(SuiteId suite, std::uint64_t index, std::uint64_t size, const Digest& leaf,
                       std::span<const Digest> path, const Digest& root);
Status verifyConsistency(SuiteId suite, std::uint64_t from, std::uint64_t to, const Digest& fromRoot,
                         const Digest& toRoot, std::span<const Digest> path);

}  // namespace pilotledger::proof
