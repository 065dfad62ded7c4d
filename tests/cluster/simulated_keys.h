// Keys of nodes. Ed25519 would take most of the time of a simulation, so most of them sign by a hash that anybody could
// make: nobody forges here. One in some runs signs really.
#pragma once

#include <string>

#include "ledger/order/node_signer.h"
#include "ledger/order/quorum.h"
#include "tests/cluster/judge.h"

namespace pilotledger::cluster {

std::string nodeName(int node);
const crypto::SigningKey& keyOf(NodeKey key);
ledger::NodeSigner::Cosign cosignBy(NodeKey key, bool really);
ledger::Quorum::Verify verifying(bool really);
ledger::ClusterMember memberOf(NodeKey key);

}  // namespace pilotledger::cluster
