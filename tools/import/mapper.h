// Rows to events by the rules. Pure: the same table and rules give the same bytes, ids included,
// so that importing again records nothing twice.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "events/base/bytes.h"
#include "events/codec.h"
#include "tools/import/csv.h"
#include "tools/import/rules.h"

namespace pilotledger::import {

struct MappedEvent {
  std::string label;  // of its rule
  std::string once;   // "" or the text it is unique by, with the label
  events::Event event;
};

// The records of one input file: a row, or the rows of one key.
struct Record {
  std::string key;
  std::vector<const CsvRow*> rows;
};

class Mapper {
 public:
  // Checks that every column the rules name is there; `joined` holds a table for every join.
  static Result<Mapper> make(const Rules& rules, const CsvTable& table, std::map<std::string, CsvTable> joined);

  // In file order. A row whose key is empty or repeats that of another record has its trouble here.
  struct Keyed {
    Record record;
    std::optional<Message> trouble;
  };
  std::vector<Keyed> records() const;

  // The events of one record. An error's `entity` is "column NAME" where one column is to blame.
  Result<std::vector<MappedEvent>> map(const Record& record) const;

 private:
  struct Joined {
    CsvTable table;
    std::vector<std::size_t> keyColumns;
    std::unordered_map<std::string, std::vector<const CsvRow*>> rows;
  };
  struct Scope;

  Mapper(const Rules& rules, const CsvTable& table) : rules_(&rules), table_(&table) {}
  Status checkTemplate(const Template& text, bool repeated) const;
  Status checkEach(const Each& each) const;
  Status checkValue(const ValueRule& value, bool repeated) const;
  Status checkJoin(std::size_t which) const;
  Status checkColumns() const;
  const std::vector<const CsvRow*>* rowsOf(const Scope& scope, const std::string& join) const;
  std::string fill(const Template& text, const Scope& scope) const;
  std::vector<Scope> repeat(const Each& each, const Scope& scope) const;
  bool holds(const Condition& condition, const Scope& scope) const;
  Result<std::string> resolve(const TextRule& rule, const Scope& scope) const;
  Result<std::int64_t> amount(const events::Field& field, const TextRule& rule, const std::string& text,
                              const Scope& scope) const;

  template <typename Json>
  Result<Json> scalar(const events::Field& field, const TextRule& rule, const Scope& scope) const;
  template <typename Json>
  Result<Json> total(const events::Field& field, const ValueRule& value, const Scope& scope) const;
  template <typename Json>
  Result<Json> item(const events::Field* field, const ValueRule& value, const Scope& scope) const;
  template <typename Json>
  Status list(const events::Field& field, const ValueRule& value, const Scope& scope, Json& out) const;
  Result<MappedEvent> build(const EventRule& rule, const Scope& scope, const std::string& once,
                            const std::string& idText) const;

  const Rules* rules_;
  const CsvTable* table_;
  std::map<std::string, Joined> joined_;
};

}  // namespace pilotledger::import
