// The parts of a full check; fsck.cpp walks the log, indexes.cpp compares everything that is
// stored beside it. Memory: the replayed records and some 150 bytes an entry.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "ledger/fsck/fsck.h"
#include "ledger/fsck/state_roots.h"
#include "ledger/log/identity.h"
#include "ledger/log/replay.h"
#include "ledger/rules/rules.h"
#include "ledger/store/store.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/note.h"

namespace pilotledger::ledger::fsck_detail {

using layout::Family;

// A submission note as it is stored. `keys` holds, by signature, the key that it was verified with.
struct OpenedSubmission {
  proof::Note note;
  proof::SubmissionBody body;
  std::vector<std::optional<crypto::VerifyKey>> keys;
};

struct SubmissionCheck {
  std::shared_ptr<const OpenedSubmission> opened;
  std::vector<Signer> signers;
  std::vector<std::optional<Digest>> leaves;  // by position, of the entries seen
  std::size_t seen = 0;
  std::uint64_t firstIndex = 0;
};

// One entry with everything that belongs to it, checked as far as it goes alone (in parallel).
struct LoadedEntry {
  std::uint64_t index = 0;
  std::string entryBytes;
  std::string eventBytes;
  proof::Entry entry;
  std::optional<events::Event> event;
  Digest leaf{};       // of the log's tree
  Digest eventLeaf{};  // of the submission's tree
  std::optional<Message> trouble;
  std::shared_ptr<const OpenedSubmission> submission;  // where another one begins than at the piece before
  std::optional<proof::Checkpoint> checkpoint;         // at the end of a commit; its signature holds
};

inline unsigned threadsOf(const FsckOptions& options) {
  return options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
}

// A row that no entry and no rule asks for.
FsckDamage strayRow(Family family, std::string_view key);

inline Message say(std::string en, std::string zh = {}) { return {std::move(en), std::move(zh)}; }

// Checks pieces on all cores: everything that needs neither the entries before nor the state, which
// is nearly all of the arithmetic. Signatures are verified with the keys of the stored key records,
// which nothing vouches for yet: the replay takes a signature as verified only when that is the key
// that the log had bound there, else it verifies it again.
class PieceChecker {
 public:
  PieceChecker(const LedgerIdentity& identity, const LogKeys& logKeys, const Store& store, const FsckOptions& options)
      : identity_(identity), logKeys_(logKeys), store_(&store), options_(options) {}

  void check(std::vector<LoadedEntry>& pieces);
  void setSize(std::uint64_t size) { size_ = size; }  // of the log

 private:
  void checkOne(LoadedEntry& piece) const;
  bool verifiedBefore(const LoadedEntry& piece) const {
    return options_.verified && piece.index < options_.verified->size;
  }
  std::optional<Message> checkEvent(LoadedEntry& piece) const;
  std::optional<Message> checkCheckpoint(LoadedEntry& piece) const;
  std::optional<Message> openSubmission(LoadedEntry& piece);
  std::optional<crypto::VerifyKey> storedKey(const std::string& name);

  const LedgerIdentity& identity_;
  const LogKeys& logKeys_;
  const Store* store_;
  const FsckOptions& options_;
  std::uint64_t size_ = 0;
  std::mutex mutex_;
  std::map<std::string, crypto::VerifyKey> keys_;
};

class Checker {
 public:
  Checker(const LedgerIdentity& identity, const LogKeys& logKeys, const Store& store, const FsckOptions& options)
      : identity_(identity),
        logKeys_(logKeys),
        store_(&store),
        options_(options),
        pieces_(identity_, logKeys_, store, options),
        replay_(store),
        states_(identity.suite),
        frontier_(identity.suite) {}

  Result<FsckOutcome> run() {
    bool all = options_.scope == FsckScope::Everything;
    bool sound = readEnd() && walk() && checkLength() && (!all || finishSubmissions()) && checkCheckpointsLeft() &&
                 (!all || checkHeader()) && checkStored();
    (void)sound;
    if (unable_) return *unable_;
    outcome_.report.entities = replay_.records.size();
    return std::move(outcome_);
  }

