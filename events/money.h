// Money: int64 minor units (fen, cents) of an ISO 4217 currency. No floating point anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::events {

inline constexpr std::uint16_t kCny = 156;

// ISO 4217, whole, with the currencies of the past (`currency.cpp`). A number that two names share in turn (532: ANG,
// then XCG) is shown by the newer one.
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

// How a file spells amounts.
struct MoneyStyle {
  char decimal = '.';
  std::string_view thousands = ",";
  int scale = 0;           // 10^scale of the major unit: 4 for 万元
  bool exponents = false;  // "1.2E+05"; programs that write so have often rounded, hence not unasked
};

// A cell with an amount, as people write it: what plainNumber() reads, with full-width digits and signs, the currency's
// mark or code before or after (￥ CNY 元), a unit (万元), a minus before or behind, or parentheses for it. Refuses the
// mark of another currency, and a unit that differs from `style.scale` where that is given. nullopt: an empty cell.
Result<std::optional<std::int64_t>> parseMoneyCell(std::string_view text, std::uint16_t currency,
                                                   const MoneyStyle& style = {});

// "1.5e3" -> "1500", exactly; text without an exponent as it is.
Result<std::string> withoutExponent(std::string_view number);

// An amount of yuan in the words of invoices and cheques: 壹仟贰佰叁拾肆圆伍角陆分, 圆整, 人民币 before it, 负 or
// （负数） for a minus; simple characters too (一千二百三十四元). In fen. InvalidInput where the words are no amount in
// their order.
Result<std::int64_t> parseChineseAmount(std::string_view words);

// xs:decimal of XML, outer white space removed: "+5.", ".50", "005.00". Minor units as parseMinor().
Result<std::int64_t> parseXmlDecimal(std::string_view text, int digits);

std::string formatMoney(std::int64_t minor, std::uint16_t currency);       // "1,234.50"
std::string formatMinorPlain(std::int64_t minor, std::uint16_t currency);  // "1234.50"
std::string formatWan(std::int64_t minor);  // fen as 万元: "1,000" or "0.05", exact, no trailing zeros

}  // namespace pilotledger::events
