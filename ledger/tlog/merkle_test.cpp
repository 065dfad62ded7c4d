#include "ledger/tlog/merkle.h"

#include <gtest/gtest.h>

#include "ledger/crypto/encoding.h"

namespace pilotledger::proof {
namespace {

const char* const kWords[] = {"one",  "two", "three",  "four",  "five",     "six",     "seven", "eit",
                              "nain", "ten", "ileven", "twelf", "threeten", "fourten", "fivten"};

std::vector<Digest> wordLeaves() {
  std::vector<Digest> leaves;
  for (const char* word : kWords) leaves.push_back(leafHash(SuiteId::Ed25519Sha256, viewOf(word)));
  return leaves;
}

// Roots of the published test log.
TEST(Merkle, PublishedRoots) {
  auto leaves = wordLeaves();
  auto root = [&](std::size_t n) {
    return crypto::toBase64(treeRoot(SuiteId::Ed25519Sha256, std::span(leaves).first(n)));
  };
  EXPECT_EQ(root(0), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(root(1), "0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek=");
  EXPECT_EQ(root(5), "gy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ=");
  EXPECT_EQ(root(15), "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=");
}

TEST(Merkle, PublishedProofs) {
  auto leaves = wordLeaves();
  std::vector<std::string> path;
  for (const Digest& hash : inclusionPath(SuiteId::Ed25519Sha256, leaves, 4)) path.push_back(crypto::toBase64(hash));
  EXPECT_EQ(path, (std::vector<std::string>{
                      "yiM+eia4w1wsk/Ukx7kF56IQVkDW3MWUaUz/VtJu+yU=", "nk9gCR+floFqznAPtqjjcnnV64dge2jQB95D5t164Hg=",
                      "zY1lN35vrXYAPixXSd59LsU29xUJtuW4o2dNNg5Y2Co=", "5jLpqTgjsBDSEX6SgZiRnbTMdTuRd8bQ5tSsAOxe0Ks="}));
}

class MerkleSuite : public testing::TestWithParam<SuiteId> {};

TEST_P(MerkleSuite, EveryProofOfSmallTreesVerifiesAndNoOther) {
  SuiteId suite = GetParam();
  std::vector<Digest> leaves;
  for (int i = 0; i < 40; ++i) leaves.push_back(leafHash(suite, viewOf(std::to_string(i))));
  NodeReader node = [&](int level, std::uint64_t index) -> Result<Digest> {
    return treeRoot(suite, std::span(leaves).subspan(index << level, 1ull << level));
  };
  for (std::uint64_t size = 1; size <= leaves.size(); ++size) {
    Digest root = treeRoot(suite, std::span(leaves).first(size));
    ASSERT_EQ(rootAt(suite, size, node).value(), root);
    for (std::uint64_t index = 0; index < size; ++index) {
      auto path = proveInclusion(suite, index, size, node).value();
      EXPECT_TRUE(verifyInclusion(suite, index, size, leaves[index], path, root).ok());
      EXPECT_FALSE(verifyInclusion(suite, index, size, leaves[(index + 1) % 40], path, root).ok());
      EXPECT_FALSE(verifyInclusion(suite, size, size, leaves[index], path, root).ok());
      path.push_back(root);
      EXPECT_FALSE(verifyInclusion(suite, index, size, leaves[index], path, root).ok());
    }
    for (std::uint64_t from = 0; from <= size; ++from) {
      Digest old = treeRoot(suite, std::span(leaves).first(from));
      auto path = proveConsistency(suite, from, size, node).value();
      EXPECT_TRUE(verifyConsistency(suite, from, size, old, root, path).ok()) << from << " " << size;
      if (from > 0 && from < size) {
        EXPECT_FALSE(verifyConsistency(suite, from, size, root, root, path).ok());
        path.pop_back();
        EXPECT_FALSE(verifyConsistency(suite, from, size, old, root, path).ok());
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Suites, MerkleSuite, testing::Values(SuiteId::Ed25519Sha256, SuiteId::Sm2Sm3));

TEST(Merkle, FrontierTakesWholeSubtrees) {
  auto leaves = wordLeaves();
  MerkleFrontier frontier(SuiteId::Ed25519Sha256);
  frontier.appendSubtree(3, treeRoot(SuiteId::Ed25519Sha256, std::span(leaves).first(8)));
  for (std::size_t i = 8; i < 15; ++i) frontier.append(leaves[i]);
  EXPECT_EQ(frontier.root(), treeRoot(SuiteId::Ed25519Sha256, leaves));
}

}  // namespace
}  // namespace pilotledger::proof
