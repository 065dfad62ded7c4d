#include "ledger/commit/commit_builder.h"

#include <fmt/format.h>

#include <cstring>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "ledger/commit/asked.h"
#include "ledger/rules/applier.h"
#include "ledger/rules/authority.h"
#include "ledger/rules/editions.h"

namespace pilotledger::ledger {

using layout::Family;

std::size_t CommitBuilder::EventIdHash::operator()(const EventId& id) const {
  std::size_t hash;
  std::memcpy(&hash, id.data() + 8, sizeof hash);  // the random half
  return hash;
}

CommitBuilder::CommitBuilder(const LedgerIdentity& identity, LogKeys logKeys, const Store& store, TreeStore tree,
                             std::int64_t lastRecordedAtMs)
    : identity_(&identity),
      log_(identity.context()),
      logKeys_(std::move(logKeys)),
      store_(&store),
      tree_(std::move(tree)),
      entities_(identity.suite, store, [this](const EventId& id) { return findEvent(id); }),
      lastRecordedAtMs_(lastRecordedAtMs) {}

Status CommitBuilder::load(const std::optional<Digest>& stateRoot) {
  PL_CHECK(entities_.load());
  if (stateRoot && entities_.map().root() != *stateRoot) {  // I5
    return makeError(ErrorCode::Corruption,
                     "the stored entity records do not have the state root of the last entry; run 'pilotledger verify'",
                     "实体记录与最后条目的状态根不符；请运行 pilotledger verify");
  }
  return {};
}

void CommitBuilder::retireDurable() {
  inflight_.pop_front();
  entities_.retireDurable();
}

namespace {

bool changesMembers(const events::Event& event) {
  auto body = event.reader().getBody();
  return body.isNodeAdmitted() || body.isNodeRetired();
}

}  // namespace

bool correctsClock(const Batch& batch) {
  return batch.submissions.size() == 1 && batch.submissions.front()->clockCorrection() != nullptr;
}

Result<Commit> CommitBuilder::build(const Batch& batch, WriteSet rows) {
  if (batch.recordedAtMs < lastRecordedAtMs_ && !correctsClock(batch))
    return invalidInput("the batch is of a time before the newest entry's", "批次的记录时间早于最后条目");
  Commit commit(std::move(rows));
  commit.recordedAtMs = batch.recordedAtMs;
  inflight_.emplace_back();
  for (const Admitted& admitted : batch.submissions) {
    commit.outcomes.emplace_back();
    commit.outcomes.back().status = apply(commit, *admitted);
  }
  if (commit.empty()) {
    inflight_.pop_back();
    return commit;
  }
  lastRecordedAtMs_ = batch.recordedAtMs;
  finalize(commit);
  return commit;
}

Result<Consideration> CommitBuilder::tryOut(const AdmittedSubmission& admitted, std::int64_t recordedAtMs,
                                            Presumption* presumption) {
  Commit commit(store_->begin());
  commit.recordedAtMs = recordedAtMs;
  Commit::Outcome outcome;
  Applied to{commit, outcome, admitted, EntityOverlay(entities_), events::civilDateOfUtcMs(recordedAtMs)};
  to.presumption = presumption;
  inflight_.emplace_back();
  Status applied = applyEvents(to);
  inflight_.pop_back();
  if (!applied.ok()) return std::move(applied).error();
  return Consideration{std::move(outcome.receipts), {}};
}

Status CommitBuilder::rehearse(const AdmittedSubmission& admitted, std::int64_t recordedAtMs) {
  auto tried = tryOut(admitted, recordedAtMs, nullptr);
  return tried.ok() ? Status() : Status(std::move(tried).error());
}

Result<Consideration> CommitBuilder::consider(const AdmittedSubmission& admitted, std::int64_t recordedAtMs) {
  Presumption presumption;
  PL_TRY(Consideration considered, tryOut(admitted, recordedAtMs, &presumption));
  considered.lacking = presumption.lacking();
  return considered;
}

// All events of the submission, or none (I6).
Status CommitBuilder::apply(Commit& commit, const AdmittedSubmission& admitted) {
  Applied to{commit, commit.outcomes.back(), admitted, EntityOverlay(entities_),
             events::civilDateOfUtcMs(commit.recordedAtMs)};
  std::size_t before = commit.entries.size();
  Status applied = applyEvents(to);
  if (applied.ok() && commit.entries.size() > before) applied = takeRotation(to);
  if (!applied.ok()) {
    for (std::size_t i = before; i < commit.entries.size(); ++i) {
      EventId id = admitted.events[commit.entries[i].position]->id();
      inflight_.back().known.erase(id);
      inflight_.back().events.erase(id);
    }
    commit.entries.resize(before);
    return applied;
  }
  if (commit.entries.size() == before) return {};  // all repeated
  commit.changesMembers = commit.changesMembers || to.changesMembers;
  putRows(to, before);
  entities_.merge(to.world.takeChanges());
  return {};
}

void CommitBuilder::putRows(Applied& to, std::size_t from) const {
  const proof::Submission& submission = *to.admitted.submission;
  const auto& entries = to.commit.entries;
  WriteSet& rows = to.commit.rows;
  for (std::size_t i = from; i < entries.size(); ++i) {
    std::string key = layout::indexKey(entries[i].index);
    rows.put(Family::Event, key, textOf(submission.events[entries[i].position]));  // I2
    rows.put(Family::Id, textOf(to.admitted.events[entries[i].position]->id()), key);
  }
  for (const auto& [key, index] : to.named) rows.put(Family::Touch, layout::entityIndexKey(key, index), "");
  rows.put(Family::Submission, textOf(to.admitted.noteDigest), submission.note);
  if (entries.size() - from == submission.events.size()) return;
  // Events that were there already get no entry: their leaves are kept, so that the signed root can be recomputed.
  std::string leaves;
  for (const Digest& leaf : submission.leaves(identity_->suite)) leaves += textOf(leaf);
  rows.put(Family::Submission, layout::submissionLeavesKey(to.admitted.noteDigest), leaves);
}

Status CommitBuilder::applyEvents(Applied& to) {
  PL_CHECK(verifySignatures(to.admitted, to.world));
  // As the log knows them where the submission begins. Not asked for when all its events are
  // repeated: a receipt is given again even after a key was revoked.
  std::optional<std::vector<Signer>> signers;
  std::int64_t now = to.commit.recordedAtMs;
  for (std::size_t i = 0; i < to.admitted.events.size(); ++i) {
    if (!to.admitted.events[i]) continue;
    const events::Event& event = *to.admitted.events[i];
    const Digest& digest = to.admitted.digests[i];
    std::uint64_t index = tree_.size() + to.commit.entries.size();
    PL_TRY(std::optional<RecordedEvent> known, findKnown(event.id()));
    const bool repeated = known && known->eventDigest == digest;
    if (to.presumption != nullptr && !repeated) {  // before anything is said of what is there
      PL_CHECK(requireSigners(to, signers, index));
      if (Status asked = requireAsked(log_, to.world, event, *signers, to.day); !asked.ok())
        return inSubmission(std::move(asked).error(), i);
    }
    if (known) {
      if (!repeated) {  // I3
        return inSubmission(makeError(ErrorCode::Conflict,
                                      fmt::format("event id {} is taken by entry {} with other content; use a new id",
                                                  events::formatUuid(event.id()), known->index),
                                      fmt::format("事件编号 {} 已被第 {} 条使用且内容不同，请换用新编号",
                                                  events::formatUuid(event.id()), known->index)),
                            i);
      }
      to.outcome.receipts.push_back({event.id(), known->index, known->recordedAtMs, true});
      continue;
    }
    PL_CHECK(requireSigners(to, signers, index));
    const EntryContext at{index, to.day};
    auto keys = to.presumption ? to.presumption->apply(log_, to.world, event, digest, *signers, at, i)
                               : applyEvent(log_, to.world, event, digest, *signers, at);
    if (!keys.ok()) return inSubmission(std::move(keys).error(), i);
    if (event.reader().getBody().isLogKeyRotated() && to.admitted.events.size() != 1) {
      return inSubmission(
          invalidInput("LogKeyRotated is recorded in a submission of its own", "LogKeyRotated 须单独提交"), i);
    }
    if (changesMembers(event)) PL_CHECK(requireOneChange(to));
    if (event.reader().getBody().isClockCorrected()) PL_CHECK(requireRightClock(to, event, index));
    for (std::string& key : *keys) to.named.emplace_back(std::move(key), index);
    to.commit.entries.push_back(
        {index, now, digest, to.admitted.noteDigest, static_cast<std::uint32_t>(i), std::nullopt});
    inflight_.back().known.emplace(event.id(), RecordedEvent{index, digest, now});
    inflight_.back().events.emplace(event.id(), event);
    to.outcome.receipts.push_back({event.id(), index, now, false});
  }
  return {};
}

// What a key's name means never changes, so it is the same whether a signature was verified when it came in or is now.
Status CommitBuilder::verifySignatures(const AdmittedSubmission& admitted, EntityOverlay& world) const {
  for (const auto& signature : admitted.signatures) {
    if (signature.verified) continue;
    if (const crypto::VerifyKey* own = logKeys_.find(signature.key)) {
      PL_CHECK(own->verify(viewOf(admitted.signedText), signature.bytes));
      continue;
    }
    PL_TRY(const EntityRecord* record, world.find(entityKey("key", signature.key)));
    if (record == nullptr) return keyNotBound(signature.key);
    PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(record->get("vkey")));
    PL_CHECK(key.verify(viewOf(admitted.signedText), signature.bytes));
  }
  return {};
}

