#include "ledger/state/state_map.h"

#include <algorithm>
#include <cstring>

#include "ledger/tlog/rejection.h"

namespace pilotledger::proof {
namespace {

using Ref = std::uint32_t;  // 0: empty; else index + 1, with a bit that says leaf
constexpr Ref kEmpty = 0;
constexpr Ref kLeafBit = 1u << 31;
constexpr Ref kIndexMask = kLeafBit - 1;

struct Leaf {
  Digest key;
  Digest value;
  Digest hash;
};

struct Inner {
  Digest hash;
  Ref child[2];
};

// Grows by fixed chunks: no slack to speak of, and references stay good.
template <typename T>
class Chunked {
 public:
  T& operator[](std::size_t i) { return (*chunks_[i >> kBits])[i & (kChunk - 1)]; }
  const T& operator[](std::size_t i) const { return (*chunks_[i >> kBits])[i & (kChunk - 1)]; }
  std::size_t add(const T& value) {
    if (size_ == chunks_.size() << kBits) chunks_.push_back(std::make_unique<std::array<T, kChunk>>());
    (*this)[size_] = value;
    return size_++;
  }
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return chunks_.size() * kChunk * sizeof(T); }

 private:
  static constexpr int kBits = 12;
  static constexpr std::size_t kChunk = 1u << kBits;
  std::vector<std::unique_ptr<std::array<T, kChunk>>> chunks_;
  std::size_t size_ = 0;
};

int bitOf(const Digest& key, int depth) { return key[static_cast<std::size_t>(depth >> 3)] >> (7 - (depth & 7)) & 1; }

Digest placeholder() {
  static constexpr char kText[] = "SPARSE_MERKLE_PLACEHOLDER_HASH__";
  Digest digest;
  std::memcpy(digest.data(), kText, digest.size());
  return digest;
}

class MapHasher {
 public:
  explicit MapHasher(crypto::SuiteId suite) : suite_(suite) {
    std::memcpy(leaf_.data(), "JMT::LeafNode", 13);
    std::memcpy(inner_.data(), "JMT::IntrnalNode", 16);
  }
  Digest leaf(const Digest& key, const Digest& value) {
    std::copy(key.begin(), key.end(), leaf_.begin() + 13);
    std::copy(value.begin(), value.end(), leaf_.begin() + 45);
    return crypto::hash(suite_, ByteView(leaf_));
  }
  Digest inner(const Digest& left, const Digest& right) {
    std::copy(left.begin(), left.end(), inner_.begin() + 16);
    std::copy(right.begin(), right.end(), inner_.begin() + 48);
    return crypto::hash(suite_, ByteView(inner_));
  }

 private:
  crypto::SuiteId suite_;
  std::array<std::uint8_t, 77> leaf_;
  std::array<std::uint8_t, 80> inner_;
};

Status verifyPath(crypto::SuiteId suite, const Digest& root, const Digest& keyHash, const Digest& start,
                  const std::vector<Digest>& siblings) {
  if (siblings.size() > 256) return rejected("PathTooLong", "more than 256 levels", "路径超过 256 层");
  MapHasher hasher(suite);
  Digest running = start;
  for (std::size_t i = 0; i < siblings.size(); ++i) {
    int depth = static_cast<int>(siblings.size() - 1 - i);
    running = bitOf(keyHash, depth) == 0 ? hasher.inner(running, siblings[i]) : hasher.inner(siblings[i], running);
  }
  if (running != root) return rejected("WrongRoot", "the path leads to another root", "路径得到的根不一致");
  return {};
}

}  // namespace

struct StateMap::Rep {
  explicit Rep(crypto::SuiteId suite) : hasher(suite), emptyHash(placeholder()) {}

  MapHasher hasher;
  Digest emptyHash;
  Ref root = kEmpty;
  Chunked<Leaf> leaves;
  Chunked<Inner> inners;
  std::vector<bool> dirty;  // by inner index

  Leaf& leaf(Ref ref) { return leaves[(ref & kIndexMask) - 1]; }
  Inner& inner(Ref ref) { return inners[ref - 1]; }

  Ref addLeaf(const Digest& key, const Digest& value) {
    return static_cast<Ref>(leaves.add({key, value, hasher.leaf(key, value)}) + 1) | kLeafBit;
  }
  Ref addInner() {
    dirty.push_back(true);
    return static_cast<Ref>(inners.add({}) + 1);
  }

  const Digest& hashOf(Ref ref) {
    if (ref == kEmpty) return emptyHash;
    if ((ref & kLeafBit) != 0) return leaf(ref).hash;
    Inner& node = inner(ref);
    if (dirty[ref - 1]) {
      const Digest& left = hashOf(node.child[0]);
      node.hash = hasher.inner(left, hashOf(node.child[1]));
      dirty[ref - 1] = false;
    }
    return node.hash;
  }

