// The nodes of a ledger, as its log says: who admitted them, with which key, where they serve.
#pragma once

#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "ledger/order/quorum.h"

namespace pilotledger::cluster {

// In the order of names; none for a ledger on one machine.
Result<std::vector<ledger::ClusterMember>> membersOf(const ledger::Ledger& ledger);

// The last change of them: the size from which on it holds, and who they were before. A size of 0: there was none.
struct MemberChange {
  std::uint64_t since = 0;
  std::vector<ledger::ClusterMember> before;
};
Result<MemberChange> lastChangeOf(const ledger::Ledger& ledger, const std::vector<ledger::ClusterMember>& members);

// What a reader must know to check that more than half of the nodes signed: a policy file (C2SP tlog-policy) with the
// log key and the nodes as witnesses. "" for a ledger on one machine.
std::string policyOf(const crypto::VerifyKey& logKey, const std::vector<ledger::ClusterMember>& members);

}  // namespace pilotledger::cluster
