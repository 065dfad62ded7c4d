// The bank's question of several ledgers: what the file shows, that every byte of it matters, how large it is by the
// log of logs and how long its check takes.
#include <gtest/gtest.h>

#include <ctime>
#include <fstream>
#include <sstream>

#include "events/schema/schema.h"
#include "ledger/crypto/encoding.h"
#include "ledger/proof/bundle.h"
#include "ledger/proof/log_of_logs.h"
#include "ledger/prover.h"
#include "ledger/tlog/note.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::ledger {
namespace {

using proof::Standing;

constexpr const char* kNumber = "CN2023110000011";

// A ledger of a province with a few parties; `origin` is its name.
class Province : public LedgerFixture {
 public:
  explicit Province(const std::string& origin, int parties = 3)
      : LedgerFixture(crypto::SuiteId::Ed25519Sha256, kNewestEdition, origin), origin_(origin) {
    for (int i = 0; i < parties; ++i)
      must("operator",
           fmt::format(R"({{"kind":"PartyRegistered","body":{{"party":"zz:{}","name":"P","kind":"ENTERPRISE"}}}})", i));
  }
  void recordAsset() {
    bind("own", "91330400MA2ENT032U", R"("CUS","OWN")");
    bind("bnk", "91330200MA2BNK027M", R"("BNK")");
    must("own", R"({"kind":"IpAssetRecorded","body":{"number":"ZL202311000001.1","kind":"INVENTION",)"
                R"("owners":[{"party":"91330400MA2ENT032U"}],"filedOn":"2023-03-14"}})");
  }
  void pledgeAsset() {
    must({"own", "bnk"}, R"({"kind":"PledgeAgreed","body":{"pledge":"P","assets":["ZL202311000001.1"],)"
                         R"("pledgors":["91330400MA2ENT032U"],"pledgee":"91330200MA2BNK027M","claimKind":"LOAN",)"
                         R"("amountFen":5,"debtFrom":"2026-03-01","debtTo":"2027-03-01","scope":"all"}})");
    must({"own", "bnk"},
         R"({"kind":"PledgeRegistered","body":{"pledge":"P","asset":"ZL202311000001.1","regNo":"Y1"}})");
  }
  proof::ListedLedger listed() { return {ledger().logKey(), "https://" + origin_, "账本 " + origin_}; }
  std::string pledgeProof(const std::string& number = kNumber) {
    return Prover::open(directory(), {}).value()->pledge(number).value().serialize();
  }

 private:
  std::string origin_;
};

crypto::SigningKey authorityKey() {
  return crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "cnipa.example/ledgers").value();
}

std::string signedList(const proof::LedgerList& list, const crypto::SigningKey& key) {
  return proof::Note{list.text(), {proof::signNote(list.text(), key).value()}}.serialize();
}

// Bits of each byte; `every` leaves bytes out where a file is long.
template <typename Verify>
void expectEachByteMatters(const std::string& sample, Verify verify, std::size_t every = 1) {
  std::string text = sample;
  for (std::size_t at = 0; at < text.size(); at += every) {
    for (int bit : {0x01, 0x20, 0x80}) {
      text[at] = static_cast<char>(text[at] ^ bit);
      auto verdict = verify(text);
      ASSERT_FALSE(verdict.ok()) << "byte " << at << " bit " << bit;
      ASSERT_EQ(verdict.error().code, ErrorCode::ProofRejected) << at << verdict.error().message.en;
      ASSERT_FALSE(verdict.error().rule.empty()) << verdict.error().message.en;
      text[at] = sample[at];
    }
  }
  for (std::size_t size = 0; size < sample.size(); size += every)
    ASSERT_FALSE(verify(sample.substr(0, size)).ok()) << size;
  ASSERT_FALSE(verify(sample + "\n").ok());
}

class Federation : public testing::Test {
 protected:
  Federation() {
    for (const char* name : {"a.example", "b.example", "c.example"})
      children.push_back(std::make_unique<Province>(name));
    children[1]->recordAsset();
    for (auto& child : children) list.ledgers.push_back(child->listed());
  }
  proof::Bundle bundle() {
    proof::Bundle made{kNumber, signedList(list, authority), {}};
    for (auto& child : children) made.proofs.push_back(child->pledgeProof());
    return made;
  }
  Result<proof::CombinedAnswer> verify(const std::string& text) {
    return proof::verifyBundle(text, authority.verifyKey());
  }
  std::string reasonOf(const proof::Bundle& made) {
    auto verdict = verify(made.serialize());
    return verdict.ok() ? "" : verdict.error().rule;
  }
  crypto::SigningKey authority = authorityKey();
  std::vector<std::unique_ptr<Province>> children;
  proof::LedgerList list;
};

