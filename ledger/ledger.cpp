#include "ledger/ledger.h"

#include <fmt/format.h>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "ledger/commit/committer.h"
#include "ledger/commit/founding.h"
#include "ledger/commit/log_key_files.h"
#include "ledger/countersignatures.h"
#include "ledger/log/identity.h"
#include "ledger/log/scan.h"
#include "ledger/log/stored_log.h"
#include "ledger/log/stored_state.h"
#include "ledger/log/tree_store.h"
#include "ledger/order/replication.h"
#include "ledger/rules/authority.h"
#include "ledger/store/store.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/tile_path.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;
namespace fs = std::filesystem;

constexpr const char* kOperatorKeyFile = "operator.pem";

Status requireEmptyDirectory(const fs::path& directory) {
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (failure) {
    return makeError(ErrorCode::Unavailable,
                     fmt::format("{}: cannot make the directory: {}", directory.string(), failure.message()),
                     fmt::format("{}：无法创建目录：{}", directory.string(), failure.message()));
  }
  bool empty = fs::is_empty(directory, failure);
  if (failure || !empty) {
    return makeError(ErrorCode::Conflict,
                     fmt::format("{}: not empty; a ledger is made in an empty directory", directory.string()),
                     fmt::format("{}：目录非空，账本须建在空目录中", directory.string()));
  }
  return {};
}

Error forkError(const proof::Checkpoint& shown, std::uint64_t size) {
  return makeError(
      ErrorCode::Corruption,
      fmt::format("this log signed a checkpoint of {} entries, and the {} entries here do not lead to it; nothing more "
                  "is signed. "
                  "Put back the directory that holds those entries (a newer copy); if it is lost, begin a new ledger "
                  "of another name. "
                  "'pilotledger fork-evidence' shows a fork to others",
                  shown.size, size),
      fmt::format(
          "本日志曾签署 {} 条的检查点，而此处的 {} 条与之不符，已停止签署。请恢复含有这些条目的目录（较新的副本）；"
          "若已丢失，请以新名称另建账本。分叉可用 pilotledger fork-evidence 举证",
          shown.size, size));
}

// A checkpoint of this log that was kept because the entries did not lead to it; they may since.
Status requireNoFork(const LedgerIdentity& identity, const LogKeys& keys, const Store& store, const TreeStore& tree) {
  PL_TRY(auto note, store.get(Family::Countersign, layout::kHaltKey));
  if (!note) return {};
  auto shown = keys.open(*note);
  if (!shown.ok())
    return makeError(ErrorCode::Corruption, "countersign halt: not a checkpoint of this log",
                     "countersign halt 行损坏");
  if (shown->size <= tree.size()) {
    PL_TRY(Digest root, proof::rootAt(identity.suite, shown->size,
                                      [&](int level, std::uint64_t index) { return tree.node(level, index); }));
    if (root == shown->root) return {};
  }
  return forkError(*shown, tree.size());
}

Result<std::string> orderedRow(const Store& store) {
  PL_TRY(auto row, store.get(Family::Meta, layout::kOrderedRow));
  return row.value_or("");
}

Error nodeWithoutOthers(const fs::path& directory) {
  return makeError(
      ErrorCode::Unavailable,
      fmt::format("{}: this ledger is kept on several nodes, which order what is recorded together: it is "
                  "written by 'pilotledger serve' only; use --server",
                  directory.string()),
      fmt::format("{}：本账本由多个节点共同定序，只能经 pilotledger serve 写入；请使用 --server", directory.string()));
}

Error noNode(const fs::path& directory) {
  return invalidInput(
      fmt::format("{}: a cluster is set up, and this ledger is no node of it: use 'pilotledger cluster init' or "
                  "'cluster join'",
                  directory.string()),
      fmt::format("{}：已配置集群，而本账本尚非其节点：请用 pilotledger cluster init 或 cluster join",
                  directory.string()));
}

bool changesMembers(const proof::Submission& submission) {
  if (submission.events.size() != 1) return false;
  auto event = events::Event::decode(submission.events.front());
  if (!event.ok()) return false;
  auto body = event->reader().getBody();
  return body.isNodeAdmitted() || body.isNodeRetired();
}

}  // namespace

