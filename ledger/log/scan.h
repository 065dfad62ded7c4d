// A walk over entries with their events and signers, read and decoded ahead of who looks at them.
#pragma once

#include "ledger/log/log_record.h"
#include "ledger/store/store.h"

namespace pilotledger::ledger {

// Entries [from, to), in order; `visit` runs in this thread. Stops at its first error.
Status scanEntries(const Store& store, std::uint64_t from, std::uint64_t to,
                   const std::function<Status(const LogRecord&)>& visit);

}  // namespace pilotledger::ledger
