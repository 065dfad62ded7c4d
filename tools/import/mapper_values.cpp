// What stands in an event: cells, texts and computed values, as the fields of the schema take them.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "events/admission.h"
#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/base/uuid.h"
#include "events/identifiers.h"
#include "events/json.h"
#include "events/money.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/suite.h"
#include "tools/import/amounts.h"
#include "tools/import/dates.h"
#include "tools/import/mapper_scope.h"
#include "tools/import/rule_values.h"

namespace pilotledger::import {
namespace {

using Json = nlohmann::ordered_json;
using events::Field;
using events::Format;
using Which = capnp::schema::Type::Which;

// Names the field, and the column that its value came from.
Error blame(Error error, const Field& field, const ValueRule& rule) {
  if (error.entity.empty()) {
    for (const auto& part : rule.text.text.parts) {
      if (!part.column.empty()) error.entity += (error.entity.empty() ? "column " : ", ") + part.column;
    }
  }
  return std::move(error).within(field.name);
}

Digest sha256(std::string_view text) { return crypto::hash(crypto::SuiteId::Ed25519Sha256, {viewOf(text)}); }

}  // namespace

Result<std::string> dayOf(const std::string& text, const Locale& locale) {
  auto iso = isoDate(text, locale.date);
  bool already = text.size() >= 10 && text[4] == '-' && text[7] == '-' && (text.size() == 10 || text[10] == ' ');
  if (!iso.ok() && already) iso = anyDate(text);
  if (!iso.ok()) return iso;
  PL_TRY([[maybe_unused]] std::int32_t date, events::parseCivilDate(*iso));
  return iso;
}

template <typename J>
Result<J> Mapper::scalar(const Field& field, const TextRule& rule, const Scope& scope) const {
  PL_TRY(std::string text, resolve(rule, scope));
  if (text.empty()) return J();
  if (field.format == Format::Date) {
    PL_TRY(std::string iso, dayOf(text, rule.locale));
    return J(iso);
  }
  if (field.type == Which::BOOL) {
    if (text == "true" || text == "false") return J(text == "true");
    return invalidInput(fmt::format("expected true or false, found '{}'; use map", text),
                        fmt::format("应为 true 或 false，实为“{}”", text));
  }
  if (field.format == Format::Decimal) {
    PL_TRY(std::string plain, rule.locale.exponents ? events::withoutExponent(text) : Result<std::string>(text));
    PL_TRY(std::string number, events::plainNumber(plain, rule.locale.decimal, rule.locale.thousands));
    return J(number);
  }
  if (isInteger(field.type)) {
    PL_TRY(std::int64_t value, amount(field, rule, text, scope));
    return J(value);
  }
  if (field.type != Which::TEXT) return J(text);
  bool isCode = field.format != Format::None || !field.sealed.empty();
  if (isCode && looksLikeLostCode(text)) return lostCode(text);
  if (rule.dropPersonal && events::isIdentityCardNumber(text)) {
    if (scope.asking != nullptr) scope.asking->dropped.push_back(field.name);
    return J();
  }
  PL_TRY(std::string admitted, events::admittedText(field, text));
  return J(admitted);
}

Result<std::int64_t> Mapper::amount(const Field& field, const TextRule& rule, const std::string& text,
                                    const Scope& scope) const {
  events::MoneyStyle style{rule.locale.decimal, rule.locale.thousands, rule.locale.scale, rule.locale.exponents};
  if (field.format != Format::Money) {
    PL_TRY(std::string plain, style.exponents ? events::withoutExponent(text) : Result<std::string>(text));
    PL_TRY(std::string number, events::plainNumber(plain, style.decimal, style.thousands));
    return events::parseMinor(number, 0, style.scale);
  }
  PL_TRY(std::string alpha, resolve(rules_->currency, scope));
  PL_TRY(std::uint16_t currency, events::parseCurrency(alpha));
  PL_TRY(auto minor, events::parseMoneyCell(text, currency, style));
  if (minor) return *minor;
  return invalidInput("expected an amount, found none", "应为金额，实为空");
}

// Sum, count, least, most and mean of the values of a repetition; cells that are empty are none of them.
template <typename J>
Result<J> Mapper::over(const Field& field, const ValueRule& value, const Scope& scope) const {
  using Shape = ValueRule::Shape;
  std::int64_t sum = 0, count = 0;
  std::optional<std::int64_t> least, most;
  std::optional<std::string> first, last;  // of days
  for (const Scope& inner : repeat(value.each, scope)) {
    PL_TRY(std::string text, resolve(value.text, inner));
    if (text.empty()) continue;
    ++count;
    if (value.shape == Shape::Count) continue;
    if (field.format == Format::Date) {
      PL_TRY(std::string day, dayOf(text, value.text.locale));
      if (!first || day < *first) first = day;
      if (!last || day > *last) last = day;
      continue;
    }
    PL_TRY(std::int64_t one, amount(field, value.text, text, inner));
    if (__builtin_add_overflow(sum, one, &sum)) return invalidInput("the sum is too large", "合计过大");
    least = std::min(least.value_or(one), one);
    most = std::max(most.value_or(one), one);
  }
  if (value.shape == Shape::Count) return J(count);
  if (value.shape == Shape::Sum) return J(sum);
  if (count == 0) return J();
  if (field.format == Format::Date) return J(value.shape == Shape::Least ? *first : *last);
  if (value.shape != Shape::Mean) return J(value.shape == Shape::Least ? *least : *most);
  std::int64_t mean = sum / count, rest = sum % count;
  if (2 * (rest < 0 ? -rest : rest) >= count) mean += sum < 0 ? -1 : 1;
  return J(mean);
}

// Terms that are empty count as nothing, unless all are: then there is no value.
template <typename J>
Result<J> Mapper::balance(const Field& field, const ValueRule& value, const Scope& scope) const {
  std::int64_t sum = 0;
  bool any = false;
  for (const auto& [away, term] : value.terms) {
    PL_TRY(std::string text, resolve(term, scope));
    if (text.empty()) continue;
    any = true;
    PL_TRY(std::int64_t one, amount(field, term, text, scope));
    bool overflows = away ? __builtin_sub_overflow(sum, one, &sum) : __builtin_add_overflow(sum, one, &sum);
    if (overflows) return invalidInput("the sum is too large", "合计过大");
  }
  return any ? J(sum) : J();
}

template <typename J>
Status Mapper::list(const Field& field, const ValueRule& value, const Scope& scope, J& out) const {
  out = J::array();
  for (const ValueRule& one : value.shape == ValueRule::Shape::Repeat ? std::vector{value} : value.items) {
    bool repeated = one.shape == ValueRule::Shape::Repeat;
    for (const Scope& inner : repeated ? repeat(one.each, scope) : std::vector{scope}) {
      PL_TRY(J element, item<J>(&field, repeated ? one.items.front() : one, inner));
      if (!element.is_null()) out.push_back(std::move(element));
    }
  }
  return {};
}

std::string Mapper::eventId(const std::string& label, const std::string& idText) const {
  Digest digest =
      crypto::hash(crypto::SuiteId::Ed25519Sha256, {viewOf("pilotledger/import/v1\n"), viewOf(rules_->name),
                                                    viewOf("\n"), viewOf(label), viewOf("\n"), viewOf(idText)});
  return events::formatUuid(events::makeUuidV8(digest));
}

Result<std::string> Mapper::receiptIdOf(const ValueRule& value, const Scope& scope) const {
  PL_TRY(std::string platform, resolve(value.terms[0].second, scope));
  PL_TRY(std::string invoice, resolve(value.terms[1].second, scope));
  if (invoice.empty()) return std::string();
  if (looksLikeLostCode(invoice)) return lostCode(invoice);
  if (scope.asking == nullptr || !scope.asking->receiptOf)
    return invalidInput("a receipt is found by its invoice only in a ledger", "只有在账本中才能按发票查找收入");
  return scope.asking->receiptOf(platform, invoice);
}

Result<std::string> Mapper::eventIdOf(const ValueRule& value, const Scope& scope) const {
  std::vector<std::string> cells;
  bool any = false;
  for (const auto& [away, part] : value.terms) {
    PL_TRY(std::string cell, resolve(part, scope));
    any = any || !cell.empty();
    cells.push_back(std::move(cell));
  }
  if (!any) return std::string();
  auto rule = std::find_if(rules_->events.begin(), rules_->events.end(),
                           [&](const EventRule& e) { return e.label == value.label; });
  PL_ASSERT(rule != rules_->events.end());  // checked on loading
  return eventId(value.label, (rule->once ? "once\n" : "") + keyText(cells));
}

template <typename J>
Result<J> Mapper::object(const ValueRule& value, const Scope& scope) const {
  J object = J::object();
  for (const auto& [member, rule] : value.members) {
    J one;
    if (member->isList) {
      PL_CHECK(list<J>(*member, rule, scope, one));
    } else {
      auto made = item<J>(member, rule, scope);
      if (!made.ok()) return blame(std::move(made).error(), *member, rule);
      one = std::move(made).value();
      if (one.is_null() && member->required)
        return blame(invalidInput("expected a value, found none", "不得为空"), *member, rule);
    }
    if (!one.is_null()) object[std::string(member->name)] = std::move(one);
  }
  return object;
}

template <typename J>
Result<J> Mapper::item(const Field* field, const ValueRule& value, const Scope& scope) const {
  using Shape = ValueRule::Shape;
  switch (value.shape) {
    case Shape::Integer: return J(value.integer);
    case Shape::Boolean: return J(value.boolean);
    case Shape::Text: return scalar<J>(*field, value.text, scope);
    case Shape::Sum:
    case Shape::Count:
    case Shape::Least:
    case Shape::Most:
    case Shape::Mean: return over<J>(*field, value, scope);
    case Shape::Balance: return balance<J>(*field, value, scope);
    case Shape::Hash: return J(crypto::toHex(sha256(fill(value.text.text, scope))));
    case Shape::EventOf: {
      PL_TRY(std::string id, eventIdOf(value, scope));
      return id.empty() ? J() : J(id);
    }
    case Shape::ReceiptOf: {
      PL_TRY(std::string id, receiptIdOf(value, scope));
      return id.empty() ? J() : J(id);
    }
    case Shape::Struct: {
      PL_TRY(J made, object<J>(value, scope));
      return field != nullptr && made.empty() ? J()
                                              : std::move(made);  // a part of which the row says nothing is not there
    }
    case Shape::List:
    case Shape::Repeat: break;
  }
  PL_ASSERT(!"lists are made by list()");
  return J();
}

Result<MappedEvent> Mapper::build(const EventRule& rule, const Scope& scope, const std::string& once,
                                  const std::string& idText) const {
  auto header = item<Json>(nullptr, rule.header, scope);
  auto body = header.ok() ? item<Json>(nullptr, rule.body, scope) : header;
  if (!body.ok()) return std::move(body).error().within(rule.label);
  Json json = std::move(header).value();
  json["kind"] = std::string(rule.kind->name);
  if (!json.contains("id")) json["id"] = eventId(rule.label, idText);
  if (!json.contains("currency")) {
    auto currency = resolve(rules_->currency, scope);
    if (!currency.ok()) return std::move(currency).error().within("currency");
    json["currency"] = *currency;
  }
  if (scope.origin == Origin::Said && !json.contains("source"))
    json["source"] = fmt::format("{}#{}", rules_->name, scope.record->key);
  std::set<std::string> stated;
  for (const auto& [name, value] : body->items()) stated.insert(name);
  json["body"] = std::move(body).value();
  auto bytes = events::eventFromJson(json);
  if (!bytes.ok()) return std::move(bytes).error().within(rule.label);
  PL_TRY(events::Event event, events::Event::decode(*bytes));
  PL_TRY(MappedEvent::Need need, needOf(rule, scope));
  auto lacks = lacksAmount(rule, stated);
  if (!lacks.ok()) return std::move(lacks).error().within(rule.label);
  return MappedEvent{rule.label, once, std::move(need), *lacks, std::move(event)};
}

Result<MappedEvent::Need> Mapper::needOf(const EventRule& rule, const Scope& scope) const {
  MappedEvent::Need need;
  if (!rule.needs) return need;
  need.entity = fill(rule.needs->entity, scope);
  need.attribute = rule.needs->attribute;
  need.anyValue = rule.needs->anyValue;
  need.silent = rule.needs->silent;
  PL_TRY(need.value, resolve(rule.needs->value, scope));
  return need;
}

// An amount that makes the event is there, unless the rules say that it may be missing, or say it themselves. A list
// that states 0 states a fact.
Result<bool> Mapper::lacksAmount(const EventRule& rule, const std::set<std::string>& stated) const {
  bool lacks = false;
  for (const auto& [field, value] : rule.body.members) {
    auto making = makingAmounts(*rule.kind);
    if (std::find(making.begin(), making.end(), field->name) == making.end()) continue;
    bool said = value.shape == ValueRule::Shape::Integer ||
                (value.shape == ValueRule::Shape::Text &&
                 std::all_of(value.text.text.parts.begin(), value.text.text.parts.end(),
                             [](const auto& part) { return part.column.empty(); }));
    if (said || stated.contains(field->name)) continue;
    if (std::find(rule.zero.begin(), rule.zero.end(), field->name) == rule.zero.end())
      return blame(
          invalidInput("expected an amount, found none; a row without one is recorded only where the rules say zero",
                       "应有金额，实为空；仅当规则写明 zero 时方可入账"),
          *field, value);
    lacks = true;
  }
  return lacks;
}

Result<std::vector<MappedEvent>> Mapper::map(const Record& record, Origin origin, Asking* asking) const {
  std::vector<MappedEvent> mapped;
  Scope outer;
  outer.record = &record;
  outer.origin = origin;
  outer.asking = asking;
  PL_CHECK(checkRecord(outer));
  for (const EventRule& rule : rules_->events) {
    std::size_t ordinal = 0;
    for (const Scope& scope : repeat(rule.each, outer)) {
      std::string idText = !rule.each.empty() ? fmt::format("{}\n{}", record.key, ordinal++) : record.key;
      PL_TRY(bool wanted, holdAll(rule.when, scope));
      if (!wanted) continue;
      std::string once;
      if (rule.once) {
        std::string text = fill(*rule.once, scope);
        if (text.empty()) continue;
        once = rule.label + "\n" + text;
        idText = "once\n" + text;
      }
      PL_TRY(MappedEvent event, build(rule, scope, once, idText));
      mapped.push_back(std::move(event));
    }
  }
  return mapped;
}

}  // namespace pilotledger::import
