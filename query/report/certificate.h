// A signed report: a view's or the findings' CSV, its header, and a signature over both, in one file that anyone
// with a copy of the ledger recomputes.
//
// The note's text (a C2SP signed note) is lines
//
//   pilotledger/report/v1
//   origin <origin of the ledger>
//   view <name> <version>
//   parameter <name> <value>          one each, by name
//   position <entries visible>
//   root <base64 log root there>
//   on <legal day>
//   until <legal day>                when it was asked for: nothing dated after it counts
//   policy <policy version>
//   csv <suite> <hex hash of the CSV> <its bytes>
//
// and the file is
//
//   pilotledger/report-file/v1
//   <decimal length of the note in bytes>
//   <the note><the CSV>
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/base/result.h"
#include "ledger/ledger.h"
#include "query/answer/query.h"

namespace pilotledger::query {

inline constexpr std::size_t kMaxReportFileBytes = 256u << 20;

inline constexpr std::string_view kFindingsName = "findings";  // in the place of a view's name
// Of a view's table or of findings without presented files; InvalidInput for SQL, whose rows no name recomputes.
Result<std::string> certifyReport(const ledger::Ledger& ledger, const Table& table, const crypto::SigningKey& key);

struct ReportCheck {
  bool good = false;
  std::vector<std::pair<std::string, std::string>> header;  // as signed, by line
  std::vector<Message> signers;                             // who signed, and what is wrong with it, if anything
  std::vector<Message> problems;                            // empty when good; the first cell that differs among them
};
// InvalidInput when the file is no report; what does not agree is in `problems`.
Result<ReportCheck> verifyReport(const ledger::Ledger& ledger, ReadModel& model, std::string_view file);

}  // namespace pilotledger::query
