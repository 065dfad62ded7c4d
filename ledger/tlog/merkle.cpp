#include "ledger/tlog/merkle.h"

#include <bit>

#include "ledger/tlog/rejection.h"

namespace pilotledger::proof {
namespace {

constexpr std::uint8_t kLeafPrefix = 0;
constexpr std::uint8_t kNodePrefix = 1;

std::uint64_t splitOf(std::uint64_t size) { return std::bit_floor(size - 1); }

// Root of leaves [begin, begin + size); begin is a multiple of the size's power of two.
Result<Digest> rangeRoot(SuiteId suite, std::uint64_t begin, std::uint64_t size, const NodeReader& node) {
  if (std::has_single_bit(size)) {
    int level = std::countr_zero(size);
    return node(level, begin >> level);
  }
  std::uint64_t split = splitOf(size);
  PL_TRY(Digest left, rangeRoot(suite, begin, split, node));
  PL_TRY(Digest right, rangeRoot(suite, begin + split, size - split, node));
  return nodeHash(suite, left, right);
}

Status inclusion(SuiteId suite, std::uint64_t index, std::uint64_t begin, std::uint64_t size, const NodeReader& node,
                 std::vector<Digest>& path) {
  if (size == 1) return {};
  std::uint64_t split = splitOf(size);
  bool left = index < split;
  if (left) {
    PL_CHECK(inclusion(suite, index, begin, split, node, path));
    PL_TRY(Digest sibling, rangeRoot(suite, begin + split, size - split, node));
    path.push_back(sibling);
  } else {
    PL_CHECK(inclusion(suite, index - split, begin + split, size - split, node, path));
    PL_TRY(Digest sibling, rangeRoot(suite, begin, split, node));
    path.push_back(sibling);
  }
  return {};
}

Status consistency(SuiteId suite, std::uint64_t from, std::uint64_t begin, std::uint64_t size, bool whole,
                   const NodeReader& node, std::vector<Digest>& path) {
  if (from == size) {
    if (whole) return {};
    PL_TRY(Digest root, rangeRoot(suite, begin, size, node));
    path.push_back(root);
    return {};
  }
  std::uint64_t split = splitOf(size);
  if (from <= split) {
    PL_CHECK(consistency(suite, from, begin, split, whole, node, path));
    PL_TRY(Digest right, rangeRoot(suite, begin + split, size - split, node));
    path.push_back(right);
  } else {
    PL_CHECK(consistency(suite, from - split, begin + split, size - split, false, node, path));
    PL_TRY(Digest left, rangeRoot(suite, begin, split, node));
    path.push_back(left);
  }
  return {};
}

}  // namespace

Digest leafHash(SuiteId suite, ByteView entry) { return crypto::hash(suite, {ByteView(&kLeafPrefix, 1), entry}); }

Digest nodeHash(SuiteId suite, const Digest& left, const Digest& right) {
  std::array<std::uint8_t, 65> node;
  node[0] = kNodePrefix;
  std::copy(left.begin(), left.end(), node.begin() + 1);
  std::copy(right.begin(), right.end(), node.begin() + 33);
  return crypto::hash(suite, ByteView(node));
}

Digest emptyRoot(SuiteId suite) { return crypto::hash(suite, ByteView{}); }

Digest treeRoot(SuiteId suite, std::span<const Digest> leaves) {
  MerkleFrontier frontier(suite);
  for (const Digest& leaf : leaves) frontier.append(leaf);
  return frontier.root();
}

std::vector<Digest> inclusionPath(SuiteId suite, std::span<const Digest> leaves, std::uint64_t index) {
  PL_ASSERT(index < leaves.size());
  NodeReader node = [&](int level, std::uint64_t number) -> Result<Digest> {
    return treeRoot(suite, leaves.subspan(number << level, 1ull << level));
  };
  return proveInclusion(suite, index, leaves.size(), node).value();
}

void MerkleFrontier::append(const Digest& leaf) { appendSubtree(0, leaf); }

void MerkleFrontier::appendSubtree(int level, const Digest& root) {
  PL_ASSERT((size_ & ((1ull << level) - 1)) == 0);
  Digest carried = root;
  for (int bit = level; (size_ >> bit & 1) != 0; ++bit) {
    carried = nodeHash(suite_, peaks_.back(), carried);
    peaks_.pop_back();
  }
  peaks_.push_back(carried);
  size_ += 1ull << level;
}

Digest MerkleFrontier::root() const {
  if (peaks_.empty()) return emptyRoot(suite_);
  Digest root = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i > 0; --i) root = nodeHash(suite_, peaks_[i - 1], root);
  return root;
}

