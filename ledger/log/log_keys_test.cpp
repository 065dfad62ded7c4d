// The log key changes: who signs what before, at and after it, what readers accept, what a crash leaves.
#include "ledger/log/log_keys.h"

#include <gtest/gtest.h>

#include "ledger/countersignatures.h"
#include "ledger/store/store.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::ledger {
namespace {

namespace fs = std::filesystem;
using layout::Family;

class LogKeyChange : public testing::TestWithParam<crypto::SuiteId> {
 protected:
  void register_(const std::string& party) {
    town_.must("operator",
               fmt::format(R"({{"kind":"PartyRegistered","body":{{"party":"x1:{}","name":"n","kind":"ENTERPRISE"}}}})",
                           party));
  }
  Result<AppendResult> change(const crypto::VerifyKey& old, const std::string& next) {
    return town_.record(
        {"log", "operator"},
        {fmt::format(
            R"({{"kind":"LogKeyRotated","body":{{"log":"{}","oldKey":"{}","newKey":"{}","reason":"SUPERSEDED"}}}})",
            old.name(), old.vkey(), next)});
  }
  bool signedBy(std::uint64_t size, const crypto::VerifyKey& key) {
    return proof::verifyNote(proof::Note::parse(town_.ledger().checkpointOf(size).value()).value(), key).ok();
  }
  FsckOutcome verify(std::optional<crypto::VerifyKey> trusted, FsckScope scope = FsckScope::Everything) {
    FsckOptions options;
    options.scope = scope;
    options.logKey = std::move(trusted);
    return fsck(town_.directory(), options).value();
  }

  LedgerFixture town_{GetParam()};
};

// No entry binds the log key: what it signed beside others could not be proven.
TEST_P(LogKeyChange, TheLogKeySignsNothingElse) {
  std::string party = R"({"kind":"PartyRegistered","body":{"party":"x1:b","name":"n","kind":"ENTERPRISE"}})";
  auto outcome = town_.record({"log", "operator"}, {party});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().rule, "R-AUTHORITY") << outcome.error().message.en;
  EXPECT_TRUE(town_.record({"operator"}, {party}).ok());
}

TEST_P(LogKeyChange, EveryReaderFollowsFromEitherKey) {
  crypto::VerifyKey old = town_.ledger().logKey();
  std::string before = town_.ledger().checkpoint();
  crypto::VerifyKey next = town_.placeNextLogKey();
  ASSERT_TRUE(change(old, next.vkey()).ok());  // entry 2
  EXPECT_EQ(town_.ledger().logKey(), next);
  register_("a");
  EXPECT_TRUE(signedBy(2, old) && !signedBy(2, next));
  EXPECT_TRUE(signedBy(3, old) && signedBy(3, next)) << "where it changes both sign";
  EXPECT_TRUE(!signedBy(4, old) && signedBy(4, next));
  LogKeys keys = town_.ledger().logKeys();
  for (std::uint64_t size : {2, 3, 4}) EXPECT_EQ(keys.open(town_.ledger().checkpointOf(size).value())->size, size);
  EXPECT_TRUE(compareCheckpoint(town_.ledger(), before).value());

  EXPECT_FALSE(fs::exists(Ledger::nextLogKeyFile(town_.directory())));
  EXPECT_EQ(crypto::SigningKey::load(Ledger::logKeyFile(town_.directory()))->verifyKey(), next);
  EXPECT_EQ(crypto::SigningKey::load(Ledger::retiredLogKeyFile(town_.directory(), old))->verifyKey(), old);
  town_.close();
  for (FsckScope scope : {FsckScope::Everything, FsckScope::Tree}) {
    for (const auto& trusted : {std::optional<crypto::VerifyKey>(), std::optional(old), std::optional(next)}) {
      auto outcome = verify(trusted, scope);
      EXPECT_FALSE(outcome.damage.has_value()) << outcome.damage->where << " " << outcome.damage->what.en;
    }
  }
  EXPECT_TRUE(verify(crypto::SigningKey::generate(GetParam(), old.name())->verifyKey()).damage.has_value());
  EXPECT_EQ(storedCheckpoint(town_.directory(), 4, old)->size, 4u);

  town_.open();
  crypto::VerifyKey third = town_.placeNextLogKey();
  ASSERT_TRUE(change(next, third.vkey()).ok());
  register_("b");
  EXPECT_TRUE(signedBy(6, third) && !signedBy(6, next));
  EXPECT_EQ(town_.ledger().logKeys().terms().size(), 3u);
  town_.close();
  EXPECT_FALSE(verify(old).damage.has_value());
}

