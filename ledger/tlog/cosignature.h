// What witnesses sign: C2SP cosignature/v1 (tlog-cosignature v1.0.1) over a checkpoint. A cosigner
// says "I saw this checkpoint at this time, and it continues every one of this log that I saw".
//
// The signed message is "cosignature/v1\ntime <seconds>\n" and the whole text of the checkpoint; the
// blob in the note is u64 seconds (big-endian) || signature. Witness keys are named like other keys:
//   Ed25519: type 0x04, id = SHA-256(name || 0x0A || 0x04 || key)[0..4]
//   SM2:     type 0xff, followed by "pilotledger-cosignature-v1-sm2-sm3" in the vkey and the id:
//            id = SM3(name || 0x0A || 0xff || identifier || point)[0..4]; other clients skip it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/tlog/note.h"

namespace pilotledger::proof {

// The public key of a witness: a signing key pair under the type of cosignatures.
class CosignerKey {
 public:
  static Result<CosignerKey> parse(std::string_view vkey);
  static CosignerKey of(const crypto::VerifyKey& key);

  const std::string& name() const { return key_.name(); }
  std::uint32_t id() const { return id_; }
  std::string keyName() const;  // "name+keyid"
  std::string vkey() const;
  const crypto::VerifyKey& key() const { return key_; }  // the bare key: equal keys are one cosigner

 private:
  CosignerKey(crypto::VerifyKey key, std::uint32_t id) : key_(std::move(key)), id_(id) {}
  crypto::VerifyKey key_;
  std::uint32_t id_;
};

// `checkpointText` is the text of the note, without signatures. Time is POSIX seconds.
Result<NoteSignature> cosign(std::string_view checkpointText, std::uint64_t seconds, const crypto::SigningKey& key);

// The time the witness gave. InvalidInput, BadSignature; NotFound when the note has none by it.
Result<std::uint64_t> verifyCosignature(std::string_view checkpointText, const NoteSignature& signature,
                                        const CosignerKey& key);
Result<std::uint64_t> findCosignature(const Note& note, const CosignerKey& key);

}  // namespace pilotledger::proof
