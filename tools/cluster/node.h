// One of several machines that keep a ledger together: takes what is ordered, signs what it has synced, tells the
// others, and knows what more than half of them hold.
//
// States (status() says them): Following; Behind, when it does not get to what it hears of; Lost, the shared order
// is not the one it holds; Differs, a majority signed another root: nothing more is proposed or signed here; Alone, no
// majority answers.
// Threads: any number.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "ledger/ledger.h"
#include "ledger/order/node_signer.h"
#include "ledger/order/order_register.h"
#include "ledger/order/ordered_sequencer.h"
#include "ledger/order/quorum.h"
#include "ledger/order/replication.h"
#include "tools/cluster/clocks.h"
#include "tools/cluster/peer.h"

namespace pilotledger::cluster {

struct NodeOptions {
  std::string origin;  // of the ledger
  std::string name;
  std::string authorities;                 // PEM file of those trusted for the https of the others; empty: the system's
  std::chrono::milliseconds wait{10'000};  // for a majority
  std::chrono::milliseconds poll{200};     // asks the order that often when nobody says that there is more
  std::uint64_t forgetEvery = 1000;        // records that are confirmed, at once
  std::uint64_t window = 65'536;           // records that stay for a node that is away, and the bytes they may have
  std::uint64_t windowBytes = 256u << 20;
  std::uint64_t spare = 1000;              // records that stay for one that nobody knows of yet
  std::chrono::milliseconds tidy{10'000};  // looks that often whether some may go
  ledger::Clock clock;
  std::function<void(std::string_view event, std::string_view what)> log{};
  std::function<void()> grown{};  // more is confirmed; called by the thread that follows
};

// As others may see it.
struct NodeStatus {
  struct Other {
    std::string name, url, vkey;
    bool own = false, reached = false;
    std::uint64_t size = 0;  // of the newest checkpoint that it signed
  };
  std::string name, state;
  std::uint64_t size = 0, confirmed = 0, ordered = 0;
  std::string head;  // "NUMBER CHAIN" as the log has it
  Digest root{};     // of so many entries
  std::size_t needed = 0;
  std::int64_t clockOffsetMs = 0;  // of the middle of all clocks from this one's
  std::vector<Other> nodes;
  std::string trouble;  // what went wrong last; empty when nothing is
};

class Node final : public ledger::Replication {
 public:
  Node(NodeOptions options, crypto::SigningKey key, std::shared_ptr<ledger::OrderRegister> order);
  ~Node() override;  // stop()

  // From here on it follows, signs and tells; first it asks the others what its key has signed already.
  Status start(ledger::Ledger& ledger);
  // Ends its threads; what waits for a majority is answered Unavailable. Before the ledger goes.
  void stop();

  // --- Replication
  std::unique_ptr<ledger::Sequencer> sequencer(ledger::OrderStart start) override;
  Status mayPropose() override;
  Status mayChangeMembers() override;
  Status stored(const proof::Checkpoint& checkpoint, const std::string& note) override;
  Result<std::string> confirm(std::uint64_t size, std::chrono::milliseconds most) override;
  std::chrono::milliseconds wait() const override { return options_.wait; }

  // --- what others say
  Result<NodeReply> take(const NodeMessage& message);
  NodeStatus status() const;
  const ledger::Quorum& quorum() const { return quorum_; }

 private:
  struct Brought {                                  // a commit with entries
    std::uint64_t number = 0, size = 0, bytes = 0;  // bytes: of all records up to it, that this process saw
    std::string head;                               // of the order with it
  };
  Status readMembers();
  Status askWhatWasSigned();
  Status takeKeptLines();
  Status heldToSigned(const ledger::NodeLine& line);
  Status signAndTell(const proof::Checkpoint& checkpoint, const std::string& note);
  void follow();
  void announce();
  void followOnce();
  void noteWhetherBehind();
  void tidy();
  std::optional<Brought> floorOf(const std::map<std::string, std::string>& announced) const;
  void keepLines();
  void note(std::string_view event, const Error& error);
  void wake();
  std::vector<std::shared_ptr<Peer>> peers() const;

  const NodeOptions options_;
  std::shared_ptr<ledger::OrderRegister> order_;
  ledger::Quorum quorum_;
  Clocks clocks_;
  ledger::Ledger* ledger_ = nullptr;
  ledger::OrderedSequencer* sequencer_ = nullptr;  // the ledger's

  mutable std::mutex signing_;
  ledger::NodeSigner signer_;
  bool maySign_ = false;                                                   // what its key signed before is known
  std::uint64_t firstSigned_ = std::numeric_limits<std::uint64_t>::max();  // by this process
  bool isMember_ = false;
  std::string listed_ = "?";  // who the members are, and whose change was the last: read again when it differs
  std::optional<std::pair<proof::Checkpoint, std::string>> newest_;  // stored
  std::deque<Brought> brought_;

  mutable std::mutex peersMutex_;
  std::map<std::string, std::shared_ptr<Peer>> peers_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t heard_ = 0;  // ordered, as the nodes announce it
  bool woken_ = false;
  std::chrono::steady_clock::time_point behindSince_{};  // zero: it holds all that it heard of
  bool ending_ = false;
  std::string trouble_;
  bool crowded_ = false;  // the order's store takes nothing more
  std::atomic<bool> differs_{false};
  std::atomic<std::uint64_t> changedAt_{0};  // size from which on the members are those of now
  std::uint64_t kept_ = 0;                   // size whose lines are on the disk
  std::uint64_t forgotten_ = 0;              // number below which the order keeps nothing
  std::uint64_t told_ = 0;                   // size that `grown` was called for
  std::thread follower_, announcer_;
};

}  // namespace pilotledger::cluster
