#include "ledger/prover.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "events/base/civil_date.h"
#include "events/identifiers.h"
#include "ledger/countersignatures.h"
#include "ledger/log/identity.h"
#include "ledger/log/replay.h"
#include "ledger/log/tree_store.h"
#include "ledger/proof/pledge_status.h"
#include "ledger/rules/authority.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/note.h"
#include "ledger/tlog/submission.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;
using proof::ProofEntity;
using proof::ProofEntry;
using proof::ProofFile;
using proof::Question;

Error notRecordedYet(const std::string& asked, std::uint64_t size) {
  return makeError(ErrorCode::NotFound,
                   fmt::format("{}: the ledger has {} entries, from 0 to {}", asked, size, size - 1),
                   fmt::format("{}：账本共 {} 条，序号 0 至 {}", asked, size, size - 1));
}

}  // namespace

class Prover::Impl {
 public:
  Impl(LedgerIdentity identity, LogKeys logKeys, std::unique_ptr<Store> store, ProverOptions options)
      : identity_(std::move(identity)),
        logKeys_(std::move(logKeys)),
        store_(std::move(store)),
        options_(std::move(options)),
        tree_(identity_.suite, *store_) {}

  Result<std::uint64_t> sizeOn(std::int32_t day) const;
  Status choosePosition();
  Status readCountersigns();
  bool signedByLog(const proof::Entry& entry, const std::string& keyName) const;
  Result<proof::Entry> entry(std::uint64_t index) const;
  Result<ProofEntry> proveEntry(std::uint64_t index) const;
  Result<ProofEntry> proveSubmitted(std::uint64_t index, Content content) const;
  Result<Bytes> eventBytes(std::uint64_t index) const;
  Result<proof::SubmissionPart> proveSubmission(const proof::Entry& entry, const std::optional<Bytes>& event) const;
  Result<std::vector<Digest>> leavesOf(const proof::Entry& entry, std::uint64_t count) const;
  Result<std::uint64_t> bindingOf(const std::string& keyName, std::uint64_t before) const;
  Result<std::vector<std::uint64_t>> entriesOf(std::string_view key) const;
  Status needState();
  Result<std::optional<std::string>> record(const std::string& key);
  Result<ProofEntity> proveEntity(const std::string& key);
  Result<ProofFile> begin(Question::Kind kind, std::string subject);
  Result<ProofFile> beginState(Question::Kind kind, std::string subject);

  LedgerIdentity identity_;
  LogKeys logKeys_;
  std::unique_ptr<Store> store_;
  ProverOptions options_;
  TreeStore tree_;          // as large as the store's newest checkpoint
  std::uint64_t size_ = 0;  // of the checkpoint chosen
  std::string checkpoint_;  // with cosignatures
  std::vector<Bytes> timestamps_;
  bool newest_ = true;
  std::optional<proof::StateMap> map_;
  std::optional<ProofEntry> last_;  // carries the state root
  std::unique_ptr<Replay> past_;    // the records, when the position is not the newest
};

// The entries up to the last one that was recorded on the day or before. Times go back only where the clock was set
// right: between two such entries they ascend, and the newest stretch that begins in time has the last one.
Result<std::uint64_t> Prover::Impl::sizeOn(std::int32_t day) const {
  auto recordedOn = [this](std::uint64_t index) -> Result<std::int32_t> {
    PL_TRY(proof::Entry probe, entry(index));
    return events::civilDateOfUtcMs(probe.recordedAtMs);
  };
  PL_TRY(std::vector<std::uint64_t> starts, entriesOf(entityKey("clock", identity_.origin)));
  starts.insert(starts.begin(), 0);
  std::uint64_t end = size_;
  for (auto start = starts.rbegin(); start != starts.rend(); end = *start++) {
    PL_TRY(std::int32_t first, recordedOn(*start));
    if (first > day) continue;
    std::uint64_t low = *start + 1;
    for (std::uint64_t high = end; low < high;) {
      std::uint64_t middle = low + (high - low) / 2;
      PL_TRY(std::int32_t probe, recordedOn(middle));
      (probe <= day ? low = middle + 1 : high = middle);
    }
    return low;
  }
  return 0;
}

