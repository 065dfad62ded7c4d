// What the numbers of worksheet cells mean: days by the cell's format, plain decimals else. For workbook.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::import {

// "BC12" -> column 54, row 12, both from 0 and 1; false when it is no address.
bool parseAddress(std::string_view text, std::size_t& column, std::size_t& row);
std::string addressOf(std::size_t column, std::size_t row);

// By the built-in number of a format, or its code: "yyyy/m/d", "[$-804]yyyy年m月d日;@".
bool isDateFormat(unsigned id);
bool isDateFormat(std::string_view code);

// "45352.5" -> "2024-03-01 12:00:00". `from1904`: days count from 1904-01-01. InvalidInput with the reason.
Result<std::string> dateOfSerial(std::string_view number, bool from1904);

// As the program shows it: 15 significant digits, no exponent. InvalidInput for a whole number of more.
Result<std::string> plainOfNumber(std::string_view number);

// "_x000D_" stands for the character of that number.
std::string withoutEscapes(std::string_view text);

}  // namespace pilotledger::import
