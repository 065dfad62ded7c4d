// The parts of import rules that say where a value comes from. For rules.cpp; only these know the TOML library.
#pragma once

#include <fmt/format.h>
#include <toml++/toml.h>

#include <array>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "events/schema/schema.h"
#include "tools/import/rules.h"

namespace pilotledger::import {

// A value over a repetition.
inline constexpr std::array<std::string_view, 5> kOver = {"sum", "count", "min", "max", "mean"};
bool isInteger(capnp::schema::Type::Which type);
// An amount or another whole number, no date and no currency.
bool isWholeNumber(const events::Field& field);

// Says the line.
Error ruleError(const toml::node& node, const std::string& what, const std::string& zh = {});
Result<Template> parseTemplate(const toml::node& node);
Result<std::vector<std::string>> parseTexts(const toml::node& node);       // a text or a list of texts
Result<Pattern> parsePattern(const toml::node& node, const Rules& rules);  // %name%: the words of that name
Status requireType(const toml::table& table, std::string_view key, toml::node_type type, std::string_view en,
                   std::string_view zh);
// Refuses keys that nobody reads, with the nearest one that somebody does.
Status onlyKeys(const toml::table& table, const std::vector<std::string_view>& known);
Result<char> parseSeparator(const toml::table& table, std::string_view key, char otherwise);
Status parseLocale(const toml::table& table, Locale& locale);

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

// Values of events, by the schema: types, constants and names are checked here, before the first row is read.
class ValueParser {
 public:
  explicit ValueParser(const Rules& rules) : rules_(rules) {}
  Result<Each> parseEach(const toml::node& node) const;
  Result<TextRule> parseText(const toml::node& node) const;
  // Its text, under that name, and match.
  Result<TextRule> parseMatched(const toml::table& table, std::string_view text = "text") const;
  Result<ValueRule> parseStruct(const toml::node& node, const events::StructInfo& info) const;

  // Events that are named by {event = ..., key = ...}: each must be there when all are read.
  struct Named {
    std::string label;
    const toml::node* node;
  };
  const std::vector<Named>& named() const { return named_; }

 private:
  Result<ValueRule> parseValue(const toml::node& node, const events::Field& field) const;
  Result<ValueRule> parseItem(const toml::node& node, const events::Field& field) const;
  Result<ValueRule> parseTable(const toml::table& table, const events::Field& field) const;
  Result<ValueRule> parseRepeat(const toml::table& table, const events::Field& field) const;
  Result<ValueRule> parseOver(const toml::table& table, const events::Field& field) const;
  Result<ValueRule> parseBalance(const toml::table& table, const events::Field& field) const;
  Result<ValueRule> parseReceiptOf(const toml::table& table, const events::Field& field) const;
  Result<ValueRule> parseEventOf(const toml::table& table, const events::Field& field) const;

  const Rules& rules_;
  mutable std::vector<Named> named_;
};

}  // namespace pilotledger::import
