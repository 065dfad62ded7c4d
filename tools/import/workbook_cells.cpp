#include "tools/import/workbook_cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "events/base/civil_date.h"
#include "events/money.h"

namespace pilotledger::import {
namespace {

constexpr std::size_t kDigits = 15;  // that the program keeps of a number
constexpr std::int64_t kDaySeconds = 86'400;

Error badNumber(std::string_view number, const std::string& why, const std::string& whyZh) {
  return invalidInput(fmt::format("found {}: {}", number.substr(0, 40), why),
                      fmt::format("实为 {}：{}", number.substr(0, 40), whyZh));
}

// The letters of a format code that stand for something: without quoted text, escapes, colours and conditions.
std::string tokensOf(std::string_view code) {
  std::string out;
  for (std::size_t i = 0; i < code.size(); ++i) {
    char c = code[i];
    if (c == ';') break;  // the first section is that of positive numbers
    if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '"') {
      i = std::min(code.find('"', i + 1), code.size());
    } else if (c == '[') {
      std::size_t end = std::min(code.find(']', i), code.size());
      if (end == i + 2 || end == i + 3) out += 'h';  // [h], [mm]: time that passed
      i = end;
    } else {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

// Rounds a plain decimal half up to so many significant digits.
std::string rounded(std::string number, std::size_t digits) {
  bool negative = number.starts_with('-');
  if (negative) number.erase(0, 1);
  std::size_t point = std::min(number.find('.'), number.size());
  std::string all = number.substr(0, point) + (point < number.size() ? number.substr(point + 1) : "");
  std::size_t first = std::min(all.find_first_not_of('0'), all.size());
  if (all.size() - first > digits) {
    bool up = all[first + digits] >= '5';
    std::size_t cut = first + digits;
    std::size_t wholeDigits = point;
    all.resize(std::max(cut, wholeDigits), '0');
    for (std::size_t i = cut; i < all.size(); ++i) all[i] = '0';
    for (std::size_t i = cut; up;) {
      if (i == 0) {
        all.insert(0, 1, '1');
        ++point;
        break;
      }
      --i;
      up = all[i] == '9';
      all[i] = up ? '0' : static_cast<char>(all[i] + 1);
    }
  }
  std::string whole = all.substr(0, point), part = all.size() > point ? all.substr(point) : "";
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  while (part.ends_with('0')) part.pop_back();
  if (whole.empty()) whole = "0";
  bool zero = whole == "0" && part.empty();
  return (negative && !zero ? "-" : "") + whole + (part.empty() ? "" : "." + part);
}

Result<std::string> plainDecimal(std::string_view number) {
  PL_TRY(std::string plain, events::withoutExponent(number));
  std::string_view rest = plain;
  if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
  bool digits = !rest.empty() && rest.find_first_not_of("0123456789.") == rest.npos &&
                rest.find('.') == rest.rfind('.') && rest != ".";
  if (!digits || rest.size() > 400) return badNumber(number, "not a number", "不是数字");
  if (plain.starts_with('+')) plain.erase(0, 1);
  if (rest.starts_with('.')) plain.insert(plain.size() - rest.size(), 1, '0');
  return plain;
}

}  // namespace

bool parseAddress(std::string_view text, std::size_t& column, std::size_t& row) {
  std::size_t at = 0, letters = 0;
  for (; at < text.size() && text[at] >= 'A' && text[at] <= 'Z' && at < 3; ++at)
    letters = letters * 26 + static_cast<std::size_t>(text[at] - 'A') + 1;
  auto [end, failed] = std::from_chars(text.data() + at, text.data() + text.size(), row);
  if (letters == 0 || failed != std::errc() || end != text.data() + text.size() || row == 0) return false;
  column = letters - 1;
  return true;
}

std::string addressOf(std::size_t column, std::size_t row) {
  std::string letters;
  for (std::size_t left = column + 1; left > 0; left = (left - 1) / 26)
    letters.insert(0, 1, static_cast<char>('A' + (left - 1) % 26));
  return letters + std::to_string(row);
}

bool isDateFormat(unsigned id) {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

bool isDateFormat(std::string_view code) {
  std::string tokens = tokensOf(code);
  if (tokens.find("general") != tokens.npos) return false;
  return tokens.find_first_of("ymdhs") != tokens.npos && tokens.find_first_of("0#?") == tokens.npos;
}

Result<std::string> dateOfSerial(std::string_view number, bool from1904) {
  PL_TRY(std::string plain, plainDecimal(number));
  if (plain.starts_with('-')) return badNumber(number, "a day before the first", "早于最初日期");
  std::size_t point = std::min(plain.find('.'), plain.size());
  std::int64_t day = 0, fraction = 0;
  auto [end, failed] = std::from_chars(plain.data(), plain.data() + point, day);
  std::string part = point < plain.size() ? plain.substr(point + 1, 9) : "";
  part.append(9 - part.size(), '0');
  std::from_chars(part.data(), part.data() + part.size(), fraction);
  std::int64_t seconds = (fraction * kDaySeconds + 500'000'000) / 1'000'000'000;
  if (failed != std::errc() || end != plain.data() + point || day > 3'000'000)
    return badNumber(number, "not the number of a day", "不是日期序号");
  if (seconds == kDaySeconds) ++day, seconds = 0;
  if (!from1904 && day == 60)
    return badNumber(number, "serial 60 is 1900-02-29, a day that there was not", "序号 60 为 1900-02-29，该日不存在");
  if (!from1904 && day == 0) return badNumber(number, "a time without a day", "只有时间，没有日期");
  std::int32_t base = from1904 ? 19040101 : day < 60 ? 18991231 : 18991230;
  std::string date = events::formatCivilDate(events::civilDateOfDays(events::daysOf(base) + day));
  if (seconds == 0) return date;
  return fmt::format("{} {:02}:{:02}:{:02}", date, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

Result<std::string> plainOfNumber(std::string_view number) {
  PL_TRY(std::string plain, plainDecimal(number));
  std::string_view whole = plain;
  if (whole.starts_with('-')) whole.remove_prefix(1);
  whole = whole.substr(0, whole.find('.'));
  std::size_t first = std::min(whole.find_first_not_of('0'), whole.size());
  if (whole.size() - first > kDigits)
    return badNumber(number, "a number of more than 15 digits, of which the rest is lost; the cell must hold text",
                     "数字超过 15 位，其余位数已丢失；该单元格应为文本");
  return rounded(std::move(plain), kDigits);
}

std::string withoutEscapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    bool shape = text.size() - i >= 7 && text.substr(i, 2) == "_x" && text[i + 6] == '_';
    if (shape) {
      auto [end, failed] = std::from_chars(text.data() + i + 2, text.data() + i + 6, code, 16);
      shape = failed == std::errc() && end == text.data() + i + 6 && code < 0x80;
    }
    out += shape ? static_cast<char>(code) : text[i];
    if (shape) i += 6;
  }
  return out;
}

}  // namespace pilotledger::import