class Ledger::Impl {
 public:
  Impl(fs::path directory, LedgerIdentity identity, LogKeys keys, std::unique_ptr<Store> store)
      : directory_(std::move(directory)),
        identity_(std::move(identity)),
        logKeys_(std::move(keys)),
        store_(std::move(store)) {}

  fs::path directory_;
  LedgerIdentity identity_;
  LogKeys logKeys_;  // as they were when opened
  std::unique_ptr<Store> store_;
  Durable durable_;  // read-only: as it was when opened
  std::shared_ptr<Replication> replication_;
  std::unique_ptr<Committer> committer_;  // write mode only; destroyed before the store

  Result<std::string> entryBundle(std::uint64_t number, std::uint64_t width) const;
  Durable durable() const { return committer_ ? committer_->durable() : durable_; }

  Status startWriting(StoredLog opened, Clock clock, const Status& forked, SigningKeys keys,
                      std::string_view passphrase) {
    std::uint64_t size = opened.tree.size();
    Digest root = opened.tree.root();
    bool isSigned = opened.isSigned();
    PL_CHECK(startCommitting(std::move(opened), std::move(clock), std::move(keys)));
    committer_->onRotation([this] { takeUpNextKey(directory_, committer_->logKeys()); });
    if (!forked.ok()) {
      committer_->freeze(forked.error());
      return {};
    }
    if (!isSigned) PL_CHECK(committer_->signNewest(size, root));
    if (replication_) {
      const Durable newest = committer_->durable();
      PL_CHECK(replication_->stored({identity_.origin, newest.size, newest.root}, newest.checkpoint));
    }
    store_->acknowledge(
        size);  // all that is stored is on stable storage now, whether its writer lived to say so or not
    std::error_code ignored;
    if (logKeys_.terms().size() > 1 && fs::exists(directory_ / kNextLogKeyFile, ignored)) finishRotation(passphrase);
    return {};
  }

  Status startCommitting(StoredLog opened, Clock clock, std::optional<SigningKeys> keys) {
    std::int64_t lastMs = opened.lastRecordedAtMs();
    rehearses_ = !keys;
    PL_TRY(std::unique_ptr<Sequencer> sequencer, makeSequencer());
    committer_ = std::make_unique<Committer>(identity_, logKeys_, std::move(keys), *store_, std::move(opened.tree),
                                             clock ? std::move(clock) : systemClock(), lastMs, std::move(sequencer));
    if (replication_) {
      committer_->onDurable([this](const Durable& durable) {
        return replication_->stored({identity_.origin, durable.size, durable.root}, durable.checkpoint);
      });
    }
    PL_CHECK(committer_->load(opened.stateRoot()));
    committer_->setDurable(std::move(opened.durable));
    return {};
  }

  // Of the order of one machine, or of the nodes that this is one of. A rehearsal orders nothing.
  Result<std::unique_ptr<Sequencer>> makeSequencer() {
    PL_TRY(std::string ordered, orderedRow(*store_));
    if (rehearses_ || (ordered.empty() && !replication_))
      return std::unique_ptr<Sequencer>(std::make_unique<LocalSequencer>());
    if (!replication_) return nodeWithoutOthers(directory_);
    if (ordered.empty()) return noNode(directory_);
    PL_TRY(OrderHead built, OrderHead::parse(ordered));
    admission_ = std::make_unique<Admission>(identity_, logKeys_, *store_);
    return replication_->sequencer(
        {identity_.suite, built, [this](std::shared_ptr<const proof::Submission> submission) {
           return admission_->admitOrdered(std::move(submission));
         }});
  }
  std::unique_ptr<Admission> admission_;  // of batches that others ordered

  // A crash after the commit may have left the files of the keys unnamed.
  void finishRotation(std::string_view passphrase) {
    auto next = crypto::SigningKey::load(directory_ / kNextLogKeyFile, passphrase);
    if (next.ok() && next->verifyKey() == logKeys_.current()) takeUpNextKey(directory_, logKeys_);
  }

  bool rehearses_ = false;
};

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ledger::~Ledger() = default;

