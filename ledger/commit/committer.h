// Turns submissions into commits, in the threads of its callers. Each checks what needs no log (admission.h) by itself;
// then one of those who wait leads: it proposes all of them as one batch, builds what is ordered (commit_builder.h) and
// makes it durable (log_writer.h), while the next leader builds its own. So concurrent callers share a commit, and a
// caller alone never waits for another thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "ledger/commit/append.h"
#include "ledger/commit/commit_builder.h"
#include "ledger/commit/log_writer.h"
#include "ledger/commit/sequencer.h"
#include "ledger/log/stored_log.h"

namespace pilotledger::ledger {

class Committer {
 public:
  // Without keys it rehearses: answers as if, signs and writes nothing.
  Committer(const LedgerIdentity& identity, LogKeys logKeys, std::optional<SigningKeys> keys, Store& store,
            TreeStore tree, Clock clock, std::int64_t lastRecordedAtMs,
            std::unique_ptr<Sequencer> sequencer = std::make_unique<LocalSequencer>());
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Loads the state map and compares it with the newest state root.
  Status load(const std::optional<Digest>& stateRoot) { return builder_.load(stateRoot); }

  Result<AppendResult> append(const proof::Submission& submission);
  // As if: takes its turn among those who append, and leaves nothing.
  Result<Consideration> consider(const proof::Submission& submission);
  // Takes what others have ordered meanwhile, and returns when there is no more of it. Unavailable when the order
  // cannot be asked; what poisons, for good.
  Status follow();
  // Called by the thread that writes, for each commit that is on stable storage and signed, in order. An error
  // poisons.
  void onDurable(std::function<Status(const Durable&)> call) { onDurable_ = std::move(call); }
  // Called once, by the thread that commits, when the next key is in force and durably so.
  void onRotation(std::function<void()> call) { onRotation_ = std::move(call); }
  // Asked, by the thread that leads, before an entry gets a time that lies more than kFarAheadMs after the newest
  // entry's; what it refuses is refused.
  void holdTime(std::function<Status(std::int64_t nowMs)> call) { holdTime_ = std::move(call); }
  LogKeys logKeys() const;
  // Nothing more is signed: append() gives this error.
  void freeze(const Error& error);

  // The newest one.
  Durable durable() const;
  void setDurable(Durable durable) {
    std::lock_guard lock(mutex_);
    durable_ = std::move(durable);
  }
  // Signs the newest commit, whose writer died before it could.
  Status signNewest(std::uint64_t size, const Digest& root);

 private:
  struct Request;
  using Requests = std::deque<std::shared_ptr<Request>>;
  struct Built {
    std::uint64_t number = 0;  // in the order of batches
    std::string mark;
    Commit commit;
  };

  Status requireNextKey(const AdmittedSubmission& admitted, std::int64_t recordedAtMs);
  Result<std::shared_ptr<Request>> requestFor(const proof::Submission& submission) const;
  Result<AppendResult> answer(const std::shared_ptr<Request>& request);
  Result<AppendResult> takeTurn(const std::shared_ptr<Request>& request);
  void lead(std::unique_lock<std::mutex> lock);
  Requests takeRequests();
  Batch cut(Requests& requests);
  Status takeOrdered();
  std::optional<Error> commitNext(const Ordered& ordered, const Requests& requests);
  void answerAll(const Requests& requests, const Error& error);
  void passLead();
  void retireDurableCommits();
  void finish(Result<Built> built, const Requests& requests);
  Status makeDurable(Built& built, Durable& result);
  void poison(const Error& error);

  LedgerIdentity identity_;
  Admission admission_;
  CommitBuilder builder_;  // the leader's
  std::unique_ptr<Sequencer> sequencer_;
  std::optional<LogWriter> writer_;  // of the one whose turn it is to write; none in a rehearsal
  Clock clock_;
  std::function<void()> onRotation_;
  std::function<Status(const Durable&)> onDurable_;
  std::function<Status(std::int64_t)> holdTime_;

  std::atomic<std::uint64_t> binding_{0};  // requests under way that make keys known

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

  mutable std::shared_mutex keysMutex_;
  LogKeys logKeys_;                           // as of the newest durable commit
  std::optional<crypto::VerifyKey> nextKey_;  // at hand on this machine
};

}  // namespace pilotledger::ledger
