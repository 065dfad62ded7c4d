// Which amounts make an event: without them a row says nothing of it.
#pragma once

#include <string_view>
#include <vector>

#include "events/schema/schema.h"

namespace pilotledger::import {

// The amounts that a kind must have, by the schema or by sense: an award, a contract, a pledge.
std::vector<std::string_view> makingAmounts(const events::Kind& kind);

}  // namespace pilotledger::import