Status Ledger::init(const fs::path& directory, const InitOptions& given) {
  InitOptions options = given;
  PL_CHECK(crypto::checkKeyName(options.origin));
  if (options.operatorParty.empty()) options.operatorParty = "op:" + options.origin;
  if (options.operatorName.empty()) options.operatorName = options.origin;
  PL_CHECK(requireEmptyDirectory(directory));
  if (!options.logKey) {
    PL_TRY(options.logKey, crypto::SigningKey::generate(options.suite, options.origin));
  }
  const crypto::SigningKey& logKey = *options.logKey;
  if (logKey.verifyKey().name() != options.origin || logKey.verifyKey().suite() != options.suite) {
    return invalidInput(fmt::format("the log key must be named as the origin {} and be of the suite {}; found {}",
                                    options.origin, crypto::suiteName(options.suite), logKey.verifyKey().vkey()),
                        fmt::format("日志密钥须以来源 {} 命名，且属于套件 {}；实为 {}", options.origin,
                                    crypto::suiteName(options.suite), logKey.verifyKey().vkey()));
  }
  PL_TRY(crypto::SigningKey operatorKey, crypto::SigningKey::generate(options.suite, options.origin + "/operator"));
  Clock clock = options.clock ? options.clock : systemClock();
  auto make = [&]() -> Status {
    PL_CHECK(logKey.save(directory / kLogKeyFile, options.logKeyPassphrase));
    PL_CHECK(operatorKey.save(directory / kOperatorKeyFile, options.operatorKeyPassphrase));
    if (options.registerKey) PL_CHECK(options.registerKey->save(directory / crypto::kRegisterKeyFile));
    {
      PL_TRY(auto store, Store::open(directory, Store::Mode::Create));
      PL_CHECK(writeIdentity(*store, {options.origin, options.suite, logKey.verifyKey(), options.operatorParty}));
    }
    PL_TRY(auto ledger, open(directory, OpenMode::Write, clock, options.logKeyPassphrase));
    std::int32_t today = events::civilDateOfUtcMs(clock());
    PL_TRY(auto genesis, foundingEvents({options.origin, options.operatorParty, options.operatorName,
                                         operatorKey.verifyKey(), options.registerKey, today, options.edition}));
    const crypto::SigningKey* keys[] = {&logKey};
    PL_TRY(auto submission,
           proof::makeSubmission(options.suite, {options.origin, logKey.verifyKey().vkey()}, std::move(genesis), keys));
    PL_TRY([[maybe_unused]] AppendResult appended, ledger->append(submission));
    return {};
  };
  Status made = make();
  if (!made.ok()) {
    std::error_code ignored;
    for (const auto& file : fs::directory_iterator(directory, ignored)) fs::remove_all(file, ignored);
  }
  return made;
}

fs::path Ledger::logKeyFile(const fs::path& directory) { return directory / kLogKeyFile; }
fs::path Ledger::nextLogKeyFile(const fs::path& directory) { return directory / kNextLogKeyFile; }
fs::path Ledger::retiredLogKeyFile(const fs::path& directory, const crypto::VerifyKey& key) {
  return ledger::retiredLogKeyFile(directory, key);
}

Result<std::string> Ledger::beginOrder(const fs::path& directory, std::string_view logKeyPassphrase) {
  PL_TRY(auto ledger, open(directory, OpenMode::Write, {}, logKeyPassphrase));
  PL_TRY(proof::Checkpoint newest, proof::readCheckpoint(ledger->checkpoint()));
  std::string head = firstHead(ledger->suite(), newest.body()).text();
  WriteSet rows = ledger->impl_->store_->begin();
  rows.put(Family::Meta, layout::kOrderedRow, head);
  PL_CHECK(ledger->impl_->store_->write(std::move(rows)));
  return head;
}

Result<std::string> Ledger::ordered() const { return orderedRow(*impl_->store_); }

