// The server of tools/http, for another parser to be compared with: says what it took each request for. Prints its
// port; ends with SIGTERM.
#include <fmt/format.h>

#include "tools/http/server.h"
#include "tools/http/signals.h"

int main() {
  using namespace pilotledger;
  http::StopSignals signals;
  http::Options options;
  options.listen = {"127.0.0.1:0"};
  options.hosts = {"*"};
  options.limits.connectionsPerAddress = options.limits.connections;
  auto server = http::Server::start(std::move(options), [](const http::Request& request) {
    std::string saw =
        fmt::format("{} {} {}", request.headOnly ? "HEAD" : request.method, request.target, request.body.size());
    return http::Answer(http::Response{200, {{"X-Served", saw}}, "ok"});
  });
  if (!server.ok()) return 1;
  fmt::print("{}\n", (*server)->port());
  std::fflush(stdout);
  signals.wait();
  (*server)->stop();
}