Status CommitBuilder::requireSigners(Applied& to, std::optional<std::vector<Signer>>& signers,
                                     std::uint64_t index) const {
  if (signers) return {};
  PL_TRY(int edition, editionInForce(log_, to.world));
  PL_CHECK(requireNamedLog(edition, to.admitted.meantFor));
  PL_TRY(signers, signersOf(to, index));
  return {};
}

Result<std::vector<Signer>> CommitBuilder::signersOf(Applied& to, std::uint64_t index) const {
  std::vector<Signer> signers;
  for (const auto& signature : to.admitted.signatures) {
    if (auto own = resolveLogKey(logKeys_.current(), signature.key, index, identity_->operatorParty)) {
      signers.push_back(std::move(*own));
      continue;
    }
    PL_TRY(Signer signer, resolveSigner(log_, to.world, signature.key, to.day));
    signers.push_back(std::move(signer));
  }
  return signers;
}

// One commit has one checkpoint, which the outgoing and the new key sign: so it holds one change of keys at most.
Status CommitBuilder::takeRotation(Applied& to) {
  const events::Event* event = to.admitted.rotation();
  if (event == nullptr) return {};
  if (to.commit.rotation) {
    return makeError(ErrorCode::Unavailable, "another change of the log key is just being recorded; ask again",
                     "另一次日志密钥轮换正在记录，请稍后重试");
  }
  auto named = event->reader().getBody().getLogKeyRotated().getNewKey();
  PL_TRY(crypto::VerifyKey next, crypto::VerifyKey::parse(named.cStr()));
  to.commit.rotation = Commit::Rotation{to.commit.entries.back().index, next};
  logKeys_.add(to.commit.rotation->index, std::move(next));
  return {};
}

