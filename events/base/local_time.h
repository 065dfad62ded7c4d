// Instants as people read them: in UTC+8, to the minute.
#pragma once

#include <cstdint>
#include <string>

#include "events/base/civil_date.h"

namespace pilotledger::events {

// "2026-03-01 09:00 (UTC+8)"
inline std::string formatLocalMinutes(std::int64_t ms) {
  std::string local = formatUtcMs(ms + 8 * 3'600'000);
  return local.substr(0, 10) + " " + local.substr(11, 5) + " (UTC+8)";
}

// "2026-03-01T09:00:00+08:00"
inline std::string formatLocalInstant(std::int64_t ms) {
  return formatUtcMs(ms + 8 * 3'600'000).substr(0, 19) + "+08:00";
}

}  // namespace pilotledger::events
