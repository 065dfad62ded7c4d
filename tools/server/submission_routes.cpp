// What others signed, taken. Signatures are the only right that is asked for.
#include <fmt/format.h>

#include "tools/server/call.h"
#include "tools/service/submissions.h"

namespace pilotledger::server {

// As if: what append() would say, and nothing kept. One at a time, because each loads the state of the ledger.
Result<ledger::AppendResult> rehearse(Call& call) {
  std::unique_lock turn(call.backend.rehearsing, std::try_to_lock);
  if (!turn.owns_lock()) {
    return makeError(ErrorCode::Unavailable, "another rehearsal is running; try again in a moment",
                     "另一项预检正在进行，请稍后再试");
  }
  PL_TRY(auto ledger,
         ledger::Ledger::open(call.backend.site.ledgerDirectory, ledger::OpenMode::Rehearse, call.backend.site.clock));
  return service::submit(call.backend.site, *ledger, call.request.body.view(), call.reasons());
}

Answered answerSubmission(Call& call) {
  bool rehearsal = call.has("dry_run");
  auto appended =
      rehearsal ? rehearse(call)
                : service::submit(call.backend.site, *call.backend.writer, call.request.body.view(), call.reasons());
  if (!appended.ok()) return std::move(appended).error();
  Json json = {{"dry_run", rehearsal}, {"receipts", Json::array()}};
  for (const auto& receipt : appended->receipts)
    json["receipts"].push_back(service::receiptJson(receipt, appended->checkpoint));
  json["checkpoint"] = appended->checkpoint;
  call.noted.rows = appended->receipts.size();
  call.noted.position = call.backend.writer->size();
  if (!rehearsal) call.backend.recorded();
  http::Response response = jsonAnswer(json);
  response.headers.push_back(cacheControl(Caching::Never));
  return response;
}

}  // namespace pilotledger::server
