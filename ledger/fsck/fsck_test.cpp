// Damage of every kind of row is found and named. (Rows are changed below the ledger, through the
// store, with checksums that RocksDB itself would accept.)
#include "ledger/fsck/fsck.h"

#include <gtest/gtest.h>

#include "ledger/store/store.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;

struct Victim {
  Family family;
  const char* name;  // how verify names it
  std::size_t skip;  // which row of the family
};

std::ostream& operator<<(std::ostream& out, const Victim& victim) {
  return out << victim.name << " row " << victim.skip;
}

class Tamper : public ::testing::TestWithParam<Victim> {
 protected:
  void SetUp() override {
    town_.bind("plt", "91330100MA2PLT015B", R"("PLT","FIN")");
    town_.bind("eit", "113300000024820075", R"("EIT")", R"(,"division":"330000")");
    town_.bind("trs", "11330000MB99010246", R"("TRS")", R"(,"division":"330000")");
    for (int i = 0; i < 300; ++i) {  // enough for a full tile
      town_.must(
          {"trs", "eit"},
          fmt::format(
              R"({{"kind":"SubsidyAwarded","body":{{"award":"A{}","payee":"91330100MA2PLT015B","instrument":"i",)"
              R"("amountFen":1}}}})",
              i));
      if (i == 3) break;
    }
    std::vector<std::string> many;
    for (int i = 10; i < 300; ++i) {
      many.push_back(fmt::format(
          R"({{"kind":"SubsidyAwarded","body":{{"award":"A{}","payee":"91330100MA2PLT015B","instrument":"i",)"
          R"("amountFen":1}}}})",
          i));
    }
    auto outcome = town_.record({"trs", "eit"}, many);
    ASSERT_TRUE(outcome.ok()) << outcome.error().message.en;
    town_.close();
  }

  // Replaces the value (or, for rows without one, adds a row beside it) of the n-th row.
  void change(Family family, std::size_t skip, const std::function<std::string(std::string)>& edit) {
    auto store = Store::open(town_.directory(), Store::Mode::Write);
    ASSERT_TRUE(store.ok()) << store.error().message.en;
    std::string key;
    std::string value;
    ASSERT_TRUE((*store)
                    ->each(family, "",
                           [&](std::string_view k, std::string_view v) {
                             key = k;
                             value = v;
                             return skip-- > 0;
                           })
                    .ok());
    WriteSet rows = (*store)->begin();
    rows.put(family, value.empty() ? key + "x" : key, value.empty() ? "" : edit(value));
    ASSERT_TRUE((*store)->write(std::move(rows)).ok());
  }

  LedgerFixture town_;
};

TEST_P(Tamper, OneBitIsNamed) {
  ASSERT_FALSE(town_.verify().damage.has_value());
  Victim victim = GetParam();
  change(victim.family, victim.skip, [](std::string value) {
    value[value.size() / 2] = static_cast<char>(value[value.size() / 2] ^ 1);
    return value;
  });
  auto outcome = fsck(town_.directory(), {});
  if (!outcome.ok()) {  // the ledger's own header
    EXPECT_EQ(outcome.error().code, ErrorCode::Corruption);
    EXPECT_NE(outcome.error().message.en.find(victim.name), std::string::npos) << outcome.error().message.en;
    return;
  }
  ASSERT_TRUE(outcome->damage.has_value()) << victim;
  std::string said = outcome->damage->where + ": " + outcome->damage->what.en;
  EXPECT_NE(said.find(victim.name), std::string::npos) << said;
  EXPECT_FALSE(outcome->damage->what.zh.empty());
}

INSTANTIATE_TEST_SUITE_P(EveryFamily, Tamper,
                         ::testing::Values(Victim{Family::Entry, "entry", 0}, Victim{Family::Entry, "entry", 5},
                                           Victim{Family::Entry, "entry", 250}, Victim{Family::Event, "entry", 4},
                                           Victim{Family::Event, "entry", 200}, Victim{Family::Submission, "entry", 1},
                                           Victim{Family::Id, "id", 7}, Victim{Family::Entity, "entity", 3},
                                           Victim{Family::Entity, "entity", 100}, Victim{Family::Touch, "touch", 20},
                                           Victim{Family::Tile, "tile", 0},
                                           Victim{Family::Checkpoint, "checkpoint", 2}));

