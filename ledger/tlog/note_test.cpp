#include "ledger/tlog/note.h"

#include <gtest/gtest.h>

#include "ledger/crypto/encoding.h"
#include "ledger/tlog/checkpoint.h"

namespace pilotledger::proof {
namespace {

const std::string kNote =
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

TEST(Note, PublishedNoteVerifiesAndRoundTrips) {
  auto key = crypto::VerifyKey::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").value();
  auto note = Note::parse(kNote);
  ASSERT_TRUE(note.ok());
  EXPECT_TRUE(verifyNote(*note, key).ok());
  EXPECT_EQ(note->serialize(), kNote);
  note->text = "This is another message.\n";
  EXPECT_EQ(verifyNote(*note, key).error().code, ErrorCode::BadSignature);
}

TEST(Note, LastEmptyLineSeparates) {
  auto key = crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "k").value();
  Note note;
  note.text = "a\n\nb\n";
  note.signatures.push_back(signNote(note.text, key).value());
  EXPECT_EQ(Note::parse(note.serialize())->text, note.text);
}

TEST(Note, MalformedIsRefused) {
  std::string line = kNote.substr(kNote.find("—"));
  for (const std::string& bad :
       std::vector<std::string>{"", "text\n", "text\n\n", kNote.substr(0, kNote.size() - 1), "a\r\n\n" + line,
                                kNote + line, "text\n\n- example.com/foo AAAA\n", "text\n\n— a b AAAAAAAA\n",
                                "text\n\n— a AAAA\n", "text\n\n— a AAAAAAB=\n"}) {
    EXPECT_FALSE(Note::parse(bad).ok()) << bad;
  }
}

// The published test log's checkpoint, from its seed: Ed25519 is deterministic.
TEST(Checkpoint, ReproducesPublishedSignature) {
  Bytes seed = crypto::parseHex("eca663f499017d2365c27c7a7679158d43cfec1330bdb259290afbd0d21777a0").value();
  auto key = crypto::SigningKey::fromEd25519Seed("example.com/log/testdata", seed).value();
  EXPECT_EQ(key.verifyKey().idHex(), "33d7b496");
  Checkpoint checkpoint{"example.com/log/testdata", 15,
                        crypto::parseBase64Digest("rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=").value()};
  std::string note = signCheckpoint(checkpoint, key).value();
  EXPECT_EQ(note,
            "example.com/log/testdata\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n\n— example.com/log/testdata "
            "M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=\n");
  EXPECT_EQ(openCheckpoint(note, key.verifyKey(), "example.com/log/testdata").value(), checkpoint);
  EXPECT_EQ(openCheckpoint(note, key.verifyKey(), "example.com/other").error().code, ErrorCode::ProofRejected);
}

TEST(Checkpoint, OneSpellingOfTheBody) {
  std::string root = "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=";
  EXPECT_TRUE(Checkpoint::parseBody("o\n15\n" + root + "\n").ok());
  for (const std::string& bad : std::vector<std::string>{
           "o\n015\n" + root + "\n", "o\n-1\n" + root + "\n", "\n15\n" + root + "\n", "o\n15\n" + root,
           "o\n15\n" + root + "\nextension\n", "o\n99999999999999999999\n" + root + "\n", "o\n15\nAAAA\n"}) {
    EXPECT_FALSE(Checkpoint::parseBody(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace pilotledger::proof
