// What a monitor asks for: the server's counters and the ledger's state, in the text form of Prometheus.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "tools/http/server.h"

namespace pilotledger::server {

class Backend;

// Threads: any, many at a time. Labels are operations of the table of routes and statuses: as many as the table has.
class Metrics {
 public:
  void count(const http::Request& request, const http::Outcome& outcome);
  // Of the sockets; set once the server listens.
  void setCounters(std::function<http::Counters()> counters);
  // Text format 0.0.4.
  std::string text(const Backend& backend) const;

 private:
  static constexpr std::array<double, 7> kSeconds = {0.001, 0.005, 0.02, 0.1, 0.5, 2, 10};  // upper bounds
  struct Times {
    std::array<std::uint64_t, kSeconds.size()> within{};  // not more than the bound, each
    std::uint64_t count = 0;
    double sum = 0;
  };
  std::string requests() const;
  std::string sockets() const;

  mutable std::mutex mutex_;
  std::map<std::pair<std::string_view, unsigned>, std::uint64_t> answers_;  // by operation and status
  std::map<std::string_view, Times> times_;
  std::function<http::Counters()> counters_;
};

}  // namespace pilotledger::server
