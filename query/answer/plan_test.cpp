// What a vault opens must not cost a view or a finding its indexes, nor what a reader may not see: a full scan inside a
// loop takes minutes where there are 100,000 spends.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "query/answer/query.h"
#include "tests/support/books_fixture.h"

namespace pilotledger::query {
namespace {

struct Step {
  std::int64_t id, parent;
  std::string detail;
};

std::vector<Step> planOf(ReadModel& model, const Definition& definition) {
  auto plan = model.prepare("EXPLAIN QUERY PLAN " + definition.sql);
  EXPECT_TRUE(plan.ok()) << definition.name << ": " << (plan.ok() ? "" : plan.error().message.en);
  std::vector<Step> steps;
  while (plan.ok()) {
    auto more = plan->step();
    if (!more.ok() || !*more) break;
    steps.push_back({plan->integer(0), plan->integer(1), plan->text(3)});
  }
  return steps;
}

// Full scans of fact tables (which all go by f) that run once for each row of something else: the second or later loop
// of a SELECT, and any below a correlated subquery.
int scansInLoops(const std::vector<Step>& steps) {
  std::map<std::int64_t, const Step*> byId;
  for (const Step& step : steps) byId[step.id] = &step;
  auto correlated = [&](const Step& step) {
    for (auto at = byId.find(step.parent); at != byId.end(); at = byId.find(at->second->parent)) {
      if (at->second->detail.starts_with("CORRELATED")) return true;
    }
    return false;
  };
  std::map<std::int64_t, int> loops;  // of each SELECT so far
  int nested = 0;
  for (const Step& step : steps) {
    const bool scan = step.detail.starts_with("SCAN"), loop = scan || step.detail.starts_with("SEARCH");
    if (!loop) continue;
    const bool first = loops[step.parent]++ == 0;
    const bool table = step.detail == "SCAN f" || step.detail.starts_with("SCAN f ");
    if (scan && table && (!first || correlated(step))) ++nested;
  }
  return nested;
}

std::map<std::string, int> nestedScans(ReadModel& model) {
  auto at = model.asOf("");
  EXPECT_TRUE(at.ok() && model.show(*at).ok());
  std::map<std::string, int> counts;
  for (const Definition& view : views()) counts[view.name] = scansInLoops(planOf(model, view));
  for (const Definition& finding : findings()) counts[finding.name] = scansInLoops(planOf(model, finding));
  return counts;
}

// For a reader these scan a small table (platforms, contracts, loans) for each row of another: a column that he may not
// see everywhere has no index (query/access/README.md).
const std::set<std::string> kScanForReaders = {"dossier", "platforms", "portfolio", "technology_contracts",
                                               "technology_market"};

TEST_F(Books, NeitherVaultNorReaderMakesAScanInALoop) {
  award("A", 1000);
  spend("A", "I", 300, R"(,"paymentRef":"F","voucherNo":"V")");
  auto plain = nestedScans(*model());
  const UnsealedNumbers opened = {{"hmac:" + std::string(64, 'a'), "I"}};
  for (const char* reader : {"", "public", "audit"}) {
    auto m = model();
    ReaderScope scope;
    if (*reader != '\0') {
      auto of = ReaderScope::of(town.ledger(), reader, 20260301);
      ASSERT_TRUE(of.ok());
      scope = std::move(*of);
    }
    ASSERT_TRUE(m->restrictTo(std::move(scope), opened).ok());
    for (const auto& [name, count] : nestedScans(*m)) {
      if (*reader != '\0' && kScanForReaders.contains(name)) continue;
      EXPECT_LE(count, plain.at(name)) << name << " for '" << reader << "'";
    }
  }
}

}  // namespace
}  // namespace pilotledger::query
