#include "ledger/crypto/random.h"

#include <sodium.h>

namespace pilotledger::crypto {

void fillRandom(std::span<std::uint8_t> bytes) { randombytes_buf(bytes.data(), bytes.size()); }

}  // namespace pilotledger::crypto