TEST_P(LogKeyChange, TheOldKeyAndOthersNameNothing) {
  crypto::VerifyKey old = town_.ledger().logKey();
  crypto::VerifyKey next = town_.placeNextLogKey();
  crypto::SigningKey retiring = town_.key("log");
  EXPECT_EQ(change(old, crypto::SigningKey::generate(GetParam(), old.name())->verifyKey().vkey()).error().code,
            ErrorCode::Unavailable)
      << "a key that is not at hand could sign nothing";
  std::string event =
      fmt::format(R"({{"kind":"LogKeyRotated","body":{{"log":"{}","oldKey":"{}","newKey":"{}","reason":"CEASED"}}}})",
                  old.name(), old.vkey(), next.vkey());
  EXPECT_EQ(town_.refused({"operator"}, event), "R-AUTHORITY");
  EXPECT_EQ(town_.refused({"log"}, event), "R-AUTHORITY");
  EXPECT_EQ(
      town_.refused({"log"}, R"({"kind":"PartyRegistered","body":{"party":"x1:a","name":"n","kind":"ENTERPRISE"}})"),
      "R-AUTHORITY");
  EXPECT_EQ(town_
                .record({"log", "operator"},
                        {event, R"({"kind":"PartyRegistered","body":{"party":"x1:a","name":"n","kind":"ENTERPRISE"}})"})
                .error()
                .code,
            ErrorCode::InvalidInput)
      << "alone in its submission";
  EXPECT_EQ(town_.ledger().size(), 2u);
  ASSERT_TRUE(change(old, next.vkey()).ok());
  EXPECT_EQ(change(old, next.vkey()).error().code, ErrorCode::NotAuthorized) << "signed by the key that was replaced";
}

TEST_P(LogKeyChange, ACrashBetweenCommitAndFilesIsMadeGood) {
  crypto::VerifyKey old = town_.ledger().logKey();
  crypto::VerifyKey next = town_.placeNextLogKey();
  ASSERT_TRUE(change(old, next.vkey()).ok());
  town_.close();
  fs::path directory = town_.directory();
  fs::rename(Ledger::logKeyFile(directory), Ledger::nextLogKeyFile(directory));
  town_.open();  // after the first renaming
  register_("a");
  town_.close();
  fs::rename(Ledger::logKeyFile(directory), Ledger::nextLogKeyFile(directory));
  fs::rename(Ledger::retiredLogKeyFile(directory, old), Ledger::logKeyFile(directory));
  town_.open();  // before it
  register_("b");
  EXPECT_TRUE(signedBy(5, next));
  EXPECT_EQ(crypto::SigningKey::load(Ledger::logKeyFile(directory))->verifyKey(), next);
  EXPECT_FALSE(fs::exists(Ledger::nextLogKeyFile(directory)));
  // Before the commit: the old key goes on.
  town_.placeNextLogKey();
  register_("c");
  EXPECT_TRUE(signedBy(6, next));
  EXPECT_TRUE(fs::exists(Ledger::nextLogKeyFile(directory)));
}

TEST_P(LogKeyChange, DamageToTheChainIsFound) {
  crypto::VerifyKey old = town_.ledger().logKey();
  crypto::VerifyKey next = town_.placeNextLogKey();
  ASSERT_TRUE(change(old, next.vkey()).ok());
  register_("a");
  std::string newKeyOnly =
      proof::signCheckpoint(proof::readCheckpoint(town_.ledger().checkpointOf(3).value()).value(),
                            crypto::SigningKey::load(Ledger::logKeyFile(town_.directory())).value())
          .value();
  town_.close();
  std::string good;
  auto put = [&](Family family, const std::string& key, const std::string& value) {
    auto store = Store::open(town_.directory(), Store::Mode::Write).value();
    good = store->require(family, key).value();
    WriteSet rows = store->begin();
    rows.put(family, key, value);
    ASSERT_TRUE(store->write(std::move(rows)).ok());
  };
  put(Family::Checkpoint, layout::indexKey(3), newKeyOnly);
  EXPECT_EQ(verify({}).damage.value().where, "checkpoint 3");
  put(Family::Checkpoint, layout::indexKey(3), std::string(good));
  EXPECT_FALSE(verify({}).damage.has_value());
  auto store = Store::open(town_.directory(), Store::Mode::Write).value();
  std::string event = store->require(Family::Event, layout::indexKey(2)).value();
  store.reset();
  std::string other = event;
  other[other.find(next.vkey()) + next.name().size() + 12] ^= 1;
  put(Family::Event, layout::indexKey(2), other);
  EXPECT_EQ(verify(old, FsckScope::Tree).damage.value().where, "log key");
  EXPECT_EQ(Ledger::open(town_.directory(), OpenMode::ReadOnly).error().code, ErrorCode::Corruption);
}

INSTANTIATE_TEST_SUITE_P(Both, LogKeyChange, testing::Values(crypto::SuiteId::Ed25519Sha256, crypto::SuiteId::Sm2Sm3));

}  // namespace
}  // namespace pilotledger::ledger
