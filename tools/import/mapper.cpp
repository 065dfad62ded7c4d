#include "tools/import/mapper.h"

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
#include "ledger/crypto/suite.h"
#include "tools/import/dates.h"

namespace pilotledger::import {
namespace {

using Json = nlohmann::ordered_json;
using events::Field;
using events::Format;
using Which = capnp::schema::Type::Which;

constexpr char kSeparator = '\x1f';  // between the columns of a key; no cell may hold it

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

std::string_view trimmed(std::string_view text) {
  std::size_t from = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(from, text.find_last_not_of(' ') + 1 - from);
}

std::string keyOf(const CsvRow& row, const std::vector<std::size_t>& columns) {
  std::string key;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) key += kSeparator;
    if (columns[i] < row.cells.size()) key += row.cells[columns[i]];
  }
  return key;
}

bool isEmptyKey(const std::string& key) { return key.find_first_not_of(kSeparator) == key.npos; }

std::string printableKey(std::string key) {
  std::replace(key.begin(), key.end(), kSeparator, '/');
  return key;
}

Result<std::vector<std::size_t>> columnsOf(const CsvTable& table, const std::vector<std::string>& names) {
  std::vector<std::size_t> columns;
  for (const std::string& name : names) {
    auto at = table.find(name);
    if (!at) {
      std::vector<std::string_view> known(table.columns().begin(), table.columns().end());
      std::string_view close = events::nearest(name, known);
      return invalidInput(fmt::format("{}: expected a column '{}'{}", table.name(), name,
                                      close.empty() ? std::string() : fmt::format(", found '{}'", close)),
                          fmt::format("{}：缺少列“{}”", table.name(), name));
    }
    columns.push_back(*at);
  }
  return columns;
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

// Lists carry line breaks and stray control characters inside names.
std::string tidied(const std::string& text) {
  std::string out;
  for (char c : text) {
    bool blank = static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
    if (!blank) out += c;
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

bool isZero(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '0' || c == '.' || c == ','; });
}

}  // namespace

// What the columns of a template mean at one place.
struct Mapper::Scope {
  const Record* record = nullptr;
  const std::map<std::string, Joined>* joined = nullptr;
  std::string join;  // the join whose row is current
  const CsvRow* row = nullptr;
  std::string item;  // of a split, or the column of a matrix
  std::string cell;
};

Result<Mapper> Mapper::make(const Rules& rules, const CsvTable& table, std::map<std::string, CsvTable> joined) {
  Mapper mapper(rules, table);
  for (const JoinRule& join : rules.joins) {
    auto given = joined.find(join.name);
    PL_ASSERT(given != joined.end());
    Joined one{std::move(given->second), {}, {}};
    PL_TRY(one.keyColumns, columnsOf(one.table, join.key));
    auto& kept = mapper.joined_.emplace(join.name, std::move(one)).first->second;
    for (const CsvRow& row : kept.table.rows()) {
      if (row.trouble) {
        Error error = invalidInput(row.trouble->en, row.trouble->zh);
        return std::move(error).within(fmt::format("{}:{}", kept.table.name(), row.line));
      }
      kept.rows[keyOf(row, kept.keyColumns)].push_back(&row);
    }
  }
  PL_CHECK(mapper.checkColumns());
  return mapper;
}

Status Mapper::checkTemplate(const Template& text, bool repeated) const {
  for (const auto& part : text.parts) {
    if (part.column.empty() || table_->find(part.column)) continue;
    if (repeated && (part.column == "item" || part.column == "column" || part.column == "cell")) continue;
    std::size_t dot = part.column.find('.');
    std::string join = part.column.substr(0, dot);
    if (dot != std::string::npos && join == "rows" && rules_->group && table_->find(part.column.substr(dot + 1)))
      continue;
    auto at = joined_.find(join);
    if (dot != std::string::npos && at != joined_.end()) {
      PL_TRY([[maybe_unused]] auto columns, columnsOf(at->second.table, {part.column.substr(dot + 1)}));
      continue;
    }
    PL_TRY([[maybe_unused]] auto columns, columnsOf(*table_, {part.column}));
  }
  return {};
}

Status Mapper::checkEach(const Each& each) const { return checkTemplate(each.text, true); }

Status Mapper::checkValue(const ValueRule& value, bool repeated) const {
  bool inside = repeated || value.shape == ValueRule::Shape::Repeat || value.shape == ValueRule::Shape::Sum;
  PL_CHECK(checkEach(value.each));
  PL_CHECK(checkTemplate(value.text.text, inside));
  for (const auto& [pattern, result] : value.text.patterns) PL_CHECK(checkTemplate(result, inside));
  for (const auto& [field, member] : value.members) PL_CHECK(checkValue(member, inside));
  for (const auto& one : value.items) PL_CHECK(checkValue(one, inside));
  return {};
}

