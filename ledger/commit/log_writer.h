// Puts commits on stable storage, then signs their checkpoints: a signature can be shown to others and never be taken
// back. Holds the log keys; who has none writes nothing. Commits are written in the order they were built, one at a
// time.
#pragma once

#include <optional>
#include <string>

#include "ledger/commit/commit_builder.h"
#include "ledger/crypto/key.h"
#include "ledger/store/store.h"

namespace pilotledger::ledger {

// The log key in force, and the next one when it is at hand: without it no LogKeyRotated is proposed. `outgoing` signs
// beside it where the newest commit names it and is not signed yet.
struct SigningKeys {
  crypto::SigningKey inForce;
  std::optional<crypto::SigningKey> next;
  std::optional<crypto::SigningKey> outgoing;
};

class LogWriter {
 public:
  LogWriter(Store& store, SigningKeys keys) : store_(&store), keys_(std::move(keys)) {}

  // The signed checkpoint; empty when the commit is. `mark` is where the sequencer stands after it (sequencer.h).
  Result<std::string> write(Commit& commit, std::string_view mark);
  // Signs the newest commit, whose writer died before it could.
  Result<std::string> signNewest(const proof::Checkpoint& checkpoint);
  const std::optional<crypto::SigningKey>& next() const { return keys_.next; }

 private:
  Result<std::string> sign(const proof::Checkpoint& checkpoint, const crypto::SigningKey* outgoing);

  Store* store_;
  SigningKeys keys_;
};

}  // namespace pilotledger::ledger
