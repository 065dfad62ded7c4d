// Numbers that could be guessed from a plain hash (invoice, account, bank reference) are sealed
// before an event is signed: the fields with annotation `sealed` then hold a keyed hash.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "events/bytes.h"
#include "events/codec.h"
#include "events/result.h"

namespace pilotledger::events {

// Gives the sealed spelling of a number of this kind ("invoice"); see isSealed().
using SealNumber = std::function<std::string(std::string_view kind, std::string_view number)>;

// The event with every number that may be sealed and is not yet. Its id stays.
Result<Bytes> sealNumbers(const Event& event, const SealNumber& seal);

}  // namespace pilotledger::events
