// Items of the inbox as JSON, for one reader: what, from whom, who has signed, who must still, in words.
#pragma once

#include <nlohmann/json.hpp>

#include "ledger/ledger.h"
#include "tools/service/inbox.h"

namespace pilotledger::service {

// {"id":…,"state":…,"yours":…,"submitter":…,"submitted_at":…,"until":…,"events":…,"kinds":…,"signed":…,"declined":…,
//  "lacking":…,"receipts":…,"refusal":…}. `yours` is what the reader is to do, or has done: sign, declined, signed,
// submitted. Parties have the names that the ledger knows.
nlohmann::ordered_json pendingJson(const Pending& item, const ledger::Ledger& ledger, const ledger::Signer& reader);

}  // namespace pilotledger::service
