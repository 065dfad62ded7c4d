// The two sides of witnessing on the command line: the ledger's (witness.cpp, witness_collect.cpp) and the witness's
// own (witness_server.cpp); declared together as subcommands of `witness`.
#pragma once

#include <string>

#include "ledger/countersignatures.h"
#include "ledger/ledger.h"
#include "ledger/tlog/witness_policy.h"
#include "tools/cli/command.h"
#include "tools/http/client.h"
#include "tools/witness/witness.h"

namespace pilotledger::cli {

inline constexpr const char* kPolicyFile = "witnesses.policy";  // in the ledger's directory

// The ledger's policy, as `witness policy` installed it; NotFound with what to do.
Result<proof::WitnessPolicy> ledgerPolicy(const Context& context);

// How many entries the newest checkpoint that meets the policy covers; 0 when none does.
Result<std::uint64_t> witnessedSize(const ledger::Ledger& ledger, const proof::WitnessPolicy& policy);
// The largest checkpoint that we know this witness to have cosigned; 0 when there is none.
std::uint64_t lastSeen(const std::vector<ledger::Countersigned>& rows, const proof::CosignerKey& key);
// Signature lines, which belong to the checkpoint that was asked about.
Status keepLines(ledger::Ledger& ledger, const proof::PolicyWitness& witness, const std::string& checkpoint,
                 const std::string& lines);
Error refusal(const proof::PolicyWitness& witness, const witness::Verdict& verdict);
// Asks every witness with a URL; nobody holds the ledger meanwhile. Unavailable when the quorum is missing.
Result<int> collectCosignatures(Context& context, const http::ClientOptions& http);

// Each adds its subcommands to `witness` and returns what runs when one of them was given, else nothing.
using SubAction = std::function<std::optional<Result<int>>(Context&)>;
SubAction declareWitnessOffice(CLI::App& witness, const Context& context);
SubAction declareWitnessLedger(CLI::App& witness, const Context& context);

}  // namespace pilotledger::cli
