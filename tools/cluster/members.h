// The nodes of a ledger, as its log says: who admitted them, with which key, where they serve.
#pragma once

#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "ledger/order/quorum.h"

namespace pilotledger::cluster {

// In the order of names; none for a ledger on one machine.
Result<std::vector<ledger::ClusterMember>> membersOf(const ledger::Ledger& ledger);

// What a reader must know to check that more than half of the nodes signed: a policy file (C2SP tlog-policy) with the
// log key and the nodes as witnesses. "" for a ledger on one machine.
std::string policyOf(const crypto::VerifyKey& logKey, const std::vector<ledger::ClusterMember>& members);

}  // namespace pilotledger::cluster
