#include "ledger/fsck/fsck.h"

#include <algorithm>
#include <future>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "ledger/crypto/encoding.h"
#include "ledger/fsck/checker.h"
#include "ledger/rules/applier.h"
#include "ledger/rules/authority.h"
#include "ledger/rules/editions.h"

namespace pilotledger::ledger {
namespace fsck_detail {

FsckDamage strayRow(Family family, std::string_view key) {
  return {std::nullopt, fmt::format("{} row {}", layout::familyName(family), layout::shownKey(key)),
          say("a row that does not belong here", "多余的数据行")};
}

// A row with a large index must not make us ask for more memory than the signed log needs.
std::uint64_t Checker::signedSize() const {
  auto note = store_->last(Family::Checkpoint);
  auto checkpoint =
      note.ok() && *note ? logKeys_.open((*note)->second) : Result<proof::Checkpoint>(invalidInput("none"));
  return checkpoint.ok() ? checkpoint->size : 0;
}

bool Checker::readEnd() {
  auto last = store_->last(Family::Entry);
  if (!last.ok()) return failed(last.error(), "entry");
  if (!*last) return damage(std::nullopt, "entry", say("the log is empty", "日志为空"));
  auto index = layout::parseIndexKey((*last)->first);
  if (!index || *index + 1 == 0) {
    outcome_.damage = strayRow(Family::Entry, (*last)->first);
    return false;
  }
  size_ = *index + 1;
  pieces_.setSize(size_);
  std::uint64_t expected = std::min(size_, signedSize());
  if (options_.scope == FsckScope::Everything) replay_.indexOf.reserve(expected);
  leaves_.reserve(expected);
  return true;
}

// Every row between the first and the last index, what lies before the first and behind the last too: a key that is
// none of these indexes is named.
std::optional<FsckDamage> Checker::readRows(Family family, std::uint64_t from, std::uint64_t to,
                                            const std::function<void(std::uint64_t, std::string_view)>& take) const {
  std::uint64_t expected = from;
  std::optional<FsckDamage> stray;
  const std::string end = layout::indexKey(to);
  Status status =
      store_->each(family, from == 0 ? "" : layout::indexKey(from), [&](std::string_view key, std::string_view value) {
        if (to < size_ && key >= end) return false;
        if (expected < to && key == layout::indexKey(expected)) {
          take(expected++, value);
          return true;
        }
        auto later = layout::parseIndexKey(key);  // after a gap
        if (expected == to || !later || *later < expected || *later >= size_) stray = strayRow(family, key);
        return false;
      });
  std::string where = fmt::format("{} {}", layout::familyName(family), expected);
  if (!status.ok()) return FsckDamage{std::nullopt, where, status.error().message};
  if (stray || expected == to) return stray;
  return FsckDamage{expected, where,
                    say(fmt::format("{} row {} is missing", layout::familyName(family), expected), "数据行缺失")};
}

// Reads pieces [from, to), and checks what can be checked of each alone. In a thread of its own:
// uses nothing that the replay changes.
Checker::Chunk Checker::readChunk(std::uint64_t from, std::uint64_t to) {
  Chunk chunk;
  chunk.pieces.reserve(to - from);
  chunk.damage = readRows(Family::Entry, from, to, [&](std::uint64_t index, std::string_view value) {
    LoadedEntry& piece = chunk.pieces.emplace_back();
    piece.index = index;
    piece.entryBytes = value;
  });
  if (!chunk.damage && options_.scope == FsckScope::Everything) {
    chunk.damage = readRows(Family::Event, from, to, [&](std::uint64_t index, std::string_view value) {
      chunk.pieces[index - from].eventBytes = value;
    });
  }
  if (!chunk.damage) pieces_.check(chunk.pieces);
  return chunk;
}

bool Checker::replayChunk(Chunk& chunk) {
  for (LoadedEntry& piece : chunk.pieces) {
    if (!(options_.scope == FsckScope::Tree ? takeLeaf(piece) : replayPiece(piece))) return false;
    ++outcome_.report.entries;
  }
  return true;
}

bool Checker::walk() {
  constexpr std::uint64_t kChunk = 8192;
  auto ahead = [this](std::uint64_t from) {
    return std::async(std::launch::async, [=, this] { return readChunk(from, std::min(size_, from + kChunk)); });
  };
  std::future<Chunk> next = ahead(0);
  for (std::uint64_t from = 0; from < size_; from += kChunk) {
    // The next chunk is read and checked while this one is replayed.
    Chunk chunk = next.get();
    std::uint64_t end = std::min(size_, from + kChunk);
    if (end < size_) next = ahead(end);
    bool good = !chunk.damage && replayChunk(chunk);
    if (chunk.damage) outcome_.damage = std::move(chunk.damage);
    if (!followStates(good, end == size_)) return false;
    if (options_.progress) options_.progress(end, size_);
  }
  return true;
}

SubmissionCheck* Checker::openSubmission(const LoadedEntry& piece) {
  const Digest& digest = piece.entry.submissionDigest;
  if (auto at = submissions_.find(digest); at != submissions_.end()) return &at->second;
  PL_ASSERT(piece.submission != nullptr);
  ++outcome_.report.submissions;
  SubmissionCheck check{
      piece.submission, {}, std::vector<std::optional<Digest>>(piece.submission->body.count), 0, piece.index};
  return &submissions_.emplace(digest, std::move(check)).first->second;
}

// Whoever signs a submission has the authority that the log gives where it begins; what its own
// events change about keys holds from the next submission on.
bool Checker::checkSigners(const LoadedEntry& piece, SubmissionCheck& check, EntityOverlay& world) {
  if (check.seen > 0) return true;
  auto edition = editionInForce(log_, world);
  if (edition.ok()) {
    if (Status named = requireNamedLog(*edition, check.opened->body.ledger); !named.ok())
      return entryDamage(piece.index, named.error().message);
  }
  const auto& signatures = check.opened->note.signatures;
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    const std::string name = signatures[i].keyName();
    const crypto::VerifyKey& inForce = logKeys_.of(check.firstIndex);
    std::string vkey = inForce.vkey();
    if (auto own = resolveLogKey(inForce, name, check.firstIndex, identity_.operatorParty)) {
      check.signers.push_back(std::move(*own));
    } else {
      auto signer = resolveSigner(log_, world, name, events::civilDateOfUtcMs(piece.entry.recordedAtMs));
      if (!signer.ok()) return entryDamage(piece.index, signer.error().message);
      check.signers.push_back(std::move(signer).value());
      vkey = world.find(entityKey("key", name)).value()->get("vkey");
    }
    if (options_.verified && piece.index < options_.verified->size) continue;
    const auto& verified = check.opened->keys[i];
    if (!verified || verified->vkey() != vkey) {
      auto key = crypto::VerifyKey::parse(vkey);
      Status status =
          key.ok() ? key->verify(viewOf(check.opened->note.text), signatures[i].signature) : Status(key.error());
      if (!status.ok()) return entryDamage(piece.index, status.error().message);
    }
    ++outcome_.report.signatures;
  }
  return true;
}

bool Checker::replayPiece(LoadedEntry& piece) {
  if (piece.trouble) return entryDamage(piece.index, *piece.trouble);
  SubmissionCheck* check = openSubmission(piece);
  if (check == nullptr) return false;
  EntityOverlay world(replay_);
  if (!checkSigners(piece, *check, world)) return false;
  if (!takeSubmitted(piece, *check)) return false;
  if (!replay_.indexOf.emplace(piece.event->id(), piece.index).second) {
    return entryDamage(piece.index, say("its event id was recorded before", "事件编号重复"));
  }
  auto keys = applyEvent(log_, world, *piece.event, piece.entry.eventDigest, check->signers,
                         {piece.index, events::civilDateOfUtcMs(piece.entry.recordedAtMs)});
  if (!keys.ok() && keys.error().code == ErrorCode::Unavailable) {  // rules that this program does not know: no damage
    unable_ = keys.error();
    return false;
  }
  if (!keys.ok()) return entryDamage(piece.index, keys.error().message);
  if (!takeRotation(piece, *check)) return false;
  touches_ += keys->size();
  replay_.merge(world.takeChanges());
  eventDigests_.push_back(piece.entry.eventDigest);
  if (piece.entry.stateRoot) finishState(piece);
  return takeLeaf(piece) && (!piece.entry.stateRoot || finishCompleteSubmissions());
}

bool Checker::takeSubmitted(const LoadedEntry& piece, SubmissionCheck& check) {
  if (piece.entry.position >= check.leaves.size())
    return entryDamage(piece.index, say("a position that the submission does not have", "提交内位置不存在"));
  std::optional<Digest>& leaf = check.leaves[piece.entry.position];
  if (leaf) return entryDamage(piece.index, say("two entries have one position in the submission", "提交内位置重复"));
  leaf = piece.eventLeaf;
  ++check.seen;
  return true;
}

// The key that the event names is the one that later checkpoints were verified with.
bool Checker::takeRotation(const LoadedEntry& piece, const SubmissionCheck& check) {
  auto body = piece.event->reader().getBody();
  if ((body.isNodeAdmitted() || body.isNodeRetired()) && check.opened->body.count != 1)
    return entryDamage(piece.index, say("a change of the members among other events", "成员变更未单独提交"));
  if (!body.isLogKeyRotated()) return true;
  if (check.opened->body.count != 1)
    return entryDamage(piece.index, say("a change of the log key among other events", "日志密钥轮换未单独提交"));
  const auto& terms = logKeys_.terms();
  std::size_t next = ++rotations_;
  if (next >= terms.size() || terms[next].since != piece.index ||
      terms[next].key.vkey() != body.getLogKeyRotated().getNewKey().cStr()) {
    return entryDamage(piece.index,
                       say("the log key was changed otherwise than the index says", "日志密钥轮换索引错误"));
  }
  if (!outgoing_) outgoing_ = terms[next - 1].key;
  return true;
}

bool Checker::checkOutgoing(const LoadedEntry& last) {
  if (!outgoing_) return true;
  auto note = store_->require(Family::Checkpoint, layout::indexKey(last.index + 1));
  auto opened =
      note.ok() ? proof::openCheckpoint(*note, *outgoing_, identity_.origin) : Result<proof::Checkpoint>(note.error());
  outgoing_.reset();
  if (opened.ok()) return true;
  return damage(
      last.index, fmt::format("checkpoint {}", last.index + 1),
      say("the outgoing log key has not signed it: " + opened.error().message.en, "检查点缺少原日志密钥的签名"));
}

// An entry may go back in time only to set the clock right, and not before the last right entry.
bool Checker::correctsClock(const LoadedEntry& piece) const {
  if (!piece.event || !piece.event->reader().getBody().isClockCorrected()) return false;
  const std::uint64_t wrong = piece.event->reader().getBody().getClockCorrected().getFirstWrong();
  if (wrong == 0 || wrong >= piece.index) return false;
  auto bytes = store_->require(Family::Entry, layout::indexKey(wrong - 1));
  auto right = bytes.ok() ? proof::Entry::decode(viewOf(*bytes)) : Result<proof::Entry>(bytes.error());
  return right.ok() && right->recordedAtMs <= piece.entry.recordedAtMs;
}

bool Checker::takeLeaf(const LoadedEntry& piece) {
  if (piece.trouble) return entryDamage(piece.index, *piece.trouble);
  if (piece.entry.recordedAtMs < lastMs_ && !correctsClock(piece))
    return entryDamage(piece.index, say("recorded before the entry ahead of it", "记录时间早于前一条"));
  lastMs_ = piece.entry.recordedAtMs;
  frontier_.append(piece.leaf);
  leaves_.push_back(piece.leaf);
  return !piece.entry.stateRoot || finishCommit(piece);
}

void Checker::finishState(const LoadedEntry& last) {
  StateRootVerifier::Commit& commit = commits_.emplace_back();
  commit.last = last.index;
  commit.root = *last.entry.stateRoot;
  for (const auto* changed : replay_.takeChanged()) commit.records.emplace_back(changed->first, changed->second.text());
}

// After a chunk. Damage of a state root stands before what the replay found: it is of an earlier commit.
bool Checker::followStates(bool good, bool last) {
  auto wrong = states_.follow(std::exchange(commits_, {}));
  if (!wrong && (!good || last)) wrong = states_.finish();
  if (last) outcome_.report.stateRoot = states_.root();
  if (!wrong) return good;
  outcome_.report.entries = *wrong;  // the replay has gone on meanwhile
  return entryDamage(*wrong, say("the replayed rules lead to another state root", "重放规则得到的状态根不符"));
}

bool Checker::finishCommit(const LoadedEntry& last) {
  outcome_.report.root = frontier_.root();
  PL_ASSERT(last.checkpoint.has_value());
  if (last.checkpoint->size != last.index + 1 || last.checkpoint->root != outcome_.report.root) {
    return damage(last.index, fmt::format("checkpoint {}", last.index + 1),
                  say("the entries do not have the signed root", "条目与已签名的根不符"));
  }
  if (!checkOutgoing(last)) return false;
  ++outcome_.report.commits;
  bool kept = options_.verified && options_.verified->size >= last.index + 1;
  if (options_.scope == FsckScope::Everything ? !kept : last.index + 1 == size_) ++outcome_.report.signatures;
  if (!options_.verified || options_.verified->size != last.index + 1) return true;
  if (options_.verified->root == outcome_.report.root) return keptSeen_ = true;
  return damage(
      last.index, fmt::format("checkpoint {}", last.index + 1),
      say("the entries do not lead to the checkpoint that you kept: history was changed. Keep it: it is evidence",
          "条目与您留存的检查点不符：历史被改动。请保留该检查点作为证据"));
}

// What was verified before must be there.
bool Checker::checkLength() {
  if (frontier_.root() != outcome_.report.root)
    return entryDamage(size_ - 1, say("the last commit has no end", "最后一次提交不完整"));
  if (!options_.verified || keptSeen_) return true;
  return damage(
      std::nullopt, fmt::format("checkpoint {}", options_.verified->size),
      say(fmt::format("you kept a checkpoint of {} entries; the ledger has {} and no commit ends there",
                      options_.verified->size, size_),
          fmt::format("您留存的检查点为 {} 条；账本共 {} 条，且没有提交止于该处", options_.verified->size, size_)));
}

// Submissions that are complete need not be kept.
bool Checker::finishCompleteSubmissions() {
  for (auto at = submissions_.begin(); at != submissions_.end();) {
    if (at->second.seen == at->second.leaves.size()) {
      if (!finishSubmission(at->first, at->second)) return false;
      at = submissions_.erase(at);
    } else {
      ++at;
    }
  }
  return true;
}

// Of a submission whose other events had been recorded before, all leaves are stored beside its note.
bool Checker::finishSubmission(const Digest& digest, SubmissionCheck& check) {
  ++submissionRows_;
  std::string where = crypto::toHex(digest).substr(0, 16);
  std::vector<Digest> leaves(check.leaves.size());
  if (check.seen < leaves.size()) {
    ++submissionRows_;
    leavesRows_.insert(layout::submissionLeavesKey(digest));
    auto stored = store_->require(Family::Submission, layout::submissionLeavesKey(digest));
    if (!stored.ok()) return entryDamage(check.firstIndex, stored.error().message);
    if (stored->size() != leaves.size() * sizeof(Digest)) {
      return entryDamage(
          check.firstIndex,
          say(fmt::format("the leaves of submission {} are not one for each event", where), "提交的叶子数量不符"));
    }
    for (std::size_t i = 0; i < leaves.size(); ++i)
      std::copy_n(stored->begin() + static_cast<std::ptrdiff_t>(i * sizeof(Digest)), sizeof(Digest), leaves[i].begin());
  }
  for (std::size_t i = 0; i < leaves.size(); ++i) leaves[i] = check.leaves[i].value_or(leaves[i]);
  if (proof::treeRoot(identity_.suite, leaves) != check.opened->body.root) {
    return entryDamage(check.firstIndex,
                       say(fmt::format("the events of submission {} do not have the signed root", where),
                           "提交内事件与已签名的根不符"));
  }
  return true;
}

bool Checker::finishSubmissions() {
  for (auto& [digest, check] : submissions_) {
    if (!finishSubmission(digest, check)) return false;
  }
  return checkSubmissionsLeft();
}

}  // namespace fsck_detail

