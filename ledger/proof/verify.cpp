#include "ledger/proof/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "events/codec.h"
#include "events/identifiers.h"
#include "ledger/proof/key_chain.h"
#include "ledger/state/trail.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/note.h"
#include "ledger/tlog/rejection.h"
#include "ledger/tlog/submission.h"

namespace pilotledger::proof {
namespace {

Error unexpected(const std::string& what) {
  return rejected("UnexpectedPart", what + " does not belong to the question", what + " 与所问无关");
}

// A key as the event that bound it gives it.
struct BoundKey {
  std::uint64_t index = 0;
  std::string party;
  crypto::VerifyKey key;
  bool used = false;
};

class ProofChecker {
 public:
  ProofChecker(const ProofFile& file, const Checkpoint& checkpoint, const std::vector<crypto::VerifyKey>& logKeys)
      : file_(file), checkpoint_(checkpoint), logKeys_(logKeys) {
    claim_.question = file.question;
    claim_.checkpoint = checkpoint;
    claim_.signedBy = fmt::format("{}+{}", logKeys.back().name(), logKeys.back().idHex());
    for (const ProofEntry& rotation : file.rotations) claim_.keyChanges.push_back(rotation.entry.index);
  }

  Result<VerifiedProof> run() {
    PL_CHECK(checkEntries());
    switch (file_.question.kind) {
      case Question::Kind::Event:
      case Question::Kind::Entry: PL_CHECK(checkEvent()); break;
      case Question::Kind::Entity: PL_CHECK(checkEntity()); break;
      case Question::Kind::History: PL_CHECK(checkHistory()); break;
      case Question::Kind::Pledge: PL_CHECK(checkPledge()); break;
    }
    return std::move(claim_);
  }

 private:
  Status checkEntries();
  Status checkEvent();
  Status checkSubmission(const ProofEntry& asked);
  Result<std::vector<BoundKey>> boundKeys(const ProofEntry& asked) const;
  Status checkSigner(const ProofEntry& asked, const Note& note, const NoteSignature& signature,
                     std::vector<BoundKey>& keys);
  Status checkEntity();
  Status checkHistory();
  Status checkPledge();
  Status checkEntities();
  Result<const ProofEntry*> lastEntry() const;

