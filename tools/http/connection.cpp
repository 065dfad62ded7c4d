#include "tools/http/connection.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "tools/http/reply.h"
#include "tools/http/spool.h"

namespace pilotledger::http {
namespace {

using boost::asio::buffer;

constexpr std::size_t kPiece = 64u << 10;  // of a body, read or written at a time
constexpr std::size_t kHeadPiece = 4u << 10;
constexpr std::size_t kMaxSkipped = 1u << 20;  // of a refused body, read so that the refusal is not lost
constexpr std::uint64_t kDefaultBody = 1u << 20;
constexpr std::chrono::seconds kFarewell{2};
constexpr std::chrono::seconds kGrace{1};  // for a handler that sees its time is over
constexpr std::chrono::seconds kHeartbeat{15};

bool hasBareLineFeed(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
    if (at == 0 || text[at - 1] != '\r') return true;
  }
  return false;
}

Refusal tooSlow() { return {408, {"the request did not come in time", "请求未在时限内到达"}}; }
Refusal stoppingNow() { return {503, {"the server is stopping", "服务器正在停止"}}; }

}  // namespace

void Connection::start(int descriptor, TlsContext tls) {
  int family = peer_.user ? AF_UNIX : peer_.address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  if (transport_.assign(descriptor, family)) {
    ::close(descriptor);
    return service_.ended(*this);
  }
  auto self = shared_from_this();
  boost::asio::co_spawn(service_.loop.get_executor(), run(std::move(tls)), [self](const std::exception_ptr&) {
    self->close();  // without memory, at the worst: the others go on
    self->service_.ended(*self);
  });
}

Task<void> Connection::run(TlsContext tls) {
  bool good = true;
  if (tls) good = !co_await transport_.handshake(std::move(tls));
  while (good && co_await serveOne()) {
  }
  if (good && transport_.isOpen()) co_await sayFarewell();
}

Task<bool> Connection::serveOne() {
  Read read = co_await readHead();
  if (std::holds_alternative<std::monostate>(read)) co_return false;
  if (auto* refusal = std::get_if<Refusal>(&read)) co_return co_await refuse(*refusal);
  Head& head = std::get<Head>(read);
  asked_ = Clock::now();
  served_ = true;
  head.request.id = nextId();
  head.request.peer = peer_;
  head.request.peer.encrypted = transport_.isEncrypted();
  if (auto refusal = refusalOf(head)) co_return co_await refuse(*refusal);
  Received received = co_await readBody(head);
  if (std::holds_alternative<std::monostate>(received)) co_return false;
  if (auto* refusal = std::get_if<Refusal>(&received)) co_return co_await refuse(*refusal);
  head.request.body = std::move(std::get<Body>(received));
  if (service_.stopping) {
    Refusal refusal = stoppingNow();
    co_return co_await refuse(refusal);
  }
  ++service_.tally.requests;
  if (auto alive = service_.options.live ? service_.options.live(head.request) : std::nullopt)
    co_return co_await send(head.request, *alive, head.keepAlive);
  auto job = std::make_shared<Job>(service_.loop, std::move(head.request));
  co_await work(job);
  co_return co_await answer(job, head);
}

Task<Connection::Read> Connection::readHead() {
  enter(Phase::Idle);
  const Limits& limits = service_.options.limits;
  for (std::size_t searched = 0;;) {
    std::size_t end = in_.find("\r\n\r\n", searched);
    if (end != in_.npos && end + 4 <= limits.headerBytes) {
      auto parsed = parseHead(std::string_view(in_).substr(0, end + 4), limits);
      in_.erase(0, end + 4);
      if (auto* refusal = std::get_if<Refusal>(&parsed)) co_return std::move(*refusal);
      co_return std::move(std::get<Head>(parsed));
    }
    if (in_.size() > limits.headerBytes)
      co_return Refusal{431,
                        {fmt::format("the header is longer than {} bytes", limits.headerBytes),
                         fmt::format("请求头超过 {} 字节", limits.headerBytes)}};
    if (hasBareLineFeed(in_)) co_return Refusal{400, {"a bare line feed in the header", "请求头含孤立换行"}};
    if (!in_.empty() && phase_ == Phase::Idle) enter(Phase::Head);
    searched = in_.size() < 3 ? 0 : in_.size() - 3;
    if (closing_ || !co_await fill(in_, kHeadPiece)) {
      if (timedOut_ && !in_.empty()) co_return tooSlow();
      co_return std::monostate();
    }
  }
}

