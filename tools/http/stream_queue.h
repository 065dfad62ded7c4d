// What a streamed answer has still to send, between the threads that write it and the loop that sends it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "tools/http/message.h"

namespace pilotledger::http {

class StreamQueue {
 public:
  explicit StreamQueue(std::size_t limit) : limit_(limit) {}

  // The handler's side, any thread.
  Stream::Written write(std::string_view bytes);
  void close(std::string_view last);
  std::size_t backlog() const;
  bool isOpen() const;

  // The loop's side. `wake` is called, under the lock, when there is something to take after take() gave nothing.
  void attach(std::function<void()> wake);
  struct Batch {
    std::string bytes;
    bool last = false;  // nothing comes after
  };
  Batch take();
  void taken(std::size_t bytes);  // by the kernel
  void detach();                  // the client has left, or all was sent

 private:
  void wake();

  const std::size_t limit_;
  mutable std::mutex lock_;
  std::string queued_;
  std::size_t sending_ = 0;
  bool closed_ = false;
  bool gone_ = false;
  bool hungry_ = false;
  std::function<void()> wake_;
};

// What the handler keeps; the stream is closed when nobody does.
std::shared_ptr<Stream> streamOver(std::shared_ptr<StreamQueue> queue);

}  // namespace pilotledger::http
