// What the rules' [[check]] say of a record, before any event is made of it.
#include <fmt/format.h>

#include <algorithm>

#include "events/money.h"
#include "tools/import/mapper_scope.h"

namespace pilotledger::import {
namespace {

std::string columnsIn(const Template& text) {
  std::string names;
  for (const auto& part : text.parts) {
    if (!part.column.empty()) names += (names.empty() ? "" : ", ") + part.column;
  }
  return names;
}

}  // namespace

Status Mapper::checkAmounts(const CheckRule& check, const Scope& scope) const {
  PL_TRY(std::string alpha, resolve(rules_->currency, scope));
  PL_TRY(std::uint16_t currency, events::parseCurrency(alpha));
  auto amountOf = [&](const TextRule& rule, const Scope& at) -> Result<std::optional<std::int64_t>> {
    PL_TRY(std::string text, resolve(rule, at));
    return events::parseMoneyCell(
        text, currency, {rule.locale.decimal, rule.locale.thousands, rule.locale.scale, rule.locale.exponents});
  };
  bool inWords = check.what == CheckRule::What::Words;
  PL_TRY(auto is, amountOf(check.is, scope));
  if (!is) return {};  // what is not said cannot disagree; a field that needs it says so
  std::int64_t sum = 0;
  bool any = false;
  if (inWords) {
    PL_TRY(std::string words, resolve(check.texts.front(), scope));
    if (words.empty()) return {};
    PL_TRY(sum, events::parseChineseAmount(words));
  }
  for (const Scope& at : inWords ? std::vector<Scope>() : repeat(check.each, scope)) {
    for (const TextRule& term : check.texts) {
      PL_TRY(auto one, amountOf(term, at));
      any = any || one.has_value();
      if (__builtin_add_overflow(sum, one.value_or(0), &sum)) return invalidInput("the sum is too large", "合计过大");
    }
  }
  // Parts that are not listed at all say nothing of the total.
  if (sum == *is || (!check.each.empty() && !any)) return {};
  std::string made = events::formatMinorPlain(sum, currency), said = events::formatMinorPlain(*is, currency);
  return inWords ? invalidInput(fmt::format("the words say {}, the figures {}", made, said),
                                fmt::format("大写金额为 {}，小写金额为 {}", made, said))
                 : invalidInput(fmt::format("the parts make {}, the total is {}", made, said),
                                fmt::format("各项之和为 {}，合计为 {}", made, said));
}

Status Mapper::checkOne(const CheckRule& check, const Scope& scope) const {
  using What = CheckRule::What;
  if (check.what == What::Sum || check.what == What::Words) return checkAmounts(check, scope);
  std::string first, column;
  for (const TextRule& rule : check.texts) {
    PL_TRY(std::string text, resolve(rule, scope));
    std::string names = columnsIn(rule.text);
    Error error;
    if (check.what == What::Stated && text.empty()) {
      error = invalidInput(fmt::format("'{}' is empty; write 0 where there is none", names),
                           fmt::format("“{}”为空；确无该项请填 0", names));
    } else if (check.what == What::Same && !text.empty() && !first.empty() && text != first) {
      error = invalidInput(fmt::format("expected '{}', found '{}'", text, first),
                           fmt::format("应为“{}”，实为“{}”", text, first));
      names = column;
    } else if (check.what == What::Past && !text.empty() && !file_.today.empty()) {
      PL_TRY(std::string day, dayOf(text, rule.locale));
      if (day.substr(0, 10) > file_.today)
        error = invalidInput(fmt::format("{} is after today, {}", day, file_.today),
                             fmt::format("{} 晚于今日 {}", day, file_.today));
    }
    if (first.empty() && !text.empty()) first = text, column = names;
    if (error.message.en.empty()) continue;
    error.entity = "column " + names;
    return error;
  }
  return {};
}

Status Mapper::checkRecord(const Scope& scope) const {
  for (const CheckRule& check : rules_->checks) {
    Status status = checkOne(check, scope);
    if (status.ok()) continue;
    Error error = std::move(status).error();
    if (check.what == CheckRule::What::Stated && !check.says.empty()) error.message = {check.says, check.says};
    else if (!check.says.empty()) error = std::move(error).within(check.says);
    return error;
  }
  return {};
}

}  // namespace pilotledger::import
