// Recomputes the whole ledger from event bytes up and compares: canonical bytes, event digests,
// entries, tree, checkpoints and their signatures, submission roots and signatures, authority of
// each signer at that position, every rule replayed, entity records, state roots, indexes.
// Trusts nothing stored but the log's public key (given, or the one in the store's own header).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "events/base/result.h"
#include "ledger/ledger.h"

namespace pilotledger::ledger {

enum class FsckScope {
  Everything,
  Tree,  // entries, tiles and checkpoints only: what a mirror can check, without events and rules
};

struct FsckOptions {
  FsckScope scope = FsckScope::Everything;
  // Verified before, and kept since: the entries must lead to it. Signatures up to there are not
  // verified again; bytes are hashed and rules replayed all the same.
  std::optional<proof::Checkpoint> verified;
  std::optional<crypto::VerifyKey> logKey;  // a key of this log that the reader trusts; default: the stored one
  unsigned threads = 0;                     // 0: all cores
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // may be empty
};

struct FsckReport {
  std::uint64_t entries = 0;
  std::uint64_t submissions = 0;
  std::uint64_t signatures = 0;
  std::uint64_t entities = 0;
  std::uint64_t commits = 0;
  std::uint64_t cosignatures = 0;  // of witnesses, kept beside the checkpoints
  std::uint64_t timestamps = 0;
  Digest root{};
  Digest stateRoot{};
};

struct FsckDamage {
  std::optional<std::uint64_t> index;  // first bad entry, when one entry is to blame
  std::string where;                   // column family and key, or "checkpoint of size 12"
  Message what;                        // expected and found
};

struct FsckOutcome {
  FsckReport report;                 // what was checked before the first damage
  std::optional<FsckDamage> damage;  // absent: everything agrees
};

// The ledger's own checkpoint of that size, with its signature verified: for `verified` above, when
// the reader remembers the size only.
Result<proof::Checkpoint> storedCheckpoint(const std::filesystem::path& directory, std::uint64_t size,
                                           const std::optional<crypto::VerifyKey>& logKey);

// Error only when the ledger cannot be opened at all.
Result<FsckOutcome> fsck(const std::filesystem::path& directory, const FsckOptions& options);

}  // namespace pilotledger::ledger
