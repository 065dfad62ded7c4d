#include "tools/service/proofs.h"

namespace pilotledger::service {
namespace {

Result<proof::ProofFile> made(ledger::Prover& prover, const ProofWanted& wanted) {
  switch (wanted.what) {
    case ProofOf::Event: return prover.event(wanted.index, ledger::Content::Shown);
    case ProofOf::Inclusion:
    case ProofOf::Entry: return prover.event(wanted.index, ledger::Content::Withheld);
    case ProofOf::Entity: return prover.entity(wanted.name);
    case ProofOf::History: return prover.history(wanted.name);
    case ProofOf::Pledge: return prover.pledge(wanted.name);
  }
  PL_ASSERT(!"every kind of proof is made");
  return prover.entity(wanted.name);
}

}  // namespace

Result<proof::VerifiedProof> checkOwnProof(const std::string& file, const ledger::Prover& prover) {
  auto claim = proof::verifyProof(file, prover.logKey());
  if (claim.ok()) return claim;
  Error error =
      std::move(claim).error().within("the proof made from this ledger does not verify; run 'pilotledger verify'",
                                      "由本账本所作证明不能通过核验，请运行 pilotledger verify");
  error.code = ErrorCode::Corruption;
  return error;
}

Result<std::string> buildProof(ledger::Prover& prover, const ProofWanted& wanted) {
  if (wanted.what == ProofOf::Inclusion) {
    PL_TRY(proof::TlogProof proof, prover.inclusion(wanted.index));
    return proof.serialize();
  }
  PL_TRY(proof::ProofFile proof, made(prover, wanted));
  std::string file = proof.serialize();
  PL_TRY([[maybe_unused]] proof::VerifiedProof claim, checkOwnProof(file, prover));
  return file;
}

}  // namespace pilotledger::service
