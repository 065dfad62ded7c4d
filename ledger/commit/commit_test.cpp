#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <set>
#include <thread>

#include "events/base/civil_date.h"
#include "ledger/commit/committer.h"
#include "ledger/crypto/encoding.h"
#include "ledger/log/identity.h"
#include "ledger/store/store.h"
#include "ledger/tlog/cosignature.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;
namespace fs = std::filesystem;

std::string someParty(int number) {
  return fmt::format(R"({{"kind":"PartyRegistered","body":{{"party":"list:{}","name":"n","kind":"UNKNOWN"}}}})",
                     number);
}

// The builder and the store of a ledger, without its facade.
struct Machine {
  explicit Machine(const fs::path& directory, Store::Mode mode = Store::Mode::Write)
      : store(Store::open(directory, mode).value()),
        identity(readIdentity(*store).value()),
        keys(readLogKeys(*store, identity).value()) {
    TreeStore loaded(identity.suite, *store);
    EXPECT_TRUE(loaded.load(store->size().value()).ok());
    std::string last = store->last(Family::Entry).value()->second;
    auto entry = proof::Entry::decode(viewOf(last)).value();
    lastMs = entry.recordedAtMs;
    builder = std::make_unique<CommitBuilder>(identity, keys, *store, loaded, lastMs);
    EXPECT_TRUE(builder->load(entry.stateRoot).ok());
    tree = std::make_unique<TreeStore>(std::move(loaded));
  }
  Result<Batch> read(std::string_view bytes) const {
    return Batch::decode(bytes, [&](std::shared_ptr<const proof::Submission> one) -> Result<Admitted> {
      PL_TRY(AdmittedSubmission read, readSubmission(identity, std::move(one)));
      return std::make_shared<const AdmittedSubmission>(std::move(read));
    });
  }
  Batch batch(std::string_view bytes) const { return read(bytes).value(); }
  std::map<std::string, std::string> rows() const {
    std::map<std::string, std::string> all;
    for (int family = 0; family < layout::kFamilies; ++family) {
      (void)store->each(static_cast<Family>(family), "", [&](std::string_view key, std::string_view value) {
        all.emplace(fmt::format("{} {}", family, key), value);
        return true;
      });
    }
    return all;
  }

  std::unique_ptr<Store> store;
  LedgerIdentity identity;
  LogKeys keys;
  std::int64_t lastMs = 0;
  std::unique_ptr<TreeStore> tree;
  std::unique_ptr<CommitBuilder> builder;
};

// A ledger, and copies of its directory taken at a point.
struct Copies {
  LedgerFixture f;
  std::vector<fs::path> made;
  fs::path take() {
    f.close();
    fs::path to = f.directory().string() + fmt::format("-copy{}", made.size());
    fs::copy(f.directory(), to, fs::copy_options::recursive);
    made.push_back(to);
    f.open();
    return to;
  }
  ~Copies() {
    for (const auto& directory : made) fs::remove_all(directory);
  }
};

proof::Submission signedBy(LedgerFixture& f, const std::vector<std::string>& names,
                           const std::vector<std::string>& jsons) {
  std::vector<Bytes> events;
  for (const auto& json : jsons) events.push_back(f.event(json).value());
  std::vector<const crypto::SigningKey*> keys;
  for (const auto& name : names) keys.push_back(&f.key(name));
  return proof::makeSubmission(f.ledger().suite(), f.ledger().name(), std::move(events), keys).value();
}

Admitted admitted(const LedgerIdentity& identity, const proof::Submission& submission) {
  auto read = readSubmission(identity, std::make_shared<const proof::Submission>(submission)).value();
  return std::make_shared<const AdmittedSubmission>(std::move(read));
}

// Of all commits from an entry on, in order.
std::vector<std::string> batchesFrom(const Store& store, std::uint64_t from) {
  std::vector<std::string> batches;
  (void)store.each(Family::Checkpoint, layout::indexKey(from + 1), [&](std::string_view key, std::string_view) {
    std::uint64_t to = layout::parseIndexKey(key).value();
    batches.push_back(storedBatch(store, from, to).value());
    from = to;
    return true;
  });
  return batches;
}

// Every machine that holds a ledger reads these bytes for ever.
TEST(Batch, BytesAreStableForEver) {
  auto submission = std::make_shared<proof::Submission>();
  submission->note = "n\n";
  submission->events = {{0xab, 0xcd}, {}};
  submission->recorded.emplace_back().fill(0x11);
  auto one = std::make_shared<AdmittedSubmission>();
  one->submission = submission;
  Batch batch{0x0102030405060708, {one}};
  EXPECT_EQ(crypto::toHex(viewOf(batch.encode())),
            "01"
            "0102030405060708"
            "00000001"  // version, time, submissions
            "00000002"
            "6e0a"
            "00000002"  // note, events
            "00000002"
            "abcd"  // an event
            "00000000"
            "1111111111111111111111111111111111111111111111111111111111111111");  // one that was there
}

