// An HTTP/1.1 server for hostile networks: one thread reads, checks and writes, a fixed pool of workers answers.
// Guarantees: a handler only sees requests that every parser reads alike (README.md, "What is refused"); nothing that
// a client does ends the server or keeps others out; memory, descriptors, threads and waiting time are bounded.
// Errors: start() says what is wrong with the options or the machine; after that clients get a status and no
// internal text. Threads: each member may be called from any thread; stop() from one that is no worker.
// Source: RFC 9110, RFC 9112, RFC 8446; Boost.Beast and OpenSSL below.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "tools/http/message.h"

namespace pilotledger::http {

struct Limits {
  std::size_t headerBytes = 16u << 10;  // request line and fields; 431 above
  std::size_t headerFields = 100;       // 431
  std::size_t targetBytes = 8u << 10;   // 414
  std::size_t bodyInMemory = 1u << 20;  // longer ones are spooled to an unlinked file and mapped
  std::size_t connections = 1000;       // lowered at the start to what RLIMIT_NOFILE leaves
  std::size_t connectionsPerAddress = 50;
  std::size_t spooled = 16;              // bodies that are being spooled at a time; 503 above
  std::size_t streams = 200;             // 503 above
  std::size_t streamBacklog = 1u << 20;  // bytes that a stream keeps for a slow client
  std::size_t workers = 4;
  std::size_t queue = 256;  // requests that wait for a worker; 503 above

  std::chrono::milliseconds header{10'000};     // from the first byte (or the connection) to the end of the header
  std::chrono::milliseconds keepAlive{60'000};  // between two requests
  std::chrono::milliseconds write{30'000};      // in which a client must take something
  std::uint64_t bodyBytesPerSecond = 1024;      // a body must bring, after a grace of `header`
  std::chrono::milliseconds request{60'000};    // for the work, waiting in the queue included; then 503
  std::chrono::milliseconds drain{10'000};      // for requests at work when the server stops
};

// What became of a request, once its last byte was taken or its client was gone.
struct Outcome {
  unsigned status = 0;
  std::uint64_t bodyBytes = 0;  // sent
  bool complete = false;        // the client took all of it
  std::chrono::microseconds took{0};
};

// Runs on a worker, many at a time. What it throws is answered by 500 without its text.
using Handler = std::function<Answer(const Request&)>;

struct Options {
  std::vector<std::string> listen;  // "127.0.0.1:8443", "[::1]:0" (any free port), "unix:/run/pilotledger/socket"
  // Names that a Host field over TCP may say, with or without ":PORT": against DNS rebinding. Empty: the addresses
  // listened on and, on loopback, "localhost". "*" takes any, for answers that are the same for everyone.
  std::vector<std::string> hosts;
  std::string certificate;     // PEM chain; with it all TCP addresses speak TLS >= 1.2. A Unix socket never does.
  std::string key;             // PEM
  mode_t socketMode = 0600;    // of Unix sockets
  std::string spoolDirectory;  // for long bodies; empty: the system's directory for temporary files
  Limits limits;

  // The rest is optional. These run on the loop: they must not wait for anything.
  // Asked before a body is read: the most bytes it may have; 413 above. By itself 1 MiB.
  std::function<std::uint64_t(const Request& withoutBody)> bodyLimit;
  // Answers at once though all workers are busy: /live. Nothing: the request goes to a worker.
  std::function<std::optional<Response>(const Request&)> live;
  // Words a refusal of the server's own (400, 404 of no handler, 408, 411, 413, 414, 421, 431, 500, 503); by itself
  // plain text in both languages.
  std::function<Response(unsigned status, const Message& why, const std::string& requestId)> refusal;
  std::function<void(const Request&, const Outcome&)> finished;
  // A handler threw: what it said, for the operator's log only. Called by the worker.
  std::function<void(const Request&, std::string_view what)> fault;
};

// Since the start, or now (`open...`, `waiting`, `atWork`).
struct Counters {
  std::uint64_t connections = 0;         // taken
  std::uint64_t connectionsRefused = 0;  // too many, or too many of one address
  std::uint64_t acceptPauses = 0;        // no descriptor was left
  std::uint64_t requests = 0;            // given to a handler or to `live`
  std::uint64_t badRequests = 0;         // refused before
  std::uint64_t queueFull = 0;
  std::uint64_t timeouts = 0;     // header, body, write or work
  std::uint64_t clientsLeft = 0;  // while they were answered
  std::uint64_t bytesIn = 0;
  std::uint64_t bytesOut = 0;
  std::uint64_t answers[6] = {};  // by status / 100
  std::uint64_t openConnections = 0;
  std::uint64_t openStreams = 0;
  std::uint64_t waiting = 0;
  std::uint64_t atWork = 0;
};

class Server {
 public:
  // Listens when it returns. A Unix socket that a dead server left behind is replaced; a living one is Unavailable.
  static Result<std::unique_ptr<Server>> start(Options options, Handler handler);
  ~Server();  // stops

  unsigned port() const;                  // of the first TCP address; 0 when there is none
  std::vector<std::string> urls() const;  // "https://127.0.0.1:8443", "unix:/path"; as listened on
  Counters counters() const;
  bool stopping() const;  // for /ready

  // New connections get the files as they are now; when they are bad the old ones stay. SIGHUP is the caller's.
  Status reloadCertificates();

  // In this order: takes no connection and no further request, ends streams with their farewell, waits for requests
  // at work (Limits::drain, then they are cancelled), joins the workers. Whoever owns the ledger syncs after.
  void stop();

 private:
  class Implementation;
  explicit Server(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace pilotledger::http
