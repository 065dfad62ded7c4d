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

// A name may come back with another key: what the old one signed counts no more.
bool Quorum::isLineOf(const std::string& name, const proof::NoteSignature& signature) const {
  const ClusterMember* member = find(signature);
  return member != nullptr && member->name == name;
}

void Quorum::forgetStrangers() {
  for (auto& [size, votes] : votes_)
    std::erase_if(votes.lines, [&](const auto& line) { return !isLineOf(line.first, line.second.second); });
  std::erase_if(newest_, [&](const auto& line) { return !isLineOf(line.first, line.second.signature); });
}

void Quorum::setMembers(std::vector<ClusterMember> members) {
  std::lock_guard lock(mutex_);
  members_ = std::move(members);
  std::sort(members_.begin(), members_.end(),
            [](const ClusterMember& a, const ClusterMember& b) { return a.name < b.name; });
  forgetStrangers();
  std::vector<std::uint64_t> sizes;
  for (const auto& [size, votes] : votes_) sizes.push_back(size);
  for (std::uint64_t size : sizes) count(size);
  changed_.notify_all();
}

std::vector<ClusterMember> Quorum::members() const {
  std::lock_guard lock(mutex_);
  return members_;
}

std::size_t Quorum::needed() const {
  std::lock_guard lock(mutex_);
  return members_.size() / 2 + 1;
}

const ClusterMember* Quorum::find(const proof::NoteSignature& signature) const {
  auto at = std::find_if(members_.begin(), members_.end(), [&](const ClusterMember& one) {
    return one.key.name() == signature.name && one.key.id() == signature.keyId;
  });
  return at == members_.end() ? nullptr : &*at;
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
    if (newest.size == checkpoint.size) votes.lines.insert_or_assign(name, std::pair(newest.root, newest.signature));
  }
  if (line && isLineOf(own_, *line)) {
    votes.lines.insert_or_assign(own_, std::pair(checkpoint.root, *line));
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
  votes_[line.size].lines.insert_or_assign(member->name, std::pair(line.root, line.signature));
  count(line.size);
  prune();
  changed_.notify_all();
  return {};
}

// Of what stands about that size: whether it is confirmed, or differs.
void Quorum::count(std::uint64_t size) {
  const Votes& votes = votes_.at(size);
  const bool passed = !votes.here && firstStored_ < size && size < lastStored_;
  if ((!votes.here && !passed) || members_.empty()) return;
  const std::size_t majority = members_.size() / 2 + 1;
  std::size_t alike = 0;
  std::map<Digest, std::vector<std::string>> others;
  for (const auto& [name, line] : votes.lines) {
    if (votes.here && line.first == *votes.here) {
      ++alike;
    } else {
      others[line.first].push_back(name);
    }
  }
  for (auto& [root, nodes] : others) {
    const bool outvoted = nodes.size() >= majority;
    if (!difference_ || (outvoted && !difference_->outvoted))
      difference_ = Difference{size, votes.here.value_or(Digest{}), root, std::move(nodes), outvoted};
  }
  if (alike < majority || (size <= confirmed_ && !confirmedNotes_.empty())) return;
  auto note = proof::Note::parse(votes.note);
  PL_ASSERT(note.ok());
  for (const auto& [name, line] : votes.lines) {
    if (line.first == *votes.here) note->signatures.push_back(line.second);
  }
  confirmed_ = size;
  confirmedNotes_[size] = note->serialize();
  if (confirmedNotes_.size() > kMostNotes) confirmedNotes_.erase(confirmedNotes_.begin());
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
          size, members_.size()),
      fmt::format("截至第 {} 条的记录尚未得到 {} 个节点中过半数确认，之后仍可能确认：请原样重新提交", size,
                  members_.size()));
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
