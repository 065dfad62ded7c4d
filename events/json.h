// The JSON form of an event, by reflection:
//
//   {"kind":"SubsidyDisbursed","id":"<uuid>","legalDate":"2026-03-01","jurisdiction":"330000",
//    "currency":"CNY","evidence":[...],"body":{"award":"A1","payee":"...","amountFen":"100000"}}
//
// Enums are codes, dates ISO, hashes hex, amounts minor units. A 64-bit integer, as every amount is, is written as a
// decimal string, since many readers of JSON keep 53 bits; both a string and an integer are read. Empty and default
// fields are left out. Text is brought into the spelling in which it is recorded on the way in (admission.h). Unknown
// keys, duplicate keys, fractions for integers and depth over 32 are refused with the path.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/codec.h"
#include "events/schema/schema.h"

namespace pilotledger::events {

inline constexpr std::size_t kMaxJsonBytes = 1u << 20;

// No object of ours has as many; it bounds the search for a key, so that reading takes time by size only.
inline constexpr std::size_t kMaxJsonKeys = 256;

// Strict JSON text: UTF-8 without byte order mark or NUL, no duplicate keys, at most kMaxJsonKeys in an object, depth
// at most 32, numbers in range, size at most kMaxJsonBytes. Stops at the first fault and says at which byte.
Result<nlohmann::ordered_json> parseJson(std::string_view text);

Result<Bytes> eventFromJson(const nlohmann::ordered_json& json);
Result<Bytes> eventFromJsonText(std::string_view json);

nlohmann::ordered_json jsonOf(const Event& event);

// For a reader: fields above `clearance` are left out and named under "withheld", whether they
// hold a value or not; `open`, when set, turns a sealed number into the number.
struct JsonReader {
  Confidentiality clearance = Confidentiality::SECRET;
  std::function<std::string(const std::string& sealed)> open;
};
nlohmann::ordered_json jsonOf(const Event& event, const JsonReader& reader);
std::string eventToJson(const Event& event);  // one line

// A skeleton to fill in: every field, with its label and an example, "<填写: 名称 Name; 例: …>". No field takes such a
// text as its value: what is not filled in or deleted is refused.
std::string templateJson(const Kind& kind);

}  // namespace pilotledger::events
