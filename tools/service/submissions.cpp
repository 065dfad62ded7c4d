#include "tools/service/submissions.h"

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "ledger/crypto/encoding.h"
#include "ledger/tlog/note.h"
#include "tools/service/confidentiality.h"

namespace pilotledger::service {

Result<ledger::AppendResult> submit(const Site& site, ledger::Ledger& ledger, std::string_view file) {
  PL_TRY(auto submission, proof::Submission::parse(file));
  return submit(site, ledger, submission);
}

Result<ledger::AppendResult> submit(const Site& site, ledger::Ledger& ledger, const proof::Submission& submission) {
  PL_TRY(Sealing sealing, Sealing::of(site, ledger));
  PL_CHECK(sealing.requireSealed(submission));
  return ledger.append(submission);
}

nlohmann::ordered_json receiptJson(const ledger::AppendReceipt& receipt, const std::string& checkpoint) {
  nlohmann::ordered_json json;
  json["id"] = events::formatUuid(receipt.eventId);
  json["index"] = receipt.index;
  json["recordedAt"] = events::formatUtcMs(receipt.recordedAtMs);
  if (receipt.repeated) json["repeated"] = true;
  if (auto note = proof::Note::parse(checkpoint); note.ok()) {
    if (auto body = proof::Checkpoint::parseBody(note->text); body.ok()) {
      json["size"] = body->size;
      json["root"] = crypto::toBase64(body->root);
    }
  }
  return json;
}

}  // namespace pilotledger::service
