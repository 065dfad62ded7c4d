#include "events/base/civil_date.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace pilotledger::events {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kChinaOffsetMs = 8 * 3'600'000;

year_month_day ymdOf(std::int32_t date) {
  return {year(date / 10000), month(static_cast<unsigned>(date / 100 % 100)), day(static_cast<unsigned>(date % 100))};
}

std::int32_t numberOf(year_month_day ymd) {
  return static_cast<int>(ymd.year()) * 10000 + static_cast<std::int32_t>(static_cast<unsigned>(ymd.month())) * 100 +
         static_cast<std::int32_t>(static_cast<unsigned>(ymd.day()));
}

bool digits(std::string_view text, std::size_t from, std::size_t count, int& value) {
  if (from + count > text.size()) return false;
  for (char c : text.substr(from, count)) {
    if (c < '0' || c > '9') return false;
  }
  std::from_chars(text.data() + from, text.data() + from + count, value);
  return true;
}

// Writes the last digits of a number that is not negative. Millions of dates go into every view.
void putDigits(std::string& text, std::size_t from, std::size_t count, std::int64_t value) {
  for (std::size_t i = from + count; i > from; value /= 10) text[--i] = static_cast<char>('0' + value % 10);
}

}  // namespace

bool isCivilDate(std::int32_t date) { return date / 10000 >= kMinYear && date / 10000 <= kMaxYear && ymdOf(date).ok(); }

Result<std::int32_t> parseCivilDate(std::string_view iso) {
  int y = 0;
  int m = 0;
  int d = 0;
  bool shape = iso.size() == 10 && iso[4] == '-' && iso[7] == '-' && digits(iso, 0, 4, y) && digits(iso, 5, 2, m) &&
               digits(iso, 8, 2, d);
  std::int32_t date = y * 10000 + m * 100 + d;
  if (shape && isCivilDate(date)) return date;
  std::string found(iso.substr(0, 40));
  return invalidInput(fmt::format("expected a date YYYY-MM-DD that exists, found '{}'", found),
                      fmt::format("应为存在的日期 YYYY-MM-DD，实为“{}”", found));
}

std::string formatCivilDate(std::int32_t date) {
  if (date == 0) return "";
  std::string text = "0000-00-00";
  putDigits(text, 0, 4, date / 10000);
  putDigits(text, 5, 2, date / 100 % 100);
  putDigits(text, 8, 2, date % 100);
  return text;
}

std::int64_t daysOf(std::int32_t date) { return sys_days(ymdOf(date)).time_since_epoch().count(); }

std::int32_t civilDateOfDays(std::int64_t count) { return numberOf(year_month_day(sys_days(days(count)))); }

std::int32_t addDays(std::int32_t date, std::int64_t count) { return civilDateOfDays(daysOf(date) + count); }

std::int32_t addMonths(std::int32_t date, int count) {
  year_month_day moved = ymdOf(date) + std::chrono::months(count);
  if (!moved.ok()) moved = moved.year() / moved.month() / std::chrono::last;
  return numberOf(moved);
}

std::int32_t civilDateOfUtcMs(std::int64_t ms) {
  std::int64_t local = ms + kChinaOffsetMs;
  std::int64_t count = local / kDayMs - (local % kDayMs < 0 ? 1 : 0);
  return civilDateOfDays(count);
}

std::string formatUtcMs(std::int64_t ms) {
  std::int64_t day = ms / kDayMs - (ms % kDayMs < 0 ? 1 : 0);
  std::int64_t rest = ms - day * kDayMs;
  std::string text = formatCivilDate(civilDateOfDays(day)) + "T00:00:00.000Z";
  putDigits(text, 11, 2, rest / 3'600'000);
  putDigits(text, 14, 2, rest / 60'000 % 60);
  putDigits(text, 17, 2, rest / 1'000 % 60);
  putDigits(text, 20, 3, rest % 1'000);
  return text;
}

Result<std::int64_t> parseInstant(std::string_view text) {
  int h = 0;
  int m = 0;
  int s = 0;
  int offsetH = 0;
  int offsetM = 0;
  bool shape = text.size() >= 20 && text[10] == 'T' && text[13] == ':' && text[16] == ':' && digits(text, 11, 2, h) &&
               digits(text, 14, 2, m) && digits(text, 17, 2, s) && h < 24 && m < 60 && s < 60;
  std::string_view zone = shape ? text.substr(19) : std::string_view();
  bool zoned = zone == "Z" || (zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':' &&
                               digits(zone, 1, 2, offsetH) && digits(zone, 4, 2, offsetM));
  if (!shape || !zoned) {
    return invalidInput(
        fmt::format("expected an instant like 2026-03-01T09:00:00+08:00, found '{}'", text.substr(0, 40)),
        fmt::format("应为 2026-03-01T09:00:00+08:00 形式的时刻，实为“{}”", text.substr(0, 40)));
  }
  PL_TRY(std::int32_t date, parseCivilDate(text.substr(0, 10)));
  std::int64_t offset = (offsetH * 60 + offsetM) * 60'000LL * (zone[0] == '-' ? -1 : 1);
  return daysOf(date) * kDayMs + ((h * 60LL + m) * 60 + s) * 1000 - offset;
}

}  // namespace pilotledger::events