// One change of members a commit: a checkpoint counts by the members before it or by those after it, and majorities of
// N and of N+1 nodes always share one; those of N and N+2 need not.
Status CommitBuilder::requireOneChange(Applied& to) const {
  if (to.admitted.events.size() != 1) {
    return refusal("R-NODE-ALONE", log_.entity, "a submission of its own", "other events beside it",
                   "the members change one at a time, in a submission of its own", "成员须逐一变更，并单独提交");
  }
  if (to.commit.changesMembers) {
    return makeError(ErrorCode::Unavailable, "another change of the members is just being recorded; ask again",
                     "另一次成员变更正在记录，请稍后重试");
  }
  to.changesMembers = true;
  return {};
}

// The correction is of a time between the last right entry's and the first wrong one's.
Status CommitBuilder::requireRightClock(const Applied& to, const events::Event& event, std::uint64_t index) const {
  const std::uint64_t wrong = event.reader().getBody().getClockCorrected().getFirstWrong();
  auto refuse = [&](std::string expected, std::string found) -> Status {
    return refusal("R-CLOCK", log_.entity, std::move(expected), std::move(found),
                   "the clock is corrected back to a time after the last right entry and before the first wrong one",
                   "时钟只能更正至最后一条正确条目之后、首个错误条目之前的时间");
  };
  if (to.admitted.events.size() != 1) return refuse("a submission of its own", "other events beside it");
  if (wrong == 0 || wrong >= index) return refuse(fmt::format("firstWrong 1..{}", index - 1), std::to_string(wrong));
  PL_TRY(std::int64_t right, recordedAt(wrong - 1));
  PL_TRY(std::int64_t first, recordedAt(wrong));
  const std::int64_t now = to.commit.recordedAtMs;
  if (now >= right && now < first) return {};
  return refuse(fmt::format("{}..{}", events::formatUtcMs(right), events::formatUtcMs(first)),
                events::formatUtcMs(now));
}