TEST(Batch, NothingElseIsRead) {
  LedgerFixture f;
  Machine m(f.directory(), Store::Mode::Read);
  std::string bytes = storedBatch(*m.store, 0, 2).value();
  EXPECT_EQ(m.batch(bytes).encode(), bytes);
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(m.read(bytes.substr(0, length)).ok()) << length;
  EXPECT_FALSE(m.read(bytes + '\0').ok());
  bytes[0] = 2;
  EXPECT_FALSE(m.read(bytes).ok());
}

// A copy builds the rows of the log from its batches: in one go with nothing written, and one by one through the disk.
TEST(CommitBuilder, SameStateAndBatchMakeTheSameBytes) {
  Copies copies;
  LedgerFixture& f = copies.f;
  fs::path ahead = copies.take(), behind = copies.take();
  f.must("operator", someParty(1));
  f.bind("plt", "91330100MA2PLT015B", R"("PLT")");
  proof::Submission first = signedBy(f, {"operator"}, {someParty(2), someParty(3)});
  ASSERT_TRUE(f.ledger().append(first).ok());
  proof::Submission mixed = signedBy(f, {"operator"}, {someParty(4), someParty(5), someParty(6)});
  mixed.events[1] = first.events[0];  // this one was there
  const crypto::SigningKey* keys[] = {&f.key("operator")};
  mixed = proof::makeSubmission(f.ledger().suite(), f.ledger().name(), mixed.events, keys).value();
  ASSERT_TRUE(f.ledger().append(mixed).ok());
  f.placeNextLogKey();
  std::string old = crypto::SigningKey::load(Ledger::logKeyFile(f.directory()))->verifyKey().vkey();
  std::string next = crypto::SigningKey::load(Ledger::nextLogKeyFile(f.directory()))->verifyKey().vkey();
  f.must({"log", "operator"},
         fmt::format(R"({{"kind":"LogKeyRotated","body":{{"log":"test.example/ledger","oldKey":"{}",)"
                     R"("newKey":"{}","reason":"SUPERSEDED"}}}})",
                     old, next));
  f.must("operator", someParty(7));
  f.close();

  Machine original(f.directory(), Store::Mode::Read), whole(ahead), stepwise(behind);
  std::vector<std::string> batches = batchesFrom(*original.store, 2);
  ASSERT_EQ(batches.size(), 7u);
  for (const std::string& bytes : batches) {
    auto one = whole.builder->build(whole.batch(bytes));
    auto two = stepwise.builder->build(stepwise.batch(bytes));
    ASSERT_TRUE(one.ok() && two.ok());
    std::string size = layout::indexKey(two->checkpoint.size);
    std::string note = original.store->require(Family::Checkpoint, size).value();
    EXPECT_EQ(proof::readCheckpoint(note).value(), one->checkpoint);
    EXPECT_EQ(one->entries, two->entries);
    two->rows.put(Family::Checkpoint, size, note);
    ASSERT_TRUE(stepwise.store->write(std::move(two->rows)).ok());
    stepwise.builder->retireDurable();
  }
  EXPECT_EQ(stepwise.rows(), original.rows());
}

TEST(CommitBuilder, WhatIsRefusedIsRefusedAlikeAndLeavesNothing) {
  Copies copies;
  LedgerFixture& f = copies.f;
  f.makeKey("stranger");
  std::vector<proof::Submission> all = {
      signedBy(f, {"operator"}, {someParty(1)}), signedBy(f, {"operator"}, {someParty(1)}),
      signedBy(f, {"stranger"}, {someParty(2)}), signedBy(f, {"operator"}, {someParty(3)})};
  fs::path one = copies.take(), two = copies.take();
  Machine a(one), b(two);
  Batch batch{a.lastMs + 1, {}};
  for (const auto& submission : all) batch.submissions.push_back(admitted(a.identity, submission));
  auto built = a.builder->build(batch), again = b.builder->build(b.batch(batch.encode()));
  ASSERT_TRUE(built.ok() && again.ok());
  EXPECT_EQ(built->checkpoint, again->checkpoint);
  EXPECT_EQ(built->entries.size(), 2u);
  EXPECT_EQ(built->outcomes[1].status.error().rule, "R-UNIQUE");
  EXPECT_EQ(built->outcomes[2].status.error().code, ErrorCode::NotAuthorized);
  EXPECT_EQ(again->outcomes[2].status.error().message.en, built->outcomes[2].status.error().message.en);
  batch.recordedAtMs = a.lastMs;
  EXPECT_EQ(a.builder->build(batch).error().code, ErrorCode::InvalidInput) << "time goes on";
}