  const ProofFile& file_;
  const Checkpoint& checkpoint_;
  const std::vector<crypto::VerifyKey>& logKeys_;
  VerifiedProof claim_;
};

// Each entry is in the tree, each event is the entry's.
Status ProofChecker::checkEntries() {
  if (file_.entries.empty()) return rejected("MissingPart", "no entry", "缺少条目");
  const Entry* previous = nullptr;
  for (const ProofEntry& one : file_.entries) {
    std::string where = fmt::format("entry {}", one.entry.index);
    if (previous != nullptr && previous->index >= one.entry.index)
      return rejected("NotCanonical", "entries out of order", "条目次序不规范");
    Bytes bytes = one.entry.encode();
    Status included = verifyInclusion(file_.suite, one.entry.index, checkpoint_.size, leafHash(file_.suite, bytes),
                                      one.path, checkpoint_.root);
    if (!included.ok()) return std::move(included).error().within(where, fmt::format("第 {} 条", one.entry.index));
    if (one.event && crypto::hash(file_.suite, *one.event) != one.entry.eventDigest) {
      return rejected("WrongEvent", where + " has the digest of another event",
                      fmt::format("第 {} 条的摘要属于另一事件", one.entry.index));
    }
    previous = &one.entry;
  }
  return {};
}

Status ProofChecker::checkEvent() {
  const ProofEntry* asked = nullptr;
  for (const ProofEntry& one : file_.entries) {
    if (std::to_string(one.entry.index) == file_.question.subject) {
      asked = &one;
    } else if (one.submission) {
      return unexpected("the submission of another entry");
    }
  }
  if (asked == nullptr || !asked->submission)
    return rejected("MissingPart", "the entry asked for, with its submission", "缺少所问条目及其提交文本");
  if (!file_.entities.empty()) return unexpected("an entity");
  bool shown = file_.question.kind == Question::Kind::Event;
  if (shown && !asked->event) return rejected("MissingPart", "the event asked for", "缺少所问事件");
  if (!shown && asked->event) return unexpected("the event of the entry asked for");
  claim_.entries.push_back({asked->entry, asked->event, {}});
  claim_.asOfMs = asked->entry.recordedAtMs;
  return checkSubmission(*asked);
}

Status ProofChecker::checkSubmission(const ProofEntry& asked) {
  const SubmissionPart& part = *asked.submission;
  if (crypto::hash(file_.suite, viewOf(part.note)) != asked.entry.submissionDigest) {
    return rejected("WrongSubmission", "the entry names another submission", "条目所指为另一提交");
  }
  auto note = Note::parse(part.note);
  if (!note.ok()) return rejectedBy("BadFormat", note.error());
  auto body = SubmissionBody::parse(note->text);
  if (!body.ok()) return rejectedBy("BadFormat", body.error());
  if (body->ledger.origin != checkpoint_.origin)
    return rejected("WrongOrigin", "signed for the ledger " + body->ledger.origin,
                    "该提交是为账本 " + body->ledger.origin + " 签署的");
  if (asked.event) {
    Status placed = verifyInclusion(file_.suite, asked.entry.position, body->count, leafHash(file_.suite, *asked.event),
                                    part.path, body->root);
    if (!placed.ok()) return std::move(placed).error().within("place in the submission", "提交内位置");
  } else if (!part.path.empty()) {
    return unexpected("the place of an event that is withheld");
  }
  PL_TRY(std::vector<BoundKey> keys, boundKeys(asked));
  for (const NoteSignature& signature : note->signatures) PL_CHECK(checkSigner(asked, *note, signature, keys));
  for (const BoundKey& key : keys) {
    if (!key.used) return unexpected("entry " + std::to_string(key.index));
  }
  return {};
}

// The other entries of the file: each bound a key, before the entry asked for.
Result<std::vector<BoundKey>> ProofChecker::boundKeys(const ProofEntry& asked) const {
  std::vector<BoundKey> keys;
  for (const ProofEntry& one : file_.entries) {
    if (&one == &asked) continue;
    if (one.entry.index > asked.entry.index || !one.event)
      return unexpected("entry " + std::to_string(one.entry.index));
    auto event = events::Event::decode(*one.event);
    if (!event.ok()) return rejectedBy("BadEvent", event.error());
    if (!event->reader().getBody().isKeyBound()) return unexpected("entry " + std::to_string(one.entry.index));
    auto bound = event->reader().getBody().getKeyBound();
    auto key = crypto::VerifyKey::parse(bound.getKey().cStr());
    if (!key.ok()) return rejectedBy("BadKey", key.error());
    keys.push_back({one.entry.index, bound.getParty().cStr(), std::move(key).value(), false});
  }
  return keys;
}

Status ProofChecker::checkSigner(const ProofEntry& asked, const Note& note, const NoteSignature& signature,
                                 std::vector<BoundKey>& keys) {
  auto verified = [&](const crypto::VerifyKey& key) -> Status {
    Status good = key.verify(viewOf(note.text), signature.signature);
    if (!good.ok()) return rejectedBy("BadSignature", good.error());
    return {};
  };
  ProvenSigner signer{signature.keyName(), "", std::nullopt};
  // A log key signs the submission that founds the ledger, and later what names the next one, which lists its keys
  // here.
  bool own = asked.entry.index == asked.entry.position ||
             std::any_of(file_.rotations.begin(), file_.rotations.end(),
                         [&](const ProofEntry& one) { return one.entry.index == asked.entry.index; });
  auto logKey = std::find_if(logKeys_.begin(), logKeys_.end(), [&](const crypto::VerifyKey& key) {
    return key.name() == signature.name && key.id() == signature.keyId;
  });
  if (own && logKey != logKeys_.end()) {
    PL_CHECK(verified(*logKey));
    claim_.entries.front().signers.push_back(std::move(signer));
    return {};
  }
  auto bound = std::find_if(keys.begin(), keys.end(), [&](const BoundKey& key) {
    return !key.used && key.key.name() == signature.name && key.key.id() == signature.keyId;
  });
  if (bound == keys.end()) {
    return rejected("UnknownKey", "no entry of the file binds the key " + signature.keyName(),
                    "文件中没有绑定密钥 " + signature.keyName() + " 的条目");
  }
  PL_CHECK(verified(bound->key));
  bound->used = true;
  signer.party = bound->party;
  signer.boundBy = bound->index;
  claim_.entries.front().signers.push_back(std::move(signer));
  return {};
}

// The last entry of the tree ends a commit, so it carries the state root.
Result<const ProofEntry*> ProofChecker::lastEntry() const {
  const ProofEntry& last = file_.entries.back();
  if (last.entry.index + 1 != checkpoint_.size || !last.entry.stateRoot) {
    return rejected("MissingStateRoot",
                    fmt::format("the last entry of {} is not there, or has no state root", checkpoint_.size),
                    fmt::format("缺少第 {} 条（最后一条）或其状态根", checkpoint_.size));
  }
  return &last;
}

// Each entity is, or is not, under the state root.
Status ProofChecker::checkEntities() {
  PL_TRY(const ProofEntry* last, lastEntry());
  claim_.asOfMs = last->entry.recordedAtMs;
  for (const ProofEntry& one : file_.entries) {
    if (one.submission) return unexpected("a submission");
  }
  for (const ProofEntity& one : file_.entities) {
    if (!claim_.entities.empty() && claim_.entities.back().key >= one.key)
      return rejected("NotCanonical", "entities out of order", "对象次序不规范");
    Digest keyHash = crypto::hash(file_.suite, viewOf(one.key));
    ProvenEntity proven{one.key, std::nullopt};
    Status shown = one.record ? verifyPresence(file_.suite, *last->entry.stateRoot, keyHash,
                                               crypto::hash(file_.suite, viewOf(*one.record)), one.map)
                              : verifyAbsence(file_.suite, *last->entry.stateRoot, keyHash, one.map);
    if (!shown.ok()) return std::move(shown).error().within(one.key);
    if (one.record) {
      auto record = EntityRecord::parse(*one.record);
      if (!record.ok()) return rejectedBy("BadRecord", record.error());
      proven.record = std::move(record).value();
    }
    claim_.entities.push_back(std::move(proven));
  }
  return {};
}

Status ProofChecker::checkEntity() {
  if (file_.entities.size() != 1 || file_.entities.front().key != file_.question.subject) {
    return rejected("MissingPart", "the entity asked for, and no other", "应恰有所问对象");
  }
  if (file_.entries.size() != 1 || file_.entries.front().event) return unexpected("an event");
  return checkEntities();
}

// The entries fold to the trail in the record: there are no others.
Status ProofChecker::checkHistory() {
  if (file_.entities.size() != 1 || file_.entities.front().key != file_.question.subject) {
    return rejected("MissingPart", "the entity asked for, and no other", "应恰有所问对象");
  }
  PL_CHECK(checkEntities());
  EntityRecord::Trail trail;
  for (const ProofEntry& one : file_.entries) {
    if (!one.event) {
      if (&one == &file_.entries.back()) break;  // there for its state root
      return rejected("MissingPart", fmt::format("the event of entry {}", one.entry.index),
                      fmt::format("缺少第 {} 条的事件", one.entry.index));
    }
    trail.hash = extendTrail(file_.suite, trail.hash, one.entry.index, one.entry.eventDigest);
    ++trail.count;
    claim_.entries.push_back({one.entry, one.event, {}});
  }
  const auto& record = claim_.entities.front().record;
  EntityRecord::Trail recorded = record ? record->trail() : EntityRecord::Trail{};
  if (trail.count == recorded.count && trail.hash == recorded.hash) return {};
  return rejected("TrailMismatch",
                  fmt::format("the record has a trail of {} entries, the file shows {} that lead elsewhere",
                              recorded.count, trail.count),
                  fmt::format("记录的轨迹含 {} 条，文件所示 {} 条与之不符", recorded.count, trail.count));
}

Status ProofChecker::checkPledge() {
  if (file_.entries.size() != 1 || file_.entries.front().event) return unexpected("an event");
  PL_CHECK(checkEntities());
  auto canonical = events::canonicalIp(file_.question.subject);
  if (!canonical.ok() || *canonical != file_.question.subject)
    return rejected("NotCanonical", "the number is not in its recorded spelling", "知识产权编号写法不规范");
  std::vector<bool> used(claim_.entities.size());
  auto find = [&](const std::string& key) -> Result<std::optional<EntityRecord>> {
    auto at = std::lower_bound(claim_.entities.begin(), claim_.entities.end(), key,
                               [](const ProvenEntity& e, const std::string& k) { return e.key < k; });
    if (at == claim_.entities.end() || at->key != key)
      return rejected("MissingPart", "the answer also rests on " + key, "答复还须依据 " + key);
    used[static_cast<std::size_t>(at - claim_.entities.begin())] = true;
    return at->record;
  };
  PL_TRY(claim_.pledge, pledgeStatus(find, file_.question.subject));
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) return unexpected(claim_.entities[i].key);
  }
  return {};
}

}  // namespace

