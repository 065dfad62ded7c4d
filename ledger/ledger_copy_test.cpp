#include "ledger/ledger_copy.h"

#include <functional>

#include "tests/support/ledger_fixture.h"

namespace pilotledger::ledger {
namespace {

namespace fs = std::filesystem;

std::string listed(int number) {
  return fmt::format(R"({{"kind":"PartyRegistered","body":{{"party":"list:{}","name":"n","kind":"UNKNOWN"}}}})",
                     number);
}

// A ledger with some life, and a directory beside it.
struct World {
  World() : copy(f.directory().string() + "-copy") {
    f.must("operator", listed(1));
    f.bind("plt", "91330100MA2PLT015B", R"("PLT")");
  }
  ~World() { fs::remove_all(copy); }

  std::vector<SignedCommit> commits(std::uint64_t from = 0) {
    std::vector<SignedCommit> all;
    EXPECT_TRUE(f.ledger().eachCommit(from, [&](const SignedCommit& one) { return all.push_back(one), true; }).ok());
    return all;
  }
  void rotate() {
    crypto::VerifyKey next = f.placeNextLogKey();
    f.must({"log", "operator"},
           fmt::format(R"({{"kind":"LogKeyRotated","body":{{"log":"test.example/ledger","oldKey":"{}",)"
                       R"("newKey":"{}","reason":"SUPERSEDED"}}}})",
                       f.key("log").verifyKey().vkey(), next.vkey()));
  }
  void begin() {
    fs::create_directories(copy);
    Status made = LedgerCopy::create(copy, f.ledger().logKeys().first(), commits().front());
    ASSERT_TRUE(made.ok()) << made.error().message.en;
  }
  std::unique_ptr<LedgerCopy> open() {
    auto opened = LedgerCopy::open(copy);
    EXPECT_TRUE(opened.ok()) << opened.error().message.en;
    return std::move(opened).value();
  }
  static Status add(LedgerCopy& to, const SignedCommit& commit) {
    PL_TRY(Batch batch, to.read(commit.batch));
    return to.add(batch, commit.note);
  }

