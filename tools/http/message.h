// What travels over HTTP, without sockets: a request as a handler sees it, and its answer, whole or as a stream.
// Everything in a Request was checked by the server (README.md, "What is refused"); what it means is for the handler.
// Source: RFC 9110, RFC 9112; WHATWG URL for the query.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "events/base/result.h"

namespace pilotledger::http {

using Clock = std::chrono::steady_clock;

struct Header {
  std::string name;
  std::string value;
};
using Headers = std::vector<Header>;

bool sameName(std::string_view a, std::string_view b);  // without regard to ASCII case
// The first of that name; null when there is none.
const std::string* findHeader(const Headers& headers, std::string_view name);
std::size_t countHeaders(const Headers& headers, std::string_view name);

// Bytes in memory, or a whole file mapped into it. Copies share the bytes, which never change; any thread may read.
class Body {
 public:
  Body() = default;
  Body(std::string bytes) : bytes_(std::make_shared<const std::string>(std::move(bytes))) {}
  Body(const char* text) : Body(std::string(text)) {}
  // The file must be nobody else's to change: an unlinked one. The descriptor stays the caller's.
  static Result<Body> ofFile(int descriptor);

  std::string_view view() const;
  std::size_t size() const { return view().size(); }

 private:
  struct Mapping;
  std::shared_ptr<const std::string> bytes_;
  std::shared_ptr<const Mapping> mapping_;
};

// Tells work that nobody waits for it any more: the client left, or the time for it is over. Any thread; a query asks
// it every few thousand steps.
class Cancellation {
 public:
  bool cancelled() const { return left_.load(std::memory_order_relaxed) || Clock::now() >= due(); }
  bool clientLeft() const { return left_.load(std::memory_order_relaxed); }
  Clock::time_point due() const { return Clock::time_point(Clock::duration(due_.load(std::memory_order_relaxed))); }

  void leave() { left_.store(true, std::memory_order_relaxed); }
  // Only ever earlier: a route may have less time than the server gives to any.
  void dueBy(Clock::time_point due);

 private:
  std::atomic<bool> left_{false};
  std::atomic<Clock::rep> due_{Clock::time_point::max().time_since_epoch().count()};
};

struct Peer {
  std::string address;        // "127.0.0.1", "::1"; empty over a Unix socket
  std::optional<uid_t> user;  // of the process at the other end of a Unix socket, as the kernel says
  bool encrypted = false;     // TLS ended here
};

struct Request {
  std::string id;      // unlike that of any other request; for logs and error answers
  std::string method;  // GET, POST, PUT, PATCH, DELETE or OPTIONS; a HEAD comes as GET and its body is not sent
  bool headOnly = false;
  std::string target;                 // as it was sent: visible ASCII, begins with one '/'
  std::string path;                   // decoded once: UTF-8 without control characters; no segment is "." or ".."
  std::vector<std::string> segments;  // of the path, each decoded by itself: %2F stays inside its segment
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order, repeated names and all; '+' is a blank
  Headers headers;  // at most one of each that means one thing: Host, Authorization, Cookie, Origin, Content-Type ...
  Body body;
  Peer peer;
  std::shared_ptr<Cancellation> cancellation = std::make_shared<Cancellation>();

  const std::string* header(std::string_view name) const { return findHeader(headers, name); }
  bool cancelled() const { return cancellation->cancelled(); }
};

// The server adds Date, Content-Length and Connection; an answer that brings them is a fault of ours.
struct Response {
  unsigned status = 200;
  Headers headers;
  Body body;
};

// The writing end of a streamed answer. Any thread may call any member, whoever keeps it; no call waits for the
// client or runs a callback.
class Stream {
 public:
  virtual ~Stream() = default;

  enum class Written {
    Queued,
    Lagging,  // the client takes too slowly, nothing of this was queued: close() with word where to resume
    Gone,     // the client left, or the stream was closed
  };
  virtual Written write(std::string bytes) = 0;
  virtual std::size_t backlog() const = 0;  // bytes queued and not yet taken by the kernel
  virtual bool isOpen() const = 0;          // false from the moment at which the client is known to have left
  // Sends what is queued, then `last`, whatever the backlog, and ends the answer. Later calls do nothing.
  virtual void close(std::string last = {}) = 0;
};

// An answer that goes on: server-sent events. Its deadline is none; the server's limit of streams counts it.
struct StreamedResponse {
  unsigned status = 200;
  Headers headers;
  std::string heartbeat;  // sent after every 15 s without a write; none when empty
  std::string farewell;   // sent last when the server stops
  // Called once, on the worker, after the handler has returned; never when the answer is to a HEAD. Keeps the stream
  // wherever it likes: one that nobody keeps is closed.
  std::function<void(std::shared_ptr<Stream>)> begin;
};

using Answer = std::variant<Response, StreamedResponse>;

}  // namespace pilotledger::http