 private:
  bool damage(std::optional<std::uint64_t> index, std::string where, Message what) {
    outcome_.damage = FsckDamage{index, std::move(where), std::move(what)};
    return false;
  }
  bool entryDamage(std::uint64_t index, Message what) {
    return damage(index, fmt::format("entry {}", index), std::move(what));
  }
  bool failed(const Error& error, const std::string& where) { return damage(std::nullopt, where, error.message); }

  struct Chunk {
    std::vector<LoadedEntry> pieces;
    std::optional<FsckDamage> damage;
  };
  std::uint64_t signedSize() const;
  bool readEnd();
  bool walk();
  Chunk readChunk(std::uint64_t from, std::uint64_t to);
  std::optional<FsckDamage> readRows(
      Family family, std::uint64_t from, std::uint64_t to,
      const std::function<void(std::uint64_t index, std::string_view value)>& take) const;
  bool replayPiece(LoadedEntry& piece);
  bool takeSubmitted(const LoadedEntry& piece, SubmissionCheck& check);
  bool takeRotation(const LoadedEntry& piece, const SubmissionCheck& check);
  bool checkOutgoing(const LoadedEntry& last);
  bool correctsClock(const LoadedEntry& piece) const;
  bool takeLeaf(const LoadedEntry& piece);
  SubmissionCheck* openSubmission(const LoadedEntry& piece);
  bool finishSubmission(const Digest& digest, SubmissionCheck& check);
  bool finishSubmissions();
  bool checkSigners(const LoadedEntry& piece, SubmissionCheck& check, EntityOverlay& world);
  void finishState(const LoadedEntry& last);
  bool replayChunk(Chunk& chunk);
  bool followStates(bool good, bool last);
  bool finishCommit(const LoadedEntry& last);
  bool finishCompleteSubmissions();
  bool checkLength();
  bool checkCheckpointsLeft();
  bool checkSubmissionsLeft();
  bool checkNumber(Family family, std::uint64_t expected, const std::function<bool(std::string_view key)>& known);
  bool checkHeader();
  bool checkStored();
  bool checkCountersigns();
  bool checkHalt(std::string_view note);
  bool checkAcknowledged();
  // Each compares rows of its own with what the replay led to, and can run beside the others.
  using Stored = std::optional<FsckDamage> (Checker::*)() const;
  std::vector<std::optional<FsckDamage>> runParallel(const std::vector<Stored>& checks) const;
  std::optional<FsckDamage> checkEntities() const;
  std::optional<FsckDamage> checkIds() const;
  std::optional<FsckDamage> checkTouches() const;
  std::optional<FsckDamage> checkTiles() const;
  std::optional<FsckDamage> checkFiles() const;

  LedgerIdentity identity_;
  const LogContext log_ = identity_.context();
  std::optional<Error> unable_;  // to judge an entry
  LogKeys logKeys_;              // as the store tells them; the replay compares
  const Store* store_;
  const FsckOptions& options_;
  PieceChecker pieces_;
  FsckOutcome outcome_;
  Replay replay_;
  StateRootVerifier states_;
  std::vector<StateRootVerifier::Commit> commits_;  // replayed, not yet handed to states_
  proof::MerkleFrontier frontier_;
  std::uint64_t size_ = 0;
  std::int64_t lastMs_ = 0;
  std::map<Digest, SubmissionCheck> submissions_;
  std::vector<Digest> leaves_;                 // of the log's tree, by index
  std::vector<Digest> eventDigests_;           // by index
  std::size_t rotations_ = 0;                  // of the log key
  std::optional<crypto::VerifyKey> outgoing_;  // signs the checkpoint of this commit too
  bool keptSeen_ = false;                      // the checkpoint that was verified before
  std::uint64_t submissionRows_ = 0;
  std::set<std::string> leavesRows_;  // keys of those with the leaves of a submission
  std::uint64_t touches_ = 0;
};

}  // namespace pilotledger::ledger::fsck_detail
