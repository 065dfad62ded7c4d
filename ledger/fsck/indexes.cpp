// What is stored beside the log: records, indexes, tiles, the acknowledged size.
#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include "ledger/countersignatures.h"
#include "ledger/crypto/encoding.h"
#include "ledger/fsck/checker.h"
#include "ledger/state/trail.h"

namespace pilotledger::ledger::fsck_detail {

// What the entries ask for was found; here, that there is no more. Only when there is, the rows are looked at one by
// one.
bool Checker::checkNumber(Family family, std::uint64_t expected, const std::function<bool(std::string_view)>& known) {
  std::uint64_t rows = 0;
  std::string name(layout::familyName(family));
  Status status = store_->each(family, "", [&](std::string_view, std::string_view) { return ++rows, true; });
  if (!status.ok()) return failed(status.error(), name);
  if (rows == expected) return true;
  outcome_.damage = FsckDamage{std::nullopt, name,
                               say(fmt::format("expected {} rows, found {}", expected, rows),
                                   fmt::format("应有 {} 行，实为 {} 行", expected, rows))};
  (void)store_->each(family, "", [&](std::string_view key, std::string_view) {
    bool good = known(key);
    if (!good) outcome_.damage = strayRow(family, key);
    return good;
  });
  return false;
}

// One for each commit, and a commit ends where an entry has a state root.
bool Checker::checkCheckpointsLeft() {
  return checkNumber(Family::Checkpoint, outcome_.report.commits, [&](std::string_view key) {
    auto size = layout::parseIndexKey(key);
    if (!size || *size == 0 || *size > size_) return false;
    auto bytes = store_->require(Family::Entry, layout::indexKey(*size - 1));
    auto entry = bytes.ok() ? proof::Entry::decode(viewOf(*bytes)) : Result<proof::Entry>(bytes.error());
    return entry.ok() && entry->stateRoot.has_value();
  });
}

bool Checker::checkSubmissionsLeft() {
  std::set<std::string, std::less<>> digests;
  auto known = [&](std::string_view key) {
    if (digests.empty()) {
      (void)store_->each(Family::Entry, "", [&](std::string_view, std::string_view value) {
        if (auto entry = proof::Entry::decode(viewOf(value)); entry.ok())
          digests.emplace(textOf(entry->submissionDigest));
        return true;
      });
    }
    return digests.contains(key) || leavesRows_.contains(std::string(key));
  };
  return checkNumber(Family::Submission, submissionRows_, known);
}

// The ledger's header: what the entries say of it, and no row more.
bool Checker::checkHeader() {
  if (!replay_.records.contains(entityKey("party", identity_.operatorParty))) {
    return damage(std::nullopt, "meta operator",
                  say("the party named as operator is not recorded", "所称运营主体未登记"));
  }
  if (rotations_ + 1 != logKeys_.terms().size()) {
    return damage(std::nullopt, "touch log:" + identity_.origin,
                  say("the log key was changed otherwise than the index says", "日志密钥轮换索引错误"));
  }
  Status identity = checkIdentityRows(*store_, identity_);
  return identity.ok() || failed(identity.error(), "meta");
}

namespace {

FsckDamage damageAt(std::string where, Message what) { return {std::nullopt, std::move(where), std::move(what)}; }

// The walk over a family: what it found wrong, or that it could not be read.
std::optional<FsckDamage> walked(const Status& status, const std::string& where, std::optional<FsckDamage> found) {
  return status.ok() ? std::move(found) : damageAt(where, status.error().message);
}

}  // namespace

std::optional<FsckDamage> Checker::checkEntities() const {
  std::uint64_t rows = 0;
  std::optional<FsckDamage> found;
  Status status = store_->each(Family::Entity, "", [&](std::string_view key, std::string_view value) {
    ++rows;
    auto at = replay_.records.find(key);
    bool good = at != replay_.records.end() && at->second.text() == value;
    if (!good)
      found = damageAt("entity " + layout::shownKey(key),
                       say("the stored record is not what the entries lead to", "实体记录与条目不符"));
    return good;
  });
  if (status.ok() && !found && rows != replay_.records.size()) {
    found = damageAt(
        "entity", say(fmt::format("expected {} records, found {}", replay_.records.size(), rows), "实体记录数量不符"));
  }
  return walked(status, "entity", std::move(found));
}

std::optional<FsckDamage> Checker::checkIds() const {
  std::uint64_t rows = 0;
  std::optional<FsckDamage> found;
  Status status = store_->each(Family::Id, "", [&](std::string_view key, std::string_view value) {
    ++rows;
    EventId id{};
    bool good = key.size() == id.size();
    if (good) {
      std::copy(key.begin(), key.end(), id.begin());
      auto at = replay_.indexOf.find(id);
      good = at != replay_.indexOf.end() && layout::indexKey(at->second) == value;
    }
    if (!good)
      found =
          damageAt("id " + crypto::toHex(viewOf(key)), say("the index of event ids is wrong here", "事件编号索引错误"));
    return good;
  });
  if (status.ok() && !found && rows != size_) {
    found = damageAt("id", say(fmt::format("expected {} ids, found {}", size_, rows), "事件编号索引数量不符"));
  }
  return walked(status, "id", std::move(found));
}

// The touch rows of each entity must fold to the trail of its record.
std::optional<FsckDamage> Checker::checkTouches() const {
  std::uint64_t rows = 0;
  std::string current;
  EntityRecord::Trail trail;
  std::optional<FsckDamage> found;
  auto close = [&] {
    if (current.empty()) return true;
    auto at = replay_.records.find(current);
    if (at != replay_.records.end() && at->second.trail().count == trail.count && at->second.trail().hash == trail.hash)
      return true;
    found = damageAt("touch " + layout::shownKey(current),
                     say("the entries listed do not fold to the entity's trail", "所列条目与实体轨迹不符"));
    return false;
  };
  auto visit = [&](std::string_view key, std::string_view value) {
    ++rows;
    auto parsed = layout::parseTouchKey(key);
    if (!parsed || !value.empty()) {
      found = strayRow(Family::Touch, key);
      return false;
    }
    if (parsed->first != current) {
      if (!close()) return false;
      current = parsed->first;
      trail = {};
    }
    if (parsed->second >= size_) {
      found = damageAt("touch " + layout::shownKey(current), say("an entry that does not exist", "条目不存在"));
      return false;
    }
    trail.hash = proof::extendTrail(identity_.suite, trail.hash, parsed->second, eventDigests_[parsed->second]);
    ++trail.count;
    return true;
  };
  Status status = store_->each(Family::Touch, "", visit);
  if (status.ok() && !found && close() && rows != touches_) {
    found = damageAt("touch", say(fmt::format("expected {} rows, found {}", touches_, rows), "触及行数量不符"));
  }
  return walked(status, "touch", std::move(found));
}

std::optional<FsckDamage> Checker::checkTiles() const {
  std::uint64_t expectedRows = 0;
  for (std::uint64_t count = size_ / 256; count > 0; count /= 256) expectedRows += count;
  std::uint64_t rows = 0;
  std::optional<FsckDamage> found;
  auto hashesBelow = [&](int level, std::uint64_t number) -> Result<std::string> {
    std::string text;
    for (std::uint64_t i = number * 256; i < number * 256 + 256; ++i) {
      if (level == 0) {
        if (i >= size_) return invalidInput("beyond the end");
        text += textOf(leaves_[i]);
      } else {
        PL_TRY(std::string tile, store_->require(Family::Tile, layout::tileKey(level - 1, i)));
        std::vector<Digest> hashes(tile.size() / 32);
        std::copy(tile.begin(), tile.begin() + static_cast<std::ptrdiff_t>(hashes.size() * 32),
                  reinterpret_cast<char*>(hashes.data()));
        text += textOf(proof::treeRoot(identity_.suite, hashes));
      }
    }
    return text;
  };
  Status status = store_->each(Family::Tile, "", [&](std::string_view key, std::string_view value) {
    ++rows;
    auto parsed = layout::parseTileKey(key);
    if (parsed && (parsed->first >= 7 || parsed->second >= size_ >> (8 * (parsed->first + 1))))
      parsed.reset();  // beyond the tree
    if (!parsed) {
      found = strayRow(Family::Tile, key);
      return false;
    }
    auto text = hashesBelow(parsed->first, parsed->second);
    bool good = text.ok() && *text == value;
    if (!good) {
      found = damageAt(fmt::format("tile {}/{}", parsed->first, parsed->second),
                       say("the tile does not hold the hashes of its entries", "瓦片与条目哈希不符"));
    }
    return good;
  });
  if (status.ok() && !found && rows != expectedRows) {
    found = damageAt("tile", say(fmt::format("expected {} tiles, found {}", expectedRows, rows), "瓦片数量不符"));
  }
  return walked(status, "tile", std::move(found));
}

// Bytes of the files that hold no row: indexes, filters, properties.
std::optional<FsckDamage> Checker::checkFiles() const { return walked(store_->verifyFiles(), "file", std::nullopt); }

std::vector<std::optional<FsckDamage>> Checker::runParallel(const std::vector<Stored>& checks) const {
  std::vector<std::optional<FsckDamage>> found(checks.size());
  std::atomic<std::size_t> next{0};
  auto work = [&] {
    for (std::size_t i; (i = next.fetch_add(1)) < checks.size();) found[i] = (this->*checks[i])();
  };
  std::vector<std::future<void>> workers;  // what one of them throws comes out here
  for (unsigned t = 1; t < std::min<std::size_t>(threadsOf(options_), checks.size()); ++t)
    workers.push_back(std::async(std::launch::async, work));
  work();
  for (auto& worker : workers) worker.get();
  return found;
}

// What is told first does not depend on who was faster.
bool Checker::checkStored() {
  std::vector<Stored> checks = {&Checker::checkTiles, &Checker::checkFiles};
  if (options_.scope == FsckScope::Everything)
    checks.insert(checks.begin(), {&Checker::checkEntities, &Checker::checkIds, &Checker::checkTouches});
  auto found = runParallel(checks);
  std::optional<FsckDamage> ofFiles = std::move(found.back());
  found.pop_back();
  for (auto& one : found) {
    if (!one) continue;
    outcome_.damage = std::move(one);
    return false;
  }
  if (!checkCountersigns() || !checkAcknowledged()) return false;
  outcome_.damage = std::move(ofFiles);
  return !outcome_.damage;
}

// A checkpoint of this log that somebody showed, and that these entries did not lead to.
bool Checker::checkHalt(std::string_view note) {
  auto shown = logKeys_.open(note);
  if (!shown.ok()) return failed(shown.error(), "countersign halt");
  if (shown->size <= leaves_.size() &&
      proof::treeRoot(identity_.suite, std::span(leaves_).first(shown->size)) == shown->root)
    return true;
  return damage(
      std::nullopt, fmt::format("checkpoint {}", shown->size),
      say(fmt::format("the log signed it and a witness holds it; these {} entries do not lead to it", leaves_.size()),
          fmt::format("日志曾签署该检查点且为见证方所持；此处 {} 条与之不符", leaves_.size())));
}

// Signatures of witnesses are verified with the keys beside them: whom to trust is the reader's policy.
bool Checker::checkCountersigns() {
  bool good = true;
  auto stray = [&](std::string_view key) {
    outcome_.damage = strayRow(Family::Countersign, key);
    return false;
  };
  Status status = store_->each(Family::Countersign, "", [&](std::string_view key, std::string_view value) {
    if (key == layout::kHaltKey) return good = checkHalt(value);
    auto parsed = layout::parseCountersignKey(key);
    if (!parsed) return good = stray(key);
    auto checkpoint = store_->get(Family::Checkpoint, layout::indexKey(parsed->first));
    if (!checkpoint.ok()) return good = failed(checkpoint.error(), "checkpoint");
    if (!*checkpoint) return good = stray(key);  // about no checkpoint of ours
    auto row = checkCountersign(identity_.suite, parsed->first, parsed->second, value, **checkpoint);
    if (!row.ok()) return good = failed(row.error(), fmt::format("countersign {}", parsed->first));
    ++(row->cosignature ? outcome_.report.cosignatures : outcome_.report.timestamps);
    return true;
  });
  if (!status.ok()) return failed(status.error(), "countersign");
  return good;
}

bool Checker::checkAcknowledged() {
  std::uint64_t acknowledged = store_->acknowledgedSize();
  if (acknowledged <= size_) return true;
  return damage(
      std::nullopt, "head",
      say(fmt::format("{} entries were acknowledged, the store holds {}", acknowledged, size_), "已确认条目缺失"));
}

}  // namespace pilotledger::ledger::fsck_detail
