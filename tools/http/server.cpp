#include "tools/http/server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <filesystem>
#include <future>
#include <iterator>
#include <map>
#include <random>
#include <thread>

#include "tools/http/connection.h"
#include "tools/http/listener.h"
#include "tools/http/reply.h"

namespace pilotledger::http {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds kSweep{100};
constexpr std::chrono::milliseconds kPause{100};  // after a connection for which there was no descriptor
constexpr std::chrono::seconds kLastAnswers{2};   // for clients to take what was answered while the server stopped
constexpr std::size_t kOwnFiles = 16;             // that requests at work may open
constexpr int kAtOnce = 64;                       // connections taken before others get their turn

// Descriptors left for connections, some kept back for what requests open.
std::size_t roomForConnections(std::size_t wanted) {
  rlimit limit{};
  std::error_code failure;
  auto open = std::distance(std::filesystem::directory_iterator("/proc/self/fd", failure), {});
  std::size_t used = kOwnFiles + (failure ? 16 : static_cast<std::size_t>(open));
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= used) return 1;
  return std::min<std::size_t>(wanted, limit.rlim_cur - used);
}

// Whose connections are counted together: an address, or a network of IPv6, whose holder has 2^64 of them.
std::string holderOf(const Peer& peer) {
  std::array<char, 16> bytes{};
  if (::inet_pton(AF_INET6, peer.address.c_str(), bytes.data()) != 1) return peer.address;
  return std::string(bytes.data(), 8);
}

bool isShortage(int error) { return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM; }

Result<std::vector<std::string>> hostsOf(const Options& options, const std::vector<Listener>& listeners) {
  std::vector<std::string> hosts = options.hosts;
  if (!hosts.empty()) return hosts;
  for (const Listener& listener : listeners) {
    if (listener.isUnix()) continue;
    if (listener.isEverywhere())
      return invalidInput("name the hosts that clients may call this server by, when it listens on every address",
                          "监听所有地址时，须列出客户端可使用的主机名");
    hosts.push_back(listener.host());
    if (listener.isLoopback()) hosts.insert(hosts.end(), {"localhost", "127.0.0.1", "[::1]"});
  }
  return hosts;
}

}  // namespace

class Server::Implementation {
 public:
  Implementation(Options options, Handler handler)
      : workers_(options.limits.workers, options.limits.queue), disk_(1, options.limits.connections) {
    room_ = roomForConnections(options.limits.connections);
    service_ = std::make_unique<Service>(std::move(options), std::move(handler), loop_, workers_, disk_);
    service_->ended = [this](Connection& connection) { forget(connection); };
    service_->date = dateField();
    service_->idPrefix = fmt::format("{:08x}", std::random_device()());
  }
  ~Implementation() { stop(); }

  Status listen();
  Status reloadCertificates();
  void run();
  void stop();

  std::vector<Listener> listeners_;
  asio::io_context loop_{1};
  std::unique_ptr<Service> service_;
  std::atomic<std::uint64_t> taken_{0}, refused_{0}, pauses_{0}, open_{0};
  Workers workers_;
  Workers disk_;

 private:
  struct Door {
    explicit Door(asio::io_context& loop) : ready(loop), pause(loop) {}
    asio::posix::basic_stream_descriptor<Executor> ready;
    Timer pause;
  };

  Task<void> takeConnections(const Listener& listener, std::shared_ptr<Door> door);
  Task<void> sweep();
  void take(int descriptor, Peer peer, bool isUnix);
  bool makePlace(const std::string* holder);
  void forget(const Connection& connection);
  void beginStop();
  void onLoop(const std::function<void()>& what);  // and waits for it
  bool waitUntilEmpty(std::chrono::milliseconds atMost);

  TlsContext tls_;  // the loop's
  std::size_t room_ = 0;
  std::map<std::uint64_t, std::shared_ptr<Connection>> connections_;  // the loop's, in the order of their coming
  std::map<std::string, std::size_t> perHolder_;
  std::uint64_t next_ = 0;
  std::vector<std::shared_ptr<Door>> doors_;
  Timer sweeping_{loop_};
  bool stopped_ = false;  // the loop's: it ends when the last connection has
  std::mutex stopping_;
  std::thread thread_;
};

