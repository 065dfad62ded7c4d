// What the ledger knows of an entity, in words: the record that follows from its entries. For people; programs take
// the JSON form, proofs its canonical text (ledger/state/entity_record.h).
#pragma once

#include <string>
#include <string_view>

#include "ledger/state/entity_record.h"
#include "tools/cli/event_card.h"

namespace pilotledger::cli {

// A line an attribute, amounts in their currency, days as days, parties by name; what has no words stands as it is.
// `kind`: of the entity, for an attribute of one name may be a sum of one kind and a day of another.
std::string recordCard(const Context& context, const CardNames& names, std::string_view kind,
                       const proof::EntityRecord& record);

}  // namespace pilotledger::cli
