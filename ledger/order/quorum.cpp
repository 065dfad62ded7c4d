#include "ledger/order/quorum.h"

#include <fmt/format.h>

#include <algorithm>

namespace pilotledger::ledger {
namespace {

constexpr std::size_t kMostSizes = 4096;  // beyond the confirmed one that lines are kept for
constexpr std::size_t kMostNotes = 256;   // of confirmed checkpoints

}  // namespace

Status Quorum::verifyLine(const proof::Checkpoint& about, const proof::NoteSignature& line,
                          const proof::CosignerKey& key) {
  PL_TRY([[maybe_unused]] std::uint64_t when, proof::verifyCosignature(about.body(), line, key));
  return {};
}

// A name may come back with another key: what the old one signed counts for the old one.
bool Quorum::isLineOf(const std::string& name, const proof::NoteSignature& signature) const {
  const ClusterMember* member = find(signature);
  return member != nullptr && member->name == name;
}

void Quorum::forgetStrangers() {
  for (auto& [size, votes] : votes_)
    std::erase_if(votes.lines, [&](const auto& line) { return find(line.second.second) == nullptr; });
  std::erase_if(newest_, [&](const auto& line) { return !isLineOf(line.first, line.second.signature); });
}

const std::vector<ClusterMember>& Quorum::current() const {
  static const std::vector<ClusterMember> kNone;
  return eras_.empty() ? kNone : eras_.back().members;
}

void Quorum::setMembers(std::vector<ClusterMember> members, std::uint64_t since, std::vector<ClusterMember> before) {
  auto byName = [](const ClusterMember& a, const ClusterMember& b) { return a.name < b.name; };
  auto same = [](const ClusterMember& a, const ClusterMember& b) {
    return a.name == b.name && a.key.vkey() == b.key.vkey();
  };
  std::sort(members.begin(), members.end(), byName);
  std::lock_guard lock(mutex_);
  if (eras_.empty() && !before.empty()) eras_.push_back({0, std::move(before)});
  if (!eras_.empty() && std::equal(members.begin(), members.end(), current().begin(), current().end(), same)) {
    eras_.back().members = std::move(members);  // an address may be another
    return;
  }
  eras_.push_back({eras_.empty() ? 0 : since, std::move(members)});
  // No change is proposed before the one ahead of it is confirmed: who reads several at once, catching up, needs the
  // last one only.
  if (eras_.size() > 2) eras_.erase(eras_.begin());
  endEras();
  forgetStrangers();
  std::vector<std::uint64_t> sizes;
  for (const auto& [size, votes] : votes_) sizes.push_back(size);
  for (std::uint64_t size : sizes) count(size);
  changed_.notify_all();
}

// Whatever came before the newest era that a confirmed size lies in is over.
void Quorum::endEras() {
  while (eras_.size() > 1 && eras_[1].since <= confirmed_) eras_.erase(eras_.begin());
}

std::vector<ClusterMember> Quorum::members() const {
  std::lock_guard lock(mutex_);
  return current();
}

std::size_t Quorum::needed() const {
  std::lock_guard lock(mutex_);
  return current().size() / 2 + 1;
}

const ClusterMember* Quorum::find(const proof::NoteSignature& signature) const {
  for (auto era = eras_.rbegin(); era != eras_.rend(); ++era) {
    for (const ClusterMember& one : era->members)
      if (one.key.name() == signature.name && one.key.id() == signature.keyId) return &one;
  }
  return nullptr;
}

void Quorum::stored(const proof::Checkpoint& checkpoint, std::string note, std::optional<proof::NoteSignature> line) {
  std::lock_guard lock(mutex_);
  Votes& votes = votes_[checkpoint.size];
  votes.here = checkpoint.root;
  votes.note = std::move(note);
  if (firstStored_ == 0) firstStored_ = checkpoint.size;
  auto passed = votes_.upper_bound(std::max(firstStored_, lastStored_));
  lastStored_ = std::max(lastStored_, checkpoint.size);
  for (const auto& [name, newest] : newest_) {  // there may have been no room for it when it came
    if (newest.size == checkpoint.size)
      votes.lines.insert_or_assign(newest.signature.keyName(), std::pair(newest.root, newest.signature));
  }
  if (line && isLineOf(own_, *line)) {
    votes.lines.insert_or_assign(line->keyName(), std::pair(checkpoint.root, *line));
    NodeLine& newest = newest_[own_];
    if (newest.size <= checkpoint.size) newest = {checkpoint.size, checkpoint.root, std::move(*line)};
  }
  for (; passed != votes_.end() && passed->first < checkpoint.size; ++passed) count(passed->first);
  count(checkpoint.size);
  prune();
  changed_.notify_all();
}

Status Quorum::take(const NodeLine& line) {
  std::optional<ClusterMember> member;
  {
    std::lock_guard lock(mutex_);
    if (const ClusterMember* found = find(line.signature)) member = *found;
  }
  if (!member) {
    return makeError(ErrorCode::NotAuthorized, fmt::format("{}: not a key of a node", line.signature.keyName()),
                     fmt::format("{}：不是节点密钥", line.signature.keyName()));
  }
  proof::Checkpoint about{origin_, line.size, line.root};
  PL_CHECK(verify_(about, line.signature, member->key));
  std::lock_guard lock(mutex_);
  if (!isLineOf(member->name, line.signature)) return {};  // it was one when it came
  NodeLine& newest = newest_[member->name];
  if (newest.size <= line.size) newest = line;
  if (member->name == own_ || line.size < confirmed_) return {};
  if (votes_.size() >= kMostSizes && !votes_.contains(line.size)) return {};  // it comes again with a newer one
  votes_[line.size].lines.insert_or_assign(line.signature.keyName(), std::pair(line.root, line.signature));
  count(line.size);
  prune();
  changed_.notify_all();
  return {};
}

// Of each era that may not be over and that the size lies in or behind.
bool Quorum::isMajority(const Votes& votes, std::uint64_t size) const {
  if (size < eras_.front().since) return false;  // who were members then is not known any more: a newer one confirms it
  return std::all_of(eras_.begin(), eras_.end(), [&](const Era& era) {
    if (era.since > size) return true;
    auto signs = [&](const ClusterMember& member) {
      auto line = votes.lines.find(member.key.keyName());
      return line != votes.lines.end() && line->second.first == *votes.here;
    };
    return static_cast<std::size_t>(std::count_if(era.members.begin(), era.members.end(), signs)) >
           era.members.size() / 2;
  });
}

void Quorum::noteDifference(std::uint64_t size, const Votes& votes) {
  std::map<Digest, std::vector<std::string>> others;
  for (const ClusterMember& member : current()) {
    auto line = votes.lines.find(member.key.keyName());
    if (line != votes.lines.end() && (!votes.here || line->second.first != *votes.here))
      others[line->second.first].push_back(member.name);
  }
  for (auto& [root, nodes] : others) {
    const bool outvoted = nodes.size() > current().size() / 2;
    if (!difference_ || (outvoted && !difference_->outvoted))
      difference_ = Difference{size, votes.here.value_or(Digest{}), root, std::move(nodes), outvoted};
  }
}

// Of what stands about that size: whether it is confirmed, or differs.
void Quorum::count(std::uint64_t size) {
  const Votes& votes = votes_.at(size);
  const bool passed = !votes.here && firstStored_ < size && size < lastStored_;
  if ((!votes.here && !passed) || current().empty()) return;
  noteDifference(size, votes);
  if (!votes.here || !isMajority(votes, size) || (size <= confirmed_ && !confirmedNotes_.empty())) return;
  auto note = proof::Note::parse(votes.note);
  PL_ASSERT(note.ok());
  for (const auto& [key, line] : votes.lines) {
    if (line.first == *votes.here) note->signatures.push_back(line.second);
  }
  confirmed_ = size;
  confirmedNotes_[size] = note->serialize();
  if (confirmedNotes_.size() > kMostNotes) confirmedNotes_.erase(confirmedNotes_.begin());
  endEras();
}

// What lies below the confirmed size has been counted; of what waits, a newer size confirms the older ones too.
void Quorum::prune() {
  votes_.erase(votes_.begin(), votes_.lower_bound(confirmed_));
  while (votes_.size() > 2 * kMostSizes) votes_.erase(votes_.begin());
}

std::uint64_t Quorum::confirmed() const {
  std::lock_guard lock(mutex_);
  return confirmed_;
}

std::string Quorum::confirmedNote() const {
  std::lock_guard lock(mutex_);
  return confirmedNotes_.empty() ? "" : confirmedNotes_.rbegin()->second;
}

std::string Quorum::noteOf(std::uint64_t size) const {
  {
    std::lock_guard lock(mutex_);
    if (auto at = confirmedNotes_.find(size); at != confirmedNotes_.end()) return at->second;
  }
  return confirmedNote();
}

Status Quorum::await(std::uint64_t size, std::chrono::milliseconds most) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, most, [&] { return stopped_ || confirmed_ >= size; });
  if (confirmed_ >= size) return {};
  return makeError(
      ErrorCode::Unavailable,
      fmt::format(
          "entries up to {} are not confirmed by more than half of the {} nodes yet; they may be: send the same "
          "events again",
          size, current().size()),
      fmt::format("截至第 {} 条的记录尚未得到 {} 个节点中过半数确认，之后仍可能确认：请原样重新提交", size,
                  current().size()));
}

void Quorum::stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

std::map<std::string, NodeLine> Quorum::newest() const {
  std::lock_guard lock(mutex_);
  return newest_;
}

std::optional<Quorum::Difference> Quorum::difference() const {
  std::lock_guard lock(mutex_);
  return difference_;
}

}  // namespace pilotledger::ledger
