#include "ledger/order/node_signer.h"

#include <fmt/format.h>

namespace pilotledger::ledger {

void NodeSigner::signedBefore(std::uint64_t size, const Digest& root) {
  if (size < size_) return;
  size_ = size;
  root_ = root;
}

Result<std::optional<proof::NoteSignature>> NodeSigner::sign(const proof::Checkpoint& checkpoint,
                                                             std::uint64_t seconds) {
  if (checkpoint.size < size_) return std::optional<proof::NoteSignature>();
  if (checkpoint.size == size_ && checkpoint.root != root_) {
    return makeError(ErrorCode::Corruption,
                     fmt::format("the key of this node signed another root for {} entries: its directory is an older "
                                 "copy that went on differently. Give this node a new key: 'pilotledger cluster join'",
                                 size_),
                     fmt::format("本节点密钥曾就 {} 条签署另一树根：目录是旧副本且其后内容不同。请以 pilotledger "
                                 "cluster join 更换节点密钥后重新加入",
                                 size_));
  }
  PL_TRY(proof::NoteSignature line, proof::cosign(checkpoint.body(), seconds, key_));
  size_ = checkpoint.size;
  root_ = checkpoint.root;
  return std::optional(std::move(line));
}

}  // namespace pilotledger::ledger
