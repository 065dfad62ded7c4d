// Event schema -> SQL tables, by reflection: one table per event kind, one per list field, and
// fact_entry, fact_submission, fact_signer, fact_reversal, fact_attestation. No code per kind.
//
// Column types: money and integers INTEGER, dates ISO TEXT, enums their codes, hashes hex; what
// is empty is NULL. Every row carries entry_index.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "query/sqlite.h"

namespace pilotledger::query {

inline constexpr int kFactsVersion = 4;  // raised when the shape of the tables changes

// CREATE TABLE statements of all fact tables.
std::string factTablesSql();

// CREATE INDEX statements: on the columns that name an entity, as the schema's annotations say.
// Made after the rows of a new model, which is faster than before them.
std::string factIndexesSql();

struct FactTable {
  std::string name;     // subsidy_awarded; the table is fact_subsidy_awarded
  std::string columns;  // "entry_index, award, ..."
  std::string key = "entry_index";  // or "submission": the index of its first entry
};
std::vector<FactTable> factTables();

// The balanced postings of all kinds, as a SELECT over the fact tables: line, books, account,
// amount, with the entry's date and currency. Nothing is stored twice.
std::string postingsSql();

// Every hash that an event commits to: entry_index, hash; as a SELECT over the fact tables.
std::string committedHashesSql();

// Writes recorded events as rows. Used inside one transaction of the caller.
class Projector {
 public:
  using IndexOf = std::function<std::optional<std::uint64_t>(const EventId&)>;
  static Result<std::unique_ptr<Projector>> create(Database& database, std::string logKeyName, IndexOf indexOf);
  ~Projector();
  Status project(const ledger::Recorded& recorded);

 private:
  struct Rep;
  explicit Projector(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace pilotledger::query
