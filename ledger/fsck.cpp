#include "ledger/fsck.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "events/civil_date.h"
#include "events/uuid.h"
#include "ledger/applier.h"
#include "ledger/authority.h"
#include "ledger/crypto/encoding.h"
#include "ledger/identity.h"
#include "ledger/proof/note.h"
#include "ledger/proof/state_map.h"
#include "ledger/proof/trail.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;

// The replayed state, in memory.
class Replay : public EntitySource {
 public:
  explicit Replay(const Store& store) : store_(&store) {}
  Result<const EntityRecord*> find(std::string_view key) override {
    auto at = records.find(key);
    return at == records.end() ? nullptr : static_cast<const EntityRecord*>(&at->second);
  }
  Result<std::optional<events::Event>> event(const EventId& id) override {
    auto at = indexOf.find(id);
    if (at == indexOf.end()) return std::optional<events::Event>();
    PL_TRY(std::string bytes, store_->require(Family::Event, layout::indexKey(at->second)));
    PL_TRY(events::Event event, events::Event::decode(viewOf(bytes)));
    return std::optional(std::move(event));
  }

  EntityMap records;
  std::map<EventId, std::uint64_t> indexOf;

 private:
  const Store* store_;
};

// One entry with everything that belongs to it, checked as far as it goes alone (in parallel).
struct Piece {
  std::uint64_t index = 0;
  std::string entryBytes;
  std::string eventBytes;
  proof::Entry entry;
  std::optional<events::Event> event;
  Digest leaf{};       // of the log's tree
  Digest eventLeaf{};  // of the submission's tree
  std::optional<Message> trouble;
};

struct SubmissionCheck {
  proof::Note note;
  proof::SubmissionBody body;
  std::vector<std::string> signers;
  // Leaves seen, by position; complete when every position is there.
  std::map<std::uint32_t, Digest> leaves;
  std::uint64_t firstIndex = 0;
};

Message say(std::string en, std::string zh = {}) { return {std::move(en), std::move(zh)}; }

class Checker {
 public:
  Checker(const LedgerIdentity& identity, const Store& store, const FsckOptions& options)
      : identity_(identity),
        store_(&store),
        options_(options),
        replay_(store),
        map_(identity.suite),
        frontier_(identity.suite) {}

  FsckOutcome run() {
    bool sound = readEnd() && walk() && finishSubmissions() && checkCheckpointsLeft() && checkEntities() &&
                 checkIndexes() && checkTiles() && checkAcknowledged();
    (void)sound;
    outcome_.report.entities = replay_.records.size();
    return std::move(outcome_);
  }

 private:
  bool damage(std::optional<std::uint64_t> index, std::string where, Message what) {
    outcome_.damage = FsckDamage{index, std::move(where), std::move(what)};
    return false;
  }
  bool entryDamage(std::uint64_t index, Message what) { return damage(index, fmt::format("entry {}", index), std::move(what)); }
  bool failed(const Error& error, const std::string& where) { return damage(std::nullopt, where, error.message); }

  bool readEnd();
  bool walk();
  bool readChunk(std::uint64_t from, std::uint64_t to, std::vector<Piece>& pieces);
  void checkPieces(std::vector<Piece>& pieces) const;
  void checkPiece(Piece& piece) const;
  bool replayPiece(Piece& piece);
  SubmissionCheck* openSubmission(const Piece& piece);
  bool finishSubmission(const Digest& digest, SubmissionCheck& check);
  bool finishSubmissions();
  bool checkSigners(const Piece& piece, SubmissionCheck& check, World& world, std::vector<Signer>& signers);
  bool finishCommit(const proof::Entry& last);
  bool checkCheckpointsLeft();
  bool checkEntities();
  bool checkIndexes();
  bool checkTouches();
  bool checkTiles();
  bool checkAcknowledged();

  LedgerIdentity identity_;
  const Store* store_;
  const FsckOptions& options_;
  FsckOutcome outcome_;
  Replay replay_;
  proof::StateMap map_;
  proof::MerkleFrontier frontier_;
  std::uint64_t size_ = 0;
  std::int64_t lastMs_ = 0;
  std::map<Digest, SubmissionCheck> submissions_;
  std::set<std::string> changed_;                       // entities of the commit being replayed
  std::vector<Digest> leaves_;                          // of the last unfinished tile
  std::uint64_t commitsSeen_ = 0;
  std::uint64_t touches_ = 0;
};

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
  for (const auto& signature : check.note.signatures) check.signers.push_back(signature.keyName());
  ++outcome_.report.submissions;
  return &submissions_.emplace(digest, std::move(check)).first->second;
}