Result<std::unique_ptr<Ledger>> Ledger::open(const fs::path& directory, OpenMode mode, Clock clock,
                                             std::string_view logKeyPassphrase,
                                             std::shared_ptr<Replication> replication) {
  PL_CHECK(requireLedger(directory));
  if (mode == OpenMode::Write) PL_CHECK(requireOriginal(directory));
  std::optional<SigningKeys> signing;
  auto admit = [&](const Store& look) -> Status {
    PL_TRY(signing, signingKeysFor(directory, look, logKeyPassphrase));
    return {};
  };
  PL_TRY(auto store, Store::open(directory, mode == OpenMode::Write ? Store::Mode::Write : Store::Mode::Read, admit));
  PL_TRY(LedgerIdentity identity, readIdentity(*store));
  PL_TRY(LogKeys keys, readLogKeys(*store, identity));
  PL_TRY(StoredLog opened, openStoredLog(identity, keys, *store));
  if (mode != OpenMode::Write) PL_CHECK(requireSigned(*store, opened.durable.size));
  Status forked;
  if (mode != OpenMode::ReadOnly) forked = requireNoFork(identity, keys, *store, opened.tree);
  auto impl = std::make_unique<Impl>(directory, std::move(identity), std::move(keys), std::move(store));
  impl->replication_ = std::move(replication);
  if (mode == OpenMode::ReadOnly) {
    impl->durable_ = std::move(opened.durable);
  } else if (mode == OpenMode::Write) {
    PL_CHECK(impl->startWriting(std::move(opened), std::move(clock), forked, std::move(*signing), logKeyPassphrase));
  } else {
    PL_CHECK(impl->startCommitting(std::move(opened), std::move(clock), std::nullopt));
    if (!forked.ok()) impl->committer_->freeze(forked.error());
  }
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(impl)));
  // The clocks of several nodes hold each other.
  Committer* committer = ledger->impl_->committer_.get();
  if (committer != nullptr && !ledger->impl_->replication_)
    committer->holdTime([own = ledger.get()](std::int64_t nowMs) { return requireWitnessedTime(*own, nowMs); });
  return ledger;
}

Result<AppendResult> Ledger::append(const proof::Submission& submission) {
  if (!impl_->committer_)
    return makeError(ErrorCode::Unavailable, "the ledger was opened read-only", "账本以只读方式打开");
  if (!impl_->replication_) return impl_->committer_->append(submission);
  PL_CHECK(impl_->replication_->mayPropose());
  if (changesMembers(submission)) PL_CHECK(impl_->replication_->mayChangeMembers());
  PL_TRY(AppendResult appended, impl_->committer_->append(submission));
  PL_TRY(proof::Checkpoint covering, proof::readCheckpoint(appended.checkpoint));
  PL_TRY(appended.checkpoint, impl_->replication_->confirm(covering.size, impl_->replication_->wait()));
  return appended;
}

Status Ledger::follow() {
  PL_ASSERT(impl_->committer_ != nullptr);
  return impl_->committer_->follow();
}

Result<std::string> Ledger::confirmed(std::uint64_t size, std::chrono::milliseconds most) const {
  if (!impl_->replication_) return std::string();
  return impl_->replication_->confirm(size, most);
}

Result<Consideration> Ledger::consider(const proof::Submission& submission) {
  if (impl_->committer_) return impl_->committer_->consider(submission);
  return makeError(ErrorCode::Unavailable, "the ledger was opened read-only", "账本以只读方式打开");
}

Status Ledger::keepCountersign(std::uint64_t wanted, std::string_view name, std::string_view value) {
  if (!impl_->committer_ || impl_->rehearses_)
    return makeError(ErrorCode::Unavailable, "the ledger was opened read-only", "账本以只读方式打开");
  PL_TRY([[maybe_unused]] std::string checkpoint, checkpointOf(wanted));
  WriteSet rows = impl_->store_->begin();
  rows.put(Family::Countersign, layout::countersignKey(wanted, name), value);
  return impl_->store_->write(std::move(rows));
}

Status Ledger::freeze(std::string_view note) {
  PL_TRY(proof::Checkpoint shown, logKeys().open(note));
  Error error = forkError(shown, size());
  if (!impl_->committer_) return error;
  impl_->committer_->freeze(error);
  WriteSet rows = impl_->store_->begin();
  rows.put(Family::Countersign, layout::kHaltKey, note);
  PL_CHECK(impl_->store_->write(std::move(rows)));
  return error;
}

