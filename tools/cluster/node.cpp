#include "tools/cluster/node.h"

#include <fmt/format.h>

#include <chrono>

#include "ledger/countersignatures.h"
#include "tools/cluster/members.h"

namespace pilotledger::cluster {
namespace {

using namespace std::chrono_literals;
constexpr auto kBehind = 5s;           // after which a node says that it is
constexpr std::size_t kMostKept = 16;  // confirmed sizes that a start looks at
constexpr std::size_t kMostBrought = 70'000;
constexpr std::uint64_t kKeepEvery = 1000;  // lines of every so many entries stay, and those of a quiet moment

Error outvoted(const ledger::Quorum::Difference& difference) {
  return makeError(
      ErrorCode::Corruption,
      fmt::format("more than half of the nodes ({}) signed another root for {} entries than this node holds: nothing "
                  "more is recorded here. Run 'pilotledger verify' here and there; the node that differs is rebuilt "
                  "from a backup of another",
                  fmt::join(difference.nodes, ", "), difference.size),
      fmt::format("过半数节点（{}）就 {} 条签署的树根与本节点不同：本节点已停止记录。请在各节点运行 pilotledger "
                  "verify，并以其他节点的备份重建内容不同的节点",
                  fmt::join(difference.nodes, "、"), difference.size));
}

Error crowded() {
  return makeError(ErrorCode::Unavailable,
                   "etcd keeps half of what it may: nothing more is ordered. Defragment its members one at a time "
                   "(README of tools/cluster)",
                   "etcd 存储已达配额之半：暂停定序。请逐一整理其成员的存储（见 tools/cluster 说明）");
}

}  // namespace

Node::Node(NodeOptions options, crypto::SigningKey key, std::shared_ptr<ledger::OrderRegister> order)
    : options_(std::move(options)),
      order_(std::move(order)),
      quorum_(options_.origin, options_.name),
      signer_(std::move(key)) {}

Node::~Node() { stop(); }

void Node::note(std::string_view event, const Error& error) {
  {
    std::lock_guard lock(mutex_);
    if (trouble_ == error.message.en) return;
    trouble_ = error.message.en;
  }
  if (options_.log) options_.log(event, error.message.en);
}

std::unique_ptr<ledger::Sequencer> Node::sequencer(ledger::OrderStart start) {
  auto made = std::make_unique<ledger::OrderedSequencer>(
      *order_, ledger::OrderedSequencer::Options{start.suite, options_.name, start.built, std::move(start.admit), 4,
                                                 [](int attempt) { std::this_thread::sleep_for(attempt * 50ms); },
                                                 [this](std::uint64_t number) {
                                                   for (const auto& peer : peers()) peer->tellOrdered(number);
                                                 }});
  sequencer_ = made.get();
  return made;
}

std::vector<std::shared_ptr<Peer>> Node::peers() const {
  std::lock_guard lock(peersMutex_);
  std::vector<std::shared_ptr<Peer>> all;
  for (const auto& [name, peer] : peers_) all.push_back(peer);
  return all;
}

// Who the others are, as of the newest commit here.
Status Node::readMembers() {
  PL_TRY(auto log, ledger_->entity("log:" + options_.origin));
  std::string listed(log ? log->get("node.changed") : "");
  if (log) {
    for (std::string_view name : log->all("node.member")) listed += fmt::format(" {}", name);
  }
  if (listed == std::exchange(listed_, listed)) return {};
  PL_TRY(auto members, membersOf(*ledger_));
  std::map<std::string, std::shared_ptr<Peer>> wanted, before;
  const std::string own = signer_.cosigner().vkey();
  isMember_ = false;
  {
    std::lock_guard lock(peersMutex_);
    before = peers_;
  }
  for (const auto& member : members) {
    if (member.name == options_.name) {
      isMember_ = member.key.vkey() == own;
      continue;
    }
    auto known = before.find(member.name);
    if (known != before.end() && known->second->url() == member.url) {
      wanted.insert(*known);
      continue;
    }
    wanted[member.name] =
        std::make_shared<Peer>(Peer::Options{options_.name, member.url, options_.authorities, options_.clock,
                                             [this, name = member.name](const NodeReply& reply, std::int64_t) {
                                               clocks_.heard(name, reply.clockMs, options_.clock());
                                               if (!reply.yours) return;
                                               if (Status held = heldToSigned(*reply.yours); !held.ok())
                                                 note("key_signed_otherwise", held.error());
                                             }});
  }
  PL_TRY(MemberChange change, lastChangeOf(*ledger_, members));
  changedAt_ = change.since;
  quorum_.setMembers(std::move(members), change.since, std::move(change.before));
  std::lock_guard lock(peersMutex_);
  peers_.swap(wanted);
  return {};
}

// Somebody holds that signature of this node's key: either the log here has that root, or it must get there first.
Status Node::heldToSigned(const ledger::NodeLine& line) {
  const auto& [size, root, signature] = line;
  std::lock_guard lock(signing_);
  const bool stored = size <= ledger_->size();
  if (stored && size >= firstSigned_) return {};
  const proof::Checkpoint about{options_.origin, size, root};
  if (!proof::verifyCosignature(about.body(), signature, signer_.cosigner()).ok()) return {};  // anybody's word
  if (stored) {
    PL_TRY(Digest here, ledger_->rootAt(size));
    if (here == root) return {};
    differs_ = true;
    return makeError(ErrorCode::Corruption,
                     fmt::format("the key of this node signed another root for {} entries than this node holds: its "
                                 "directory went on from an older copy. Restore a backup of another node in its place "
                                 "and join it anew: 'pilotledger cluster join'",
                                 size),
                     fmt::format("本节点密钥曾就 {} 条签署另一树根：目录由旧副本另行延续。请以其他节点的备份恢复后，"
                                 "用 pilotledger cluster join 重新加入",
                                 size));
  }
  signer_.signedBefore(size, root);
  return {};
}

// A directory that was put back from an older copy signs nothing before it is where its key has been.
Status Node::askWhatWasSigned() {
  auto announced = order_->announced();
  if (announced.ok()) {
    if (auto own = announced->find(options_.name); own != announced->end()) {
      auto said = NodeMessage::decode(own->second);
      if (said.ok() && said->lines.size() == 1) PL_CHECK(heldToSigned(said->lines[0]));
    }
  }
  const std::int64_t now = options_.clock();
  const std::string asking = NodeMessage{options_.name, 0, now, {}}.encode();
  for (const auto& peer : peers()) {
    auto response = http::callOnce(peer->url() + "/cluster/lines",
                                   {"POST", "/cluster/lines", {{"Content-Type", "application/json"}}, asking},
                                   {options_.authorities, 2s, kMaxMessageBytes});
    if (!response.ok() || response->status != 200) continue;
    auto reply = NodeReply::decode(response->body.view());
    if (reply.ok() && reply->yours) PL_CHECK(heldToSigned(*reply->yours));
  }
  return {};
}

// What was confirmed before this process began: the lines that it kept then.
Status Node::takeKeptLines() {
  PL_TRY(auto rows, ledger::countersigned(*ledger_));
  std::map<std::uint64_t, std::vector<ledger::NodeLine>> kept;
  for (const auto& row : rows) {
    if (!row.cosignature) continue;
    PL_TRY(Digest root, ledger_->rootAt(row.cosignature->size));
    kept[row.cosignature->size].push_back({row.cosignature->size, root, row.cosignature->signature});
  }
  while (kept.size() > kMostKept) kept.erase(kept.begin());
  for (const auto& [size, lines] : kept) {
    PL_TRY(std::string note, ledger_->checkpointOf(size));
    PL_TRY(Digest root, ledger_->rootAt(size));
    std::optional<proof::NoteSignature> own;
    for (const auto& line : lines) {
      if (line.signature.name == signer_.cosigner().name() && line.signature.keyId == signer_.cosigner().id())
        own = line.signature;
      else (void)quorum_.take(line).ok();  // a witness's is none
    }
    quorum_.stored({options_.origin, size, root}, std::move(note), std::move(own));
  }
  kept_ = quorum_.confirmed();
  return {};
}

Status Node::start(ledger::Ledger& ledger) {
  ledger_ = &ledger;
  PL_CHECK(readMembers());
  PL_CHECK(takeKeptLines());
  PL_CHECK(askWhatWasSigned());
  {
    std::lock_guard lock(signing_);
    maySign_ = true;
  }
  if (newest_) PL_CHECK(signAndTell(newest_->first, newest_->second));
  follower_ = std::thread([this] { follow(); });
  announcer_ = std::thread([this] { announce(); });
  return {};
}

void Node::stop() {
  {
    std::lock_guard lock(mutex_);
    if (ending_) return;
    ending_ = true;
  }
  changed_.notify_all();
  quorum_.stop();
  if (follower_.joinable()) follower_.join();
  if (announcer_.joinable()) announcer_.join();
  std::map<std::string, std::shared_ptr<Peer>> ended;
  std::lock_guard lock(peersMutex_);
  ended.swap(peers_);
}

Status Node::mayPropose() {
  if (differs_) {
    auto difference = quorum_.difference();
    return difference ? outvoted(*difference)
                      : makeError(ErrorCode::Corruption, "this node differs from what its key has signed",
                                  "本节点与其密钥曾签署的内容不同");
  }
  {
    std::lock_guard lock(mutex_);
    if (crowded_) return crowded();
  }
  const std::int64_t offset = clocks_.offsetMs(options_.clock());
  if (std::abs(offset) <= Clocks::kMostMs) return {};
  return makeError(
      ErrorCode::Unavailable,
      fmt::format(
          "the clock of this node is {:.1f} s from those of the others: set it right; ask another node meanwhile",
          static_cast<double>(-offset) / 1000),
      fmt::format("本节点时钟与其他节点相差 {:.1f} 秒：请校时，其间请改用其他节点",
                  static_cast<double>(-offset) / 1000));
}

Status Node::mayChangeMembers() {
  if (quorum_.await(changedAt_, options_.wait).ok()) return {};
  return makeError(ErrorCode::Unavailable, "the last change of nodes is not confirmed yet; ask again",
                   "上一次节点变更尚未确认，请稍后重试");
}

Status Node::stored(const proof::Checkpoint& checkpoint, const std::string& note) {
  {
    std::lock_guard lock(signing_);
    newest_.emplace(checkpoint, note);
    if (sequencer_ != nullptr && ledger_ != nullptr) {
      PL_TRY(std::string head, ledger_->ordered());
      brought_.push_back({sequencer_->durable(), checkpoint.size, sequencer_->bytes(), std::move(head)});
    }
    if (brought_.size() > kMostBrought) brought_.pop_front();
  }
  if (ledger_ == nullptr) return {};  // start() signs it
  PL_CHECK(readMembers());
  return signAndTell(checkpoint, note);
}

Status Node::signAndTell(const proof::Checkpoint& checkpoint, const std::string& note) {
  std::optional<proof::NoteSignature> line;
  {
    std::lock_guard lock(signing_);
    if (maySign_ && isMember_ && !differs_) {
      PL_TRY(line, signer_.sign(checkpoint, static_cast<std::uint64_t>(options_.clock() / 1000)));
      if (line) firstSigned_ = std::min(firstSigned_, checkpoint.size);
    }
  }
  if (line) {
    for (const auto& peer : peers()) peer->tell({checkpoint.size, checkpoint.root, *line});
  }
  quorum_.stored(checkpoint, note, std::move(line));
  return {};
}

Result<std::string> Node::confirm(std::uint64_t size, std::chrono::milliseconds most) {
  PL_CHECK(quorum_.await(size, most));
  return quorum_.noteOf(size);
}

// Whoever reaches the port may say this: only what a member's key signed counts, and that there is more is looked up.
Result<NodeReply> Node::take(const NodeMessage& message) {
  bool more = sequencer_ != nullptr && message.ordered > sequencer_->durable();
  for (const auto& line : message.lines) {
    // Of a key that is none here, the log may say more than this node has read of it.
    if (Status taken = quorum_.take(line); !taken.ok() && taken.error().code != ErrorCode::NotAuthorized)
      return taken.error();
    more = more || (ledger_ != nullptr && line.size > ledger_->size());
  }
  if (auto difference = quorum_.difference(); difference && difference->outvoted) {
    differs_ = true;
    note("outvoted", outvoted(*difference));
  }
  if (more) wake();
  NodeReply reply{options_.clock(), {}};
  auto newest = quorum_.newest();
  if (auto theirs = newest.find(message.node); theirs != newest.end()) reply.yours = theirs->second;
  return reply;
}

void Node::wake() {
  std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

void Node::follow() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    changed_.wait_for(lock, options_.poll, [&] { return ending_ || woken_; });
    if (ending_) return;
    woken_ = false;
    lock.unlock();
    followOnce();
    lock.lock();
  }
}

