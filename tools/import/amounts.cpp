#include "tools/import/amounts.h"

#include <algorithm>
#include <array>

namespace pilotledger::import {
namespace {

// Amounts that the schema lets be empty, since some of these are recorded without one, and that a table states.
struct BySense {
  std::string_view kind, field;
};
constexpr std::array<BySense, 5> kBySense = {{{"SubsidyAwarded", "amountFen"},
                                              {"SubsidyAcceptance", "confirmedFen"},
                                              {"PledgeAgreed", "amountFen"},
                                              {"TechContractSigned", "totalFen"},
                                              {"TechContractRegistered", "confirmedTotalFen"}}};

}  // namespace

std::vector<std::string_view> makingAmounts(const events::Kind& kind) {
  std::vector<std::string_view> names;
  for (const events::Field& field : kind.body->fields) {
    bool bySense = std::any_of(kBySense.begin(), kBySense.end(),
                               [&](const BySense& one) { return one.kind == kind.name && one.field == field.name; });
    if (field.format == events::Format::Money && !field.isList && (field.required || bySense))
      names.emplace_back(field.name);
  }
  return names;
}

}  // namespace pilotledger::import
