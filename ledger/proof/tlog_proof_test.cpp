#include "ledger/proof/tlog_proof.h"

#include <gtest/gtest.h>

#include "ledger/crypto/encoding.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/note.h"

namespace pilotledger::proof {
namespace {

// The published test log of 15 leaves, its published key, and a witness; made anew and compared byte for byte.
const char* const kLeaves[] = {"one",  "two", "three",  "four",  "five",     "six",     "seven", "eit",
                               "nain", "ten", "ileven", "twelf", "threeten", "fourten", "fivten"};
constexpr const char* kProof =
    "c2sp.org/tlog-proof@v1\n"
    "index 4\n"
    "yiM+eia4w1wsk/Ukx7kF56IQVkDW3MWUaUz/VtJu+yU=\n"
    "nk9gCR+floFqznAPtqjjcnnV64dge2jQB95D5t164Hg=\n"
    "zY1lN35vrXYAPixXSd59LsU29xUJtuW4o2dNNg5Y2Co=\n"
    "5jLpqTgjsBDSEX6SgZiRnbTMdTuRd8bQ5tSsAOxe0Ks=\n"
    "\n"
    "example.com/log/testdata\n"
    "15\n"
    "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n"
    "\n"
    "— example.com/log/testdata "
    "M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=\n"
    "— witness.example.com/w1 "
    "hWHHHgAAAABlU/EAAkGqcCpROSe4urn9ZSn5Y8rdaUWt+z1BOyOJJfqDUIu3xPl1YPa7zHJDBikJP2+yGrxKD1OFVNA7gM6NlFCpDg==\n";

crypto::SigningKey logKey() {
  Bytes seed = crypto::parseHex("eca663f499017d2365c27c7a7679158d43cfec1330bdb259290afbd0d21777a0").value();
  return crypto::SigningKey::fromEd25519Seed("example.com/log/testdata", seed).value();
}

// A cosignature/v1 line: u64 seconds, then the signature over the time and the checkpoint.
NoteSignature cosigned(const std::string& text) {
  Bytes seed;
  for (std::uint8_t i = 1; i <= 32; ++i) seed.push_back(i);
  auto witness = crypto::SigningKey::fromEd25519Seed("witness.example.com/w1", seed).value();
  Bytes blob = crypto::parseHex("000000006553f100").value();
  Bytes signature = witness.sign(viewOf("cosignature/v1\ntime 1700000000\n" + text)).value();
  blob.insert(blob.end(), signature.begin(), signature.end());
  return {"witness.example.com/w1", 0x8561c71e, blob};
}

TEST(TlogProof, EqualsTheGoldenVector) {
  std::vector<Digest> leaves;
  for (const char* leaf : kLeaves) leaves.push_back(leafHash(SuiteId::Ed25519Sha256, viewOf(leaf)));
  Checkpoint checkpoint{"example.com/log/testdata", 15, treeRoot(SuiteId::Ed25519Sha256, leaves)};
  auto note = Note::parse(signCheckpoint(checkpoint, logKey()).value()).value();
  note.signatures.push_back(cosigned(note.text));
  std::string file = TlogProof{4, inclusionPath(SuiteId::Ed25519Sha256, leaves, 4), note.serialize()}.serialize();
  EXPECT_EQ(file, kProof);
  EXPECT_EQ(crypto::toHex(crypto::hash(SuiteId::Ed25519Sha256, viewOf(file))),
            "f71eabaa50aea153f7718adea9b891c066c981897439e1d4da3d21038fae86d7");
}

TEST(TlogProof, IsCheckedAgainstTheLeaf) {
  auto key = logKey().verifyKey();
  EXPECT_EQ(verifyTlogProof(kProof, viewOf("five"), key)->size, 15u);
  EXPECT_EQ(verifyTlogProof(kProof, viewOf("six"), key).error().rule, "WrongRoot");
  std::string extra(kProof);
  extra.insert(extra.find("index"), "extra AAAA\n");
  EXPECT_TRUE(verifyTlogProof(extra, viewOf("five"), key).ok());
  std::string other(kProof);
  other.replace(other.find("index 4"), 7, "index 5");
  EXPECT_EQ(verifyTlogProof(other, viewOf("five"), key).error().rule, "WrongRoot");
  EXPECT_EQ(verifyTlogProof("c2sp.org/tlog-proof@v1\nindex 04\n", viewOf("five"), key).error().rule, "BadFormat");
  EXPECT_EQ(verifyTlogProof("", viewOf("five"), key).error().rule, "BadFormat");
}

}  // namespace
}  // namespace pilotledger::proof
