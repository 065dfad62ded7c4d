// Several nodes, a register, clients and an operator in one thread, with everything that may go wrong, played from a
// seed. README.md says what it simulates.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/cluster/chance.h"
#include "tests/cluster/judge.h"
#include "tests/cluster/simulated_node.h"
#include "tests/cluster/simulated_register.h"

namespace pilotledger::cluster {

// Planted, to see that it is found.
enum class Bug { None, AnswerAlone, UncheckedAdmission, KeyInBackup, OddRule, HastyFloor };

struct Settings {
  std::uint64_t seed = 1;
  Bug bug = Bug::None;
  bool realKeys = false;  // Ed25519
};

struct Outcome {
  std::optional<std::string> violation;
  std::size_t commits = 0, answered = 0, receipts = 0;
  std::size_t crashes = 0, putBack = 0, registerLosses = 0, resumes = 0, rebuilt = 0;
};

class World {
 public:
  explicit World(Settings settings);
  Outcome run();

  // --- for the nodes
  static ledger::OrderHead firstHead();
  const Settings& settings() const { return settings_; }
  Chance& chance() { return chance_; }
  Judge& judge() { return judge_; }
  SimulatedRegister& shared() { return shared_; }
  std::int64_t now() const { return now_; }
  const Members& founders() const { return founders_; }
  const Members& trustedUnchecked() const { return trusted_; }
  void send(int from, const ledger::NodeLine& line);
  void answered(std::uint64_t id, bool recorded);
  void askWhatWasSigned(SimulatedNode& node);
  bool crashes(SimulatedNode& node);

 private:
  struct Rates {  // of a thousand steps
    std::uint64_t crash = 0, pause = 0, cut = 0, lostLine = 0, diskLoss = 0, registerLoss = 0, crashInside = 0;
  };
  struct Waiting {
    Operation operation;
    std::int64_t until = 0;
  };
  struct Letter {
    std::int64_t at = 0;
    int from = 0, to = 0;
    ledger::NodeLine line;
  };
  struct Replacement {
    int node = 0, generation = 0;
    enum class Stage { Retiring, Checking, Admitting } stage = Stage::Retiring;
    std::uint64_t operation = 0;
  };

  // world.cpp: time goes on
  void step();
  void faults();
  void registerFaults();
  void actOf(SimulatedNode& node);
  void deliver();
  void clients();
  void sendOperation(Waiting& waiting);
  void heal();
  bool isDone() const;
  std::string whatIsLeft();

  // operator.cpp
  void operate();
  void resume();
  bool mayResume(const SimulatedNode& candidate, const std::vector<SimulatedNode*>& answers) const;
  void startReplacing(SimulatedNode& node, bool diskGone);
  void goOnReplacing();
  bool holdsAllConfirmed(const SimulatedNode& node) const;
  bool mustBeRebuilt(const SimulatedNode& node) const;
  void helpBehind(SimulatedNode& node);
  bool isCalm();
  bool recordIsGone();
  const SimulatedNode& mostConfirmed() const;
  bool isOrdersBranch(const SimulatedNode& node);
  bool answers(const SimulatedNode& node) const;
  std::uint64_t order(Operation::Kind kind, NodeKey key);
  SimulatedNode& any() { return *nodes_[chance_.below(nodes_.size())]; }

  Settings settings_;
  Chance chance_;
  Judge judge_;
  SimulatedRegister shared_;
  Members founders_, trusted_;
  std::vector<std::unique_ptr<SimulatedNode>> nodes_;
  Rates rates_;
  bool healed_ = false;
  bool reckless_ = false;  // losses at the same time, which may end progress; safety is judged
  std::int64_t now_ = 1000;
  std::vector<Letter> letters_;
  std::map<std::uint64_t, Waiting> waiting_;
  std::uint64_t events_ = 0, nextEvent_ = 1, nextOrder_ = 1'000'000;
  std::optional<Replacement> replacement_;
  bool lossSoon_ = false;  // a disk is gone, and the register goes as well
  Outcome outcome_;
};

inline Outcome simulate(Settings settings) { return World(settings).run(); }

// Whether the one log is the beginning of the other.
bool isPrefix(const Log& shorter, const Log& longer);

}  // namespace pilotledger::cluster
