// Signs for a node what it has synced: one root for each size, ever. A directory that was put back from an older copy
// holds less than its key has signed, so it signs nothing before it is there again with that very root.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "ledger/crypto/key.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/cosignature.h"

namespace pilotledger::ledger {

// One thread at a time.
class NodeSigner {
 public:
  // Signs the text of a checkpoint.
  using Cosign = std::function<Result<proof::NoteSignature>(std::string_view text, std::uint64_t seconds)>;
  explicit NodeSigner(crypto::SigningKey key);
  NodeSigner(proof::CosignerKey cosigner, Cosign cosign) : cosigner_(std::move(cosigner)), cosign_(std::move(cosign)) {}

  const proof::CosignerKey& cosigner() const { return cosigner_; }
  // Somebody holds a signature of this key about that checkpoint, which is not below what is stored here.
  void signedBefore(std::uint64_t size, const Digest& root);
  // Called for each commit, in order. Nothing while less is stored than this key has signed. Corruption when it signed
  // another root, or a size that no commit here ended at: this directory is not the one that the key belongs to, or it
  // was changed. Then it never signs again.
  Result<std::optional<proof::NoteSignature>> sign(const proof::Checkpoint& checkpoint, std::uint64_t seconds);

 private:
  proof::CosignerKey cosigner_;
  Cosign cosign_;
  std::uint64_t size_ = 0;  // that was signed
  Digest root_{};
  bool reached_ = true;  // that size, with that root
  bool forked_ = false;
};

}  // namespace pilotledger::ledger
