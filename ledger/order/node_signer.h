// Signs for a node what it has synced: one root for each size, ever. A directory that was put back from an older copy
// holds less than its key has signed, so it signs nothing before it is there again with that very root.
#pragma once

#include <cstdint>
#include <optional>

#include "ledger/crypto/key.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/cosignature.h"

namespace pilotledger::ledger {

// One thread at a time.
class NodeSigner {
 public:
  explicit NodeSigner(crypto::SigningKey key) : key_(std::move(key)) {}

  proof::CosignerKey cosigner() const { return proof::CosignerKey::of(key_.verifyKey()); }
  // Somebody holds a signature of this key about that checkpoint.
  void signedBefore(std::uint64_t size, const Digest& root);
  // Nothing while less is stored than this key has signed. Corruption when it signed another root: this directory is
  // not the one that the key belongs to, or it was changed.
  Result<std::optional<proof::NoteSignature>> sign(const proof::Checkpoint& checkpoint, std::uint64_t seconds);

 private:
  crypto::SigningKey key_;
  std::uint64_t size_ = 0;  // that was signed
  Digest root_{};
};

}  // namespace pilotledger::ledger