TEST_F(Tamper, AMissingEndIsNoticedThoughEverythingLeftAgrees) {
  // The store is put back to an earlier, intact state: only the acknowledged size gives it away.
  std::filesystem::path copy = town_.directory().string() + "-old";
  std::filesystem::remove_all(copy);
  std::filesystem::copy(town_.directory(), copy, std::filesystem::copy_options::recursive);
  town_.open();
  town_.must({"trs", "eit"},
             R"({"kind":"SubsidyAwarded","body":{"award":"last","payee":"91330100MA2PLT015B","instrument":"i",)"
             R"("amountFen":1}})");
  town_.close();
  std::filesystem::copy(town_.directory() / "head", copy / "head", std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(fsck(copy, {}).error().code, ErrorCode::Corruption);
  for (OpenMode mode : {OpenMode::Write, OpenMode::ReadOnly, OpenMode::Rehearse}) {
    EXPECT_EQ(Ledger::open(copy, mode).error().code, ErrorCode::Corruption)
        << "I1: never sign over a loss, never answer from it";
  }
  std::filesystem::remove_all(copy);
}

// Events that were recorded before get no second entry; the others must still be what was signed.
TEST_F(Tamper, TheRootOfAnIncompleteSubmissionIsChecked) {
  town_.open();
  auto party = [&](const char* id) {
    return town_
        .event(
            fmt::format(R"({{"kind":"PartyRegistered","body":{{"party":"{}","name":"n","kind":"ENTERPRISE"}}}})", id))
        .value();
  };
  Bytes first = party("x1:a");
  const crypto::SigningKey* keys[] = {&town_.key("operator")};
  auto append = [&](std::vector<Bytes> events) {
    auto outcome = town_.ledger().append(
        proof::makeSubmission(town_.ledger().suite(), town_.ledger().name(), std::move(events), keys).value());
    ASSERT_TRUE(outcome.ok()) << outcome.error().message.en;
  };
  append({first});
  append({first, party("x1:b")});
  town_.close();
  ASSERT_FALSE(town_.verify().damage.has_value());
  std::string key;
  {
    auto store = Store::open(town_.directory(), Store::Mode::Write);
    std::string leaves;
    ASSERT_TRUE((*store)
                    ->each(Family::Submission, "",
                           [&](std::string_view k, std::string_view v) {
                             if (k.size() == 33) key = k, leaves = v;
                             return true;
                           })
                    .ok());
    ASSERT_EQ(leaves.size(), 64u);
    leaves[1] = static_cast<char>(leaves[1] ^ 1);
    WriteSet rows = (*store)->begin();
    rows.put(Family::Submission, key, leaves);
    ASSERT_TRUE((*store)->write(std::move(rows)).ok());
  }
  auto outcome = town_.verify();
  ASSERT_TRUE(outcome.damage.has_value());
  EXPECT_NE(outcome.damage->what.en.find("signed root"), std::string::npos) << outcome.damage->what.en;
}

// The map is hashed behind the replay: its damage still goes before what the replay finds later,
// and the entries after it are not called sound.
TEST_F(Tamper, AnotherStateRootIsNamedWhereItIs) {
  std::uint64_t index = 0;
  change(Family::Entry, 5, [&](std::string value) {
    proof::Entry entry = proof::Entry::decode(viewOf(value)).value();
    index = entry.index;
    EXPECT_TRUE(entry.stateRoot.has_value());
    (*entry.stateRoot)[0] ^= 1;
    return std::string(textOf(entry.encode()));
  });
  change(Family::Event, 200, [](std::string value) { return value + std::string(8, '\0'); });
  auto outcome = town_.verify();
  ASSERT_TRUE(outcome.damage.has_value());
  EXPECT_EQ(outcome.damage->index, index);
  EXPECT_NE(outcome.damage->what.en.find("another state root"), std::string::npos) << outcome.damage->what.en;
  EXPECT_EQ(outcome.report.entries, index);
}

TEST_F(Tamper, AnotherLogKeyIsRefused) {
  FsckOptions options;
  options.logKey =
      crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "test.example/ledger").value().verifyKey();
  auto outcome = fsck(town_.directory(), options);
  ASSERT_TRUE(outcome.ok());
  ASSERT_TRUE(outcome->damage.has_value());
  EXPECT_EQ(outcome->damage->where, "meta log-key");
}

}  // namespace
}  // namespace pilotledger::ledger
