#include "tools/http/workers.h"

#include <algorithm>
#include <utility>

namespace pilotledger::http {

Workers::Workers(std::size_t threads, std::size_t queue) : bound_(queue) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) threads_.emplace_back([this] { run(); });
}

bool Workers::submit(std::function<void()> job) {
  {
    std::lock_guard held(lock_);
    bool idle = atWork_ + queue_.size() < threads_.size();
    if (closed_ || (!idle && queue_.size() >= bound_)) return false;
    queue_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void Workers::join() {
  {
    std::lock_guard held(lock_);
    closed_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::size_t Workers::waiting() const {
  std::lock_guard held(lock_);
  return queue_.size();
}

std::size_t Workers::atWork() const {
  std::lock_guard held(lock_);
  return atWork_;
}

void Workers::run() {
  std::unique_lock held(lock_);
  while (true) {
    wake_.wait(held, [this] { return closed_ || !queue_.empty(); });
    if (queue_.empty()) return;
    auto job = std::move(queue_.front());
    queue_.pop_front();
    ++atWork_;
    held.unlock();
    job();
    job = nullptr;  // what it holds goes outside the lock
    held.lock();
    --atWork_;
  }
}

}  // namespace pilotledger::http
