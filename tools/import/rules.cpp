#include "tools/import/rules.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <array>

#include "events/text.h"

namespace pilotledger::import {
namespace {

using events::Field;
using events::StructInfo;
using Which = capnp::schema::Type::Which;

Error ruleError(const toml::node& node, const std::string& what, const std::string& zh = {}) {
  std::string at = fmt::format("line {}", node.source().begin.line);
  return invalidInput(at + ": " + what, zh.empty() ? std::string() : fmt::format("第 {} 行：{}", node.source().begin.line, zh));
}

Result<Template> parseTemplate(const toml::node& node) {
  auto text = node.value<std::string>();
  if (!text) return ruleError(node, "expected a text such as \"{column}\"", "应为文本，如 \"{列名}\"");
  Template out;
  std::size_t at = 0;
  while (at < text->size()) {
    std::size_t open = text->find('{', at);
    if (open != at) out.parts.push_back({text->substr(at, open - at), ""});
    if (open == text->npos) break;
    std::size_t close = text->find('}', open);
    if (close == text->npos || close == open + 1) return ruleError(node, "'{' without a column name and '}'", "“{”缺少列名或“}”");
    out.parts.push_back({"", text->substr(open + 1, close - open - 1)});
    at = close + 1;
  }
  return out;
}

Result<std::vector<std::string>> parseTexts(const toml::node& node) {
  std::vector<std::string> texts;
  if (auto one = node.value<std::string>()) return std::vector{*one};
  const auto* array = node.as_array();
  if (array == nullptr) return ruleError(node, "expected a text or a list of texts", "应为文本或文本列表");
  for (const auto& item : *array) {
    auto text = item.value<std::string>();
    if (!text) return ruleError(item, "expected a text", "应为文本");
    texts.push_back(*text);
  }
  return texts;
}

Result<std::regex> parsePattern(const toml::node& node) {
  auto text = node.value<std::string>();
  if (!text) return ruleError(node, "expected a regular expression", "应为正则表达式");
  try {
    return std::regex(*text, std::regex::ECMAScript | std::regex::optimize);
  } catch (const std::regex_error& error) {
    return ruleError(node, fmt::format("'{}' is no regular expression: {}", *text, error.what()), "正则表达式有误");
  }
}

Result<int> parseUnit(const toml::node& node) {
  struct Unit {
    std::string_view name;
    int scale;
  };
  static constexpr std::array<Unit, 10> kUnits = {{{"1", 0}, {"元", 0}, {"千元", 3}, {"万元", 4}, {"百万元", 6}, {"亿元", 8},
                                                   {"thousand", 3}, {"million", 6}, {"%", 2}, {"share", 4}}};
  auto text = node.value<std::string>();
  std::string known;
  for (const Unit& unit : kUnits) {
    if (text && *text == unit.name) return unit.scale;
    known += (known.empty() ? "" : ", ") + std::string(unit.name);
  }
  return ruleError(node, "unit: expected one of " + known, "单位应为以下之一：" + known);
}

// Refuses keys that nobody reads, with the nearest one that somebody does.
Status onlyKeys(const toml::table& table, const std::vector<std::string_view>& known) {
  for (const auto& [key, node] : table) {
    std::string_view name = key.str();
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string_view close = events::nearest(name, known);
    return ruleError(node, fmt::format("unknown key '{}'{}", name, close.empty() ? "" : fmt::format("; did you mean '{}'?", close)),
                     fmt::format("未知键“{}”", name));
  }
  return {};
}

Status parseLocale(const toml::table& table, Locale& locale) {
  if (const auto* node = table.get("decimal")) {
    auto text = node->value<std::string>();
    if (!text || text->size() != 1) return ruleError(*node, "decimal: expected one character", "小数点应为一个字符");
    locale.decimal = (*text)[0];
  }
  if (const auto* node = table.get("thousands")) locale.thousands = node->value_or<std::string>("");
  if (const auto* node = table.get("date")) locale.date = node->value_or<std::string>("");
  if (const auto* node = table.get("unit")) {
    PL_TRY(locale.scale, parseUnit(*node));
  }
  return {};
}

class Parser {
 public:
  Result<Rules> run(const toml::table& root);

