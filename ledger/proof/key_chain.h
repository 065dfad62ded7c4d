// The keys that a log signs with, one after another, as a proof file shows them: each named by the one before it,
// in an entry of the tree that the proof rests on. Who trusts one of them can tell the others.
#pragma once

#include <vector>

#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/proof/proof_file.h"
#include "ledger/tlog/checkpoint.h"

namespace pilotledger::proof {

// In the order of their terms; the last one signs the checkpoint (whose signature is not looked at here). Without
// changes of the key in the file: `trusted` alone. ProofRejected: UnknownKey when `trusted` is not among them,
// else why the file does not show the chain.
Result<std::vector<crypto::VerifyKey>> checkKeyChain(const ProofFile& file, const Checkpoint& checkpoint,
                                                     const crypto::VerifyKey& trusted);

}  // namespace pilotledger::proof
