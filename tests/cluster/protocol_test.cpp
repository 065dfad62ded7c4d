// The protocol of several nodes under everything that may go wrong, from seeds; and bugs that it must find.
//
// PILOTLEDGER_SEED=17 plays that seed alone, PILOTLEDGER_SEEDS=20000 that many instead of as many as fit.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "tests/cluster/protocol_simulation.h"

namespace pilotledger::cluster {
namespace {

constexpr std::uint64_t kSeeds = 2000, kPlantedSeeds = 300;
constexpr std::chrono::seconds kBudget{60};
constexpr std::uint64_t kRealKeysEvery = 50;

std::optional<std::uint64_t> numberOf(const char* variable) {
  const char* text = std::getenv(variable);
  return text == nullptr ? std::nullopt : std::optional<std::uint64_t>(std::strtoull(text, nullptr, 10));
}

Settings settingsOf(std::uint64_t seed, Bug bug = Bug::None) { return {seed, bug, seed % kRealKeysEvery == 0}; }

struct Tally {
  std::size_t seeds = 0, commits = 0, answered = 0, receipts = 0, crashes = 0, putBack = 0, losses = 0, resumes = 0,
              rebuilt = 0, violations = 0;
  void add(const Outcome& one) {
    ++seeds;
    commits += one.commits;
    answered += one.answered;
    receipts += one.receipts;
    crashes += one.crashes;
    putBack += one.putBack;
    losses += one.registerLosses;
    resumes += one.resumes;
    rebuilt += one.rebuilt;
    violations += one.violation ? 1 : 0;
  }
  void print(double seconds) const {
    fmt::print(
        "{} seeds: {} commits, {} submissions answered, {} receipts; {} crashes, {} nodes put back ({} were rebuilt), "
        "{} "
        "losses of the register, {} resumes; {} violations; {:.1f} ms a seed\n",
        seeds, commits, answered, receipts, crashes, putBack, rebuilt, losses, resumes, violations,
        1000 * seconds / static_cast<double>(seeds));
  }
};

TEST(ProtocolSimulation, HoldsWhateverGoesWrong) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const auto only = numberOf("PILOTLEDGER_SEED"), asked = numberOf("PILOTLEDGER_SEEDS");
  Tally tally;
  const std::uint64_t first = only.value_or(1), end = first + (only ? 1 : asked.value_or(kSeeds));
  for (std::uint64_t seed = first; seed < end && (asked || Clock::now() - begin < kBudget); ++seed) {
    const Outcome outcome = simulate(settingsOf(seed));
    tally.add(outcome);
    EXPECT_FALSE(outcome.violation) << "PILOTLEDGER_SEED=" << seed << ": " << *outcome.violation;
  }
  tally.print(std::chrono::duration<double>(Clock::now() - begin).count());
  if (only) return;
  // A simulation in which nothing happens finds nothing.
  EXPECT_GT(tally.receipts, 30 * tally.seeds);
  EXPECT_GT(tally.crashes, tally.seeds);
  EXPECT_GT(tally.putBack, tally.seeds / 10);
  EXPECT_GT(tally.resumes, tally.seeds / 10);
  EXPECT_GT(tally.rebuilt, 0u);
}

TEST(ProtocolSimulation, SameSeedIsTheSameStory) {
  const Outcome one = simulate(settingsOf(7)), again = simulate(settingsOf(7));
  EXPECT_EQ(one.commits, again.commits);
  EXPECT_EQ(one.receipts, again.receipts);
  EXPECT_EQ(one.crashes, again.crashes);
}

class PlantedBug : public testing::TestWithParam<std::pair<Bug, const char*>> {};

TEST_P(PlantedBug, IsFound) {
  const auto& [bug, name] = GetParam();
  std::map<std::string, std::size_t> kinds;
  std::size_t found = 0;
  for (std::uint64_t seed = 1; seed <= kPlantedSeeds; ++seed) {
    const Outcome outcome = simulate(settingsOf(seed, bug));
    if (!outcome.violation) continue;
    ++found;
    std::string kind = outcome.violation->substr(0, outcome.violation->find(';'));
    std::erase_if(kind, [](char letter) { return letter >= '0' && letter <= '9'; });
    ++kinds[kind];
  }
  fmt::print("{}: found in {} of {} seeds\n", name, found, kPlantedSeeds);
  for (const auto& [kind, count] : kinds) fmt::print("  {:4} {}\n", count, kind);
  EXPECT_GT(found, 0u);
}

INSTANTIATE_TEST_SUITE_P(ProtocolSimulation, PlantedBug,
                         testing::Values(std::pair(Bug::AnswerAlone, "an answer without a majority"),
                                         std::pair(Bug::UncheckedAdmission, "a node put back, admitted unchecked"),
                                         std::pair(Bug::KeyInBackup, "a node's key in its backup"),
                                         std::pair(Bug::OddRule, "a rule that one node applies alone"),
                                         std::pair(Bug::HastyFloor, "a floor by the fastest node")));

}  // namespace
}  // namespace pilotledger::cluster
