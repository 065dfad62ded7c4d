// Every refusal of the rules, in one list: the table of this room's README and of `pilotledger catalogue --refusals`
// are made from it. refusal() takes no other code.
#pragma once

#include <span>
#include <string_view>

namespace pilotledger::ledger {

struct Refusal {
  int edition;              // of the rules, since which it exists
  std::string_view code;    // stable: R-AWARD-CONSERVATION
  std::string_view en, zh;  // what it refuses
  std::string_view source;  // law or reason
};

std::span<const Refusal> refusals();
const Refusal* findRefusal(std::string_view code);

}  // namespace pilotledger::ledger
