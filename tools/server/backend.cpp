#include "tools/server/backend.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "events/base/civil_date.h"
#include "tools/cluster/assembly.h"
#include "tools/server/call.h"
#include "tools/service/status.h"

namespace pilotledger::server {
namespace {

namespace fs = std::filesystem;

// The value of a cookie; "" when it is not there.
std::string cookieOf(const http::Request& request, std::string_view name) {
  const std::string* header = request.header("Cookie");
  std::string_view rest = header == nullptr ? std::string_view() : *header;
  while (!rest.empty()) {
    std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.starts_with(name) && one.substr(name.size()).starts_with('='))
      return std::string(one.substr(name.size() + 1));
  }
  return "";
}

Error sessionOver() {
  return makeError(ErrorCode::NotAuthorized, "the session or token is unknown or over; log in again",
                   "会话或令牌不存在或已失效，请重新登录");
}

// A page of somebody else's must not make a browser change anything here.
bool isFromElsewhere(const http::Request& request) {
  if (const std::string* site = request.header("Sec-Fetch-Site")) return *site != "same-origin" && *site != "none";
  const std::string* origin = request.header("Origin");
  if (origin == nullptr) return false;  // no browser
  const std::string* host = request.header("Host");
  std::size_t scheme = origin->find("://");
  return host == nullptr || scheme == origin->npos || origin->substr(scheme + 3) != *host;
}

bool isMediaType(const std::string* given, std::string_view wanted) {
  if (given == nullptr) return false;
  std::string type = given->substr(0, given->find(';'));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  return http::sameName(type, wanted);
}

// Whom a stale cookie must not keep from logging in, or out.
bool ignoresStaleSession(const Route& route) {
  return route.operation == "challenge" || route.operation == "logIn" || route.operation == "logOut";
}

http::Response loggedOut(const Error& why, const http::Request& request) {
  http::Response response = refusal(401, why.message, request.id);
  response.headers.push_back({"WWW-Authenticate", "Bearer"});
  if (request.header("Authorization") == nullptr)
    response.headers.push_back(
        {"Set-Cookie", fmt::format("{}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict", kSessionCookie)});
  return response;
}

http::Response noRoute(const RouteFound& found, const http::Request& request) {
  if (found.allowed.empty()) {
    return refusal(
        404, {"nothing is at this address; /openapi.json lists what there is", "该地址不存在；清单见 /openapi.json"},
        request.id);
  }
  http::Response response =
      refusal(405, {fmt::format("this address takes {}", found.allowed), fmt::format("该地址只接受 {}", found.allowed)},
              request.id);
  response.headers.push_back({"Allow", found.allowed});
  return response;
}

// What stands before any use case: who may, from where, with what body. Nothing when all is well.
std::optional<http::Response> refuse(const Call& call) {
  const http::Request& request = call.request;
  if (call.route.audience != Audience::Everyone && !call.reader.loggedIn() && !call.reader.isOperator)
    return loggedOut(makeError(ErrorCode::NotAuthorized, "log in first", "请先登录"), request);
  if (call.route.audience == Audience::Session && !call.reader.mayWrite)
    return refusal(401, {"a token only reads; log in with the key", "令牌只能读取，请用密钥登录"}, request.id);
  if (call.route.changes == Changes::State && isFromElsewhere(request)) {
    return errorAnswer(
        makeError(ErrorCode::NotAuthorized, "asked from a page of another site", "请求来自其他网站的页面"), request.id);
  }
  if (request.body.size() > call.route.bodyLimit) {
    return call.route.bodyLimit == 0 ? refusal(400, {"this route takes no body", "该地址不接受请求体"}, request.id)
                                     : refusal(413,
                                               {fmt::format("expected at most {} bytes", call.route.bodyLimit),
                                                fmt::format("最多 {} 字节", call.route.bodyLimit)},
                                               request.id);
  }
  if (call.route.bodyLimit > 0 && !isMediaType(request.header("Content-Type"), call.route.bodyType)) {
    return refusal(415,
                   {fmt::format("expected Content-Type: {}", call.route.bodyType),
                    fmt::format("Content-Type 应为 {}", call.route.bodyType)},
                   request.id);
  }
  return std::nullopt;
}

http::Response liveAnswer() {
  return {200, {{"Content-Type", "text/plain; charset=utf-8"}, cacheControl(Caching::Never)}, "live\n"};
}

std::size_t bytesOf(const http::Answer& answer) {
  const auto* whole = std::get_if<http::Response>(&answer);
  return whole == nullptr ? 0 : whole->body.size();
}

unsigned statusOfAnswer(const http::Answer& answer) {
  return std::visit([](const auto& one) { return one.status; }, answer);
}

const http::Headers& headersOf(const http::Answer& answer) {
  return std::visit([](const auto& one) -> const http::Headers& { return one.headers; }, answer);
}

// A long text by its beginning and its hash: who asks must not fill the disk.
std::string logged(const std::string& text) {
  constexpr std::size_t kMost = 256;
  return text.size() <= kMost ? text : fmt::format("{}… {}", text.substr(0, kMost / 2), questionHash(text));
}

// The line of the access log: what was asked, for whom it was answered, and what he got.
Json accessLine(const Call& call, const http::Answer& answer, std::int64_t nowMs) {
  Json line = {{"time", events::formatUtcMs(nowMs)},
               {"request", call.request.id},
               {"reader", call.reader.isOperator ? "operator" : call.reader.scope},
               {"party", call.reader.party},
               {"key", call.reader.key},
               {"session", call.reader.session},
               {"from", call.request.peer.address},
               {"route", call.route.operation},
               {"path", logged(call.request.path)}};
  line["parameters"] = Json::object();
  for (const auto& [name, value] : call.query) line["parameters"][name] = logged(value);
  line["status"] = statusOfAnswer(answer);
  line["position"] = call.noted.position;
  line["rows"] = call.noted.rows;
  line["withheld"] = call.noted.withheld;
  if (const std::string* etag = http::findHeader(headersOf(answer), "ETag")) line["etag"] = *etag;
  line["bytes"] = bytesOf(answer);
  return line;
}

Status prepare(Call& call) {
  PL_TRY(call.query, readQuery(call.route, call.request));
  return checkPath(call.route, call.path);
}

http::Answer answered(Call& call) {
  call.request.cancellation->dueBy(http::Clock::now() + call.route.time);
  if (Status good = prepare(call); !good.ok()) return errorAnswer(good.error(), call.request.id);
  auto answer = call.route.handle(call);
  if (!answer.ok()) return errorAnswer(answer.error(), call.request.id);
  return std::move(answer).value();
}

}  // namespace

