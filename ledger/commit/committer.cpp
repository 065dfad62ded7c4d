#include "ledger/commit/committer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "ledger/rules/applier.h"
#include "ledger/rules/authority.h"
#include "ledger/rules/editions.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;

constexpr std::size_t kMaxCommitEvents = 20'000;
constexpr std::uint64_t kMaxBuiltCommits = 2;  // one being written, one waiting for it

Error inSubmission(Error error, std::size_t position) {
  error.position = position;
  return error;
}

}  // namespace

// One append() call: what its own thread has checked, and where the answer goes.
struct Committer::Request {
  const proof::Submission* submission = nullptr;
  Digest noteDigest{};
  proof::LedgerName meantFor;
  std::vector<std::string> signers;
  std::vector<events::Event> events;
  std::vector<Digest> digests;
  std::vector<AppendReceipt> receipts;
  std::optional<Presumption> presumption;  // of what is considered only
  Result<AppendResult> answer = AppendResult{};

  // Its thread sleeps here until the answer is there, or until it is its turn to lead.
  enum class Signal { None, Lead, Done };
  Signal wait() {
    std::unique_lock lock(mutex);
    waking.wait(lock, [&] { return signal != Signal::None; });
    return std::exchange(signal, Signal::None);
  }
  void wake(Signal what) {
    std::lock_guard lock(mutex);  // held while notifying: the request dies when its caller goes on
    signal = what;
    waking.notify_one();
  }

 private:
  std::mutex mutex;
  std::condition_variable waking;
  Signal signal = Signal::None;
};

struct Committer::Commit {
  explicit Commit(WriteSet set) : rows(std::move(set)) {}
  std::int64_t recordedAtMs = 0;
  std::int32_t recordedOn = 0;
  std::uint64_t first = 0;  // index of its first entry
  WriteSet rows;
  std::vector<proof::Entry> entries;
  Inflight pending;
  std::vector<std::pair<std::shared_ptr<Request>, Status>> outcomes;
  Durable result;
  struct Rotation {
    std::uint64_t index;
    crypto::SigningKey outgoing;
    crypto::VerifyKey next;
  };
  std::optional<Rotation> rotation;          // of the log key
  std::optional<crypto::SigningKey> signer;  // none in a rehearsal
  std::uint64_t turn = 0;                    // commits are written in the order they were built
};

std::size_t Committer::EventIdHash::operator()(const EventId& id) const {
  std::size_t hash;
  std::memcpy(&hash, id.data() + 8, sizeof hash);  // the random half
  return hash;
}

Committer::Committer(const LedgerIdentity& identity, LogKeys logKeys, std::optional<SigningKeys> keys, Store& store,
                     TreeStore tree, Clock clock, std::int64_t lastRecordedAtMs)
    : identity_(identity),
      signing_(std::move(keys)),
      inForce_(logKeys.current()),
      store_(&store),
      tree_(std::move(tree)),
      clock_(std::move(clock)),
      entities_(identity.suite, store, [this](const EventId& id) { return findEvent(id); }),
      lastRecordedAtMs_(lastRecordedAtMs),
      logKeys_(std::move(logKeys)) {
  for (const LogKeys::Term& term : logKeys_.terms()) keys_.emplace(keyEntityId(term.key), term.key);
}

Status Committer::load(const std::optional<Digest>& stateRoot) {
  PL_CHECK(entities_.load());
  if (stateRoot && entities_.map().root() != *stateRoot) {  // I5
    return makeError(ErrorCode::Corruption,
                     "the stored entity records do not have the state root of the last entry; run 'pilotledger verify'",
                     "实体记录与最后条目的状态根不符；请运行 pilotledger verify");
  }
  return {};
}

Result<crypto::VerifyKey> Committer::verifyKeyOf(const std::string& keyName) const {
  {
    std::shared_lock lock(keysMutex_);
    if (auto at = keys_.find(keyName); at != keys_.end()) return at->second;
  }
  PL_TRY(std::optional<std::string> text, store_->get(Family::Entity, entityKey("key", keyName)));
  if (!text) {
    Error error =
        makeError(ErrorCode::NotAuthorized,
                  fmt::format("key {} is not bound to any party in this ledger; record a KeyBound first", keyName),
                  fmt::format("密钥 {} 未在本账本绑定，请先记录 KeyBound", keyName));
    error.rule = "R-AUTHORITY";
    return error;
  }
  PL_TRY(EntityRecord record, EntityRecord::parse(*text));
  PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(record.get("vkey")));
  std::unique_lock lock(keysMutex_);
  keys_.insert_or_assign(keyName, key);
  return key;
}