// The last commit that ends at or before what was asked for.
Status Prover::Impl::choosePosition() {
  PL_TRY(auto last, store_->last(Family::Checkpoint));
  auto newest = last ? layout::parseIndexKey(last->first) : std::nullopt;
  if (!newest || *newest == 0)
    return makeError(ErrorCode::Corruption, "the ledger has no checkpoint", "账本没有检查点");
  PL_CHECK(requireSigned(*store_, *newest));
  PL_CHECK(tree_.load(*newest));
  size_ = *newest;
  if (const std::string& asked = options_.asOf; !asked.empty()) {
    auto number = proof::parseDecimal(asked, "--as-of");
    if (number.ok()) {
      if (*number >= size_) return notRecordedYet("--as-of " + asked, size_);
      size_ = *number + 1;
    } else {
      auto day = events::parseCivilDate(asked);
      if (!day.ok()) return std::move(day).error().within("--as-of");
      PL_TRY(size_, sizeOn(*day));
    }
    while (size_ > 0) {
      PL_TRY(proof::Entry probe, entry(size_ - 1));
      if (probe.stateRoot) break;
      --size_;
    }
    if (size_ == 0)
      return makeError(ErrorCode::NotFound, asked + ": no commit had ended by then", asked + "：当时尚无提交");
  }
  newest_ = size_ == *newest;
  PL_TRY(checkpoint_, store_->require(Family::Checkpoint, layout::indexKey(size_)));
  return readCountersigns();
}

// What others signed about the checkpoint: their lines join the note, their stamps stand beside it.
Status Prover::Impl::readCountersigns() {
  std::vector<Countersigned> rows;
  Status outcome;
  PL_CHECK(
      store_->each(Family::Countersign, layout::indexKey(size_), [&](std::string_view key, std::string_view value) {
        auto parsed = layout::parseCountersignKey(key);
        if (!parsed || parsed->first != size_) return false;
        auto row = checkCountersign(identity_.suite, size_, parsed->second, value, checkpoint_);
        if (row.ok()) rows.push_back(std::move(row).value());
        else outcome = row.error();
        return outcome.ok();
      }));
  PL_CHECK(std::move(outcome));
  for (Countersigned& row : rows) {
    if (row.timestamp) timestamps_.push_back(std::move(row.timestamp->token));
  }
  PL_TRY(checkpoint_, withCosignatures(checkpoint_, rows));
  return {};
}

Result<proof::Entry> Prover::Impl::entry(std::uint64_t index) const {
  PL_TRY(std::string bytes, store_->require(Family::Entry, layout::indexKey(index)));
  return proof::Entry::decode(viewOf(bytes));
}

Result<ProofEntry> Prover::Impl::proveEntry(std::uint64_t index) const {
  if (index >= size_) return notRecordedYet(fmt::format("entry {}", index), size_);
  ProofEntry proven;
  PL_TRY(proven.entry, entry(index));
  PL_TRY(proven.path, proof::proveInclusion(identity_.suite, index, size_, [&](int level, std::uint64_t number) {
           return tree_.node(level, number);
         }));
  return proven;
}

// With the submission that was signed, and the event unless it is withheld.
Result<ProofEntry> Prover::Impl::proveSubmitted(std::uint64_t index, Content content) const {
  PL_TRY(ProofEntry proven, proveEntry(index));
  if (content == Content::Shown) {
    PL_TRY(proven.event, eventBytes(index));
  }
  PL_TRY(proven.submission, proveSubmission(proven.entry, proven.event));
  return proven;
}

// A key of the log, where it may sign a submission: that founds the ledger, or names the next key.
bool Prover::Impl::signedByLog(const proof::Entry& entry, const std::string& keyName) const {
  if (logKeys_.find(keyName) == nullptr) return false;
  const auto& terms = logKeys_.terms();
  return entry.index == entry.position ||
         std::any_of(terms.begin() + 1, terms.end(), [&](const auto& term) { return term.since == entry.index; });
}

Result<Bytes> Prover::Impl::eventBytes(std::uint64_t index) const {
  PL_TRY(std::string bytes, store_->require(Family::Event, layout::indexKey(index)));
  return Bytes(bytes.begin(), bytes.end());
}

// Leaves of the submission's tree: stored when some of its events were there before, else its entries are neighbours.
Result<std::vector<Digest>> Prover::Impl::leavesOf(const proof::Entry& entry, std::uint64_t count) const {
  std::vector<Digest> leaves(count);
  PL_TRY(auto stored, store_->get(Family::Submission, layout::submissionLeavesKey(entry.submissionDigest)));
  if (stored && stored->size() == count * sizeof(Digest)) {
    for (std::size_t i = 0; i < count; ++i)
      std::copy_n(stored->begin() + static_cast<std::ptrdiff_t>(i * sizeof(Digest)), sizeof(Digest), leaves[i].begin());
    return leaves;
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    PL_TRY(Bytes event, eventBytes(entry.index - entry.position + i));
    leaves[i] = proof::leafHash(identity_.suite, event);
  }
  return leaves;
}

