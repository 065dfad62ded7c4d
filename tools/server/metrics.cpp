#include "tools/server/metrics.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tools/server/backend.h"
#include "tools/server/call.h"

namespace pilotledger::server {
namespace {

namespace fs = std::filesystem;

std::string head(std::string_view name, std::string_view type, std::string_view help) {
  return fmt::format("# HELP pilotledger_{0} {2}\n# TYPE pilotledger_{0} {1}\n", name, type, help);
}

template <typename Number>
std::string one(std::string_view name, std::string_view type, std::string_view help, Number value) {
  return head(name, type, help) + fmt::format("pilotledger_{} {}\n", name, value);
}

std::uint64_t residentBytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t whole = 0, resident = 0;
  statm >> whole >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t openDescriptors() {
  std::error_code failure;
  std::size_t count = 0;
  for (fs::directory_iterator at("/proc/self/fd", failure), end; !failure && at != end; at.increment(failure)) ++count;
  return count;
}

std::string ledgerText(const Backend& backend) {
  const std::uint64_t written = backend.writer->size(), modelled = backend.feed->modelPosition();
  std::string text = one("ledger_entries", "gauge", "Entries that are signed and on stable storage", written);
  text += one("read_model_lag_entries", "gauge", "Entries that the read model does not have yet",
              written - std::min(written, modelled));
  if (written > 0) {
    auto newest = backend.writer->entry(written - 1);
    if (newest.ok())
      text += one("newest_entry_timestamp_seconds", "gauge", "When the newest entry was recorded",
                  static_cast<double>(newest->recordedAtMs) / 1000);
  }
  std::error_code failure;
  fs::space_info space = fs::space(backend.site.ledgerDirectory, failure);
  if (!failure) text += one("disk_free_bytes", "gauge", "Left where the ledger lies", space.available);
  return text;
}

std::string processText() {
  return one("process_resident_bytes", "gauge", "Memory in use", residentBytes()) +
         one("process_open_descriptors", "gauge", "Open file descriptors", openDescriptors());
}

// Of a ledger that is kept on several machines: a monitor wakes somebody when it follows no more.
std::string nodeText(const Backend& backend) {
  if (backend.node == nullptr) return "";
  const cluster::NodeStatus status = backend.node->status();
  std::uint64_t reached = 0;
  for (const auto& node : status.nodes) reached += node.own || node.reached ? 1 : 0;
  return one("node_following", "gauge", "1 while this node follows and a majority answers",
             status.state == "following" ? 1 : 0) +
         one("node_confirmed_entries", "gauge", "Entries that more than half of the nodes hold", status.confirmed) +
         one("node_reached", "gauge", "Nodes that answer, this one included", reached) +
         one("node_needed", "gauge", "Nodes that make a majority", status.needed);
}

}  // namespace

void Metrics::count(const http::Request& request, const http::Outcome& outcome) {
  RouteFound found = findRoute(request);
  std::string_view operation = found.route == nullptr ? "none" : found.route->operation;
  const double seconds = std::chrono::duration<double>(outcome.took).count();
  std::lock_guard lock(mutex_);
  ++answers_[{operation, outcome.status}];
  if (found.route != nullptr && found.route->operation == "events") return;  // a stream lasts as long as its reader
  Times& times = times_[operation];
  for (std::size_t i = 0; i < kSeconds.size(); ++i) times.within[i] += seconds <= kSeconds[i] ? 1 : 0;
  ++times.count;
  times.sum += seconds;
}

void Metrics::setCounters(std::function<http::Counters()> counters) {
  std::lock_guard lock(mutex_);
  counters_ = std::move(counters);
}

std::string Metrics::requests() const {
  std::lock_guard lock(mutex_);
  std::string text = head("http_requests_total", "counter", "Answers by operation and status");
  for (const auto& [of, count] : answers_)
    text +=
        fmt::format("pilotledger_http_requests_total{{operation=\"{}\",code=\"{}\"}} {}\n", of.first, of.second, count);
  text += head("http_request_seconds", "histogram", "From the first byte of a request to the last of its answer");
  for (const auto& [operation, times] : times_) {
    for (std::size_t i = 0; i < kSeconds.size(); ++i)
      text += fmt::format("pilotledger_http_request_seconds_bucket{{operation=\"{}\",le=\"{}\"}} {}\n", operation,
                          kSeconds[i], times.within[i]);
    text += fmt::format(
        "pilotledger_http_request_seconds_bucket{{operation=\"{0}\",le=\"+Inf\"}} {1}\n"
        "pilotledger_http_request_seconds_sum{{operation=\"{0}\"}} {2}\n"
        "pilotledger_http_request_seconds_count{{operation=\"{0}\"}} {1}\n",
        operation, times.count, times.sum);
  }
  return text;
}

std::string Metrics::sockets() const {
  std::function<http::Counters()> counters;
  {
    std::lock_guard lock(mutex_);
    counters = counters_;
  }
  if (!counters) return "";
  const http::Counters now = counters();
  struct Row {
    std::string_view name, type, help;
    std::uint64_t value;
  };
  const Row rows[] = {
      {"http_connections_total", "counter", "Connections taken", now.connections},
      {"http_connections_refused_total", "counter", "Too many, or too many of one address", now.connectionsRefused},
      {"http_accept_pauses_total", "counter", "Times that no descriptor was left", now.acceptPauses},
      {"http_bad_requests_total", "counter", "Refused before any route", now.badRequests},
      {"http_queue_full_total", "counter", "Refused because all workers were busy", now.queueFull},
      {"http_timeouts_total", "counter", "Header, body, write or work took too long", now.timeouts},
      {"http_clients_left_total", "counter", "Clients that left while they were answered", now.clientsLeft},
      {"http_received_bytes_total", "counter", "Bytes in", now.bytesIn},
      {"http_sent_bytes_total", "counter", "Bytes out", now.bytesOut},
      {"http_open_connections", "gauge", "Open connections", now.openConnections},
      {"http_open_streams", "gauge", "Readers of new entries", now.openStreams},
      {"http_waiting_requests", "gauge", "Requests that wait for a worker", now.waiting},
      {"http_requests_at_work", "gauge", "Requests at work", now.atWork},
  };
  std::string text;
  for (const Row& row : rows) text += one(row.name, row.type, row.help, row.value);
  return text;
}

std::string Metrics::text(const Backend& backend) const {
  return ledgerText(backend) + nodeText(backend) + processText() + sockets() + requests();
}

Answered answerMetrics(Call& call) {
  http::Response response =
      bytesAnswer(call.backend.metrics.text(call.backend), "text/plain; version=0.0.4; charset=utf-8");
  response.headers.push_back(cacheControl(Caching::Never));
  return response;
}

}  // namespace pilotledger::server