TEST(CommitBuilder, OneChangeOfMembersACommit) {
  Copies copies;
  LedgerFixture& f = copies.f;
  auto admission = [](const std::string& node) {
    auto key = crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, node).value();
    return fmt::format(R"({{"kind":"NodeAdmitted","body":{{"node":"{}","vkey":"{}","url":"https://{}.example"}}}})",
                       node, proof::CosignerKey::of(key.verifyKey()).vkey(), node);
  };
  auto one = signedBy(f, {"operator"}, {admission("a")}), two = signedBy(f, {"operator"}, {admission("b")});
  Machine m(copies.take());
  Batch batch{m.lastMs + 1, {admitted(m.identity, one), admitted(m.identity, two)}};
  auto built = m.builder->build(batch);
  ASSERT_TRUE(built.ok());
  EXPECT_TRUE(built->outcomes[0].status.ok());
  ASSERT_FALSE(built->outcomes[1].status.ok());
  EXPECT_EQ(built->outcomes[1].status.error().code, ErrorCode::Unavailable) << "asked again it is recorded";
  auto next = m.builder->build({m.lastMs + 2, {admitted(m.identity, one), admitted(m.identity, two)}});
  ASSERT_TRUE(next.ok());
  EXPECT_TRUE(next->outcomes[0].receipts[0].repeated);
  EXPECT_TRUE(next->outcomes[1].status.ok());
}

// Which keys a machine has stored yet decides nothing: one that the batch ahead binds signs the next.
TEST(CommitBuilder, AKeyBoundByACommitThatIsNotStoredYetSigns) {
  Copies copies;
  LedgerFixture& f = copies.f;
  f.makeKey("plt");
  auto bound = fmt::format(R"({{"kind":"KeyBound","body":{{"key":"{}","party":"list:1","roles":["OPR"]}}}})",
                           f.key("plt").verifyKey().vkey());
  std::vector<proof::Submission> all = {signedBy(f, {"operator"}, {someParty(1)}), signedBy(f, {"operator"}, {bound}),
                                        signedBy(f, {"plt"}, {someParty(2)}), signedBy(f, {"plt"}, {someParty(3)})};
  auto note = proof::Note::parse(all[3].note).value();
  note.signatures[0].signature[5] ^= 1;
  all[3].note = note.serialize();
  Machine m(copies.take());
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto built = m.builder->build({m.lastMs + 1, {admitted(m.identity, all[i])}});
    ASSERT_TRUE(built.ok());
    const Status& status = built->outcomes[0].status;
    EXPECT_EQ(status.ok(), i < 3) << i;
    if (!status.ok()) EXPECT_EQ(status.error().code, ErrorCode::BadSignature);
  }
}

// A sequencer of several machines: others' batches come between, and where the order stands is kept.
class Shared final : public Sequencer {
 public:
  explicit Shared(Batch foreign) { waiting_.push_back({1, std::move(foreign), "1 theirs"}); }
  Result<std::optional<std::uint64_t>> propose(Batch batch) override {
    if (!waiting_.empty()) return std::optional<std::uint64_t>();
    waiting_.push_back({2, std::move(batch), "2 ours"});
    return std::optional<std::uint64_t>(2);
  }
  Result<std::optional<Ordered>> next() override {
    if (waiting_.empty()) return std::optional<Ordered>();
    std::optional<Ordered> ordered = std::move(waiting_.front());
    waiting_.pop_front();
    return ordered;
  }
  void forget(std::uint64_t number) override { forgotten = number; }
  std::uint64_t forgotten = 0;

 private:
  std::deque<Ordered> waiting_;
};

struct Node {
  Node(Machine& m, const fs::path& directory, std::unique_ptr<Sequencer> sequencer)
      : committer(
            m.identity, m.keys, SigningKeys{crypto::SigningKey::load(Ledger::logKeyFile(directory)).value(), {}, {}},
            *m.store, std::move(*m.tree), [ms = m.lastMs]() mutable { return ++ms; }, m.lastMs, std::move(sequencer)) {
    EXPECT_TRUE(committer.load(std::nullopt).ok());
  }
  Committer committer;
};

TEST(Sequencer, BatchesOfOthersAreBuiltToo) {
  Copies copies;
  LedgerFixture& f = copies.f;
  proof::Submission theirs = signedBy(f, {"operator"}, {someParty(1)}),
                    ours = signedBy(f, {"operator"}, {someParty(2)});
  fs::path directory = copies.take();
  {
    Machine m(directory);
    auto sequencer = std::make_unique<Shared>(Batch{m.lastMs + 1, {admitted(m.identity, theirs)}});
    Shared& shared = *sequencer;
    Node node(m, directory, std::move(sequencer));
    auto result = node.committer.append(ours);
    ASSERT_TRUE(result.ok()) << result.error().message.en;
    EXPECT_EQ(result->receipts[0].index, 3u) << "behind theirs";
    EXPECT_EQ(shared.forgotten, 2u);
    EXPECT_EQ(m.store->get(Family::Meta, layout::kOrderedRow).value(), "2 ours");
  }
  auto outcome = fsck(directory, {});
  ASSERT_TRUE(outcome.ok());
  EXPECT_FALSE(outcome->damage);
}

