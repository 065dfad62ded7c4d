// Events as rows of a table: a workbook made by `template KIND --format xlsx` and filled in, or CSV with the same
// heads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "events/schema/schema.h"

namespace pilotledger::cli {

// A workbook to fill in with events of a kind; its heads are in the language, codes are chosen from lists of labels.
Result<std::string> eventForm(const events::Kind& kind, Language language);

// Whether the bytes are a workbook.
bool isWorkbook(std::string_view bytes);

// JSON Lines of the rows, empty cells left out. `kind` names the event kind where the table does not (a form does).
// What is wrong with a cell is said with its row and head. InvalidInput.
Result<std::string> eventsOfTable(std::string bytes, const std::string& name, const std::string& kind);

// The first organisations of a ledger: rows of a party (party, name, kind, division) and a key of it (key, roles,
// level). A party with several keys stands on several rows; one without a key is registered only. An authority's key
// acts for the authority's own division unless the row says otherwise. InvalidInput.
struct FoundingEvents {
  std::string lines;              // JSON Lines of PartyRegistered and KeyBound, dated `day`
  std::vector<std::size_t> rows;  // of each, the row of the table
};
Result<FoundingEvents> foundingEvents(std::string bytes, const std::string& name, const std::string& day);

}  // namespace pilotledger::cli
