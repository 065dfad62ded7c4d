#include "ledger/commit/log_writer.h"

namespace pilotledger::ledger {

using layout::Family;

Result<std::string> LogWriter::write(Commit& commit, std::string_view mark) {
  if (commit.empty() && mark.empty()) return std::string();
  std::optional<crypto::SigningKey> outgoing;
  if (commit.rotation) {
    // The order is fixed and holds for others too: only this machine cannot go on.
    if (!keys_.next || keys_.next->verifyKey() != commit.rotation->next) {
      return makeError(ErrorCode::Unavailable,
                       "a change of the log key is recorded, and the new key is not on this machine: put log-next.pem "
                       "there and open the ledger again",
                       "日志密钥轮换已定序，而本机没有新密钥：请放入 log-next.pem 后重新打开账本");
    }
    outgoing = std::exchange(keys_.inForce, *keys_.next);
    keys_.next.reset();
  }
  if (!mark.empty()) commit.rows.put(Family::Meta, layout::kOrderedRow, mark);
  PL_CHECK(store_->write(std::move(commit.rows)));
  if (commit.empty()) return std::string();
  return sign(commit.checkpoint, outgoing ? &*outgoing : nullptr);
}

Result<std::string> LogWriter::signNewest(const proof::Checkpoint& checkpoint) {
  return sign(checkpoint, keys_.outgoing ? &*keys_.outgoing : nullptr);
}

// The row of a checkpoint need not be on stable storage: what a power cut takes of it is signed again at the next
// opening.
Result<std::string> LogWriter::sign(const proof::Checkpoint& checkpoint, const crypto::SigningKey* outgoing) {
  PL_TRY(std::string note, proof::signCheckpoint(checkpoint, keys_.inForce, outgoing));
  WriteSet row = store_->begin();
  row.put(Family::Checkpoint, layout::indexKey(checkpoint.size), note);  // I4
  // Who signs beside the key in force may be gone after this: that signature is kept at once.
  PL_CHECK(
      store_->write(std::move(row), outgoing == nullptr ? Store::Durability::Buffered : Store::Durability::Synced));
  store_->acknowledge(checkpoint.size);  // I1
  return note;
}

}  // namespace pilotledger::ledger
