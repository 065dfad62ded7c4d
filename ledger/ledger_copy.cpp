#include "ledger/ledger_copy.h"

#include <fmt/format.h>

#include "events/base/whole_file.h"
#include "ledger/tlog/note.h"

namespace pilotledger::ledger {

using layout::Family;
namespace fs = std::filesystem;

namespace {

Error differs(std::uint64_t size, const std::string& en, const std::string& zh) {
  return makeError(ErrorCode::Corruption, fmt::format("the commit up to {} entries: {}", size, en),
                   fmt::format("截至 {} 条的提交：{}", size, zh));
}

Batch::Admit reader(const LedgerIdentity& identity) {
  return [&identity](std::shared_ptr<const proof::Submission> one) -> Result<Admitted> {
    PL_TRY(AdmittedSubmission read, readSubmission(identity, std::move(one)));
    return std::make_shared<const AdmittedSubmission>(std::move(read));
  };
}

Status mark(const fs::path& directory, const std::string& source) {
  return writeWholeFile(copyMark(directory), source + "\n", {.mode = 0600});
}

}  // namespace

Status LedgerCopy::create(const fs::path& directory, const crypto::VerifyKey& foundingKey, const SignedCommit& first) {
  LedgerIdentity identity{foundingKey.name(), foundingKey.suite(), foundingKey, {}};
  PL_TRY(Batch batch, Batch::decode(first.batch, reader(identity)));
  const auto& events =
      batch.submissions.empty() ? std::vector<std::optional<events::Event>>() : batch.submissions.front()->events;
  if (events.empty() || !events[0] || !events[0]->reader().getBody().isPartyRegistered())
    return differs(first.size, "it does not found a ledger", "并非账本的创始提交");
  identity.operatorParty = events[0]->reader().getBody().getPartyRegistered().getParty().cStr();
  PL_CHECK(mark(directory, "nothing yet"));
  PL_TRY(auto store, Store::open(directory, Store::Mode::Create));
  return writeIdentity(*store, identity);
}

Result<std::unique_ptr<LedgerCopy>> LedgerCopy::open(const fs::path& directory) {
  PL_CHECK(requireLedger(directory));
  if (requireOriginal(directory).ok()) {
    return makeError(
        ErrorCode::Conflict,
        fmt::format("{}: a ledger of its own, and no copy; a backup is put back as a copy by 'restore "
                    "--to-follow'",
                    directory.string()),
        fmt::format("{}：此为独立的账本，并非副本；可用 restore --to-follow 将备份恢复为副本", directory.string()));
  }
  PL_TRY(auto store, Store::open(directory, Store::Mode::Write));
  PL_TRY(LedgerIdentity identity, readIdentity(*store));
  PL_TRY(LogKeys keys, readLogKeys(*store, identity));
  PL_TRY(StoredLog log, openStoredLog(identity, keys, *store));
  std::optional<Digest> stateRoot = log.stateRoot();
  std::unique_ptr<LedgerCopy> copy(
      new LedgerCopy(directory, std::move(identity), std::move(keys), std::move(store), std::move(log)));
  PL_CHECK(copy->builder_.load(stateRoot));
  return copy;
}

Status LedgerCopy::follows(const std::string& source) const { return mark(directory_, source); }

LedgerCopy::LedgerCopy(fs::path directory, LedgerIdentity identity, LogKeys keys, std::unique_ptr<Store> store,
                       StoredLog log)
    : directory_(std::move(directory)),
      identity_(std::move(identity)),
      logKeys_(std::move(keys)),
      store_(std::move(store)),
      durable_(log.durable),
      added_(log.durable),
      newestRecordedAtMs_(log.lastRecordedAtMs()),
      admission_(identity_, logKeys_, *store_),
      admit_([this](auto one) { return admission_.admit(std::move(one)); }),
      builder_(identity_, logKeys_, *store_, log.tree, log.lastRecordedAtMs()),
      rows_(store_->begin()) {
  if (!log.isSigned()) tail_ = proof::Checkpoint{identity_.origin, log.tree.size(), log.tree.root()};
  store_->acknowledge(durable_.size);
}

// Signed as a commit of this log is, and by nobody else.
Result<proof::Checkpoint> LedgerCopy::openNote(std::string_view text, bool rotated) const {
  PL_TRY(proof::Checkpoint checkpoint, logKeys_.open(text));
  PL_TRY(proof::Note note, proof::Note::parse(text));
  if (note.signatures.size() != (rotated ? 2 : 1))
    return differs(checkpoint.size, "its note is not signed as a commit is", "其检查点的签名数目不符");
  if (rotated) PL_CHECK(proof::verifyNote(note, logKeys_.terms()[logKeys_.terms().size() - 2].key));
  return checkpoint;
}

// A backup may hold a commit that was stored and not signed yet; what it lacks is the note.
Status LedgerCopy::addTail(const Batch& batch, std::string_view note) {
  bool rotated = logKeys_.terms().back().since >= durable_.size && logKeys_.terms().size() > 1;
  PL_TRY(proof::Checkpoint checkpoint, openNote(note, rotated));
  if (checkpoint != *tail_ || batch.recordedAtMs != newestRecordedAtMs_)
    return differs(checkpoint.size, "this copy holds another one, which nobody signed: begin from an older backup",
                   "本副本含有另一个未经签署的提交，请改用较早的备份");
  rows_.put(Family::Checkpoint, layout::indexKey(checkpoint.size), note);
  added_ = {checkpoint.size, checkpoint.root, std::string(note)};
  tail_.reset();
  return save();
}

Status LedgerCopy::add(const Batch& batch, std::string_view note) {
  if (tail_) return addTail(batch, note);
  PL_TRY(Commit commit, builder_.build(batch, std::move(rows_)));
  for (const auto& outcome : commit.outcomes) {
    if (outcome.status.ok()) continue;
    const Error& why = outcome.status.error();
    if (why.code == ErrorCode::Unavailable) return why;  // an edition of the rules that this program does not know
    return differs(added_.size, "the log has recorded what its rules refuse: " + why.message.en,
                   "日志记录了规则所拒绝的内容：" + why.message.zh);
  }
  if (commit.rotation) {
    logKeys_.add(commit.rotation->index, commit.rotation->next);
    admission_.know(commit.rotation->next);
  }
  auto checkpoint = openNote(note, commit.rotation.has_value());
  if (!checkpoint.ok())
    return differs(commit.checkpoint.size, checkpoint.error().message.en, checkpoint.error().message.zh);
  if (*checkpoint != commit.checkpoint)
    return differs(checkpoint->size, "the log has signed another root than its rules lead to",
                   "日志签署的根与依规则得出的不同");
  rows_ = std::move(commit.rows);
  rows_.put(Family::Checkpoint, layout::indexKey(checkpoint->size), note);
  added_ = {checkpoint->size, checkpoint->root, std::string(note)};
  newestRecordedAtMs_ = batch.recordedAtMs;
  ++unsaved_;
  return {};
}

Status LedgerCopy::save() {
  if (added_.size == durable_.size) return {};
  PL_CHECK(store_->write(std::exchange(rows_, store_->begin())));
  for (; unsaved_ > 0; --unsaved_) builder_.retireDurable();
  durable_ = added_;
  store_->acknowledge(durable_.size);
  return {};
}

proof::NodeReader LedgerCopy::nodes() const {
  auto tree = std::make_shared<TreeStore>(identity_.suite, *store_);
  if (Status loaded = tree->load(durable_.size); !loaded.ok()) {
    return [error = loaded.error()](int, std::uint64_t) -> Result<Digest> { return error; };
  }
  return [tree](int level, std::uint64_t index) { return tree->node(level, index); };
}

}  // namespace pilotledger::ledger
