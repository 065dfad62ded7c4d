// One request on its way through a route: what was asked, by whom, and the state of the log it is answered from.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/server/access.h"
#include "tools/server/answer.h"
#include "tools/server/backend.h"
#include "tools/server/route.h"
#include "tools/server/snapshot.h"

namespace pilotledger::server {

// What the access log says beyond the request; filled by the route.
struct Noted {
  std::uint64_t position = 0;
  std::uint64_t rows = 0;
  std::vector<std::string> withheld;
};

struct Call {
  Backend& backend;
  const http::Request& request;
  const Route& route;
  Arguments path;
  Arguments query;
  Reader reader;
  std::int32_t today = 0;
  std::shared_ptr<Snapshot> snapshot;  // the newest when the request was taken
  Noted noted;

  const ledger::Ledger& ledger() const { return snapshot->ledger(); }
  Result<Snapshot::Scope> scope() const { return snapshot->scope(reader.scope, today); }
  bool has(std::string_view name) const { return query.contains(name); }
  // "" when it is not given; of the path or the query.
  std::string get(std::string_view name) const;
  std::uint64_t number(std::string_view name, std::uint64_t otherwise) const;
  Language language() const;  // of `lang`, else of Accept-Language

  // Whose answers these are, for tags and cursors: what of a reader's rights may change while position and question
  // stay. Grants end by days and begin by entries, so for a party it is the newest position and the day.
  std::string rights() const;
  // The method, path and parameters without cursor and limit, the reader and his rights.
  std::string question() const;
  Result<Cursor> cursor(std::uint64_t newest, std::uint64_t limit) const;  // given, or of the first page

  // {"position":…,"root":…,"reader":…,"withheld":…,"as_of":…}; notes them for the access log.
  Result<Json> envelope(std::uint64_t position, std::vector<std::string> withheld = {});
  // What others may keep: public answers by anyone, all others by their reader.
  Caching caching() const { return reader.scope == "public" ? Caching::Public : Caching::Private; }
  // 200 with a strong tag over the body, or 304.
  http::Answer tagged(http::Response response) const;
};

// In the routes' files, one table of rows each (routes.cpp).
Result<http::Answer> answerLedger(Call& call);
Result<http::Answer> answerCheckpoint(Call& call);
Result<http::Answer> answerTile(Call& call);
Result<http::Answer> answerEntries(Call& call);
Result<http::Answer> answerEntry(Call& call);
Result<http::Answer> answerEntity(Call& call);
Result<http::Answer> answerKinds(Call& call);
Result<http::Answer> answerKind(Call& call);
Result<http::Answer> answerViews(Call& call);
Result<http::Answer> answerView(Call& call);
Result<http::Answer> answerDrill(Call& call);
Result<http::Answer> answerFindings(Call& call);
Result<http::Answer> answerPledgeQuestion(Call& call);
Result<http::Answer> answerProof(Call& call);
Result<http::Answer> answerVerify(Call& call);
Result<http::Answer> answerSubmission(Call& call);
Result<http::Answer> answerChallenge(Call& call);
Result<http::Answer> answerLogIn(Call& call);
Result<http::Answer> answerSession(Call& call);
Result<http::Answer> answerLogOut(Call& call);
Result<http::Answer> answerMakeToken(Call& call);
Result<http::Answer> answerEndToken(Call& call);
Result<http::Answer> answerEvents(Call& call);
Result<http::Answer> answerLive(Call& call);
Result<http::Answer> answerReady(Call& call);
Result<http::Answer> answerOpenApi(Call& call);

}  // namespace pilotledger::server
