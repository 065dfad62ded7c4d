// The inbox: submissions that wait for signatures. Posting and signing need no log-in, because a signature is the right
// that is asked for; looking, declining and withdrawing do.
#include <fmt/format.h>

#include "events/codec.h"
#include "events/json.h"
#include "tools/server/call.h"
#include "tools/service/inbox_json.h"
#include "tools/service/submissions.h"

namespace pilotledger::server {
namespace {

http::Response told(Call& call, Json json, unsigned status = 200) {
  call.noted.position = call.backend.writer->size();
  http::Response response = jsonAnswer(json, status);
  response.headers.push_back(cacheControl(Caching::Never));
  return response;
}

// To whoever has just signed it: as his party sees it.
Answered answerTaken(Call& call, service::Inbox::Taken taken) {
  const service::Pending& item = taken.item;
  ledger::Signer reader;
  reader.party = item.signatures.empty() ? item.party : item.signatures.back().party;
  Json json = service::pendingJson(item, *call.backend.writer, reader);
  json["repeated"] = taken.repeated;
  json["checkpoint"] = taken.recorded ? taken.recorded->checkpoint : "";
  if (taken.recorded) call.backend.recorded();
  return told(call, std::move(json));
}

}  // namespace

Answered answerPost(Call& call) {
  auto taken = call.backend.inbox->submit(call.request.body.view());
  if (!taken.ok() && taken.error().code == ErrorCode::NotAuthorized && call.seesAll()) {
    PL_TRY([[maybe_unused]] ledger::AppendResult rehearsed, rehearse(call));  // in the rules' words
  }
  if (!taken.ok()) return std::move(taken).error();
  return answerTaken(call, std::move(taken).value());
}

Answered answerSignPending(Call& call) {
  PL_TRY(service::Inbox::Taken taken, call.backend.inbox->sign(call.get("id"), call.request.body.view()));
  return answerTaken(call, std::move(taken));
}

Answered answerInbox(Call& call) {
  PL_TRY(ledger::Signer reader, call.signer());
  PL_TRY(std::vector<service::Pending> items, call.backend.inbox->list(reader));
  Json json = {{"reader", call.reader.scope}, {"party", call.reader.party}, {"pending", Json::array()}};
  for (const service::Pending& item : items)
    json["pending"].push_back(service::pendingJson(item, *call.backend.writer, reader));
  call.noted.rows = items.size();
  return told(call, std::move(json));
}

Answered answerPending(Call& call) {
  PL_TRY(ledger::Signer reader, call.signer());
  PL_TRY(service::Pending item, call.backend.inbox->find(call.get("id"), reader));
  Json json = service::pendingJson(item, *call.backend.writer, reader);
  json["content"] = Json::array();
  if (item.isOpen()) {
    PL_TRY(proof::Submission submission, call.backend.inbox->submission(item.id, reader));
    for (const Bytes& bytes : submission.events) {
      PL_TRY(events::Event event, events::Event::decode(bytes));
      json["content"].push_back(events::jsonOf(event));
    }
  }
  call.noted.rows = 1;
  return told(call, std::move(json));
}

Answered answerPendingFile(Call& call) {
  PL_TRY(ledger::Signer reader, call.signer());
  PL_TRY(proof::Submission submission, call.backend.inbox->submission(call.get("id"), reader));
  call.noted.rows = 1;
  http::Response response = bytesAnswer(submission.serialize(), "application/octet-stream");
  response.headers.push_back(attachment(call.get("id").substr(0, 16) + ".sub"));
  response.headers.push_back(cacheControl(Caching::Never));
  return response;
}

Answered answerDecline(Call& call) {
  PL_TRY(ledger::Signer reader, call.signer());
  PL_TRY(Json body, objectOf(call, {"reason"}));
  PL_TRY(std::string reason, textMember(body, "reason"));
  PL_TRY(service::Pending item, call.backend.inbox->decline(call.get("id"), reader, reason));
  return told(call, service::pendingJson(item, *call.backend.writer, reader), 201);
}

Answered answerWithdraw(Call& call) {
  PL_TRY(ledger::Signer reader, call.signer());
  PL_TRY(service::Pending item, call.backend.inbox->withdraw(call.get("id"), reader));
  return told(call, service::pendingJson(item, *call.backend.writer, reader));
}

}  // namespace pilotledger::server
