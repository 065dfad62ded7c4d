// Tells one other node what this one has signed, on a connection that is kept, by a thread of its own: a node that is
// slow or gone holds up nobody.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "tools/cluster/message.h"
#include "tools/http/client.h"

namespace pilotledger::cluster {

class Peer {
 public:
  struct Options {
    std::string own;          // name of this node
    std::string url;          // of the other
    std::string authorities;  // PEM file of those trusted for https
    std::function<std::int64_t()> clock;
    std::function<void(const NodeReply&, std::int64_t askedMs)> answered;
  };
  explicit Peer(Options options);
  ~Peer();  // ends the thread; a call under way ends within its time
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // Sent soon, with what came meanwhile; the newest again after a second of silence. Of more than a message holds the
  // oldest are left out.
  void tell(const ledger::NodeLine& line);
  void tellOrdered(std::uint64_t number);

  const std::string& url() const { return options_.url; }
  bool reached() const;  // by the last call

 private:
  void run();
  bool send(const NodeMessage& message);

  Options options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  NodeMessage next_;
  std::optional<ledger::NodeLine> newest_;
  bool dirty_ = false;
  bool reached_ = false;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace pilotledger::cluster
