#include "ledger/fsck.h"

#include <algorithm>
#include <thread>

#include "events/civil_date.h"
#include "events/uuid.h"
#include "ledger/applier.h"
#include "ledger/authority.h"
#include "ledger/crypto/encoding.h"
#include "ledger/fsck_checker.h"

namespace pilotledger::ledger {
namespace fsck_detail {

bool Checker::readEnd() {
  auto last = store_->last(Family::Entry);
  if (!last.ok()) return failed(last.error(), "entry");
  if (!*last) return damage(std::nullopt, "entry", say("the log is empty", "日志为空"));
  auto index = layout::parseIndexKey((*last)->first);
  if (!index) return damage(std::nullopt, "entry", say("a row with a malformed key", "条目行的键格式错误"));
  size_ = *index + 1;
  return true;
}

bool Checker::readChunk(std::uint64_t from, std::uint64_t to, std::vector<Piece>& pieces) {
  pieces.clear();
  auto read = [&](Family family, auto take) {
    std::uint64_t expected = from;
    Status status = store_->each(family, layout::indexKey(from), [&](std::string_view key, std::string_view value) {
      if (expected >= to || key != layout::indexKey(expected)) return false;
      take(expected++, value);
      return true;
    });
    if (!status.ok()) return failed(status.error(), fmt::format("{} {}", layout::familyName(family), expected));
    if (expected < to) {
      return damage(expected, fmt::format("{} {}", layout::familyName(family), expected),
                    say(fmt::format("{} row {} is missing", layout::familyName(family), expected), "数据行缺失"));
    }
    return true;
  };
  return read(Family::Entry, [&](std::uint64_t index, std::string_view value) {
           Piece& piece = pieces.emplace_back();
           piece.index = index;
           piece.entryBytes = value;
         }) &&
         read(Family::Event, [&](std::uint64_t index, std::string_view value) { pieces[index - from].eventBytes = value; });
}

void Checker::checkPiece(Piece& piece) const {
  auto entry = proof::Entry::decode(viewOf(piece.entryBytes));
  if (!entry.ok()) {
    piece.trouble = entry.error().message;
    return;
  }
  piece.entry = *entry;
  piece.leaf = proof::leafHash(identity_.suite, viewOf(piece.entryBytes));
  piece.eventLeaf = proof::leafHash(identity_.suite, viewOf(piece.eventBytes));
  if (piece.entry.index != piece.index) {
    piece.trouble = say(fmt::format("the entry says index {}, its row is {}", piece.entry.index, piece.index), "条目序号与行不符");
  } else if (crypto::hash(identity_.suite, viewOf(piece.eventBytes)) != piece.entry.eventDigest) {
    piece.trouble = say("the event bytes do not have the digest in the entry", "事件字节与条目中的摘要不符");
  } else {
    auto event = events::Event::decode(viewOf(piece.eventBytes));
    if (event.ok()) {
      piece.event = std::move(event).value();
    } else {
      piece.trouble = event.error().message;
    }
  }
}

void Checker::checkPieces(std::vector<Piece>& pieces) const {
  unsigned threads = options_.threads != 0 ? options_.threads : std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> workers;
  std::size_t share = (pieces.size() + threads - 1) / threads;
  for (unsigned t = 0; t < threads; ++t) {
    workers.emplace_back([&, t] {
      for (std::size_t i = t * share; i < std::min(pieces.size(), (t + 1) * share); ++i) checkPiece(pieces[i]);
    });
  }
  for (auto& worker : workers) worker.join();
}

bool Checker::walk() {
  constexpr std::uint64_t kChunk = 8192;
  std::vector<Piece> pieces;
  std::vector<Piece> next;
  if (!readChunk(0, std::min(size_, kChunk), pieces)) return false;
  checkPieces(pieces);
  for (std::uint64_t from = 0; from < size_; from += kChunk) {
    // The next chunk is read and checked while this one is replayed.
    std::uint64_t end = std::min(size_, from + kChunk);
    bool readNext = true;
    std::optional<FsckDamage> nextDamage;
    std::thread ahead;
    FsckOutcome mine = outcome_;
    if (end < size_) {
      if (!readChunk(end, std::min(size_, end + kChunk), next)) {
        readNext = false;
        nextDamage = outcome_.damage;
        outcome_.damage.reset();
      } else {
        ahead = std::thread([&] { checkPieces(next); });
      }
    }
    bool good = true;
    for (Piece& piece : pieces) {
      good = replayPiece(piece);
      if (!good) break;
      ++outcome_.report.entries;
    }
    if (ahead.joinable()) ahead.join();
    if (!good) return false;
    if (!readNext) {
      outcome_.damage = nextDamage;
      return false;
    }
    if (options_.progress) options_.progress(end, size_);
    std::swap(pieces, next);
  }
  return true;
}

SubmissionCheck* Checker::openSubmission(const Piece& piece) {
  const Digest& digest = piece.entry.submissionDigest;
  if (auto at = submissions_.find(digest); at != submissions_.end()) return &at->second;
  auto text = store_->require(Family::Submission, textOf(digest));
  if (!text.ok()) {
    entryDamage(piece.index, say("its submission note is missing", "其提交文本缺失"));
    return nullptr;
  }
  SubmissionCheck check;
  auto note = proof::Note::parse(*text);
  auto body = note.ok() ? proof::SubmissionBody::parse(note->text) : Result<proof::SubmissionBody>(note.error());
  if (crypto::hash(identity_.suite, viewOf(*text)) != digest || !body.ok()) {
    entryDamage(piece.index, say("its submission note does not have the digest in the entry", "提交文本与条目中的摘要不符"));
    return nullptr;
  }
  if (body->origin != identity_.origin) {
    entryDamage(piece.index, say("its submission was signed for the ledger " + body->origin, "提交是为其他账本签署的"));
    return nullptr;
  }
  check.note = std::move(note).value();
  check.body = std::move(body).value();
  check.firstIndex = piece.index;
  ++outcome_.report.submissions;
  return &submissions_.emplace(digest, std::move(check)).first->second;
}

// Whoever signs a submission has the authority that the log gives where it begins; what its own
// events change about keys holds from the next submission on.
bool Checker::checkSigners(const Piece& piece, SubmissionCheck& check, World& world) {
  if (!check.leaves.empty()) return true;
  for (std::size_t i = 0; i < check.note.signatures.size(); ++i) {
    const std::string name = check.note.signatures[i].keyName();
    bool genesis = check.firstIndex == 0 && name == keyEntityId(identity_.logKey);
    std::string vkey;
    if (genesis) {
      check.signers.push_back({name, identity_.operatorParty, {"OPR"}, "", ""});
      vkey = identity_.logKey.vkey();
    } else {
      auto signer = resolveSigner(world, name, events::civilDateOfUtcMs(piece.entry.recordedAtMs));
      if (!signer.ok()) return entryDamage(piece.index, signer.error().message);
      check.signers.push_back(std::move(signer).value());
      vkey = world.find(entityKey("key", name)).value()->get("vkey");
    }
    auto key = crypto::VerifyKey::parse(vkey);
    Status verified = key.ok() ? key->verify(viewOf(check.note.text), check.note.signatures[i].signature) : Status(key.error());
    if (!verified.ok()) return entryDamage(piece.index, verified.error().message);
    ++outcome_.report.signatures;
  }
  return true;
}

bool Checker::replayPiece(Piece& piece) {
  if (piece.trouble) return entryDamage(piece.index, *piece.trouble);
  if (piece.entry.recordedAtMs < lastMs_) return entryDamage(piece.index, say("recorded before the entry ahead of it", "记录时间早于前一条"));
  lastMs_ = piece.entry.recordedAtMs;
  SubmissionCheck* check = openSubmission(piece);
  if (check == nullptr) return false;
  World world(replay_);
  if (!checkSigners(piece, *check, world)) return false;
  if (!check->leaves.emplace(piece.entry.position, piece.eventLeaf).second) {
    return entryDamage(piece.index, say("two entries have one position in the submission", "提交内位置重复"));
  }
  if (!replay_.indexOf.emplace(piece.event->id(), piece.index).second) {
    return entryDamage(piece.index, say("its event id was recorded before", "事件编号重复"));
  }
  auto keys = applyEvent(identity_.suite, world, *piece.event, piece.entry.eventDigest, check->signers,
                         {piece.index, events::civilDateOfUtcMs(piece.entry.recordedAtMs)});
  if (!keys.ok()) return entryDamage(piece.index, keys.error().message);
  touches_ += keys->size();
  for (auto& [key, record] : world.takeChanges()) {
    changed_.insert(key);
    replay_.records.insert_or_assign(key, std::move(record));
  }
  frontier_.append(piece.leaf);
  leaves_.push_back(piece.leaf);
  eventDigests_.push_back(piece.entry.eventDigest);
  if (piece.entry.stateRoot) return finishCommit(piece.entry);
  return true;
}

bool Checker::finishCommit(const proof::Entry& last) {
  for (const std::string& key : changed_) {
    map_.put(crypto::hash(identity_.suite, viewOf(key)),
             crypto::hash(identity_.suite, viewOf(replay_.records.find(key)->second.text())));
  }
  changed_.clear();
  outcome_.report.stateRoot = map_.root();
  if (outcome_.report.stateRoot != *last.stateRoot) {
    return entryDamage(last.index, say("the replayed rules lead to another state root", "重放规则得到的状态根不符"));
  }
  std::uint64_t size = last.index + 1;
  std::string where = fmt::format("checkpoint {}", size);
  auto note = store_->get(Family::Checkpoint, layout::indexKey(size));
  if (!note.ok()) return failed(note.error(), where);
  if (!*note) return damage(last.index, where, say("the checkpoint of this commit is missing", "该提交的检查点缺失"));
  auto checkpoint = proof::openCheckpoint(**note, identity_.logKey, identity_.origin);
  if (!checkpoint.ok()) return damage(last.index, where, checkpoint.error().message);
  outcome_.report.root = frontier_.root();
  if (checkpoint->size != size || checkpoint->root != outcome_.report.root) {
    return damage(last.index, where, say("the entries do not have the signed root", "条目与已签名的根不符"));
  }
  ++outcome_.report.signatures;
  ++outcome_.report.commits;
  // Submissions that are complete need not be kept.
  for (auto at = submissions_.begin(); at != submissions_.end();) {
    if (at->second.leaves.size() == at->second.body.count) {
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
  std::vector<Digest> leaves(check.body.count);
  if (check.leaves.size() < check.body.count) {
    ++submissionRows_;
    auto stored = store_->require(Family::Submission, layout::submissionLeavesKey(digest));
    if (!stored.ok()) return entryDamage(check.firstIndex, stored.error().message);
    if (stored->size() != leaves.size() * sizeof(Digest)) {
      return entryDamage(check.firstIndex, say(fmt::format("the leaves of submission {} are not one for each event", where), "提交的叶子数量不符"));
    }
    for (std::size_t i = 0; i < leaves.size(); ++i) std::copy_n(stored->begin() + static_cast<std::ptrdiff_t>(i * sizeof(Digest)), sizeof(Digest), leaves[i].begin());
  }
  for (const auto& [position, leaf] : check.leaves) {
    if (position >= leaves.size()) return entryDamage(check.firstIndex, say("a position that the submission does not have", "提交内位置不存在"));
    leaves[position] = leaf;
  }
  if (proof::treeRoot(identity_.suite, leaves) != check.body.root) {
    return entryDamage(check.firstIndex, say(fmt::format("the events of submission {} do not have the signed root", where), "提交内事件与已签名的根不符"));
  }
  return true;
}

bool Checker::finishSubmissions() {
  for (auto& [digest, check] : submissions_) {
    if (!finishSubmission(digest, check)) return false;
  }
  std::uint64_t rows = 0;
  Status counted = store_->each(Family::Submission, "", [&](std::string_view, std::string_view) { return ++rows, true; });
  if (!counted.ok()) return failed(counted.error(), "submission");
  if (rows != submissionRows_) {
    return damage(std::nullopt, "submission", say(fmt::format("expected {} rows, found {}", submissionRows_, rows), "提交行数量不符"));
  }
  if (!changed_.empty()) return entryDamage(size_ - 1, say("the last commit has no state root", "最后一次提交没有状态根"));
  return true;
}

}  // namespace fsck_detail

Result<FsckOutcome> fsck(const std::filesystem::path& directory, const FsckOptions& options) {
  PL_CHECK(requireLedger(directory));
  PL_TRY(auto store, Store::open(directory, Store::Mode::Read));
  PL_TRY(LedgerIdentity identity, readIdentity(*store));
  if (options.logKey) {
    if (!(*options.logKey == identity.logKey)) {
      FsckOutcome outcome;
      outcome.damage = FsckDamage{std::nullopt, "meta log-key",
                                  fsck_detail::say(fmt::format("expected the log key {}, found {}", options.logKey->vkey(), identity.logKey.vkey()), "日志密钥不符")};
      return outcome;
    }
  }
  return fsck_detail::Checker(identity, *store, options).run();
}

}  // namespace pilotledger::ledger
