#include "tools/http/client.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "tools/http/transport.h"
#include "tools/http/url.h"

namespace pilotledger::http {
namespace {

using AnswerParser = boost::beast::http::response_parser<boost::beast::http::string_body>;

constexpr std::size_t kClientPiece = 64u << 10;
constexpr std::uint32_t kMaxAnswerHeader = 64u << 10;

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
  int family = AF_UNSPEC;
};

std::vector<Address> lookUp(const Authority& authority) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
  if (authority.host.find(':') != authority.host.npos || authority.host.starts_with("127."))
    hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  std::vector<Address> addresses;
  if (::getaddrinfo(authority.host.c_str(), std::to_string(authority.port).c_str(), &hints, &found) != 0)
    return addresses;
  for (addrinfo* each = found; each; each = each->ai_next) {
    Address address;
    address.size = each->ai_addrlen;
    address.family = each->ai_family;
    std::copy_n(reinterpret_cast<const char*>(each->ai_addr), each->ai_addrlen,
                reinterpret_cast<char*>(&address.bytes));
    addresses.push_back(address);
  }
  ::freeaddrinfo(found);
  return addresses;
}

// The name service knows no deadline: it is asked by a thread of its own, which is left behind when it takes too long.
std::vector<Address> lookUpUntil(const Authority& authority, Clock::time_point until) {
  auto promise = std::make_shared<std::promise<std::vector<Address>>>();
  auto found = promise->get_future();
  std::thread([promise, authority] { promise->set_value(lookUp(authority)); }).detach();
  return found.wait_until(until) == std::future_status::ready ? found.get() : std::vector<Address>();
}

bool isNumeric(const std::string& host) {
  return host.find(':') != host.npos ||
         std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

Address addressOfSocket(const std::string& path) {
  Address address;
  auto* where = reinterpret_cast<sockaddr_un*>(&address.bytes);
  where->sun_family = AF_UNIX;
  path.copy(where->sun_path, sizeof where->sun_path - 1);
  address.size = sizeof *where;
  address.family = AF_UNIX;
  return address;
}

}  // namespace

class Client::Session {
 public:
  Session(Url url, ClientOptions options, TlsContext tls)
      : url_(std::move(url)), options_(std::move(options)), tls_(std::move(tls)) {}

  Result<Response> call(const Call& call);

 private:
  struct Attempt {
    std::optional<Response> response;
    std::string why;
    bool unheard = false;  // the server had closed before it said anything
  };

  Attempt attempt(const Call& call);
  Task<Attempt> exchange(const Call& call, const std::vector<Address>& addresses);
  Task<std::string> connect(const std::vector<Address>& addresses);  // empty, or why not
  Task<Failure> send(const Call& call);
  Task<std::string> receive(AnswerParser& parser);
  std::string format(const Call& call) const;
  Error unavailable(const std::string& target, const std::string& why) const;

  Url url_;
  ClientOptions options_;
  TlsContext tls_;
  boost::asio::io_context loop_{1};
  std::unique_ptr<Transport> transport_;  // connected, when there is one
  std::string in_;
  Clock::time_point until_;
};

Error Client::Session::unavailable(const std::string& target, const std::string& why) const {
  std::string where = url_.origin() + (url_.socket.empty() ? target.substr(0, target.find('?')) : "");
  return makeError(ErrorCode::Unavailable, fmt::format("{}: {}", where, why),
                   fmt::format("{}：无法连接或无应答：{}", where, why));
}

std::string Client::Session::format(const Call& call) const {
  std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", call.method, call.target, url_.hostField());
  for (const Header& header : call.headers) head += fmt::format("{}: {}\r\n", header.name, header.value);
  bool plain = call.body.empty() && (call.method == "GET" || call.method == "HEAD");
  if (!plain) head += fmt::format("Content-Length: {}\r\n", call.body.size());
  return head + "\r\n";
}

Task<std::string> Client::Session::connect(const std::vector<Address>& addresses) {
  std::string why = "no such host";
  for (const Address& address : addresses) {
    transport_ = std::make_unique<Transport>(loop_);
    in_.clear();
    int descriptor = ::socket(address.family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0 || transport_->assign(descriptor, address.family)) co_return "no descriptor is left";
    int yes = 1;
    if (address.family != AF_UNIX) ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    boost::asio::generic::stream_protocol::endpoint to(&address.bytes, address.size);
    auto [failure] = co_await transport_->socket().async_connect(to, kAwait);
    if (!failure && tls_) failure = co_await transport_->handshake(tls_, &url_.authority.host);
    if (!failure) co_return std::string();
    why = failure.message();
    transport_.reset();
    if (Clock::now() >= until_) break;
  }
  co_return why;
}

Task<Failure> Client::Session::send(const Call& call) {
  std::string head = format(call);
  head.append(call.body.substr(0, kClientPiece));
  std::string_view rest = call.body.substr(std::min(call.body.size(), kClientPiece));
  for (std::string_view part : {std::string_view(head), rest}) {
    while (!part.empty()) {
      auto [failure, moved] = co_await transport_->write(boost::asio::buffer(part.data(), part.size()));
      if (failure) co_return failure;
      part.remove_prefix(moved);
    }
  }
  co_return Failure();
}

