// Money: int64 minor units (fen, cents) of an ISO 4217 currency. No floating point anywhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::events {

inline constexpr std::uint16_t kCny = 156;

bool isKnownCurrency(std::uint16_t numeric);
std::string_view currencyAlpha(std::uint16_t numeric);  // "CNY"; "" when unknown
int currencyDigits(std::uint16_t numeric);              // minor digits: 2 for CNY, 0 for JPY
Result<std::uint16_t> parseCurrency(std::string_view alpha);

// "1234.5" -> 123450 for CNY. Plain decimal: optional '-', digits, optional '.' and at most
// `digits` decimals (more are accepted when they are zeros). Refuses what does not fit.
// `scale` multiplies first: 10^scale of the major unit (4 for 万元).
Result<std::int64_t> parseMinor(std::string_view decimal, int digits, int scale = 0);

// A number as people write it, in the plain spelling that parseMinor() takes: "1 234,50" -> "1234.50". What separates
// thousands (one of `thousands`, or a blank of any width) stands between groups of three digits, before the decimal
// sign, and is the same throughout; where it stands otherwise the number was written by another rule and is refused.
Result<std::string> plainNumber(std::string_view text, char decimal, std::string_view thousands);

std::string formatMoney(std::int64_t minor, std::uint16_t currency);       // "1,234.50"
std::string formatMinorPlain(std::int64_t minor, std::uint16_t currency);  // "1234.50"
std::string formatWan(std::int64_t minor);  // fen as 万元: "1,000" or "0.05", exact, no trailing zeros

}  // namespace pilotledger::events
