#include "ledger/state/trail.h"

namespace pilotledger::proof {

Digest extendTrail(crypto::SuiteId suite, const Digest& previous, std::uint64_t index, const Digest& eventDigest) {
  std::array<std::uint8_t, 8> number;
  for (std::size_t i = 0; i < 8; ++i) number[i] = static_cast<std::uint8_t>(index >> (56 - 8 * i));
  return crypto::hash(suite, {viewOf("pilotledger/trail/v1\n"), previous, number, eventDigest});
}

}  // namespace pilotledger::proof