Task<Connection::Received> Connection::readBody(const Head& head) {
  const Limits& limits = service_.options.limits;
  if (head.bodyBytes == 0) co_return Body();
  if (std::uint64_t most = bodyLimit(head.request); head.bodyBytes > most)
    co_return Refusal{413,
                      {fmt::format("the body is longer than {} bytes", most), fmt::format("请求体超过 {} 字节", most)}};
  enter(Phase::Body);
  if (head.expectsContinue && in_.empty() && !co_await write("HTTP/1.1 100 Continue\r\n\r\n"))
    co_return std::monostate();
  if (head.bodyBytes > limits.bodyInMemory) {
    if (service_.tally.spooled >= limits.spooled)
      co_return Refusal{503, {"too many long bodies at a time", "同时上传的大文件过多"}};
    ++service_.tally.spooled;
    Received received = co_await spoolBody(head.bodyBytes);
    --service_.tally.spooled;
    co_return received;
  }
  std::size_t length = static_cast<std::size_t>(head.bodyBytes);
  std::string body = in_.substr(0, length);
  in_.erase(0, body.size());
  while (body.size() < length) {
    if (co_await fill(body, length - body.size())) continue;
    if (timedOut_) co_return tooSlow();
    co_return std::monostate();
  }
  co_return Body(std::move(body));
}

Task<Connection::Received> Connection::spoolBody(std::uint64_t length) {
  const Refusal full{503, {"no room for the body", "没有存放请求体的空间"}};
  auto spool = Spool::open(service_.options.spoolDirectory);
  if (!spool.ok()) co_return full;
  std::string piece = in_.substr(0, length);
  in_.erase(0, piece.size());
  for (std::uint64_t left = length; left > 0; piece.clear()) {
    if (piece.empty() && !co_await fill(piece, std::min<std::uint64_t>(left, 4 * kPiece))) {
      if (timedOut_) co_return tooSlow();
      co_return std::monostate();
    }
    bool written = false;
    Event done(service_.loop);
    bool taken = service_.disk.submit([&] {
      written = spool->write(piece);
      boost::asio::post(service_.loop, [&] { done.set(); });
    });
    if (taken) co_await done.wait();
    if (!written) co_return full;
    left -= piece.size();
  }
  auto body = spool->body();
  if (!body.ok()) co_return full;
  co_return std::move(*body);
}

Task<bool> Connection::fill(std::string& into, std::size_t atMost) {
  std::size_t before = into.size();
  into.resize(before + std::min(atMost, 4 * kPiece));
  auto [failure, moved] = co_await transport_.read(buffer(into.data() + before, into.size() - before));
  into.resize(before + moved);
  progress_ += moved;
  service_.tally.bytesIn += moved;
  co_return !failure && moved > 0;
}

Task<void> Connection::work(std::shared_ptr<Job> job) {
  enter(Phase::Work);
  job->request.cancellation->dueBy(Clock::now() + service_.options.limits.request);
  job_ = job;
  if (service_.workers.submit([&service = service_, job] { Job::run(service, job); })) {
    co_await job->done.wait();
  } else {
    ++service_.tally.queueFull;
    job->outcome = Refusal{503, {"too many requests wait; try again", "排队请求过多，请稍后再试"}};
  }
  job_ = nullptr;
}

Task<bool> Connection::answer(std::shared_ptr<Job> job, const Head& head) {
  if (auto* response = std::get_if<Response>(&job->outcome))
    co_return co_await send(job->request, *response, head.keepAlive);
  if (auto* streamed = std::get_if<StreamedResponse>(&job->outcome)) {
    if (!job->queue) {
      Response bare{streamed->status, streamed->headers, {}};
      co_return co_await send(job->request, bare, head.keepAlive);
    }
    bool whole = co_await stream(*job, *streamed, head.chunks);
    job->queue->detach();
    queue_ = nullptr;
    --service_.tally.streams;
    finish(job->request, streamed->status, whole);
    co_return whole&& head.keepAlive && !service_.stopping;
  }
  auto* refusal = std::get_if<Refusal>(&job->outcome);
  bool givenUp = refusal == nullptr;
  Response response = worded(givenUp ? tooLate() : *refusal, job->request.id);
  co_return co_await send(job->request, response, head.keepAlive && !givenUp);
}

