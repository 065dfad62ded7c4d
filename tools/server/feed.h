// New entries to those who follow the log (server-sent events). One thread pushes; each frame passes the rights that
// its reader has at that moment, and a stream whose session, key or party has lost them ends within a second.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "tools/http/message.h"
#include "tools/server/access.h"
#include "tools/server/snapshot.h"

namespace pilotledger::server {

struct Follower {
  std::shared_ptr<http::Stream> stream;
  Reader reader;           // as judged when it began
  std::string kind;        // "": all
  std::string entity;      // as the log spells it; "": all
  std::uint64_t next = 0;  // entry
  std::string scope;       // that the client was told last
};

class Feed {
 public:
  // `judge`: the reader as he is now; NotAuthorized when he is none any more.
  using Judge = std::function<Result<Reader>(const Reader&, const ledger::Ledger&)>;
  Feed(Snapshots& snapshots, Judge judge, std::function<std::int32_t()> today);
  ~Feed();  // stops

  void follow(Follower follower);
  void wake();  // the log has grown
  void stop();
  // How far the read model was caught up last; it is kept near the end of the log, whoever asks.
  std::uint64_t modelPosition() const { return modelPosition_.load(); }

 private:
  void run();
  void catchUp(const std::shared_ptr<Snapshot>& snapshot);
  bool push(Follower& follower, const std::shared_ptr<Snapshot>& snapshot);
  bool pushEntries(Follower& follower, Snapshot& snapshot, const service::EntryReaderScope& reader);

  Snapshots* snapshots_;
  Judge judge_;
  std::function<std::int32_t()> today_;
  std::atomic<std::uint64_t> modelPosition_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = true;
  bool stopping_ = false;
  std::list<Follower> arrived_;    // not yet taken by the thread
  std::list<Follower> followers_;  // the thread's own
  std::thread thread_;
};

}  // namespace pilotledger::server