Result<std::string> Ledger::checkpointOf(std::uint64_t wanted) const {
  PL_TRY(auto note, impl_->store_->get(Family::Checkpoint, layout::indexKey(wanted)));
  if (note && wanted <= size()) return std::move(*note);
  return makeError(ErrorCode::NotFound, fmt::format("no checkpoint of {} entries: no commit ends there", wanted),
                   fmt::format("没有 {} 条的检查点：没有提交止于该处", wanted));
}

Status Ledger::eachCommit(std::uint64_t from, const std::function<bool(const SignedCommit&)>& visit) const {
  if (from > 0) {
    PL_TRY([[maybe_unused]] std::string before, checkpointOf(from));
  }
  const std::uint64_t end = size();
  Status outcome;
  PL_CHECK(impl_->store_->each(Family::Checkpoint, layout::indexKey(from + 1), [&](std::string_view key, auto note) {
    std::uint64_t to = layout::parseIndexKey(key).value_or(0);
    if (to > end) return false;
    auto batch = storedBatch(*impl_->store_, from, to);
    if (!batch.ok()) outcome = batch.error();
    from = to;
    return outcome.ok() && visit({to, std::string(note), std::move(batch).value()});
  }));
  return outcome;
}

Status Ledger::eachCountersign(
    std::uint64_t from, const std::function<Status(std::uint64_t, std::string_view, std::string_view)>& visit) const {
  Status outcome;
  PL_CHECK(impl_->store_->each(Family::Countersign, layout::indexKey(from),
                               [&](std::string_view key, std::string_view value) {
                                 auto parsed = layout::parseCountersignKey(key);
                                 if (parsed) outcome = visit(parsed->first, parsed->second, value);
                                 return outcome.ok();
                               }));
  return outcome;
}

Result<proof::NodeReader> Ledger::nodes() const {
  auto tree = std::make_shared<TreeStore>(suite(), *impl_->store_);
  PL_CHECK(tree->load(size()));
  return proof::NodeReader([tree](int level, std::uint64_t index) { return tree->node(level, index); });
}

proof::LedgerName Ledger::name() const { return impl_->identity_.name(); }
const std::string& Ledger::origin() const { return impl_->identity_.origin; }
crypto::SuiteId Ledger::suite() const { return impl_->identity_.suite; }
LogKeys Ledger::logKeys() const { return impl_->committer_ ? impl_->committer_->logKeys() : impl_->logKeys_; }
crypto::VerifyKey Ledger::logKey() const { return logKeys().current(); }
const fs::path& Ledger::directory() const { return impl_->directory_; }
std::uint64_t Ledger::size() const { return impl_->durable().size; }
std::string Ledger::checkpoint() const { return impl_->durable().checkpoint; }
Digest Ledger::root() const { return impl_->durable().root; }

Result<proof::Entry> Ledger::entry(std::uint64_t index) const {
  if (index >= size()) {
    return makeError(ErrorCode::NotFound, fmt::format("no entry {}; the ledger has {}", index, size()),
                     fmt::format("没有第 {} 条；账本共 {} 条", index, size()));
  }
  PL_TRY(std::string bytes, impl_->store_->require(Family::Entry, layout::indexKey(index)));
  return proof::Entry::decode(viewOf(bytes));
}

Result<events::Event> Ledger::event(std::uint64_t index) const {
  PL_TRY(proof::Entry recorded, entry(index));
  PL_TRY(std::string bytes, impl_->store_->require(Family::Event, layout::indexKey(index)));
  if (crypto::hash(suite(), viewOf(bytes)) != recorded.eventDigest) {
    return makeError(ErrorCode::Corruption,
                     fmt::format("event {}: the bytes do not have the digest of their entry", index),
                     fmt::format("第 {} 条事件字节与条目摘要不符", index));
  }
  return events::Event::decode(viewOf(bytes));
}

Result<std::optional<std::uint64_t>> Ledger::findEvent(const EventId& id) const {
  PL_TRY(auto key, impl_->store_->get(Family::Id, textOf(id)));
  return key ? layout::parseIndexKey(*key) : std::nullopt;
}

