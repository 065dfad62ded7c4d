#include "tests/cluster/simulated_node.h"

#include <algorithm>

#include "tests/cluster/protocol_simulation.h"
#include "tests/cluster/simulated_keys.h"

namespace pilotledger::cluster {

using ledger::Batch;
using ledger::OrderHead;

namespace {

constexpr crypto::SuiteId kSuite = crypto::SuiteId::Ed25519Sha256;
constexpr std::size_t kMostInFlight = 2;  // built and not synced, as a committer has them
constexpr std::size_t kMostInBatch = 8;
const std::string kOrigin = "o.example/log";

Result<ledger::Admitted> admit(std::shared_ptr<const proof::Submission> submission) {
  ledger::AdmittedSubmission admitted;
  admitted.submission = std::move(submission);
  return std::make_shared<const ledger::AdmittedSubmission>(std::move(admitted));
}

ledger::Admitted submissionOf(const Operation& operation) {
  const std::uint8_t kind = static_cast<std::uint8_t>(operation.kind) + 1;  // an event has bytes
  Bytes event = {kind, static_cast<std::uint8_t>(operation.key.node),
                 static_cast<std::uint8_t>(operation.key.generation)};
  proof::Submission submission{std::to_string(operation.id), {std::move(event)}};
  return admit(std::make_shared<const proof::Submission>(std::move(submission))).value();
}

Operation operationOf(const proof::Submission& submission) {
  const Bytes& event = submission.events.at(0);
  return {std::stoull(submission.note), static_cast<Operation::Kind>(event[0] - 1), {event[1], event[2]}};
}

Digest rootAfter(const Digest& before, std::uint64_t id, std::int64_t time) {
  const std::string entry = std::to_string(id) + " " + std::to_string(time);
  return crypto::hash(kSuite, {ByteView(before), viewOf(entry)});
}

std::string noteOf(const proof::Checkpoint& checkpoint) {
  return proof::Note{checkpoint.body(), {{"log", 1, Bytes(8, 1)}}}.serialize();
}

}  // namespace

OrderHead World::firstHead() { return ledger::firstHead(kSuite, "begin"); }

SimulatedNode::SimulatedNode(World& world, int index)
    : world_(&world), index_(index), register_(world.shared(), world.chance()) {
  open();
}

OrderHead SimulatedNode::head() const { return log_.empty() ? World::firstHead() : log_.back().mark; }

Members SimulatedNode::members() const {
  Members members = log_.empty() || durable_ == 0 ? world_->founders() : *log_[durable_ - 1].members;
  for (const auto& [node, generation] : world_->trustedUnchecked()) members[node] = generation;
  return members;
}

// --- what it holds

const Commit* SimulatedNode::commitOf(std::uint64_t size) const {
  auto end = log_.begin() + static_cast<std::ptrdiff_t>(durable_);
  auto at = std::lower_bound(log_.begin(), end, size, [](const Commit& one, auto wanted) { return one.size < wanted; });
  return at == end || at->size != size || at->entries.empty() ? nullptr : &*at;
}

void SimulatedNode::indexAgain() {
  indexOf_.clear();
  refused_.clear();
  std::uint64_t next = 0;
  for (const Commit& commit : log_) {
    for (std::uint64_t id : commit.entries) indexOf_[id] = next++;
    for (const auto& submission : commit.batch.submissions) {
      const std::uint64_t id = operationOf(*submission->submission).id;
      if (!indexOf_.contains(id)) refused_.insert(id);
    }
  }
}

void SimulatedNode::open(bool copied) {
  log_.resize(durable_);
  indexAgain();
  inbox_.clear();
  waiting_.clear();
  noted_ = 0;
  differs = false;
  sequencer_ = std::make_unique<ledger::OrderedSequencer>(
      register_, ledger::OrderedSequencer::Options{kSuite, nodeName(index_), head(), admit, 3});
  if (quorum_ && !copied) kept_ = std::max(kept_, quorum_->confirmed());  // kept with the log
  quorum_ = std::make_unique<ledger::Quorum>(kOrigin, nodeName(index_), verifying(world_->settings().realKeys));
  signer_ = std::make_unique<ledger::NodeSigner>(memberOf(key()).key, cosignBy(key(), world_->settings().realKeys));
  running = true;
  refreshMembers();
  world_->askWhatWasSigned(*this);
  for (std::size_t i = durable_; i > 0; --i) {
    if (log_[i - 1].entries.empty()) continue;
    stored(log_[i - 1]);
    break;
  }
}

void SimulatedNode::crash() {
  running = false;
  log_.resize(durable_);
}

void SimulatedNode::putBack(Log copy, int generation) {
  log_ = std::move(copy);
  durable_ = log_.size();
  generation_ = generation;
  kept_ = 0;
  open(true);
}

void SimulatedNode::catchUp(const Log& from) {
  if (from.size() <= log_.size() || (!log_.empty() && from[log_.size() - 1].mark != log_.back().mark)) return;
  for (std::size_t i = log_.size(); i < from.size(); ++i)
    execute({from[i].mark.number, from[i].batch, from[i].mark.text()});
  while (durable_ < log_.size()) sync();
  open();
}

// As the synced log says, with who were members before the last change.
void SimulatedNode::refreshMembers() {
  auto listed = [](const Members& members) {
    std::vector<ledger::ClusterMember> all;
    for (const auto& [node, generation] : members) all.push_back(memberOf({node, generation}));
    return all;
  };
  std::uint64_t since = 0;
  Members before;
  for (std::size_t i = durable_; i > 0 && since == 0; --i) {
    const Members& was = i > 1 ? *log_[i - 2].members : world_->founders();
    if (&was == log_[i - 1].members.get() || was == *log_[i - 1].members) continue;
    since = log_[i - 1].size;
    before = was;
  }
  if (kept_ >= since) before.clear();  // the change is confirmed
  quorum_->setMembers(listed(members()), since, listed(before));
}

// --- order, execute, sync, sign

void SimulatedNode::submit(const Operation& operation) {
  waiting_[operation.id] = operation.kind;
  inbox_.push_back(operation);
}

bool SimulatedNode::takeOthers() {
  for (int most = 8; most > 0; --most) {
    while (log_.size() - durable_ >= kMostInFlight) sync();
    auto next = sequencer_->next();
    if (!next.ok()) return false;
    if (!*next) return true;
    execute(std::move(**next));
  }
  return true;
}

void SimulatedNode::follow() {
  if (!differs) (void)takeOthers();
}

// No change of members is proposed before the one ahead of it is confirmed.
bool SimulatedNode::mayChangeMembers() const {
  for (std::size_t i = log_.size(); i > 0; --i) {
    const Members& was = i > 1 ? *log_[i - 2].members : world_->founders();
    if (&was == log_[i - 1].members.get() || was == *log_[i - 1].members) continue;
    return i <= durable_ && quorum_->confirmed() >= log_[i - 1].size;
  }
  return true;
}

// As Committer::lead does it.
void SimulatedNode::lead() {
  if (differs || inbox_.empty()) return;
  while (log_.size() - durable_ >= kMostInFlight) sync();
  Batch batch;
  std::deque<Operation> taken;
  for (; taken.size() < kMostInBatch && !inbox_.empty(); inbox_.pop_front()) taken.push_back(inbox_.front());
  for (const Operation& one : taken) batch.submissions.push_back(submissionOf(one));
  const bool changes =
      std::any_of(taken.begin(), taken.end(), [](const Operation& one) { return one.kind != Operation::Kind::Event; });
  for (int most = 6; most > 0 && !(changes && !mayChangeMembers()); --most) {
    batch.recordedAtMs = std::max(world_->now() + skew, lastTime());
    auto number = sequencer_->propose(batch);
    if (world_->crashes(*this)) return;
    if (number.ok() && *number) {
      auto ordered = sequencer_->next();
      PL_ASSERT(ordered.ok() && *ordered && (*ordered)->number == **number);
      return execute(std::move(**ordered));
    }
    if (!number.ok() || !takeOthers()) break;
  }
  for (const Operation& one : taken) waiting_.erase(one.id);  // Unavailable: they send them again
}

bool SimulatedNode::refuses(const Operation& operation, const Members& members) const {
  const auto& [node, generation] = operation.key;
  if (operation.kind == Operation::Kind::Retire) {
    auto found = members.find(node);
    return found == members.end() || found->second != generation || members.size() == 1;
  }
  if (operation.kind == Operation::Kind::Admit) return members.contains(node);
  if (world_->settings().bug == Bug::OddRule && index_ == 0 && operation.id % 13 == 5) return true;
  return operation.id % 11 == 3;
}

void SimulatedNode::executeOne(const Operation& operation, Commit& commit, Members& members) {
  if (indexOf_.contains(operation.id)) return;  // it has its entry
  if (refuses(operation, members)) {
    refused_.insert(operation.id);
    return;
  }
  refused_.erase(operation.id);
  indexOf_[operation.id] = commit.size++;
  commit.entries.push_back(operation.id);
  commit.root = rootAfter(commit.root, operation.id, commit.time);
  if (operation.kind == Operation::Kind::Retire) members.erase(operation.key.node);
  if (operation.kind == Operation::Kind::Admit) members[operation.key.node] = operation.key.generation;
}

void SimulatedNode::execute(ledger::Ordered ordered) {
  Commit before = log_.empty() ? Commit{} : log_.back();
  if (!before.members) before.members = std::make_shared<Members>(world_->founders());
  Commit commit{{}, before.size, before.root, ordered.batch.recordedAtMs, {}, {}, {}};
  auto mark = OrderHead::parse(ordered.mark);
  world_->judge().require(mark.ok() && mark->number == log_.size() + 1, "the order has a gap");
  world_->judge().require(commit.time >= before.time, "a recorded time goes back");
  commit.mark = *mark;
  Members members = *before.members;
  for (const auto& one : ordered.batch.submissions) executeOne(operationOf(*one->submission), commit, members);
  commit.members = members == *before.members ? before.members : std::make_shared<Members>(std::move(members));
  commit.batch = std::move(ordered.batch);
  world_->judge().executed(commit.mark, commit.root);
  log_.push_back(std::move(commit));
}

void SimulatedNode::sync() {
  if (durable_ == log_.size()) return;
  const Commit& commit = log_[durable_++];
  sequencer_->forget(commit.mark.number);
  if (!commit.entries.empty()) stored(commit);
}

void SimulatedNode::stored(const Commit& commit) {
  refreshMembers();
  const proof::Checkpoint checkpoint{kOrigin, commit.size, commit.root};
  std::optional<proof::NoteSignature> line;
  const Members now = members();
  auto own = now.find(index_);
  if (!differs && own != now.end() && own->second == generation_) {
    auto signature = signer_->sign(checkpoint, static_cast<std::uint64_t>(world_->now()));
    differs = !signature.ok();
    if (signature.ok()) line = *signature;
  }
  if (line) {
    world_->judge().signs(key(), commit.size, commit.root, [&](std::uint64_t size, const Digest& root) {
      const Commit* held = commitOf(size);
      return held != nullptr && held->root == root;
    });
    world_->send(index_, {commit.size, commit.root, *line});
  }
  quorum_->stored(checkpoint, noteOf(checkpoint), std::move(line));
  noteConfirmed();
}

// --- what others say

void SimulatedNode::tell() {
  auto newest = quorum_->newest();
  if (auto own = newest.find(nodeName(index_)); own != newest.end()) world_->send(index_, own->second);
}

void SimulatedNode::take(const ledger::NodeLine& line) {
  (void)quorum_->take(line);  // of a key that it does not know yet, it comes again
  auto difference = quorum_->difference();
  if (difference && difference->outvoted) differs = true;
  noteConfirmed();
}

// Somebody holds a line of this node's key.
void SimulatedNode::heldToSigned(std::uint64_t size, const Digest& root) {
  const std::uint64_t here = durable_ == 0 ? 0 : log_[durable_ - 1].size;
  if (size > here) return signer_->signedBefore(size, root);
  const Commit* held = commitOf(size);
  if (held == nullptr || held->root != root) differs = true;
}

void SimulatedNode::noteConfirmed() {
  if (quorum_->confirmed() <= noted_) return;
  noted_ = quorum_->confirmed();
  const Commit* commit = commitOf(noted_);
  if (commit == nullptr) return world_->judge().fail("confirmed what is not stored here");
  auto note = proof::Note::parse(quorum_->confirmedNote());
  world_->judge().require(note.ok(), "the confirmed note is none");
  Members then = *commit->members;
  for (const auto& [node, generation] : world_->trustedUnchecked()) then[node] = generation;
  world_->judge().confirmed(commit->mark, noted_, commit->root, then, note->signatures.size() - 1);
}

// --- answers

void SimulatedNode::answer() {
  const bool alone = world_->settings().bug == Bug::AnswerAlone;
  const std::uint64_t stored = durable_ == 0 ? 0 : log_[durable_ - 1].size;
  std::erase_if(waiting_, [&](const auto& waiting) {
    const auto& [id, kind] = waiting;
    if (auto found = indexOf_.find(id); found != indexOf_.end()) {
      if (found->second >= (alone ? stored : quorum_->confirmed())) return false;
      world_->judge().receipt(id, found->second);
      world_->answered(id, true);
      return true;
    }
    if (!refused_.contains(id)) return false;
    if (kind == Operation::Kind::Event) world_->judge().refused(id);
    world_->answered(id, false);
    return true;
  });
}

// The register may forget what more than half of the nodes hold for ever. Records behind that added no entry have the
// same size: nobody signed that he holds them.
void SimulatedNode::forget() {
  std::uint64_t floor = 0;
  for (const Commit& commit : log_) {
    if (!commit.entries.empty() && commit.size <= quorum_->confirmed()) floor = commit.mark.number;
  }
  if (world_->settings().bug == Bug::HastyFloor) floor = log_.size();
  const std::uint64_t window = world_->chance().below(30);
  if (floor <= window) return;
  const std::uint64_t first = floor + 1 - window;  // that stays
  auto stays = register_.record(first);
  if (!stays.ok() || !*stays) return;
  auto record = ledger::OrderRecord::decode(**stays);
  // After a restore there may be records of another branch, which nobody else holds.
  if (!record.ok() || record->before != log_[first - 2].mark) return;
  const bool held = std::any_of(log_.begin() + static_cast<std::ptrdiff_t>(first) - 2, log_.end(),
                                [&](const Commit& one) { return world_->judge().wasConfirmed(one.mark); });
  world_->judge().require(held, "a record is forgotten before it is confirmed");
  (void)register_.forgetBelow(first);
}

}  // namespace pilotledger::cluster