// A node that stays behind what it hears of says so: its way back may be a backup of another.
void Node::noteWhetherBehind() {
  std::lock_guard lock(mutex_);
  const bool behind = sequencer_ != nullptr && heard_ > sequencer_->durable();
  if (!behind) behindSince_ = {};
  if (behind && behindSince_ == std::chrono::steady_clock::time_point{})
    behindSince_ = std::chrono::steady_clock::now();
}

void Node::followOnce() {
  if (!differs_) {
    if (Status followed = ledger_->follow(); !followed.ok()) {
      note("not_following", followed.error());
    } else {
      std::lock_guard lock(mutex_);
      trouble_.clear();
    }
  }
  noteWhetherBehind();
  keepLines();
  if (const std::uint64_t confirmed = quorum_.confirmed(); confirmed != told_) {
    told_ = confirmed;
    if (options_.grown) options_.grown();
  }
}

// So that proofs made beside the server, and the first ones after a start, carry the nodes' signatures too.
void Node::keepLines() {
  const std::string note = quorum_.confirmedNote();
  const std::uint64_t size = quorum_.confirmed();
  const bool changed = size >= changedAt_ && kept_ < changedAt_;  // who is a member rests on what was confirmed
  if (note.empty() || size == kept_ || (size != ledger_->size() && size < kept_ + kKeepEvery && !changed)) return;
  auto parsed = proof::Note::parse(note);
  if (!parsed.ok()) return;
  for (const auto& member : quorum_.members()) {
    for (const auto& signature : parsed->signatures) {
      if (signature.name != member.key.name() || signature.keyId != member.key.id()) continue;
      if (!ledger::keepCosignature(*ledger_, size, member.key, signature).ok()) return;
    }
  }
  kept_ = size;
}

