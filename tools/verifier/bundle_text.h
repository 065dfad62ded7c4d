// The answer of several ledgers, in words and as JSON; shared by the offline verifier and `pledge --ledgers`.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

#include "ledger/proof/bundle.h"

namespace pilotledger::verifier {

// One row of the table that people get.
struct CombinedRow {
  std::string origin, name;
  std::string answer;    // the headline in a word; "-" where there is none
  std::string words;     // what it means; or why there is none
  std::string position;  // entries; "-" where there is none
  std::string day;       // of the last of them
};
std::vector<CombinedRow> combinedRows(const proof::CombinedAnswer& answer, Language speech);

// The answer in one sentence: pledged or frozen on which; on none of the N ledgers; or that it cannot be said, and why.
std::string combinedSentence(const proof::CombinedAnswer& answer, Language speech);
// The sentence and the table; safe for a terminal.
std::string combinedText(const proof::CombinedAnswer& answer, Language speech);
nlohmann::ordered_json combinedJson(const proof::CombinedAnswer& answer);

}  // namespace pilotledger::verifier
