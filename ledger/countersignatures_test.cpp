#include "ledger/countersignatures.h"

#include <gtest/gtest.h>

#include "ledger/proof/fork_evidence.h"
#include "ledger/store/store.h"
#include "ledger/tlog/witness_request.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::ledger {
namespace {

namespace fs = std::filesystem;

class Countersign : public testing::TestWithParam<crypto::SuiteId> {
 protected:
  LedgerFixture town_{GetParam()};
  crypto::SigningKey witness_ = crypto::SigningKey::generate(GetParam(), "witness.example").value();
  proof::CosignerKey cosigner_ = proof::CosignerKey::of(witness_.verifyKey());

  std::string bodyOf(std::uint64_t size) { return proof::Note::parse(town_.ledger().checkpointOf(size).value())->text; }
  Status keep(std::uint64_t size) {
    return keepCosignature(town_.ledger(), size, cosigner_, proof::cosign(bodyOf(size), 1772326800, witness_).value());
  }
  void register_(const std::string& party) {
    town_.must("operator",
               fmt::format(R"({{"kind":"PartyRegistered","body":{{"party":"x1:{}","name":"n","kind":"ENTERPRISE"}}}})",
                           party));
  }
  fs::path copyDirectory(const std::string& name) {
    fs::path copy = town_.directory().string() + name;
    fs::remove_all(copy);
    fs::copy(town_.directory(), copy, fs::copy_options::recursive);
    return copy;
  }
};

TEST_P(Countersign, CosignaturesAreKeptVerifiedAndShown) {
  ASSERT_TRUE(keep(2).ok());
  register_("a");
  EXPECT_EQ(countersigned(town_.ledger()).value().size(), 1u);
  auto note = proof::Note::parse(cosignedCheckpoint(town_.ledger(), 2).value()).value();
  EXPECT_EQ(proof::findCosignature(note, cosigner_).value(), 1772326800u);
  EXPECT_TRUE(proof::openCheckpoint(note.serialize(), town_.ledger().logKey(), town_.ledger().origin()).ok());
  EXPECT_EQ(cosignedCheckpoint(town_.ledger(), 3).value(), town_.ledger().checkpoint());
  EXPECT_EQ(cosignedCheckpoint(town_.ledger(), 1).error().code, ErrorCode::NotFound);

  auto policy = proof::WitnessPolicy::parse("witness W " + cosigner_.vkey() + "\nquorum W\n").value();
  EXPECT_EQ(
      proof::Checkpoint::parseBody(proof::Note::parse(newestWitnessed(town_.ledger(), policy).value())->text)->size,
      2u);
  ASSERT_TRUE(keep(3).ok());
  EXPECT_TRUE(policy.requireQuorum(proof::Note::parse(newestWitnessed(town_.ledger(), policy).value()).value()).ok());

  auto wrong = proof::cosign(bodyOf(2), 1772326800, witness_).value();
  EXPECT_EQ(keepCosignature(town_.ledger(), 3, cosigner_, wrong).error().code, ErrorCode::BadSignature)
      << "of another checkpoint";
  town_.close();
  EXPECT_EQ(town_.verify().report.cosignatures, 2u);
}

TEST_P(Countersign, RequestsLeadFromWhatTheWitnessSaw) {
  std::string before = bodyOf(2);
  for (const char* party : {"a", "b", "c"}) register_(party);
  auto request = proof::WitnessRequest::parse(witnessRequest(town_.ledger(), 2, town_.ledger().size()).value()).value();
  auto now = proof::openCheckpoint(request.checkpoint, town_.ledger().logKey(), town_.ledger().origin()).value();
  EXPECT_EQ(now.size, 5u);
  EXPECT_TRUE(proof::verifyConsistency(GetParam(), 2, 5, proof::Checkpoint::parseBody(before)->root, now.root,
                                       request.consistency)
                  .ok());
  EXPECT_TRUE(proof::WitnessRequest::parse(witnessRequest(town_.ledger(), 0, town_.ledger().size()).value())
                  ->consistency.empty());
  EXPECT_EQ(witnessRequest(town_.ledger(), 6, town_.ledger().size()).error().code, ErrorCode::NotFound);
}

TEST_P(Countersign, DamageIsNamed) {
  ASSERT_TRUE(keep(2).ok());
  town_.close();
  std::string key, value;
  auto change = [&](const std::string& atKey, const std::string& to) {
    auto store = Store::open(town_.directory(), Store::Mode::Write).value();
    WriteSet rows = store->begin();
    rows.put(layout::Family::Countersign, atKey, to);
    ASSERT_TRUE(store->write(std::move(rows)).ok());
  };
  {
    auto store = Store::open(town_.directory(), Store::Mode::Write).value();
    ASSERT_TRUE(store
                    ->each(layout::Family::Countersign, "",
                           [&](std::string_view k, std::string_view v) { return key = k, value = v, true; })
                    .ok());
  }
  std::string bad = value;
  bad[bad.size() - 20] = bad[bad.size() - 20] == 'A' ? 'B' : 'A';
  change(key, bad);
  auto outcome = town_.verify();
  ASSERT_TRUE(outcome.damage.has_value());
  EXPECT_EQ(outcome.damage->where, "countersign 2");
  change(key, value);
  EXPECT_FALSE(town_.verify().damage.has_value());
  change(layout::countersignKey(2, "remark"), "hello");
  EXPECT_EQ(town_.verify().damage->where, "countersign 2");
}

// A backup is put back, and a witness holds what the lost entries led to: signing on would fork the log.
TEST_P(Countersign, ARestoredBackupSignsNothingOnceAWitnessShowsMore) {
  fs::path backup = copyDirectory("-backup");
  register_("a");
  std::string newer = town_.ledger().checkpoint();
  EXPECT_TRUE(compareCheckpoint(town_.ledger(), newer).value()) << "it leads there itself";
  town_.close();
  {
    auto old = Ledger::open(backup, OpenMode::Write, town_.clock()).value();
    auto stranger = crypto::SigningKey::generate(GetParam(), "test.example/ledger").value();
    std::string forged = proof::signCheckpoint({"test.example/ledger", 9, {}}, stranger).value();
    EXPECT_EQ(compareCheckpoint(*old, forged).error().code, ErrorCode::ProofRejected)
        << "anybody's claim halts nothing";
    auto halted = compareCheckpoint(*old, newer);
    ASSERT_FALSE(halted.ok());
    EXPECT_EQ(halted.error().code, ErrorCode::Corruption);
  }
  for (OpenMode mode : {OpenMode::Write, OpenMode::Rehearse}) {
    auto old = Ledger::open(backup, mode, town_.clock()).value();
    auto event =
        town_.event(R"({"kind":"PartyRegistered","body":{"party":"x1:b","name":"n","kind":"ENTERPRISE"}})").value();
    const crypto::SigningKey* keys[] = {&town_.key("operator")};
    auto appended = old->append(proof::makeSubmission(GetParam(), old->name(), {event}, keys).value());
    ASSERT_FALSE(appended.ok());
    EXPECT_EQ(appended.error().code, ErrorCode::Corruption);
    EXPECT_NE(appended.error().message.en.find("Put back the directory"), std::string::npos)
        << appended.error().message.en;
    EXPECT_EQ(old->size(), 2u);
  }
  auto outcome = fsck(backup, {});
  ASSERT_TRUE(outcome.ok() && outcome->damage);
  EXPECT_EQ(outcome->damage->where, "checkpoint 3");
  fs::remove_all(backup);
}

TEST_P(Countersign, AForkIsEvidentFromTwoCheckpoints) {
  fs::path backup = copyDirectory("-fork");
  register_("a");
  std::string mine = town_.ledger().checkpoint();
  register_("b");
  {
    auto other = Ledger::open(backup, OpenMode::Write, town_.clock()).value();
    auto event =
        town_.event(R"({"kind":"PartyRegistered","body":{"party":"x1:c","name":"n","kind":"ENTERPRISE"}})").value();
    const crypto::SigningKey* keys[] = {&town_.key("operator")};
    std::string theirs =
        other->append(proof::makeSubmission(GetParam(), other->name(), {event}, keys).value()).value().checkpoint;
    EXPECT_EQ(compareCheckpoint(*other, mine).error().code, ErrorCode::Corruption) << "same size, other root";
    for (const std::string& shown : {mine, town_.ledger().checkpoint()}) {
      auto evidence = proof::findFork(town_.ledger().logKey(), theirs, shown, town_.ledger().nodes().value());
      ASSERT_TRUE(evidence.ok()) << evidence.error().message.en;
      EXPECT_TRUE(
          proof::verifyFork(proof::ForkEvidence::parse(evidence->serialize()).value(), town_.ledger().logKey()).ok());
    }
  }
  fs::remove_all(backup);
}

INSTANTIATE_TEST_SUITE_P(Both, Countersign, testing::Values(crypto::SuiteId::Ed25519Sha256, crypto::SuiteId::Sm2Sm3));

}  // namespace
}  // namespace pilotledger::ledger
