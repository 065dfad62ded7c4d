// Dates as tables of others spell them.
#pragma once

#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::import {

// A pattern of a rules file: "d.m.yyyy", "dd-mmm-yy HH:MM". Each of y, m, d once at most, a year always:
//   d, m         one or two digits          dd, mm   two
//   mmm          an English month, short or whole, in any case
//   yyyy         four digits                yy       two: 1970 to 2069
//   HH, MM, SS   two digits of a time, looked at and left out; MM and SS after HH only
// "any": every spelling that can be read in one way (anyDate).
bool isDatePattern(std::string_view pattern);

// ISO by the pattern: "1.4.2008" -> "2008-04-01". The day is not checked to exist. InvalidInput.
Result<std::string> isoDate(std::string_view text, std::string_view pattern);

// ISO of what can be read in one way only: 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301, each with a time
// behind it or not, full-width digits too. An instant with a zone gives its day in UTC+8. InvalidInput for others
// (3/1/2026, 26-3-1) and for days that do not exist.
Result<std::string> anyDate(std::string_view text);

}  // namespace pilotledger::import
