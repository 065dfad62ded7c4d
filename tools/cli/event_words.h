// FIELD=VALUE words of the command line into the JSON form of an event (events/json.h).
//
// A field goes by its name in the catalogue or its label in either language, nested ones with dots, elements of lists
// by number from 1: invoice.number=INV-7, lines[1].line=EQUIPMENT. A list of plain values is written with commas.
// Amounts are in yuan, or the currency that the words give, and their names lose "Fen" (amount=1200.50,
// amount=120万元); shares lose "Bp" and are per cent (rate=3.5%). Enums go by code or label, days in any spelling that
// can be read in one way, true and false by yes/no, 是/否. An empty value takes the field out. What is wrong is
// InvalidInput, with the word.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "events/base/result.h"
#include "events/schema/schema.h"

namespace pilotledger::cli {

// By its name, or its label in either language; NotFound names the nearest.
Result<const events::Kind*> kindByWord(const std::string& word);

// The words that fill in a kind: the header's day and currency, then each field of the body that holds one value or a
// list of plain ones, nested fields with dots; by their labels where those tell them apart.
struct FieldWord {
  std::string word;
  const events::Field* field = nullptr;
  bool required = false;
};
std::vector<FieldWord> wordsOf(const events::Kind& kind, Language language);

// Whether the word before the first dot is a field of the kind's body.
bool hasField(const events::Kind& kind, std::string_view word);

// Sets what the words say in the event, in their order.
Status setFields(const events::Kind& kind, std::span<const std::string> words, nlohmann::ordered_json& event);

}  // namespace pilotledger::cli
