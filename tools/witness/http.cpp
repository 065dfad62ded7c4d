#include "tools/witness/http.h"

#include <fmt/format.h>
#include <kj/async-io.h>
#include <kj/async-unix.h>
#include <kj/compat/http.h>
#include <kj/debug.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>

namespace pilotledger::witness {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr kj::Duration kHeaderTimeout = 10 * kj::SECONDS;  // from the connection on
constexpr kj::Duration kBodyTimeout = 15 * kj::SECONDS;
constexpr kj::Duration kAnswerTimeout = 15 * kj::SECONDS;  // for a client to take it
constexpr kj::Duration kPause = 100 * kj::MILLISECONDS;    // after a connection that could not be taken
constexpr std::size_t kMaxConnections = 256;
constexpr std::size_t kOwnFiles = 8;  // that one request may open

Error unavailable(const std::string& where, const kj::Exception& exception) {
  std::string why(exception.getDescription().cStr());
  return makeError(ErrorCode::Unavailable, fmt::format("{}: {}", where, why),
                   fmt::format("{}：无法连接或无应答：{}", where, why));
}

struct Target {
  std::string host;  // with the port, as the Host header wants it
  std::string path;
};

Result<Target> parseUrl(const std::string& url) {
  std::size_t slash = url.find('/', kScheme.size());
  Target target{url.substr(0, slash), slash == url.npos ? "/" : url.substr(slash)};
  bool good = url.starts_with(kScheme) && target.host.size() > kScheme.size();
  for (char c : url) good = good && static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '#' && c != '@';
  if (!good)
    return invalidInput("expected http://HOST[:PORT]/PATH, found " + url, "应为 http://主机[:端口]/路径，实为 " + url);
  target.host.erase(0, kScheme.size());
  return target;
}

kj::Promise<HttpAnswer> exchange(kj::HttpClient& client, const kj::HttpHeaderTable& table, const Target& target,
                                 const HttpCall& call) {
  kj::HttpHeaders headers(table);
  headers.set(kj::HttpHeaderId::HOST, kj::StringPtr(target.host.c_str()));
  if (call.post) headers.set(kj::HttpHeaderId::CONTENT_TYPE, kj::StringPtr(call.contentType.c_str()));
  auto method = call.post ? kj::HttpMethod::POST : kj::HttpMethod::GET;
  auto request = client.request(method, target.path.c_str(), headers,
                                call.post ? kj::Maybe<uint64_t>(call.body.size()) : kj::Maybe<uint64_t>(nullptr));
  kj::Promise<void> written = kj::READY_NOW;
  if (call.post && !call.body.empty()) written = request.body->write(call.body.data(), call.body.size());
  return written
      .then([request = kj::mv(request)]() mutable {
        request.body = nullptr;
        return kj::mv(request.response);
      })
      .then([](kj::HttpClient::Response&& response) {
        HttpAnswer answer;
        answer.status = response.statusCode;
        KJ_IF_MAYBE (type, response.headers->get(kj::HttpHeaderId::CONTENT_TYPE)) answer.contentType = type->cStr();
        auto body = response.body->readAllBytes(kMaxHttpBody);
        return body.attach(kj::mv(response.body)).then([answer](kj::Array<kj::byte>&& bytes) mutable {
          answer.body.assign(bytes.asChars().begin(), bytes.size());
          return answer;
        });
      });
}

const char* statusText(unsigned status) {
  switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 422: return "Unprocessable Entity";
    default: return "Internal Server Error";
  }
}

class Service final : public kj::HttpService {
 public:
  Service(const kj::HttpHeaderTable& table, kj::Timer& timer,
          const std::function<HttpAnswer(const HttpRequest&)>& handle)
      : table_(table), timer_(timer), handle_(handle) {}

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url, const kj::HttpHeaders&,
                            kj::AsyncInputStream& body, Response& response) override {
    if (method != kj::HttpMethod::GET && method != kj::HttpMethod::POST)
      return send(response, {405, "text/plain", "GET or POST\n"});
    HttpRequest request{method == kj::HttpMethod::POST, url.cStr(), ""};
    auto tooSlow = timer_.afterDelay(kBodyTimeout).then([]() -> kj::Array<kj::byte> {
      KJ_FAIL_REQUIRE("the body did not come in time");
    });
    return body.readAllBytes(kMaxHttpBody)
        .exclusiveJoin(kj::mv(tooSlow))
        .then(
            [this, request, &response](kj::Array<kj::byte>&& bytes) mutable {
              request.body.assign(bytes.asChars().begin(), bytes.size());
              return send(response, handle_(request));
            },
            [this, &response](kj::Exception&&) {
              return send(response, {400, "text/plain", "the body is too long or cut off\n"});
            });
  }

 private:
  kj::Promise<void> send(Response& response, HttpAnswer answer) {
    kj::HttpHeaders headers(table_);
    headers.set(kj::HttpHeaderId::CONTENT_TYPE, kj::StringPtr(answer.contentType.c_str()));
    auto body = kj::heap<std::string>(std::move(answer.body));
    auto stream = response.send(answer.status, statusText(answer.status), headers, body->size());
    auto tooSlow =
        timer_.afterDelay(kAnswerTimeout).then([]() -> void { KJ_FAIL_REQUIRE("the answer was not taken in time"); });
    auto written = stream->write(body->data(), body->size()).exclusiveJoin(kj::mv(tooSlow));
    return written.attach(kj::mv(stream)).attach(kj::mv(body));
  }

  const kj::HttpHeaderTable& table_;
  kj::Timer& timer_;
  const std::function<HttpAnswer(const HttpRequest&)>& handle_;
};

