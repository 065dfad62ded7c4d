// One entry as a walk over the log shows it.
#pragma once

#include <string>
#include <vector>

#include "events/codec.h"
#include "ledger/tlog/entry.h"

namespace pilotledger::ledger {

// `signers` are the "name+keyid" of the signature lines of its submission, in note order; the views live as long as
// the callback that is given the record.
struct LogRecord {
  const proof::Entry& entry;
  const events::Event& event;
  const std::vector<std::string>& signers;
};

}  // namespace pilotledger::ledger