Result<std::shared_ptr<Committer::Request>> Committer::prepare(const proof::Submission& submission) const {
  PL_TRY(proof::Note note, proof::checkSubmission(identity_.suite, submission, identity_.name()));
  auto request = std::make_shared<Request>();
  request->submission = &submission;
  PL_TRY(proof::SubmissionBody body, proof::SubmissionBody::parse(note.text));
  request->meantFor = std::move(body.ledger);
  request->noteDigest = crypto::hash(identity_.suite, viewOf(submission.note));
  for (const auto& signature : note.signatures) {
    std::string keyName = signature.keyName();
    PL_TRY(crypto::VerifyKey key, verifyKeyOf(keyName));
    PL_CHECK(key.verify(viewOf(note.text), signature.signature));
    request->signers.push_back(std::move(keyName));
  }
  request->events.reserve(submission.events.size());
  request->digests.reserve(submission.events.size());
  for (std::size_t i = 0; i < submission.events.size(); ++i) {
    auto event = events::Event::decode(submission.events[i]);
    if (!event.ok()) return inSubmission(std::move(event).error(), i);
    request->events.push_back(std::move(event).value());
    request->digests.push_back(crypto::hash(identity_.suite, submission.events[i]));
  }
  return request;
}

Result<AppendResult> Committer::append(const proof::Submission& submission) {
  PL_TRY(std::shared_ptr<Request> request, prepare(submission));
  return answer(request);
}

Result<Consideration> Committer::consider(const proof::Submission& submission) {
  PL_TRY(std::shared_ptr<Request> request, prepare(submission));
  request->presumption.emplace();
  PL_TRY(AppendResult considered, answer(request));
  return Consideration{std::move(considered.receipts), request->presumption->lacking()};
}

Result<AppendResult> Committer::answer(const std::shared_ptr<Request>& request) {
  std::unique_lock lock(mutex_);
  if (poison_) return *poison_;
  requests_.push_back(request);
  if (leading_) {
    lock.unlock();
    if (request->wait() == Request::Signal::Done) return std::move(request->answer);
    lock.lock();
  }
  leading_ = true;
  lead(std::move(lock));
  return std::move(request->answer);
}

// Builds a commit of all that waits, the caller's own request included, and makes it durable.
// While one leader writes, the next one builds; a third waits, and with it all who come meanwhile.
void Committer::lead(std::unique_lock<std::mutex> lock) {
  canBuild_.wait(lock, [&] { return built_ - written_ < kMaxBuiltCommits; });
  std::deque<std::shared_ptr<Request>> batch;
  std::size_t events = 0;
  while (!requests_.empty() && (batch.empty() || events + requests_.front()->events.size() <= kMaxCommitEvents)) {
    events += requests_.front()->events.size();
    batch.push_back(std::move(requests_.front()));
    requests_.pop_front();
  }
  lock.unlock();
  retireDurableCommits();
  auto commit = build(std::move(batch));
  lock.lock();
  commit->turn = built_++;
  if (requests_.empty()) {
    leading_ = false;
  } else {
    requests_.front()->wake(Request::Signal::Lead);
  }
  writeTurn_.wait(lock, [&] { return written_ == commit->turn; });
  lock.unlock();
  finish(*commit);
}

// What has become durable since can be read from the store again.
void Committer::retireDurableCommits() {
  std::uint64_t settled = 0;
  {
    std::lock_guard lock(mutex_);
    std::swap(settled, settled_);
  }
  for (; settled > 0; --settled) {
    inflight_.pop_front();
    entities_.retireDurable();
  }
}

