// Amounts in the cells of others' tables and documents.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "events/base/text.h"
#include "events/money.h"

namespace pilotledger::events {
namespace {

Error badCell(std::string_view text, const std::string& why, const std::string& whyZh) {
  return invalidInput(fmt::format("expected an amount, found '{}': {}", shortened(text), why),
                      fmt::format("应为金额，实为“{}”：{}", shortened(text), whyZh));
}

struct Mark {
  std::string_view text;  // in the spelling of identifierSpelling(): ￥ and ¥ are one
  std::string_view currencies;
};
// Longer ones first: US$ is not $, 美元 is not 元.
constexpr std::array<Mark, 14> kMarks = {{{"人民币", "CNY"},
                                          {"RMB", "CNY"},
                                          {"US$", "USD"},
                                          {"HK$", "HKD"},
                                          {"港元", "HKD"},
                                          {"港币", "HKD"},
                                          {"美元", "USD"},
                                          {"欧元", "EUR"},
                                          {"日元", "JPY"},
                                          {"英镑", "GBP"},
                                          {"¥", "CNY JPY"},
                                          {"$", "USD HKD AUD CAD SGD TWD NZD"},
                                          {"€", "EUR"},
                                          {"£", "GBP"}}};

struct Unit {
  std::string_view text;
  int scale;
};
constexpr std::array<Unit, 10> kUnits = {{{"百万元", 6},
                                          {"百万", 6},
                                          {"千万元", 7},
                                          {"万元", 4},
                                          {"亿元", 8},
                                          {"千元", 3},
                                          {"万", 4},
                                          {"亿", 8},
                                          {"圆", 0},
                                          {"元", 0}}};

void trim(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
}

// Takes `word` off one of the ends.
bool takeOff(std::string_view& text, std::string_view word) {
  if (text.starts_with(word)) {
    text.remove_prefix(word.size());
  } else if (text.ends_with(word)) {
    text.remove_suffix(word.size());
  } else {
    return false;
  }
  trim(text);
  return true;
}

class CellReader {
 public:
  CellReader(std::string_view cell, std::uint16_t currency, const MoneyStyle& style)
      : cell_(cell), currency_(currency), style_(style) {}

  Result<std::optional<std::int64_t>> read() {
    PL_TRY(std::string spelled, identifierSpelling(cell_));
    std::string_view rest = spelled;
    trim(rest);
    if (rest.empty()) return std::optional<std::int64_t>();
    if (rest.starts_with('(') && rest.ends_with(')') && rest.size() > 2) {
      rest = rest.substr(1, rest.size() - 2);
      PL_CHECK(negate());
    }
    for (std::size_t before = rest.size() + 1; before > rest.size();) {
      before = rest.size();
      PL_CHECK(takeSign(rest));
      PL_CHECK(takeMark(rest));
      PL_CHECK(takeUnit(rest));
    }
    return number(rest);
  }

