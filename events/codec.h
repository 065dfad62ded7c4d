// Event bytes: one canonical Cap'n Proto segment, without a segment table. What was signed is what
// is stored; decode() accepts exactly one spelling of each event.
//
// decode() checks everything a record's meaning rests on: size, canonical form, no bits or
// pointers beyond the schema, known enumerants, valid text, every field's format in canonical
// spelling, required fields, event id version, the legal date. After it no read can fail, so rules
// and views use typed readers freely. Never throws. Events are immutable and cheap to copy.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/schema/event.capnp.h"
#include "events/schema/schema.h"
#include "events/schema/value.h"

namespace pilotledger::events {

inline constexpr std::size_t kMaxEventBytes = 65'528;  // below 65,535 and a whole number of words
inline constexpr std::size_t kMaxListItems = 4'096;

class Event {
 public:
  static Result<Event> decode(ByteView bytes);

  schema::Event::Reader reader() const;
  const Kind& kind() const;
  StructView header() const;
  StructView body() const;
  EventId id() const;
  std::int32_t legalDate() const { return reader().getLegalDate(); }
  ByteView bytes() const;

 private:
  struct Rep;
  explicit Event(std::shared_ptr<const Rep> rep) : rep_(std::move(rep)) {}
  std::shared_ptr<const Rep> rep_;
};

// Canonical bytes of a built event; InvalidInput when decode() would refuse them.
Result<Bytes> encode(schema::Event::Reader event);

// Checks one Text value against a field's format and gives its canonical spelling.
Result<std::string> canonicalText(Format format, std::string_view text);

// The same for a field: one whose kind of number may be sealed also takes the sealed spelling, and
// its errors do not repeat the value.
Result<std::string> canonicalText(const Field& field, std::string_view text);

// A sealed number: "hmac:" and 64 lower-case hex digits.
inline constexpr std::string_view kSealedPrefix = "hmac:";
bool isSealed(std::string_view text);

}  // namespace pilotledger::events