std::unique_ptr<Committer::Commit> Committer::build(std::deque<std::shared_ptr<Request>> batch) {
  auto commit = std::make_unique<Commit>(store_->begin());
  commit->recordedAtMs = std::max(clock_(), lastRecordedAtMs_);
  commit->recordedOn = events::civilDateOfUtcMs(commit->recordedAtMs);
  commit->first = tree_.size();
  building_ = commit.get();
  for (auto& request : batch) {
    Status outcome = apply(*commit, *request);
    commit->outcomes.emplace_back(std::move(request), std::move(outcome));
  }
  building_ = nullptr;
  if (!commit->entries.empty()) {
    lastRecordedAtMs_ = commit->recordedAtMs;
    finalize(*commit);
    inflight_.push_back(std::move(commit->pending));
  }
  return commit;
}

Result<std::vector<Signer>> Committer::signersOf(const Commit& commit, const Request& request, EntityOverlay& world) {
  std::vector<Signer> signers;
  for (const std::string& keyName : request.signers) {
    std::uint64_t index = commit.first + commit.entries.size();
    if (auto own = resolveLogKey(inForce_, keyName, index, identity_.operatorParty)) {
      signers.push_back(std::move(*own));
      continue;
    }
    PL_TRY(Signer signer, resolveSigner(log_, world, keyName, commit.recordedOn));
    signers.push_back(std::move(signer));
  }
  return signers;
}

Result<std::optional<Committer::RecordedEvent>> Committer::findKnown(const Commit& commit, const EventId& id) const {
  if (auto at = commit.pending.known.find(id); at != commit.pending.known.end()) return std::optional(at->second);
  for (const Inflight& other : inflight_) {
    if (auto at = other.known.find(id); at != other.known.end()) return std::optional(at->second);
  }
  PL_TRY(std::optional<std::string> index, store_->get(Family::Id, textOf(id)));
  if (!index) return std::optional<RecordedEvent>();
  PL_TRY(std::string bytes, store_->require(Family::Entry, *index));
  PL_TRY(proof::Entry entry, proof::Entry::decode(viewOf(bytes)));
  return std::optional(RecordedEvent{entry.index, entry.eventDigest, entry.recordedAtMs});
}

Result<std::optional<events::Event>> Committer::findEvent(const EventId& id) const {
  if (building_ != nullptr) {
    if (auto at = building_->pending.events.find(id); at != building_->pending.events.end())
      return std::optional(at->second);
  }
  for (const Inflight& other : inflight_) {
    if (auto at = other.events.find(id); at != other.events.end()) return std::optional(at->second);
  }
  PL_TRY(std::optional<std::string> index, store_->get(Family::Id, textOf(id)));
  if (!index) return std::optional<events::Event>();
  PL_TRY(std::string bytes, store_->require(Family::Event, *index));
  PL_TRY(events::Event event, events::Event::decode(viewOf(bytes)));
  return std::optional(std::move(event));
}

Status Committer::checkRotation(const Request& request, const events::Event& event) const {
  auto body = event.reader().getBody();
  if (!body.isLogKeyRotated()) return {};
  if (request.events.size() != 1) {
    return invalidInput("LogKeyRotated is recorded in a submission of its own", "LogKeyRotated 须单独提交");
  }
  auto names = body.getLogKeyRotated();
  bool ready = signing_ && signing_->next && signing_->next->verifyKey().vkey() == names.getNewKey().cStr() &&
               inForce_.vkey() == names.getOldKey().cStr();
  if (ready) return {};
  return makeError(ErrorCode::Unavailable,
                   "the next log key must be at hand to sign from here on: use 'pilotledger key rotate-log'",
                   "新日志密钥须在场，以便自此签署：请使用 pilotledger key rotate-log");
}