Result<proof::SubmissionPart> Prover::Impl::proveSubmission(const proof::Entry& entry,
                                                            const std::optional<Bytes>& event) const {
  proof::SubmissionPart part;
  PL_TRY(part.note, store_->require(Family::Submission, textOf(entry.submissionDigest)));
  if (!event) return part;
  PL_TRY(proof::Note note, proof::Note::parse(part.note));
  PL_TRY(proof::SubmissionBody body, proof::SubmissionBody::parse(note.text));
  PL_TRY(std::vector<Digest> leaves, leavesOf(entry, body.count));
  if (entry.position >= leaves.size())
    return makeError(ErrorCode::Corruption, "the entry's position is not in its submission", "条目位置不在其提交内");
  part.path = proof::inclusionPath(identity_.suite, leaves, entry.position);
  return part;
}

Result<std::vector<std::uint64_t>> Prover::Impl::entriesOf(std::string_view key) const {
  PL_TRY(std::vector<std::uint64_t> indexes, store_->entriesOf(key));
  indexes.erase(std::lower_bound(indexes.begin(), indexes.end(), size_), indexes.end());
  return indexes;
}

// The last entry before `before` that bound the key.
Result<std::uint64_t> Prover::Impl::bindingOf(const std::string& keyName, std::uint64_t before) const {
  PL_TRY(auto indexes, entriesOf("key:" + keyName));
  for (auto index = indexes.rbegin(); index != indexes.rend(); ++index) {
    if (*index >= before) continue;
    PL_TRY(Bytes bytes, eventBytes(*index));
    PL_TRY(events::Event event, events::Event::decode(bytes));
    if (event.reader().getBody().isKeyBound()) return *index;
  }
  return makeError(ErrorCode::Corruption,
                   fmt::format("no entry before {} binds the key {}; run 'pilotledger verify'", before, keyName),
                   fmt::format("第 {} 条之前没有绑定密钥 {} 的条目；请运行 pilotledger verify", before, keyName));
}

Status Prover::Impl::needState() {
  if (map_) return {};
  proof::StateMap map(identity_.suite);
  auto put = [&](std::string_view key, std::string_view text) {
    map.put(crypto::hash(identity_.suite, viewOf(key)), crypto::hash(identity_.suite, viewOf(text)));
  };
  if (newest_) {
    PL_CHECK(store_->each(Family::Entity, "",
                          [&](std::string_view key, std::string_view value) { return put(key, value), true; }));
  } else {
    PL_TRY(past_, replayTo(identity_, logKeys_, *store_, size_, options_.progress));
    for (const auto& [key, record] : past_->records) put(key, record.text());
  }
  PL_TRY(ProofEntry last, proveEntry(size_ - 1));
  if (!last.entry.stateRoot || map.root() != *last.entry.stateRoot) {
    return makeError(
        ErrorCode::Corruption,
        fmt::format("the records do not have the state root of entry {}; run 'pilotledger verify'", size_ - 1),
        fmt::format("记录与第 {} 条的状态根不符；请运行 pilotledger verify", size_ - 1));
  }
  last_ = std::move(last);
  map_ = std::move(map);
  return {};
}

Result<std::optional<std::string>> Prover::Impl::record(const std::string& key) {
  if (!past_) return store_->get(Family::Entity, key);
  auto at = past_->records.find(key);
  return at == past_->records.end() ? std::optional<std::string>() : std::optional(at->second.text());
}

Result<ProofEntity> Prover::Impl::proveEntity(const std::string& key) {
  ProofEntity entity;
  entity.key = key;
  PL_TRY(entity.record, record(key));
  entity.map = map_->prove(crypto::hash(identity_.suite, viewOf(key)));
  return entity;
}

Result<ProofFile> Prover::Impl::begin(Question::Kind kind, std::string subject) {
  ProofFile file{identity_.suite, {kind, std::move(subject)}, checkpoint_, timestamps_, {}, {}, {}};
  for (auto term = logKeys_.terms().begin() + 1; term != logKeys_.terms().end() && term->since < size_; ++term) {
    PL_TRY(ProofEntry rotation, proveSubmitted(term->since, Content::Shown));
    file.rotations.push_back(std::move(rotation));
  }
  return file;
}

Result<ProofFile> Prover::Impl::beginState(Question::Kind kind, std::string subject) {
  PL_CHECK(needState());
  PL_TRY(ProofFile file, begin(kind, std::move(subject)));
  file.entries.push_back(*last_);
  return file;
}

