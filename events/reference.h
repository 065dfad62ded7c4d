// What an event says about others, resolved from its kind's annotations: the entities it names,
// the texts of a field path.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "events/codec.h"

namespace pilotledger::events {

struct NamedEntity {
  EntityMode mode = EntityMode::Need;
  std::string_view kind;                                      // the schema's
  std::string key;                                            // "kind:id"
  Confidentiality confidentiality = Confidentiality::PUBLIC;  // of what its id is made of
  std::string_view id() const { return std::string_view(key).substr(kind.size() + 1); }
};

// In declared order; optional ones that are empty are left out; an entity named twice appears once,
// with its strongest mode (Open over Need over Touch).
std::vector<NamedEntity> entitiesOf(const Event& event);

// Every value at the path as text; empty texts are left out.
std::vector<std::string> textsAt(const Event& event, const FieldPath& path);

// The files that the event commits to: every hash in its evidence and its body, in hex, each once.
std::vector<std::string> committedHashes(const Event& event);

// One scalar as display and SQL text: enum code, ISO date, hex, UUID, decimal number.
std::string scalarText(const Field& field, const Scalar& value);

// "name+keyid" of a verifier key text: how the ledger names a key entity.
std::string keyNameOf(std::string_view vkey);

}  // namespace pilotledger::events