Result<FsckOutcome> fsck(const std::filesystem::path& directory, const FsckOptions& options) {
  PL_CHECK(requireLedger(directory));
  PL_TRY(auto store, Store::open(directory, Store::Mode::Read));
  PL_TRY(LedgerIdentity identity, readIdentity(*store));
  PL_TRY(auto newest, store->last(layout::Family::Checkpoint));
  if (auto size = newest ? layout::parseIndexKey(newest->first) : std::nullopt) {
    if (Status isSigned = requireSigned(*store, *size);
        !isSigned.ok() && isSigned.error().code == ErrorCode::Unavailable)
      return isSigned.error();
  }
  auto keys = readLogKeys(*store, identity);
  FsckOutcome outcome;
  if (!keys.ok()) {
    outcome.damage = FsckDamage{std::nullopt, "log key", keys.error().message};
    return outcome;
  }
  if (options.logKey && !keys->contains(*options.logKey)) {
    outcome.damage = FsckDamage{std::nullopt, "meta log-key",
                                fsck_detail::say(fmt::format("expected the log key {}, found {}",
                                                             options.logKey->vkey(), identity.logKey.vkey()),
                                                 "日志密钥不符")};
    return outcome;
  }
  return fsck_detail::Checker(identity, *keys, *store, options).run();
}

Result<proof::Checkpoint> storedCheckpoint(const std::filesystem::path& directory, std::uint64_t size,
                                           const std::optional<crypto::VerifyKey>& logKey) {
  PL_CHECK(requireLedger(directory));
  PL_TRY(auto store, Store::open(directory, Store::Mode::Read));
  PL_TRY(LedgerIdentity identity, readIdentity(*store));
  PL_TRY(auto note, store->get(layout::Family::Checkpoint, layout::indexKey(size)));
  PL_TRY(LogKeys keys, readLogKeys(*store, identity));
  if (note && (!logKey || keys.contains(*logKey))) return keys.open(*note);
  if (note) return proof::openCheckpoint(*note, *logKey, identity.origin);
  return makeError(ErrorCode::NotFound, fmt::format("no checkpoint of {} entries: no commit ends there", size),
                   fmt::format("没有 {} 条的检查点：没有提交止于该处", size));
}

}  // namespace pilotledger::ledger
