#include "tools/server/feed.h"

#include <fmt/format.h>

#include <chrono>

#include "tools/service/entries.h"

namespace pilotledger::server {
namespace {

constexpr std::uint64_t kEntriesARound = 512;  // of one follower, so that none holds up the others
constexpr std::size_t kBacklog = 256u << 10;   // bytes: a slower client waits for its next round

std::string frame(std::string_view event, const std::string& id, const service::Json& data) {
  return fmt::format("event: {}\n{}data: {}\n\n", event, id.empty() ? "" : "id: " + id + "\n",
                     data.dump(-1, ' ', false, service::Json::error_handler_t::replace));
}

std::string endFrame(const Error& why, std::uint64_t next) {
  return frame("end", "", {{"message", why.message.en}, {"messageZh", why.message.zh}, {"next", next}});
}

}  // namespace

Feed::Feed(Snapshots& snapshots, Judge judge, std::function<std::int32_t()> today)
    : snapshots_(&snapshots), judge_(std::move(judge)), today_(std::move(today)), thread_([this] { run(); }) {}
Feed::~Feed() { stop(); }

void Feed::follow(Follower follower) {
  std::lock_guard lock(mutex_);
  arrived_.push_back(std::move(follower));
  woken_ = true;
  changed_.notify_one();
}

void Feed::wake() {
  std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_one();
}

void Feed::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Feed::run() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, std::chrono::milliseconds(500), [&] { return woken_ || stopping_; });
      if (stopping_) return;
      woken_ = false;
      followers_.splice(followers_.end(), arrived_);
    }
    auto snapshot = snapshots_->newest();
    if (!snapshot.ok()) continue;  // told to those who ask; the next round tries again
    bool behind = false;
    for (auto one = followers_.begin(); one != followers_.end();) {
      bool stays = push(*one, *snapshot);
      behind = behind || (stays && one->next < (*snapshot)->size() && one->stream->backlog() < kBacklog);
      one = stays ? std::next(one) : followers_.erase(one);
    }
    if (behind) wake();
    catchUp(*snapshot);
  }
}

void Feed::catchUp(const std::shared_ptr<Snapshot>& snapshot) {
  if (modelPosition_ >= snapshot->size()) return;
  auto reader = snapshot->scope("public", today_());
  if (!reader.ok()) return;
  if (auto model = snapshot->model(*reader); model.ok()) modelPosition_ = snapshot->size();
}

bool Feed::push(Follower& follower, const std::shared_ptr<Snapshot>& snapshot) {
  if (!follower.stream->isOpen()) return false;
  auto reader = judge_(follower.reader, snapshot->ledger());
  if (!reader.ok()) {
    follower.stream->close(endFrame(reader.error(), follower.next));
    return false;
  }
  follower.reader = std::move(reader).value();
  if (follower.scope != follower.reader.scope) {
    follower.scope = follower.reader.scope;
    follower.stream->write(frame("reader", "", {{"reader", follower.scope}, {"position", snapshot->size()}}));
  }
  if (follower.next >= snapshot->size()) return true;
  auto seen = snapshot->scope(follower.reader.scope, today_());
  if (!seen.ok()) {
    follower.stream->close(endFrame(seen.error(), follower.next));
    return false;
  }
  return pushEntries(follower, *snapshot, **seen);
}

bool Feed::pushEntries(Follower& follower, Snapshot& snapshot, const service::EntryReaderScope& reader) {
  std::uint64_t end = std::min(snapshot.size(), follower.next + kEntriesARound);
  bool stays = true;
  Status read = snapshot.ledger().scan(follower.next, end, [&](const ledger::LogRecord& recorded) -> Status {
    if (!stays || follower.stream->backlog() > kBacklog) return {};
    service::EntryView view = reader.at(recorded.entry.index, recorded.signers);
    bool wanted = (follower.kind.empty() || recorded.event.kind().name == follower.kind) &&
                  (follower.entity.empty() || view.sees(recorded.event, follower.entity));
    if (wanted) {
      PL_TRY(auto takenBack, service::takenBackBy(snapshot.ledger(), recorded.event, snapshot.size(), view));
      auto json = service::entryLineJson(recorded.entry, recorded.event, view, takenBack);
      auto written = follower.stream->write(frame("entry", std::to_string(recorded.entry.index), json));
      if (written == http::Stream::Written::Gone) stays = false;
      if (written == http::Stream::Written::Lagging) {
        follower.stream->close(endFrame(
            makeError(ErrorCode::Unavailable, "too slow; connect again from there", "接收过慢，请由该处重新连接"),
            recorded.entry.index));
        stays = false;
      }
    }
    if (stays) follower.next = recorded.entry.index + 1;
    return {};
  });
  if (read.ok()) return stays;
  follower.stream->close(endFrame(read.error(), follower.next));
  return false;
}

}  // namespace pilotledger::server