// Descriptors left for connections, some kept back for what a request opens.
std::size_t roomForConnections() {
  rlimit limit{};
  std::error_code failure;
  auto open = std::distance(std::filesystem::directory_iterator("/proc/self/fd", failure), {});
  std::size_t used = kOwnFiles + (failure ? 16 : static_cast<std::size_t>(open));
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= used) return 1;
  return std::min<std::size_t>(kMaxConnections, limit.rlim_cur - used);
}

// Takes connections whatever becomes of one of them: kj-http's own loop ends for ever with the first that cannot be
// accepted (no descriptor left, reset by the client). When there is no room the oldest makes place for the newest, so
// that nobody who holds connections keeps others out.
class Door final : public kj::TaskSet::ErrorHandler {
 public:
  Door(kj::HttpServer& server, kj::Timer& timer)
      : server_(server), timer_(timer), room_(roomForConnections()), serving_(*this) {}

  kj::Promise<void> keepOpen(kj::ConnectionReceiver& receiver) {
    auto taken = receiver.accept().then(
        [this](kj::Own<kj::AsyncIoStream>&& stream) -> kj::Promise<void> {
          serve(kj::mv(stream));
          return kj::READY_NOW;
        },
        [this](kj::Exception&&) -> kj::Promise<void> {
          dropOldest();
          return timer_.afterDelay(kPause);
        });
    return taken.then([this, &receiver] { return keepOpen(receiver); });
  }

 private:
  void serve(kj::Own<kj::AsyncIoStream> stream) {
    while (stop_.size() >= room_) dropOldest();
    auto stop = kj::newPromiseAndFulfiller<void>();
    std::uint64_t number = next_++;
    stop_.emplace(number, kj::mv(stop.fulfiller));
    auto served = kj::evalNow([&] { return server_.listenHttp(kj::mv(stream)); });
    auto gone = [this, number](kj::Exception&&) { stop_.erase(number); };
    serving_.add(
        served.exclusiveJoin(kj::mv(stop.promise)).then([this, number] { stop_.erase(number); }, kj::mv(gone)));
  }

  void dropOldest() {
    if (stop_.empty()) return;
    stop_.begin()->second->fulfill();
    stop_.erase(stop_.begin());
  }

  void taskFailed(kj::Exception&&) override {}  // a connection that failed is gone; the others go on

  kj::HttpServer& server_;
  kj::Timer& timer_;
  std::size_t room_;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, kj::Own<kj::PromiseFulfiller<void>>>
      stop_;  // of each connection, in the order of their coming
  kj::TaskSet serving_;
};

}  // namespace

Result<HttpAnswer> callHttp(const HttpCall& call) {
  PL_TRY(Target target, parseUrl(call.url));
  std::optional<HttpAnswer> answer;
  auto failed = kj::runCatchingExceptions([&] {
    auto io = kj::setupAsyncIo();
    kj::HttpHeaderTable table;
    auto& timer = io.provider->getTimer();
    kj::Promise<HttpAnswer> tooSlow =
        timer.afterDelay(static_cast<int64_t>(call.timeoutSeconds) * kj::SECONDS).then([]() -> HttpAnswer {
          KJ_FAIL_REQUIRE("no answer in time");
        });
    kj::Promise<HttpAnswer> whole =
        io.provider->getNetwork()
            .parseAddress(target.host.c_str(), 80)
            .then([](kj::Own<kj::NetworkAddress>&& address) {
              auto connected = address->connect();
              return connected.attach(kj::mv(address));
            })
            .then([&](kj::Own<kj::AsyncIoStream>&& stream) {
              auto client = kj::newHttpClient(table, *stream);
              auto exchanged = exchange(*client, table, target, call);
              return exchanged.attach(kj::mv(client))
                  .attach(kj::mv(stream));  // the client goes before the stream that it uses
            });
    answer = whole.exclusiveJoin(kj::mv(tooSlow)).wait(io.waitScope);
  });
  KJ_IF_MAYBE (exception, failed) return unavailable(call.url, *exception);
  return std::move(*answer);
}

Status serveHttp(const std::string& address, const std::function<HttpAnswer(const HttpRequest&)>& handle,
                 const std::function<void(unsigned port)>& listening) {
  auto failed = kj::runCatchingExceptions([&] {
    kj::UnixEventPort::captureSignal(SIGTERM);
    kj::UnixEventPort::captureSignal(SIGINT);
    auto io = kj::setupAsyncIo();
    auto stop = io.unixEventPort.onSignal(SIGTERM).ignoreResult().exclusiveJoin(
        io.unixEventPort.onSignal(SIGINT).ignoreResult());
    kj::HttpHeaderTable table;
    auto& timer = io.provider->getTimer();
    Service service(table, timer, handle);
    kj::HttpServerSettings settings;
    settings.headerTimeout = kHeaderTimeout;
    kj::HttpServer server(timer, table, service, settings);
    auto receiver = io.provider->getNetwork().parseAddress(address.c_str()).wait(io.waitScope)->listen();
    listening(receiver->getPort());
    Door door(server, timer);
    door.keepOpen(*receiver).exclusiveJoin(kj::mv(stop)).wait(io.waitScope);
  });
  KJ_IF_MAYBE (exception, failed) return unavailable(address, *exception);
  return {};
}

}  // namespace pilotledger::witness