Task<bool> Connection::send(const Request& request, const Response& response, bool keepAlive) {
  enter(Phase::Write);
  keepAlive = keepAlive && !service_.stopping;
  std::string_view body = response.body.view();
  std::string framing =
      response.status == 204 || response.status == 304 ? "" : fmt::format("Content-Length: {}\r\n", body.size());
  if (!keepAlive) framing += "Connection: close\r\n";
  auto head = formatHead(response.status, response.headers, service_.date, framing);
  if (!head) {
    Refusal fault = internalFault();
    co_return co_await refuse(fault);
  }
  if (request.headOnly || response.status == 204 || response.status == 304) body = {};
  std::uint64_t headBytes = head->size();
  head->append(body.substr(0, kPiece));
  body.remove_prefix(std::min(body.size(), kPiece));
  bool whole = co_await write(*head);
  if (whole) whole = co_await write(body);
  progress_ -= std::min(progress_, headBytes);
  finish(request, response.status, whole);
  co_return whole&& keepAlive;
}

Task<bool> Connection::stream(const Job& job, const StreamedResponse& response, bool chunks) {
  enter(Phase::Stream);
  heartbeat_ = response.heartbeat;
  farewell_ = response.farewell;
  queue_ = job.queue;
  auto head = formatHead(response.status, response.headers, service_.date,
                         chunks ? "Transfer-Encoding: chunked\r\n" : "Connection: close\r\n");
  if (!head) {
    Refusal fault = internalFault();
    co_return co_await refuse(fault);
  }
  queue_->attach([&loop = service_.loop, weak = weak_from_this()] {
    boost::asio::post(loop, [weak] {
      if (auto self = weak.lock()) self->wake_.set();
    });
  });
  if (service_.stopping) queue_->close(farewell_);
  if (!co_await write(*head)) co_return false;
  co_return co_await pump(*queue_, chunks);
}

Task<bool> Connection::pump(StreamQueue& queue, bool chunks) {
  while (true) {
    wake_.reset();
    StreamQueue::Batch batch = queue.take();
    if (!batch.bytes.empty()) {
      std::size_t size = batch.bytes.size();
      if (chunks) batch.bytes = fmt::format("{:x}\r\n", size) + batch.bytes + "\r\n";
      if (!co_await write(batch.bytes)) co_return false;
      queue.taken(size);
    }
    if (batch.last) {
      if (chunks) co_return co_await write("0\r\n\r\n");
      co_return true;  // its end is that of the connection
    }
    if (batch.bytes.empty()) co_await wake_.wait();
    if (!transport_.isOpen()) co_return false;
  }
}

Task<bool> Connection::write(std::string_view bytes) {
  writing_ = true;
  moved_ = Clock::now();
  bool good = true;
  while (good && !bytes.empty()) {
    auto [failure, moved] = co_await transport_.write(buffer(bytes.data(), std::min(bytes.size(), kPiece)));
    good = !failure;
    bytes.remove_prefix(moved);
    moved_ = Clock::now();
    progress_ += moved;
    service_.tally.bytesOut += moved;
  }
  writing_ = false;
  co_return good;
}

Task<bool> Connection::refuse(const Refusal& refusal) {
  ++service_.tally.badRequests;
  enter(Phase::Write);
  Response response = worded(refusal, nextId());
  auto head = formatHead(response.status, response.headers, service_.date,
                         fmt::format("Content-Length: {}\r\nConnection: close\r\n", response.body.size()));
  if (head && co_await write(*head + std::string(response.body.view())))
    ++service_.tally.answers[response.status / 100 % 6];
  co_return false;
}

Task<void> Connection::sayFarewell() {
  enter(Phase::Farewell);
  co_await transport_.farewell();
  std::string skipped;  // bytes left unread would make the kernel send a reset, which overtakes the answer
  while (progress_ < kMaxSkipped && co_await fill(skipped, kPiece)) skipped.clear();
}

std::optional<Refusal> Connection::refusalOf(const Head& head) const {
  if (peer_.user || isHostAllowed(*head.request.header("Host"), service_.hosts)) return std::nullopt;
  return Refusal{421, {"this server does not go by that Host", "本服务器不使用该 Host 名称"}};
}

