// A fixed pool of threads and a queue that does not grow: what finds no place is told so at once.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace pilotledger::http {

class Workers {
 public:
  Workers(std::size_t threads, std::size_t queue);
  ~Workers() { join(); }

  bool submit(std::function<void()> job);  // false: the queue is full, or closed; jobs do not throw
  void join();                             // takes no more, does what is queued, ends the threads
  std::size_t waiting() const;
  std::size_t atWork() const;

 private:
  void run();

  std::size_t bound_;
  mutable std::mutex lock_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  std::size_t atWork_ = 0;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace pilotledger::http
