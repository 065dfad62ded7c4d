#include "tools/import/rule_values.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "events/admission.h"
#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/base/uuid.h"
#include "events/money.h"
#include "tools/import/dates.h"

namespace pilotledger::import {
namespace {

using events::Field;
using events::Format;
using events::StructInfo;
using Which = capnp::schema::Type::Which;

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

const std::vector<std::string_view> kTextKeys = {"text", "sum",       "count", "min",       "max",  "mean",
                                                 "each", "decimal",   "date",  "thousands", "unit", "personal",
                                                 "map",  "exponents", "match", "default"};

// What the template always says; nullopt when it depends on the row.
std::optional<std::string> constantOf(const Template& text) {
  std::string all;
  for (const auto& part : text.parts) {
    if (!part.column.empty()) return std::nullopt;
    all += part.literal;
  }
  return all;
}

// Whether a field takes a text that stands in the rules, as it would be refused row by row.
Status checkConstant(const Field& field, const Locale& locale, const std::string& text) {
  if (text.empty()) return {};
  if (field.format == Format::Date) {
    PL_TRY(std::string iso, isoDate(text, locale.date));
    PL_TRY([[maybe_unused]] std::int32_t day, events::parseCivilDate(iso));
  } else if (field.format == Format::Decimal) {
    PL_TRY([[maybe_unused]] std::string number, events::plainNumber(text, locale.decimal, locale.thousands));
  } else if (isWholeNumber(field)) {
    constexpr int kMostDigits = 4;
    PL_TRY(std::string number, events::plainNumber(text, locale.decimal, locale.thousands));
    PL_TRY([[maybe_unused]] std::int64_t value,
           events::parseMinor(number, field.format == Format::Money ? kMostDigits : 0, locale.scale));
  } else if (field.type == Which::BOOL && text != "true" && text != "false") {
    return invalidInput(fmt::format("expected true or false, found '{}'", text),
                        fmt::format("应为 true 或 false，实为“{}”", text));
  } else if (field.type == Which::ENUM && !field.enumeration->find(text)) {
    std::string codes;
    for (std::size_t i = 1; i < field.enumeration->values.size(); ++i)
      codes += (i > 1 ? ", " : "") + field.enumeration->values[i].code;
    return invalidInput(fmt::format("expected one of {}, found '{}'", codes, text),
                        fmt::format("应为以下之一：{}，实为“{}”", codes, text));
  } else if (field.format == Format::Uuid) {
    PL_TRY([[maybe_unused]] auto id, events::parseUuid(text));
  } else if (field.type == Which::TEXT) {
    PL_TRY([[maybe_unused]] std::string admitted, events::admittedText(field, text));
  }
  return {};
}

Status checkConstants(const toml::node& node, const Field& field, const TextRule& rule) {
  std::vector<std::string> texts{rule.fallback};
  auto written = constantOf(rule.text);
  if (written && !rule.hasExact && rule.patterns.empty()) texts.push_back(*written);
  for (const auto& [from, to] : rule.exact) {
    if (rule.patterns.empty()) texts.push_back(to);
  }
  for (const auto& [pattern, to] : rule.patterns) texts.push_back(constantOf(to).value_or(""));
  for (const std::string& text : texts) {
    auto status = checkConstant(field, rule.locale, text);
    if (status.ok()) continue;
    const Message& why = status.error().message;
    return ruleError(node, field.name + ": " + why.en, field.name + "：" + (why.zh.empty() ? why.en : why.zh));
  }
  return {};
}

}  // namespace

Error ruleError(const toml::node& node, const std::string& what, const std::string& zh) {
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

namespace {

// %name% in a pattern stands for the words of that name. A percent sign alone is one.
Result<std::string> withWords(const toml::node& node, const std::string& text, const Rules& rules) {
  static const re2::RE2 kName("%([a-z]+)%");
  std::string out;
  re2::StringPiece rest(text), name;
  for (const char* from = rest.data(); re2::RE2::FindAndConsume(&rest, kName, &name); from = rest.data()) {
    auto at = rules.words.find(std::string(name.data(), name.size()));
    if (at == rules.words.end())
      return ruleError(node, fmt::format("there are no words '{}'", std::string(name.data(), name.size())),
                       fmt::format("没有名为“{}”的 words", std::string(name.data(), name.size())));
    out.append(from, static_cast<std::size_t>(name.data() - 1 - from)).append("(?:" + at->second + ")");
  }
  return out.append(rest.data(), rest.size());
}

}  // namespace

Result<Pattern> parsePattern(const toml::node& node, const Rules& rules) {
  auto text = node.value<std::string>();
  if (!text) return ruleError(node, "expected a regular expression", "应为正则表达式");
  PL_TRY(*text, withWords(node, *text, rules));
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto pattern = std::make_shared<const re2::RE2>(*text, options);
  if (pattern->ok()) return pattern;
  return ruleError(node,
                   fmt::format("'{}' is no regular expression of RE2: {}", events::shortened(*text), pattern->error()),
                   fmt::format("“{}”不是 RE2 正则表达式：{}", events::shortened(*text), pattern->error()));
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
    return ruleError(
        *table.get("date"),
        fmt::format("date: expected any, or yyyy or yy once, and of m, mm or mmm, d or dd, HH, MM, SS each once "
                    "at most, found '{}'",
                    locale.date),
        fmt::format("date：应为 any，或含一个 yyyy 或 yy，月、日、时、分、秒各至多一个，实为“{}”", locale.date));
  }
  PL_TRY(locale.exponents, optionOf(table, "exponents", locale.exponents));
  if (locale.thousands.find(locale.decimal) != locale.thousands.npos)
    return ruleError(table, fmt::format("thousands: '{}' is the decimal sign", locale.decimal),
                     fmt::format("thousands：“{}”已是小数点", locale.decimal));
  if (const auto* node = table.get("unit")) {
    PL_TRY(locale.scale, parseUnit(*node));
  }
  return {};
}

namespace {

Status parseMatches(const toml::table& table, const Rules& rules, TextRule& rule) {
  PL_CHECK(requireType(table, "match", toml::node_type::array, "a list of [pattern, text]", "[正则, 文本] 列表"));
  if (const auto* match = table["match"].as_array()) {
    for (const auto& pair : *match) {
      const auto* both = pair.as_array();
      if (both == nullptr || both->size() != 2)
        return ruleError(pair, "match: expected [pattern, text]", "match 应为 [正则, 文本]");
      PL_TRY(Pattern pattern, parsePattern((*both)[0], rules));
      PL_TRY(Template value, parseTemplate((*both)[1]));
      rule.mustMatch = rule.mustMatch || !pattern->NamedCapturingGroups().empty();
      rule.patterns.emplace_back(std::move(pattern), std::move(value));
    }
  }
  return {};
}

}  // namespace

Result<TextRule> ValueParser::parseMatched(const toml::table& table, std::string_view text) const {
  TextRule rule;
  rule.locale = rules_.locale;
  PL_TRY(rule.text, parseTemplate(*table.get(text)));
  PL_CHECK(parseMatches(table, rules_, rule));
  return rule;
}

Result<TextRule> ValueParser::parseText(const toml::node& node) const {
  TextRule rule;
  rule.locale = rules_.locale;
  const auto* table = node.as_table();
  if (table == nullptr) {
    PL_TRY(rule.text, parseTemplate(node));
    return rule;
  }
  PL_CHECK(onlyKeys(*table, kTextKeys));
  const auto* text = table->get("text");
  for (std::string_view over : kOver) text = table->contains(over) ? table->get(over) : text;
  if (text == nullptr) return ruleError(node, "expected text = \"{column}\"", "缺少 text");
  PL_TRY(rule.text, parseTemplate(*text));
  PL_CHECK(parseLocale(*table, rule.locale));
  PL_TRY(rule.fallback, optionOf<std::string>(*table, "default", ""));
  PL_TRY(std::string personal, optionOf<std::string>(*table, "personal", ""));
  if (!personal.empty() && personal != "drop")
    return ruleError(*table->get("personal"), "personal: expected drop", "personal 应为 drop");
  rule.dropPersonal = !personal.empty();
  PL_CHECK(requireType(*table, "map", toml::node_type::table, "a table { from = \"to\" }", "表 { 原值 = \"取值\" }"));
  if (const auto* map = (*table)["map"].as_table()) {
    rule.hasExact = true;
    for (const auto& [key, value] : *map) {
      PL_TRY(rule.exact[std::string(key.str())], optionOf<std::string>(*map, key.str(), ""));
    }
  }
  PL_CHECK(parseMatches(*table, rules_, rule));
  return rule;
}

Result<ValueRule> ValueParser::parseStruct(const toml::node& node, const StructInfo& info) const {
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
    auto member = parseValue(*value, field);
    if (!member.ok()) return std::move(member).error();
    rule.members.emplace_back(&field, std::move(*member));
  }
  for (const Field& field : info.fields) {
    bool made = &info == &events::headerInfo() && field.name == "id";  // from the record's key
    if (!field.required || made || table->contains(field.name)) continue;
    return ruleError(node, fmt::format("{}: expected, since every {} has one", field.name, info.name),
                     fmt::format("缺少必填字段 {}", field.name));
  }
  return rule;
}

