// Civil dates as yyyymmdd, without a clock: the day of a UTC instant is taken in UTC+8, the legal
// time of China, so that every machine agrees.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::events {

inline constexpr std::int32_t kMinYear = 1800;
inline constexpr std::int32_t kMaxYear = 2999;

bool isCivilDate(std::int32_t yyyymmdd);                    // 20260230 is none
Result<std::int32_t> parseCivilDate(std::string_view iso);  // "2026-02-28"
std::string formatCivilDate(std::int32_t yyyymmdd);         // "2026-02-28"; "" for 0
std::int64_t daysOf(std::int32_t yyyymmdd);                 // since 1970-01-01
std::int32_t civilDateOfDays(std::int64_t days);
std::int32_t addDays(std::int32_t date, std::int64_t days);
std::int32_t addMonths(std::int32_t date, int months);        // end of month clamps
std::int32_t civilDateOfUtcMs(std::int64_t ms);               // in UTC+8
std::string formatUtcMs(std::int64_t ms);                     // "2026-03-01T01:00:00.000Z"
Result<std::int64_t> parseInstant(std::string_view rfc3339);  // to ms

}  // namespace pilotledger::events
