#include "tools/service/submissions.h"

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "ledger/crypto/encoding.h"
#include "ledger/tlog/note.h"
#include "tools/service/confidentiality.h"

namespace pilotledger::service {
namespace {

// Of this machine, and not of what is recorded.
bool isOurs(ErrorCode code) {
  return code == ErrorCode::Unavailable || code == ErrorCode::Corruption || code == ErrorCode::Internal;
}

}  // namespace

Result<ledger::AppendResult> submit(const Site& site, ledger::Ledger& ledger, std::string_view file, Reasons reasons) {
  PL_TRY(auto submission, proof::Submission::parse(file));
  return submit(site, ledger, submission, reasons);
}

Result<ledger::AppendResult> submit(const Site& site, ledger::Ledger& ledger, const proof::Submission& submission,
                                    Reasons reasons) {
  PL_TRY(Sealing sealing, Sealing::of(site, ledger));
  PL_CHECK(sealing.requireSealed(submission));
  auto appended = ledger.append(submission);
  if (appended.ok() || reasons == Reasons::ForAll || isOurs(appended.error().code)) return appended;
  PL_TRY([[maybe_unused]] ledger::Consideration considered, ledger.consider(submission));
  return appended;
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
