// Listening sockets, and who is at the other end of what they take. Every descriptor is closed on exec.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>

#include "events/base/result.h"
#include "tools/http/message.h"

namespace pilotledger::http {

class Listener {
 public:
  // "HOST:PORT", "[::1]:0" or "unix:/path". InvalidInput for other text; Unavailable when it cannot be had.
  static Result<Listener> open(const std::string& address, mode_t socketMode);
  Listener(Listener&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        host_(std::move(other.host_)),
        path_(std::exchange(other.path_, {})),
        port_(other.port_) {}
  Listener& operator=(Listener&&) = delete;
  ~Listener();  // removes its Unix socket

  int descriptor() const { return descriptor_; }
  bool isUnix() const { return !path_.empty(); }
  const std::string& host() const { return host_; }  // as in a URL: "[::1]"
  const std::string& path() const { return path_; }
  unsigned port() const { return port_; }
  bool isEverywhere() const { return host_ == "0.0.0.0" || host_ == "[::]"; }
  bool isLoopback() const { return host_.starts_with("127.") || host_ == "[::1]" || host_ == "localhost"; }

  // The next connection, non-blocking, or -1 with errno.
  int accept(Peer& peer) const;

 private:
  Listener(int descriptor, std::string host, std::string path, unsigned port)
      : descriptor_(descriptor), host_(std::move(host)), path_(std::move(path)), port_(port) {}

  static Result<Listener> openUnix(const std::string& path, mode_t socketMode);

  int descriptor_;
  std::string host_;
  std::string path_;
  unsigned port_;
};

}  // namespace pilotledger::http
