// The policy rule sets in force: part of what two readers must share to get the same report.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/sql/database.h"

namespace pilotledger::query {

struct PolicySet {
  std::string ruleSet;
  std::string jurisdiction;
  std::string instrument;
  std::int64_t entry = 0;  // that published it
};

// Visible at `position`, not taken back, in effect on the day; ordered by entry.
Result<std::vector<PolicySet>> policyInForce(const Database& database, std::uint64_t position, const std::string& on);

// "none", or "4-1a2b3c4d": their number and the head of a hash over their names and entries.
std::string policyVersion(const std::vector<PolicySet>& sets);
// "equipment 330000 #12; excellence 330000 #13"
std::string policyList(const std::vector<PolicySet>& sets);

}  // namespace pilotledger::query
