// Numbers that could be guessed from a plain hash (invoice, account, bank reference) are sealed
// before an event is signed: the fields with annotation `sealed` then hold a keyed hash.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/codec.h"

namespace pilotledger::events {

// Gives the sealed spelling of a number of this kind ("invoice"), or the number where it stays; see isSealed().
using SealNumber = std::function<Result<std::string>(std::string_view kind, std::string_view number)>;
// Whether a number that came sealed may stand.
using AcceptSealed = std::function<Status(std::string_view kind, std::string_view sealed)>;

// The event with every number that may be sealed and is not yet. Its id stays. Errors of `seal` and `accept` name
// the field. Without `accept` what is sealed stands.
Result<Bytes> sealNumbers(const Event& event, const SealNumber& seal, const AcceptSealed& accept = {});

}  // namespace pilotledger::events
