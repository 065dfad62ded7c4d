#include "ledger/tlog/submission.h"

#include <gtest/gtest.h>

namespace pilotledger::proof {
namespace {

class SubmissionTest : public testing::TestWithParam<SuiteId> {
 protected:
  crypto::SigningKey one_ = crypto::SigningKey::generate(GetParam(), "one").value();
  crypto::SigningKey two_ = crypto::SigningKey::generate(GetParam(), "two").value();
  crypto::SigningKey log_ = crypto::SigningKey::generate(GetParam(), "example.org/ledger").value();
  LedgerName ledger_{"example.org/ledger", log_.verifyKey().vkey()};
  Submission make() { return makeFor(ledger_); }
  Submission makeFor(const LedgerName& ledger) {
    const crypto::SigningKey* keys[] = {&one_};
    return makeSubmission(GetParam(), ledger, {{1, 2}, {3}}, keys).value();
  }
};

TEST_P(SubmissionTest, TravelsBetweenSigners) {
  Submission submission = make();
  auto arrived = Submission::parse(submission.serialize());
  ASSERT_TRUE(arrived.ok());
  EXPECT_EQ(arrived->events, submission.events);
  ASSERT_TRUE(addSignature(*arrived, two_).ok());
  EXPECT_EQ(addSignature(*arrived, two_).error().code, ErrorCode::Conflict);
  auto note = checkSubmission(GetParam(), *arrived, ledger_);
  ASSERT_TRUE(note.ok());
  EXPECT_TRUE(verifyNote(*note, one_.verifyKey()).ok());
  EXPECT_TRUE(verifyNote(*note, two_.verifyKey()).ok());
}

TEST_P(SubmissionTest, IsWorthlessElsewhereAndWithOtherEvents) {
  Submission submission = make();
  EXPECT_FALSE(checkSubmission(GetParam(), submission, {"example.org/other", ""}).ok());
  Submission changed = submission;
  changed.events[0][0] ^= 1;
  EXPECT_FALSE(checkSubmission(GetParam(), changed, ledger_).ok());
  changed = submission;
  std::swap(changed.events[0], changed.events[1]);
  EXPECT_FALSE(checkSubmission(GetParam(), changed, ledger_).ok());
  changed = submission;
  changed.events.pop_back();
  EXPECT_FALSE(checkSubmission(GetParam(), changed, ledger_).ok());
}

// Two ledgers of one name: what was signed for the one says nothing to the other.
TEST_P(SubmissionTest, IsWorthlessOnANamesake) {
  auto namesake = crypto::SigningKey::generate(GetParam(), "example.org/ledger").value();
  EXPECT_FALSE(checkSubmission(GetParam(), make(), {"example.org/ledger", namesake.verifyKey().vkey()}).ok());
  LedgerName foreign{"example.org/ledger",
                     crypto::SigningKey::generate(GetParam(), "other").value().verifyKey().vkey()};
  auto text = Note::parse(makeFor(foreign).note).value().text;
  EXPECT_FALSE(SubmissionBody::parse(text).ok()) << "the key bears another name";
}

// Version 1, of ledgers that are older than the line of the key, is read for ever.
TEST_P(SubmissionTest, TheFirstVersionIsRead) {
  Submission old = makeFor({"example.org/ledger", ""});
  EXPECT_TRUE(Note::parse(old.note).value().text.starts_with("pilotledger/submission/v1\nexample.org/ledger\n2\n"));
  EXPECT_TRUE(checkSubmission(GetParam(), old, ledger_).ok());
  auto body = SubmissionBody::parse(
      "pilotledger/submission/v1\nledger.example.org\n1\n"
      "yaqjEyCz2myIFXlA0c0mSJD7/kOE2VL38pYREJa+Ekw=\n");
  ASSERT_TRUE(body.ok());
  EXPECT_TRUE(body->ledger.foundingKey.empty());
}

TEST_P(SubmissionTest, EveryTruncationIsRefused) {
  std::string file = make().serialize();
  for (std::size_t size = 0; size < file.size(); ++size) {
    auto parsed = Submission::parse(file.substr(0, size));
    if (!parsed.ok()) continue;
    EXPECT_FALSE(checkSubmission(GetParam(), *parsed, ledger_).ok()) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Suites, SubmissionTest, testing::Values(SuiteId::Ed25519Sha256, SuiteId::Sm2Sm3));

}  // namespace
}  // namespace pilotledger::proof
