// All about one subject, as one file.
#include <fmt/format.h>

#include "query/sql/stop_scope.h"
#include "tools/server/call.h"
#include "tools/service/dossier.h"

namespace pilotledger::server {

Answered answerDossier(Call& call) {
  query::StopScope stop([cancellation = call.request.cancellation] { return cancellation->cancelled(); });
  PL_TRY(Snapshot::Scope scope, call.scope());
  PL_TRY(Snapshot::Model model, call.snapshot->model(scope));
  PL_TRY(query::AsOf at, model->asOf(call.get("as_of"), call.get("on")));
  const std::string format = call.has("format") ? call.get("format") : "json";
  // Its proof is of the newest position, and shows whole records.
  Snapshot::Prover prover;
  auto prove = [&]() -> Result<ledger::Prover*> {
    PL_TRY(prover, call.snapshot->prover());
    return prover.prover;
  };
  service::DossierSources sources{&call.backend.site, &call.ledger(), model.get(), at, scope->names(), scope.get(), {},
                                  format == "json",   call.language()};
  if (call.seesAll() && at.position == call.snapshot->size()) sources.prover = prove;
  PL_TRY(query::Booklet booklet, service::compileDossier(sources, call.get("subject"), call.get("id")));
  PL_TRY(std::string bytes, service::renderDossier(booklet, format, call.language()));
  call.noted.position = at.position;
  for (const query::Table& table : booklet.tables) {
    call.noted.rows += table.rows.size();
    for (const std::string& part : table.withheld) call.noted.withheld.push_back(part);
  }
  http::Response response =
      reportFile(std::move(bytes), fmt::format("dossier-{}-{}", call.get("subject"), at.position), format);
  response.headers.push_back(cacheControl(call.caching()));
  response.headers.push_back({"Vary", "Cookie, Authorization, Accept-Language"});
  return response;
}

}  // namespace pilotledger::server
