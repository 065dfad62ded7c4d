#include "tools/import/rules.h"

#include <fmt/format.h>
#include <re2/re2.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>

#include "events/base/text.h"
#include "events/money.h"
#include "tools/import/amounts.h"
#include "tools/import/rule_values.h"

namespace pilotledger::import {
namespace {

class Parser {
 public:
  Result<Rules> run(const toml::table& root);

 private:
  Status parseInput(const toml::table& table);
  Status parseJoin(const toml::node& node);
  Status parseMade(const toml::node& node);
  Status parseCheck(const toml::node& node);
  Status addJoin(const toml::node& node, JoinRule join);
  Status parseEvent(const toml::node& node);
  Result<Condition> parseCondition(const toml::node& node) const;
  Status parseZero(const toml::table& table, EventRule& rule);
  Result<NeedRule> parseNeeds(const toml::node& node) const;
  Status parseForm(const toml::table& table);
  Status parseOrder(const toml::node& node);
  Status parseCurrencyRule(const toml::table& root);
  Status checkNamed() const;

  Rules rules_;
  ValueParser values_{rules_};
};

Result<Rules> Parser::run(const toml::table& root) {
  PL_CHECK(onlyKeys(root, {"name", "title", "currency", "set", "words", "input", "join", "column", "check", "event"}));
  PL_TRY(rules_.name, optionOf<std::string>(root, "name", ""));
  PL_TRY(rules_.title, optionOf<std::string>(root, "title", ""));
  if (rules_.name.empty())
    return invalidInput("name: expected a text; it is part of every event id", "缺少 name，它是事件编号的一部分");
  PL_CHECK(requireType(root, "words", toml::node_type::table, "a table [words]", " [words] 表"));
  if (const auto* words = root["words"].as_table()) {
    for (const auto& [name, node] : *words) {
      PL_TRY([[maybe_unused]] Pattern checked, parsePattern(node, rules_));
      PL_TRY(rules_.words[std::string(name.str())], optionOf<std::string>(*words, name.str(), ""));
    }
  }
  PL_CHECK(requireType(root, "set", toml::node_type::table, "a table [set]", " [set] 表"));
  if (const auto* settings = root["set"].as_table()) {
    for (const auto& [name, node] : *settings) {
      PL_TRY(rules_.settings[std::string(name.str())], optionOf<std::string>(*settings, name.str(), ""));
    }
  }
  const auto* input = root["input"].as_table();
  if (input == nullptr) return invalidInput("expected a table [input]", "缺少 [input]");
  PL_CHECK(parseInput(*input));
  PL_CHECK(parseCurrencyRule(root));
  PL_CHECK(requireType(root, "join", toml::node_type::array, "tables [[join]]", " [[join]] 表"));
  if (const auto* joins = root["join"].as_array()) {
    for (const auto& join : *joins) PL_CHECK(parseJoin(join));
  }
  PL_CHECK(requireType(root, "column", toml::node_type::array, "tables [[column]]", " [[column]] 表"));
  if (const auto* columns = root["column"].as_array()) {
    for (const auto& column : *columns) PL_CHECK(parseMade(column));
  }
  PL_CHECK(requireType(root, "check", toml::node_type::array, "tables [[check]]", " [[check]] 表"));
  if (const auto* checks = root["check"].as_array()) {
    for (const auto& check : *checks) PL_CHECK(parseCheck(check));
  }
  const auto* list = root["event"].as_array();
  if (list == nullptr || list->empty())
    return invalidInput("expected at least one [[event]]", "至少需要一个 [[event]]");
  for (const auto& event : *list) PL_CHECK(parseEvent(event));
  PL_CHECK(checkNamed());
  return std::move(rules_);
}

Status Parser::parseCurrencyRule(const toml::table& root) {
  const auto* node = root.get("currency");
  rules_.currency.text.parts = {{"CNY", ""}};
  if (node == nullptr) return {};
  PL_TRY(rules_.currency, values_.parseText(*node));
  std::vector<std::string> codes;
  for (const auto& [from, to] : rules_.currency.exact) codes.push_back(to);
  const auto& parts = rules_.currency.text.parts;
  if (!rules_.currency.hasExact && parts.size() == 1 && parts[0].column.empty()) codes.push_back(parts[0].literal);
  for (const std::string& code : codes) {
    auto known = events::parseCurrency(code);
    if (!known.ok())
      return ruleError(*node, "currency: " + known.error().message.en, "currency：" + known.error().message.zh);
  }
  return {};
}

// An event is named by the key of its record: one that a record makes several times has no such name.
Status Parser::checkNamed() const {
  for (const auto& [label, node] : values_.named()) {
    auto rule =
        std::find_if(rules_.events.begin(), rules_.events.end(), [&](const auto& e) { return e.label == label; });
    if (rule == rules_.events.end())
      return ruleError(*node, fmt::format("event: there is no label '{}'", label),
                       fmt::format("没有 label“{}”", label));
    if (!rule->each.empty() && !rule->once)
      return ruleError(*node, fmt::format("event: a record makes '{}' several times", label),
                       fmt::format("每条记录可生成多个“{}”，无法引用", label));
  }
  return {};
}

Status Parser::parseInput(const toml::table& table) {
  PL_CHECK(onlyKeys(table, {"key", "group", "tidy", "columns", "delimiter", "encoding", "decimal", "thousands", "date",
                            "unit", "exponents", "header", "sheet", "skip", "total", "record", "order", "optional"}));
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
  if (const auto* optional = table.get("optional")) {
    PL_TRY(rules_.optional, parseTexts(*optional));
  }
  PL_CHECK(parseForm(table));
  return parseLocale(table, rules_.locale);
}

// Where in the file the table stands, and what of it is left out.
Status Parser::parseForm(const toml::table& table) {
  PL_TRY(rules_.sheet, optionOf<std::string>(table, "sheet", ""));
  PL_TRY(rules_.record, optionOf<std::string>(table, "record", ""));
  PL_TRY(std::string header, optionOf<std::string>(table, "header", "first"));
  if (header != "first" && header != "search" && header != "none")
    return ruleError(*table.get("header"), "header: expected first, search or none, found '" + header + "'",
                     "header 应为 first、search 或 none，实为“" + header + "”");
  rules_.header = header == "search" ? Rules::Header::Search
                  : header == "none" ? Rules::Header::None
                                     : Rules::Header::First;
  if (const auto* skip = table.get("skip")) {
    PL_TRY(rules_.skip, parsePattern(*skip, rules_));
  }
  if (const auto* total = table.get("total")) {
    const auto* both = total->as_table();
    if (both == nullptr || !both->contains("rows") || !both->contains("columns") || !rules_.skip)
      return ruleError(*total, "total: expected { rows = pattern, columns = [...] }, of rows that skip leaves out",
                       "total 应为 { rows = 正则, columns = [...] }，且其行须由 skip 略过");
    PL_CHECK(onlyKeys(*both, {"rows", "columns"}));
    PL_TRY(rules_.total, parsePattern(*both->get("rows"), rules_));
    PL_TRY(rules_.totalColumns, parseTexts(*both->get("columns")));
  }
  const auto* order = table.get("order");
  if (order == nullptr) return {};
  const auto* several = order->as_array();
  if (several == nullptr) return parseOrder(*order);
  for (const auto& one : *several) PL_CHECK(parseOrder(one));
  return {};
}

Status Parser::parseOrder(const toml::node& node) {
  OrderRule order;
  if (auto column = node.value_exact<std::string>()) {
    order.column = *column;
  } else {
    const auto* table = node.as_table();
    if (table == nullptr)
      return ruleError(node, "order: expected a column, or { column = ..., as = \"date\" }", "order 的写法有误");
    PL_CHECK(onlyKeys(*table, {"column", "as"}));
    PL_TRY(order.column, optionOf<std::string>(*table, "column", ""));
    PL_TRY(std::string as, optionOf<std::string>(*table, "as", "text"));
    if (as != "text" && as != "date" && as != "number")
      return ruleError(node, "order: as: expected text, date or number, found '" + as + "'",
                       "order 的 as 应为 text、date 或 number，实为“" + as + "”");
    order.as = as == "date" ? OrderRule::As::Date : as == "number" ? OrderRule::As::Number : OrderRule::As::Text;
  }
  if (order.column.empty()) return ruleError(node, "order: expected a column", "order 须指定列");
  rules_.order.push_back(std::move(order));
  return {};
}

Status Parser::parseMade(const toml::node& node) {
  const auto* table = node.as_table();
  if (table == nullptr || !table->contains("text"))
    return ruleError(node, "column: expected { name = ..., text = ..., match = [...] }", "column 的写法有误");
  PL_CHECK(onlyKeys(*table, {"name", "text", "match"}));
  MadeColumn made;
  PL_TRY(made.name, optionOf<std::string>(*table, "name", ""));
  PL_TRY(made.text, values_.parseMatched(*table));
  if (made.text.mustMatch)
    return ruleError(node, "column: match: a pattern of a column names no parts", "column 的 match 不得含命名部分");
  bool taken = made.name.empty();
  for (const MadeColumn& other : rules_.made) taken = taken || other.name == made.name;
  if (taken) return ruleError(node, "column: expected a name of its own", "column 须有不重复的 name");
  rules_.made.push_back(std::move(made));
  return {};
}

Status Parser::parseCheck(const toml::node& node) {
  static constexpr std::array<std::pair<std::string_view, CheckRule::What>, 5> kWhats = {
      {{"sum", CheckRule::What::Sum},
       {"words", CheckRule::What::Words},
       {"stated", CheckRule::What::Stated},
       {"same", CheckRule::What::Same},
       {"past", CheckRule::What::Past}}};
  const auto* table = node.as_table();
  const toml::node* texts = nullptr;
  CheckRule check;
  int named = 0;
  for (const auto& [name, what] : kWhats) {
    if (table == nullptr || !table->contains(name)) continue;
    texts = table->get(name);
    check.what = what;
    ++named;
  }
  bool against = check.what == CheckRule::What::Sum || check.what == CheckRule::What::Words;
  if (named != 1 || against != table->contains("is"))
    return ruleError(node, "check: expected sum = [...] or words = ..., and is = ...; or stated, same or past",
                     "check 的写法有误");
  PL_CHECK(onlyKeys(*table, {"sum", "words", "stated", "same", "past", "is", "each", "says"}));
  const auto* list = texts->as_array();
  for (std::size_t i = 0; i < (list == nullptr ? 1 : list->size()); ++i) {
    PL_TRY(TextRule one, values_.parseText(list == nullptr ? *texts : (*list)[i]));
    check.texts.push_back(std::move(one));
  }
  if (check.texts.empty() || (check.what == CheckRule::What::Sum && list == nullptr))
    return ruleError(node, "check: sum: expected a list of texts", "check 的 sum 应为文本列表");
  if (against) {
    PL_TRY(check.is, values_.parseText(*table->get("is")));
  }
  PL_TRY(check.says, optionOf<std::string>(*table, "says", ""));
  if (const auto* each = table->get("each")) {
    PL_TRY(Each rows, values_.parseEach(*each));
    check.each.push_back(std::move(rows));
  }
  rules_.checks.push_back(std::move(check));
  return {};
}

Status Parser::parseJoin(const toml::node& node) {
  const auto* table = node.as_table();
  if (table == nullptr) return ruleError(node, "expected a table [[join]]", "应为 [[join]]");
  PL_CHECK(onlyKeys(*table, {"name", "file", "on", "key", "path"}));
  JoinRule join;
  PL_TRY(join.name, optionOf<std::string>(*table, "name", ""));
  PL_TRY(join.file, optionOf<std::string>(*table, "file", ""));
  PL_TRY(join.path, optionOf<std::string>(*table, "path", ""));
  const auto* on = table->get("on");
  const auto* key = table->get("key");
  if (!join.path.empty()) {
    if (on != nullptr || key != nullptr || !join.file.empty() || join.name.empty())
      return ruleError(node, "a join by path has a name, and no file, key or on", "以 path 关联时只写 name 与 path");
    if (rules_.record.empty())
      return ruleError(node, "path: only for XML and JSON, where input.record says what a record is",
                       "path 仅用于 XML 与 JSON（须有 input.record）");
    join.on.parts = {{"", "@record"}};
    join.key = {"@record"};
    return addJoin(node, std::move(join));
  }
  if (join.name.empty() || join.file.empty() || on == nullptr || key == nullptr) {
    return ruleError(node, "a join needs name, file, key and on", "[[join]] 须有 name、file、key、on");
  }
  PL_TRY(join.on, parseTemplate(*on));
  PL_TRY(join.key, parseTexts(*key));
  return addJoin(node, std::move(join));
}

Status Parser::addJoin(const toml::node& node, JoinRule join) {
  bool taken = rules_.group && join.name == "rows";
  for (const JoinRule& other : rules_.joins) taken = taken || other.name == join.name;
  if (taken)
    return ruleError(node, fmt::format("join '{}': the name is taken", join.name),
                     fmt::format("join“{}”重名", join.name));
  rules_.joins.push_back(std::move(join));
  return {};
}

Status Parser::parseEvent(const toml::node& node) {
  const auto* table = node.as_table();
  if (table == nullptr) return ruleError(node, "expected a table [[event]]", "应为 [[event]]");
  PL_CHECK(onlyKeys(*table, {"label", "kind", "once", "each", "when", "needs", "zero", "header", "body"}));
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
    const auto* several = each->as_array();
    for (std::size_t i = 0; i < (several == nullptr ? 1 : several->size()); ++i) {
      PL_TRY(Each one, values_.parseEach(several == nullptr ? *each : (*several)[i]));
      rule.each.push_back(std::move(one));
    }
    if (rule.each.empty()) return ruleError(*each, "each: expected what to repeat for", "each 不得为空");
  }
  PL_CHECK(parseZero(*table, rule));
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
  if (const auto* needs = table->get("needs")) {
    PL_TRY(rule.needs, parseNeeds(*needs));
  }
  const auto* header = table->get("header");
  const auto* body = table->get("body");
  if (header == nullptr || body == nullptr)
    return ruleError(node, "an event needs header and body", "[[event]] 须有 header 和 body");
  if (header->as_table() != nullptr && header->as_table()->contains("currency")) {
    return ruleError(*header, "currency stands at the top of the file, for all amounts", "currency 须写在文件顶部");
  }
  PL_TRY(rule.header, values_.parseStruct(*header, events::headerInfo()));
  PL_TRY(rule.body, values_.parseStruct(*body, *rule.kind->body));
  rules_.events.push_back(std::move(rule));
  return {};
}

Status Parser::parseZero(const toml::table& table, EventRule& rule) {
  const auto* zero = table.get("zero");
  if (zero == nullptr) return {};
  PL_TRY(rule.zero, parseTexts(*zero));
  auto amounts = makingAmounts(*rule.kind);
  for (const std::string& name : rule.zero) {
    if (std::find(amounts.begin(), amounts.end(), name) == amounts.end())
      return ruleError(*zero, fmt::format("zero: expected one of {}, found '{}'", fmt::join(amounts, ", "), name),
                       fmt::format("zero 应为 {} 之一，实为“{}”", fmt::join(amounts, ", "), name));
  }
  return {};
}

Result<NeedRule> Parser::parseNeeds(const toml::node& node) const {
  const auto* table = node.as_table();
  const auto* entity = table == nullptr ? nullptr : table->get("entity");
  if (entity == nullptr)
    return ruleError(node, "needs: expected { entity = \"kind:{id}\", has = \"attribute\", value = ... }",
                     "needs 的写法有误");
  PL_CHECK(onlyKeys(*table, {"entity", "has", "value", "silent"}));
  const auto* value = table->get("value");
  NeedRule need;
  PL_TRY(need.entity, parseTemplate(*entity));
  PL_TRY(need.attribute, optionOf<std::string>(*table, "has", ""));
  need.anyValue = value == nullptr;
  PL_TRY(need.silent, optionOf(*table, "silent", false));
  if (value != nullptr) {
    PL_TRY(need.value, values_.parseText(*value));
  }
  if (need.attribute.empty() && (value != nullptr || table->contains("has")))
    return ruleError(node, "needs: has: expected an attribute of the entity's record", "needs 须以 has 指明属性");
  return need;
}

Result<Condition> Parser::parseCondition(const toml::node& node) const {
  const auto* table = node.as_table();
  if (table == nullptr || !table->contains("text")) {
    return ruleError(node,
                     "when: expected { text = \"{column}\", is = ... | not = ... | matches = ... | except = ... }",
                     "when 的写法有误");
  }
  PL_CHECK(onlyKeys(*table, {"text", "match", "is", "not", "matches", "except"}));
  Condition condition;
  PL_TRY(condition.text, values_.parseMatched(*table));
  if (const auto* is = table->get("is")) {
    PL_TRY(condition.is, parseTexts(*is));
  }
  if (const auto* isNot = table->get("not")) {
    PL_TRY(condition.isNot, parseTexts(*isNot));
  }
  if (const auto* matches = table->get("matches")) {
    PL_TRY(condition.matches, parsePattern(*matches, rules_));
  }
  if (const auto* except = table->get("except")) {
    PL_TRY(condition.except, parsePattern(*except, rules_));
  }
  return condition;
}

}  // namespace