Result<std::int64_t> CommitBuilder::recordedAt(std::uint64_t index) const {
  for (const Inflight& commit : inflight_) {
    for (const auto& [id, known] : commit.known) {
      if (known.index == index) return known.recordedAtMs;
    }
  }
  PL_TRY(std::string bytes, store_->require(Family::Entry, layout::indexKey(index)));
  PL_TRY(proof::Entry entry, proof::Entry::decode(viewOf(bytes)));
  return entry.recordedAtMs;
}

Result<std::optional<CommitBuilder::RecordedEvent>> CommitBuilder::findKnown(const EventId& id) const {
  for (const Inflight& commit : inflight_) {
    if (auto at = commit.known.find(id); at != commit.known.end()) return std::optional(at->second);
  }
  PL_TRY(std::optional<std::string> index, store_->get(Family::Id, textOf(id)));
  if (!index) return std::optional<RecordedEvent>();
  PL_TRY(std::string bytes, store_->require(Family::Entry, *index));
  PL_TRY(proof::Entry entry, proof::Entry::decode(viewOf(bytes)));
  return std::optional(RecordedEvent{entry.index, entry.eventDigest, entry.recordedAtMs});
}

Result<std::optional<events::Event>> CommitBuilder::findEvent(const EventId& id) const {
  for (const Inflight& commit : inflight_) {
    if (auto at = commit.events.find(id); at != commit.events.end()) return std::optional(at->second);
  }
  PL_TRY(std::optional<std::string> index, store_->get(Family::Id, textOf(id)));
  if (!index) return std::optional<events::Event>();
  PL_TRY(std::string bytes, store_->require(Family::Event, *index));
  PL_TRY(events::Event event, events::Event::decode(viewOf(bytes)));
  return std::optional(std::move(event));
}

void CommitBuilder::finalize(Commit& commit) {
  commit.entries.back().stateRoot = entities_.finalize(commit.rows);
  for (const proof::Entry& entry : commit.entries) {
    Bytes bytes = entry.encode();
    commit.rows.put(Family::Entry, layout::indexKey(entry.index), textOf(bytes));
    tree_.append(proof::leafHash(identity_->suite, bytes), commit.rows);
  }
  commit.checkpoint = {identity_->origin, tree_.size(), tree_.root()};
  PL_ASSERT(tree_.size() == commit.entries.back().index + 1);
}

}  // namespace pilotledger::ledger