// All events of the request, or none (I6).
Status Committer::apply(Commit& commit, Request& request) {
  EntityOverlay world(entities_);
  std::size_t entriesBefore = commit.entries.size();
  auto undo = [&] {
    for (std::size_t i = entriesBefore; i < commit.entries.size(); ++i) {
      EventId id = request.events[commit.entries[i].position].id();
      commit.pending.known.erase(id);
      commit.pending.events.erase(id);
    }
    commit.entries.resize(entriesBefore);
  };
  Status applied = applyEvents(commit, request, world);
  if (!applied.ok() || request.presumption) {
    undo();
    return applied;
  }
  if (commit.entries.size() == entriesBefore) return {};  // all repeated
  for (std::size_t i = entriesBefore; i < commit.entries.size(); ++i) {
    const proof::Entry& entry = commit.entries[i];
    std::string key = layout::indexKey(entry.index);
    const Bytes& bytes = request.submission->events[entry.position];
    commit.rows.put(Family::Event, key, textOf(bytes));  // I2
    commit.rows.put(Family::Id, textOf(request.events[entry.position].id()), key);
  }
  commit.rows.put(Family::Submission, textOf(request.noteDigest), request.submission->note);
  if (commit.entries.size() - entriesBefore < request.events.size()) {
    // Events that were there already get no entry: their leaves are kept, so that the signed root can be recomputed.
    std::string leaves;
    for (const Bytes& event : request.submission->events) leaves += textOf(proof::leafHash(identity_.suite, event));
    commit.rows.put(Family::Submission, layout::submissionLeavesKey(request.noteDigest), leaves);
  }
  for (std::size_t i = entriesBefore; i < commit.entries.size(); ++i) {
    if (!request.events[commit.entries[i].position].reader().getBody().isLogKeyRotated()) continue;
    commit.rotation = Commit::Rotation{commit.entries[i].index, std::exchange(signing_->inForce, *signing_->next),
                                       signing_->next->verifyKey()};
    signing_->next.reset();
    inForce_ = commit.rotation->next;
  }
  entities_.merge(world.takeChanges());
  return {};
}

Status Committer::applyEvents(Commit& commit, Request& request, EntityOverlay& world) {
  // As the log knows them where the submission begins. Not asked for when all its events are
  // repeated: a receipt is given again even after a key was revoked.
  std::optional<std::vector<Signer>> signers;
  std::vector<std::pair<std::string, std::uint64_t>> touched;
  for (std::size_t i = 0; i < request.events.size(); ++i) {
    const events::Event& event = request.events[i];
    PL_TRY(std::optional<RecordedEvent> known, findKnown(commit, event.id()));
    if (known) {
      if (known->eventDigest != request.digests[i]) {  // I3
        return inSubmission(makeError(ErrorCode::Conflict,
                                      fmt::format("event id {} is taken by entry {} with other content; use a new id",
                                                  events::formatUuid(event.id()), known->index),
                                      fmt::format("事件编号 {} 已被第 {} 条使用且内容不同，请换用新编号",
                                                  events::formatUuid(event.id()), known->index)),
                            i);
      }
      request.receipts.push_back({event.id(), known->index, known->recordedAtMs, true});
      continue;
    }
    if (!signers) {
      PL_TRY(int edition, editionInForce(log_, world));
      PL_CHECK(requireNamedLog(edition, request.meantFor));
      PL_TRY(signers, signersOf(commit, request, world));
    }
    std::uint64_t index = commit.first + commit.entries.size();
    const EntryContext at{index, commit.recordedOn};
    auto keys = request.presumption
                    ? request.presumption->apply(log_, world, event, request.digests[i], *signers, at, i)
                    : applyEvent(log_, world, event, request.digests[i], *signers, at);
    if (!keys.ok()) return inSubmission(std::move(keys).error(), i);
    if (Status rotation = checkRotation(request, event); !rotation.ok())
      return inSubmission(std::move(rotation).error(), i);
    for (const std::string& key : *keys) touched.emplace_back(key, index);
    proof::Entry entry;
    entry.index = index;
    entry.recordedAtMs = commit.recordedAtMs;
    entry.eventDigest = request.digests[i];
    entry.submissionDigest = request.noteDigest;
    entry.position = static_cast<std::uint32_t>(i);
    commit.entries.push_back(entry);
    commit.pending.known.emplace(event.id(), RecordedEvent{index, request.digests[i], commit.recordedAtMs});
    commit.pending.events.emplace(event.id(), event);
    request.receipts.push_back({event.id(), index, commit.recordedAtMs, false});
  }
  if (request.presumption) return {};
  for (const auto& [key, index] : touched) commit.rows.put(Family::Touch, layout::entityIndexKey(key, index), "");
  return {};
}

