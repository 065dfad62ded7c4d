// Builds proof files from a ledger's store, at its newest checkpoint or at an older one. Reads only; works
// beside a writer and sees the ledger as it was when opened. One thread at a time.
//
// Cost: an entity, history or pledge needs the state map. The newest one is built from the stored records
// at the first such question (about a second for a million entities); an older one by replaying the
// rules over all entries up to there. Afterwards a proof takes microseconds.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ledger/crypto/key.h"
#include "ledger/proof/proof_file.h"
#include "ledger/proof/tlog_proof.h"

namespace pilotledger::ledger {

struct ProverOptions {
  // An entry index, or a civil date YYYY-MM-DD (what had been recorded by its end); empty: the newest.
  // Proofs then rest on the last checkpoint that covers nothing after it.
  std::string asOf;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // of a replay; may be empty
};

enum class Content { Shown, Withheld };

class Prover {
 public:
  static Result<std::unique_ptr<Prover>> open(const std::filesystem::path& directory, ProverOptions options);
  ~Prover();

  std::uint64_t size() const;               // of the checkpoint that proofs rest on
  const crypto::VerifyKey& logKey() const;  // that signed the checkpoint

  // Proofs show the checkpoint with the signatures of this note too, where it is of the same checkpoint.
  Status addSignaturesOf(std::string_view note);

  // NotFound when there is no such entry below size().
  Result<proof::ProofFile> event(std::uint64_t index, Content content);
  Result<proof::TlogProof> inclusion(std::uint64_t index);
  // "kind:id"; an entity that no entry names gives a proof of its absence.
  Result<proof::ProofFile> entity(std::string_view key);
  Result<proof::ProofFile> history(std::string_view key);
  // The bank's answer, with every record it rests on. `number` in any of the accepted spellings.
  Result<proof::ProofFile> pledge(std::string_view number);

 private:
  class Impl;
  explicit Prover(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pilotledger::ledger