bool found(const Pattern& pattern, std::string_view text) {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern);
}

std::vector<std::string> partNames(const Pattern& pattern) {
  std::vector<std::string> names;
  for (const auto& [name, number] : pattern->NamedCapturingGroups()) names.push_back(name);
  return names;
}

std::optional<std::map<std::string, std::string>> partsOf(const Pattern& pattern, std::string_view text) {
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(pattern->NumberOfCapturingGroups()) + 1);
  re2::StringPiece whole(text.data(), text.size());
  if (!pattern->Match(whole, 0, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size())))
    return std::nullopt;
  std::map<std::string, std::string> parts;
  for (const auto& [name, number] : pattern->NamedCapturingGroups()) {
    const auto& group = groups[static_cast<std::size_t>(number)];
    parts[name] = std::string(group.data() == nullptr ? "" : group.data(), group.size());
  }
  return parts;
}

std::vector<std::map<std::string, std::string>> allPartsOf(const Pattern& pattern, std::string_view text) {
  std::vector<std::map<std::string, std::string>> all;
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(pattern->NumberOfCapturingGroups()) + 1);
  re2::StringPiece whole(text.data(), text.size());
  for (std::size_t at = 0; at <= text.size();) {
    if (!pattern->Match(whole, at, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size())))
      break;
    std::map<std::string, std::string> parts;
    for (const auto& [name, number] : pattern->NamedCapturingGroups()) {
      const auto& group = groups[static_cast<std::size_t>(number)];
      parts[name] = std::string(group.data() == nullptr ? "" : group.data(), group.size());
    }
    all.push_back(std::move(parts));
    auto end = static_cast<std::size_t>(groups[0].data() - text.data()) + groups[0].size();
    at = groups[0].empty() ? end + 1 : end;
  }
  return all;
}

std::pair<std::string, std::size_t> paddedName(const std::string& name) {
  std::size_t colon = name.rfind(':');
  if (colon == name.npos || colon + 2 != name.size() || name[colon + 1] < '1' || name[colon + 1] > '9')
    return {name, 0};
  return {name.substr(0, colon), static_cast<std::size_t>(name[colon + 1] - '0')};
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
