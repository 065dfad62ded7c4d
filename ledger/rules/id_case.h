// Ids that differ in the case of their letters only name the same thing: "a-1" and "A-1" are one award to everybody who
// reads them. From edition 4 on the second is refused when it is opened.
//
// What is asked: the record of the id in capitals, and the record `idcase:KIND/ID IN CAPITALS`, which names the id that
// was opened with small letters. An id in capitals asks the second only and leaves nothing; one with small letters asks
// both and leaves that record. So opening costs one or two look-ups, and a record of about 100 bytes for ids with small
// letters; naming what is there costs nothing. Ids that an event, a hash or a key makes are not looked at.
//
// A ledger that came from an older edition has no such records of what was opened before: an id in capitals of that
// time is still found, one with small letters is not.
#pragma once

#include "events/reference.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger {

// R-ID-CASE, or takes the id. Of an entity that the event opens.
Status takeIdCase(RuleContext& context, const events::NamedEntity& opened);

}  // namespace pilotledger::ledger