Status Server::Implementation::listen() {
  const Options& options = service_->options;
  if (options.listen.empty()) return invalidInput("no address to listen on", "未指定监听地址");
  if (!options.certificate.empty() || !options.key.empty()) {
    PL_TRY(tls_, serverTls(options.certificate, options.key));
  }
  for (const std::string& address : options.listen) {
    PL_TRY(Listener listener, Listener::open(address, options.socketMode));
    listeners_.push_back(std::move(listener));
  }
  PL_TRY(service_->hosts, hostsOf(options, listeners_));
  return {};
}

void Server::Implementation::run() {
  for (const Listener& listener : listeners_) {
    auto door = std::make_shared<Door>(loop_);
    door->ready.assign(::dup(listener.descriptor()));
    doors_.push_back(door);
    asio::co_spawn(loop_.get_executor(), takeConnections(listener, door), asio::detached);
  }
  asio::co_spawn(loop_.get_executor(), sweep(), asio::detached);
  thread_ = std::thread([this] { loop_.run(); });
}

Task<void> Server::Implementation::takeConnections(const Listener& listener, std::shared_ptr<Door> door) {
  while (!service_->stopping) {
    auto [failure] = co_await door->ready.async_wait(asio::posix::descriptor_base::wait_read, kAwait);
    if (failure) co_return;
    for (int i = 0; i < kAtOnce; ++i) {
      Peer peer;
      int descriptor = listener.accept(peer);
      if (descriptor >= 0) {
        take(descriptor, std::move(peer), listener.isUnix());
      } else if (isShortage(errno)) {
        ++pauses_;
        makePlace(nullptr);
        door->pause.expires_after(kPause);
        (void)co_await door->pause.async_wait(kAwait);
        break;
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        break;
      }  // any other: that client is gone already, and the next is looked at
    }
  }
}

void Server::Implementation::take(int descriptor, Peer peer, bool isUnix) {
  const Limits& limits = service_->options.limits;
  const std::string holder = holderOf(peer);
  auto held = perHolder_.find(holder);
  bool few = held == perHolder_.end() || held->second < limits.connectionsPerAddress;
  bool place = isUnix || few || makePlace(&holder);
  place = place && (connections_.size() < room_ || makePlace(nullptr));
  if (!place) {
    ++refused_;
    ::close(descriptor);
    return;
  }
  ++taken_;
  if (!isUnix) ++perHolder_[holder];
  auto connection = std::make_shared<Connection>(*service_, ++next_, std::move(peer));
  connections_.emplace(connection->number(), connection);
  open_ = connections_.size();
  connection->start(descriptor, isUnix ? nullptr : tls_);
}

// Closes the connection that has been idle for longest, of all or of one holder: whoever holds connections keeps
// nobody out.
bool Server::Implementation::makePlace(const std::string* holder) {
  std::shared_ptr<Connection> oldest;
  for (auto& [number, connection] : connections_) {
    if (holder && holderOf(connection->peer()) != *holder) continue;
    auto since = connection->idleSince();
    if (since && (!oldest || *since < *oldest->idleSince())) oldest = connection;
  }
  if (!oldest) return false;
  oldest->close();
  forget(*oldest);
  return true;
}

void Server::Implementation::forget(const Connection& connection) {
  const std::string holder = holderOf(connection.peer());
  if (connections_.erase(connection.number()) == 0) return;
  open_ = connections_.size();
  auto found = perHolder_.find(holder);
  if (found != perHolder_.end() && --found->second == 0) perHolder_.erase(found);
}

Task<void> Server::Implementation::sweep() {
  while (!stopped_ || !connections_.empty()) {
    sweeping_.expires_after(kSweep);
    (void)co_await sweeping_.async_wait(kAwait);
    auto now = Clock::now();
    service_->date = dateField();
    auto connections = connections_;  // one that ends leaves the map
    for (auto& [number, connection] : connections) connection->sweep(now);
  }
}

