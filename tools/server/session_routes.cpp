// Logging in and out, tokens, the stream of new entries.
#include <fmt/format.h>

#include "events/base/civil_date.h"
#include "tools/server/call.h"
#include "tools/service/entity_on_log.h"
#include "tools/service/kinds.h"

namespace pilotledger::server {
namespace {

http::Response fresh(Json json, unsigned status = 200) {
  http::Response response = jsonAnswer(json, status);
  response.headers.push_back(cacheControl(Caching::Never));
  return response;
}

Json sessionJson(const Session& session) {
  return {{"id", session.id},
          {"kind", session.token ? "token" : "session"},
          {"name", session.name},
          {"started", events::formatUtcMs(session.startedMs)},
          {"used", events::formatUtcMs(session.usedMs)},
          {"until", events::formatUtcMs(session.untilMs)}};
}

Json readerJson(const Reader& reader) {
  return {{"reader", reader.scope},
          {"operator", reader.isOperator},
          {"party", reader.party},
          {"key", reader.key},
          {"session", reader.session}};
}

std::string cookieText(const std::string& secret, std::int64_t maxAge) {
  return fmt::format("{}={}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Strict", kSessionCookie, secret, maxAge);
}

}  // namespace

Answered answerChallenge(Call& call) {
  if (!call.backend.challenges.take(networkOf(call.request.peer.address), call.backend.site.clock())) {
    return refusal(
        429, {"too many challenges in a minute from one address; wait a moment", "同一地址一分钟内请求过多，请稍候"},
        call.request.id);
  }
  PL_TRY(Json body, objectOf(call, {"key"}));
  PL_TRY(std::string key, textMember(body, "key"));
  PL_TRY(std::string text, call.backend.access.challenge(call.ledger(), call.backend.urlOf(call.request), key));
  return fresh({{"text", text}, {"seconds", kChallengeMs / 1000}});
}

Answered answerLogIn(Call& call) {
  std::string url = call.backend.urlOf(call.request);
  PL_TRY(Access::Opened opened, call.backend.access.logIn(call.ledger(), url, call.request.body.view()));
  PL_TRY(Reader reader, readerOf(call.ledger(), opened.session, call.today));
  call.reader = reader;
  Json json = readerJson(reader);
  json["until"] = events::formatUtcMs(opened.session.untilMs);
  http::Response response = fresh(std::move(json), 201);
  response.headers.push_back({"Set-Cookie", cookieText(opened.secret, kSessionMs / 1000)});
  return response;
}

Answered answerSession(Call& call) {
  Json json = readerJson(call.reader);
  json["sessions"] = Json::array();
  if (call.reader.loggedIn()) {
    for (const Session& session : call.backend.access.ofKey(call.reader.key))
      json["sessions"].push_back(sessionJson(session));
  }
  return fresh(std::move(json));
}

Answered answerLogOut(Call& call) {
  if (call.reader.loggedIn()) call.backend.access.end(call.reader.session, call.reader.key);
  http::Response response = fresh({{"reader", "public"}});
  response.headers.push_back({"Set-Cookie", cookieText("", 0)});
  return response;
}

Answered answerMakeToken(Call& call) {
  PL_TRY(Json body, objectOf(call, {"name", "days"}));
  PL_TRY(std::string name, textMember(body, "name"));
  if (name.empty() || name.size() > 100) return invalidInput("name: expected 1..100 bytes", "name：应为 1 至 100 字节");
  auto days = body.find("days");
  if (days == body.end() || !days->is_number_integer() || *days < 1 || *days > kMostTokenDays)
    return invalidInput(fmt::format("days: expected an integer 1..{}", kMostTokenDays),
                        fmt::format("days：应为 1 至 {} 的整数", kMostTokenDays));
  auto session = call.backend.access.current(call.reader.session);
  if (!session) return makeError(ErrorCode::NotAuthorized, "log in first", "请先登录");
  PL_TRY(Access::Opened opened, call.backend.access.makeToken(*session, name, days->get<int>()));
  Json json = sessionJson(opened.session);
  json["token"] = opened.secret;
  return fresh(std::move(json), 201);
}

Answered answerEndToken(Call& call) {
  if (!call.backend.access.end(call.get("id"), call.reader.key))
    return makeError(ErrorCode::NotFound, "no session or token of yours has that id", "您没有该编号的会话或令牌");
  return fresh({{"ended", call.get("id")}});
}

Answered answerEvents(Call& call) {
  Follower follower;
  follower.reader = call.reader;
  follower.kind = call.get("kind");
  if (!follower.kind.empty()) {
    PL_TRY([[maybe_unused]] const events::Kind* kind, service::requireKind(follower.kind));
  }
  if (call.has("entity")) {
    PL_TRY(Snapshot::Scope scope, call.scope());
    PL_TRY(events::EntityFound found,
           service::entityOnLog(call.backend.site, call.ledger(), call.get("entity"), scope->names()));
    follower.entity = found.key;
  }
  follower.next = call.number("from", call.snapshot->size());
  if (const std::string* last = call.request.header("Last-Event-ID")) {
    bool digits = !last->empty() && last->size() < 16 && last->find_first_not_of("0123456789") == last->npos;
    if (!digits) return invalidInput("Last-Event-ID: expected the index of an entry", "Last-Event-ID：应为条目序号");
    follower.next = std::stoull(*last) + 1;
  }
  call.noted.position = call.snapshot->size();
  http::StreamedResponse stream;
  stream.headers = {{"Content-Type", "text/event-stream"}, cacheControl(Caching::Never), {"X-Accel-Buffering", "no"}};
  stream.heartbeat = ":\n\n";
  stream.farewell = "retry: 3000\n\n";
  stream.begin = [&feed = *call.backend.feed, follower](std::shared_ptr<http::Stream> opened) mutable {
    opened->write("retry: 3000\n\n");
    follower.stream = std::move(opened);
    feed.follow(std::move(follower));
  };
  return stream;
}

Answered answerReady(Call& call) {
  std::uint64_t written = call.backend.writer->size();
  std::uint64_t modelled = call.backend.feed->modelPosition();
  bool ready = !call.backend.stopping;
  Json json = {{"ready", ready},
               {"position", written},
               {"read_model_position", modelled},
               {"read_model_lag", written - std::min(written, modelled)},
               {"snapshot_position", call.snapshot->size()}};
  return fresh(std::move(json), ready ? 200 : 503);
}

Answered answerOpenApi(Call& call) { return call.tagged(bytesAnswer(openApi(), "application/json")); }

}  // namespace pilotledger::server
