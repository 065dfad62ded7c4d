// Rows to events by the rules. Pure: the same table and rules give the same bytes, ids included,
// so that importing again records nothing twice.
#pragma once

#include <functional>
#include <map>
#include <set>
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
  // What the ledger must hold: an attribute of an entity with this value. Without an entity, nothing.
  struct Need {
    std::string entity, attribute, value;
    bool anyValue = false;  // of the attribute; without one, that the entity is there is enough
    bool silent = false;    // nobody asks why it was left out
  } need;
  bool zero = false;  // an amount that makes it is empty or 0, as the rules let it be
  events::Event event;
};

// The records of one input file: a row, or the rows of one key.
struct Record {
  std::string key;  // one text for one key: of several columns, their cells with "/" between and %2F for theirs
  std::vector<const CsvRow*> rows;
};

// What {file.name}, {file.hash}, {signer} and {set.NAME} say. Records of several files bear their own name and hash
// (input.h).
struct SourceFile {
  std::string name, hash;
  std::map<std::string, std::string> settings{};
  std::string signer{};  // the party that signs for itself; "" where an importer signs
  std::string today{};   // ISO, for checks that a day is past; "": none is made
};

class Mapper {
 public:
  // Checks that every column the rules name is there; `joined` holds a table for every join.
  static Result<Mapper> make(const Rules& rules, const CsvTable& table, std::map<std::string, CsvTable> joined,
                             SourceFile file = {});

  // In file order, or as the rules say. A row whose key is empty or repeats that of another record has its trouble
  // here, and so has one that joins a row, or asks for a cell, that is in doubt.
  struct Keyed {
    Record record;
    std::optional<Message> trouble;
  };
  Result<std::vector<Keyed>> records() const;

  // Rows of joined tables that cannot be read and name no record: table, row.
  const std::vector<std::pair<std::string, const CsvRow*>>& orphans() const { return orphans_; }

  // Whether events say where they come from: importers' do, and nobody else's may (a rule of the ledger).
  enum class Origin { Said, Unsaid };
  // The events of one record. An error's `entity` is "column NAME" where one column is to blame.
  // What else the mapping of a record asks for, and tells.
  struct Asking {
    // The id of the one receipt of the platform that bears the invoice; InvalidInput where there is none, or several.
    std::function<Result<std::string>(const std::string& platform, const std::string& invoice)> receiptOf;
    std::vector<std::string> dropped;  // fields whose personal data were left out
  };
  Result<std::vector<MappedEvent>> map(const Record& record, Origin origin = Origin::Said,
                                       Asking* asking = nullptr) const;

 private:
  struct Joined {
    CsvTable table;
    std::vector<std::size_t> keyColumns;
    std::unordered_map<std::string, std::vector<const CsvRow*>> rows;
    std::set<std::size_t> asked;  // columns that the rules use
  };
  struct Scope;

  Mapper(const Rules& rules, const CsvTable& table, SourceFile file)
      : rules_(&rules), table_(&table), file_(std::move(file)) {}
  // mapper_checks.cpp: that what the rules name is there; notes the columns that are asked for.
  Status checkTemplate(const Template& text, bool repeated, const std::set<std::string>& parts = {});
  Status checkText(const TextRule& rule, bool repeated);
  Status checkEach(const Each& each);
  Status checkMade();
  const MadeColumn* made(const std::string& name) const;
  Status checkValue(const ValueRule& value, bool repeated);
  Status checkJoin(std::size_t which);
  Status checkColumns();
  Status noteColumn(const std::string& name);
  // record_checks.cpp
  Status checkRecord(const Scope& scope) const;
  Status checkOne(const CheckRule& check, const Scope& scope) const;
  Status checkAmounts(const CheckRule& check, const Scope& scope) const;
  Result<bool> lacksAmount(const EventRule& rule, const std::set<std::string>& stated) const;

  std::optional<Message> doubtOf(const Record& record) const;
  std::optional<Message> lostKey(const CsvRow& row, const std::vector<std::size_t>& columns) const;
  std::optional<Message> differenceOf(const Record& record) const;
  Status sort(std::vector<Keyed>& records) const;

  // mapper_values.cpp
  const std::vector<const CsvRow*>* rowsOf(const Scope& scope, const std::string& join) const;
  std::string fill(const Template& text, const Scope& scope) const;
  std::vector<Scope> repeat(const Each& each, const Scope& scope) const;
  std::vector<Scope> repeat(const std::vector<Each>& within, const Scope& scope) const;  // none: the scope itself
  std::vector<Scope> findings(const Each& each, const Scope& scope) const;
  Result<bool> holds(const Condition& condition, const Scope& scope) const;
  Result<bool> holdAll(const std::vector<Condition>& conditions, const Scope& scope) const;
  Result<std::string> resolve(const TextRule& rule, const Scope& scope) const;
  Result<std::int64_t> amount(const events::Field& field, const TextRule& rule, const std::string& text,
                              const Scope& scope) const;
  Result<std::string> receiptIdOf(const ValueRule& value, const Scope& scope) const;
  Result<std::string> eventIdOf(const ValueRule& value, const Scope& scope) const;
  std::string eventId(const std::string& label, const std::string& idText) const;

  template <typename Json>
  Result<Json> scalar(const events::Field& field, const TextRule& rule, const Scope& scope) const;
  template <typename Json>
  Result<Json> over(const events::Field& field, const ValueRule& value, const Scope& scope) const;
  template <typename Json>
  Result<Json> balance(const events::Field& field, const ValueRule& value, const Scope& scope) const;
  template <typename Json>
  Result<Json> item(const events::Field* field, const ValueRule& value, const Scope& scope) const;
  template <typename Json>
  Result<Json> object(const ValueRule& value, const Scope& scope) const;
  template <typename Json>
  Status list(const events::Field& field, const ValueRule& value, const Scope& scope, Json& out) const;
  Result<MappedEvent::Need> needOf(const EventRule& rule, const Scope& scope) const;
  Result<MappedEvent> build(const EventRule& rule, const Scope& scope, const std::string& once,
                            const std::string& idText) const;

  const Rules* rules_;
  const CsvTable* table_;
  SourceFile file_;
  std::map<std::string, Joined> joined_;
  std::set<std::size_t> asked_;
  std::set<std::size_t> plain_;  // columns that stand for one value of the whole record, not row by row
  std::vector<std::pair<std::string, const CsvRow*>> orphans_;
};

}  // namespace pilotledger::import
