// Which bank entries and which movements of the ledger are the same event. Pure: no dates of statements, no texts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pilotledger::reconcile {

struct Item {
  std::int64_t amount = 0;  // minor units, not zero
  std::int64_t day = 0;     // since 1970-01-01
  std::vector<std::string> references;
};

// One event: bank entries and movements by their place. One to one, several to one, one to several, or, under a
// reference, several to several. No item is in two groups.
struct Group {
  enum class Kind {
    Equal,   // the sums agree, the days are near
    Far,     // the same reference and sum, more than kReferenceDays apart
    Unequal  // the same reference, other sums
  } kind = Kind::Equal;
  std::vector<std::size_t> bank, ledger;
};

inline constexpr std::int64_t kReferenceDays = 31;

// Under a shared reference: pairs of equal amounts, then sums, then what is left as Unequal. Else by amount within
// `days`: as many pairs as can be, and among those the nearest in time. Else several that add up to one of the other
// side within `days`, where only one choice of them does; two choices are none.
std::vector<Group> pairUp(const std::vector<Item>& bank, const std::vector<Item>& ledger, std::int64_t days);

}  // namespace pilotledger::reconcile
