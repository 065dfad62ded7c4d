// Turns submissions into commits, in the threads of its callers. Each checks what needs no log
// (bytes, digests, signatures) by itself; then one of those who wait leads: it applies the rules
// to all of them, builds their commit and makes it durable, while the next leader builds its own.
// So concurrent callers share a commit, and a caller alone never waits for another thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "ledger/commit/append.h"
#include "ledger/commit/state_cache.h"
#include "ledger/log/identity.h"
#include "ledger/log/log_keys.h"
#include "ledger/log/tree_store.h"
#include "ledger/rules/rules.h"
#include "ledger/store/store.h"
#include "ledger/tlog/entry.h"
#include "ledger/tlog/submission.h"

namespace pilotledger::ledger {

class Committer {
 public:
  // The log key in force, and the next one when it is at hand: without it no LogKeyRotated is taken. `outgoing` signs
  // beside it where the newest commit names it and is not signed yet.
  struct SigningKeys {
    crypto::SigningKey inForce;
    std::optional<crypto::SigningKey> next;
    std::optional<crypto::SigningKey> outgoing;
  };
  // Without keys it rehearses: answers as if, signs and writes nothing.
  Committer(const LedgerIdentity& identity, LogKeys logKeys, std::optional<SigningKeys> keys, Store& store,
            TreeStore tree, Clock clock, std::int64_t lastRecordedAtMs);
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Loads the state map and compares it with the newest state root.
  Status load(const std::optional<Digest>& stateRoot);

  Result<AppendResult> append(const proof::Submission& submission);
  // As if: takes its turn among those who append, and leaves nothing.
  Result<Consideration> consider(const proof::Submission& submission);
  // Called once, by the thread that commits, when the next key is in force and durably so.
  void onRotation(std::function<void()> call) { onRotation_ = std::move(call); }
  LogKeys logKeys() const;
  // Nothing more is signed: append() gives this error.
  void freeze(const Error& error);

  // Of the newest durable commit.
  struct Durable {
    std::uint64_t size = 0;
    Digest root{};
    std::string checkpoint;
  };
  Durable durable() const;
  void setDurable(Durable durable) {
    std::lock_guard lock(mutex_);
    durable_ = std::move(durable);
  }
  // Signs the newest commit, whose writer died before it could.
  Status signNewest(std::uint64_t size, const Digest& root);

 private:
  struct Request;
  struct Commit;
  struct RecordedEvent {
    std::uint64_t index;
    Digest eventDigest;
    std::int64_t recordedAtMs;
  };

  Result<std::shared_ptr<Request>> prepare(const proof::Submission& submission) const;
  Result<AppendResult> answer(const std::shared_ptr<Request>& request);
  Result<crypto::VerifyKey> verifyKeyOf(const std::string& keyName) const;
  void lead(std::unique_lock<std::mutex> lock);
  void finish(Commit& commit);
  void retireDurableCommits();
  std::unique_ptr<Commit> build(std::deque<std::shared_ptr<Request>> batch);
  Status apply(Commit& commit, Request& request);
  Status applyEvents(Commit& commit, Request& request, EntityOverlay& world);
  Result<std::vector<Signer>> signersOf(const Commit& commit, const Request& request, EntityOverlay& world);
  Result<std::optional<RecordedEvent>> findKnown(const Commit& commit, const EventId& id) const;
  Result<std::optional<events::Event>> findEvent(const EventId& id) const;
  Status checkRotation(const Request& request, const events::Event& event) const;
  void finalize(Commit& commit);
  Status makeDurable(Commit& commit);
  Result<std::string> signAndKeep(const Durable& of, const crypto::SigningKey& key, const crypto::SigningKey* outgoing);
  void poison(const Error& error);

  LedgerIdentity identity_;
  LogContext log_ = identity_.context();
  std::optional<SigningKeys> signing_;  // used by the leader only
  crypto::VerifyKey inForce_;           // the log key at the commit being built; the leader's
  Store* store_;
  TreeStore tree_;
  Clock clock_;
  StateCache entities_;
  std::int64_t lastRecordedAtMs_;

  struct EventIdHash {
    std::size_t operator()(const EventId& id) const;
  };
  // Of commits that are built but not durable; read and written by the leader only.
  struct Inflight {
    std::unordered_map<EventId, RecordedEvent, EventIdHash> known;
    std::unordered_map<EventId, events::Event, EventIdHash> events;
  };
  std::deque<Inflight> inflight_;
  Commit* building_ = nullptr;

  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<Request>> requests_;
  bool leading_ = false;               // somebody builds; the front of requests_ is next
  std::uint64_t built_ = 0;            // commits
  std::uint64_t written_ = 0;          // commits written, or failed
  std::uint64_t settled_ = 0;          // durable commits not yet taken up by a leader
  std::condition_variable canBuild_;   // fewer commits wait for the disk
  std::condition_variable writeTurn_;  // another commit is written
  std::optional<Error> poison_;
  Durable durable_;

  std::function<void()> onRotation_;

  mutable std::shared_mutex keysMutex_;
  LogKeys logKeys_;
  mutable StringMap<crypto::VerifyKey> keys_;
};

}  // namespace pilotledger::ledger
