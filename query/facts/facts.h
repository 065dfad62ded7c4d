// Event schema -> SQL tables, by reflection: one table per event kind, one per list field, and
// fact_entry, fact_submission, fact_signer, fact_target (the entries of the events that an event
// names by their ids), fact_reversal, fact_attestation. No code per kind.
//
// Column types: money and integers INTEGER, dates ISO TEXT, enums their codes, hashes hex; what
// is empty is NULL. Every row carries entry_index.
#pragma once

#include <string>
#include <vector>

#include "events/schema/schema.h"

namespace pilotledger::query {

inline constexpr int kFactsVersion = 10;  // raised when the shape of the tables changes

// CREATE TABLE statements of all fact tables.
std::string factTablesSql();

// CREATE INDEX statements: on the columns that name an entity, as the schema's annotations say.
// Made after the rows of a new model, which is faster than before them.
std::string factIndexesSql();

struct FactColumn {
  std::string name;
  events::Confidentiality confidentiality = events::Confidentiality::PUBLIC;
  // Instead of a class of its own: that of the kind of its entry, or the highest of all that its
  // entry's event holds.
  enum class Of { Itself, Kind, Event } of = Of::Itself;
  bool sealed = false;  // may hold a sealed number
};

struct FactTable {
  std::string name;  // subsidy_awarded; the table is fact_subsidy_awarded
  std::vector<FactColumn> columns;
  std::string key = "entry_index";  // or "submission": the index of its first entry
  bool dated = true;                // counts from its entry's legal date on; not so what is timeless
  std::string columnList() const;   // "entry_index", "award", ...
};
std::vector<FactTable> factTables();

// Which entry names which entity, by the schema's annotations: entity (its kind), id, entry_index.
std::string entityEntriesSql();

// Every hash that an event commits to: entry_index, hash; as a SELECT over the fact tables.
std::string committedHashesSql();

}  // namespace pilotledger::query