Answered answerLive(Call&) { return liveAnswer(); }

Backend::Backend(BackendOptions options, std::shared_ptr<cluster::Node> member, std::unique_ptr<ledger::Ledger> ledger)
    : site(std::move(options.site)),
      node(std::move(member)),
      writer(std::move(ledger)),
      snapshots(site, *writer),
      access(site.clock),
      challenges(options.challengesPerMinute > 0 ? static_cast<std::size_t>(options.challengesPerMinute) : 10, 60'000),
      answersSql(options.sql),
      log_(std::move(options.log)),
      url_(std::move(options.url)) {}

Result<std::unique_ptr<Backend>> Backend::open(BackendOptions options, std::string_view secret) {
  // What a node says before the service stands goes nowhere.
  auto own = std::make_shared<std::atomic<Backend*>>(nullptr);
  cluster::Hooks hooks{options.site.clock,
                       [own](std::string_view event, std::string_view what) {
                         if (Backend* backend = *own) backend->log({{"event", event}, {"what", what}});
                       },
                       [own] {
                         if (Backend* backend = *own) backend->recorded();
                       }};
  PL_TRY(auto assembly, cluster::assemble(options.site.ledgerDirectory, std::move(hooks)));
  std::shared_ptr<cluster::Node> member = assembly ? assembly->node : nullptr;
  PL_TRY(auto ledger, ledger::Ledger::open(options.site.ledgerDirectory, ledger::OpenMode::Write, options.site.clock,
                                           secret, member));
  const service::InboxLimits inbox = options.inbox;
  std::string given = options.name;
  const std::uint64_t evidence = options.evidenceBytes > 0 ? options.evidenceBytes : std::uint64_t{10} << 30;
  std::unique_ptr<Backend> backend(new Backend(std::move(options), member, std::move(ledger)));
  if (assembly) PL_CHECK(backend->joinNodes(assembly->peers));
  PL_TRY(backend->evidence, service::EvidenceFiles::open(backend->site.ledgerDirectory, evidence));
  PL_TRY(backend->inbox, service::Inbox::open(backend->site, *backend->writer, inbox));
  PL_TRY(backend->accessLog, AccessLog::open(fs::path(backend->site.ledgerDirectory) / kAccessLogFile));
  if (backend->accessLog->repaired())
    backend->log({{"event", "access_log_repaired"}, {"what", "its last line was cut short by a crash and is gone"}});
  if (given.empty() && member) given = fmt::format("{}/{}", backend->writer->origin(), member->status().name);
  std::string name = given.empty() ? backend->writer->origin() : std::move(given);
  backend->accessAnchor = std::make_unique<AccessAnchor>(
      std::move(name), ledger::Ledger::logKeyFile(backend->site.ledgerDirectory), std::string(secret));
  if (member == nullptr) {  // a node may be the first of its cluster to start: it answers when others are there
    PL_TRY([[maybe_unused]] auto first, backend->snapshots.newest());
  }
  backend->feed = std::make_unique<Feed>(
      backend->snapshots,
      [own = backend.get()](const Reader& reader, const ledger::Ledger& now) { return own->judge(reader, now); },
      [own = backend.get()] { return own->today(); });
  *own = backend.get();
  return backend;
}

// First it is reached, so that nodes that start together hear each other; then it follows.
Status Backend::joinNodes(const cluster::PeerServerOptions& options) {
  PL_TRY(peers, cluster::servePeers(options, *node));
  return node->start(*writer);
}

Backend::~Backend() { stop(); }

void Backend::stop() {
  stopping = true;
  if (node != nullptr) node->stop();
  if (peers != nullptr) peers->stop();
  if (feed != nullptr) feed->stop();
  if (accessLog != nullptr) (void)accessLog->sync().ok();
}

std::int32_t Backend::today() const { return events::civilDateOfUtcMs(site.clock()); }

void Backend::log(Json line) const {
  if (!log_) return;
  Json timed = {{"time", events::formatUtcMs(site.clock())}};
  timed.update(line);
  log_(timed.dump(-1, ' ', true, Json::error_handler_t::replace));
}

std::string Backend::urlOf(const http::Request& request) const {
  if (!url_.empty()) return url_;
  const std::string* host = request.header("Host");
  return fmt::format("{}://{}", request.peer.encrypted ? "https" : "http", host == nullptr ? "" : *host);
}

Result<Reader> Backend::identify(const http::Request& request, const ledger::Ledger& ledger) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string* authorization = request.header("Authorization");
  std::string secret = authorization == nullptr ? cookieOf(request, kSessionCookie) : "";
  if (authorization != nullptr) {
    if (!authorization->starts_with(kBearer)) return sessionOver();
    secret = authorization->substr(kBearer.size());
  }
  if (authorization == nullptr && secret.empty()) {
    Reader reader;
    reader.isOperator = request.peer.user && *request.peer.user == ::geteuid();
    if (reader.isOperator) reader.scope.clear();
    return reader;
  }
  auto session = access.find(secret, authorization != nullptr);
  if (!session) return sessionOver();
  return readerOf(ledger, *session, today());
}

