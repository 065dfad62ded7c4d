// A signed submission taken: what it must be, and what its author gets.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "ledger/ledger.h"
#include "tools/service/site.h"

namespace pilotledger::service {

// Who hears why the ledger refuses. Its reasons quote what is recorded, so a sender whose signatures are not asked for
// gets the one answer of Ledger::consider() instead of them.
enum class Reasons { ForAll, ForSigners };

// Parses `file`, requires its numbers sealed where the log commits to a register key, and appends it. `ledger` writes
// or rehearses. Returns when a checkpoint covers it. Errors as Ledger::append() and Submission::parse() give them.
Result<ledger::AppendResult> submit(const Site& site, ledger::Ledger& ledger, std::string_view file, Reasons reasons);
Result<ledger::AppendResult> submit(const Site& site, ledger::Ledger& ledger, const proof::Submission& submission,
                                    Reasons reasons);

// {"id":…,"index":…,"recordedAt":…,"size":…,"root":…}; "repeated":true when the event was there already.
nlohmann::ordered_json receiptJson(const ledger::AppendReceipt& receipt, const std::string& checkpoint);

}  // namespace pilotledger::service
