// The running hash of the entries that name one entity. trail_0 is 32 zero bytes;
// trail_n = H("pilotledger/trail/v1\n" || trail_{n-1} || u64be index || event digest).
// With the count, it lets a reader check that a list of entries is complete.
#pragma once

#include "events/base/bytes.h"
#include "ledger/crypto/suite.h"

namespace pilotledger::proof {

Digest extendTrail(crypto::SuiteId suite, const Digest& previous, std::uint64_t index, const Digest& eventDigest);

}  // namespace pilotledger::proof
