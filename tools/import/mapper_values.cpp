// What stands in an event: cells, texts and computed values, as the fields of the schema take them.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "events/admission.h"
#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/base/uuid.h"
#include "events/json.h"
#include "events/money.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/suite.h"
#include "tools/import/dates.h"
#include "tools/import/mapper_scope.h"

namespace pilotledger::import {
namespace {

using Json = nlohmann::ordered_json;
using events::Field;
using events::Format;
using Which = capnp::schema::Type::Which;

bool isInteger(Which type) {
  switch (type) {
    case Which::INT8:
    case Which::INT16:
    case Which::INT32:
    case Which::INT64:
    case Which::UINT8:
    case Which::UINT16:
    case Which::UINT32:
    case Which::UINT64: return true;
    case Which::VOID:
    case Which::BOOL:
    case Which::FLOAT32:
    case Which::FLOAT64:
    case Which::TEXT:
    case Which::DATA:
    case Which::LIST:
    case Which::ENUM:
    case Which::STRUCT:
    case Which::INTERFACE:
    case Which::ANY_POINTER: break;
  }
  return false;
}

// Names the field, and the column that its value came from.
Error blame(Error error, const Field& field, const ValueRule& rule) {
  if (error.entity.empty()) {
    for (const auto& part : rule.text.text.parts) {
      if (!part.column.empty()) error.entity += (error.entity.empty() ? "column " : ", ") + part.column;
    }
  }
  return std::move(error).within(field.name);
}

bool isZero(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '0' || c == '.' || c == ','; });
}

Digest sha256(std::string_view text) { return crypto::hash(crypto::SuiteId::Ed25519Sha256, {viewOf(text)}); }

// A day as ISO: by the pattern, or where it already is that.
Result<std::string> dayOf(const std::string& text, const Locale& locale) {
  auto iso = isoDate(text, locale.date);
  bool already = text.size() >= 10 && text[4] == '-' && text[7] == '-' && (text.size() == 10 || text[10] == ' ');
  if (!iso.ok() && already) iso = anyDate(text);
  if (!iso.ok()) return iso;
  PL_TRY([[maybe_unused]] std::int32_t date, events::parseCivilDate(*iso));
  return iso;
}

}  // namespace

std::string_view trimmedBlanks(std::string_view text) {
  std::size_t from = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(from, text.find_last_not_of(' ') + 1 - from);
}

const std::vector<const CsvRow*>* Mapper::rowsOf(const Scope& scope, const std::string& join) const {
  if (join == "rows" && rules_->group) return &scope.record->rows;
  const Joined& joined = joined_.at(join);
  auto rule =
      std::find_if(rules_->joins.begin(), rules_->joins.end(), [&](const JoinRule& j) { return j.name == join; });
  auto at = joined.rows.find(fill(rule->on, scope));
  return at == joined.rows.end() ? nullptr : &at->second;
}

const MadeColumn* Mapper::made(const std::string& name) const {
  auto at = std::find_if(rules_->made.begin(), rules_->made.end(), [&](const auto& one) { return one.name == name; });
  return at == rules_->made.end() ? nullptr : &*at;
}

std::string Mapper::fill(const Template& text, const Scope& scope) const {
  std::string out;
  for (const auto& part : text.parts) {
    const std::string& name = part.column;
    auto [bare, width] = paddedName(name);
    auto named = scope.parts.find(scope.parts.contains(name) ? name : bare);
    if (name.empty()) {
      out += part.literal;
    } else if (named != scope.parts.end()) {
      if (named->second.size() < width) out.append(width - named->second.size(), '0');
      out += named->second;
    } else if (const MadeColumn* column = made(name)) {
      auto text = resolve(column->text, scope);
      PL_ASSERT(text.ok());  // checked on loading
      out += *text;
    } else if (auto column = table_->find(name)) {
      out += scope.record->rows.front()->cells[*column];
    } else if (name == "key") {
      out += scope.record->key;
    } else if (name == "file.name" || name == "file.hash") {
      auto own = table_->find("@" + name);  // of records that lie in files of their own
      out += own ? scope.record->rows.front()->cells[*own] : name == "file.name" ? file_.name : file_.hash;
    } else if (auto setting = file_.settings.find(name.substr(std::min<std::size_t>(4, name.size())));
               name.starts_with("set.") && setting != file_.settings.end()) {
      out += setting->second;
    } else if (name == "number") {
      out += std::to_string(scope.number);
    } else if (name == "item" || name == "column") {
      out += scope.item;
    } else if (name == "cell") {
      out += scope.cell;
    } else {
      std::size_t dot = name.find('.');
      std::string join = name.substr(0, dot);
      const CsvRow* row = join == scope.join ? scope.row : nullptr;
      if (row == nullptr) {
        const auto* rows = rowsOf(scope, join);
        if (rows == nullptr) continue;
        row = rows->front();
      }
      const CsvTable& table = join == "rows" && rules_->group ? *table_ : joined_.at(join).table;
      std::size_t place = *table.find(name.substr(dot + 1));
      if (place < row->cells.size()) out += row->cells[place];
    }
  }
  return out;
}

