#include "tools/http/stream_queue.h"

#include <algorithm>
#include <utility>

namespace pilotledger::http {
namespace {

class QueuedStream final : public Stream {
 public:
  explicit QueuedStream(std::shared_ptr<StreamQueue> queue) : queue_(std::move(queue)) {}
  ~QueuedStream() override { queue_->close({}); }

  Written write(std::string bytes) override { return queue_->write(bytes); }
  std::size_t backlog() const override { return queue_->backlog(); }
  bool isOpen() const override { return queue_->isOpen(); }
  void close(std::string last) override { queue_->close(last); }

 private:
  std::shared_ptr<StreamQueue> queue_;
};

}  // namespace

std::shared_ptr<Stream> streamOver(std::shared_ptr<StreamQueue> queue) {
  return std::make_shared<QueuedStream>(std::move(queue));
}

Stream::Written StreamQueue::write(std::string_view bytes) {
  std::lock_guard held(lock_);
  if (gone_ || closed_) return Stream::Written::Gone;
  if (queued_.size() + sending_ + bytes.size() > limit_) return Stream::Written::Lagging;
  queued_ += bytes;
  if (!bytes.empty()) wake();
  return Stream::Written::Queued;
}

void StreamQueue::close(std::string_view last) {
  std::lock_guard held(lock_);
  if (gone_ || std::exchange(closed_, true)) return;
  queued_ += last;
  wake();
}

std::size_t StreamQueue::backlog() const {
  std::lock_guard held(lock_);
  return queued_.size() + sending_;
}

bool StreamQueue::isOpen() const {
  std::lock_guard held(lock_);
  return !gone_ && !closed_;
}

void StreamQueue::attach(std::function<void()> wake) {
  std::lock_guard held(lock_);
  wake_ = std::move(wake);
}

StreamQueue::Batch StreamQueue::take() {
  std::lock_guard held(lock_);
  sending_ += queued_.size();
  hungry_ = queued_.empty();
  return {std::exchange(queued_, {}), closed_};
}

void StreamQueue::taken(std::size_t bytes) {
  std::lock_guard held(lock_);
  sending_ -= std::min(sending_, bytes);
}

void StreamQueue::detach() {
  std::lock_guard held(lock_);
  gone_ = true;
  wake_ = nullptr;
  queued_.clear();
}

void StreamQueue::wake() {
  if (std::exchange(hungry_, false) && wake_) wake_();
}

}  // namespace pilotledger::http
