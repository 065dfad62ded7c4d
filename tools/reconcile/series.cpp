#include "tools/reconcile/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "events/base/civil_date.h"
#include "events/money.h"

namespace pilotledger::reconcile {
namespace {

std::string money(std::int64_t minor, std::uint16_t currency) { return events::formatMoney(minor, currency); }

bool sameEntries(const BankStatement& a, const BankStatement& b) {
  return std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
                    [](const BankEntry& x, const BankEntry& y) {
                      return x.date == y.date && x.amount == y.amount && x.references == y.references;
                    });
}

// The same statement again, whatever number it bears: one of a day without movement is told from another by its number.
bool isRepeat(const BankStatement& a, const BankStatement& b) {
  return a.page == b.page && a.from == b.from && a.to == b.to && a.opening == b.opening && a.closing == b.closing &&
         (a.id == b.id || !a.entries.empty()) && sameEntries(a, b);
}

std::string firstDay(const BankStatement& statement) {
  std::string day = statement.from;
  for (const BankEntry& entry : statement.entries) {
    if (statement.period == PeriodSource::Entries && (day.empty() || entry.date < day)) day = entry.date;
  }
  return day;
}

std::string lastDay(const BankStatement& statement) {
  std::string day = statement.to;
  for (const BankEntry& entry : statement.entries) {
    if (statement.period == PeriodSource::Entries) day = std::max(day, entry.date);
  }
  return day;
}

void dropRepeats(Series& series) {
  std::vector<BankStatement> kept;
  for (BankStatement& one : series.statements) {
    auto same = std::find_if(kept.begin(), kept.end(), [&](const BankStatement& k) { return isRepeat(k, one); });
    if (same == kept.end()) {
      kept.push_back(std::move(one));
      continue;
    }
    series.doubts.push_back({"repeated",
                             lastDay(one),
                             one.id,
                             one.closing,
                             std::nullopt,
                             {fmt::format("statement {} is there twice; left out here", one.id),
                              fmt::format("对账单 {} 重复出现，此份不参与核对", one.id)}});
  }
  series.statements = std::move(kept);
}

// The parts of one statement become one: what the first opens and the last closes.
BankStatement joined(std::vector<BankStatement> pages, Series& series) {
  std::stable_sort(pages.begin(), pages.end(), [](const auto& a, const auto& b) { return a.page < b.page; });
  BankStatement whole = std::move(pages.front());
  bool complete = whole.page == 1;
  for (std::size_t i = 1; i < pages.size(); ++i) {
    BankStatement& page = pages[i];
    complete = complete && page.page == whole.page + 1;
    whole.page = page.page;
    whole.lastPage = page.lastPage;
    if (!whole.opening) whole.opening = page.opening, whole.openingDay = page.openingDay;
    if (page.closing) whole.closing = page.closing, whole.closingDay = page.closingDay;
    if (whole.from.empty() || (!page.from.empty() && page.from < whole.from)) whole.from = page.from;
    whole.to = std::max(whole.to, page.to);
    whole.period = std::min(whole.period, page.period);
    std::move(page.entries.begin(), page.entries.end(), std::back_inserter(whole.entries));
    std::move(page.remarks.begin(), page.remarks.end(), std::back_inserter(whole.remarks));
  }
  bool balances = whole.opening && whole.closing && !whole.from.empty() && !whole.to.empty();
  if (whole.period == PeriodSource::Entries && balances) whole.period = PeriodSource::Balances;
  if (!complete || !whole.lastPage) {
    series.doubts.push_back(
        {"pages",
         lastDay(whole),
         whole.id,
         std::nullopt,
         std::nullopt,
         {fmt::format("not all pages of statement {} are there", whole.id), fmt::format("对账单 {} 缺页", whole.id)}});
  }
  whole.page = 1;
  whole.lastPage = true;
  return whole;
}

// Pages of one statement bear its number; each page is there once.
void joinPages(Series& series) {
  auto isPart = [](const BankStatement& one) { return one.page > 1 || !one.lastPage; };
  std::vector<std::vector<BankStatement>> groups;
  for (BankStatement& one : series.statements) {
    auto at = std::find_if(groups.begin(), groups.end(), [&](const auto& pages) {
      bool there = std::any_of(pages.begin(), pages.end(), [&](const auto& p) { return p.page == one.page; });
      return isPart(one) && isPart(pages.front()) && pages.front().id == one.id && !there;
    });
    if (at == groups.end()) at = groups.insert(groups.end(), std::vector<BankStatement>());
    at->push_back(std::move(one));
  }
  series.statements.clear();
  for (auto& pages : groups) series.statements.push_back(joined(std::move(pages), series));
}

bool runsOn(const BankStatement& before, const BankStatement& after) {
  return before.closing && after.opening && *before.closing == *after.opening;
}

// By time; among those of the same days, each after the one whose closing balance it opens with.
void orderByTime(std::vector<BankStatement>& statements) {
  auto days = [](const BankStatement& s) { return std::tuple(lastDay(s), firstDay(s)); };
  std::stable_sort(statements.begin(), statements.end(),
                   [&](const auto& a, const auto& b) { return days(a) < days(b); });
  for (std::size_t i = 0; i + 1 < statements.size(); ++i) {
    auto same = [&](std::size_t k) { return k < statements.size() && days(statements[k]) == days(statements[i]); };
    if (!same(i + 1) || (i > 0 && days(statements[i - 1]) == days(statements[i]))) continue;
    std::size_t end = i + 1;
    while (same(end)) ++end;
    auto starts = [&](std::size_t k) {  // opens with what the statement before these closes with, or with no other's
      if (i > 0) return runsOn(statements[i - 1], statements[k]);
      for (std::size_t other = i; other < end; ++other) {
        if (other != k && runsOn(statements[other], statements[k])) return false;
      }
      return true;
    };
    for (std::size_t k = i; k < end; ++k) {
      if (!starts(k)) continue;
      std::rotate(statements.begin() + static_cast<std::ptrdiff_t>(i),
                  statements.begin() + static_cast<std::ptrdiff_t>(k),
                  statements.begin() + static_cast<std::ptrdiff_t>(k) + 1);
      break;
    }
    for (std::size_t at = i + 1; at < end; ++at) {
      for (std::size_t k = at; k < end; ++k) {
        if (!runsOn(statements[at - 1], statements[k])) continue;
        std::swap(statements[at], statements[k]);
        break;
      }
    }
  }
}

void checkContinuity(Series& series) {
  for (std::size_t i = 1; i < series.statements.size(); ++i) {
    const BankStatement &before = series.statements[i - 1], &after = series.statements[i];
    if (before.closing && after.opening && !runsOn(before, after)) {
      std::int64_t between = 0;
      bool fits = !__builtin_sub_overflow(*after.opening, *before.closing, &between);
      series.doubts.push_back(
          {"gap",
           firstDay(after),
           after.id,
           after.opening,
           fits ? std::optional(between) : std::nullopt,
           {fmt::format("statement {} closes with {}, {} opens with {}", before.id,
                        money(*before.closing, series.currency), after.id, money(*after.opening, series.currency)),
            fmt::format("对账单 {} 期末为 {}，对账单 {} 期初为 {}", before.id, money(*before.closing, series.currency),
                        after.id, money(*after.opening, series.currency))}});
    }
    std::string end = lastDay(before), begin = firstDay(after);
    bool sameDay = begin == end && runsOn(before, after);
    if (end.empty() || begin.empty() || begin > end || sameDay) continue;
    if (begin == end && before.period == PeriodSource::Balances && after.period == PeriodSource::Balances &&
        begin < lastDay(after))
      continue;  // the opening balance is dated with the day before
    series.doubts.push_back({"overlap",
                             begin,
                             after.id,
                             std::nullopt,
                             std::nullopt,
                             {fmt::format("statements {} and {} both cover {}", before.id, after.id, begin),
                              fmt::format("对账单 {} 与 {} 均涵盖 {}", before.id, after.id, begin)}});
  }
}

Status checkBalances(Series& series) {
  for (const BankStatement& one : series.statements) {
    PL_TRY(auto tally, one.tally());
    if (tally.adds) continue;
    std::int64_t expected = 0, difference = 0;
    bool fits = !__builtin_add_overflow(*one.opening, tally.moved, &expected) &&
                !__builtin_sub_overflow(*one.closing, expected, &difference);
    series.doubts.push_back(
        {"balance",
         lastDay(one),
         one.id,
         one.closing,
         fits ? std::optional(difference) : std::nullopt,
         {fmt::format("statement {}: opening {} and entries {} do not make closing {}", one.id,
                      money(*one.opening, series.currency), money(tally.moved, series.currency),
                      money(*one.closing, series.currency)),
          fmt::format("对账单 {}：期初 {} 加发生 {} 不等于期末 {}", one.id, money(*one.opening, series.currency),
                      money(tally.moved, series.currency), money(*one.closing, series.currency))}});
  }
  return {};
}

// Holidays with the days off around them: so long may the bank not have balanced at either end of a period.
constexpr int kRestDays = 9;

// Moved by so many days; as it is where it is no day.
std::string shifted(const std::string& day, int days) {
  auto date = events::parseCivilDate(day);
  return date.ok() ? events::formatCivilDate(events::addDays(*date, days)) : day;
}

bool contradictsPeriod(const BankStatement& one) {
  if (one.period != PeriodSource::Stated) return false;
  bool late = !one.openingDay.empty() && one.openingDay > shifted(one.from, kRestDays);
  bool early = !one.closingDay.empty() && one.closingDay < shifted(one.to, -kRestDays);
  return late || early || one.closingDay > one.to || one.openingDay > one.to;
}

// What the statement says of its days, held to its balances and entries.
void checkDays(Series& series) {
  for (const BankStatement& one : series.statements) {
    if (contradictsPeriod(one)) {
      series.doubts.push_back(
          {"period",
           one.to,
           one.id,
           std::nullopt,
           std::nullopt,
           {fmt::format("statement {} states {} to {}, and its balances are of {} and {}", one.id, one.from, one.to,
                        one.openingDay.empty() ? "-" : one.openingDay, one.closingDay.empty() ? "-" : one.closingDay),
            fmt::format("对账单 {} 写明期间为 {} 至 {}，但其余额日期为 {} 与 {}", one.id, one.from, one.to,
                        one.openingDay.empty() ? "-" : one.openingDay,
                        one.closingDay.empty() ? "-" : one.closingDay)}});
    }
    std::size_t outside = 0;
    std::string first;
    for (const BankEntry& entry : one.entries) {
      bool before = !one.from.empty() && entry.date < one.from, after = !one.to.empty() && entry.date > one.to;
      if (!before && !after) continue;
      ++outside;
      if (first.empty() || entry.date < first) first = entry.date;
    }
    if (outside == 0) continue;
    std::string from = one.from.empty() ? "-" : one.from, to = one.to.empty() ? "-" : one.to;
    series.doubts.push_back(
        {"outside",
         first,
         one.id,
         std::nullopt,
         std::nullopt,
         {fmt::format("statement {} covers {} to {}; {} of its entries are booked on other days, the first on {}",
                      one.id, from, to, outside, first),
          fmt::format("对账单 {} 涵盖 {} 至 {}，其中 {} 笔的入账日在此之外，最早为 {}", one.id, from, to, outside,
                      first)}});
  }
}

void cover(Series& series) {
  bool said = true;
  for (std::size_t i = 0; i < series.statements.size(); ++i) {
    const BankStatement& one = series.statements[i];
    said = said && one.period != PeriodSource::Entries;
    Days days{firstDay(one), lastDay(one)};
    if (days.first.empty()) days.first = days.second;
    if (days.second.empty()) days.second = days.first;
    if (days.first.empty()) continue;
    bool joins = !series.covered.empty() &&
                 (days.first <= series.covered.back().second || (i > 0 && runsOn(series.statements[i - 1], one)));
    if (joins) {
      series.covered.back().first = std::min(series.covered.back().first, days.first);
      series.covered.back().second = std::max(series.covered.back().second, days.second);
    } else {
      series.covered.push_back(std::move(days));
    }
  }
  series.daysAreSaid = said;
}

}  // namespace

