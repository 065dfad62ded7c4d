// What the audit reports: the automatic findings, and beside them what auditors raised, with the
// state of its answer.
#pragma once

#include <string>
#include <vector>

#include "query/answer/query.h"

namespace pilotledger::query {

// A file that somebody presents as evidence; S27 compares it with what the ledger committed to.
struct PresentedFile {
  std::string path;
  std::vector<std::string> hashes;  // lower-case hex; of the same bytes, one for each suite
};

struct FindingFilter {
  std::string severity;  // "H": only high; "M": high and medium; "" or "L": all
  std::string code;      // "S04" only
  std::vector<PresentedFile> files;
  std::string entity{};  // "kind:id": what rests on an entry that names it
  std::string from{};    // ISO: what rests on an entry whose legal date is then or later
  std::string to{};      // ISO: or until then
};

inline constexpr int kFindingsVersion = 4;  // of what runFindings() answers

// Columns: code, severity, title_zh, title_en, subject, amount_at_risk, currency, detail_zh,
// detail_en, entries; then detected (auto or AUD), finding, state, due_on, answer, which are empty
// for an automatic finding that no auditor has raised; then limit and found, a measure each, which are
// empty where no limit was held against a value. Ordered by severity, code, detected.
// A finding that needs what is withheld from the reader is left out and named in `withheld`.
Result<Table> runFindings(ReadModel& model, const AsOf& at, const FindingFilter& filter);

// The presented files whose content an entry commits to, and those entries; of the last runFindings() of this model.
Result<std::vector<std::pair<std::string, std::string>>> matchingFiles(ReadModel& model);

// Neither closed nor handed on: automatic, or raised and perhaps answered.
bool isOpenFinding(const std::vector<Value>& row);

}  // namespace pilotledger::query
