// Checks proof files offline: what a bank, a court or an authority links. Trusts the log's public
// key, given by the reader, and nothing in the file. No storage, no network, no clock; thread-safe.
//
//   auto key = crypto::VerifyKey::parse(vkey);
//   auto claim = proof::verifyProof(text, *key);
//   if (!claim.ok()) claim.error().rule is the reason: WrongRoot, BadSignature, TrailMismatch, ...
//
// What a proof shows is what the ledger has signed and can never take back unseen. That the rules were
// followed is shown by replaying the log, and that no other reader was shown another history by witnesses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/crypto/timestamp.h"
#include "ledger/proof/pledge_status.h"
#include "ledger/proof/proof_file.h"
#include "ledger/state/entity_record.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/entry.h"
#include "ledger/tlog/witness_policy.h"

namespace pilotledger::proof {

struct ProvenSigner {
  std::string key;                       // "name+keyid"
  std::string party;                     // as the entry that bound the key says; empty for the log's own key
  std::optional<std::uint64_t> boundBy;  // that entry
};

struct ProvenEntry {
  Entry entry;
  std::optional<Bytes> event;         // none: withheld, the digest in the entry stands for it
  std::vector<ProvenSigner> signers;  // for Event and Entry
};

struct ProvenEntity {
  std::string key;                     // "kind:id"
  std::optional<EntityRecord> record;  // none: no entry up to the checkpoint names it
};

struct ProvenCosignature {
  std::string witness;  // its name in the policy
  std::uint64_t seconds = 0;
};

// What the reader has from elsewhere, not from the file.
struct ProofTrust {
  crypto::VerifyKey logKey;               // any that the log has signed with
  const WitnessPolicy* policy = nullptr;  // given: the cosignatures must make its quorum
  std::string_view authorities;  // certificates (PEM) of time-stamp authorities; given: one stamp must be by them
};

// What a proof shows, all of it as of `checkpoint`.
struct VerifiedProof {
  Question question;
  Checkpoint checkpoint;
  std::string signedBy;                   // the log key, "name+keyid"
  std::vector<std::uint64_t> keyChanges;  // entries by which the log went on from one key to the next, up to that one
  std::vector<ProvenCosignature> cosignatures;             // by witnesses of the policy
  std::vector<crypto::Timestamp> timestamps;               // by authorities that the reader trusts
  std::size_t cosignaturesGiven = 0, timestampsGiven = 0;  // in the file, looked at or not
  std::int64_t asOfMs = 0;             // recording time of the last entry shown; the operator's clock
  std::vector<ProvenEntry> entries;    // Event, Entry: that one. History: all that name the entity, in order
  std::vector<ProvenEntity> entities;  // Entity, History: that one. Pledge: all the answer rests on
  std::optional<PledgeStatus> pledge;  // Pledge
};

// ProofRejected with the reason as the error's `rule`. README.md lists the reasons.
Result<VerifiedProof> verifyProof(std::string_view file, const ProofTrust& trust);
Result<VerifiedProof> verifyProof(std::string_view file, const crypto::VerifyKey& logKey);
// Of a file that is read already.
Result<VerifiedProof> verifyProof(const ProofFile& file, const ProofTrust& trust);

// All of it but the signatures of the checkpoint: for one who verified those before. `logKeys` as checkKeyChain() gives
// them.
Result<VerifiedProof> checkProof(const ProofFile& file, const Checkpoint& checkpoint,
                                 const std::vector<crypto::VerifyKey>& logKeys);

}  // namespace pilotledger::proof
