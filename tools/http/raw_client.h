// Tests only: a client that sends what no client should, byte by byte.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace pilotledger::http {

class RawClient {
 public:
  // From 127.0.0.`from`: each is another address to the server.
  explicit RawClient(unsigned port, unsigned from = 1, int receiveBuffer = 0) {
    descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receiveBuffer > 0) ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
    sockaddr_in here = at(0x7f000000u + from, 0);
    if (from != 1) ::bind(descriptor_, reinterpret_cast<sockaddr*>(&here), sizeof here);
    sockaddr_in there = at(INADDR_LOOPBACK, port);
    connected_ = ::connect(descriptor_, reinterpret_cast<sockaddr*>(&there), sizeof there) == 0;
  }
  RawClient(RawClient&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), connected_(other.connected_) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  bool isConnected() const { return connected_; }
  bool send(std::string_view bytes) {
    return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  void shutdownWrite() { ::shutdown(descriptor_, SHUT_WR); }
  // Closes with a reset, not with a goodbye.
  void reset() {
    linger none{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    ::close(std::exchange(descriptor_, -1));
  }

  // Until `marker` has come (empty: until the server closes), or the time is over.
  std::string receive(std::string_view marker = {}, std::chrono::milliseconds atMost = std::chrono::seconds(5)) {
    auto until = std::chrono::steady_clock::now() + atMost;
    while (marker.empty() || got_.find(marker) == got_.npos) {
      auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      pollfd waiting{descriptor_, POLLIN, 0};
      if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) break;
      char bytes[4096];
      ssize_t size = ::recv(descriptor_, bytes, sizeof bytes, 0);
      closed_ = size <= 0;
      if (closed_) break;
      got_.append(bytes, static_cast<std::size_t>(size));
    }
    return std::exchange(got_, {});
  }
  bool isClosed(std::chrono::milliseconds within = std::chrono::seconds(5)) {  // by the server
    if (!closed_) (void)receive({}, within);
    return closed_;
  }

 private:
  static sockaddr_in at(std::uint32_t host, unsigned port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(host);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
  }

  int descriptor_ = -1;
  bool connected_ = false;
  bool closed_ = false;
  std::string got_;
};

}  // namespace pilotledger::http