std::vector<Mapper::Scope> Mapper::repeat(const std::vector<Each>& within, const Scope& scope) const {
  std::vector<Scope> scopes{scope};
  for (const Each& each : within) {
    std::vector<Scope> inner;
    for (const Scope& outer : scopes) {
      for (Scope& one : repeat(each, outer)) inner.push_back(std::move(one));
    }
    scopes = std::move(inner);
  }
  if (!within.empty()) {
    for (std::size_t i = 0; i < scopes.size(); ++i) scopes[i].number = i + 1;
  }
  return scopes;
}

std::vector<Mapper::Scope> Mapper::findings(const Each& each, const Scope& scope) const {
  std::vector<Scope> scopes;
  std::unordered_set<std::string> seen;
  std::string text = fill(each.finds.text, scope);
  for (const auto& [pattern, value] : each.finds.patterns) {
    for (auto& parts : allPartsOf(pattern, text)) {
      Scope inner = scope;
      inner.parts = std::move(parts);
      inner.item = fill(value, inner);
      inner.parts = scope.parts;
      if (inner.item.empty() || !seen.insert(inner.item).second) continue;
      inner.number = scopes.size() + 1;
      scopes.push_back(std::move(inner));
    }
  }
  return scopes;
}

std::vector<Mapper::Scope> Mapper::repeat(const Each& each, const Scope& scope) const {
  if (each.source == Each::Source::Found) return findings(each, scope);
  std::vector<Scope> scopes;
  auto add = [&](Scope one) {
    one.number = scopes.size() + 1;
    scopes.push_back(std::move(one));
  };
  if (each.source == Each::Source::Split) {
    std::string text = fill(each.text, scope);
    std::unordered_set<std::string_view> seen;
    for (std::size_t from = 0; from <= text.size();) {
      std::size_t end = std::min(text.find(each.by, from), text.size());
      std::string_view piece = trimmedBlanks(std::string_view(text).substr(from, end - from));
      if (!piece.empty() && seen.insert(piece).second && !(each.except && found(each.except, piece))) {
        Scope inner = scope;
        inner.item = piece;
        add(std::move(inner));
      }
      from = end + each.by.size();
    }
    return scopes;
  }
  const auto* rows = rowsOf(scope, each.join);
  if (rows == nullptr) return scopes;
  for (const CsvRow* row : *rows) {
    Scope inner = scope;
    inner.join = each.join;
    inner.row = row;
    if (each.source == Each::Source::Rows) {
      add(std::move(inner));
      continue;
    }
    const Joined& joined = joined_.at(each.join);
    for (std::size_t i = 0; i < row->cells.size() && i < joined.table.columns().size(); ++i) {
      bool isKey = std::find(joined.keyColumns.begin(), joined.keyColumns.end(), i) != joined.keyColumns.end();
      if (isKey || isZero(row->cells[i])) continue;
      inner.item = joined.table.columns()[i];
      inner.cell = row->cells[i];
      add(inner);
    }
  }
  return scopes;
}

Result<bool> Mapper::holdAll(const std::vector<Condition>& conditions, const Scope& scope) const {
  for (const Condition& condition : conditions) {
    PL_TRY(bool one, holds(condition, scope));
    if (!one) return false;
  }
  return true;
}

