// HTTP over plain TCP, the home of kj-http for witnesses and time-stamp authorities: one call as a client,
// and a small server. Both are bounded in time and size. https ends at a proxy in front.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::witness {

struct HttpAnswer {
  unsigned status = 0;
  std::string contentType;
  std::string body;
};

struct HttpCall {
  bool post = false;
  std::string url;          // http://HOST[:PORT]/PATH
  std::string contentType;  // of the body
  std::string body;
  unsigned timeoutSeconds = 10;  // for the whole call
};

inline constexpr std::size_t kMaxHttpBody = 1u << 20;

// Any status is an answer; Unavailable when there is none in time, InvalidInput for a URL that is not one.
Result<HttpAnswer> callHttp(const HttpCall& call);

struct HttpRequest {
  bool post = false;
  std::string path;
  std::string body;
};

// Serves on "127.0.0.1:PORT" (0: any free one) until SIGTERM or SIGINT. `listening` is told the port once
// connections are taken. Requests are handled one at a time. Connections are at most 256 and fewer than there are
// descriptors; the oldest makes place for the newest, and one that sends nothing is closed after 10 seconds.
Status serveHttp(const std::string& address, const std::function<HttpAnswer(const HttpRequest&)>& handle,
                 const std::function<void(unsigned port)>& listening);

}  // namespace pilotledger::witness
