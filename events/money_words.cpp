// Amounts in the words that Chinese invoices and cheques carry beside the figures.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "events/base/text.h"
#include "events/money.h"

namespace pilotledger::events {
namespace {

constexpr std::array<std::pair<std::string_view, int>, 22> kNumerals = {
    {{"零", 0}, {"〇", 0}, {"壹", 1}, {"贰", 2}, {"叁", 3}, {"肆", 4}, {"伍", 5}, {"陆", 6},
     {"柒", 7}, {"捌", 8}, {"玖", 9}, {"一", 1}, {"二", 2}, {"两", 2}, {"三", 3}, {"四", 4},
     {"五", 5}, {"六", 6}, {"七", 7}, {"八", 8}, {"九", 9}, {"貳", 2}}};
constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> kPlaces = {
    {{"拾", 10}, {"十", 10}, {"佰", 100}, {"百", 100}, {"仟", 1000}, {"千", 1000}}};

template <typename Table>
auto takeWord(std::string_view& text, const Table& table) -> std::optional<decltype(table[0].second)> {
  for (const auto& [word, value] : table) {
    if (!text.starts_with(word)) continue;
    text.remove_prefix(word.size());
    return value;
  }
  return std::nullopt;
}

bool takeWord(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// Up to 9999: each place below the one before it, a nought where one is passed over; nullopt when nothing stands there.
std::optional<std::int64_t> takeGroup(std::string_view& text) {
  std::int64_t sum = 0, above = 10'000;
  bool any = false;
  while (true) {
    std::string_view rest = text;
    bool nought = false;
    while (takeWord(rest, "零") || takeWord(rest, "〇")) nought = true;
    auto digit = takeWord(rest, kNumerals);
    auto place = takeWord(rest, kPlaces);
    if (!digit && place && *place == 10 && sum == 0) digit = 1;  // 拾圆
    if (!digit) {
      if (nought && !place) text = rest;
      return any || nought ? std::optional(sum) : std::nullopt;
    }
    std::int64_t worth = place.value_or(1);
    if (worth >= above) return std::nullopt;
    above = worth;
    sum += *digit * worth;
    any = true;
    text = rest;
  }
}

// Groups of ten thousands and of hundred millions.
std::optional<std::int64_t> takeWhole(std::string_view& text) {
  std::int64_t sum = 0, above = INT64_MAX;
  bool any = false;
  while (true) {
    auto group = takeGroup(text);
    if (!group) return any ? std::optional(sum) : std::nullopt;
    std::int64_t worth = takeWord(text, "亿") ? 100'000'000 : takeWord(text, "万") || takeWord(text, "萬") ? 10'000 : 1;
    if (worth >= above) return std::nullopt;
    above = worth;
    sum += *group * worth;
    any = true;
    if (worth == 1) return sum;
  }
}

}  // namespace

Result<std::int64_t> parseChineseAmount(std::string_view words) {
  auto bad = [&] {
    return invalidInput(fmt::format("expected an amount in words such as 壹佰圆整, found '{}'", shortened(words)),
                        fmt::format("应为大写金额（如 壹佰圆整），实为“{}”", shortened(words)));
  };
  PL_TRY(std::string spelled, identifierSpelling(words));
  std::string_view text = spelled;
  takeWord(text, "人民币");
  bool negative = takeWord(text, "负") || takeWord(text, "(负数)");
  std::int64_t fen = 0;
  bool any = false;
  std::string_view rest = text;
  auto whole = takeWhole(rest);
  if (whole && (takeWord(rest, "圆") || takeWord(rest, "元"))) {
    fen = *whole * 100;
    any = true;
    text = rest;
  }
  takeWord(text, "零");
  for (auto [unit, worth] : {std::pair<std::string_view, std::int64_t>{"角", 10}, {"分", 1}}) {
    rest = text;
    takeWord(rest, "零");
    auto digit = takeWord(rest, kNumerals);
    if (!digit || !takeWord(rest, unit)) continue;
    fen += *digit * worth;
    any = true;
    text = rest;
  }
  if (!takeWord(text, "整")) takeWord(text, "正");
  if (!any || !text.empty()) return bad();
  return negative ? -fen : fen;
}

}  // namespace pilotledger::events
