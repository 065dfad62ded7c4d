// A commitment to the fields of a document that stays off the log: the root of a tree (merkle.h)
// with one leaf a field, in the bytewise order of the names.
//
//   leaf input = salt (16 random bytes) || u8 length of the name || name || value
// A value is the JSON text of a text, an integer, true or false, so "5" and 5 differ. The salt
// keeps a value that could be guessed from being found by trying; without it nobody can show what
// the leaf stands for. Each field has its own, so one can be disclosed and the rest stays hidden.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/tlog/merkle.h"

namespace pilotledger::proof {

inline constexpr std::size_t kMaxCommittedFields = 4'096;
inline constexpr std::size_t kMaxFieldName = 128;
inline constexpr std::size_t kMaxFieldValue = 8'192;

using Salt = std::array<std::uint8_t, 16>;

struct SaltedField {
  std::string name;
  std::string value;  // JSON text
  Salt salt{};
};

// Lengths, and no control characters. The error does not repeat the value.
Status checkField(const SaltedField& field);

Digest fieldLeaf(SuiteId suite, const SaltedField& field);

// Sorts the fields and gives each a new salt. Refuses none, too many, and a name twice.
Status saltFields(std::vector<SaltedField>& fields);

// The root over fields in order of their names.
Digest commitmentTo(SuiteId suite, std::span<const SaltedField> fields);

}  // namespace pilotledger::proof