 private:
  Status negate() {
    if (signed_) return badCell(cell_, "two signs", "有两个正负号");
    signed_ = negative_ = true;
    return {};
  }
  Status takeSign(std::string_view& rest) {
    trim(rest);
    bool behind = rest.ends_with('-') && rest.size() > 1;
    if (rest.starts_with('-') || behind) {
      behind && !rest.starts_with('-') ? rest.remove_suffix(1) : rest.remove_prefix(1);
      PL_CHECK(negate());
    } else if (rest.starts_with('+')) {
      if (signed_) return badCell(cell_, "two signs", "有两个正负号");
      signed_ = true;
      rest.remove_prefix(1);
    }
    trim(rest);
    return {};
  }
  Status takeMark(std::string_view& rest) {
    std::string_view alpha = currencyAlpha(currency_);
    if (!alpha.empty() && takeOff(rest, alpha)) return {};
    for (const Mark& mark : kMarks) {
      if (!takeOff(rest, mark.text)) continue;
      if (mark.currencies.find(alpha) != mark.currencies.npos) return {};
      return badCell(cell_, fmt::format("expected {}", alpha), fmt::format("币种应为 {}", alpha));
    }
    for (std::string_view end : {rest.substr(0, std::min<std::size_t>(3, rest.size())),
                                 rest.substr(rest.size() - std::min<std::size_t>(3, rest.size()))}) {
      if (parseCurrency(end).ok())
        return badCell(cell_, fmt::format("expected {}, found {}", alpha, end),
                       fmt::format("币种应为 {}，实为 {}", alpha, end));
    }
    return {};
  }
  Status takeUnit(std::string_view& rest) {
    for (const Unit& unit : kUnits) {
      if (!rest.ends_with(unit.text)) continue;
      bool yuan = unit.text.ends_with("元") || unit.text.ends_with("圆");
      if (yuan && currency_ != kCny)
        return badCell(cell_, fmt::format("expected {}", currencyAlpha(currency_)),
                       fmt::format("币种应为 {}", currencyAlpha(currency_)));
      if (unit_ || (style_.scale != 0 && unit.scale != style_.scale))
        return badCell(cell_, "its unit is another than the one given for the column", "单位与该列的单位不符");
      unit_ = unit.scale;
      rest.remove_suffix(unit.text.size());
      trim(rest);
      return {};
    }
    return {};
  }
  Result<std::optional<std::int64_t>> number(std::string_view rest) const {
    std::string text(rest);
    if (style_.exponents) {
      if (style_.decimal != '.') std::replace(text.begin(), text.end(), style_.decimal, '.');
      PL_TRY(text, withoutExponent(text));
      if (style_.decimal != '.') std::replace(text.begin(), text.end(), '.', style_.decimal);
    }
    if (text.empty() || text[0] == '-' || text[0] == '+') return badCell(cell_, "no number in it", "其中没有数字");
    auto spelled = plainNumber(text, style_.decimal, style_.thousands);
    if (!spelled.ok()) {  // said of the cell as it stands
      auto whole = plainNumber(cell_, style_.decimal, style_.thousands);
      return std::move(whole.ok() ? spelled : whole).error();
    }
    std::string plain = std::move(*spelled);
    if (negative_) plain.insert(0, 1, '-');
    PL_TRY(std::int64_t minor, parseMinor(plain, currencyDigits(currency_), unit_.value_or(style_.scale)));
    return std::optional(minor);
  }

  std::string_view cell_;
  std::uint16_t currency_;
  const MoneyStyle& style_;
  bool signed_ = false, negative_ = false;
  std::optional<int> unit_;
};

bool allDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<std::optional<std::int64_t>> parseMoneyCell(std::string_view text, std::uint16_t currency,
                                                   const MoneyStyle& style) {
  return CellReader(text, currency, style).read();
}

Result<std::string> withoutExponent(std::string_view number) {
  constexpr int kMost = 40;
  std::size_t at = number.find_first_of("eE");
  if (at == number.npos) return std::string(number);
  std::string_view head = number.substr(0, at), tail = number.substr(at + 1);
  if (tail.starts_with('+')) tail.remove_prefix(1);
  int shift = 0;
  auto [end, failed] = std::from_chars(tail.data(), tail.data() + tail.size(), shift);
  bool negative = head.starts_with('-');
  std::string_view digits = negative || head.starts_with('+') ? head.substr(1) : head;
  std::size_t point = digits.find('.');
  std::string whole(digits.substr(0, point)), part(point == digits.npos ? "" : digits.substr(point + 1));
  if (failed != std::errc() || end != tail.data() + tail.size() || shift < -kMost || shift > kMost || whole.empty() ||
      !allDigits(whole) || !allDigits(part)) {
    return badCell(number, "no number with an exponent", "不是带指数的数字");
  }
  for (; shift > 0; --shift) {
    whole += part.empty() ? '0' : part[0];
    if (!part.empty()) part.erase(0, 1);
  }
  for (; shift < 0; ++shift) {
    part.insert(0, 1, whole.empty() ? '0' : whole.back());
    if (!whole.empty()) whole.pop_back();
  }
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  while (part.ends_with('0')) part.pop_back();
  return (negative ? "-" : "") + (whole.empty() ? "0" : whole) + (part.empty() ? "" : "." + part);
}

Result<std::int64_t> parseXmlDecimal(std::string_view text, int digits) {
  auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  std::string_view rest = text;
  while (!rest.empty() && blank(rest.front())) rest.remove_prefix(1);
  while (!rest.empty() && blank(rest.back())) rest.remove_suffix(1);
  std::string plain = rest.starts_with('-') ? "-" : "";
  if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
  std::size_t point = rest.find('.');
  std::string_view whole = rest.substr(0, point), part = point == rest.npos ? "" : rest.substr(point + 1);
  if ((whole.empty() && part.empty()) || !allDigits(whole) || !allDigits(part))
    return badCell(text, "not a decimal number of XML", "不是 XML 十进制数");
  plain += whole.empty() ? "0" : whole;
  if (!part.empty()) plain += fmt::format(".{}", part);
  return parseMinor(plain, digits);
}

}  // namespace pilotledger::events
