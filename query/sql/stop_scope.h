// Lets a question end before its answer: the one who asked has left, or the time for it is over.
#pragma once

#include <functional>

namespace pilotledger::query {

// While one lives, statements that its thread runs on SQLite ask `stop` every few thousand steps, and end with
// Unavailable once it says yes. An inner scope takes the outer one's place. PostgreSQL does not ask.
class StopScope {
 public:
  explicit StopScope(std::function<bool()> stop);
  ~StopScope();
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;

  // The question of this thread, to be asked by threads that work for it; empty when there is none.
  static std::function<bool()> current();

 private:
  std::function<bool()> stop_;
  const StopScope* before_;
};

}  // namespace pilotledger::query