Result<Digest> rootAt(SuiteId suite, std::uint64_t size, const NodeReader& node) {
  if (size == 0) return emptyRoot(suite);
  return rangeRoot(suite, 0, size, node);
}

Result<std::vector<Digest>> proveInclusion(SuiteId suite, std::uint64_t index, std::uint64_t size,
                                           const NodeReader& node) {
  if (index >= size) return makeError(ErrorCode::NotFound, "the index is not in the tree", "序号不在树内");
  std::vector<Digest> path;
  PL_CHECK(inclusion(suite, index, 0, size, node, path));
  return path;
}

Result<std::vector<Digest>> proveConsistency(SuiteId suite, std::uint64_t from, std::uint64_t to,
                                             const NodeReader& node) {
  if (from > to) return makeError(ErrorCode::NotFound, "the older tree is larger", "旧树大于新树");
  std::vector<Digest> path;
  if (from == 0 || from == to) return path;
  PL_CHECK(consistency(suite, from, 0, to, true, node, path));
  return path;
}

Status verifyInclusion(SuiteId suite, std::uint64_t index, std::uint64_t size, const Digest& leaf,
                       std::span<const Digest> path, const Digest& root) {
  if (index >= size) return rejected("BadIndex", "the index is not below the size", "序号不小于树的大小");
  std::uint64_t position = index;
  std::uint64_t last = size - 1;
  Digest running = leaf;
  for (const Digest& sibling : path) {
    if (last == 0) return rejected("PathTooLong", "more hashes than levels", "路径过长");
    if ((position & 1) != 0 || position == last) {
      running = nodeHash(suite, sibling, running);
      while ((position & 1) == 0 && position != 0) {
        position >>= 1;
        last >>= 1;
      }
    } else {
      running = nodeHash(suite, running, sibling);
    }
    position >>= 1;
    last >>= 1;
  }
  if (last != 0) return rejected("PathTooShort", "fewer hashes than levels", "路径过短");
  if (running != root) return rejected("WrongRoot", "the path leads to another root", "路径得到的根不一致");
  return {};
}

Status verifyConsistency(SuiteId suite, std::uint64_t from, std::uint64_t to, const Digest& fromRoot,
                         const Digest& toRoot, std::span<const Digest> path) {
  if (from > to) return rejected("BadSize", "the older tree is larger", "旧树大于新树");
  if (from == to || from == 0) {
    if (!path.empty()) return rejected("PathTooLong", "no hash is needed", "路径过长");
    if (from == to && fromRoot != toRoot) return rejected("WrongRoot", "same size, other root", "大小相同而根不同");
    return {};
  }
  std::uint64_t position = from - 1;
  std::uint64_t last = to - 1;
  while ((position & 1) != 0) {
    position >>= 1;
    last >>= 1;
  }
  std::size_t next = 0;
  if (path.empty()) return rejected("PathTooShort", "empty", "路径过短");
  Digest old = position == 0 ? fromRoot : path[next++];
  Digest now = old;
  for (; next < path.size(); ++next) {
    if (last == 0) return rejected("PathTooLong", "more hashes than levels", "路径过长");
    if ((position & 1) != 0 || position == last) {
      old = nodeHash(suite, path[next], old);
      now = nodeHash(suite, path[next], now);
      while ((position & 1) == 0 && position != 0) {
        position >>= 1;
        last >>= 1;
      }
    } else {
      now = nodeHash(suite, now, path[next]);
    }
    position >>= 1;
    last >>= 1;
  }
  if (last != 0) return rejected("PathTooShort", "fewer hashes than levels", "路径过短");
  if (old != fromRoot || now != toRoot)
    return rejected("WrongRoot", "the path leads to other roots", "路径得到的根不一致");
  return {};
}

}  // namespace pilotledger::proof
