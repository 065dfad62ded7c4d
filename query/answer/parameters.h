// What a person writes after KEY=, as a view takes it. The type in the view's header says how it is read:
//
//   entity:KIND    an id, in any spelling (events/entity_name.h), that some entry names; ip takes grant numbers too
//   entity         the same with its kind, KIND:ID
//   party          a party's code, or its registered name when no other bears it
//   books          a platform or a party
//   kind           an event kind, by its name or label
//   code:COLUMN    a code that this column of the view holds, or its label in either language
//   enum:NAME      a code of the schema's enum, or its label
//   word:A,B,C     one of these
//   value          what stands in the column of the same name; value:TABLE.COLUMN: in that one
//   year, period, month      2026; 2026, 2026-Q1 or 2026-03; 2026-03
//   division, currency, count, entries      330200 or DE; CNY; 90; 12,15
//
// Nobody takes an empty table for an answer: a name that no entry bears is NotFound and says the nearest, a value that
// cannot be is InvalidInput and says what can.
#pragma once

#include "events/entity_name.h"
#include "query/answer/query.h"

namespace pilotledger::query {

// The same parameters in the spelling of the facts that are visible at `at`; `value` ones stay as they are.
Result<Parameters> readParameters(ReadModel& model, const AsOf& at, const Definition& view, const Parameters& asked);

// runView() with what a person wrote.
Result<Table> askView(ReadModel& model, const AsOf& at, const std::string& name, const Parameters& asked);

// Names as the read model has them at the position it shows.
events::EntityLookup namesIn(ReadModel& model);

}  // namespace pilotledger::query