TEST(Sequencer, WhereTheOrderStandsIsKeptWhenAllWasRefused) {
  Copies copies;
  LedgerFixture& f = copies.f;
  f.bind("plt", "list:9", "\"PLT\"");
  proof::Submission refused = signedBy(f, {"plt"}, {someParty(1)});
  const std::uint64_t before = f.ledger().size();
  fs::path directory = copies.take();
  Machine m(directory);
  auto foreign = std::make_unique<Shared>(Batch{m.lastMs + 1, {admitted(m.identity, refused)}});
  Node node(m, directory, std::move(foreign));
  EXPECT_EQ(node.committer.append(refused).error().code, ErrorCode::NotAuthorized);
  EXPECT_EQ(m.store->get(Family::Meta, layout::kOrderedRow).value(), "2 ours");
  EXPECT_EQ(m.store->size().value(), before);
}

// The order of one machine; what is proposed first waits at the gate.
class Gated final : public Sequencer {
 public:
  explicit Gated(std::shared_future<void> gate) : gate_(std::move(gate)) {}
  Result<std::optional<std::uint64_t>> propose(Batch batch) override {
    ++proposed;
    gate_.wait();
    return order_.propose(std::move(batch));
  }
  Result<std::optional<Ordered>> next() override { return order_.next(); }
  void forget(std::uint64_t) override {}
  std::atomic<int> proposed{0};

 private:
  std::shared_future<void> gate_;
  LocalSequencer order_;
};

TEST(Committer, JunkByUnknownKeysTakesNoTurnAndAKeyOnItsWaySigns) {
  Copies copies;
  LedgerFixture& f = copies.f;
  f.makeKey("stranger");
  f.makeKey("plt");
  f.must("operator", someParty(1));
  auto bound = fmt::format(R"({{"kind":"KeyBound","body":{{"key":"{}","party":"list:1","roles":["OPR"]}}}})",
                           f.key("plt").verifyKey().vkey());
  proof::Submission junk = signedBy(f, {"stranger"}, {someParty(2)}), binding = signedBy(f, {"operator"}, {bound}),
                    early = signedBy(f, {"plt"}, {someParty(3)});
  fs::path directory = copies.take();
  Machine m(directory);
  std::promise<void> gate;
  auto sequencer = std::make_unique<Gated>(gate.get_future().share());
  Gated& gated = *sequencer;
  Node node(m, directory, std::move(sequencer));
  auto refused = node.committer.append(junk);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::NotAuthorized);
  EXPECT_EQ(gated.proposed, 0) << "it was not ordered";

  auto append = [&](const proof::Submission& one) {
    return std::async(std::launch::async, [&] { return node.committer.append(one).ok(); });
  };
  auto binds = append(binding);
  while (gated.proposed == 0) std::this_thread::yield();
  auto signs = append(early);
  EXPECT_EQ(signs.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout) << "its key is on the way";
  gate.set_value();
  EXPECT_TRUE(binds.get());
  EXPECT_TRUE(signs.get());
}

// What lies on a machine decides whether it proposes, never what becomes of an order that is fixed.
TEST(Sequencer, AMachineWithoutTheNewLogKeyStopsAndRefusesNothing) {
  Copies copies;
  LedgerFixture& f = copies.f;
  auto next = crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "test.example/ledger").value();
  auto rotation = fmt::format(R"({{"kind":"LogKeyRotated","body":{{"log":"test.example/ledger","oldKey":"{}",)"
                              R"("newKey":"{}","reason":"SUPERSEDED"}}}})",
                              f.key("log").verifyKey().vkey(), next.verifyKey().vkey());
  proof::Submission theirs = signedBy(f, {"log", "operator"}, {rotation}),
                    ours = signedBy(f, {"operator"}, {someParty(2)});
  EXPECT_EQ(f.ledger().append(theirs).error().code, ErrorCode::Unavailable) << "not proposed";
  fs::path directory = copies.take();
  Machine m(directory);
  auto sequencer = std::make_unique<Shared>(Batch{m.lastMs + 1, {admitted(m.identity, theirs)}});
  Node node(m, directory, std::move(sequencer));
  EXPECT_EQ(node.committer.append(ours).error().code, ErrorCode::Unavailable);
  EXPECT_EQ(m.store->size().value(), 2u) << "nothing is stored that it cannot sign";
  EXPECT_EQ(node.committer.append(ours).error().code, ErrorCode::Unavailable) << "until it is opened again";
}

}  // namespace
}  // namespace pilotledger::ledger