void Committer::finalize(Commit& commit) {
  commit.entries.back().stateRoot = entities_.finalize(commit.rows);
  for (const proof::Entry& entry : commit.entries) {
    Bytes bytes = entry.encode();
    commit.rows.put(Family::Entry, layout::indexKey(entry.index), textOf(bytes));
    tree_.append(proof::leafHash(identity_.suite, bytes), commit.rows);
  }
  PL_ASSERT(tree_.size() == commit.first + commit.entries.size());
  commit.result.size = tree_.size();
  commit.result.root = tree_.root();
  if (signing_) commit.signer = signing_->inForce;
}

// A checkpoint can be shown to others and never be taken back, so it is signed when its entries are on stable storage.
// Its row need not be: what a power cut takes of it is signed again at the next opening.
Result<std::string> Committer::signAndKeep(const Durable& of, const crypto::SigningKey& key,
                                           const crypto::SigningKey* outgoing) {
  PL_TRY(std::string note, proof::signCheckpoint({identity_.origin, of.size, of.root}, key, outgoing));
  WriteSet row = store_->begin();
  row.put(Family::Checkpoint, layout::indexKey(of.size), note);  // I4
  // Who signs beside the key in force may be gone after this: that signature is kept at once.
  PL_CHECK(
      store_->write(std::move(row), outgoing == nullptr ? Store::Durability::Buffered : Store::Durability::Synced));
  store_->acknowledge(of.size);  // I1
  return note;
}

Status Committer::signNewest(std::uint64_t size, const Digest& root) {
  PL_ASSERT(signing_.has_value());
  Durable newest{size, root, {}};
  PL_TRY(newest.checkpoint,
         signAndKeep(newest, signing_->inForce, signing_->outgoing ? &*signing_->outgoing : nullptr));
  setDurable(std::move(newest));
  return {};
}

Status Committer::makeDurable(Commit& commit) {
  if (!commit.signer) return {};
  PL_CHECK(store_->write(std::move(commit.rows)));
  PL_TRY(commit.result.checkpoint,
         signAndKeep(commit.result, *commit.signer, commit.rotation ? &commit.rotation->outgoing : nullptr));
  return {};
}

// Writes the commit, then answers everybody in it.
void Committer::finish(Commit& commit) {
  bool pending = !commit.entries.empty();
  Status written;
  {
    std::lock_guard lock(mutex_);
    if (poison_) written = *poison_;
  }
  if (written.ok() && pending) written = makeDurable(commit);
  if (!written.ok()) poison(written.error());
  if (written.ok() && commit.rotation) {
    std::unique_lock lock(keysMutex_);
    logKeys_.add(commit.rotation->index, commit.rotation->next);
    keys_.insert_or_assign(keyEntityId(commit.rotation->next), commit.rotation->next);
  }
  std::string checkpoint;
  {
    std::lock_guard lock(mutex_);
    ++written_;
    if (written.ok() && pending) {
      durable_ = commit.result;
      if (commit.signer) ++settled_;
    }
    checkpoint = durable_.checkpoint;
  }
  writeTurn_.notify_all();
  canBuild_.notify_all();
  if (written.ok() && commit.rotation && onRotation_) onRotation_();
  for (auto& [request, outcome] : commit.outcomes) {
    if (!outcome.ok()) {
      request->answer = std::move(outcome).error();
    } else if (!written.ok()) {
      request->answer = written.error();
    } else {
      request->answer = AppendResult{std::move(request->receipts), checkpoint};
    }
    request->wake(Request::Signal::Done);
  }
}

void Committer::freeze(const Error& error) {
  std::lock_guard lock(mutex_);
  poison_ = error;
}

// After a failed write nothing more is signed (I7).
void Committer::poison(const Error& error) {
  std::lock_guard lock(mutex_);
  if (poison_) return;
  poison_ = error;
  poison_->message.en += "; the ledger is read-only until it is opened again";
  if (!poison_->message.zh.empty()) poison_->message.zh += "；重新打开之前账本只读";
}

LogKeys Committer::logKeys() const {
  std::shared_lock lock(keysMutex_);
  return logKeys_;
}

Committer::Durable Committer::durable() const {
  std::lock_guard lock(mutex_);
  return durable_;
}

}  // namespace pilotledger::ledger
