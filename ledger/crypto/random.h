// Random bytes fit for keys and salts.
#pragma once

#include <cstdint>
#include <span>

namespace pilotledger::crypto {

void fillRandom(std::span<std::uint8_t> bytes);

}  // namespace pilotledger::crypto
