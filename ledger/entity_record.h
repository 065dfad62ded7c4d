// The record text is what proofs show, so it lives with them; rules and ledger use it by this name.
#pragma once

#include "ledger/proof/entity_record.h"

namespace pilotledger::ledger {

using proof::EntityRecord;

}  // namespace pilotledger::ledger
