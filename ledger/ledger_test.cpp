#include "ledger/ledger.h"

#include <thread>

#include "ledger/tlog/note.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::ledger {
namespace {

const std::string kParty =
    R"({"kind":"PartyRegistered","body":{"party":"91330100MA2PLT015B","name":"甲","kind":"ENTERPRISE"}})";

class LedgerSuite : public testing::TestWithParam<crypto::SuiteId> {};

TEST_P(LedgerSuite, RecordsReopensAndVerifies) {
  LedgerFixture f(GetParam());
  f.must("operator", kParty);
  EXPECT_EQ(f.ledger().size(), 3u);
  Digest root = f.ledger().root();
  auto checkpoint = proof::openCheckpoint(f.ledger().checkpoint(), f.ledger().logKey(), "test.example/ledger");
  ASSERT_TRUE(checkpoint.ok());
  EXPECT_EQ(checkpoint->root, root);
  f.close();
  f.open();
  EXPECT_EQ(f.ledger().size(), 3u);
  EXPECT_EQ(f.ledger().root(), root);
  auto outcome = f.verify();
  EXPECT_FALSE(outcome.damage) << outcome.damage->where << ": " << outcome.damage->what.en;
  EXPECT_EQ(outcome.report.entries, 3u);
  EXPECT_EQ(outcome.report.root, root);
}

INSTANTIATE_TEST_SUITE_P(Suites, LedgerSuite, testing::Values(crypto::SuiteId::Ed25519Sha256, crypto::SuiteId::Sm2Sm3));

TEST(Ledger, SameIdSameBytesIsTheFirstReceiptOtherBytesAConflict) {  // I3
  LedgerFixture f;
  auto bytes = f.event(kParty).value();
  const crypto::SigningKey* keys[] = {&f.key("operator")};
  auto submission = proof::makeSubmission(f.ledger().suite(), f.ledger().name(), {bytes}, keys).value();
  auto first = f.ledger().append(submission);
  ASSERT_TRUE(first.ok());
  auto again = f.ledger().append(submission);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->receipts[0].repeated);
  EXPECT_EQ(again->receipts[0].index, first->receipts[0].index);
  EXPECT_EQ(f.ledger().size(), 3u);
  auto json = events::jsonOf(events::Event::decode(bytes).value());
  json["body"]["name"] = "乙";
  auto other = f.record("operator", json.dump());
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::Conflict);
  f.close();
  f.open();
  EXPECT_TRUE(f.ledger().append(submission)->receipts[0].repeated) << "for ever";
}

TEST(Ledger, AReceiptIsGivenAgainAfterTheKeyWasRevoked) {  // I3
  LedgerFixture f;
  f.bind("plt", "91330100MA2PLT015B", R"("PLT")");
  const crypto::SigningKey* keys[] = {&f.key("plt")};
  auto revocation = fmt::format(R"({{"kind":"KeyRevoked","body":{{"key":"{}","reason":"CEASED"}}}})",
                                f.key("plt").verifyKey().vkey());
  auto submission =
      proof::makeSubmission(f.ledger().suite(), f.ledger().name(), {f.event(revocation).value()}, keys).value();
  auto first = f.ledger().append(submission);
  ASSERT_TRUE(first.ok()) << first.error().message.en;
  auto again = f.ledger().append(submission);
  ASSERT_TRUE(again.ok()) << again.error().message.en;
  EXPECT_TRUE(again->receipts[0].repeated);
  EXPECT_EQ(again->receipts[0].index, first->receipts[0].index);
}

// The signers have the authority that the log gives where their submission begins.
TEST(Ledger, AKeyRevokedInItsOwnSubmissionSignsTheRestOfIt) {
  LedgerFixture f;
  f.bind("op2", "op:test.example/ledger2", R"("OPR")");
  auto revocation = fmt::format(R"({{"kind":"KeyRevoked","body":{{"key":"{}","reason":"SUPERSEDED"}}}})",
                                f.key("op2").verifyKey().vkey());
  auto outcome = f.record({"op2"}, {revocation, kParty});
  ASSERT_TRUE(outcome.ok()) << outcome.error().message.en;
  EXPECT_EQ(f.refused({"op2"}, kParty), "R-AUTHORITY");
  auto verified = f.verify();
  EXPECT_FALSE(verified.damage) << verified.damage->where << ": " << verified.damage->what.en;
}

TEST(Ledger, RefusedSubmissionLeavesNothing) {  // I6
  LedgerFixture f;
  std::string second = R"({"kind":"PartyRegistered","body":{"party":"91330100MA2PLT015B","name":"乙","kind":"BANK"}})";
  auto outcome = f.record({"operator"}, {kParty, second});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().rule, "R-UNIQUE");
  EXPECT_EQ(outcome.error().position, 1u);
  EXPECT_EQ(f.ledger().size(), 2u);
  EXPECT_FALSE(f.ledger().entity("party:91330100MA2PLT015B").value());
  f.must("operator", kParty);
  EXPECT_FALSE(f.verify().damage);
}