Response Connection::worded(const Refusal& refusal, const std::string& id) const {
  Response response;
  if (service_.options.refusal) {
    response = service_.options.refusal(refusal.status, refusal.why, id);
  } else {
    response = {
        refusal.status, {{"Content-Type", "text/plain; charset=utf-8"}}, refusal.why.en + "\n" + refusal.why.zh + "\n"};
  }
  if (refusal.status == 503 && !findHeader(response.headers, "Retry-After"))
    response.headers.push_back({"Retry-After", "1"});
  return response;
}

std::uint64_t Connection::bodyLimit(const Request& request) const {
  return service_.options.bodyLimit ? service_.options.bodyLimit(request) : kDefaultBody;
}

void Connection::enter(Phase phase) {
  phase_ = phase;
  since_ = Clock::now();
  progress_ = 0;
}

std::string Connection::nextId() { return fmt::format("{}-{}", service_.idPrefix, ++service_.lastRequest); }

void Connection::finish(const Request& request, unsigned status, bool complete) {
  ++service_.tally.answers[status / 100 % 6];
  if (!service_.options.finished) return;
  auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - asked_);
  service_.options.finished(request, {status, progress_, complete, took});
}

std::optional<Clock::time_point> Connection::idleSince() const {
  bool idle = phase_ == Phase::Handshake || phase_ == Phase::Idle || phase_ == Phase::Head || phase_ == Phase::Farewell;
  return idle ? std::optional(since_) : std::nullopt;
}

bool Connection::isBodySlow(Clock::time_point now) const {
  const Limits& limits = service_.options.limits;
  auto late = std::chrono::duration_cast<std::chrono::milliseconds>(now - since_ - limits.header).count();
  return late > 0 && progress_ < limits.bodyBytesPerSecond * static_cast<std::uint64_t>(late) / 1000;
}

void Connection::sweep(Clock::time_point now) {
  const Limits& limits = service_.options.limits;
  auto in = now - since_;
  bool last = false;
  switch (phase_) {
    case Phase::Handshake: last = in > limits.header; break;
    case Phase::Idle:
      if (in > (served_ ? limits.keepAlive : limits.header)) timeOut();
      break;
    case Phase::Head:
      if (in > limits.header) timeOut();
      break;
    case Phase::Body:
      if (isBodySlow(now)) timeOut();
      break;
    case Phase::Work: sweepWork(now); break;
    case Phase::Write: {
      auto grace = limits.write +
                   std::chrono::milliseconds(progress_ * 1000 / std::max<std::uint64_t>(limits.bodyBytesPerSecond, 1));
      last = now - moved_ > limits.write || in > grace;
      break;
    }
    case Phase::Stream: sweepStream(now); break;
    case Phase::Farewell: last = in > kFarewell; break;
  }
  if (!last) return;
  if (phase_ != Phase::Farewell) ++service_.tally.timeouts;
  close();
}

void Connection::sweepWork(Clock::time_point now) {
  if (!job_) return;
  if (!job_->clientLeft && transport_.hasPeerLeft()) {
    job_->clientLeft = true;
    ++service_.tally.clientsLeft;
    job_->request.cancellation->leave();
  }
  if (now > job_->request.cancellation->due() + kGrace) {
    ++service_.tally.timeouts;
    giveUp();
  }
}

void Connection::sweepStream(Clock::time_point now) {
  if (!queue_) return;
  bool left = transport_.hasPeerLeft();
  bool stuck = writing_ && now - moved_ > service_.options.limits.write;
  if (left) ++service_.tally.clientsLeft;
  if (stuck) ++service_.tally.timeouts;
  if (left || stuck) {
    queue_->detach();
    close();
    wake_.set();
  } else if (!writing_ && !heartbeat_.empty() && now - moved_ > kHeartbeat) {
    (void)queue_->write(heartbeat_);
  }
}

void Connection::timeOut() {
  if (!timedOut_ && phase_ != Phase::Idle) ++service_.tally.timeouts;
  timedOut_ = true;
  transport_.cancel();
}

void Connection::giveUp() {
  if (!job_) return;
  job_->request.cancellation->leave();
  job_->abandoned = true;
  job_->done.set();
}

void Connection::stop() {
  closing_ = true;
  if (phase_ == Phase::Handshake) close();
  if (phase_ == Phase::Idle || phase_ == Phase::Head) transport_.cancel();
  if (queue_) queue_->close(farewell_);
}

void Connection::close() { transport_.close(); }

}  // namespace pilotledger::http