Status Server::Implementation::reloadCertificates() {
  const Options& options = service_->options;
  if (options.certificate.empty()) return {};
  PL_TRY(TlsContext fresh, serverTls(options.certificate, options.key));
  asio::post(loop_, [this, fresh] { tls_ = fresh; });
  return {};
}

void Server::Implementation::onLoop(const std::function<void()>& what) {
  std::promise<void> done;
  asio::post(loop_, [&] {
    what();
    done.set_value();
  });
  done.get_future().wait();
}

bool Server::Implementation::waitUntilEmpty(std::chrono::milliseconds atMost) {
  auto until = Clock::now() + atMost;
  while (open_ > 0 && Clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return open_ == 0;
}

void Server::Implementation::beginStop() {
  for (auto& door : doors_) {
    Failure ignored;
    door->ready.close(ignored);
    door->pause.cancel();
  }
  auto connections = connections_;
  for (auto& [number, connection] : connections) connection->stop();
}

void Server::Implementation::stop() {
  std::lock_guard held(stopping_);
  if (!thread_.joinable()) return;
  service_->stopping = true;
  onLoop([this] { beginStop(); });
  if (!waitUntilEmpty(service_->options.limits.drain)) {
    onLoop([this] {
      auto connections = connections_;
      for (auto& [number, connection] : connections) connection->giveUp();
    });
  }
  workers_.join();
  waitUntilEmpty(kLastAnswers);
  onLoop([this] {
    stopped_ = true;
    auto connections = connections_;
    for (auto& [number, connection] : connections) connection->close();
  });
  thread_.join();
  disk_.join();
  listeners_.clear();
}

Result<std::unique_ptr<Server>> Server::start(Options options, Handler handler) {
  auto implementation = std::make_unique<Implementation>(std::move(options), std::move(handler));
  PL_CHECK(implementation->listen());
  implementation->run();
  return std::unique_ptr<Server>(new Server(std::move(implementation)));
}

Server::Server(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Server::~Server() = default;

unsigned Server::port() const {
  for (const Listener& listener : implementation_->listeners_) {
    if (!listener.isUnix()) return listener.port();
  }
  return 0;
}

// By a name that the server answers to: where clients must not call it by its address, by the first that they may.
std::vector<std::string> Server::urls() const {
  std::vector<std::string> urls;
  const char* scheme = implementation_->service_->options.certificate.empty() ? "http" : "https";
  const std::vector<std::string>& names = implementation_->service_->options.hosts;
  for (const Listener& listener : implementation_->listeners_) {
    const bool byAddress = names.empty() || isHostAllowed(listener.host(), names);
    const std::string host = byAddress ? listener.host() : names.front().substr(0, names.front().rfind(':'));
    urls.push_back(listener.isUnix() ? "unix:" + listener.path()
                                     : fmt::format("{}://{}:{}", scheme, host, listener.port()));
  }
  return urls;
}

Counters Server::counters() const {
  const auto& tally = implementation_->service_->tally;
  Counters counters;
  counters.connections = implementation_->taken_;
  counters.connectionsRefused = implementation_->refused_;
  counters.acceptPauses = implementation_->pauses_;
  counters.requests = tally.requests;
  counters.badRequests = tally.badRequests;
  counters.queueFull = tally.queueFull;
  counters.timeouts = tally.timeouts;
  counters.clientsLeft = tally.clientsLeft;
  counters.bytesIn = tally.bytesIn;
  counters.bytesOut = tally.bytesOut;
  std::copy(std::begin(tally.answers), std::end(tally.answers), std::begin(counters.answers));
  counters.openConnections = implementation_->open_;
  counters.openStreams = tally.streams;
  counters.waiting = implementation_->workers_.waiting();
  counters.atWork = implementation_->workers_.atWork();
  return counters;
}

bool Server::stopping() const { return implementation_->service_->stopping; }
Status Server::reloadCertificates() { return implementation_->reloadCertificates(); }
void Server::stop() { implementation_->stop(); }

}  // namespace pilotledger::http
