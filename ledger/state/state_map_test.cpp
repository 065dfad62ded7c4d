#include "ledger/state/state_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "ledger/crypto/encoding.h"

namespace pilotledger::proof {
namespace {

using crypto::SuiteId;

Digest h(SuiteId suite, std::string_view text) { return crypto::hash(suite, viewOf(text)); }

// The definition, written down naively.
Digest reference(SuiteId suite, const std::map<Digest, Digest>& map, int depth = 0) {
  Digest empty;
  std::copy_n("SPARSE_MERKLE_PLACEHOLDER_HASH__", 32, empty.begin());
  if (map.empty()) return empty;
  if (map.size() == 1) {
    return crypto::hash(suite, {viewOf("JMT::LeafNode"), map.begin()->first, map.begin()->second});
  }
  std::map<Digest, Digest> side[2];
  for (const auto& [key, value] : map) {
    side[key[static_cast<std::size_t>(depth / 8)] >> (7 - depth % 8) & 1].emplace(key, value);
  }
  return crypto::hash(
      suite, {viewOf("JMT::IntrnalNode"), reference(suite, side[0], depth + 1), reference(suite, side[1], depth + 1)});
}

TEST(StateMap, PublishedRoots) {
  StateMap map(SuiteId::Ed25519Sha256);
  EXPECT_EQ(textOf(map.root()), "SPARSE_MERKLE_PLACEHOLDER_HASH__");
  auto put = [&](std::string_view key, std::string_view value) {
    map.put(h(SuiteId::Ed25519Sha256, key), h(SuiteId::Ed25519Sha256, value));
  };
  put("hello", "world");
  EXPECT_EQ(crypto::toHex(map.root()), "6b97115f56e533f2fd443f7e76e4d1ff94d34e6b2e233f2dbdf5cfd1ec39a30c");
  put("goodbye", "world");
  EXPECT_EQ(crypto::toHex(map.root()), "e1e1e220d4b4a9611a9a09dbcee964b4a6c3a40f6f4dee265ad45cf64568790b");
}

class StateMapSuite : public testing::TestWithParam<SuiteId> {};

TEST_P(StateMapSuite, AgreesWithTheDefinitionAndProvesBothWays) {
  SuiteId suite = GetParam();
  std::mt19937 random(7);
  StateMap map(suite);
  std::map<Digest, Digest> model;
  for (int step = 0; step < 400; ++step) {
    Digest key = h(suite, std::to_string(random() % 250));
    if (random() % 3 == 0) key[1] = static_cast<std::uint8_t>(random());  // long shared prefixes
    if (random() % 3 == 0) std::fill_n(key.begin(), 31, std::uint8_t{0});
    Digest value = h(suite, std::to_string(random()));
    map.put(key, value);
    model[key] = value;
    if (step % 7 == 0) {
      ASSERT_EQ(map.root(), reference(suite, model)) << step;
    }
  }
  Digest root = map.root();
  ASSERT_EQ(root, reference(suite, model));
  EXPECT_EQ(map.size(), model.size());
  for (const auto& [key, value] : model) {
    MapProof proof = map.prove(key);
    EXPECT_TRUE(verifyPresence(suite, root, key, value, proof).ok());
    EXPECT_FALSE(verifyPresence(suite, root, key, key, proof).ok());
    EXPECT_FALSE(verifyAbsence(suite, root, key, proof).ok());
    EXPECT_EQ(map.find(key), value);
  }
  for (int i = 0; i < 200; ++i) {
    Digest key = h(suite, "absent" + std::to_string(i));
    MapProof proof = map.prove(key);
    EXPECT_TRUE(verifyAbsence(suite, root, key, proof).ok());
    EXPECT_FALSE(verifyPresence(suite, root, key, key, proof).ok());
    EXPECT_FALSE(map.find(key));
    // A proof of one key's absence does not show another's.
    Digest present = model.begin()->first;
    EXPECT_FALSE(verifyAbsence(suite, root, present, proof).ok());
  }
}

INSTANTIATE_TEST_SUITE_P(Suites, StateMapSuite, testing::Values(SuiteId::Ed25519Sha256, SuiteId::Sm2Sm3));

TEST(StateMap, StaysUnder200BytesAKey) {
  StateMap map(SuiteId::Ed25519Sha256);
  for (int i = 0; i < 100000; ++i) {
    Digest key = h(SuiteId::Ed25519Sha256, std::to_string(i));
    map.put(key, key);
  }
  EXPECT_LT(map.memoryBytes() / map.size(), 200u);
}

}  // namespace
}  // namespace pilotledger::proof