// What the others and the operator can read in the order's store, also when this node is gone.
void Node::announce() {
  std::chrono::steady_clock::time_point tidied{};
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    const std::int64_t now = options_.clock();
    NodeMessage message{options_.name, sequencer_ == nullptr ? 0 : sequencer_->durable(), now, {}};
    auto newest = quorum_.newest();
    if (auto own = newest.find(options_.name); own != newest.end()) message.lines.push_back(own->second);
    (void)order_->announce(options_.name, message.encode()).ok();
    if (const auto time = std::chrono::steady_clock::now(); time - tidied >= options_.tidy) {
      tidied = time;
      tidy();
    }
    lock.lock();
    changed_.wait_for(lock, 1s, [&] { return ending_; });
  }
}

// The last commit whose record no node needs any more: more than half hold what it brought, whoever said what it holds
// has it, unless that one is behind by more than a window; and some more stay for who restores a backup just now.
std::optional<Node::Brought> Node::floorOf(const std::map<std::string, std::string>& announced) const {
  const std::uint64_t confirmed = quorum_.confirmed();
  std::lock_guard lock(signing_);
  const Brought* held = nullptr;
  for (const Brought& one : brought_)
    if (one.size <= confirmed) held = &one;
  if (held == nullptr) return std::nullopt;
  std::uint64_t slowest = held->number;
  for (const auto& [node, said] : announced) {
    auto message = NodeMessage::decode(said);
    slowest = std::min(slowest, message.ok() ? message->ordered : 0);
  }
  std::optional<Brought> last;
  for (const Brought& one : brought_) {
    const std::uint64_t behind = held->number - std::min(one.number, held->number);
    const bool tooFar = behind >= options_.window || held->bytes - one.bytes >= options_.windowBytes;
    if (behind > options_.spare && (one.number <= slowest || tooFar)) last = one;
  }
  return last;
}

