#include "tools/http/listener.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include "tools/http/url.h"

namespace pilotledger::http {
namespace {

constexpr int kBacklog = 512;
constexpr std::string_view kUnix = "unix:";

Error cannotListen(const std::string& address, const char* why) {
  return makeError(ErrorCode::Unavailable, fmt::format("cannot listen on {}: {}", address, why),
                   fmt::format("无法监听 {}：{}", address, why));
}

unsigned portOf(int descriptor) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  return ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port
                                           : reinterpret_cast<sockaddr_in*>(&bound)->sin_port);
}

int bindTo(const addrinfo& where) {
  int descriptor = ::socket(where.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return -1;
  int yes = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (where.ai_family == AF_INET6) ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
  if (::bind(descriptor, where.ai_addr, where.ai_addrlen) == 0 && ::listen(descriptor, kBacklog) == 0)
    return descriptor;
  int why = errno;
  ::close(descriptor);
  errno = why;
  return -1;
}

bool answersOn(const sockaddr_un& where) {
  int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool answered = probe >= 0 && ::connect(probe, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
  if (probe >= 0) ::close(probe);
  return answered;
}

}  // namespace

Result<Listener> Listener::openUnix(const std::string& path, mode_t socketMode) {
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof where.sun_path)
    return invalidInput(fmt::format("a path of 1 to {} bytes is expected after unix:", sizeof where.sun_path - 1),
                        fmt::format("unix: 之后应为 1 至 {} 字节的路径", sizeof where.sun_path - 1));
  path.copy(where.sun_path, path.size());
  struct stat there {};
  if (::lstat(path.c_str(), &there) == 0) {
    if (!S_ISSOCK(there.st_mode) || answersOn(where)) return cannotListen(kUnix.data() + path, "it is in use");
    ::unlink(path.c_str());  // of a server that was killed
  }
  int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return cannotListen(kUnix.data() + path, std::strerror(errno));
  // The mode is right before anybody can connect: the kernel gives the socket file that of its descriptor.
  bool good = ::fchmod(descriptor, socketMode) == 0 &&
              ::bind(descriptor, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0 &&
              ::chmod(path.c_str(), socketMode) == 0 && ::listen(descriptor, kBacklog) == 0;
  if (good) return Listener(descriptor, "", path, 0);
  Error error = cannotListen(kUnix.data() + path, std::strerror(errno));
  ::close(descriptor);
  return error;
}

Result<Listener> Listener::open(const std::string& address, mode_t socketMode) {
  if (address.starts_with(kUnix)) return openUnix(address.substr(kUnix.size()), socketMode);
  PL_TRY(Authority authority, parseAuthority(address, std::nullopt));
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  std::string port = std::to_string(authority.port);
  if (int why = ::getaddrinfo(authority.host.c_str(), port.c_str(), &hints, &found); why != 0)
    return cannotListen(address, ::gai_strerror(why));
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  int descriptor = bindTo(*found);
  if (descriptor < 0) return cannotListen(address, std::strerror(errno));
  return Listener(descriptor, authority.inUrl(), "", portOf(descriptor));
}

Listener::~Listener() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (isUnix()) ::unlink(path_.c_str());
}

int Listener::accept(Peer& peer) const {
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  int connection = ::accept4(descriptor_, reinterpret_cast<sockaddr*>(&from), &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (connection < 0) return -1;
  if (isUnix()) {
    ucred who{};
    socklen_t length = sizeof who;
    if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &who, &length) == 0) peer.user = who.uid;
    return connection;
  }
  char text[NI_MAXHOST] = "";
  ::getnameinfo(reinterpret_cast<sockaddr*>(&from), size, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  peer.address = text;
  int yes = 1;
  ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return connection;
}

}  // namespace pilotledger::http
