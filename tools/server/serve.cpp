#include "tools/server/serve.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>

#include "tools/http/signals.h"
#include "tools/server/answer.h"

namespace pilotledger::server {
namespace {

// Lines to standard error by a thread of its own: whoever is slow to read them holds up no request. What does not fit
// is left out, and that is said.
class LogLines {
 public:
  LogLines() : thread_([this] { run(); }) {}
  ~LogLines() {
    {
      std::lock_guard lock(mutex_);
      ending_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  void write(const std::string& line) {
    constexpr std::size_t kMostLines = 10'000;
    std::lock_guard lock(mutex_);
    if (lines_.size() < kMostLines) {
      lines_.push_back(line);
    } else {
      ++leftOut_;
    }
    changed_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return ending_ || !lines_.empty(); });
      if (lines_.empty()) return;
      std::string text = std::move(lines_.front()) + "\n";
      lines_.pop_front();
      if (std::uint64_t count = std::exchange(leftOut_, 0); count > 0)
        text += fmt::format("{{\"event\":\"log_lines_left_out\",\"count\":{}}}\n", count);
      lock.unlock();
      for (std::size_t at = 0; at < text.size();) {
        ssize_t written = ::write(STDERR_FILENO, text.data() + at, text.size() - at);
        if (written <= 0) break;  // nobody reads it any more
        at += static_cast<std::size_t>(written);
      }
      lock.lock();
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
  std::uint64_t leftOut_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

// One datagram to the socket that systemd names (sd_notify(3)).
void tellSystemd(std::string_view state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr || (*path != '/' && *path != '@')) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::string_view name(path);
  if (name.size() >= sizeof address.sun_path) return;
  std::copy(name.begin(), name.end(), address.sun_path);
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
  int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return;
  auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  (void)::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), length);
  ::close(socket);
}

void fillHooks(http::Options& options, Backend& backend) {
  options.bodyLimit = [&backend](const http::Request& request) { return backend.bodyLimit(request); };
  options.live = [&backend](const http::Request& request) { return backend.live(request); };
  options.refusal = [](unsigned status, const Message& why, const std::string& id) { return refusal(status, why, id); };
  // The path without its query: a person may have been searched for.
  options.finished = [&backend](const http::Request& request, const http::Outcome& outcome) {
    backend.metrics.count(request, outcome);
    backend.log({{"event", "request"},
                 {"request", request.id},
                 {"method", request.method},
                 {"path", request.path},
                 {"from", request.peer.address},
                 {"status", outcome.status},
                 {"bytes", outcome.bodyBytes},
                 {"complete", outcome.complete},
                 {"microseconds", outcome.took.count()}});
  };
  options.fault = [&backend](const http::Request& request, std::string_view what) {
    backend.log({{"event", "fault"}, {"request", request.id}, {"path", request.path}, {"what", what}});
  };
}

}  // namespace

Status serve(BackendOptions backendOptions, http::Options options, std::string_view secret,
             const std::function<void(const std::vector<std::string>& urls)>& started) {
  http::StopSignals signals;
  LogLines lines;
  backendOptions.log = [&lines](const std::string& line) { lines.write(line); };
  PL_TRY(auto backend, Backend::open(std::move(backendOptions), secret));
  fillHooks(options, *backend);
  PL_TRY(auto server, http::Server::start(std::move(options),
                                          [&](const http::Request& request) { return backend->answer(request); }));
  backend->metrics.setCounters([of = server.get()] { return of->counters(); });
  backend->log({{"event", "started"}, {"urls", server->urls()}, {"position", backend->writer->size()}});
  started(server->urls());
  tellSystemd("READY=1");
  while (signals.wait() == SIGHUP) {
    Status loaded = server->reloadCertificates();
    backend->log({{"event", "reloaded"}, {"what", loaded.ok() ? "" : loaded.error().message.en}});
  }
  tellSystemd("STOPPING=1");
  backend->log({{"event", "stopping"}});
  backend->stopping = true;
  server->stop();
  backend->stop();
  backend->log({{"event", "stopped"}, {"position", backend->writer->size()}});
  return {};
}

Status checkServe(const service::Site& site, http::Options options) {
  PL_TRY([[maybe_unused]] auto ledger,
         ledger::Ledger::open(site.ledgerDirectory, ledger::OpenMode::ReadOnly, site.clock));
  if (options.certificate.empty()) return {};
  options.listen = {"127.0.0.1:0"};  // reads the certificate as a server does
  PL_TRY(auto server, http::Server::start(std::move(options), [](const http::Request&) { return http::Response{}; }));
  return {};
}

}  // namespace pilotledger::server
