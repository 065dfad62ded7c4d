#include "tests/cluster/protocol_simulation.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/cluster/simulated_keys.h"

namespace pilotledger::cluster {
namespace {

constexpr int kMostSteps = 30'000;  // until everything is answered
constexpr std::size_t kClients = 5;
constexpr std::int64_t kPatience = 600;  // milliseconds of a client

}  // namespace

bool isPrefix(const Log& shorter, const Log& longer) {
  return shorter.empty() || (shorter.size() <= longer.size() && longer[shorter.size() - 1].mark == shorter.back().mark);
}

World::World(Settings settings) : settings_(settings), chance_(settings.seed), shared_(chance_, firstHead()) {
  const int count = chance_.in1000(600) ? 3 : 5;
  for (int i = 0; i < count; ++i) founders_[i] = 0;
  for (int i = 0; i < count; ++i) nodes_.push_back(std::make_unique<SimulatedNode>(*this, i));
  for (auto& node : nodes_) node->skew = static_cast<std::int64_t>(chance_.below(4000)) - 2000;
  auto rate = [&](std::uint64_t most) { return chance_.in1000(700) ? chance_.below(most + 1) : 0; };
  rates_ = {rate(6), rate(12), rate(6), rate(400), rate(3), rate(4), rate(30)};
  shared_.faults = {rate(80), rate(80), rate(80), rate(200)};
  events_ = 60 + chance_.below(120);
  reckless_ = chance_.in1000(300);
}

Outcome World::run() {
  const int troubled = 600 + static_cast<int>(chance_.below(1200));
  const int most = reckless_ ? troubled + 4000 : kMostSteps;
  int steps = 0;
  while (!judge_.violation() && !(healed_ && isDone()) && steps < most) {
    step();
    if (++steps == troubled) heal();
  }
  if (steps == most && !reckless_) judge_.fail("starved: " + whatIsLeft());
  if (!judge_.violation() && steps < most) {
    std::vector<std::uint64_t> entries;
    for (const Commit& commit : nodes_[0]->log())
      entries.insert(entries.end(), commit.entries.begin(), commit.entries.end());
    judge_.finished(entries);
  }
  outcome_.violation = judge_.violation();
  outcome_.commits = judge_.commits();
  outcome_.receipts = judge_.receipts();
  return outcome_;
}

void World::step() {
  now_ += static_cast<std::int64_t>(chance_.below(8));
  if (!healed_) faults();
  deliver();
  clients();
  SimulatedNode& node = any();
  if (!node.running) {
    if (healed_ || chance_.in1000(30)) node.open();
  } else if (node.pausedUntil <= now_) {
    actOf(node);
  }
  if (chance_.in1000(25)) operate();
}

void World::actOf(SimulatedNode& node) {
  switch (chance_.below(10)) {
    case 0:
    case 1:
    case 2:
    case 3: node.lead(); break;
    case 4:
    case 5: node.follow(); break;
    case 6:
    case 7: node.sync(); break;
    case 8: node.tell(); break;
    default:
      if (chance_.in1000(100)) node.forget();
  }
  if (node.running) node.answer();
}

// --- what goes wrong

bool World::crashes(SimulatedNode& node) {
  if (healed_ || !chance_.in1000(rates_.crashInside)) return false;
  ++outcome_.crashes;
  node.crash();
  return true;
}

void World::faults() {
  SimulatedNode& node = any();
  auto soon = [&] { return now_ + static_cast<std::int64_t>(chance_.below(1500)); };
  if (node.running && chance_.in1000(rates_.crash)) {
    ++outcome_.crashes;
    node.crash();
  }
  if (chance_.in1000(rates_.pause)) node.pausedUntil = soon() + (chance_.in1000(300) ? 3000 : 0);
  if (chance_.in1000(rates_.cut)) node.cutUntil = soon();
  if (chance_.in1000(rates_.cut)) node.reg().reached = false;
  if (chance_.in1000(15)) any().reg().reached = true;
  if (chance_.in1000(20)) shared_.doLate();
  if (chance_.in1000(rates_.diskLoss) && !replacement_ && (reckless_ || isCalm())) startReplacing(node, true);
  registerFaults();
}

// A register is lost or restored once the last such loss is mended, but for reckless seeds: see README.md.
void World::registerFaults() {
  if (chance_.in1000(20)) shared_.keepCopy();
  if (!lossSoon_ && !chance_.in1000(rates_.registerLoss)) return;
  if (!reckless_ && (replacement_ || !isCalm())) return;
  lossSoon_ = false;
  ++outcome_.registerLosses;
  if (chance_.in1000(250) || !shared_.restore()) shared_.lose();
  if (chance_.in1000(500)) any().pausedUntil = now_ + 3000;  // what takes one often takes another
}

void World::heal() {
  healed_ = true;
  shared_.settle();
  for (auto& node : nodes_) {
    node->reg().reached = true;
    node->pausedUntil = node->cutUntil = 0;
  }
}

bool World::answers(const SimulatedNode& node) const {
  return node.running && node.pausedUntil <= now_ && node.cutUntil <= now_;
}

// --- lines of nodes

void World::send(int from, const ledger::NodeLine& line) {
  for (int to = 0; to < static_cast<int>(nodes_.size()); ++to) {
    if (to == from || (!healed_ && chance_.in1000(rates_.lostLine))) continue;
    const auto delay = static_cast<std::int64_t>(chance_.in1000(50) ? chance_.below(2000) : chance_.below(40));
    letters_.push_back({now_ + delay, from, to, line});
  }
}

void World::deliver() {
  auto due = std::partition(letters_.begin(), letters_.end(), [&](const Letter& one) { return one.at > now_; });
  std::vector<Letter> arrived(std::make_move_iterator(due), std::make_move_iterator(letters_.end()));
  letters_.erase(due, letters_.end());
  for (const Letter& one : arrived) {
    SimulatedNode& to = *nodes_[static_cast<std::size_t>(one.to)];
    SimulatedNode& from = *nodes_[static_cast<std::size_t>(one.from)];
    if (!to.running || to.cutUntil > now_ || from.cutUntil > now_) continue;
    to.take(one.line);
  }
}

// As a node asks at its start: the order's store, which forgets it where it is lost, and each of the others that
// answers.
void World::askWhatWasSigned(SimulatedNode& node) {
  const std::uint32_t own = memberOf(node.key()).key.id();
  for (auto& other : nodes_) {
    if (!other || other.get() == &node || !answers(*other) || node.cutUntil > now_) continue;
    auto newest = other->newest();
    auto line = newest.find(nodeName(node.index()));
    if (line != newest.end() && line->second.signature.keyId == own)
      node.heldToSigned(line->second.size, line->second.root);
  }
}

// --- clients

void World::clients() {
  while (nextEvent_ <= events_ && waiting_.size() < kClients) {
    waiting_[nextEvent_] = {{nextEvent_, Operation::Kind::Event, {}}, 0};
    ++nextEvent_;
  }
  for (auto& [id, waiting] : waiting_) {
    if (waiting.until > now_) continue;
    sendOperation(waiting);
  }
}

void World::sendOperation(Waiting& waiting) {
  waiting.until = now_ + kPatience / 3 + static_cast<std::int64_t>(chance_.below(kPatience));
  SimulatedNode& node = any();
  if (node.running && !node.differs) node.submit(waiting.operation);
}

void World::answered(std::uint64_t id, bool) {
  if (!healed_ && chance_.in1000(50)) return;  // on its way to the client, who asks again
  if (waiting_.erase(id) > 0) ++outcome_.answered;
}

// --- the end

bool World::isDone() const {
  if (nextEvent_ <= events_ || !waiting_.empty() || replacement_) return false;
  const SimulatedNode& first = *nodes_[0];
  const std::uint64_t size = first.log().empty() ? 0 : first.log().back().size;
  return std::all_of(nodes_.begin(), nodes_.end(), [&](const auto& node) {
    return node->running && !node->differs && node->idle() && node->durable() == node->log().size() &&
           node->head() == first.head() && node->confirmed() == size &&
           node->log().back().root == first.log().back().root;
  });
}

std::string World::whatIsLeft() {
  std::string text = fmt::format("{} unanswered", waiting_.size());
  if (replacement_)
    text += fmt::format(", n{} is replaced, stage {}", replacement_->node, static_cast<int>(replacement_->stage));
  const auto head = shared_.readHead();
  text += head ? fmt::format(", head {}", head->number) : ", no head";
  for (const auto& node : nodes_) {
    text += fmt::format("; {}{}{} {} records, {} entries, {} confirmed", nodeName(node->index()),
                        node->differs ? " differs" : "", node->lost() ? " lost" : "", node->log().size(),
                        node->log().empty() ? 0 : node->log().back().size, node->confirmed());
  }
  return text;
}

}  // namespace pilotledger::cluster