 private:
  Status parseInput(const toml::table& table);
  Status parseJoin(const toml::node& node);
  Status parseEvent(const toml::node& node);
  Result<Condition> parseCondition(const toml::node& node) const;
  Result<Each> parseEach(const toml::node& node) const;
  Result<TextRule> parseText(const toml::node& node) const;
  Result<ValueRule> parseStruct(const toml::node& node, const StructInfo& info) const;
  Result<ValueRule> parseValue(const toml::node& node, const Field& field) const;
  Result<ValueRule> parseItem(const toml::node& node, const Field& field) const;
  Result<ValueRule> parseRepeat(const toml::table& table, const Field& field) const;

  Rules rules_;
  Locale locale_;
};

Result<Rules> Parser::run(const toml::table& root) {
  PL_CHECK(onlyKeys(root, {"name", "title", "currency", "input", "join", "event"}));
  rules_.name = root["name"].value_or<std::string>("");
  rules_.title = root["title"].value_or<std::string>("");
  if (rules_.name.empty()) return invalidInput("name: expected a text; it is part of every event id", "缺少 name，它是事件编号的一部分");
  rules_.currency.parts = {{"CNY", ""}};
  if (const auto* currency = root.get("currency")) {
    PL_TRY(rules_.currency, parseTemplate(*currency));
  }
  const auto* input = root["input"].as_table();
  if (input == nullptr) return invalidInput("expected a table [input]", "缺少 [input]");
  PL_CHECK(parseInput(*input));
  if (const auto* joins = root["join"].as_array()) {
    for (const auto& join : *joins) PL_CHECK(parseJoin(join));
  }
  const auto* list = root["event"].as_array();
  if (list == nullptr || list->empty()) return invalidInput("expected at least one [[event]]", "至少需要一个 [[event]]");
  for (const auto& event : *list) PL_CHECK(parseEvent(event));
  return std::move(rules_);
}

Status Parser::parseInput(const toml::table& table) {
  PL_CHECK(onlyKeys(table, {"key", "group", "tidy", "columns", "delimiter", "encoding", "decimal", "thousands", "date", "unit"}));
  const auto* key = table.get("key");
  if (key == nullptr) return ruleError(table, "input.key: expected the columns that name a row", "缺少 input.key");
  PL_TRY(rules_.key, parseTexts(*key));
  rules_.tidy = table["tidy"].value_or(false);
  rules_.group = table["group"].value_or(false);
  rules_.encoding = table["encoding"].value_or<std::string>("UTF-8");
  std::string delimiter = table["delimiter"].value_or<std::string>(",");
  if (delimiter.size() != 1) return ruleError(table, "delimiter: expected one character", "分隔符应为一个字符");
  rules_.delimiter = delimiter[0];
  if (const auto* columns = table.get("columns")) {
    PL_TRY(rules_.columns, parseTexts(*columns));
  }
  return parseLocale(table, locale_);
}

Status Parser::parseJoin(const toml::node& node) {
  const auto* table = node.as_table();
  if (table == nullptr) return ruleError(node, "expected a table [[join]]", "应为 [[join]]");
  PL_CHECK(onlyKeys(*table, {"name", "file", "on", "key"}));
  JoinRule join;
  join.name = (*table)["name"].value_or<std::string>("");
  join.file = (*table)["file"].value_or<std::string>("");
  const auto* on = table->get("on");
  const auto* key = table->get("key");
  if (join.name.empty() || join.file.empty() || on == nullptr || key == nullptr) {
    return ruleError(node, "a join needs name, file, key and on", "[[join]] 须有 name、file、key、on");
  }
  PL_TRY(join.on, parseTemplate(*on));
  PL_TRY(join.key, parseTexts(*key));
  rules_.joins.push_back(std::move(join));
  return {};
}

Status Parser::parseEvent(const toml::node& node) {
  const auto* table = node.as_table();
  if (table == nullptr) return ruleError(node, "expected a table [[event]]", "应为 [[event]]");
  PL_CHECK(onlyKeys(*table, {"label", "kind", "once", "each", "when", "header", "body"}));
  EventRule rule;
  std::string kind = (*table)["kind"].value_or<std::string>("");
  rule.kind = events::findKind(kind);
  if (rule.kind == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& known : events::kinds()) names.push_back(known.name);
    std::string_view close = events::nearest(kind, names);
    return ruleError(node, fmt::format("unknown kind '{}'{}", kind, close.empty() ? "" : fmt::format("; did you mean '{}'?", close)),
                     fmt::format("未知事件种类“{}”", kind));
  }
  rule.label = (*table)["label"].value_or<std::string>(std::string(rule.kind->name));
  for (const auto& other : rules_.events) {
    if (other.label == rule.label) return ruleError(node, fmt::format("label '{}' is used twice; give each event its own", rule.label), "label 重复");
  }
  if (const auto* once = table->get("once")) {
    PL_TRY(rule.once, parseTemplate(*once));
  }
  if (const auto* each = table->get("each")) {
    PL_TRY(rule.each, parseEach(*each));
  }
  if (const auto* when = table->get("when")) {
    const auto* several = when->as_array();
    if (several == nullptr) {
      PL_TRY(Condition condition, parseCondition(*when));
      rule.when.push_back(std::move(condition));
    } else {
      for (const auto& one : *several) {
        PL_TRY(Condition condition, parseCondition(one));
        rule.when.push_back(std::move(condition));
      }
    }
  }
  const auto* header = table->get("header");
  const auto* body = table->get("body");
  if (header == nullptr || body == nullptr) return ruleError(node, "an event needs header and body", "[[event]] 须有 header 和 body");
  if (header->as_table() != nullptr && header->as_table()->contains("currency")) {
    return ruleError(*header, "currency stands at the top of the file, for all amounts", "currency 须写在文件顶部");
  }
  PL_TRY(rule.header, parseStruct(*header, events::headerInfo()));
  PL_TRY(rule.body, parseStruct(*body, *rule.kind->body));
  rules_.events.push_back(std::move(rule));
  return {};
}

Result<Condition> Parser::parseCondition(const toml::node& node) const {
  const auto* table = node.as_table();
  if (table == nullptr || !table->contains("text")) {
    return ruleError(node, "when: expected { text = \"{column}\", is = ... | not = ... | matches = ... }", "when 的写法有误");
  }
  PL_CHECK(onlyKeys(*table, {"text", "is", "not", "matches"}));
  Condition condition;
  PL_TRY(condition.text, parseTemplate(*table->get("text")));
  if (const auto* is = table->get("is")) {
    PL_TRY(condition.is, parseTexts(*is));
  }
  if (const auto* isNot = table->get("not")) {
    PL_TRY(condition.isNot, parseTexts(*isNot));
  }
  if (const auto* matches = table->get("matches")) {
    PL_TRY(condition.matches, parsePattern(*matches));
  }
  return condition;
}

Result<Each> Parser::parseEach(const toml::node& node) const {
  Each each;
  if (auto name = node.value<std::string>()) {
    each.join = *name;
  } else if (const auto* table = node.as_table(); table != nullptr && table->contains("columns")) {
    PL_CHECK(onlyKeys(*table, {"columns"}));
    each.source = Each::Source::Columns;
    each.join = (*table)["columns"].value_or<std::string>("");
  } else if (table != nullptr && table->contains("split")) {
    PL_CHECK(onlyKeys(*table, {"split", "by", "except"}));
    each.source = Each::Source::Split;
    PL_TRY(each.text, parseTemplate(*table->get("split")));
    each.by = (*table)["by"].value_or<std::string>(";");
    if (const auto* except = table->get("except")) {
      PL_TRY(each.except, parsePattern(*except));
    }
    return each;
  } else {
    return ruleError(node, "each: expected a join's name, { split = ..., by = ... } or { columns = \"join\" }", "each 的写法有误");
  }
  bool known = rules_.group && each.join == "rows";
  for (const auto& join : rules_.joins) known = known || join.name == each.join;
  if (!known) return ruleError(node, fmt::format("each: there is no join '{}'", each.join), fmt::format("没有名为“{}”的 join", each.join));
  return each;
}

Result<TextRule> Parser::parseText(const toml::node& node) const {
  TextRule rule;
  rule.locale = locale_;
  const auto* table = node.as_table();
  if (table == nullptr) {
    PL_TRY(rule.text, parseTemplate(node));
    return rule;
  }
  PL_CHECK(onlyKeys(*table, {"text", "sum", "each", "decimal", "thousands", "date", "unit", "map", "match", "default"}));
  const auto* text = table->contains("sum") ? table->get("sum") : table->get("text");
  if (text == nullptr) return ruleError(node, "expected text = \"{column}\"", "缺少 text");
  PL_TRY(rule.text, parseTemplate(*text));
  PL_CHECK(parseLocale(*table, rule.locale));
  rule.fallback = (*table)["default"].value_or<std::string>("");
  if (const auto* map = (*table)["map"].as_table()) {
    rule.hasExact = true;
    for (const auto& [key, value] : *map) rule.exact[std::string(key.str())] = value.value_or<std::string>("");
  }
  if (const auto* match = (*table)["match"].as_array()) {
    for (const auto& pair : *match) {
      const auto* both = pair.as_array();
      if (both == nullptr || both->size() != 2) return ruleError(pair, "match: expected [pattern, text]", "match 应为 [正则, 文本]");
      PL_TRY(std::regex pattern, parsePattern((*both)[0]));
      PL_TRY(Template value, parseTemplate((*both)[1]));
      rule.patterns.emplace_back(std::move(pattern), std::move(value));
    }
  }
  return rule;
}

Result<ValueRule> Parser::parseStruct(const toml::node& node, const StructInfo& info) const {
  const auto* table = node.as_table();
  if (table == nullptr) return ruleError(node, fmt::format("expected a table with the fields of {}", info.name), "应为字段表");
  ValueRule rule;
  rule.shape = ValueRule::Shape::Struct;
  std::vector<std::string_view> names;
  for (const Field& field : info.fields) names.push_back(field.name);
  PL_CHECK(onlyKeys(*table, names));
  for (const Field& field : info.fields) {
    const auto* value = table->get(field.name);
    if (value == nullptr) continue;
    PL_TRY(ValueRule member, parseValue(*value, field));
    rule.members.emplace_back(&field, std::move(member));
  }
  return rule;
}

Result<ValueRule> Parser::parseValue(const toml::node& node, const Field& field) const {
  if (!field.isList) return parseItem(node, field);
  if (const auto* table = node.as_table()) return parseRepeat(*table, field);
  const auto* array = node.as_array();
  if (array == nullptr) return ruleError(node, fmt::format("{} is a list: expected [ ... ] or {{ each = ..., value = ... }}", field.name), "此字段为列表");
  ValueRule rule;
  rule.shape = ValueRule::Shape::List;
  for (const auto& item : *array) {
    PL_TRY(ValueRule one, item.is_table() && item.as_table()->contains("each") ? parseRepeat(*item.as_table(), field) : parseItem(item, field));
    rule.items.push_back(std::move(one));
  }
  return rule;
}

Result<ValueRule> Parser::parseRepeat(const toml::table& table, const Field& field) const {
  PL_CHECK(onlyKeys(table, {"each", "value"}));
  const auto* each = table.get("each");
  const auto* value = table.get("value");
  if (each == nullptr || value == nullptr) return ruleError(table, "expected each and value", "须有 each 和 value");
  ValueRule rule;
  rule.shape = ValueRule::Shape::Repeat;
  PL_TRY(rule.each, parseEach(*each));
  PL_TRY(ValueRule item, parseItem(*value, field));
  rule.items.push_back(std::move(item));
  return rule;
}

// A value that is no list, or one element of a list.
Result<ValueRule> Parser::parseItem(const toml::node& node, const Field& field) const {
  if (field.type == Which::STRUCT) return parseStruct(node, *field.element);
  ValueRule rule;
  if (auto integer = node.value_exact<std::int64_t>()) {
    rule.shape = ValueRule::Shape::Integer;
    rule.integer = *integer;
    return rule;
  }
  if (auto boolean = node.value_exact<bool>()) {
    rule.shape = ValueRule::Shape::Boolean;
    rule.boolean = *boolean;
    return rule;
  }
  if (const auto* table = node.as_table(); table != nullptr && table->contains("sum")) {
    if (field.format != events::Format::Money) return ruleError(node, "sum: only amounts are added up", "仅金额可求和");
    const auto* each = table->get("each");
    if (each == nullptr) return ruleError(node, "sum: expected each", "sum 须有 each");
    rule.shape = ValueRule::Shape::Sum;
    PL_TRY(rule.each, parseEach(*each));
  }
  PL_TRY(rule.text, parseText(node));
  return rule;
}

}  // namespace

Result<Rules> parseRules(std::string_view toml, const std::string& name) {
  try {
    toml::table root = toml::parse(toml, name);
    auto rules = Parser().run(root);
    if (!rules.ok()) return std::move(rules).error().within(name);
    return rules;
  } catch (const toml::parse_error& error) {
    return invalidInput(fmt::format("{}: line {}: {}", name, error.source().begin.line, error.description()),
                        fmt::format("{}：第 {} 行：TOML 语法错误", name, error.source().begin.line));
  }
}

}  // namespace pilotledger::import
