// What people do: set the order right after the register was lost, and put nodes back that lost their disk, stayed
// behind or differ.
#include <algorithm>
#include <tuple>

#include "tests/cluster/protocol_simulation.h"
#include "tests/cluster/simulated_keys.h"

namespace pilotledger::cluster {
namespace {

// The entries up to which both logs are the same.
std::size_t common(const Log& one, const Log& other) {
  std::size_t same = 0;
  while (same < one.size() && same < other.size() && one[same].mark == other[same].mark) ++same;
  return same;
}

}  // namespace

void World::operate() {
  if (std::any_of(nodes_.begin(), nodes_.end(), [](const auto& node) { return node->lost(); }) || recordIsGone())
    resume();
  for (auto& node : nodes_) {
    if (node->running) helpBehind(*node);
  }
  if (replacement_) return goOnReplacing();
  for (auto& node : nodes_) {
    if (mustBeRebuilt(*node)) return startReplacing(*node, false);
  }
}

// --- the register was lost or restored

// It was in a register that was lost, and on a disk that was lost; so it was not confirmed.
bool World::recordIsGone() {
  std::size_t longest = 0;
  for (const auto& node : nodes_) longest = std::max(longest, node->log().size());
  const auto head = shared_.readHead();
  return head && head->number > longest && !shared_.readRecord(longest + 1);
}

// Whatever was confirmed is on more than half of the disks, so enough answers show it, and it must be in the log that
// goes on: of a branch that is not, too few hold it.
bool World::mayResume(const SimulatedNode& candidate, const std::vector<SimulatedNode*>& answers) const {
  const std::size_t members = candidate.members().size(), needed = members / 2 + 1;
  if (answers.size() + needed < members + 1) return false;
  return std::all_of(answers.begin(), answers.end(), [&](const SimulatedNode* other) {
    if (isPrefix(other->log(), candidate.log())) return true;
    const std::size_t same = common(other->log(), candidate.log());
    const auto hold = static_cast<std::size_t>(std::count_if(answers.begin(), answers.end(), [&](const auto* one) {
      return one->log().size() > same && one->log()[same].mark == other->log()[same].mark;
    }));
    return hold + (members - answers.size()) < needed;
  });
}

// The register's head is this node's, or goes on from there.
bool World::isOrdersBranch(const SimulatedNode& node) {
  const auto head = shared_.readHead();
  if (head == node.head()) return true;
  const auto after = shared_.readRecord(node.log().size() + 1);
  const auto record = after ? ledger::OrderRecord::decode(*after) : Result<ledger::OrderRecord>(invalidInput("none"));
  return head && head->number > node.log().size() && record.ok() && record->before == node.head();
}

void World::resume() {
  std::vector<SimulatedNode*> asked;
  for (auto& node : nodes_) {
    const bool whole = !replacement_ || replacement_->node != node->index();
    if (answers(*node) && whole) asked.push_back(node.get());
  }
  SimulatedNode* best = nullptr;
  auto followers = [&](const SimulatedNode& candidate) {
    return std::count_if(asked.begin(), asked.end(),
                         [&](const auto* one) { return isPrefix(one->log(), candidate.log()); });
  };
  auto better = [&](const SimulatedNode& one, const SimulatedNode& other) {
    return std::tuple(followers(one), isOrdersBranch(one), one.log().size()) >
           std::tuple(followers(other), isOrdersBranch(other), other.log().size());
  };
  for (SimulatedNode* one : asked) {
    if (one->differs || !mayResume(*one, asked)) continue;
    if (best == nullptr || better(*one, *best)) best = one;
  }
  if (best == nullptr) return;
  while (best->durable() < best->log().size()) best->sync();  // nobody has those records but this node
  auto found = best->reg().head();
  if (!found.ok()) return;
  if (isOrdersBranch(*best)) return;
  auto swapped = best->reg().swap(*found, best->head(), "");
  if (swapped.ok() && swapped->done) ++outcome_.resumes;
}

// Records that the register has no more are had from a node that holds them; the chain shows that they are those.
void World::helpBehind(SimulatedNode& node) {
  const bool replaced = replacement_ && replacement_->node == node.index();
  const bool missing = !shared_.readRecord(node.log().size() + 1);
  if (!replaced && !missing) return;
  const SimulatedNode& from = replaced ? mostConfirmed() : any();
  if (!answers(from) || from.differs || !answers(node)) return;
  Log held = from.onDisk();
  if (!replaced) {
    if (!node.differs && held.size() > node.log().size() && isPrefix(node.log(), held)) node.catchUp(held);
  } else if (replacement_->stage != Replacement::Stage::Admitting && !isPrefix(node.log(), from.log()) &&
             !isPrefix(from.log(), node.log())) {
    node.putBack(std::move(held), replacement_->generation);  // it signs nothing yet
  } else if (missing || held.size() > node.log().size() + 3) {
    node.catchUp(held);
  }
}

// --- a node is put back

// A majority went on without it, past where it left them.
bool World::mustBeRebuilt(const SimulatedNode& node) const {
  const SimulatedNode& other = mostConfirmed();
  if (!node.running || &other == &node) return false;
  const std::size_t same = common(node.log(), other.log());
  if (other.confirmed() <= (same == 0 ? 0 : other.log()[same - 1].size)) return false;
  return node.differs || same < node.log().size();
}

void World::startReplacing(SimulatedNode& node, bool diskGone) {
  ++outcome_.putBack;
  lossSoon_ = diskGone && chance_.in1000(500);
  if (!diskGone) ++outcome_.rebuilt;
  const int generation = settings_.bug == Bug::KeyInBackup ? node.key().generation : node.key().generation + 1;
  Log copy = diskGone ? node.onDisk() : mostConfirmed().onDisk();
  copy.resize(copy.size() - chance_.below(copy.size() / (diskGone ? 1 : 4) + 1));
  node.putBack(std::move(copy), generation);
  if (settings_.bug == Bug::KeyInBackup) return;
  if (settings_.bug == Bug::UncheckedAdmission) {
    trusted_[node.index()] = generation;
    for (auto& one : nodes_) one->refreshMembers();
    return;
  }
  replacement_ = Replacement{node.index(), generation, Replacement::Stage::Retiring, 0};
  replacement_->operation = order(Operation::Kind::Retire, {node.index(), generation - 1});
}

std::uint64_t World::order(Operation::Kind kind, NodeKey key) {
  const std::uint64_t id = nextOrder_++;
  waiting_[id] = {{id, kind, key}, 0};
  return id;
}

// One member goes and is confirmed to be gone, before the other comes: the majorities before and after each of these
// steps share a node.
void World::goOnReplacing() {
  using Stage = Replacement::Stage;
  SimulatedNode& node = *nodes_[static_cast<std::size_t>(replacement_->node)];
  if (replacement_->stage == Stage::Admitting && mustBeRebuilt(node)) return startReplacing(node, false);
  if (waiting_.contains(replacement_->operation)) return;
  if (replacement_->stage == Stage::Retiring) replacement_->stage = Stage::Checking;
  const Members others = mostConfirmed().members();
  auto old = others.find(node.index());
  if (old != others.end() && old->second != replacement_->generation) {  // what retired it was of another branch
    replacement_->stage = Stage::Retiring;
    replacement_->operation = order(Operation::Kind::Retire, {node.index(), old->second});
    return;
  }
  if (old != others.end()) replacement_->stage = Stage::Admitting;
  if (replacement_->stage == Stage::Checking && node.running && holdsAllConfirmed(node)) {
    replacement_->operation = order(Operation::Kind::Admit, node.key());
    replacement_->stage = Stage::Admitting;
    return;
  }
  if (replacement_->stage != Stage::Admitting) return;
  if (old == others.end()) {
    replacement_->stage = Stage::Checking;
  } else if (node.members().contains(node.index())) {
    replacement_.reset();
  }
}

const SimulatedNode& World::mostConfirmed() const {
  return **std::max_element(nodes_.begin(), nodes_.end(),
                            [](const auto& one, const auto& other) { return one->confirmed() < other->confirmed(); });
}

// Whatever more than half of the members hold, one of so many of them holds.
bool World::holdsAllConfirmed(const SimulatedNode& node) const {
  const Log& log = node.log();
  const Members members = node.members();
  if (node.durable() != log.size() || members.contains(node.index())) return false;
  std::size_t asked = 0;
  for (const auto& other : nodes_) {
    if (other.get() == &node || !answers(*other)) continue;
    if (isPrefix(other->onDisk(), log)) ++asked;
  }
  return asked + members.size() / 2 + 1 >= members.size() + 1;
}

// Nothing is being mended, and all are on one branch.
bool World::isCalm() {
  const SimulatedNode* longest = nodes_[0].get();
  for (const auto& node : nodes_) {
    if (!node->running || node->differs || node->lost()) return false;
    if (node->log().size() > longest->log().size()) longest = node.get();
  }
  const auto head = shared_.readHead();
  const bool reaches = head && head->number >= longest->log().size();
  return reaches && std::all_of(nodes_.begin(), nodes_.end(), [&](const auto& node) {
           return isPrefix(node->log(), longest->log()) && node->members().size() == nodes_.size();
         });
}

}  // namespace pilotledger::cluster
