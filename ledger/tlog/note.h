// C2SP signed notes (signed-note v1.0.0): the one signature format of submissions and checkpoints.
//
//   text (ends with newline), an empty line, then lines "— <name> <base64(id[4] || signature)>".
// The text may itself contain empty lines: the last one separates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/key.h"

namespace pilotledger::proof {

inline constexpr std::size_t kMaxNoteBytes = 1u << 20;
inline constexpr std::size_t kMaxNoteSignatures = 64;

struct NoteSignature {
  std::string name;
  std::uint32_t keyId = 0;
  Bytes signature;  // without the id bytes

  std::string keyName() const;  // "name+keyid", as the ledger names keys
};

struct Note {
  std::string text;
  std::vector<NoteSignature> signatures;

  static Result<Note> parse(std::string_view note);
  std::string serialize() const;
  const NoteSignature* findSignature(const crypto::VerifyKey& key) const;
};

// The keyName() of each signature of a note that is known to be one; the signatures are not decoded.
Result<std::vector<std::string>> signersNamed(std::string_view note);

// `note` with the signatures of `other` that it lacks, where both are over the same text; as it is where they are not.
Result<std::string> withSignaturesOf(std::string_view note, std::string_view other);

Result<NoteSignature> signNote(std::string_view text, const crypto::SigningKey& key);

// NotFound when the key has not signed, BadSignature when its signature does not verify.
Status verifyNote(const Note& note, const crypto::VerifyKey& key);

}  // namespace pilotledger::proof