Result<bool> Mapper::holds(const Condition& condition, const Scope& scope) const {
  PL_TRY(std::string text, condition.text.patterns.empty() ? Result<std::string>(fill(condition.text.text, scope))
                                                           : resolve(condition.text, scope));
  auto has = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), text) != list.end();
  };
  return (condition.is.empty() || has(condition.is)) && !has(condition.isNot) &&
         (!condition.matches || found(condition.matches, text)) && !(condition.except && found(condition.except, text));
}

Result<std::string> Mapper::resolve(const TextRule& rule, const Scope& scope) const {
  std::string filled = fill(rule.text, scope);
  std::string text(trimmedBlanks(filled));
  if (rule.hasExact && !text.empty()) {
    auto at = rule.exact.find(text);
    if (at == rule.exact.end()) {
      std::string known;
      for (const auto& [from, to] : rule.exact) known += (known.empty() ? "" : ", ") + from;
      return invalidInput(fmt::format("expected one of {}, found '{}'", known, text),
                          fmt::format("应为 {} 之一，实为“{}”", known, text));
    }
    text = at->second;
  }
  bool matched = rule.patterns.empty();
  for (const auto& [pattern, value] : rule.patterns) {
    auto parts = partsOf(pattern, text);
    if (!parts) continue;
    Scope inner = scope;
    inner.parts = std::move(*parts);
    text = fill(value, inner);
    matched = true;
    break;
  }
  if (!matched && rule.mustMatch && !text.empty())
    return invalidInput(fmt::format("no pattern of match fits '{}'", events::shortened(text)),
                        fmt::format("没有与“{}”相符的 match 规则", events::shortened(text)));
  return text.empty() ? rule.fallback : text;
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
  json["body"] = std::move(body).value();
  auto bytes = events::eventFromJson(json);
  if (!bytes.ok()) return std::move(bytes).error().within(rule.label);
  PL_TRY(events::Event event, events::Event::decode(*bytes));
  PL_TRY(MappedEvent::Need need, needOf(rule, scope));
  return MappedEvent{rule.label, once, std::move(need), std::move(event)};
}

Result<MappedEvent::Need> Mapper::needOf(const EventRule& rule, const Scope& scope) const {
  MappedEvent::Need need;
  if (!rule.needs) return need;
  need.entity = fill(rule.needs->entity, scope);
  need.attribute = rule.needs->attribute;
  need.anyValue = rule.needs->anyValue;
  PL_TRY(need.value, resolve(rule.needs->value, scope));
  return need;
}

Status Mapper::checkRecord(const Scope& scope) const {
  for (const CheckRule& check : rules_->checks) {
    PL_TRY(std::string alpha, resolve(rules_->currency, scope));
    PL_TRY(std::uint16_t currency, events::parseCurrency(alpha));
    auto amountOf = [&](const TextRule& rule) -> Result<std::optional<std::int64_t>> {
      PL_TRY(std::string text, resolve(rule, scope));
      return events::parseMoneyCell(
          text, currency, {rule.locale.decimal, rule.locale.thousands, rule.locale.scale, rule.locale.exponents});
    };
    PL_TRY(auto is, amountOf(check.is));
    if (!is) continue;  // what is not said cannot disagree; a field that needs it says so
    std::int64_t sum = 0;
    if (check.words) {
      PL_TRY(std::string words, resolve(*check.words, scope));
      if (words.empty()) continue;
      PL_TRY(sum, events::parseChineseAmount(words));
    }
    for (const TextRule& term : check.sum) {
      PL_TRY(auto one, amountOf(term));
      if (__builtin_add_overflow(sum, one.value_or(0), &sum)) return invalidInput("the sum is too large", "合计过大");
    }
    if (sum == *is) continue;
    std::string made = events::formatMinorPlain(sum, currency), said = events::formatMinorPlain(*is, currency);
    return check.words ? invalidInput(fmt::format("the words say {}, the figures {}", made, said),
                                      fmt::format("大写金额为 {}，小写金额为 {}", made, said))
                       : invalidInput(fmt::format("the parts make {}, the total is {}", made, said),
                                      fmt::format("各项之和为 {}，合计为 {}", made, said));
  }
  return {};
}

Result<std::vector<MappedEvent>> Mapper::map(const Record& record, Origin origin) const {
  std::vector<MappedEvent> mapped;
  Scope outer;
  outer.record = &record;
  outer.origin = origin;
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
