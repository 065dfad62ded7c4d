// Import rules: a TOML file that says which events a row of a table is. README.md shows the whole
// language by example. Loading checks every kind, field and option, its type and its value, so that
// a fault is found before the first row is read; nothing in a rules file fails later than that.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/base/result.h"
#include "events/schema/schema.h"

namespace re2 {
class RE2;
}

namespace pilotledger::import {

// Matches in time that grows with the text only, whatever the pattern.
using Pattern = std::shared_ptr<const re2::RE2>;

// "us-company:{company}": literal text and column names in turn.
struct Template {
  struct Part {
    std::string literal;
    std::string column;  // empty: literal
  };
  std::vector<Part> parts;
};

// How the input spells numbers and dates.
struct Locale {
  char decimal = '.';
  std::string thousands;  // characters to drop
  int scale = 0;          // 10^scale of the major unit: 4 for 万元
  std::string date = "yyyy-mm-dd";
};

// Text from columns, then a table of exact values or of patterns, then a default.
struct TextRule {
  Template text;
  Locale locale;
  std::map<std::string, std::string> exact;
  bool hasExact = false;
  std::vector<std::pair<Pattern, Template>> patterns;  // the first that matches decides
  std::string fallback;
};

// What to repeat for: rows of a joined table, pieces of a split cell, columns of a joined matrix.
struct Each {
  enum class Source { Rows, Split, Columns } source = Source::Rows;
  std::string join;  // Rows, Columns
  Template text;     // Split
  std::string by;
  Pattern except;  // Split: pieces that match are left out
};

struct ValueRule {
  enum class Shape { Text, Integer, Boolean, Struct, List, Repeat, Sum } shape = Shape::Text;
  TextRule text;                                                    // Text, Sum
  std::int64_t integer = 0;                                         // Integer
  bool boolean = false;                                             // Boolean
  std::vector<std::pair<const events::Field*, ValueRule>> members;  // Struct
  std::vector<ValueRule> items;                                     // List; Repeat: the one item
  Each each;                                                        // Repeat, Sum
};

struct Condition {
  Template text;
  Pattern matches;
  Pattern except;  // must not match
  std::vector<std::string> is;
  std::vector<std::string> isNot;
};

struct EventRule {
  std::string label;  // part of the event id; unique in the file
  const events::Kind* kind = nullptr;
  std::optional<Template> once;  // at most one event for each text
  std::optional<Each> each;
  std::vector<Condition> when;  // all
  ValueRule header;
  ValueRule body;
};

struct JoinRule {
  std::string name;
  std::string file;  // beside the input, unless the caller names another
  Template on;
  std::vector<std::string> key;
};

struct Rules {
  std::string name;
  std::string title;
  Template currency;  // of every amount: "EUR", or "{column}"
  char delimiter = ',';
  std::string encoding = "UTF-8";
  std::vector<std::string> key;
  bool tidy = false;                 // runs of white space and control characters become one space
  bool group = false;                // rows of one key are one record; they are the join "rows"
  std::vector<std::string> columns;  // must be there
  std::vector<JoinRule> joins;
  std::vector<EventRule> events;
};

// Somewhere in the text.
bool found(const Pattern& pattern, std::string_view text);

Result<Rules> parseRules(std::string_view toml, const std::string& name);

}  // namespace pilotledger::import
