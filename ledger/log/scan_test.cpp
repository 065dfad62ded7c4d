// Walks over more entries than one chunk of the readers holds.
#include "ledger/log/scan.h"

#include <algorithm>
#include <set>

#include "ledger/store/store.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::ledger {
namespace {

constexpr std::uint64_t kParties = 9'000;  // more than four chunks
constexpr std::size_t kTogether = 100;     // in a submission

class Scan : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    town_ = new LedgerFixture;
    town_->bind("second", "op:second", R"("OPR")");
    std::size_t made = 0;
    for (int submission = 0; made < kParties; ++submission) {
      std::vector<std::string> parties;
      for (std::size_t i = 0; i < kTogether; ++i) {
        parties.push_back(fmt::format(
            R"({{"kind":"PartyRegistered","body":{{"party":"x1:{}","name":"n","kind":"ENTERPRISE"}}}})", made++));
      }
      ASSERT_TRUE(
          town_
              ->record(submission % 3 == 0 ? std::vector<std::string>{"second"} : std::vector<std::string>{"operator"},
                       parties)
              .ok());
    }
    town_->close();
  }
  static void TearDownTestSuite() {
    delete town_;
    town_ = nullptr;
  }

  static std::unique_ptr<Store> store(Store::Mode mode) {
    return std::move(Store::open(town_->directory(), mode)).value();
  }

  inline static LedgerFixture* town_ = nullptr;
};

TEST_F(Scan, EveryEntryComesOnceInOrderWithItsSigners) {
  auto rows = store(Store::Mode::Read);
  std::uint64_t end = kParties + 4;
  auto signersOf = [&](std::uint64_t from) {
    std::vector<std::string> signers;
    std::uint64_t next = from;
    Status status = scanEntries(*rows, from, end, [&](const LogRecord& recorded) -> Status {
      EXPECT_EQ(recorded.entry.index, next++);
      signers.push_back(recorded.signers.at(0));
      return {};
    });
    EXPECT_TRUE(status.ok()) << status.error().message.en;
    EXPECT_EQ(next, end);
    return signers;
  };
  auto all = signersOf(0);  // notes read in one walk
  ASSERT_EQ(all.size(), end);
  EXPECT_EQ(all[2], all[4 + kTogether]) << "the operator";
  EXPECT_EQ(all[4], all[4 + 3 * kTogether]) << "the second";
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 3u) << "and the log key, which founds the ledger";
  auto tail = signersOf(end - 900);  // few: notes looked up
  EXPECT_TRUE(std::equal(tail.begin(), tail.end(), all.end() - 900));
}

TEST_F(Scan, StopsAtTheFirstErrorOfTheVisitorWhileOthersRead) {
  auto rows = store(Store::Mode::Read);
  for (std::uint64_t stop : {0ull, 100ull, 2'048ull, 5'000ull}) {
    std::uint64_t seen = 0;
    Status status = scanEntries(*rows, 0, kParties, [&](const LogRecord& recorded) -> Status {
      ++seen;
      return recorded.entry.index == stop ? Status(invalidInput("enough")) : Status();
    });
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().message.en, "enough");
    EXPECT_EQ(seen, stop + 1);
  }
}

// What lies before the damage is visited, and the damage is named. Each row is put back.
TEST_F(Scan, DamageInALaterChunkIsNamed) {
  std::string digest, note;
  {
    auto rows = store(Store::Mode::Read);
    ASSERT_TRUE(scanEntries(*rows, 6'000, 6'001, [&](const LogRecord& recorded) -> Status {
                  digest = std::string(textOf(recorded.entry.submissionDigest));
                  return {};
                }).ok());
    note = rows->require(layout::Family::Submission, digest).value();
  }
  auto change = [&](layout::Family family, const std::string& key, const std::string& value) {
    auto rows = store(Store::Mode::Write);
    auto batch = rows->begin();
    batch.put(family, key, value);
    ASSERT_TRUE(rows->write(std::move(batch)).ok());
  };
  auto scanned = [&](std::uint64_t& seen) {
    auto rows = store(Store::Mode::Read);
    seen = 0;
    return scanEntries(*rows, 0, kParties, [&](const LogRecord&) { return ++seen, Status(); });
  };
  std::uint64_t seen = 0;
  change(layout::Family::Submission, digest, "no note");
  Status status = scanned(seen);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(seen, 2 * 2'048u) << "whole chunks before it";
  change(layout::Family::Submission, digest, note);

  std::string key = layout::indexKey(7'000);
  std::string event = store(Store::Mode::Read)->require(layout::Family::Event, key).value();
  change(layout::Family::Event, key, "no event");
  status = scanned(seen);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(seen, 3 * 2'048u);
  change(layout::Family::Event, key, event);
  EXPECT_TRUE(scanned(seen).ok());
  EXPECT_EQ(seen, kParties);
}

}  // namespace
}  // namespace pilotledger::ledger
