// A proof file: one question about a ledger, and everything that is needed to check the answer with
// nothing but the public key of the log. Readable text with one spelling; README.md has the grammar.
// parse() accepts exactly what serialize() writes. It checks form only: verify.h says what is shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/suite.h"
#include "ledger/state/state_map.h"
#include "ledger/tlog/entry.h"

namespace pilotledger::proof {

inline constexpr std::string_view kProofMagic = "pilotledger/proof/v1";
inline constexpr std::size_t kMaxProofBytes = 64u << 20;
inline constexpr std::size_t kMaxLogPath = 64;   // levels of a tree of 2^64 leaves
inline constexpr std::size_t kMaxMapPath = 256;  // bits of a key hash

struct Question {
  enum class Kind {
    Event,    // what does entry `subject` say, and who signed it?
    Entry,    // the same, with the event withheld: its digest stands for it
    Entity,   // what is recorded of the entity `subject`, "kind:id"?
    History,  // the same, with all entries that name it
    Pledge,   // is the asset with the number `subject` free?
  };
  Kind kind = Kind::Event;
  std::string subject;
  bool operator==(const Question&) const = default;
};

// Where the event stands in the submission that was signed.
struct SubmissionPart {
  std::string note;
  std::vector<Digest> path;  // to the root in the note; empty when the event is withheld
};

struct ProofEntry {
  Entry entry;
  std::vector<Digest> path;  // to the root of the checkpoint
  std::optional<Bytes> event;
  std::optional<SubmissionPart> submission;
};

struct ProofEntity {
  std::string key;                    // "kind:id"
  MapProof map;                       // to the state root
  std::optional<std::string> record;  // none: the entity is absent
};

struct ProofFile {
  crypto::SuiteId suite = crypto::SuiteId::Ed25519Sha256;
  Question question;
  std::string checkpoint;             // a signed note, with whatever cosignatures it carries
  std::vector<Bytes> timestamps;      // tokens of RFC 3161 over the checkpoint as the log signed it
  std::vector<ProofEntry> rotations;  // changes of the log key, each with event and submission; by index
  std::vector<ProofEntry> entries;    // by index
  std::vector<ProofEntity> entities;  // by key, bytewise

  std::string serialize() const;
  // ProofRejected with reason BadFormat and the line, or NotCanonical.
  static Result<ProofFile> parse(std::string_view text);
};

}  // namespace pilotledger::proof