void Node::tidy() {
  if (auto room = order_->hasRoom(); room.ok()) {
    std::lock_guard lock(mutex_);
    crowded_ = !*room;
  }
  if (differs_ || sequencer_->lost()) return;
  auto announced = order_->announced();
  if (!announced.ok()) return;
  std::uint64_t newest = 0;
  for (const auto& [node, said] : *announced) {
    if (auto message = NodeMessage::decode(said); message.ok()) newest = std::max(newest, message->ordered);
  }
  {
    std::lock_guard lock(mutex_);
    heard_ = newest;
  }
  auto last = floorOf(*announced);
  if (!last || last->number < forgotten_ + options_.forgetEvery) return;
  // An order that was put back may hold records there that are another branch's, and needed to see it.
  auto behind = order_->record(last->number + 1);
  if (!behind.ok() || !*behind) return;
  auto record = ledger::OrderRecord::decode(**behind);
  if (!record.ok() || record->before.text() != last->head) return;
  if (order_->forgetBelow(last->number + 1).ok()) forgotten_ = last->number;
}

NodeStatus Node::status() const {
  NodeStatus status;
  status.name = options_.name;
  if (ledger_ != nullptr) {
    status.size = ledger_->size();
    if (auto root = ledger_->rootAt(status.size); root.ok()) status.root = *root;
  }
  status.confirmed = quorum_.confirmed();
  status.needed = quorum_.needed();
  status.clockOffsetMs = clocks_.offsetMs(options_.clock());
  if (sequencer_ != nullptr) status.ordered = sequencer_->durable();
  if (ledger_ != nullptr) status.head = ledger_->ordered().ok() ? *ledger_->ordered() : "";
  auto newest = quorum_.newest();
  std::size_t reached = 1;
  std::map<std::string, std::shared_ptr<Peer>> peers;
  {
    std::lock_guard lock(peersMutex_);
    peers = peers_;
  }
  for (const auto& member : quorum_.members()) {
    auto peer = peers.find(member.name);
    const bool hears = peer != peers.end() && peer->second->reached();
    reached += hears ? 1 : 0;
    auto line = newest.find(member.name);
    status.nodes.push_back({member.name, member.url, member.key.vkey(), member.name == options_.name, hears,
                            line == newest.end() ? 0 : line->second.size});
  }
  auto lost = sequencer_ == nullptr ? std::nullopt : sequencer_->lost();
  std::lock_guard lock(mutex_);
  status.trouble = trouble_;
  const bool behind = behindSince_ != std::chrono::steady_clock::time_point{} &&
                      std::chrono::steady_clock::now() - behindSince_ > kBehind;
  status.state = differs_                  ? "differs"
                 : lost                    ? "order-lost"
                 : reached < status.needed ? "alone"
                 : behind                  ? "behind"
                                           : "following";
  return status;
}

}  // namespace pilotledger::cluster
