// State and batch -> commit. Pure: no clock, no key file, nothing written; the same batch over the same state gives the
// same rows and the same root on every machine, whatever was verified before and whatever is on the disk yet. What it
// has built is state for the next batch at once; the store shows it later. One thread at a time.
#pragma once

#include <deque>
#include <unordered_map>

#include "ledger/commit/append.h"
#include "ledger/commit/batch.h"
#include "ledger/commit/state_cache.h"
#include "ledger/log/log_keys.h"
#include "ledger/log/tree_store.h"
#include "ledger/rules/rules.h"
#include "ledger/tlog/entry.h"

namespace pilotledger::ledger {

struct Commit {
  struct Outcome {  // of one submission
    Status status;
    std::vector<AppendReceipt> receipts;
  };
  struct Rotation {  // of the log key: `next` signs from this commit on
    std::uint64_t index = 0;
    crypto::VerifyKey next;
  };
  explicit Commit(WriteSet set) : rows(std::move(set)) {}
  bool empty() const { return entries.empty(); }

  std::int64_t recordedAtMs = 0;
  WriteSet rows;
  std::vector<proof::Entry> entries;  // none when all was refused or repeated
  std::vector<Outcome> outcomes;      // of the submissions of the batch, in order
  std::optional<Rotation> rotation;
  bool changesMembers = false;   // a node is admitted or retired
  proof::Checkpoint checkpoint;  // what is to be signed
};

// Whether the batch sets the clock right: the only one that may be of a time before the newest entry's.
bool correctsClock(const Batch& batch);

class CommitBuilder {
 public:
  CommitBuilder(const LedgerIdentity& identity, LogKeys logKeys, const Store& store, TreeStore tree,
                std::int64_t lastRecordedAtMs);
  CommitBuilder(const CommitBuilder&) = delete;
  CommitBuilder& operator=(const CommitBuilder&) = delete;

  // Loads the state map and compares it with the newest state root.
  Status load(const std::optional<Digest>& stateRoot);

  // InvalidInput, and nothing changed, when the batch is of a time before the newest entry's and does not correct the
  // clock.
  Result<Commit> build(const Batch& batch) { return build(batch, store_->begin()); }
  // Into rows that hold the commits before it, to be written together.
  Result<Commit> build(const Batch& batch, WriteSet rows);
  // Whether the rules would take it now; nothing is changed.
  Status rehearse(const AdmittedSubmission& admitted, std::int64_t recordedAtMs);
  // The same, as if those who still have to sign had signed. What the rules say is told of an event only when one of
  // its signatures is asked for (asked.h); NotAuthorized when it is not.
  Result<Consideration> consider(const AdmittedSubmission& admitted, std::int64_t recordedAtMs);
  // The oldest commit that was built is in the store.
  void retireDurable();

  std::int64_t lastRecordedAtMs() const { return lastRecordedAtMs_; }
  std::uint64_t size() const { return tree_.size(); }

 private:
  struct RecordedEvent {
    std::uint64_t index;
    Digest eventDigest;
    std::int64_t recordedAtMs;
  };
  struct EventIdHash {
    std::size_t operator()(const EventId& id) const;
  };
  // Of commits that the store does not show yet, the one being built last.
  struct Inflight {
    std::unordered_map<EventId, RecordedEvent, EventIdHash> known;
    std::unordered_map<EventId, events::Event, EventIdHash> events;
  };
  // A submission on its way into a commit.
  struct Applied {
    Commit& commit;
    Commit::Outcome& outcome;
    const AdmittedSubmission& admitted;
    EntityOverlay world;
    std::int32_t day = 0;                                           // on which it is recorded
    std::vector<std::pair<std::string, std::uint64_t>> named = {};  // entities and the entries that name them
    Presumption* presumption = nullptr;                             // of what is considered only
    bool changesMembers = false;
  };

  Status apply(Commit& commit, const AdmittedSubmission& admitted);
  Status applyEvents(Applied& to);
  Result<Consideration> tryOut(const AdmittedSubmission& admitted, std::int64_t recordedAtMs, Presumption* presumption);
  Status requireSigners(Applied& to, std::optional<std::vector<Signer>>& signers, std::uint64_t index) const;
  Status verifySignatures(const AdmittedSubmission& admitted, EntityOverlay& world) const;
  Result<std::vector<Signer>> signersOf(Applied& to, std::uint64_t index) const;
  Status takeRotation(Applied& to);
  Status requireOneChange(Applied& to) const;
  Status requireRightClock(const Applied& to, const events::Event& event, std::uint64_t index) const;
  void putRows(Applied& to, std::size_t from) const;
  Result<std::optional<RecordedEvent>> findKnown(const EventId& id) const;
  Result<std::int64_t> recordedAt(std::uint64_t index) const;
  Result<std::optional<events::Event>> findEvent(const EventId& id) const;
  void finalize(Commit& commit);

  const LedgerIdentity* identity_;
  LogContext log_;
  LogKeys logKeys_;  // as of the newest commit built
  const Store* store_;
  TreeStore tree_;
  StateCache entities_;
  std::int64_t lastRecordedAtMs_;
  std::deque<Inflight> inflight_;
};

}  // namespace pilotledger::ledger