Result<ValueRule> ValueParser::parseValue(const toml::node& node, const Field& field) const {
  if (!field.isList) return parseItem(node, field);
  if (const auto* table = node.as_table()) return parseRepeat(*table, field);
  const auto* array = node.as_array();
  if (array == nullptr)
    return ruleError(node, fmt::format("{} is a list: expected [ ... ] or {{ each = ..., value = ... }}", field.name),
                     "此字段为列表");
  ValueRule rule;
  rule.shape = ValueRule::Shape::List;
  for (const auto& item : *array) {
    bool repeated = item.is_table() && item.as_table()->contains("each") && item.as_table()->contains("value");
    PL_TRY(ValueRule one, repeated ? parseRepeat(*item.as_table(), field) : parseItem(item, field));
    rule.items.push_back(std::move(one));
  }
  return rule;
}

Result<ValueRule> ValueParser::parseRepeat(const toml::table& table, const Field& field) const {
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
Result<ValueRule> ValueParser::parseItem(const toml::node& node, const Field& field) const {
  if (field.type == Which::STRUCT) return parseStruct(node, *field.element);
  ValueRule rule;
  if (auto integer = node.value_exact<std::int64_t>()) {
    if (!isWholeNumber(field))
      return ruleError(node, fmt::format("{}: expected a text, found a number", field.name),
                       fmt::format("{}：应为文本，实为数字", field.name));
    rule.shape = ValueRule::Shape::Integer;
    rule.integer = *integer;
    return rule;
  }
  if (auto boolean = node.value_exact<bool>()) {
    if (field.type != Which::BOOL)
      return ruleError(node, fmt::format("{}: expected a text, found true or false", field.name),
                       fmt::format("{}：应为文本，实为 true 或 false", field.name));
    rule.shape = ValueRule::Shape::Boolean;
    rule.boolean = *boolean;
    return rule;
  }
  if (const auto* table = node.as_table()) return parseTable(*table, field);
  PL_TRY(rule.text, parseText(node));
  PL_CHECK(checkConstants(node, field, rule.text));
  return rule;
}

// { text = ... }, or a value that is computed.
Result<ValueRule> ValueParser::parseTable(const toml::table& table, const Field& field) const {
  for (std::string_view over : kOver) {
    if (table.contains(over)) return parseOver(table, field);
  }
  if (table.contains("plus") || table.contains("minus")) return parseBalance(table, field);
  if (table.contains("event")) return parseEventOf(table, field);
  if (table.contains("invoice")) return parseReceiptOf(table, field);
  ValueRule rule;
  if (const auto* hash = table.get("hash")) {
    PL_CHECK(onlyKeys(table, {"hash"}));
    if (field.format != Format::Hash && field.type != Which::TEXT)
      return ruleError(table, "hash: only for texts and hashes", "hash 仅用于文本与哈希字段");
    rule.shape = ValueRule::Shape::Hash;
    rule.text.locale = rules_.locale;
    PL_TRY(rule.text.text, parseTemplate(*hash));
    return rule;
  }
  PL_TRY(rule.text, parseText(table));
  PL_CHECK(checkConstants(table, field, rule.text));
  return rule;
}

}  // namespace pilotledger::import
