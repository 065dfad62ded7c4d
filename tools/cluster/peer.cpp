#include "tools/cluster/peer.h"

#include <chrono>

namespace pilotledger::cluster {
namespace {

using namespace std::chrono_literals;
constexpr auto kAgain = 1s;  // what was said last is said again
constexpr auto kAfterFailure = 200ms;

}  // namespace

Peer::Peer(Options options) : options_(std::move(options)), thread_([this] { run(); }) {}

Peer::~Peer() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Peer::tell(const ledger::NodeLine& line) {
  std::lock_guard lock(mutex_);
  if (next_.lines.size() == kMostLines) next_.lines.erase(next_.lines.begin());
  next_.lines.push_back(line);
  newest_ = line;
  dirty_ = true;
  changed_.notify_all();
}

void Peer::tellOrdered(std::uint64_t number) {
  std::lock_guard lock(mutex_);
  next_.ordered = number;
  dirty_ = true;
  changed_.notify_all();
}

bool Peer::reached() const {
  std::lock_guard lock(mutex_);
  return reached_;
}

void Peer::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    changed_.wait_for(lock, kAgain, [&] { return ending_ || dirty_; });
    if (ending_) return;
    NodeMessage message{options_.own, next_.ordered, options_.clock(), std::move(next_.lines)};
    next_.lines.clear();
    dirty_ = false;
    if (message.lines.empty() && newest_) message.lines.push_back(*newest_);
    lock.unlock();
    const bool sent = send(message);
    lock.lock();
    reached_ = sent;
    if (!sent) changed_.wait_for(lock, kAfterFailure, [&] { return ending_; });
  }
}

bool Peer::send(const NodeMessage& message) {
  // Made in this thread and kept by it: a client is one thread's.
  thread_local std::optional<http::Client> client;
  if (!client) {
    auto made = http::Client::of(options_.url, {options_.authorities, 5s, kMaxMessageBytes});
    if (!made.ok()) return false;
    client.emplace(std::move(made).value());
  }
  const std::string body = message.encode();
  auto response = client->call({"POST", "/cluster/lines", {{"Content-Type", "application/json"}}, body});
  if (!response.ok()) client.reset();
  if (!response.ok() || response->status != 200) return false;
  auto reply = NodeReply::decode(response->body.view());
  if (!reply.ok()) return false;
  options_.answered(*reply, message.clockMs);
  return true;
}

}  // namespace pilotledger::cluster
