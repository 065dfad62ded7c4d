// One client: reads its requests one after the other, has them answered, writes the answers. Everything here runs on
// the loop; workers see a Job. Waiting is bounded by sweep(), which looks at each connection ten times a second: there
// are no timers to arm and to forget.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "tools/http/head.h"
#include "tools/http/job.h"
#include "tools/http/message.h"
#include "tools/http/service.h"
#include "tools/http/stream_queue.h"
#include "tools/http/transport.h"

namespace pilotledger::http {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Service& service, std::uint64_t number, Peer peer)
      : service_(service), number_(number), peer_(std::move(peer)), transport_(service.loop), wake_(service.loop) {}

  // `tls` null: plain.
  void start(int descriptor, TlsContext tls);

  void sweep(Clock::time_point now);
  // When nothing is asked of it: since when. It may make place for another.
  std::optional<Clock::time_point> idleSince() const;
  void close();
  void stop();    // ends when its request is answered, at once when it has none
  void giveUp();  // the request at work is not waited for

  std::uint64_t number() const { return number_; }
  const Peer& peer() const { return peer_; }

 private:
  enum class Phase { Handshake, Idle, Head, Body, Work, Write, Stream, Farewell };
  using Read = std::variant<Head, Refusal, std::monostate>;  // the last: the connection is over
  using Received = std::variant<Body, Refusal, std::monostate>;

  Task<void> run(TlsContext tls);
  Task<bool> serveOne();  // whether another request may follow
  Task<Read> readHead();
  Task<Received> readBody(const Head& head);
  Task<Received> spoolBody(std::uint64_t length);
  Task<bool> fill(std::string& into, std::size_t atMost);
  Task<void> work(std::shared_ptr<Job> job);
  Task<bool> answer(std::shared_ptr<Job> job, const Head& head);
  Task<bool> send(const Request& request, const Response& response, bool keepAlive);
  Task<bool> stream(const Job& job, const StreamedResponse& response, bool chunks);
  Task<bool> pump(StreamQueue& queue, bool chunks);
  Task<bool> write(std::string_view bytes);
  Task<bool> refuse(const Refusal& refusal);  // false
  Task<void> sayFarewell();

  std::optional<Refusal> refusalOf(const Head& head) const;
  Response worded(const Refusal& refusal, const std::string& id) const;
  std::uint64_t bodyLimit(const Request& request) const;
  void sweepWork(Clock::time_point now);
  void sweepStream(Clock::time_point now);
  bool isBodySlow(Clock::time_point now) const;
  void enter(Phase phase);
  void timeOut();
  std::string nextId();
  void finish(const Request& request, unsigned status, bool complete);

  Service& service_;
  const std::uint64_t number_;
  const Peer peer_;
  Transport transport_;
  std::string in_;  // read and not yet used
  Phase phase_ = Phase::Handshake;
  Clock::time_point since_ = Clock::now();  // in this phase
  Clock::time_point moved_ = since_;        // the last bytes
  std::uint64_t progress_ = 0;              // bytes in this phase
  Clock::time_point asked_;                 // the request that is answered came
  bool timedOut_ = false;
  bool served_ = false;   // a request before
  bool writing_ = false;  // the client is waited for
  bool closing_ = false;
  std::shared_ptr<Job> job_;  // at work
  std::shared_ptr<StreamQueue> queue_;
  std::string heartbeat_;
  std::string farewell_;
  Event wake_;
};

}  // namespace pilotledger::http
