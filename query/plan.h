// How the event schema lies in SQL tables: which fields are columns of which table. Shared by the
// files that make tables (facts), fill them (projector) and sum them (summary).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/schema.h"
#include "events/value.h"
#include "query/sqlite.h"

namespace pilotledger::query {

// One SQL column: the fields to follow from the body, and the name.
struct Column {
  events::FieldPath path;
  std::string name;
};

struct Plan {
  std::string table;            // without "fact_"
  const events::Field* list = nullptr;  // of the list this is the child table of
  std::vector<Column> columns;
};
struct KindPlan {
  const events::Kind* kind = nullptr;
  Plan body;
  std::vector<Plan> lists;
};

const std::vector<KindPlan>& plans();      // by discriminant
const std::vector<Plan>& headerLists();    // of the event's header: evidence, references
std::string columnList(const Plan& plan);  // entry_index, "award", ...
std::string columnName(const events::FieldPath& path);  // invoice_number
bool isNumber(const events::Field& field);              // INTEGER in SQL, else TEXT

inline constexpr std::string_view kEntryColumns =
    "entry_index, event_id, kind, legal_date, recorded_at, recorded_on, jurisdiction, currency, source, assurance, importer, "
    "submission, evidence_count";
inline constexpr std::string_view kSubmissionColumns = "submission, digest";
inline constexpr std::string_view kSignerColumns = "submission, item, key, party, roles";

}  // namespace pilotledger::query
