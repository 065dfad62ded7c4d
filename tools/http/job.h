// A request at work: what passes between the loop and a worker.
#pragma once

#include <memory>
#include <variant>

#include "tools/http/head.h"
#include "tools/http/message.h"
#include "tools/http/stream_queue.h"
#include "tools/http/transport.h"

namespace pilotledger::http {

struct Service;

// Set once, by the loop; one coroutine waits for it.
class Event {
 public:
  explicit Event(boost::asio::io_context& loop) : timer_(loop, Clock::time_point::max()) {}
  void set() {
    set_ = true;
    timer_.cancel();
  }
  void reset() { set_ = false; }
  Task<void> wait() {
    while (!set_) (void)co_await timer_.async_wait(kAwait);
  }

 private:
  Timer timer_;
  bool set_ = false;
};

// A worker makes the outcome and posts it; after that, and before, all of this is the loop's.
struct Job {
  Job(boost::asio::io_context& loop, Request asked) : request(std::move(asked)), done(loop) {}

  Request request;
  Event done;
  std::variant<std::monostate, Response, StreamedResponse, Refusal> outcome;  // the first: given up
  std::shared_ptr<StreamQueue> queue;                                         // of a StreamedResponse
  bool abandoned = false;
  bool clientLeft = false;

  static void run(Service& service, const std::shared_ptr<Job>& job);  // on a worker
};

Refusal tooLate();
Refusal internalFault();

}  // namespace pilotledger::http