TEST(Ledger, UnknownKeysAndForeignSubmissionsAreRefused) {
  LedgerFixture f;
  auto stranger = crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "stranger").value();
  const crypto::SigningKey* keys[] = {&stranger};
  auto submission =
      proof::makeSubmission(f.ledger().suite(), f.ledger().name(), {f.event(kParty).value()}, keys).value();
  EXPECT_EQ(f.ledger().append(submission).error().code, ErrorCode::NotAuthorized);
  const crypto::SigningKey* own[] = {&f.key("operator")};
  auto elsewhere =
      proof::makeSubmission(f.ledger().suite(), {"other.example", ""}, {f.event(kParty).value()}, own).value();
  EXPECT_EQ(f.ledger().append(elsewhere).error().code, ErrorCode::InvalidInput);
  auto forged = proof::makeSubmission(f.ledger().suite(), f.ledger().name(), {f.event(kParty).value()}, own).value();
  auto note = proof::Note::parse(forged.note).value();
  note.signatures[0].signature[5] ^= 1;
  forged.note = note.serialize();
  EXPECT_EQ(f.ledger().append(forged).error().code, ErrorCode::BadSignature);
  // The log key founded the ledger; it may not record anything else.
  auto logKey = crypto::SigningKey::load(f.directory() / "log.pem").value();
  const crypto::SigningKey* log[] = {&logKey};
  auto byLog = proof::makeSubmission(f.ledger().suite(), f.ledger().name(), {f.event(kParty).value()}, log).value();
  EXPECT_EQ(f.ledger().append(byLog).error().code, ErrorCode::NotAuthorized);
}

TEST(Ledger, ConcurrentCallersShareCommitsAndAllSurvive) {
  LedgerFixture f;
  std::vector<proof::Submission> submissions;
  const crypto::SigningKey* keys[] = {&f.key("operator")};
  for (int i = 0; i < 400; ++i) {
    auto event = f.event(
        fmt::format(R"({{"kind":"PartyRegistered","body":{{"party":"list:{}","name":"n","kind":"UNKNOWN"}}}})", i));
    submissions.push_back(proof::makeSubmission(f.ledger().suite(), f.ledger().name(), {event.value()}, keys).value());
  }
  std::vector<std::thread> callers;
  std::atomic<int> accepted = 0;
  for (int t = 0; t < 8; ++t) {
    callers.emplace_back([&, t] {
      for (std::size_t i = static_cast<std::size_t>(t); i < submissions.size(); i += 8)
        accepted += f.ledger().append(submissions[i]).ok();
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(accepted, 400);
  EXPECT_EQ(f.ledger().size(), 402u);
  f.close();
  auto outcome = f.verify();
  EXPECT_FALSE(outcome.damage) << outcome.damage->where << outcome.damage->what.en;
  f.open();
  EXPECT_EQ(f.ledger().rootAt(300).value(), f.ledger().rootAt(300).value());
  EXPECT_EQ(f.ledger().rootAt(402).value(), f.ledger().root());
}

TEST(Ledger, SecondWriterIsToldWhoHoldsItReadersWork) {
  LedgerFixture f;
  auto second = Ledger::open(f.directory(), OpenMode::Write);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::Unavailable);
  EXPECT_NE(second.error().message.en.find("in use by process"), std::string::npos) << second.error().message.en;
  f.must("operator", kParty);
  auto reader = Ledger::open(f.directory(), OpenMode::ReadOnly);
  ASSERT_TRUE(reader.ok()) << reader.error().message.en;
  EXPECT_EQ((*reader)->size(), 3u);
  EXPECT_EQ((*reader)->event(2)->kind().name, "PartyRegistered");
}

TEST(Ledger, TrailListsEveryEntryOfAnEntity) {
  LedgerFixture f;
  f.bind("plt", "91330100MA2PLT015B", "\"PLT\"");
  auto entries = f.ledger().entriesOf("party:91330100MA2PLT015B").value();
  EXPECT_EQ(entries, (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(f.ledger().entity("party:91330100MA2PLT015B").value()->trail().count, 2u);
}

TEST(Ledger, InitNeedsAnEmptyDirectory) {
  LedgerFixture f;
  EXPECT_EQ(Ledger::init(f.directory(), {"x", {}, {}, {}, {}, {}, {}, {}}).error().code, ErrorCode::Conflict);
  EXPECT_EQ(Ledger::open("/nonexistent", OpenMode::Write).error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace pilotledger::ledger