Result<VerifiedProof> checkProof(const ProofFile& file, const Checkpoint& checkpoint,
                                 const std::vector<crypto::VerifyKey>& logKeys) {
  return ProofChecker(file, checkpoint, logKeys).run();
}

namespace {

// The newest key signed; and where older ones of the chain signed too, they did so before it and well.
Status checkLogSignatures(const Note& note, const std::vector<crypto::VerifyKey>& logKeys) {
  auto from = logKeys.begin();
  for (const NoteSignature& signature : note.signatures) {
    auto isBy = [&](const crypto::VerifyKey& key) { return note.findSignature(key) == &signature; };
    if (std::none_of(logKeys.begin(), logKeys.end(), isBy)) continue;
    auto key = std::find_if(from, logKeys.end(), isBy);
    if (key == logKeys.end())
      return rejected("NotCanonical", "the log's signatures are out of order", "日志签名次序有误");
    Status good = key->verify(viewOf(note.text), signature.signature);
    if (!good.ok()) return rejectedBy("BadSignature", good.error());
    from = std::next(key);
  }
  if (note.findSignature(logKeys.back()) != nullptr) return {};
  std::string name = fmt::format("{}+{}", logKeys.back().name(), logKeys.back().idHex());
  return rejected("UnknownKey", "the checkpoint is not signed by " + name, "检查点没有密钥 " + name + " 的签名");
}

// Who saw the checkpoint, by the reader's policy.
Status checkCosignatures(const Note& note, const ProofTrust& trust, VerifiedProof& claim) {
  auto isLogs = [&](const NoteSignature& signature) { return signature.name == claim.checkpoint.origin; };
  claim.cosignaturesGiven =
      static_cast<std::size_t>(std::count_if(note.signatures.begin(), note.signatures.end(), std::not_fn(isLogs)));
  if (trust.policy == nullptr) return {};
  Status quorum = trust.policy->requireQuorum(note);
  if (!quorum.ok()) return rejectedBy("BadSignature", std::move(quorum).error());
  for (const PolicyWitness& witness : trust.policy->witnesses()) {
    auto seconds = findCosignature(note, witness.key);
    if (seconds.ok()) claim.cosignatures.push_back({witness.name, *seconds});
  }
  return {};
}

// A stamp is over the note as the log signed it: cosignatures came later, or beside it.
Status checkTimestamps(const ProofFile& file, const Note& note, const ProofTrust& trust, VerifiedProof& claim) {
  claim.timestampsGiven = file.timestamps.size();
  if (trust.authorities.empty()) return {};
  Note bare{note.text, {}};
  for (const NoteSignature& signature : note.signatures) {
    if (signature.name == claim.checkpoint.origin) bare.signatures.push_back(signature);
  }
  std::string message = bare.serialize();
  Error why = rejected("MissingPart", "no time stamp is in the file", "文件中没有时间戳");
  for (const Bytes& token : file.timestamps) {
    auto stamp = crypto::verifyTimestamp(file.suite, viewOf(message), token, trust.authorities);
    if (stamp.ok()) {
      claim.timestamps.push_back(std::move(stamp).value());
    } else {
      why = rejectedBy("BadTimestamp", stamp.error());
    }
  }
  if (!claim.timestamps.empty()) return {};
  return why;
}

}  // namespace

