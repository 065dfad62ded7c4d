#include "tools/import/dates.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "events/base/civil_date.h"
#include "events/base/text.h"

namespace pilotledger::import {
namespace {

constexpr std::string_view kLetters = "ymdHMS";
constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// A run of one letter, and how many of it.
std::pair<char, std::size_t> tokenAt(std::string_view pattern, std::size_t at) {
  std::size_t end = at;
  while (end < pattern.size() && pattern[end] == pattern[at]) ++end;
  return {pattern[at], end - at};
}

// The month that `text` begins with, and the letters it takes: the whole name before the short one.
std::pair<int, std::size_t> monthAt(std::string_view text) {
  std::string word;
  while (word.size() < text.size() && std::isalpha(static_cast<unsigned char>(text[word.size()])) != 0)
    word += static_cast<char>(std::tolower(static_cast<unsigned char>(text[word.size()])));
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    bool sept = i == 8 && word == "sept";
    if (word == kMonths[i] || word == kMonths[i].substr(0, 3) || sept) return {static_cast<int>(i) + 1, word.size()};
  }
  return {0, 0};
}

Error badDate(std::string_view text, std::string_view like) {
  return invalidInput(fmt::format("expected a date like {}, found '{}'", like, events::shortened(text)),
                      fmt::format("日期应形如 {}，实为“{}”", like, events::shortened(text)));
}

// Digits of the time that a date may carry: "14:03", "14:03:22", "140322", with a fraction or without.
bool isTime(std::string_view text) {
  std::string shape;
  for (char c : text) shape += isDigit(c) ? '0' : c;
  std::size_t dot = shape.find('.');
  if (dot != shape.npos && shape.find_first_not_of('0', dot + 1) == shape.npos) shape.resize(dot);
  return shape == "00:00" || shape == "00:00:00" || shape == "0:00" || shape == "0:00:00" || shape == "000000" ||
         shape == "00时00分00秒" || shape == "00时00分";
}

// One to `most` digits from the front of `text`; 0 when there are none or more.
int takeNumber(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t count = 0;
  while (count < text.size() && isDigit(text[count])) ++count;
  int number = 0;
  if (count < least || count > most) return 0;
  std::from_chars(text.data(), text.data() + count, number);
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

}  // namespace

bool isDatePattern(std::string_view pattern) {
  if (pattern == "any") return true;
  std::string seen;
  for (std::size_t i = 0; i < pattern.size();) {
    auto [letter, width] = tokenAt(pattern, i);
    i += width;
    if (kLetters.find(letter) == kLetters.npos) continue;
    bool known = letter == 'y'   ? width == 4 || width == 2
                 : letter == 'm' ? width <= 3
                 : letter == 'd' ? width <= 2
                                 : width == 2;
    bool late = (letter == 'M' || letter == 'S') && seen.find('H') == seen.npos;  // "yyyy-MM-dd" means a month
    if (!known || late || seen.find(letter) != seen.npos) return false;
    seen += letter;
  }
  return seen.find('y') != seen.npos && (seen.find('d') == seen.npos || seen.find('m') != seen.npos);
}

Result<std::string> isoDate(std::string_view text, std::string_view pattern) {
  if (pattern == "any") return anyDate(text);
  int parts[6] = {0, 1, 1, 0, 0, 0};  // in the order of kLetters
  std::size_t at = 0;
  bool good = true;
  for (std::size_t i = 0; i < pattern.size() && good;) {
    auto [letter, width] = tokenAt(pattern, i);
    std::size_t which = kLetters.find(letter);
    if (which == kLetters.npos) {
      good = at < text.size() && text[at] == letter;
      ++at, ++i;
      continue;
    }
    i += width;
    if (letter == 'm' && width == 3) {
      auto [month, letters] = at < text.size() ? monthAt(text.substr(at)) : std::pair<int, std::size_t>{};
      good = month > 0;
      parts[which] = month;
      at += letters;
      continue;
    }
    std::size_t end = at;
    std::size_t most = width == 1 ? 2 : width;
    while (end < text.size() && end - at < most && isDigit(text[end])) ++end;
    good = end > at && (width == 1 || end - at == width);
    if (good) good = std::from_chars(text.data() + at, text.data() + end, parts[which]).ec == std::errc();
    if (good && letter == 'y' && width == 2) parts[which] += parts[which] < 70 ? 2000 : 1900;
    at = end;
  }
  if (good && at == text.size() && parts[3] < 25 && parts[4] < 60 && parts[5] < 61)
    return fmt::format("{:04}-{:02}-{:02}", parts[0], parts[1], parts[2]);
  return badDate(text, pattern);
}

Result<std::string> anyDate(std::string_view written) {
  constexpr std::string_view kLike = "2026-03-01, 2026/3/1, 2026年3月1日, 20260301";
  PL_TRY(std::string spelled, events::identifierSpelling(written));
  if (auto instant = events::parseInstant(spelled); instant.ok())
    return events::formatCivilDate(events::civilDateOfUtcMs(*instant));
  std::string_view text = spelled;
  int year = 0, month = 0, day = 0;
  std::size_t digits = 0;
  while (digits < text.size() && isDigit(text[digits])) ++digits;
  if (digits == 8 || digits == 14) {
    int all = 0;
    std::from_chars(text.data(), text.data() + 8, all);
    year = all / 10000, month = all / 100 % 100, day = all % 100;
    text.remove_prefix(8);
  } else if ((year = takeNumber(text, 4, 4)) > 0) {
    std::string_view between;
    for (std::string_view mark : {"-", "/", ".", "年"}) {
      if (between.empty() && take(text, mark)) between = mark;
    }
    take(text, " ");
    month = between.empty() ? 0 : takeNumber(text, 1, 2);
    bool next = take(text, between == "年" ? "月" : between);
    take(text, " ");
    day = next ? takeNumber(text, 1, 2) : 0;
    if (between == "年" && !take(text, "日")) day = 0;
  }
  bool timed = !text.empty();
  if (timed && (text[0] == ' ' || text[0] == 'T')) text.remove_prefix(1);
  std::string iso = fmt::format("{:04}-{:02}-{:02}", year, month, day);
  if (year == 0 || month == 0 || day == 0 || (timed && !isTime(text)) || !events::parseCivilDate(iso).ok())
    return badDate(written, kLike);
  return iso;
}

}  // namespace pilotledger::import