Result<std::string> Ledger::submissionNote(const Digest& digest) const {
  return impl_->store_->require(Family::Submission, textOf(digest));
}

Result<std::optional<EntityRecord>> Ledger::entity(std::string_view key) const {
  PL_TRY(std::optional<std::string> text, impl_->store_->get(Family::Entity, key));
  if (!text) return std::optional<EntityRecord>();
  PL_TRY(EntityRecord record, EntityRecord::parse(*text));
  return std::optional(std::move(record));
}

Result<Signer> Ledger::signer(std::string_view keyName, std::int32_t day) const {
  return StoredState(*impl_->store_).signer(impl_->identity_.context(), keyName, day);
}

Result<int> Ledger::edition() const { return StoredState(*impl_->store_).edition(impl_->identity_.context()); }

Result<std::vector<std::uint64_t>> Ledger::entriesOf(std::string_view key) const {
  return impl_->store_->entriesOf(key);
}

// (u16 length || entry)*
Result<std::string> Ledger::Impl::entryBundle(std::uint64_t number, std::uint64_t width) const {
  std::string bundle;
  std::uint64_t from = number * proof::kTileWidth;
  PL_CHECK(store_->rows(Family::Entry, from, from + width, [&](std::uint64_t, std::string_view entry) -> Status {
    bundle += static_cast<char>(entry.size() >> 8);
    bundle += static_cast<char>(entry.size() & 0xff);
    bundle += entry;
    return {};
  }));
  return bundle;
}

Status Ledger::scan(std::uint64_t from, std::uint64_t to, const std::function<Status(const LogRecord&)>& visit) const {
  return scanEntries(*impl_->store_, from, std::min(to, size()), visit);
}

Result<Digest> Ledger::rootAt(std::uint64_t wanted) const {
  std::uint64_t now = size();
  if (wanted > now) {
    return makeError(ErrorCode::NotFound, fmt::format("the ledger has {} entries, not {}", now, wanted),
                     fmt::format("账本共 {} 条，不足 {} 条", now, wanted));
  }
  TreeStore tree(suite(), *impl_->store_);
  PL_CHECK(tree.load(now));
  return proof::rootAt(suite(), wanted, [&](int level, std::uint64_t index) { return tree.node(level, index); });
}

Result<std::string> Ledger::tile(const proof::TileName& name) const {
  std::uint64_t count = size();
  for (int level = 0; level < name.level; ++level) count /= proof::kTileWidth;
  if (name.width == 0 || proof::tileWidth(count, name.number) < name.width) {
    return makeError(ErrorCode::NotFound, fmt::format("{}: the log has no such tile yet", name.path()),
                     fmt::format("{}：日志尚无该瓦片", name.path()));
  }
  if (name.entries) return impl_->entryBundle(name.number, name.width);
  TreeStore tree(suite(), *impl_->store_);
  PL_CHECK(tree.load(size()));
  PL_TRY(std::string hashes, tree.tile(name.level, name.number));
  return hashes.substr(0, name.width * sizeof(Digest));
}

Status Ledger::eachTile(std::uint64_t have,
                        const std::function<Status(const std::string&, std::string_view)>& visit) const {
  constexpr std::uint64_t kWidth = proof::kTileWidth;
  std::uint64_t now = size();
  TreeStore tree(suite(), *impl_->store_);
  PL_CHECK(tree.load(now));
  std::uint64_t count = now;
  for (int level = 0; count > 0; ++level, count /= kWidth, have /= kWidth) {
    for (std::uint64_t number = have / kWidth; proof::tileWidth(count, number) > 0; ++number) {
      PL_TRY(std::string hashes, tree.tile(level, number));
      PL_CHECK(visit(proof::tilePath(level, number, proof::tileWidth(count, number)), hashes));
      if (level > 0) continue;
      PL_TRY(std::string bundle, impl_->entryBundle(number, proof::tileWidth(count, number)));
      PL_CHECK(visit(proof::entryBundlePath(number, proof::tileWidth(count, number)), bundle));
    }
  }
  return {};
}

}  // namespace pilotledger::ledger
