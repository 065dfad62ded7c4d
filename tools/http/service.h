// What the connections of a server share.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>
#include <vector>

#include "tools/http/server.h"
#include "tools/http/workers.h"

namespace pilotledger::http {

class Connection;

// `tally` is counted by the loop and the workers, and read anywhere.
struct Service {
  Service(Options taken, Handler answers, boost::asio::io_context& runs, Workers& pool, Workers& writer)
      : options(std::move(taken)), handler(std::move(answers)), loop(runs), workers(pool), disk(writer) {}

  Options options;
  Handler handler;
  std::vector<std::string> hosts;
  boost::asio::io_context& loop;
  Workers& workers;
  Workers& disk;  // one thread that writes long bodies
  std::function<void(Connection&)> ended;

  struct Tally {
    std::atomic<std::uint64_t> requests{0}, badRequests{0}, queueFull{0}, timeouts{0}, clientsLeft{0}, bytesIn{0},
        bytesOut{0}, answers[6] = {}, streams{0}, spooled{0};
  } tally;
  std::atomic<bool> stopping{false};
  std::uint64_t lastRequest = 0;
  std::string idPrefix;  // of this start of the server
  std::string date;      // the Date field, renewed by the sweep
};

}  // namespace pilotledger::http
