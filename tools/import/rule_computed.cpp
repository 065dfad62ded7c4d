// Values that are computed, named or found, and what is repeated.
#include <array>

#include "tools/import/rule_values.h"

namespace pilotledger::import {

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

bool isWholeNumber(const Field& field) {
  return isInteger(field.type) && field.format != Format::Date && field.format != Format::Currency;
}

Result<Each> ValueParser::parseEach(const toml::node& node) const {
  Each each;
  if (auto name = node.value<std::string>()) {
    each.join = *name;
  } else if (const auto* table = node.as_table(); table != nullptr && table->contains("columns")) {
    PL_CHECK(onlyKeys(*table, {"columns"}));
    each.source = Each::Source::Columns;
    PL_TRY(each.join, optionOf<std::string>(*table, "columns", ""));
  } else if (table != nullptr && table->contains("found")) {
    PL_CHECK(onlyKeys(*table, {"found", "match"}));
    each.source = Each::Source::Found;
    PL_TRY(each.finds, parseMatched(*table, "found"));
    if (each.finds.patterns.empty())
      return ruleError(node, "each: found: expected match = [[pattern, text]]", "each 的 found 须有 match");
    return each;
  } else if (table != nullptr && table->contains("split")) {
    PL_CHECK(onlyKeys(*table, {"split", "by", "except"}));
    each.source = Each::Source::Split;
    PL_TRY(each.text, parseTemplate(*table->get("split")));
    PL_TRY(each.by, optionOf<std::string>(*table, "by", ";"));
    if (each.by.empty())
      return ruleError(*table->get("by"), "by: expected the text between the pieces, found none",
                       "by：分隔文本不得为空");
    if (const auto* except = table->get("except")) {
      PL_TRY(each.except, parsePattern(*except, rules_));
    }
    return each;
  } else {
    return ruleError(node,
                     "each: expected a join's name, { split = ..., by = ... }, { columns = \"join\" } or "
                     "{ found = ..., match = ... }",
                     "each 的写法有误");
  }
  // The rows of a group are a join, but no matrix: they have no key of their own.
  bool known = rules_.group && each.join == "rows" && each.source == Each::Source::Rows;
  for (const auto& join : rules_.joins) known = known || join.name == each.join;
  if (!known)
    return ruleError(node, fmt::format("each: there is no join '{}'", each.join),
                     fmt::format("没有名为“{}”的 join", each.join));
  return each;
}

Result<ValueRule> ValueParser::parseOver(const toml::table& table, const Field& field) const {
  static constexpr std::array<ValueRule::Shape, kOver.size()> kShapes = {
      ValueRule::Shape::Sum, ValueRule::Shape::Count, ValueRule::Shape::Least, ValueRule::Shape::Most,
      ValueRule::Shape::Mean};
  ValueRule rule;
  std::string_view name;
  for (std::size_t i = 0; i < kOver.size(); ++i) {
    if (!table.contains(kOver[i])) continue;
    if (!name.empty())
      return ruleError(table, fmt::format("expected {} or {}, found both", name, kOver[i]), "只应有其中之一");
    name = kOver[i];
    rule.shape = kShapes[i];
  }
  bool date =
      field.format == Format::Date && (rule.shape == ValueRule::Shape::Least || rule.shape == ValueRule::Shape::Most);
  if (!isWholeNumber(field) && !date)
    return ruleError(
        table,
        fmt::format("{}: only for amounts and whole numbers{}", name, name[0] == 'm' ? ", min and max for dates" : ""),
        fmt::format("{} 仅用于金额与整数{}", name, name[0] == 'm' ? "（min、max 可用于日期）" : ""));
  const auto* each = table.get("each");
  if (each == nullptr)
    return ruleError(table, fmt::format("{}: expected each", name), fmt::format("{} 须有 each", name));
  PL_TRY(rule.each, parseEach(*each));
  PL_TRY(rule.text, parseText(table));
  return rule;
}

Result<ValueRule> ValueParser::parseBalance(const toml::table& table, const Field& field) const {
  PL_CHECK(onlyKeys(table, {"plus", "minus", "decimal", "thousands", "unit", "exponents"}));
  if (!isWholeNumber(field))
    return ruleError(table, "plus, minus: only for amounts and whole numbers", "plus、minus 仅用于金额与整数");
  ValueRule rule;
  rule.shape = ValueRule::Shape::Balance;
  Locale locale = rules_.locale;
  PL_CHECK(parseLocale(table, locale));
  for (std::string_view side : {"plus", "minus"}) {
    const auto* node = table.get(side);
    if (node == nullptr) continue;
    PL_TRY([[maybe_unused]] auto texts, parseTexts(*node));
    const auto* several = node->as_array();
    for (std::size_t i = 0; i < (several == nullptr ? 1 : several->size()); ++i) {
      TextRule term;
      term.locale = locale;
      PL_TRY(term.text, parseTemplate(several == nullptr ? *node : (*several)[i]));
      rule.terms.emplace_back(side == "minus", std::move(term));
    }
  }
  return rule;
}

Result<ValueRule> ValueParser::parseReceiptOf(const toml::table& table, const Field& field) const {
  PL_CHECK(onlyKeys(table, {"invoice", "platform"}));
  if (field.format != Format::Uuid || !table.contains("platform"))
    return ruleError(table, "invoice: expected { invoice = ..., platform = ... }, of a field that names an event",
                     "应为 { invoice = ..., platform = ... }，且仅用于引用事件的字段");
  ValueRule rule;
  rule.shape = ValueRule::Shape::ReceiptOf;
  for (std::string_view key : {"platform", "invoice"}) {
    PL_TRY(TextRule part, parseText(*table.get(key)));
    rule.terms.emplace_back(false, std::move(part));
  }
  return rule;
}

Result<ValueRule> ValueParser::parseEventOf(const toml::table& table, const Field& field) const {
  PL_CHECK(onlyKeys(table, {"event", "key"}));
  if (field.format != Format::Uuid)
    return ruleError(table, "event: only for fields that name an event", "event 仅用于引用事件的字段");
  ValueRule rule;
  rule.shape = ValueRule::Shape::EventOf;
  PL_TRY(rule.label, optionOf<std::string>(table, "event", ""));
  const auto* key = table.get("key");
  if (key == nullptr) return ruleError(table, "event: expected key, of the record that made it", "event 须有 key");
  PL_TRY([[maybe_unused]] auto texts, parseTexts(*key));
  const auto* several = key->as_array();
  for (std::size_t i = 0; i < (several == nullptr ? 1 : several->size()); ++i) {
    TextRule part;
    part.locale = rules_.locale;
    PL_TRY(part.text, parseTemplate(several == nullptr ? *key : (*several)[i]));
    rule.terms.emplace_back(false, std::move(part));
  }
  named_.push_back({rule.label, &table});
  return rule;
}

}  // namespace pilotledger::import
