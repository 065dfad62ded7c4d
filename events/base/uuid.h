// Event ids: UUID version 7 (RFC 9562; made by the client) or 8 (derived from an imported row).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "events/base/bytes.h"
#include "events/base/result.h"

namespace pilotledger::events {

std::string formatUuid(const EventId& id);  // lower-case 8-4-4-4-12
Result<EventId> parseUuid(std::string_view text);
bool isEventId(const EventId& id);  // version 7 or 8, RFC variant

// `random` gives the 74 random bits; the caller injects time and randomness.
EventId makeUuidV7(std::int64_t unixMs, const std::array<std::uint8_t, 10>& random);
EventId makeUuidV8(const Digest& digest);

}  // namespace pilotledger::events
