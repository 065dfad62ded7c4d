// Calls over HTTP/1.1 to one server, over TCP, TLS or a Unix socket, one after the other on a connection that is kept.
// Guarantees: a call ends in time, whatever the server or the name service does; answers are bounded; over https the
// certificate must lead to a trusted authority and name the host. Redirections are answers, not followed.
// Errors: InvalidInput for a URL or files that are no good; Unavailable, with the URL, when there is no answer.
// Threads: one at a time. Source: RFC 9112, RFC 9525.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "events/base/result.h"
#include "tools/http/message.h"

namespace pilotledger::http {

struct ClientOptions {
  std::string authorities{};                  // PEM file of those trusted instead of the system's
  std::chrono::milliseconds timeout{10'000};  // of a call, from looking up the name to the last byte
  std::size_t maxBody = 1u << 20;             // of an answer
};

struct Call {
  std::string method = "GET";
  std::string target = "/";  // path and query, percent-encoded
  Headers headers{};         // Host and Content-Length come by themselves
  std::string_view body{};   // sent with its length, unless the method is GET or HEAD and it is empty
};

class Client {
 public:
  // Of the URL only where the server is. Nothing is connected yet.
  static Result<Client> of(std::string_view url, ClientOptions options = {});
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // Any status is an answer. On a kept connection that turns out closed, a call other than POST is tried once more.
  Result<Response> call(const Call& call);

 private:
  class Session;
  explicit Client(std::unique_ptr<Session> session);
  std::unique_ptr<Session> session_;
};

// One call to the whole URL, on a connection of its own.
Result<Response> callOnce(const std::string& url, Call call, ClientOptions options = {});

// A part of a path or a query, percent-encoded but for letters, digits and "-._~".
std::string percentEncoded(std::string_view text);

}  // namespace pilotledger::http
