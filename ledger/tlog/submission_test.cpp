#include "ledger/tlog/submission.h"

#include <gtest/gtest.h>

namespace pilotledger::proof {
namespace {

class SubmissionTest : public testing::TestWithParam<SuiteId> {
 protected:
  crypto::SigningKey one_ = crypto::SigningKey::generate(GetParam(), "one").value();
  crypto::SigningKey two_ = crypto::SigningKey::generate(GetParam(), "two").value();
  Submission make() {
    const crypto::SigningKey* keys[] = {&one_};
    return makeSubmission(GetParam(), "example.org/ledger", {{1, 2}, {3}}, keys).value();
  }
};

TEST_P(SubmissionTest, TravelsBetweenSigners) {
  Submission submission = make();
  auto arrived = Submission::parse(submission.serialize());
  ASSERT_TRUE(arrived.ok());
  EXPECT_EQ(arrived->events, submission.events);
  ASSERT_TRUE(addSignature(*arrived, two_).ok());
  EXPECT_EQ(addSignature(*arrived, two_).error().code, ErrorCode::Conflict);
  auto note = checkSubmission(GetParam(), *arrived, "example.org/ledger");
  ASSERT_TRUE(note.ok());
  EXPECT_TRUE(verifyNote(*note, one_.verifyKey()).ok());
  EXPECT_TRUE(verifyNote(*note, two_.verifyKey()).ok());
}

TEST_P(SubmissionTest, IsWorthlessElsewhereAndWithOtherEvents) {
  Submission submission = make();
  EXPECT_FALSE(checkSubmission(GetParam(), submission, "example.org/other").ok());
  Submission changed = submission;
  changed.events[0][0] ^= 1;
  EXPECT_FALSE(checkSubmission(GetParam(), changed, "example.org/ledger").ok());
  changed = submission;
  std::swap(changed.events[0], changed.events[1]);
  EXPECT_FALSE(checkSubmission(GetParam(), changed, "example.org/ledger").ok());
  changed = submission;
  changed.events.pop_back();
  EXPECT_FALSE(checkSubmission(GetParam(), changed, "example.org/ledger").ok());
}

TEST_P(SubmissionTest, EveryTruncationIsRefused) {
  std::string file = make().serialize();
  for (std::size_t size = 0; size < file.size(); ++size) {
    auto parsed = Submission::parse(file.substr(0, size));
    if (!parsed.ok()) continue;
    EXPECT_FALSE(checkSubmission(GetParam(), *parsed, "example.org/ledger").ok()) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Suites, SubmissionTest, testing::Values(SuiteId::Ed25519Sha256, SuiteId::Sm2Sm3));

}  // namespace
}  // namespace pilotledger::proof
