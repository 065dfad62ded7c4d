// The synthetic province: the same seed gives the same events, the ledger takes them all, and the
// audit finds exactly what was planted.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "ledger/fsck/fsck.h"
#include "query/answer/definitions.h"
#include "query/answer/findings.h"
#include "query/answer/query.h"
#include "query/model/read_model.h"
#include "tools/simulate/recorder.h"
#include "tools/simulate/violations.h"

namespace pilotledger::simulate {
namespace {

Options province(int platforms, int years, std::uint64_t seed) {
  Options options;
  options.platforms = platforms;
  options.years = years;
  options.seed = seed;
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

// "S01 A-17" of each row that a rule found; what the simulated auditors raised by hand is not among them.
std::multiset<std::string> found(ledger::Ledger& ledger, const std::filesystem::path& directory) {
  std::multiset<std::string> all;
  auto model = query::ReadModel::open(ledger, directory / "views.sqlite");
  EXPECT_TRUE(model.ok()) << model.error().message.en;
  auto at = (*model)->asOf("");
  auto table = query::runFindings(**model, *at, {});
  EXPECT_TRUE(table.ok()) << table.error().message.en;
  auto column = [&](std::string_view name) {
    auto found =
        std::find_if(table->columns.begin(), table->columns.end(), [&](const auto& c) { return c.name == name; });
    return static_cast<std::size_t>(found - table->columns.begin());
  };
  std::size_t detected = column("detected"), subject = column("subject");
  for (const auto& row : table->rows) {
    if (std::get<std::string>(row[detected]) != "auto") continue;
    all.insert(std::get<std::string>(row[0]) + " " + std::get<std::string>(row[subject]));
  }
  return all;
}

// Precision and recall are both 1.
void expectFoundIsPlanted(const Options& options, bool verify) {
  SCOPED_TRACE("seed " + std::to_string(options.seed));
  std::filesystem::path directory = std::filesystem::temp_directory_path() /
                                    ("pl-simulate-" + std::to_string(::getpid()) + "-" + std::to_string(options.seed));
  std::filesystem::remove_all(directory);
  auto recorded = record(directory, options, [](std::uint64_t) {});
  ASSERT_TRUE(recorded.ok()) << recorded.error().rule << " " << recorded.error().entity << " "
                             << recorded.error().message.en << " " << recorded.error().found;
  {
    auto ledger = ledger::Ledger::open(directory, ledger::OpenMode::ReadOnly);
    ASSERT_TRUE(ledger.ok());
    auto there = found(**ledger, directory);
    std::multiset<std::string> planted;
    for (const auto& one : recorded->outcome.planted) planted.insert(one.code + " " + one.subject);
    for (const auto& one : std::set(planted.begin(), planted.end())) {
      EXPECT_EQ(there.count(one), planted.count(one)) << "planted, not found: " << one;
    }
    for (const auto& one : std::set(there.begin(), there.end())) {
      EXPECT_EQ(there.count(one), planted.count(one)) << "found, not planted: " << one;
    }
  }
  if (verify) {
    auto verified = ledger::fsck(directory, {});
    ASSERT_TRUE(verified.ok());
    EXPECT_FALSE(verified->damage.has_value()) << verified->damage->what.en;
  }
  std::filesystem::remove_all(directory);
}

TEST(Simulate, TheSeedDecidesEverything) {
  auto one = eventsOf(province(8, 3, 7));
  EXPECT_GT(one.size(), 2'000u);
  EXPECT_EQ(one, eventsOf(province(8, 3, 7)));
  EXPECT_NE(one, eventsOf(province(8, 3, 8)));
}

TEST(Simulate, EveryAutomaticFindingHasItsViolation) {
  std::set<std::string> planted, automatic;
  for (const Violation& one : violations()) planted.insert(one.code);
  for (const auto& finding : query::findings()) {
    // What the newest edition of the rules refuses to record, or what only importers and operators from outside do.
    static const std::set<std::string_view> kFromOutside = {"P61", "P62", "P63", "P64", "P65", "P66",
                                                            "P67", "P68", "P70", "P71", "P72"};
    if (kFromOutside.contains(finding.name)) continue;
    if (!finding.ofFiles) automatic.insert(std::string(finding.name));  // those of files need a file at hand
  }
  EXPECT_EQ(planted, automatic);
  std::set<std::string> codes;
  auto outcome = simulate(province(12, 5, 7), [](const Step&) -> Status { return {}; });
  ASSERT_TRUE(outcome.ok());
  for (const auto& one : outcome->planted) codes.insert(one.code);
  EXPECT_EQ(codes, automatic) << "all fit into five years";
}

TEST(Simulate, EveryKindOfEventHappens) {
  std::set<std::string> seen;
  for (const Bytes& bytes : eventsOf(province(34, 6, 1)))
    seen.insert(std::string(events::Event::decode(bytes)->kind().name));
  for (const auto& kind :
       events::kinds()) {  // but for what a ledger's own key signs, and what only ledgers from before it need
    if (kind.name == "RegisterKeyCommitted" || kind.name == "RulesAdopted") continue;
    if (kind.name == "RegisterObserved") continue;  // no importer contradicts anybody there
    if (kind.name == "ClockCorrected") continue;    // its clock is right
    if (kind.name.starts_with("Node") || kind.name.starts_with("Ledger")) continue;  // one machine, one ledger
    EXPECT_NE(seen.contains(std::string(kind.name)), kind.signersNow().text.find("LOG") != std::string::npos)
        << kind.name;
  }
}

TEST(Simulate, TheAuditFindsWhatWasPlantedAndNothingElse) {
  expectFoundIsPlanted(province(12, 5, 7), true);
  expectFoundIsPlanted(province(3, 4, 20'260'101), false);
  expectFoundIsPlanted(province(20, 3, 99), false);
}

TEST(Simulate, AnHonestProvinceHasNoFindings) {
  Options honest = province(18, 5, 3);  // long enough for one withdrawal
  honest.plantEach = 0;
  expectFoundIsPlanted(honest, false);
}

}  // namespace
}  // namespace pilotledger::simulate
