// Turns submissions into commits. Callers' threads check what needs no log (bytes, digests,
// signatures); one thread applies rules and builds commits; another makes them durable, so that
// the next commit is built while the disk syncs. Concurrent callers share a commit.
#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "ledger/entity_table.h"
#include "ledger/ledger.h"
#include "ledger/rules/rules.h"
#include "ledger/store/store.h"
#include "ledger/tree_store.h"

namespace pilotledger::ledger {

struct LedgerIdentity {
  std::string origin;
  crypto::SuiteId suite{};
  crypto::VerifyKey logKey;
  std::string operatorParty;
};

class Committer {
 public:
  Committer(const LedgerIdentity& identity, crypto::SigningKey logKey, Store& store, TreeStore tree, Clock clock,
            std::int64_t lastRecordedAtMs, bool rehearse);
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Loads the state map and compares it with the newest state root.
  Status load(const std::optional<Digest>& stateRoot);
  void start();

  Result<Appended> append(const proof::Submission& submission);

  // Of the newest durable commit.
  struct Durable {
    std::uint64_t size = 0;
    Digest root{};
    std::string checkpoint;
  };
  Durable durable() const;
  void setDurable(Durable durable);

 private:
  struct Request;
  struct Commit;
  struct Known {
    std::uint64_t index;
    Digest eventDigest;
    std::int64_t recordedAtMs;
  };

  Result<std::shared_ptr<Request>> prepare(const proof::Submission& submission) const;
  Result<crypto::VerifyKey> verifyKeyOf(const std::string& keyName) const;
  void buildLoop();
  void writeLoop();
  void settleDurable();
  std::unique_ptr<Commit> build(std::deque<std::shared_ptr<Request>> batch);
  Status apply(Commit& commit, Request& request);
  Status applyEvents(Commit& commit, Request& request, World& world);
  Result<std::vector<Signer>> signersOf(const Commit& commit, const Request& request, World& world);
  Result<std::optional<Known>> findKnown(const Commit& commit, const EventId& id) const;
  Result<std::optional<events::Event>> findEvent(const EventId& id) const;
  void seal(Commit& commit);
  void poison(const Error& error);

  LedgerIdentity identity_;
  crypto::SigningKey logKey_;
  Store* store_;
  TreeStore tree_;
  Clock clock_;
  EntityTable entities_;
  std::int64_t lastRecordedAtMs_;
  bool rehearse_;  // answer as if, write nothing: commits stay in flight

  struct EventIdHash {
    std::size_t operator()(const EventId& id) const;
  };
  // Of commits that are built but not durable; read and written by the build thread only.
  struct Inflight {
    std::unordered_map<EventId, Known, EventIdHash> known;
    std::unordered_map<EventId, events::Event, EventIdHash> events;
  };
  std::deque<Inflight> inflight_;
  Commit* building_ = nullptr;

  mutable std::mutex mutex_;
  std::condition_variable wake_;        // requests for the build thread
  std::condition_variable wakeWriter_;  // commits for the write thread, and room for more
  std::deque<std::shared_ptr<Request>> requests_;
  std::size_t preparing_ = 0;  // callers whose request is on its way
  bool lingering_ = false;     // the build thread waits for them
  std::deque<std::unique_ptr<Commit>> commits_;
  std::uint64_t settled_ = 0;  // durable commits not yet taken up by the build thread
  bool stopping_ = false;
  bool builderDone_ = false;
  std::optional<Error> poison_;
  Durable durable_;

  mutable std::shared_mutex keysMutex_;
  mutable StringMap<crypto::VerifyKey> keys_;

  std::thread builder_;
  std::thread writer_;
};

}  // namespace pilotledger::ledger