Result<std::vector<Series>> arrange(std::vector<BankStatement> statements) {
  std::vector<Series> all;
  std::map<std::pair<std::string, std::uint16_t>, std::size_t> known;
  for (BankStatement& one : statements) {
    auto [at, fresh] = known.emplace(std::pair(one.account, one.currency), all.size());
    if (fresh) {
      all.emplace_back();
      all.back().account = one.account;
      all.back().currency = one.currency;
    }
    all[at->second].statements.push_back(std::move(one));
  }
  for (Series& series : all) {
    dropRepeats(series);
    joinPages(series);
    orderByTime(series.statements);
    PL_CHECK(checkBalances(series));
    checkDays(series);
    checkContinuity(series);
    cover(series);
  }
  return all;
}

Status statePeriod(Series& series, const std::string& from, const std::string& to) {
  if (from.empty() && to.empty()) return {};
  if (!from.empty() && !to.empty() && from > to)
    return invalidInput(fmt::format("--from {} is after --to {}", from, to),
                        fmt::format("--from {} 晚于 --to {}", from, to));
  std::string first = series.covered.empty() ? from : series.covered.front().first;
  std::string last = series.covered.empty() ? to : series.covered.back().second;
  if (series.daysAreSaid && ((!from.empty() && from < first) || (!to.empty() && to > last))) {
    return invalidInput(fmt::format("the statements cover {} to {}; --from and --to can only narrow that", first, last),
                        fmt::format("对账单涵盖 {} 至 {}；--from 与 --to 只能缩小该范围", first, last));
  }
  Days asked{from.empty() ? first : from, to.empty() ? last : to};
  if (asked.first.empty()) asked.first = asked.second;
  if (asked.second.empty()) asked.second = asked.first;
  if (!series.daysAreSaid) {
    series.covered = {asked};
  } else {
    std::vector<Days> narrowed;
    for (const Days& days : series.covered) {
      Days both{std::max(days.first, asked.first), std::min(days.second, asked.second)};
      if (both.first <= both.second) narrowed.push_back(std::move(both));
    }
    series.covered = std::move(narrowed);
  }
  series.daysAreSaid = true;
  series.narrowed = true;
  return {};
}

}  // namespace pilotledger::reconcile
