// Proof files made by commands: built, checked as their reader will, written.
#pragma once

#include "ledger/proof/verify.h"
#include "ledger/prover.h"
#include "tools/cli/command.h"

namespace pilotledger::cli {

// With progress on standard error when a past state must be replayed.
Result<std::unique_ptr<ledger::Prover>> openProver(const Context& context, const std::string& asOf);

// A proof that does not verify is never handed out: then the ledger is damaged.
Result<proof::VerifiedProof> checkOwnProof(const std::string& file, const ledger::Prover& prover);

}  // namespace pilotledger::cli
