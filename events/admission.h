// What is taken into a new event. Decoding is for ever and reads old events as they are (codec.h); these checks stand
// before it, where an event is made from JSON, a table or a statement, so that two numbers that look alike are one.
#pragma once

#include <string>
#include <string_view>

#include "events/base/result.h"
#include "events/schema/schema.h"

namespace pilotledger::events {

// The spelling of a Text value in which it is recorded: identifierSpelling() of identifiers and numbers, those that may
// be sealed as admittedNumber() has them, textSpelling() of the rest; then the field's own format. Empty when nothing
// but blanks was given. Errors about a field that may be sealed do not repeat the value.
Result<std::string> admittedText(const Field& field, std::string_view text);

// The same for a number that is asked for, of a field that may be sealed: digits without the blanks between them, an
// invoice's number without "No." before it.
Result<std::string> admittedNumber(const Field& field, std::string_view text);

}  // namespace pilotledger::events
