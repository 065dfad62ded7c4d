// What of a submission needs no log: its thread finds it out before it waits for others. Signatures by keys that the
// stored log binds are verified here too; a key that is bound by what is ordered and not stored yet is left to the
// building of the commit, so that every machine judges alike. Threads: any number.
#pragma once

#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "events/codec.h"
#include "ledger/log/identity.h"
#include "ledger/state/entity_overlay.h"
#include "ledger/store/store.h"
#include "ledger/tlog/note.h"
#include "ledger/tlog/submission.h"

namespace pilotledger::ledger {

struct AdmittedSubmission {
  struct Signature {
    std::string key;  // "name+keyid"
    Bytes bytes;
    bool verified = false;
  };
  std::shared_ptr<const proof::Submission> submission;
  Digest noteDigest{};
  std::string signedText;
  proof::LedgerName meantFor;
  std::vector<Signature> signatures;
  std::vector<std::optional<events::Event>> events;  // nullopt: left out (proof::Submission::recorded)
  std::vector<Digest> digests;

  const events::Event* rotation() const;  // the event that names the next log key, where there is one
  // The event that sets the clock right, where the submission is that and nothing else.
  const events::Event* clockCorrection() const;
  bool bindsKeys() const;  // some event of it makes a key known
};
using Admitted = std::shared_ptr<const AdmittedSubmission>;

// `error`, of the event at that position.
Error inSubmission(Error error, std::size_t position);

// The part that needs no key: note, root over the events, event bytes.
Result<AdmittedSubmission> readSubmission(const LedgerIdentity& identity,
                                          std::shared_ptr<const proof::Submission> submission);

class Admission {
 public:
  Admission(const LedgerIdentity& identity, const LogKeys& logKeys, const Store& store);

  Result<Admitted> admit(std::shared_ptr<const proof::Submission> submission) const;
  // Of what is ordered already: a signature that does not verify is left to the building of the commit, which refuses
  // it, so that every machine judges alike whatever keys it has stored by then.
  Result<Admitted> admitOrdered(std::shared_ptr<const proof::Submission> submission) const;
  void know(const crypto::VerifyKey& key);
  // NotAuthorized when the stored log binds one of its keys not, now.
  Status requireBound(const AdmittedSubmission& admitted) const;

 private:
  Result<std::optional<crypto::VerifyKey>> keyNamed(const std::string& name) const;

  const LedgerIdentity* identity_;
  const Store* store_;
  mutable std::shared_mutex mutex_;
  mutable StringMap<crypto::VerifyKey> keys_;
};

}  // namespace pilotledger::ledger