// A reader of a stream, as he is now.
Result<Reader> Backend::judge(const Reader& before, const ledger::Ledger& ledger) {
  if (!before.loggedIn()) return before;
  auto session = access.current(before.session);
  if (!session) return sessionOver();
  return readerOf(ledger, *session, today());
}

void Backend::anchorAccessLog() {
  auto anchored = accessAnchor->anchor(*writer, *accessLog, site.clock());
  if (!anchored.ok()) log({{"event", "access_log_not_anchored"}, {"what", anchored.error().message.en}});
  if (anchored.ok() && *anchored) recorded();
}

std::optional<http::Response> Backend::live(const http::Request& request) const {
  if (request.path != "/live" || request.method != "GET" || !request.query.empty()) return std::nullopt;
  return liveAnswer();
}

std::uint64_t Backend::bodyLimit(const http::Request& withoutBody) const {
  RouteFound found = findRoute(withoutBody);
  return found.route == nullptr ? 0 : found.route->bodyLimit;
}

http::Answer Backend::answer(const http::Request& request) {
  RouteFound found = findRoute(request);
  if (found.route == nullptr) return noRoute(found, request);
  auto snapshot = snapshots.newest();
  if (!snapshot.ok()) {
    log({{"event", "no_snapshot"}, {"request", request.id}, {"what", snapshot.error().message.en}});
    return errorAnswer(snapshot.error(), request.id);
  }
  Call call{*this, request, *found.route, std::move(found.path), {}, {}, today(), std::move(snapshot).value(), {}};
  bool personal = found.route->path.starts_with("/v1/");  // all else is the same for everyone
  const bool operators = found.route->audience == Audience::Operator;
  auto reader = personal || operators ? identify(request, call.ledger()) : Reader();
  if (operators && !(reader.ok() && reader->isOperator)) return noRoute({}, request);
  if (reader.ok()) {
    call.reader = std::move(reader).value();
  } else if (!ignoresStaleSession(call.route)) {
    return loggedOut(reader.error(), request);
  }
  auto refused = refuse(call);
  http::Answer answer = refused ? http::Answer(std::move(*refused)) : answered(call);
  if (!personal) return answer;
  Status kept = accessLog->append(accessLine(call, answer, site.clock()));
  if (kept.ok()) {
    anchorAccessLog();
    return answer;
  }
  // Nobody reads unseen.
  log({{"event", "access_log_failed"}, {"request", request.id}, {"what", kept.error().message.en}});
  return errorAnswer(kept.error(), request.id);
}

}  // namespace pilotledger::server