  LedgerFixture f;
  fs::path copy;
};

TEST(LedgerCopy, IsTheLedgerCommitByCommitOverAChangeOfTheLogKey) {
  World w;
  w.begin();
  auto copy = w.open();
  auto take = [&] {
    for (const SignedCommit& commit : w.commits(copy->size())) {
      Status added = World::add(*copy, commit);
      ASSERT_TRUE(added.ok()) << added.error().message.en;
    }
    ASSERT_TRUE(copy->save().ok());
    EXPECT_EQ(copy->root(), w.f.ledger().root());
    EXPECT_EQ(copy->checkpoint(), w.f.ledger().checkpoint());
  };
  take();
  w.rotate();
  w.f.must("operator", listed(2));
  take();
  EXPECT_EQ(copy->logKeys().current(), w.f.ledger().logKey());
  copy = nullptr;
  copy = w.open();
  w.f.must("operator", listed(3));
  take();
  EXPECT_EQ(copy->newestRecordedAtMs(), w.f.ledger().entry(w.f.ledger().size() - 1)->recordedAtMs);
  auto reader = Ledger::open(w.copy, OpenMode::ReadOnly);
  ASSERT_TRUE(reader.ok()) << reader.error().message.en;
  EXPECT_EQ((*reader)->size(), w.f.ledger().size()) << "beside who follows";
  copy = nullptr;
  auto outcome = fsck(w.copy, {});
  ASSERT_TRUE(outcome.ok());
  EXPECT_FALSE(outcome->damage) << outcome->damage->where << ": " << outcome->damage->what.en;
}

TEST(LedgerCopy, IsWrittenByNobodyElse) {
  World w;
  w.begin();
  fs::copy_file(Ledger::logKeyFile(w.f.directory()), Ledger::logKeyFile(w.copy));
  auto writer = Ledger::open(w.copy, OpenMode::Write);
  ASSERT_FALSE(writer.ok());
  EXPECT_EQ(writer.error().code, ErrorCode::Unavailable);
  EXPECT_NE(writer.error().message.en.find("takeover"), std::string::npos);
  w.f.close();
  EXPECT_EQ(LedgerCopy::open(w.f.directory()).error().code, ErrorCode::Conflict) << "nor a ledger followed";
  EXPECT_TRUE(Ledger::open(w.f.directory(), OpenMode::Write).ok());
}

// The next commit, changed in some way: it is not taken, and the copy stands where it was.
class Changed : public testing::TestWithParam<std::function<void(std::vector<SignedCommit>&)>> {};

TEST_P(Changed, IsNotTaken) {
  World w;
  w.begin();
  w.f.must("operator", listed(2));
  const std::vector<SignedCommit> all = w.commits();
  std::vector<SignedCommit> changed = all;
  GetParam()(changed);
  auto copy = w.open();
  ASSERT_TRUE(World::add(*copy, all[0]).ok() && World::add(*copy, all[1]).ok() && copy->save().ok());
  Status added = World::add(*copy, changed[2]);
  EXPECT_FALSE(added.ok());
  EXPECT_EQ(copy->size(), all[1].size);
  copy = nullptr;
  copy = w.open();
  for (std::size_t i = 2; i < all.size(); ++i) ASSERT_TRUE(World::add(*copy, all[i]).ok());
  EXPECT_TRUE(copy->save().ok());
}

INSTANTIATE_TEST_SUITE_P(
    Ways, Changed,
    testing::Values([](auto& all) { all[2].note = all[3].note; },                   // signed for another size
                    [](auto& all) { all[2].note[all[2].note.size() - 5] ^= 1; },    // not signed
                    [](auto& all) { all[2].batch[8] ^= 1; },                        // another time
                    [](auto& all) { all[2].batch = all[3].batch; },                 // another commit
                    [](auto& all) { all[2].batch[all[2].batch.size() - 9] ^= 1; },  // another event
                    [](auto& all) { all[2].batch = all[2].batch.substr(0, 9) + '\0' + '\0' + '\0' + '\0'; },  // nothing
                    [](auto& all) { all[2].note += all[2].note.substr(all[2].note.rfind("\xe2\x80\x94")); }));

// What is signed beside the log's own key would be kept for ever.
TEST(LedgerCopy, TakesNoteOfNobodyElsesSignature) {
  World w;
  w.begin();
  auto copy = w.open();
  SignedCommit first = w.commits().front();
  auto note = proof::Note::parse(first.note).value();
  note.signatures.push_back(proof::signNote(note.text, w.f.key("operator")).value());
  EXPECT_EQ(World::add(*copy, {first.size, note.serialize(), first.batch}).error().code, ErrorCode::Corruption);
}

// A backup may end with a commit that its writer had stored and not signed yet.
TEST(LedgerCopy, ATailWithoutASignatureGetsItFromTheSource) {
  World w;
  w.begin();
  const std::vector<SignedCommit> all = w.commits();
  {
    auto copy = w.open();
    ASSERT_TRUE(World::add(*copy, all[0]).ok() && copy->save().ok());
  }
  {
    auto store = Store::open(w.copy, Store::Mode::Write).value();
    LedgerIdentity identity = readIdentity(*store).value();
    LogKeys keys = readLogKeys(*store, identity).value();
    StoredLog log = openStoredLog(identity, keys, *store).value();
    CommitBuilder builder(identity, keys, *store, log.tree, log.lastRecordedAtMs());
    ASSERT_TRUE(builder.load(log.stateRoot()).ok());
    auto admit = [&](auto one) -> Result<Admitted> {
      return std::make_shared<const AdmittedSubmission>(readSubmission(identity, std::move(one)).value());
    };
    auto commit = builder.build(Batch::decode(all[1].batch, admit).value());
    ASSERT_TRUE(commit.ok() && store->write(std::move(commit->rows)).ok());
  }
  auto copy = w.open();
  EXPECT_FALSE(copy->isSigned());
  EXPECT_EQ(copy->size(), all[0].size);
  EXPECT_EQ(World::add(*copy, {all[2].size, all[2].note, all[2].batch}).error().code, ErrorCode::Corruption);
  for (std::size_t i = 1; i < all.size(); ++i) ASSERT_TRUE(World::add(*copy, all[i]).ok()) << i;
  ASSERT_TRUE(copy->save().ok() && copy->isSigned());
  EXPECT_EQ(copy->root(), w.f.ledger().root());
  copy = nullptr;
  EXPECT_FALSE(fsck(w.copy, {})->damage);
}

TEST(LedgerCopy, BeginsWithAFoundingCommit) {
  World w;
  fs::create_directories(w.copy);
  EXPECT_EQ(LedgerCopy::create(w.copy, w.f.ledger().logKeys().first(), w.commits().back()).error().code,
            ErrorCode::Corruption);
  auto other = crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "other.example").value().verifyKey();
  EXPECT_FALSE(LedgerCopy::create(w.copy, other, w.commits().front()).ok()) << "of another log";
}

}  // namespace
}  // namespace pilotledger::ledger