TEST_F(Federation, SaysOnWhichItIsPledged) {
  auto none = verify(bundle().serialize());
  ASSERT_TRUE(none.ok()) << none.error().message.en;
  EXPECT_EQ(proof::standingOf(*none), Standing::None);
  children[1]->pledgeAsset();
  auto held = verify(bundle().serialize());
  ASSERT_TRUE(held.ok()) << held.error().message.en;
  EXPECT_EQ(proof::standingOf(*held), Standing::Encumbered);
  EXPECT_EQ(held->ledgers[1].claim->pledge->pledges.at(0).pledge, "P");
  held->ledgers[1].claim.reset();
  EXPECT_EQ(proof::standingOf(*held), Standing::Unsaid);
}

TEST_F(Federation, ExactlyTheLedgersOfTheListAnswerAboutOneRight) {
  proof::Bundle lacking = bundle();
  lacking.proofs.pop_back();
  EXPECT_EQ(reasonOf(lacking), "MissingPart");
  proof::Bundle more = bundle();
  more.proofs.push_back(more.proofs.back());
  EXPECT_EQ(reasonOf(more), "MissingPart");
  proof::Bundle swapped = bundle();
  std::swap(swapped.proofs[0], swapped.proofs[2]);
  EXPECT_EQ(reasonOf(swapped), "UnknownKey");
  proof::Bundle other = bundle();
  other.proofs[0] = children[0]->pledgeProof("US9219817");
  EXPECT_EQ(reasonOf(other), "WrongQuestion");
  proof::Bundle another = bundle();
  another.number = "US9219817";
  EXPECT_EQ(reasonOf(another), "WrongQuestion");
  proof::Bundle foreign = bundle();
  foreign.list = signedList(list, authorityKey());
  EXPECT_EQ(reasonOf(foreign), "UnknownKey");
}

TEST_F(Federation, EveryByteOfABundleMatters) {
  expectEachByteMatters(bundle().serialize(), [&](const std::string& text) { return verify(text); });
}

TEST_F(Federation, AListHasOneSpelling) {
  auto read = [&](proof::LedgerList changed) { return proof::LedgerList::parse(changed.text()); };
  EXPECT_TRUE(read(list).ok());
  proof::LedgerList unsorted = list;
  std::swap(unsorted.ledgers[0], unsorted.ledgers[1]);
  EXPECT_EQ(read(unsorted).error().rule, "NotCanonical");
  EXPECT_TRUE(proof::LedgerList::parseDraft(unsorted.text()).ok());
  proof::LedgerList twice = list;
  twice.ledgers.insert(twice.ledgers.begin(), list.ledgers[0]);
  EXPECT_EQ(read(twice).error().rule, "BadFormat");
  proof::LedgerList place = list;
  place.ledgers[1].url = place.ledgers[0].url;
  EXPECT_EQ(read(place).error().rule, "BadFormat");
  proof::LedgerList empty;
  EXPECT_EQ(read(empty).error().rule, "BadFormat");
  proof::LedgerList named = list;
  named.ledgers[0].name = "";
  EXPECT_EQ(read(named).error().rule, "BadFormat");
}

// A parent that records the checkpoints of the children.
class LogOfLogsTown {
 public:
  explicit LogOfLogsTown(std::size_t count) {
    parent.bind("eit", "113300000024820075", R"("EIT")", R"(,"level":"PROVINCIAL","division":"330000")");
    for (std::size_t i = 0; i < count; ++i) {
      children.push_back(std::make_unique<Province>(fmt::format("p{:02}.example.cn", i), 20 + static_cast<int>(i)));
      proof::ListedLedger one = children.back()->listed();
      parent.must(
          "eit", fmt::format(R"({{"kind":"LedgerListed","body":{{"ledger":"{}","vkey":"{}","name":"{}","url":"{}"}}}})",
                             one.origin(), one.key.vkey(), one.name, one.url));
      record(i);
      list.ledgers.push_back(std::move(one));
    }
    list.parent = parent.listed();
  }
  void record(std::size_t i) {
    std::string note = children[i]->ledger().checkpoint();
    note.pop_back();
    nlohmann::json event = {{"kind", "LedgerCheckpointed"},
                            {"body", {{"ledger", children[i]->listed().origin()}, {"checkpoint", note}}}};
    parent.must("operator", event.dump());
  }
  proof::LogOfLogs make() {
    auto prover = Prover::open(parent.directory(), {}).value();
    proof::LogOfLogs made{
        kNumber, signedList(list, authority), prover->entity("ledger:" + list.ledgers[0].origin()).value(), {}};
    for (std::size_t i = 0; i < children.size(); ++i) {
      auto listed = prover->entity("ledger:" + list.ledgers[i].origin()).value().entities.front();
      proof::RecordedLedger one{listed, std::nullopt, {}};
      auto record = proof::EntityRecord::parse(*listed.record).value();
      if (!proof::whyNotAsked(record)) {
        auto past = Prover::open(children[i]->directory(), {std::to_string(record.number("size") - 1), {}}).value();
        proof::ProofFile answer = past->pledge(kNumber).value();
        one.last = answer.entries.front();
        one.records = answer.entities;
      }
      made.ledgers.push_back(std::move(one));
    }
    return made;
  }
  Result<proof::CombinedAnswer> verify(const std::string& bytes) {
    return proof::verifyLogOfLogs(bytes, authority.verifyKey());
  }
  crypto::SigningKey authority = authorityKey();
  Province parent{"national.example.cn"};
  std::vector<std::unique_ptr<Province>> children;
  proof::LedgerList list;
};

