// pledge NUMBER --ledgers LIST --parent: every ledger is asked at the checkpoint that the parent recorded of it.
#include <fmt/format.h>

#include "ledger/prover.h"
#include "tools/cli/ledgers.h"
#include "tools/cli/remote.h"

namespace pilotledger::cli {
namespace {

constexpr int kTries = 3;  // the parent goes on between two questions

// The parent's proofs of the records `ledger:ORIGIN`, all at one checkpoint, as the list has them.
using ParentProofs = std::vector<proof::ProofFile>;

Result<ParentProofs> proofsOfServer(const proof::ListedLedger& parent, const proof::LedgerList& list,
                                    const std::string& authorities) {
  PL_TRY(remote::RemoteLog log, openListed(parent, authorities));
  for (int tried = 0; tried < kTries; ++tried) {
    ParentProofs proofs;
    bool same = true;
    for (const proof::ListedLedger& listed : list.ledgers) {
      PL_TRY(RemoteProof made, remoteProof(log, {proof::Question::Kind::Entity, "ledger:" + listed.origin()}));
      PL_TRY(proof::ProofFile file, proof::ProofFile::parse(made.file));
      same = same && (proofs.empty() || proofs.front().checkpoint == file.checkpoint);
      proofs.push_back(std::move(file));
    }
    if (same) return proofs;
  }
  return makeError(ErrorCode::Unavailable, parent.origin() + " moved on while it was asked; ask again",
                   parent.origin() + "：询问期间账本已更新，请重试");
}

Result<ParentProofs> proofsOfDirectory(const proof::ListedLedger& parent, const proof::LedgerList& list) {
  PL_TRY(auto prover, ledger::Prover::open(parent.url, {}));
  ParentProofs proofs;
  for (const proof::ListedLedger& listed : list.ledgers) {
    PL_TRY(proof::ProofFile file, prover->entity("ledger:" + listed.origin()));
    proofs.push_back(std::move(file));
  }
  return proofs;
}

// The answer at exactly the size that the parent recorded.
Result<proof::ProofFile> answerAt(const proof::ListedLedger& listed, const std::string& authorities,
                                  const std::string& number, std::uint64_t size) {
  PL_TRY(std::string text, listedPledgeProof(listed, authorities, number, size));
  PL_TRY(proof::ProofFile file, proof::ProofFile::parse(text));
  PL_TRY(proof::Checkpoint checkpoint, proof::readCheckpoint(file.checkpoint));
  if (checkpoint.size == size) return file;
  return makeError(
      ErrorCode::Unavailable,
      fmt::format("it answers as of {} entries, the parent has recorded {}; have its newest checkpoint recorded "
                  "('ledgers record') and ask again",
                  checkpoint.size, size),
      fmt::format("其答复截至 {} 条，而上级账本所记为 {} 条；请记录其最新检查点（ledgers record）后重试",
                  checkpoint.size, size));
}

}  // namespace

Result<AtOneInstant> askThroughParent(const SignedList& list, const std::string& place, const std::string& authorities,
                                      const std::string& number) {
  if (!list.list.parent)
    return makeError(ErrorCode::Unsupported,
                     "the list names no parent: --parent needs a line 'parent ORIGIN VKEY URL NAME'",
                     "名录未列上级账本：--parent 须名录中有“parent 账本 公钥 地址 名称”一行");
  proof::ListedLedger parent = *list.list.parent;
  if (!place.empty()) parent.url = place;
  auto proofs =
      isServed(parent.url) ? proofsOfServer(parent, list.list, authorities) : proofsOfDirectory(parent, list.list);
  if (!proofs.ok()) return std::move(proofs).error().within(parent.origin());
  AtOneInstant made{{number, list.note, proofs->front(), {}}, std::vector<Message>(proofs->size()), false};
  for (std::size_t i = 0; i < proofs->size(); ++i) {
    proof::RecordedLedger& one = made.proof.ledgers.emplace_back();
    one.listed = (*proofs)[i].entities.front();
    if (!one.listed.record) continue;  // the check says that the parent does not list it
    PL_TRY(proof::EntityRecord record, proof::EntityRecord::parse(*one.listed.record));
    if (proof::whyNotAsked(record)) continue;
    auto answer =
        answerAt(list.list.ledgers[i], authorities, number, static_cast<std::uint64_t>(record.number("size")));
    if (answer.ok() && !answer->entries.empty()) {
      one.last = answer->entries.front();
      one.records = std::move(answer->entities);
    } else if (!answer.ok()) {
      made.silent[i] = answer.error().message;
      made.damage = made.damage || answer.error().code == ErrorCode::Corruption;
    }
  }
  return made;
}

}  // namespace pilotledger::cli
