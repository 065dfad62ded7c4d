#include "tools/witness/witness.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "events/base/temporary_directory.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/witness_request.h"

namespace pilotledger::witness {
namespace {

namespace fs = std::filesystem;
using crypto::SigningKey;
using crypto::SuiteId;

constexpr std::uint64_t kNow = 1772326800;

class WitnessTest : public testing::TestWithParam<SuiteId> {
 protected:
  TemporaryDirectory scratch_ = TemporaryDirectory::make("witness").value();
  fs::path directory_ = scratch_.path();
  SigningKey log_ = SigningKey::generate(GetParam(), "log.example").value();
  std::vector<Digest> leaves_;

  void SetUp() override {
    ASSERT_TRUE(Witness::init(directory_, SigningKey::generate(GetParam(), "w.example").value()).ok());
    ASSERT_TRUE(open().addLog(log_.verifyKey()).ok());
    for (int i = 0; i < 20; ++i) leaves_.push_back(proof::leafHash(GetParam(), viewOf(std::to_string(i))));
  }

  Witness open() { return Witness::open(directory_).value(); }
  Digest root(std::uint64_t size) { return proof::treeRoot(GetParam(), std::span(leaves_).first(size)); }
  std::string checkpoint(std::uint64_t size) {
    return proof::signCheckpoint({"log.example", size, root(size)}, log_).value();
  }
  std::string request(std::uint64_t from, std::uint64_t to) {
    proof::WitnessRequest made{from, {}, checkpoint(to)};
    auto nodes = [this](int level, std::uint64_t index) -> Result<Digest> {
      return proof::treeRoot(GetParam(), std::span(leaves_).subspan(index << level, std::size_t{1} << level));
    };
    if (from > 0 && from < to) made.consistency = proof::proveConsistency(GetParam(), from, to, nodes).value();
    return made.serialize();
  }
  unsigned ask(const std::string& body) { return open().judge(body, kNow).value().status; }
};

TEST_P(WitnessTest, CosignsWhatContinues) {
  auto verdict = open().judge(request(0, 5), kNow).value();
  ASSERT_EQ(verdict.status, 200u) << verdict.body;
  auto note = proof::Note::parse(checkpoint(5) + verdict.body).value();
  EXPECT_EQ(proof::findCosignature(note, open().key()).value(), kNow);
  EXPECT_EQ(ask(request(5, 17)), 200u) << "also by another process, which reads the state anew";
  EXPECT_EQ(ask(request(17, 17)), 200u) << "the same checkpoint again";
  auto held = proof::Note::parse(open().newest(logHex("log.example")).value()).value();
  EXPECT_EQ(proof::Checkpoint::parseBody(held.text)->size, 17u);
  EXPECT_TRUE(proof::verifyNote(held, log_.verifyKey()).ok());
  EXPECT_TRUE(proof::findCosignature(held, open().key()).ok());
  EXPECT_EQ(open().newest(logHex("other")).error().code, ErrorCode::NotFound);
  EXPECT_EQ(open().newest("../key.pem").error().code, ErrorCode::NotFound);
}

TEST_P(WitnessTest, EveryNoHasItsStatus) {
  ASSERT_EQ(ask(request(0, 8)), 200u);
  EXPECT_EQ(ask("hello"), 400u);
  EXPECT_EQ(ask("old 8\n\nhello\n"), 400u);
  EXPECT_EQ(ask(request(9, 8)), 400u) << "old larger than the checkpoint";
  auto stale = open().judge(request(5, 9), kNow).value();
  EXPECT_EQ(stale.status, 409u);
  EXPECT_EQ(stale.body, "8\n");
  EXPECT_EQ(proof::Checkpoint::parseBody(proof::Note::parse(stale.newest)->text)->size, 8u);
  auto stranger = SigningKey::generate(GetParam(), "log.example").value();
  EXPECT_EQ(ask(proof::WitnessRequest{8, {}, proof::signCheckpoint({"log.example", 8, root(8)}, stranger).value()}
                    .serialize()),
            403u);
  EXPECT_EQ(
      ask(proof::WitnessRequest{0, {}, proof::signCheckpoint({"x.example", 8, root(8)}, stranger).value()}.serialize()),
      404u);
  auto other = leaves_;
  leaves_[3] = leaves_[4];
  EXPECT_EQ(ask(request(8, 8)), 422u) << "same size, other root";
  EXPECT_EQ(ask(request(8, 12)), 422u) << "another history";
  leaves_ = other;
  auto longer = proof::WitnessRequest::parse(request(8, 12)).value();
  longer.consistency.push_back({});
  EXPECT_EQ(ask(longer.serialize()), 422u);
  EXPECT_EQ(ask(request(8, 12)), 200u) << "no refusal changed the state";
  EXPECT_EQ(open().addLog(log_.verifyKey()).error().code, ErrorCode::Conflict);
}

// Lines in the log's name that nobody can verify must not fill the note that is kept.
TEST_P(WitnessTest, AFloodOfSignatureLinesChangesNothing) {
  auto flood = proof::WitnessRequest::parse(request(0, 8)).value();
  auto note = proof::Note::parse(flood.checkpoint).value();
  while (note.signatures.size() < proof::kMaxNoteSignatures) {
    note.signatures.push_back({"log.example", static_cast<std::uint32_t>(note.signatures.size()), Bytes{1}});
  }
  flood.checkpoint = note.serialize();
  EXPECT_EQ(ask(flood.serialize()), 400u);
  EXPECT_EQ(ask(request(0, 8)), 200u);
  EXPECT_EQ(ask(request(8, 12)), 200u);
}

// The log changes its key: its checkpoint where that happens carries both signatures.
TEST_P(WitnessTest, AReplacedKeyIsNotCosignedAgain) {
  auto next = SigningKey::generate(GetParam(), "log.example").value();
  auto by = [&](std::uint64_t from, std::uint64_t to, const SigningKey& key, const SigningKey* outgoing) {
    auto asked = proof::WitnessRequest::parse(request(from, to)).value();
    asked.checkpoint = proof::signCheckpoint({"log.example", to, root(to)}, key, outgoing).value();
    return ask(asked.serialize());
  };
  EXPECT_EQ(by(0, 5, next, nullptr), 403u) << "not known yet";
  EXPECT_EQ(by(0, 5, next, &log_), 200u) << "by both, one of them known";
  EXPECT_EQ(by(5, 6, next, nullptr), 403u);
  ASSERT_TRUE(open().addLog(next.verifyKey()).ok());
  EXPECT_EQ(by(5, 6, log_, nullptr), 403u) << "the new one has signed before";
  EXPECT_EQ(by(5, 7, next, &log_), 200u);
  EXPECT_EQ(by(7, 8, log_, nullptr), 403u);
  EXPECT_EQ(by(7, 8, next, nullptr), 200u);
}

// Two requests from one state: the second must not take the log back.
TEST_P(WitnessTest, ManyAtOnceNeverGoBack) {
  ASSERT_EQ(ask(request(0, 1)), 200u);
  std::vector<std::string> bodies;
  for (std::uint64_t to = 2; to <= 20; ++to) bodies.push_back(request(1, to));
  std::atomic<int> cosigned = 0;
  std::vector<std::thread> threads;
  for (const std::string& body : bodies) threads.emplace_back([&] { cosigned += ask(body) == 200 ? 1 : 0; });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(cosigned, 1);
}

TEST_P(WitnessTest, ACheckpointItCannotStoreIsNotCosigned) {
  Witness office = open();
  std::string asked = request(0, 5);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files stands for the full disk
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  auto verdict = office.judge(asked, kNow);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(verdict.error().code, ErrorCode::Unavailable);
  EXPECT_FALSE(open().newest(logHex("log.example")).ok());
}

TEST_P(WitnessTest, RepliesTravelAsFiles) {
  ASSERT_EQ(ask(request(0, 8)), 200u);
  for (const std::string& body : {request(8, 9), request(3, 9), request(0, 4), std::string("hello")}) {
    auto verdict = open().judge(body, kNow).value();
    auto again = parseReply(formatReply(verdict)).value();
    EXPECT_EQ(again.status, verdict.status);
    EXPECT_EQ(again.body, verdict.body);
    EXPECT_EQ(again.newest, verdict.newest);
  }
  for (const char* bad :
       {"", "hello", "pilotledger/witness-reply/v1\n", "pilotledger/witness-reply/v1\nstatus 0200\n\n",
        "pilotledger/witness-reply/v1\nstatus 1\n\n"}) {
    EXPECT_FALSE(parseReply(bad).ok()) << bad;
  }
}
INSTANTIATE_TEST_SUITE_P(Both, WitnessTest, testing::Values(SuiteId::Ed25519Sha256, SuiteId::Sm2Sm3));

}  // namespace
}  // namespace pilotledger::witness
