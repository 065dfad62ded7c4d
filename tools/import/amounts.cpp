#include "tools/import/amounts.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "events/base/civil_date.h"

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

bool isIdentityCard(std::string_view text) {
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  constexpr std::string_view kChecks = "10X98765432";
  if (text.size() != kWeights.size() + 1) return false;
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    sum += kWeights[i] * (text[i] - '0');
  }
  std::string born(text.substr(6, 4));
  born.append("-").append(text.substr(10, 2)).append("-").append(text.substr(12, 2));
  char last = text.back() == 'x' ? 'X' : text.back();
  return events::parseCivilDate(born).ok() && last == kChecks[static_cast<std::size_t>(sum % 11)];
}

}  // namespace pilotledger::import
