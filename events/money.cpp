#include "events/money.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace pilotledger::events {
namespace {

Error badAmount(std::string_view text, std::string_view why, std::string_view zh) {
  return invalidInput(fmt::format("expected an amount, found '{}': {}", text.substr(0, 60), why),
                      fmt::format("应为金额，实为“{}”：{}", text.substr(0, 60), zh));
}

std::string magnitudeDigits(std::int64_t value) {
  // Negating the smallest value would overflow.
  std::uint64_t magnitude = value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
  return std::to_string(magnitude);
}

std::string withPoint(std::int64_t minor, int digits, bool separators) {
  std::string text = magnitudeDigits(minor);
  auto places = static_cast<std::size_t>(digits);
  if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
  std::string fraction = text.substr(text.size() - places);
  std::string whole = text.substr(0, text.size() - places);
  if (separators) {
    for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(whole.size()) - 3; at > 0; at -= 3) {
      whole.insert(static_cast<std::size_t>(at), 1, ',');
    }
  }
  return (minor < 0 ? "-" : "") + whole + (places > 0 ? "." + fraction : "");
}

}  // namespace

Result<std::int64_t> parseMinor(std::string_view decimal, int digits, int scale) {
  std::string_view text = decimal;
  bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::size_t point = text.find('.');
  std::string whole(text.substr(0, point));
  std::string fraction(point == text.npos ? "" : text.substr(point + 1));
  auto allDigits = [](const std::string& s) {
    return std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (whole.empty() || !allDigits(whole) || !allDigits(fraction) || (point != text.npos && fraction.empty())) {
    return badAmount(decimal, "not a plain decimal number", "不是十进制数");
  }
  auto places = static_cast<std::size_t>(digits + scale);
  while (fraction.size() > places && fraction.back() == '0') fraction.pop_back();
  if (fraction.size() > places) return badAmount(decimal, "more decimals than the currency has", "小数位数过多");
  fraction.append(places - fraction.size(), '0');
  std::int64_t value = 0;
  for (char c : whole + fraction) {
    if (__builtin_mul_overflow(value, 10, &value) ||
        __builtin_add_overflow(value, negative ? '0' - c : c - '0', &value)) {
      return badAmount(decimal, "too large", "金额过大");
    }
  }
  return value;
}

namespace {

// Bytes of the separator of thousands at the beginning of `text`; 0 when it begins otherwise.
std::size_t separatorAt(std::string_view text, char decimal, std::string_view thousands) {
  for (std::string_view blank : {" ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89"}) {
    if (text.starts_with(blank)) return blank.size();
  }
  return !text.empty() && text[0] != decimal && thousands.find(text[0]) != thousands.npos ? 1 : 0;
}

std::size_t digitsAt(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  return count;
}

std::string_view withoutBlanks(std::string_view text) {
  while (std::size_t blank = separatorAt(text, '\0', "")) text.remove_prefix(blank);
  while (text.ends_with(' ')) text.remove_suffix(1);
  while (text.ends_with("\xC2\xA0")) text.remove_suffix(2);
  return text;
}

// The digits before the decimal sign, taken from `text`; nullopt when they are grouped otherwise than by three.
std::optional<std::string> takeWhole(std::string_view& text, char decimal, std::string_view thousands) {
  std::string whole;
  std::string_view separator;
  for (bool first = true;; first = false) {
    std::size_t count = digitsAt(text);
    whole += text.substr(0, count);
    text.remove_prefix(count);
    std::size_t next = separatorAt(text, decimal, thousands);
    bool grouped = !first || next > 0;
    if (grouped && (first ? count == 0 || count > 3 : count != 3)) return std::nullopt;
    if (next == 0) return whole;
    if (!separator.empty() && separator != text.substr(0, next)) return std::nullopt;
    separator = text.substr(0, next);
    text.remove_prefix(next);
  }
}

}  // namespace

Result<std::string> plainNumber(std::string_view text, char decimal, std::string_view thousands) {
  std::string_view rest = withoutBlanks(text);
  if (rest.empty()) return std::string();
  std::string plain = rest.starts_with('-') ? "-" : "";
  if (rest.starts_with('-') || rest.starts_with('+')) rest = withoutBlanks(rest.substr(1));
  auto whole = takeWhole(rest, decimal, thousands);
  std::string_view fraction = rest.starts_with(decimal) ? rest.substr(1) : std::string_view();
  if (!whole || whole->empty() || digitsAt(fraction) != fraction.size() || (fraction.empty() && !rest.empty())) {
    std::string found(text.substr(0, 40));
    std::string groups = thousands.empty() ? "" : fmt::format(" and groups of three between '{}'", thousands);
    std::string groupsZh = thousands.empty() ? "" : fmt::format("，千分位“{}”每三位一组", thousands);
    return invalidInput(fmt::format("expected a number with decimal '{}'{}, found '{}'", decimal, groups, found),
                        fmt::format("应为数字（小数点“{}”{}），实为“{}”", decimal, groupsZh, found));
  }
  plain += *whole;
  return fraction.empty() ? plain : plain + "." + std::string(fraction);
}

std::string formatMoney(std::int64_t minor, std::uint16_t currency) {
  return withPoint(minor, currencyDigits(currency), true);
}

std::string formatMinorPlain(std::int64_t minor, std::uint16_t currency) {
  return withPoint(minor, currencyDigits(currency), false);
}

std::string formatWan(std::int64_t minor) {
  std::string text = withPoint(minor, 6, true);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace pilotledger::events
