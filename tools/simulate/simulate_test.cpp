// The synthetic province: the same seed gives the same events, the ledger takes them all, and the
// audit finds exactly what was planted.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "ledger/fsck.h"
#include "query/findings.h"
#include "query/read_model.h"
#include "tools/simulate/recorder.h"

namespace pilotledger::simulate {
namespace {

Options small() {
  Options options;
  options.platforms = 12;
  options.years = 5;
  options.seed = 7;
  return options;
}

std::vector<Bytes> eventsOf(const Options& options) {
  std::vector<Bytes> all;
  auto outcome = simulate(options, [&](const Step& step) -> Status {
    all.insert(all.end(), step.events.begin(), step.events.end());
    return {};
  });
  EXPECT_TRUE(outcome.ok()) << outcome.error().message.en;
  return all;
}

TEST(Simulate, TheSeedDecidesEverything) {
  auto one = eventsOf(small());
  EXPECT_GT(one.size(), 5'000u);
  EXPECT_EQ(one, eventsOf(small()));
  Options other = small();
  other.seed = 8;
  EXPECT_NE(one, eventsOf(other));
}

TEST(Simulate, TheAuditFindsWhatWasPlantedAndNothingElse) {
  std::filesystem::path directory = std::filesystem::temp_directory_path() / ("pl-simulate-" + std::to_string(::getpid()));
  std::filesystem::remove_all(directory);
  auto recorded = record(directory, small(), [](std::uint64_t) {});
  ASSERT_TRUE(recorded.ok()) << recorded.error().rule << " " << recorded.error().entity << " " << recorded.error().message.en << " " << recorded.error().found;
  {
    auto ledger = ledger::Ledger::open(directory, ledger::OpenMode::ReadOnly);
    ASSERT_TRUE(ledger.ok());
    auto model = query::ReadModel::open(**ledger, directory / "views.sqlite");
    ASSERT_TRUE(model.ok()) << model.error().message.en;
    auto at = (*model)->asOf("");
    ASSERT_TRUE(at.ok());
    auto table = query::runFindings(**model, *at, {});
    ASSERT_TRUE(table.ok()) << table.error().message.en;
    std::multiset<std::string> found, planted;
    for (const auto& row : table->rows) found.insert(std::get<std::string>(row[0]) + " " + std::get<std::string>(row[4]));
    for (const auto& one : recorded->outcome.planted) planted.insert(one.code + " " + one.subject);
    for (const auto& one : planted) EXPECT_EQ(found.count(one), planted.count(one)) << "planted, not found: " << one;
    for (const auto& one : found) EXPECT_EQ(found.count(one), planted.count(one)) << "found, not planted: " << one;
    EXPECT_GT(planted.size(), 10u);
  }
  auto verified = ledger::fsck(directory, {});
  ASSERT_TRUE(verified.ok());
  EXPECT_FALSE(verified->damage.has_value()) << verified->damage->what.en;
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace pilotledger::simulate
