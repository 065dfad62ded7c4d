#include "ledger/commit/append.h"

#include <chrono>

namespace pilotledger::ledger {

Clock systemClock() {
  return [] {
    auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::int64_t{std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
  };
}

}  // namespace pilotledger::ledger
