#include "query/model/policy.h"

#include <fmt/format.h>

#include "ledger/crypto/encoding.h"
#include "ledger/crypto/suite.h"

namespace pilotledger::query {

Result<std::vector<PolicySet>> policyInForce(const Database& database, std::uint64_t position, const std::string& on) {
  PL_TRY(Statement rows,
         database.prepare(fmt::format(
             "SELECT rule_set, jurisdiction, instrument, entry_index FROM fact_policy_rule_set_published "
             "WHERE entry_index < {0} AND effective_from <= :on AND (effective_to IS NULL OR effective_to >= :on) "
             "AND entry_index NOT IN (SELECT target FROM fact_reversal WHERE by_index < {0}) ORDER BY entry_index",
             position)));
  rows.bindNamed("on", on);
  std::vector<PolicySet> sets;
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return sets;
    sets.push_back({rows.text(0), rows.text(1), rows.text(2), rows.integer(3)});
  }
}

std::string policyVersion(const std::vector<PolicySet>& sets) {
  if (sets.empty()) return "none";
  std::string text;
  for (const PolicySet& set : sets)
    text += fmt::format("{} {} {} {}\n", set.ruleSet, set.jurisdiction, set.instrument, set.entry);
  return fmt::format("{}-{}", sets.size(),
                     crypto::toHex(crypto::hash(crypto::SuiteId::Ed25519Sha256, viewOf(text))).substr(0, 8));
}

std::string policyList(const std::vector<PolicySet>& sets) {
  std::string text;
  for (const PolicySet& set : sets)
    text += fmt::format("{}{} {} #{}", text.empty() ? "" : "; ", set.ruleSet, set.jurisdiction, set.entry);
  return text;
}

}  // namespace pilotledger::query