TEST(LogOfLogs, AnswersAtTheInstantThatTheParentRecorded) {
  LogOfLogsTown town(3);
  town.children[1]->recordAsset();
  town.record(1);
  std::uint64_t recorded = town.children[1]->ledger().size();
  town.children[1]->pledgeAsset();  // after the instant
  auto before = town.verify(town.make().serialize().value());
  ASSERT_TRUE(before.ok()) << before.error().message.en;
  EXPECT_EQ(proof::standingOf(*before), Standing::None);
  EXPECT_EQ(before->ledgers[1].claim->checkpoint.size, recorded);
  EXPECT_EQ(before->parent->origin, "national.example.cn");
  town.record(1);
  auto after = town.verify(town.make().serialize().value());
  ASSERT_TRUE(after.ok()) << after.error().message.en;
  EXPECT_EQ(proof::standingOf(*after), Standing::Encumbered);
}

TEST(LogOfLogs, ALedgerThatSignedTwoHistoriesHasNoAnswer) {
  LogOfLogsTown town(3);
  proof::Checkpoint other{"p01.example.cn", town.children[1]->ledger().size(), {}};
  std::string note = proof::signCheckpoint(other, town.children[1]->key("log")).value();
  note.pop_back();
  nlohmann::json event = {{"kind", "LedgerCheckpointed"},
                          {"body", {{"ledger", "p01.example.cn"}, {"checkpoint", note}}}};
  town.parent.must("operator", event.dump());
  proof::LogOfLogs made = town.make();
  auto answer = town.verify(made.serialize().value());
  ASSERT_TRUE(answer.ok()) << answer.error().message.en;
  EXPECT_EQ(proof::standingOf(*answer), Standing::Unsaid);
  EXPECT_FALSE(answer->ledgers[1].claim.has_value());
  EXPECT_NE(answer->ledgers[1].silent.en.find("two histories"), std::string::npos);
}

TEST(LogOfLogs, EveryByteMatters) {
  LogOfLogsTown town(3);
  town.children[2]->recordAsset();
  town.record(2);
  expectEachByteMatters(town.make().serialize().value(), [&](const std::string& bytes) { return town.verify(bytes); });
}

TEST(LogOfLogs, PledgedOnNoneOfThirtyOneLedgersFitsAndIsChecked) {
  LogOfLogsTown town(31);
  std::string bytes = town.make().serialize().value();
  auto cpuMs = [] { return static_cast<double>(std::clock()) * 1000 / CLOCKS_PER_SEC; };
  double best = 1e9;
  for (int i = 0; i < 10; ++i) {
    double from = cpuMs();
    auto answer = town.verify(bytes);
    best = std::min(best, cpuMs() - from);
    ASSERT_TRUE(answer.ok()) << answer.error().message.en;
    EXPECT_EQ(proof::standingOf(*answer), Standing::Unrecorded);
    EXPECT_EQ(answer->ledgers.size(), 31u);
  }
  std::printf("31 ledgers by the log of logs: %zu bytes, checked in %.2f ms\n", bytes.size(), best);
  EXPECT_LE(bytes.size(), 45'000u);
  EXPECT_LT(best, 10.0);
}

// Files that were written once: what they say stays what they say.
std::string written(const std::string& name) {
  std::ifstream file(std::string(PL_SOURCE) + "/tests/compat/bundle/" + name, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

crypto::VerifyKey writtenKey(const std::string& name) {
  std::string vkey = written(name);
  vkey.pop_back();
  return crypto::VerifyKey::parse(vkey).value();
}

TEST(BundleVectors, SayWhatTheySaid) {
  auto each = proof::verifyBundle(written("each.bundle"), writtenKey("each.vkey"));
  ASSERT_TRUE(each.ok()) << each.error().message.en;
  EXPECT_EQ(each->ledgers.size(), 2u);
  EXPECT_EQ(proof::standingOf(*each), Standing::Unrecorded);
  for (const auto& [name, ledgers] : {std::pair("instant", 2u), {"none-of-31", 31u}}) {
    std::string bundle = std::string(name) + ".bundle", key = std::string(name) + ".vkey";
    auto instant = proof::verifyLogOfLogs(written(bundle), writtenKey(key));
    ASSERT_TRUE(instant.ok()) << name << instant.error().message.en;
    EXPECT_EQ(instant->ledgers.size(), ledgers);
    EXPECT_EQ(proof::standingOf(*instant), Standing::Unrecorded);
    EXPECT_EQ(proof::LogOfLogs::parse(written(bundle))->serialize().value(), written(bundle));
  }
}

}  // namespace
}  // namespace pilotledger::ledger
