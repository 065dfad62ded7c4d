// The two sides of witnessing on the command line: the ledger's (witness.cpp) and the witness's own
// (witness_office.cpp); declared together as subcommands of `witness`.
#pragma once

#include <string>

#include "ledger/ledger.h"
#include "ledger/proof/witness_policy.h"
#include "tools/cli/command.h"
#include "tools/witness/witness.h"

namespace pilotledger::cli {

inline constexpr const char* kPolicyFile = "witnesses.policy";  // in the ledger's directory

// The ledger's policy, as `witness policy` installed it; NotFound with what to do.
Result<proof::WitnessPolicy> ledgerPolicy(const Context& context);

// Each adds its subcommands to `witness` and returns what runs when one of them was given, else nothing.
using SubAction = std::function<std::optional<Result<int>>(Context&)>;
SubAction declareWitnessOffice(CLI::App& witness, const Context& context);
SubAction declareWitnessLedger(CLI::App& witness, const Context& context);

}  // namespace pilotledger::cli