// What a join is on may name the joins before it only: a ring of joins has no beginning.
Status Mapper::checkJoin(std::size_t which) const {
  const JoinRule& join = rules_->joins[which];
  PL_CHECK(checkTemplate(join.on, false));
  for (const auto& part : join.on.parts) {
    if (part.column.empty() || table_->find(part.column)) continue;
    std::string named = part.column.substr(0, part.column.find('.'));
    for (std::size_t later = which; later < rules_->joins.size(); ++later) {
      if (rules_->joins[later].name != named) continue;
      return invalidInput(fmt::format("join '{}': on: expected a column of the input or of a join above it, found '{}'",
                                      join.name, part.column),
                          fmt::format("join“{}”的 on 应为输入表或其上方 join 的列，实为“{}”", join.name, part.column));
    }
  }
  return {};
}

Status Mapper::checkColumns() const {
  PL_CHECK(checkTemplate(rules_->currency, false));
  PL_TRY([[maybe_unused]] auto key, columnsOf(*table_, rules_->key));
  PL_TRY([[maybe_unused]] auto wanted, columnsOf(*table_, rules_->columns));
  for (std::size_t i = 0; i < rules_->joins.size(); ++i) PL_CHECK(checkJoin(i));
  for (const EventRule& rule : rules_->events) {
    bool repeated = rule.each.has_value();
    if (rule.each) PL_CHECK(checkEach(*rule.each));
    if (rule.once) PL_CHECK(checkTemplate(*rule.once, repeated));
    for (const Condition& condition : rule.when) PL_CHECK(checkTemplate(condition.text, repeated));
    PL_CHECK(checkValue(rule.header, repeated));
    PL_CHECK(checkValue(rule.body, repeated));
  }
  return {};
}

std::vector<Mapper::Keyed> Mapper::records() const {
  auto columns = columnsOf(*table_, rules_->key);
  PL_ASSERT(columns.ok());  // checked by make()
  std::vector<Keyed> records;
  std::unordered_map<std::string, std::size_t> seen;
  for (const CsvRow& row : table_->rows()) {
    std::string key = keyOf(row, *columns);
    auto add = [&](std::optional<Message> trouble) {
      records.push_back({{printableKey(key), {&row}}, std::move(trouble)});
    };
    if (row.trouble) {
      add(row.trouble);
    } else if (isEmptyKey(key)) {
      add(Message{fmt::format("the key ({}) is empty", fmt::join(rules_->key, ", ")), "键列为空"});
    } else if (auto [at, fresh] = seen.emplace(key, records.size()); fresh) {
      add({});
    } else if (rules_->group) {
      records[at->second].record.rows.push_back(&row);
    } else {
      std::size_t line = records[at->second].record.rows.front()->line;
      add(Message{fmt::format("the key '{}' is that of line {}", printableKey(key), line),
                  fmt::format("键“{}”与第 {} 行重复", printableKey(key), line)});
    }
  }
  return records;
}

const std::vector<const CsvRow*>* Mapper::rowsOf(const Scope& scope, const std::string& join) const {
  if (join == "rows" && rules_->group) return &scope.record->rows;
  const Joined& joined = joined_.at(join);
  auto rule =
      std::find_if(rules_->joins.begin(), rules_->joins.end(), [&](const JoinRule& j) { return j.name == join; });
  auto at = joined.rows.find(fill(rule->on, scope));
  return at == joined.rows.end() ? nullptr : &at->second;
}

std::string Mapper::fill(const Template& text, const Scope& scope) const {
  std::string out;
  for (const auto& part : text.parts) {
    const std::string& name = part.column;
    if (name.empty()) {
      out += part.literal;
    } else if (auto column = table_->find(name)) {
      const std::string& cell = scope.record->rows.front()->cells[*column];
      out += rules_->tidy ? tidied(cell) : cell;
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
      out += row->cells[*table.find(name.substr(dot + 1))];
    }
  }
  return out;
}

std::vector<Mapper::Scope> Mapper::repeat(const Each& each, const Scope& scope) const {
  std::vector<Scope> scopes;
  if (each.source == Each::Source::Split) {
    std::string text = fill(each.text, scope);
    std::unordered_set<std::string_view> seen;
    for (std::size_t from = 0; from <= text.size();) {
      std::size_t end = std::min(text.find(each.by, from), text.size());
      std::string_view piece = trimmed(std::string_view(text).substr(from, end - from));
      if (!piece.empty() && seen.insert(piece).second && !(each.except && found(each.except, piece))) {
        scopes.push_back(scope);
        scopes.back().item = piece;
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
      scopes.push_back(std::move(inner));
      continue;
    }
    const Joined& joined = joined_.at(each.join);
    for (std::size_t i = 0; i < row->cells.size(); ++i) {
      bool isKey = std::find(joined.keyColumns.begin(), joined.keyColumns.end(), i) != joined.keyColumns.end();
      if (isKey || isZero(row->cells[i])) continue;
      inner.item = joined.table.columns()[i];
      inner.cell = row->cells[i];
      scopes.push_back(inner);
    }
  }
  return scopes;
}

bool Mapper::holds(const Condition& condition, const Scope& scope) const {
  std::string text = fill(condition.text, scope);
  auto has = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), text) != list.end();
  };
  return (condition.is.empty() || has(condition.is)) && !has(condition.isNot) &&
         (!condition.matches || found(condition.matches, text)) && !(condition.except && found(condition.except, text));
}

