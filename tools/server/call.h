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
#include "tools/service/submissions.h"

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
  // Who asks, as the ledger binds his key today; no party for the public and for the operator on the Unix socket.
  Result<ledger::Signer> signer() const {
    return reader.loggedIn() ? ledger().signer(reader.key, today) : Result<ledger::Signer>(ledger::Signer{});
  }
  // The operator on the Unix socket, and auditors.
  bool seesAll() const { return reader.scope.empty() || reader.scope == "audit"; }
  // Who sees all entries may hear what a refusal quotes of them, whoever signed.
  service::Reasons reasons() const { return seesAll() ? service::Reasons::ForAll : service::Reasons::ForSigners; }
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

// The body as a JSON object with these members and no others.
Result<Json> objectOf(const Call& call, std::initializer_list<std::string_view> members);
Result<std::string> textMember(const Json& json, std::string_view name);

// What recording the submission in the body would say; nothing is kept.
Result<ledger::AppendResult> rehearse(Call& call);

// In the routes' files, one table of rows each (routes.cpp).
Answered answerLedger(Call& call);
Answered answerCluster(Call& call);
Answered answerCheckpoint(Call& call);
Answered answerTile(Call& call);
Answered answerEntries(Call& call);
Answered answerCommits(Call& call);
Answered answerEntry(Call& call);
Answered answerEntity(Call& call);
Answered answerKinds(Call& call);
Answered answerKind(Call& call);
Answered answerViews(Call& call);
Answered answerView(Call& call);
Answered answerDrill(Call& call);
Answered answerDiff(Call& call);
Answered answerFindings(Call& call);
Answered answerSql(Call& call);
Answered answerDossier(Call& call);
Answered answerPledgeQuestion(Call& call);
Answered answerProof(Call& call);
Answered answerVerify(Call& call);
Answered answerSubmission(Call& call);
Answered answerPost(Call& call);
Answered answerSignPending(Call& call);
Answered answerInbox(Call& call);
Answered answerPending(Call& call);
Answered answerPendingFile(Call& call);
Answered answerDecline(Call& call);
Answered answerWithdraw(Call& call);
Answered answerPutEvidence(Call& call);
Answered answerEvidence(Call& call);
Answered answerChallenge(Call& call);
Answered answerLogIn(Call& call);
Answered answerSession(Call& call);
Answered answerLogOut(Call& call);
Answered answerMakeToken(Call& call);
Answered answerEndToken(Call& call);
Answered answerEvents(Call& call);
Answered answerLive(Call& call);
Answered answerReady(Call& call);
Answered answerMetrics(Call& call);
Answered answerOpenApi(Call& call);
Answered answerPage(Call& call);
Answered answerPageFile(Call& call);

}  // namespace pilotledger::server
