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

// "us-company:{company}": literal text and column names in turn. Besides columns there are {key} (of the record,
// without two rows of different keys giving one text), {number} (of the repetition, from 1), {file.name}, {file.hash}
// (SHA-256 of the input), in `each` {item}, {column}, {cell}, and in a `match` what its pattern names (?P<name>...);
// {name:6} puts zeros before it, up to six characters.
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
  std::string thousands;   // characters that stand between groups of three
  int scale = 0;           // 10^scale of the major unit: 4 for 万元
  bool exponents = false;  // "1.2E+05" is a number
  std::string date = "yyyy-mm-dd";
};

// Text from columns, then a table of exact values or of patterns, then a default.
struct TextRule {
  Template text;
  Locale locale;
  std::map<std::string, std::string> exact;
  bool hasExact = false;
  std::vector<std::pair<Pattern, Template>> patterns;  // the first that matches decides
  bool mustMatch = false;                              // a pattern takes parts of the text: without a match it is none
  std::string fallback;
  bool dropPersonal = false;  // an identity card number is left out, and that is said
};

// What to repeat for: rows of a joined table, pieces of a split cell, columns of a joined matrix, what patterns find.
struct Each {
  enum class Source { Rows, Split, Columns, Found } source = Source::Rows;
  std::string join;  // Rows, Columns
  Template text;     // Split
  std::string by;
  Pattern except;  // Split: pieces that match are left out
  TextRule finds;  // Found: every place where one of its patterns matches
};

struct ValueRule {
  enum class Shape {
    Text,
    Integer,
    Boolean,
    Struct,
    List,
    Repeat,
    Sum,    // of the values of a repetition; of amounts, whole numbers
    Count,  // how often
    Least,  // of amounts, whole numbers, dates
    Most,
    Mean,      // of amounts, whole numbers: to the nearest unit, halves away from zero
    Balance,   // `terms` added and taken away
    Hash,      // SHA-256 of the text, 64 hexadecimal digits
    EventOf,   // the id of the event that `label` makes of the record with this key
    ReceiptOf  // the id of the receipt that the ledger holds: `terms` are its platform and its invoice
  } shape = Shape::Text;
  TextRule text;                                                    // Text, Sum to Mean, Hash, EventOf
  std::vector<std::pair<bool, TextRule>> terms;                     // Balance; true: taken away
  std::string label;                                                // EventOf
  std::int64_t integer = 0;                                         // Integer
  bool boolean = false;                                             // Boolean
  std::vector<std::pair<const events::Field*, ValueRule>> members;  // Struct
  std::vector<ValueRule> items;                                     // List; Repeat: the one item
  Each each;                                                        // Repeat, Sum to Mean
};

struct Condition {
  TextRule text;
  Pattern matches;
  Pattern except;  // must not match
  std::vector<std::string> is;
  std::vector<std::string> isNot;
};

// What the ledger must hold, at that place of the order, for an event to be made: an attribute of an entity's record.
struct NeedRule {
  Template entity;        // "ip:{number}"
  std::string attribute;  // "": that it is there is enough
  bool anyValue = false;  // of the attribute
  bool silent = false;    // what is left out for want of it is not listed
  TextRule value;
};

struct EventRule {
  std::string label;  // part of the event id; unique in the file
  const events::Kind* kind = nullptr;
  std::optional<Template> once;   // at most one event for each text
  std::vector<Each> each;         // one within the other; none: one event
  std::vector<std::string> zero;  // of the amounts that make the event, those that may be empty or 0
  std::vector<Condition> when;    // all
  std::optional<NeedRule> needs;  // else it is left out, and that is said
  ValueRule header;
  ValueRule body;
};

struct JoinRule {
  std::string name;
  std::string file;  // beside the input, unless the caller names another; "": parts of each record
  std::string path;  // of XML and JSON: where in a record its parts are
  Template on;
  std::vector<std::string> key;
};

// What must be so of a record, or it is rejected.
struct CheckRule {
  enum class What {
    Sum,     // `texts` add up to `is`; with `each`, of all its rows, where there are any
    Words,   // the words say what the figures of `is` say: 壹佰圆整
    Stated,  // none is empty
    Same,    // those that are not empty are one text
    Past     // a day that is not after today
  } what = What::Sum;
  std::vector<TextRule> texts;
  std::vector<Each> each;
  TextRule is;
  std::string says;  // of whom it is about, before what was expected
};

// A column that is made of others, for the rules to say once what they ask for in several places.
struct MadeColumn {
  std::string name;
  TextRule text;  // never fails: without map, and without parts that a pattern must name
};

// What rows come first, before they are taken in turn.
struct OrderRule {
  std::string column;
  enum class As { Text, Date, Number } as = As::Text;
};

struct Rules {
  std::string name;
  std::string title;
  TextRule currency;  // of every amount: "EUR", or "{column}"
  char delimiter = ',';
  std::string encoding = "UTF-8";
  enum class Header { First, Search, None } header = Header::First;
  std::string sheet;  // of a workbook; "": the only one that holds anything
  Pattern total;      // of the rows that are left out, those that state the sums of these columns
  std::vector<std::string> totalColumns;
  Pattern skip;        // rows whose first cell that is not empty matches are left out, and counted
  std::string record;  // of XML and JSON: the path of what is a record
  std::vector<OrderRule> order;
  std::vector<CheckRule> checks;
  Locale locale;
  std::vector<std::string> key;
  bool tidy = false;                  // in every cell, runs of white space and control characters become one space
  bool group = false;                 // rows of one key are one record; they are the join "rows"
  std::vector<std::string> columns;   // must be there
  std::vector<std::string> optional;  // may be absent, and are empty then; of a join "lines.column"
  std::vector<JoinRule> joins;
  std::vector<MadeColumn> made;
  std::map<std::string, std::string> settings;  // what {set.NAME} says when the caller does not
  std::map<std::string, std::string> words;     // parts of patterns, %name% in them
  std::vector<EventRule> events;
};

// Somewhere in the text.
bool found(const Pattern& pattern, std::string_view text);

std::vector<std::string> partNames(const Pattern& pattern);
// The name of a part of `pattern`, (?P<name>...), and what it holds of the text; nullopt where it does not match.
std::optional<std::map<std::string, std::string>> partsOf(const Pattern& pattern, std::string_view text);

// The same of every place where it matches, from the left.
std::vector<std::map<std::string, std::string>> allPartsOf(const Pattern& pattern, std::string_view text);

// "reel:6": the name before the colon and the width behind it; the whole name and 0 where that is not its form.
std::pair<std::string, std::size_t> paddedName(const std::string& name);

Result<Rules> parseRules(std::string_view toml, const std::string& name);

}  // namespace pilotledger::import