Result<std::string> Mapper::resolve(const TextRule& rule, const Scope& scope) const {
  std::string filled = fill(rule.text, scope);
  std::string text(trimmed(filled));
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
  for (const auto& [pattern, value] : rule.patterns) {
    if (!found(pattern, text)) continue;
    text = fill(value, scope);
    break;
  }
  return text.empty() ? rule.fallback : text;
}

template <typename J>
Result<J> Mapper::scalar(const Field& field, const TextRule& rule, const Scope& scope) const {
  PL_TRY(std::string text, resolve(rule, scope));
  if (text.empty()) return J();
  if (field.format == Format::Date) {
    PL_TRY(std::string iso, isoDate(text, rule.locale.date));
    PL_TRY([[maybe_unused]] std::int32_t date, events::parseCivilDate(iso));
    return J(iso);
  }
  if (field.type == Which::BOOL) {
    if (text == "true" || text == "false") return J(text == "true");
    return invalidInput(fmt::format("expected true or false, found '{}'; use map", text),
                        fmt::format("应为 true 或 false，实为“{}”", text));
  }
  if (field.format == Format::Decimal) {
    PL_TRY(std::string number, events::plainNumber(text, rule.locale.decimal, rule.locale.thousands));
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
  PL_TRY(std::string number, events::plainNumber(text, rule.locale.decimal, rule.locale.thousands));
  if (field.format != Format::Money) return events::parseMinor(number, 0, rule.locale.scale);
  PL_TRY(std::uint16_t currency, events::parseCurrency(fill(rules_->currency, scope)));
  return events::parseMinor(number, events::currencyDigits(currency), rule.locale.scale);
}

template <typename J>
Result<J> Mapper::total(const Field& field, const ValueRule& value, const Scope& scope) const {
  std::int64_t sum = 0;
  for (const Scope& inner : repeat(value.each, scope)) {
    PL_TRY(std::string text, resolve(value.text, inner));
    if (text.empty()) continue;
    PL_TRY(std::int64_t one, amount(field, value.text, text, inner));
    if (__builtin_add_overflow(sum, one, &sum)) return invalidInput("the sum is too large", "合计过大");
  }
  return J(sum);
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

template <typename J>
Result<J> Mapper::item(const Field* field, const ValueRule& value, const Scope& scope) const {
  switch (value.shape) {
    case ValueRule::Shape::Integer: return J(value.integer);
    case ValueRule::Shape::Boolean: return J(value.boolean);
    case ValueRule::Shape::Text: return scalar<J>(*field, value.text, scope);
    case ValueRule::Shape::Sum: return total<J>(*field, value, scope);
    case ValueRule::Shape::Struct: {
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
    case ValueRule::Shape::List:
    case ValueRule::Shape::Repeat: break;
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
  Digest digest =
      crypto::hash(crypto::SuiteId::Ed25519Sha256, {viewOf("pilotledger/import/v1\n"), viewOf(rules_->name),
                                                    viewOf("\n"), viewOf(rule.label), viewOf("\n"), viewOf(idText)});
  if (!json.contains("id")) json["id"] = events::formatUuid(events::makeUuidV8(digest));
  if (!json.contains("currency")) json["currency"] = fill(rules_->currency, scope);
  if (!json.contains("source")) json["source"] = fmt::format("{}#{}", rules_->name, scope.record->key);
  json["body"] = std::move(body).value();
  auto bytes = events::eventFromJson(json);
  if (!bytes.ok()) return std::move(bytes).error().within(rule.label);
  PL_TRY(events::Event event, events::Event::decode(*bytes));
  return MappedEvent{rule.label, once, std::move(event)};
}

Result<std::vector<MappedEvent>> Mapper::map(const Record& record) const {
  std::vector<MappedEvent> mapped;
  Scope outer;
  outer.record = &record;
  for (const EventRule& rule : rules_->events) {
    std::size_t ordinal = 0;
    for (const Scope& scope : rule.each ? repeat(*rule.each, outer) : std::vector{outer}) {
      std::string idText = rule.each ? fmt::format("{}\n{}", record.key, ordinal++) : record.key;
      if (!std::all_of(rule.when.begin(), rule.when.end(), [&](const Condition& c) { return holds(c, scope); }))
        continue;
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