Prover::Prover(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Prover::~Prover() = default;

Result<std::unique_ptr<Prover>> Prover::open(const std::filesystem::path& directory, ProverOptions options) {
  PL_CHECK(requireLedger(directory));
  PL_TRY(auto store, Store::open(directory, Store::Mode::Read));
  PL_TRY(LedgerIdentity identity, readIdentity(*store));
  PL_TRY(LogKeys logKeys, readLogKeys(*store, identity));
  auto impl = std::make_unique<Impl>(std::move(identity), std::move(logKeys), std::move(store), std::move(options));
  PL_CHECK(impl->choosePosition());
  return std::unique_ptr<Prover>(new Prover(std::move(impl)));
}

Status Prover::addSignaturesOf(std::string_view note) {
  PL_TRY(impl_->checkpoint_, proof::withSignaturesOf(impl_->checkpoint_, note));
  return {};
}

std::uint64_t Prover::size() const { return impl_->size_; }
const crypto::VerifyKey& Prover::logKey() const { return impl_->logKeys_.of(impl_->size_); }

Result<ProofFile> Prover::event(std::uint64_t index, Content content) {
  PL_TRY(ProofFile file, impl_->begin(content == Content::Shown ? Question::Kind::Event : Question::Kind::Entry,
                                      std::to_string(index)));
  PL_TRY(ProofEntry asked, impl_->proveSubmitted(index, content));
  PL_TRY(proof::Note note, proof::Note::parse(asked.submission->note));
  std::map<std::uint64_t, ProofEntry> entries;
  for (const auto& signature : note.signatures) {
    std::string name = signature.keyName();
    if (impl_->signedByLog(asked.entry, name)) continue;
    PL_TRY(std::uint64_t binding, impl_->bindingOf(name, index));
    PL_TRY(ProofEntry bound, impl_->proveEntry(binding));
    PL_TRY(bound.event, impl_->eventBytes(binding));
    entries.emplace(binding, std::move(bound));
  }
  entries.emplace(index, std::move(asked));
  for (auto& [at, entry] : entries) file.entries.push_back(std::move(entry));
  return file;
}

Result<proof::TlogProof> Prover::inclusion(std::uint64_t index) {
  if (impl_->identity_.suite != crypto::SuiteId::Ed25519Sha256) {
    return makeError(ErrorCode::Unsupported,
                     "a tlog-proof is made of SHA-256 trees; this ledger uses SM3. Leave --tlog-proof out",
                     "tlog-proof 只用于 SHA-256 树，本账本采用 SM3；请去掉 --tlog-proof");
  }
  PL_TRY(ProofEntry proven, impl_->proveEntry(index));
  return proof::TlogProof{index, std::move(proven.path), impl_->checkpoint_};
}

Result<ProofFile> Prover::entity(std::string_view key) {
  PL_TRY(ProofFile file, impl_->beginState(Question::Kind::Entity, std::string(key)));
  PL_TRY(ProofEntity entity, impl_->proveEntity(std::string(key)));
  file.entities.push_back(std::move(entity));
  return file;
}

Result<ProofFile> Prover::history(std::string_view key) {
  PL_TRY(ProofFile file, impl_->beginState(Question::Kind::History, std::string(key)));
  PL_TRY(ProofEntity entity, impl_->proveEntity(std::string(key)));
  file.entities.push_back(std::move(entity));
  PL_TRY(auto indexes, impl_->entriesOf(key));
  ProofEntry last = std::move(file.entries.back());
  file.entries.clear();
  for (std::uint64_t index : indexes) {
    PL_TRY(ProofEntry proven, impl_->proveEntry(index));
    PL_TRY(proven.event, impl_->eventBytes(index));
    file.entries.push_back(std::move(proven));
  }
  if (file.entries.empty() || file.entries.back().entry.index != last.entry.index)
    file.entries.push_back(std::move(last));
  return file;
}

Result<ProofFile> Prover::pledge(std::string_view number) {
  PL_TRY(std::string canonical, events::canonicalIp(number));
  PL_TRY(ProofFile file, impl_->beginState(Question::Kind::Pledge, canonical));
  std::map<std::string, ProofEntity> rests;  // on every record that the answer asks for
  auto find = [&](const std::string& key) -> Result<std::optional<EntityRecord>> {
    PL_TRY(ProofEntity entity, impl_->proveEntity(key));
    auto& kept = rests.insert_or_assign(key, std::move(entity)).first->second;
    if (!kept.record) return std::optional<EntityRecord>();
    PL_TRY(EntityRecord record, EntityRecord::parse(*kept.record));
    return std::optional(std::move(record));
  };
  PL_TRY([[maybe_unused]] auto status, proof::pledgeStatus(find, canonical));
  for (auto& [key, entity] : rests) file.entities.push_back(std::move(entity));
  return file;
}

}  // namespace pilotledger::ledger
