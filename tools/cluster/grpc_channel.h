// Unary gRPC calls over HTTP/2 and mutual TLS (1.2 and later), on connections that are kept; the only place that knows
// libcurl. Guarantees: a request is sent at most once, so that its fate is known or said to be unknown (libcurl by
// itself sends again on a connection that turns out closed); a call ends within its deadline; answers are bounded; the
// server's certificate leads to the given authority and names the host. Proxies and settings of the environment are
// not used. Threads: one at a time for a channel.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::cluster {

struct TlsFiles {  // PEM
  std::string authorities;
  std::string certificate;
  std::string key;
};

struct GrpcAnswer {
  enum class Fate {
    Answered,  // `status` and `message` are the server's; `body` is the framed answer where the status is 0
    NotSent,   // nothing of the request left this machine
    Unknown,   // it may have been done, and may still be
  };
  Fate fate = Fate::Unknown;
  int status = 0;
  std::string message;  // the server's words; where it gave no answer, libcurl's
  std::string body;
};

class GrpcChannel {
 public:
  static Result<std::unique_ptr<GrpcChannel>> make(const TlsFiles& files);
  virtual ~GrpcChannel() = default;
  // The URL is of the method: "https://HOST:PORT/etcdserverpb.KV/Txn".
  virtual GrpcAnswer call(const std::string& url, std::string_view framedRequest,
                          std::chrono::milliseconds deadline) = 0;
};

}  // namespace pilotledger::cluster
