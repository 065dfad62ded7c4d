#include "tools/import/rules.h"

#include <fmt/format.h>
#include <re2/re2.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <type_traits>

#include "events/base/text.h"
#include "tools/import/dates.h"

namespace pilotledger::import {
namespace {

using events::Field;
using events::StructInfo;
using Which = capnp::schema::Type::Which;

Error ruleError(const toml::node& node, const std::string& what, const std::string& zh = {}) {
  std::string at = fmt::format("line {}", node.source().begin.line);
  return invalidInput(at + ": " + what,
                      zh.empty() ? std::string() : fmt::format("第 {} 行：{}", node.source().begin.line, zh));
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
    if (close == text->npos || close == open + 1)
      return ruleError(node, "'{' without a column name and '}'", "“{”缺少列名或“}”");
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

Result<Pattern> parsePattern(const toml::node& node) {
  auto text = node.value<std::string>();
  if (!text) return ruleError(node, "expected a regular expression", "应为正则表达式");
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto pattern = std::make_shared<const re2::RE2>(*text, options);
  if (pattern->ok()) return pattern;
  return ruleError(node,
                   fmt::format("'{}' is no regular expression of RE2: {}", events::shortened(*text), pattern->error()),
                   fmt::format("“{}”不是 RE2 正则表达式：{}", events::shortened(*text), pattern->error()));
}

// The value of a key when it is there, refused when it is of another type.
template <typename T>
Result<T> optionOf(const toml::table& table, std::string_view key, T otherwise) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return otherwise;
  if (auto value = node->value_exact<T>()) return *value;
  constexpr bool kText = std::is_same_v<T, std::string>;
  return ruleError(*node, fmt::format("{}: expected {}", key, kText ? "a text" : "true or false"),
                   fmt::format("{}：应为{}", key, kText ? "文本" : " true 或 false"));
}

Status requireType(const toml::table& table, std::string_view key, toml::node_type type, std::string_view en,
                   std::string_view zh) {
  const toml::node* node = table.get(key);
  if (node == nullptr || node->type() == type) return {};
  return ruleError(*node, fmt::format("{}: expected {}", key, en), fmt::format("{}：应为{}", key, zh));
}

// One character that is neither part of a number nor of the form of the file.
Result<char> parseSeparator(const toml::table& table, std::string_view key, char otherwise) {
  PL_TRY(std::string text, optionOf<std::string>(table, key, std::string(1, otherwise)));
  auto byte = static_cast<unsigned char>(text.empty() ? '\0' : text[0]);
  bool good =
      text.size() == 1 && (byte >= 0x20 || byte == '\t') && byte < 0x7f && byte != '"' && std::isalnum(byte) == 0;
  if (good) return text[0];
  return ruleError(*table.get(key), fmt::format("{}: expected one ASCII character, no letter, digit or quote", key),
                   fmt::format("{}：应为一个 ASCII 字符，且不是字母、数字或引号", key));
}

Result<int> parseUnit(const toml::node& node) {
  struct Unit {
    std::string_view name;
    int scale;
  };
  static constexpr std::array<Unit, 10> kUnits = {{{"1", 0},
                                                   {"元", 0},
                                                   {"千元", 3},
                                                   {"万元", 4},
                                                   {"百万元", 6},
                                                   {"亿元", 8},
                                                   {"thousand", 3},
                                                   {"million", 6},
                                                   {"%", 2},
                                                   {"share", 4}}};
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
    return ruleError(
        node, fmt::format("unknown key '{}'{}", name, close.empty() ? "" : fmt::format("; did you mean '{}'?", close)),
        fmt::format("未知键“{}”", name));
  }
  return {};
}

Status parseLocale(const toml::table& table, Locale& locale) {
  PL_TRY(locale.decimal, parseSeparator(table, "decimal", locale.decimal));
  PL_TRY(locale.thousands, optionOf(table, "thousands", locale.thousands));
  PL_TRY(locale.date, optionOf(table, "date", locale.date));
  if (!isDatePattern(locale.date)) {
    return ruleError(*table.get("date"),
                     fmt::format("date: expected yyyy once, and m, mm, d or dd once at most, found '{}'", locale.date),
                     fmt::format("date：应含一个 yyyy，m 或 mm、d 或 dd 各至多一个，实为“{}”", locale.date));
  }
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
  PL_TRY(rules_.name, optionOf<std::string>(root, "name", ""));
  PL_TRY(rules_.title, optionOf<std::string>(root, "title", ""));
  if (rules_.name.empty())
    return invalidInput("name: expected a text; it is part of every event id", "缺少 name，它是事件编号的一部分");
  rules_.currency.parts = {{"CNY", ""}};
  if (const auto* currency = root.get("currency")) {
    PL_TRY(rules_.currency, parseTemplate(*currency));
  }
  const auto* input = root["input"].as_table();
  if (input == nullptr) return invalidInput("expected a table [input]", "缺少 [input]");
  PL_CHECK(parseInput(*input));
  PL_CHECK(requireType(root, "join", toml::node_type::array, "tables [[join]]", " [[join]] 表"));
  if (const auto* joins = root["join"].as_array()) {
    for (const auto& join : *joins) PL_CHECK(parseJoin(join));
  }
  const auto* list = root["event"].as_array();
  if (list == nullptr || list->empty())
    return invalidInput("expected at least one [[event]]", "至少需要一个 [[event]]");
  for (const auto& event : *list) PL_CHECK(parseEvent(event));
  return std::move(rules_);
}

Status Parser::parseInput(const toml::table& table) {
  PL_CHECK(onlyKeys(
      table, {"key", "group", "tidy", "columns", "delimiter", "encoding", "decimal", "thousands", "date", "unit"}));
  const auto* key = table.get("key");
  if (key == nullptr) return ruleError(table, "input.key: expected the columns that name a row", "缺少 input.key");
  PL_TRY(rules_.key, parseTexts(*key));
  if (rules_.key.empty())
    return ruleError(*key, "input.key: expected the columns that name a row", "input.key 不得为空");
  PL_TRY(rules_.tidy, optionOf(table, "tidy", false));
  PL_TRY(rules_.group, optionOf(table, "group", false));
  PL_TRY(rules_.encoding, optionOf<std::string>(table, "encoding", "UTF-8"));
  PL_TRY(rules_.delimiter, parseSeparator(table, "delimiter", ','));
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
  PL_TRY(join.name, optionOf<std::string>(*table, "name", ""));
  PL_TRY(join.file, optionOf<std::string>(*table, "file", ""));
  const auto* on = table->get("on");
  const auto* key = table->get("key");
  if (join.name.empty() || join.file.empty() || on == nullptr || key == nullptr) {
    return ruleError(node, "a join needs name, file, key and on", "[[join]] 须有 name、file、key、on");
  }
  bool taken = rules_.group && join.name == "rows";
  for (const JoinRule& other : rules_.joins) taken = taken || other.name == join.name;
  if (taken)
    return ruleError(node, fmt::format("join '{}': the name is taken", join.name),
                     fmt::format("join“{}”重名", join.name));
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
  PL_TRY(std::string kind, optionOf<std::string>(*table, "kind", ""));
  rule.kind = events::findKind(kind);
  if (rule.kind == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& known : events::kinds()) names.push_back(known.name);
    std::string_view close = events::nearest(kind, names);
    return ruleError(
        node, fmt::format("unknown kind '{}'{}", kind, close.empty() ? "" : fmt::format("; did you mean '{}'?", close)),
        fmt::format("未知事件种类“{}”", kind));
  }
  PL_TRY(rule.label, optionOf(*table, "label", rule.kind->name));
  for (const auto& other : rules_.events) {
    if (other.label == rule.label)
      return ruleError(node, fmt::format("label '{}' is used twice; give each event its own", rule.label),
                       "label 重复");
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
  if (header == nullptr || body == nullptr)
    return ruleError(node, "an event needs header and body", "[[event]] 须有 header 和 body");
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
    return ruleError(node,
                     "when: expected { text = \"{column}\", is = ... | not = ... | matches = ... | except = ... }",
                     "when 的写法有误");
  }
  PL_CHECK(onlyKeys(*table, {"text", "is", "not", "matches", "except"}));
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
  if (const auto* except = table->get("except")) {
    PL_TRY(condition.except, parsePattern(*except));
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
    PL_TRY(each.join, optionOf<std::string>(*table, "columns", ""));
  } else if (table != nullptr && table->contains("split")) {
    PL_CHECK(onlyKeys(*table, {"split", "by", "except"}));
    each.source = Each::Source::Split;
    PL_TRY(each.text, parseTemplate(*table->get("split")));
    PL_TRY(each.by, optionOf<std::string>(*table, "by", ";"));
    if (each.by.empty())
      return ruleError(*table->get("by"), "by: expected the text between the pieces, found none",
                       "by：分隔文本不得为空");
    if (const auto* except = table->get("except")) {
      PL_TRY(each.except, parsePattern(*except));
    }
    return each;
  } else {
    return ruleError(node, "each: expected a join's name, { split = ..., by = ... } or { columns = \"join\" }",
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

Result<TextRule> Parser::parseText(const toml::node& node) const {
  TextRule rule;
  rule.locale = locale_;
  const auto* table = node.as_table();
  if (table == nullptr) {
    PL_TRY(rule.text, parseTemplate(node));
    return rule;
  }
  PL_CHECK(
      onlyKeys(*table, {"text", "sum", "each", "decimal", "thousands", "date", "unit", "map", "match", "default"}));
  const auto* text = table->contains("sum") ? table->get("sum") : table->get("text");
  if (text == nullptr) return ruleError(node, "expected text = \"{column}\"", "缺少 text");
  PL_TRY(rule.text, parseTemplate(*text));
  PL_CHECK(parseLocale(*table, rule.locale));
  PL_TRY(rule.fallback, optionOf<std::string>(*table, "default", ""));
  PL_CHECK(requireType(*table, "map", toml::node_type::table, "a table { from = \"to\" }", "表 { 原值 = \"取值\" }"));
  PL_CHECK(requireType(*table, "match", toml::node_type::array, "a list of [pattern, text]", "[正则, 文本] 列表"));
  if (const auto* map = (*table)["map"].as_table()) {
    rule.hasExact = true;
    for (const auto& [key, value] : *map) {
      PL_TRY(rule.exact[std::string(key.str())], optionOf<std::string>(*map, key.str(), ""));
    }
  }
  if (const auto* match = (*table)["match"].as_array()) {
    for (const auto& pair : *match) {
      const auto* both = pair.as_array();
      if (both == nullptr || both->size() != 2)
        return ruleError(pair, "match: expected [pattern, text]", "match 应为 [正则, 文本]");
      PL_TRY(Pattern pattern, parsePattern((*both)[0]));
      PL_TRY(Template value, parseTemplate((*both)[1]));
      rule.patterns.emplace_back(std::move(pattern), std::move(value));
    }
  }
  return rule;
}

Result<ValueRule> Parser::parseStruct(const toml::node& node, const StructInfo& info) const {
  const auto* table = node.as_table();
  if (table == nullptr)
    return ruleError(node, fmt::format("expected a table with the fields of {}", info.name), "应为字段表");
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
  if (array == nullptr)
    return ruleError(node, fmt::format("{} is a list: expected [ ... ] or {{ each = ..., value = ... }}", field.name),
                     "此字段为列表");
  ValueRule rule;
  rule.shape = ValueRule::Shape::List;
  for (const auto& item : *array) {
    PL_TRY(ValueRule one, item.is_table() && item.as_table()->contains("each") ? parseRepeat(*item.as_table(), field)
                                                                               : parseItem(item, field));
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

bool found(const Pattern& pattern, std::string_view text) {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern);
}

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