Result<VerifiedProof> verifyProof(std::string_view text, const ProofTrust& trust) {
  PL_TRY(ProofFile file, ProofFile::parse(text));
  return verifyProof(file, trust);
}

Result<VerifiedProof> verifyProof(const ProofFile& file, const ProofTrust& trust) {
  auto note = Note::parse(file.checkpoint);
  if (!note.ok()) return rejectedBy("BadFormat", std::move(note).error().within("checkpoint", "检查点"));
  auto checkpoint = Checkpoint::parseBody(note->text);
  if (!checkpoint.ok()) return rejectedBy("BadFormat", checkpoint.error());
  if (file.suite != trust.logKey.suite())
    return rejected("WrongSuite", "the file names another suite than the log key's", "密码套件与日志密钥不符");
  PL_TRY(std::vector<crypto::VerifyKey> logKeys, checkKeyChain(file, *checkpoint, trust.logKey));
  const crypto::VerifyKey& signer = logKeys.back();
  PL_CHECK(checkLogSignatures(*note, logKeys));
  if (checkpoint->origin != signer.name()) {
    return rejected("WrongOrigin", fmt::format("expected {}, found {}", signer.name(), checkpoint->origin),
                    fmt::format("来源应为 {}，实为 {}", signer.name(), checkpoint->origin));
  }
  PL_TRY(VerifiedProof claim, checkProof(file, *checkpoint, logKeys));
  PL_CHECK(checkCosignatures(*note, trust, claim));
  PL_CHECK(checkTimestamps(file, *note, trust, claim));
  return claim;
}

Result<VerifiedProof> verifyProof(std::string_view text, const crypto::VerifyKey& logKey) {
  return verifyProof(text, ProofTrust{logKey, nullptr, {}});
}

}  // namespace pilotledger::proof
