// What the commands that make proof files share (tools/service/proofs.h makes them).
#pragma once

#include "ledger/prover.h"
#include "tools/cli/command.h"

namespace pilotledger::cli {

// With progress on standard error when a past state must be replayed.
Result<std::unique_ptr<ledger::Prover>> openProver(const Context& context, const std::string& asOf);

}  // namespace pilotledger::cli
