// One node: the real sequencer, quorum and signer around a light model of its ledger, which loses at a crash what was
// not synced. What it does in one step, a real node does under one lock.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "ledger/order/node_signer.h"
#include "ledger/order/ordered_sequencer.h"
#include "ledger/order/quorum.h"
#include "tests/cluster/judge.h"
#include "tests/cluster/simulated_register.h"

namespace pilotledger::cluster {

class World;

// What is submitted, known by its id.
struct Operation {
  enum class Kind : std::uint8_t { Event, Retire, Admit };
  std::uint64_t id = 0;
  Kind kind = Kind::Event;
  NodeKey key{};  // that is retired or admitted
};

struct Commit {
  ledger::OrderHead mark;
  std::uint64_t size = 0;  // entries with it
  Digest root{};
  std::int64_t time = 0;
  std::vector<std::uint64_t> entries;  // ids
  std::shared_ptr<const Members> members;
  ledger::Batch batch;
};
using Log = std::vector<Commit>;  // number n at n - 1

class SimulatedNode {
 public:
  SimulatedNode(World& world, int index);

  void open(bool copied = false);          // as a process starts: from what is on its disk
  void crash();                            // what was not synced is gone
  void putBack(Log copy, int generation);  // a disk with that log, and that key
  void catchUp(const Log& from);           // records that the register has no more

  void submit(const Operation& operation);
  void lead();
  void follow();
  void sync();
  void tell();  // its newest line, again
  void forget();
  void answer();
  void take(const ledger::NodeLine& line);
  void heldToSigned(std::uint64_t size, const Digest& root);
  void refreshMembers();

  int index() const { return index_; }
  NodeKey key() const { return {index_, generation_}; }
  const Log& log() const { return log_; }
  std::size_t durable() const { return durable_; }
  Log onDisk() const { return {log_.begin(), log_.begin() + static_cast<std::ptrdiff_t>(durable_)}; }
  Members members() const;
  std::uint64_t confirmed() const { return running ? quorum_->confirmed() : 0; }
  std::map<std::string, ledger::NodeLine> newest() const { return quorum_->newest(); }
  bool lost() const { return running && sequencer_->lost().has_value(); }
  bool idle() const { return inbox_.empty(); }
  ledger::OrderHead head() const;
  RegisterOfNode& reg() { return register_; }

  bool running = true, differs = false;
  std::int64_t pausedUntil = 0, cutUntil = 0;  // cut: from the other nodes
  std::int64_t skew = 0;                       // of its clock

 private:
  const Commit* commitOf(std::uint64_t size) const;
  std::int64_t lastTime() const { return log_.empty() ? 0 : log_.back().time; }
  void execute(ledger::Ordered ordered);
  void executeOne(const Operation& operation, Commit& commit, Members& members);
  bool refuses(const Operation& operation, const Members& members) const;
  bool mayChangeMembers() const;
  std::uint64_t kept_ = 0;  // confirmed, as its disk knows
  bool takeOthers();
  void stored(const Commit& commit);
  void indexAgain();
  void noteConfirmed();

  World* world_;
  const int index_;
  int generation_ = 0;
  RegisterOfNode register_;
  Log log_;
  std::size_t durable_ = 0;  // commits
  std::unordered_map<std::uint64_t, std::uint64_t> indexOf_;
  std::set<std::uint64_t> refused_;
  std::unique_ptr<ledger::OrderedSequencer> sequencer_;
  std::unique_ptr<ledger::Quorum> quorum_;
  std::unique_ptr<ledger::NodeSigner> signer_;
  std::deque<Operation> inbox_;
  std::map<std::uint64_t, Operation::Kind> waiting_;  // for an answer
  std::uint64_t noted_ = 0;                           // of what is confirmed
};

}  // namespace pilotledger::cluster