bool Checker::checkSigners(const Piece& piece, SubmissionCheck& check, World& world, std::vector<Signer>& signers) {
  bool first = check.leaves.empty();
  for (std::size_t i = 0; i < check.signers.size(); ++i) {
    const std::string& name = check.signers[i];
    bool genesis = check.firstIndex == 0 && name == keyEntityId(identity_.logKey);
    std::string vkey;
    if (genesis) {
      signers.push_back({name, identity_.operatorParty, {"OPR"}, "", ""});
      vkey = identity_.logKey.vkey();
    } else {
      auto signer = resolveSigner(world, name, events::civilDateOfUtcMs(piece.entry.recordedAtMs));
      if (!signer.ok()) return entryDamage(piece.index, signer.error().message);
      signers.push_back(std::move(signer).value());
      vkey = world.find(entityKey("key", name)).value()->get("vkey");
    }
    if (!first) continue;
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
  std::vector<Signer> signers;
  if (!checkSigners(piece, *check, world, signers)) return false;
  if (!check->leaves.emplace(piece.entry.position, piece.eventLeaf).second) {
    return entryDamage(piece.index, say("two entries have one position in the submission", "提交内位置重复"));
  }
  if (!replay_.indexOf.emplace(piece.event->id(), piece.index).second) {
    return entryDamage(piece.index, say("its event id was recorded before", "事件编号重复"));
  }
  auto keys = applyEvent(identity_.suite, world, *piece.event, piece.entry.eventDigest, signers,
                         {piece.index, events::civilDateOfUtcMs(piece.entry.recordedAtMs)});
  if (!keys.ok()) return entryDamage(piece.index, keys.error().message);
  touches_ += keys->size();
  for (auto& [key, record] : world.takeChanges()) {
    changed_.insert(key);
    replay_.records.insert_or_assign(key, std::move(record));
  }
  frontier_.append(piece.leaf);
  leaves_.push_back(piece.leaf);
  if (leaves_.size() == 256) leaves_.clear();
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

bool Checker::finishSubmission(const Digest& digest, SubmissionCheck& check) {
  std::vector<Digest> leaves;
  for (const auto& [position, leaf] : check.leaves) leaves.push_back(leaf);
  bool complete = leaves.size() == check.body.count && check.leaves.rbegin()->first + 1 == check.body.count;
  if (complete && proof::treeRoot(identity_.suite, leaves) != check.body.root) {
    return entryDamage(check.firstIndex, say(fmt::format("the events of submission {} do not have the signed root",
                                                         crypto::toHex(digest).substr(0, 16)), "提交内事件与已签名的根不符"));
  }
  return true;
}

// A submission whose other events had been recorded before covers fewer entries than it signed.
bool Checker::finishSubmissions() {
  for (auto& [digest, check] : submissions_) {
    if (!finishSubmission(digest, check)) return false;
  }
  if (!changed_.empty()) return entryDamage(size_ - 1, say("the last commit has no state root", "最后一次提交没有状态根"));
  return true;
}

bool Checker::checkCheckpointsLeft() {
  std::uint64_t rows = 0;
  Status status = store_->each(Family::Checkpoint, "", [&](std::string_view, std::string_view) { return ++rows, true; });
  if (!status.ok()) return failed(status.error(), "checkpoint");
  if (rows == outcome_.report.commits) return true;
  return damage(std::nullopt, "checkpoint", say(fmt::format("expected {} checkpoints, found {}", outcome_.report.commits, rows), "检查点数量不符"));
}

bool Checker::checkEntities() {
  std::uint64_t rows = 0;
  bool good = true;
  Status status = store_->each(Family::Entity, "", [&](std::string_view key, std::string_view value) {
    ++rows;
    auto at = replay_.records.find(key);
    good = at != replay_.records.end() && at->second.text() == value;
    if (!good) damage(std::nullopt, fmt::format("entity {}", key), say("the stored record is not what the entries lead to", "实体记录与条目不符"));
    return good;
  });
  if (!status.ok()) return failed(status.error(), "entity");
  if (good && rows != replay_.records.size()) {
    return damage(std::nullopt, "entity", say(fmt::format("expected {} records, found {}", replay_.records.size(), rows), "实体记录数量不符"));
  }
  return good;
}

bool Checker::checkIndexes() {
  std::uint64_t rows = 0;
  bool good = true;
  Status status = store_->each(Family::Id, "", [&](std::string_view key, std::string_view value) {
    ++rows;
    EventId id{};
    good = key.size() == id.size();
    if (good) {
      std::copy(key.begin(), key.end(), id.begin());
      auto at = replay_.indexOf.find(id);
      good = at != replay_.indexOf.end() && layout::indexKey(at->second) == value;
    }
    if (!good) damage(std::nullopt, "id " + crypto::toHex(viewOf(key)), say("the index of event ids is wrong here", "事件编号索引错误"));
    return good;
  });
  if (!status.ok()) return failed(status.error(), "id");
  if (good && rows != size_) return damage(std::nullopt, "id", say(fmt::format("expected {} ids, found {}", size_, rows), "事件编号索引数量不符"));
  return good && checkTouches();
}

// The touch rows of each entity must fold to the trail of its record.
bool Checker::checkTouches() {
  std::uint64_t rows = 0;
  std::string current;
  EntityRecord::Trail trail;
  bool good = true;
  auto close = [&] {
    if (current.empty()) return true;
    auto at = replay_.records.find(current);
    if (at != replay_.records.end() && at->second.trail().count == trail.count && at->second.trail().hash == trail.hash) return true;
    return damage(std::nullopt, "touch " + current, say("the entries listed do not fold to the entity's trail", "所列条目与实体轨迹不符"));
  };
  auto visit = [&](std::string_view key, std::string_view) {
    ++rows;
    auto parsed = layout::parseTouchKey(key);
    if (!parsed) return good = damage(std::nullopt, "touch", say("a row with a malformed key", "触及行的键格式错误"));
    if (parsed->first != current) {
      if (!close()) return good = false;
      current = parsed->first;
      trail = {};
    }
    auto bytes = store_->require(Family::Entry, layout::indexKey(parsed->second));
    auto entry = bytes.ok() ? proof::Entry::decode(viewOf(*bytes)) : Result<proof::Entry>(bytes.error());
    if (!entry.ok()) return good = damage(std::nullopt, "touch " + current, entry.error().message);
    trail.hash = proof::extendTrail(identity_.suite, trail.hash, parsed->second, entry->eventDigest);
    ++trail.count;
    return true;
  };
  Status status = store_->each(Family::Touch, "", visit);
  if (!status.ok()) return failed(status.error(), "touch");
  if (!good || !close()) return false;
  if (rows != touches_) return damage(std::nullopt, "touch", say(fmt::format("expected {} rows, found {}", touches_, rows), "触及行数量不符"));
  return true;
}

bool Checker::checkTiles() {
  std::uint64_t expectedRows = 0;
  for (std::uint64_t count = size_ / 256; count > 0; count /= 256) expectedRows += count;
  std::uint64_t rows = 0;
  bool good = true;
  auto hashesBelow = [&](int level, std::uint64_t number) -> Result<std::string> {
    std::string text;
    for (std::uint64_t i = number * 256; i < number * 256 + 256; ++i) {
      if (level == 0) {
        PL_TRY(std::string entry, store_->require(Family::Entry, layout::indexKey(i)));
        text += textOf(proof::leafHash(identity_.suite, viewOf(entry)));
      } else {
        PL_TRY(std::string tile, store_->require(Family::Tile, layout::tileKey(level - 1, i)));
        std::vector<Digest> hashes(tile.size() / 32);
        std::copy(tile.begin(), tile.begin() + static_cast<std::ptrdiff_t>(hashes.size() * 32), reinterpret_cast<char*>(hashes.data()));
        text += textOf(proof::treeRoot(identity_.suite, hashes));
      }
    }
    return text;
  };
  Status status = store_->each(Family::Tile, "", [&](std::string_view key, std::string_view value) {
    ++rows;
    auto parsed = layout::parseTileKey(key);
    auto text = parsed ? hashesBelow(parsed->first, parsed->second) : Result<std::string>(invalidInput("malformed key"));
    good = text.ok() && *text == value;
    if (!good) {
      std::string where = parsed ? fmt::format("tile {}/{}", parsed->first, parsed->second) : "tile";
      damage(std::nullopt, where, say("the tile does not hold the hashes of its entries", "瓦片与条目哈希不符"));
    }
    return good;
  });
  if (!status.ok()) return failed(status.error(), "tile");
  if (good && rows != expectedRows) return damage(std::nullopt, "tile", say(fmt::format("expected {} tiles, found {}", expectedRows, rows), "瓦片数量不符"));
  return good;
}

bool Checker::checkAcknowledged() {
  std::uint64_t acknowledged = store_->acknowledgedSize();
  if (acknowledged <= size_) return true;
  return damage(std::nullopt, "head", say(fmt::format("{} entries were acknowledged, the store holds {}", acknowledged, size_), "已确认条目缺失"));
}

}  // namespace

Result<FsckOutcome> fsck(const std::filesystem::path& directory, const FsckOptions& options) {
  PL_CHECK(requireLedger(directory));
  PL_TRY(auto store, Store::open(directory, Store::Mode::Read));
  PL_TRY(LedgerIdentity identity, readIdentity(*store));
  if (options.logKey) {
    if (!(*options.logKey == identity.logKey)) {
      FsckOutcome outcome;
      outcome.damage = FsckDamage{std::nullopt, "meta log-key",
                                  say(fmt::format("expected the log key {}, found {}", options.logKey->vkey(), identity.logKey.vkey()), "日志密钥不符")};
      return outcome;
    }
  }
  return Checker(identity, *store, options).run();
}

}  // namespace pilotledger::ledger
