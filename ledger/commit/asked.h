// Whether an event asks for the signatures under it, on the facts that the ledger holds: what their sender may be told
// hangs on it. Without one that is asked for he gets one answer, made of the kind alone, so that it is the same whether
// what the event names is recorded or not.
#pragma once

#include <cstdint>
#include <span>

#include "events/codec.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger {

// NotAuthorized when the event's kind asks for none of these signers. Beside one that it asks for there may be others,
// because some rules ask for more than the kind does. `world`: what the ledger holds before the event.
Status requireAsked(const LogContext& log, EntityOverlay& world, const events::Event& event,
                    std::span<const Signer> signers, std::int32_t day);

}  // namespace pilotledger::ledger