Task<std::string> Client::Session::receive(AnswerParser& parser) {
  Failure failure;
  while (true) {
    if (!in_.empty()) {
      std::size_t used = parser.put(boost::asio::buffer(in_.data(), in_.size()), failure);
      in_.erase(0, used);
      if (failure && failure != boost::beast::http::error::need_more) co_return failure.message();
      if (parser.is_done()) co_return std::string();
    }
    std::size_t before = in_.size();
    in_.resize(before + kClientPiece);
    auto [broken, moved] = co_await transport_->read(boost::asio::buffer(in_.data() + before, kClientPiece));
    in_.resize(before + moved);
    if (!broken) continue;
    if (broken == boost::asio::error::eof && parser.is_header_done()) {
      parser.put_eof(failure);
      if (!failure && parser.is_done()) co_return std::string();
    }
    co_return broken.message();
  }
}

Task<Client::Session::Attempt> Client::Session::exchange(const Call& call, const std::vector<Address>& addresses) {
  Attempt attempt;
  bool kept = transport_ != nullptr;
  if (!kept) attempt.why = co_await connect(addresses);
  if (!attempt.why.empty()) co_return attempt;
  AnswerParser parser;
  parser.eager(true);
  parser.header_limit(kMaxAnswerHeader);
  parser.body_limit(options_.maxBody);
  parser.skip(call.method == "HEAD");
  Failure unsent = co_await send(call);
  // A server that refuses a body answers before it has read all of it: what it says counts, not the broken pipe.
  attempt.why = co_await receive(parser);
  attempt.unheard = kept && !parser.got_some();
  if (unsent && !attempt.why.empty()) attempt.why = unsent.message();
  if (!attempt.why.empty()) co_return attempt;
  auto message = parser.release();
  Response& response = attempt.response.emplace();
  response.status = message.result_int();
  for (const auto& field : message)
    response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  response.body = Body(std::move(message.body()));
  if (unsent || !message.keep_alive() || !in_.empty()) transport_.reset();
  co_return attempt;
}

Client::Session::Attempt Client::Session::attempt(const Call& call) {
  std::vector<Address> addresses;
  if (!transport_) {
    addresses = !url_.socket.empty()             ? std::vector{addressOfSocket(url_.socket)}
                : isNumeric(url_.authority.host) ? lookUp(url_.authority)
                                                 : lookUpUntil(url_.authority, until_);
  }
  std::optional<Attempt> outcome;
  loop_.restart();
  boost::asio::co_spawn(loop_.get_executor(), exchange(call, addresses),
                        [&](const std::exception_ptr&, Attempt made) { outcome = std::move(made); });
  loop_.run_until(until_);
  if (!outcome) {
    if (transport_) transport_->close();
    loop_.restart();
    loop_.run();  // what waited ends with its socket
    transport_.reset();
    outcome.emplace().why = "no answer in time";
    outcome->response.reset();
  }
  if (!outcome->response) transport_.reset();
  return std::move(*outcome);
}

Result<Response> Client::Session::call(const Call& call) {
  until_ = Clock::now() + options_.timeout;
  if (transport_ && transport_->hasPeerLeft()) transport_.reset();
  Attempt made = attempt(call);
  if (!made.response && made.unheard && call.method != "POST") made = attempt(call);
  if (!made.response) return unavailable(call.target, made.why);
  return std::move(*made.response);
}

Client::Client(std::unique_ptr<Session> session) : session_(std::move(session)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client> Client::of(std::string_view text, ClientOptions options) {
  PL_TRY(Url url, parseUrl(text));
  TlsContext tls;
  if (url.encrypted) {
    PL_TRY(tls, clientTls(options.authorities));
  }
  return Client(std::make_unique<Session>(std::move(url), std::move(options), std::move(tls)));
}

Result<Response> Client::call(const Call& call) {
  auto breaks = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
  bool good = call.target.starts_with('/') && std::none_of(call.target.begin(), call.target.end(), breaks);
  for (const Header& header : call.headers) {
    good = good && header.value.find_first_of(std::string_view("\r\n\0", 3)) == header.value.npos;
    good = good && !header.name.empty() && std::none_of(header.name.begin(), header.name.end(), breaks);
  }
  if (!good) return invalidInput("a call whose target or header has control characters", "请求目标或请求头含控制字符");
  return session_->call(call);
}

Result<Response> callOnce(const std::string& text, Call call, ClientOptions options) {
  PL_TRY(Url url, parseUrl(text));
  if (url.socket.empty()) call.target = url.target;
  PL_TRY(Client client, Client::of(text, std::move(options)));
  call.headers.push_back({"Connection", "close"});
  return client.call(call);
}

std::string percentEncoded(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                 std::string_view("-._~").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace pilotledger::http
