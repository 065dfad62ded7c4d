// A disclosure file: some fields of a committed document, each with what leads from it to the
// commitment. It is checked without the ledger; the reader compares the commitment with the one
// that the named entry holds.
//
//   pilotledger/disclosure/v1
//   suite ed25519-sha256
//   origin ledger.example.org
//   entry 12                        or: entry none
//   commitment <64 hex>
//   fields <number of fields in the document>
// then for each disclosed field, in order of their places:
//   field <place from 0> <name>
//   value <JSON text>
//   salt <32 hex>
//   path <base64 hash> ...          sibling hashes from the leaf up; "path" alone when there are none
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/proof/commitment.h"

namespace pilotledger::proof {

inline constexpr std::string_view kDisclosureMagic = "pilotledger/disclosure/v1";
inline constexpr std::size_t kMaxDisclosureBytes = 64u << 20;

struct DisclosedField {
  std::uint64_t place = 0;
  SaltedField field;
  std::vector<Digest> path;
};

struct Disclosure {
  SuiteId suite = SuiteId::Ed25519Sha256;
  std::string origin;
  std::optional<std::uint64_t> entry;
  Digest commitment{};
  std::uint64_t size = 0;
  std::vector<DisclosedField> fields;

  std::string serialize() const;
  static Result<Disclosure> parse(std::string_view text);
  // ProofRejected with the field and the reason when one does not lead to the commitment.
  Status verify() const;
};

// Commitment, size and the named fields of a document; NotFound names the field that it lacks.
Result<Disclosure> disclose(SuiteId suite, std::span<const SaltedField> document, std::span<const std::string> names);

}  // namespace pilotledger::proof
