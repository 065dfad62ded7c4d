#include "ledger/order/node_signer.h"

#include <fmt/format.h>

namespace pilotledger::ledger {

NodeSigner::NodeSigner(crypto::SigningKey key)
    : NodeSigner(proof::CosignerKey::of(key.verifyKey()),
                 [key](std::string_view text, std::uint64_t seconds) { return proof::cosign(text, seconds, key); }) {}

void NodeSigner::signedBefore(std::uint64_t size, const Digest& root) {
  if (size < size_) return;
  if (size == size_) {
    forked_ = forked_ || root != root_;
    return;
  }
  size_ = size;
  root_ = root;
  reached_ = false;
}

Result<std::optional<proof::NoteSignature>> NodeSigner::sign(const proof::Checkpoint& checkpoint,
                                                             std::uint64_t seconds) {
  if (checkpoint.size < size_ && !forked_) return std::optional<proof::NoteSignature>();
  const bool other = checkpoint.size == size_ ? checkpoint.root != root_ : !reached_;
  forked_ = forked_ || (size_ != 0 && other);
  if (forked_) {
    return makeError(
        ErrorCode::Corruption,
        fmt::format("the key of this node signed another root for {} entries: its directory is an older "
                    "copy that went on differently. Restore a backup of another node in its place: 'cluster join'",
                    size_),
        fmt::format("本节点密钥曾就 {} 条签署另一树根：目录是旧副本且其后内容不同。请以其他节点的备份 "
                    "恢复后用 cluster join 重新加入",
                    size_));
  }
  PL_TRY(proof::NoteSignature line, cosign_(checkpoint.body(), seconds));
  size_ = checkpoint.size;
  root_ = checkpoint.root;
  reached_ = true;
  return std::optional(std::move(line));
}

}  // namespace pilotledger::ledger
