#include "ledger/commit/admission.h"

#include <algorithm>
#include <mutex>

#include "ledger/rules/authority.h"

namespace pilotledger::ledger {

Error inSubmission(Error error, std::size_t position) {
  error.position = position;
  return error;
}

const events::Event* AdmittedSubmission::rotation() const {
  for (const auto& event : events) {
    if (event && event->reader().getBody().isLogKeyRotated()) return &*event;
  }
  return nullptr;
}

const events::Event* AdmittedSubmission::clockCorrection() const {
  if (events.size() != 1 || !events.front() || !events.front()->reader().getBody().isClockCorrected()) return nullptr;
  return &*events.front();
}

bool AdmittedSubmission::bindsKeys() const {
  return std::any_of(events.begin(), events.end(), [](const std::optional<events::Event>& event) {
    if (!event) return false;
    auto body = event->reader().getBody();
    return body.isKeyBound() || body.isLogKeyRotated();
  });
}

Result<AdmittedSubmission> readSubmission(const LedgerIdentity& identity,
                                          std::shared_ptr<const proof::Submission> submission) {
  AdmittedSubmission admitted;
  PL_TRY(proof::Note note, proof::checkSubmission(identity.suite, *submission, identity.name()));
  PL_TRY(proof::SubmissionBody body, proof::SubmissionBody::parse(note.text));
  admitted.meantFor = std::move(body.ledger);
  admitted.noteDigest = crypto::hash(identity.suite, viewOf(submission->note));
  admitted.signedText = std::move(note.text);
  for (auto& signature : note.signatures)
    admitted.signatures.push_back({signature.keyName(), std::move(signature.signature)});
  admitted.events.reserve(submission->events.size());
  admitted.digests.reserve(submission->events.size());
  std::size_t left = 0;
  for (std::size_t i = 0; i < submission->events.size(); ++i) {
    const Bytes& bytes = submission->events[i];
    if (bytes.empty() && left < submission->recorded.size()) {
      ++left;
      admitted.events.emplace_back();
      admitted.digests.emplace_back();
      continue;
    }
    auto event = events::Event::decode(bytes);
    if (!event.ok()) return inSubmission(std::move(event).error(), i);
    admitted.events.emplace_back(std::move(event).value());
    admitted.digests.push_back(crypto::hash(identity.suite, bytes));
  }
  admitted.submission = std::move(submission);
  return admitted;
}

Admission::Admission(const LedgerIdentity& identity, const LogKeys& logKeys, const Store& store)
    : identity_(&identity), store_(&store) {
  for (const LogKeys::Term& term : logKeys.terms()) know(term.key);
}

void Admission::know(const crypto::VerifyKey& key) {
  std::unique_lock lock(mutex_);
  keys_.insert_or_assign(keyEntityId(key), key);
}

Result<std::optional<crypto::VerifyKey>> Admission::keyNamed(const std::string& name) const {
  {
    std::shared_lock lock(mutex_);
    if (auto at = keys_.find(name); at != keys_.end()) return std::optional(at->second);
  }
  PL_TRY(std::optional<std::string> text, store_->get(layout::Family::Entity, entityKey("key", name)));
  if (!text) return std::optional<crypto::VerifyKey>();
  PL_TRY(EntityRecord record, EntityRecord::parse(*text));
  PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(record.get("vkey")));
  std::unique_lock lock(mutex_);
  keys_.insert_or_assign(name, key);
  return std::optional(std::move(key));
}

Status Admission::requireBound(const AdmittedSubmission& admitted) const {
  for (const auto& signature : admitted.signatures) {
    if (signature.verified) continue;
    PL_TRY(std::optional<crypto::VerifyKey> key, keyNamed(signature.key));
    if (!key) return keyNotBound(signature.key);
  }
  return {};
}

Result<Admitted> Admission::admit(std::shared_ptr<const proof::Submission> submission) const {
  PL_TRY(AdmittedSubmission admitted, readSubmission(*identity_, std::move(submission)));
  for (auto& signature : admitted.signatures) {
    PL_TRY(std::optional<crypto::VerifyKey> key, keyNamed(signature.key));
    if (!key) continue;
    PL_CHECK(key->verify(viewOf(admitted.signedText), signature.bytes));
    signature.verified = true;
  }
  return std::make_shared<const AdmittedSubmission>(std::move(admitted));
}

Result<Admitted> Admission::admitOrdered(std::shared_ptr<const proof::Submission> submission) const {
  PL_TRY(AdmittedSubmission admitted, readSubmission(*identity_, std::move(submission)));
  for (auto& signature : admitted.signatures) {
    PL_TRY(std::optional<crypto::VerifyKey> key, keyNamed(signature.key));
    signature.verified = key && key->verify(viewOf(admitted.signedText), signature.bytes).ok();
  }
  return std::make_shared<const AdmittedSubmission>(std::move(admitted));
}

}  // namespace pilotledger::ledger
