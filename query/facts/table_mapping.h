// How the schema becomes tables: which fields are the columns of which table. Shared by what creates
// the tables and what fills them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/schema/schema.h"

namespace pilotledger::query {

using events::Field;
using Which = capnp::schema::Type::Which;

// One SQL column: the fields to follow from the body, and the name.
struct MappedColumn {
  std::vector<const Field*> path;
  std::string name;
};

struct TableMapping {
  std::string table;                                                          // without "fact_"
  const Field* list = nullptr;                                                // of the list this is the child table of
  events::Confidentiality confidentiality = events::Confidentiality::PUBLIC;  // of every column
  std::vector<MappedColumn> columns;
};

struct KindMapping {
  const events::Kind* kind = nullptr;
  TableMapping body;
  std::vector<TableMapping> lists;
};

// By the kinds' discriminants.
const std::vector<KindMapping>& kindMappings();
// The lists of the header of every event.
const std::vector<TableMapping>& headerLists();

std::string columnList(const TableMapping& plan);
std::string columnName(const events::FieldPath& path);  // invoice_number
// Stored as an INTEGER.
bool isNumber(const Field& field);

inline constexpr std::string_view kEntryColumns =
    "entry_index, event_id, kind, legal_date, recorded_at, recorded_on, jurisdiction, currency, source, assurance, "
    "importer, "
    "submission, evidence_count";
inline constexpr std::string_view kTargetColumns = "entry_index, item, target";
inline constexpr std::string_view kSubmissionColumns = "submission, digest";
inline constexpr std::string_view kSignerColumns = "submission, item, key, party, roles";

}  // namespace pilotledger::query