  // Puts inner nodes between `at` and the two leaves until their bits part.
  Ref split(Ref old, const Digest& key, const Digest& value, int depth) {
    Ref top = kEmpty;
    Ref* at = &top;
    const Digest& oldKey = leaf(old).key;
    while (true) {
      Ref fresh = addInner();
      *at = fresh;
      Inner& node = inner(fresh);
      int mine = bitOf(key, depth);
      if (mine != bitOf(oldKey, depth)) {
        node.child[1 - mine] = old;
        node.child[mine] = addLeaf(key, value);
        return top;
      }
      at = &node.child[mine];
      ++depth;
    }
  }
};

StateMap::StateMap(crypto::SuiteId suite) : rep_(std::make_unique<Rep>(suite)) {}
StateMap::~StateMap() = default;
StateMap::StateMap(StateMap&&) noexcept = default;
StateMap& StateMap::operator=(StateMap&&) noexcept = default;

void StateMap::put(const Digest& keyHash, const Digest& valueHash) {
  Rep& rep = *rep_;
  Ref* at = &rep.root;
  int depth = 0;
  while (*at != kEmpty && (*at & kLeafBit) == 0) {
    rep.dirty[*at - 1] = true;
    at = &rep.inner(*at).child[bitOf(keyHash, depth++)];
  }
  if (*at == kEmpty) {
    *at = rep.addLeaf(keyHash, valueHash);
    return;
  }
  Leaf& leaf = rep.leaf(*at);
  if (leaf.key == keyHash) {
    leaf.value = valueHash;
    leaf.hash = rep.hasher.leaf(keyHash, valueHash);
    return;
  }
  *at = rep.split(*at, keyHash, valueHash, depth);
}

std::optional<Digest> StateMap::find(const Digest& keyHash) const {
  Rep& rep = *rep_;
  Ref at = rep.root;
  for (int depth = 0; at != kEmpty && (at & kLeafBit) == 0; ++depth) {
    at = rep.inner(at).child[bitOf(keyHash, depth)];
  }
  if (at == kEmpty || rep.leaf(at).key != keyHash) return std::nullopt;
  return rep.leaf(at).value;
}

Digest StateMap::root() { return rep_->hashOf(rep_->root); }

MapProof StateMap::prove(const Digest& keyHash) {
  Rep& rep = *rep_;
  root();
  MapProof proof;
  Ref at = rep.root;
  for (int depth = 0; at != kEmpty && (at & kLeafBit) == 0; ++depth) {
    const Inner& node = rep.inner(at);
    int bit = bitOf(keyHash, depth);
    proof.siblings.push_back(rep.hashOf(node.child[1 - bit]));
    at = node.child[bit];
  }
  std::reverse(proof.siblings.begin(), proof.siblings.end());
  if (at != kEmpty && rep.leaf(at).key != keyHash) {
    proof.otherLeaf = std::pair(rep.leaf(at).key, rep.leaf(at).value);
  }
  return proof;
}

std::size_t StateMap::size() const { return rep_->leaves.size(); }

std::size_t StateMap::memoryBytes() const {
  return rep_->leaves.bytes() + rep_->inners.bytes() + rep_->dirty.capacity() / 8;
}

Status verifyPresence(crypto::SuiteId suite, const Digest& root, const Digest& keyHash, const Digest& valueHash,
                      const MapProof& proof) {
  if (proof.otherLeaf) return rejected("WrongKind", "an absence proof", "这是不存在证明");
  return verifyPath(suite, root, keyHash, MapHasher(suite).leaf(keyHash, valueHash), proof.siblings);
}

Status verifyAbsence(crypto::SuiteId suite, const Digest& root, const Digest& keyHash, const MapProof& proof) {
  if (!proof.otherLeaf) return verifyPath(suite, root, keyHash, placeholder(), proof.siblings);
  const auto& [otherKey, otherValue] = *proof.otherLeaf;
  if (otherKey == keyHash) return rejected("WrongKind", "the leaf is the key itself", "该叶子正是所查对象");
  if (proof.siblings.size() > 256) return rejected("PathTooLong", "more than 256 levels", "路径超过 256 层");
  for (int depth = 0; depth < static_cast<int>(proof.siblings.size()); ++depth) {
    if (bitOf(otherKey, depth) != bitOf(keyHash, depth)) {
      return rejected("BadPrefix", "the other leaf does not lie on the key's path", "另一叶子不在所查路径上");
    }
  }
  return verifyPath(suite, root, keyHash, MapHasher(suite).leaf(otherKey, otherValue), proof.siblings);
}

}  // namespace pilotledger::proof
