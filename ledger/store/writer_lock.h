// The lock of the one writer: advisory, and its file says who holds it. Released when the object dies, or the process.
#pragma once

#include <filesystem>

#include "events/base/result.h"

namespace pilotledger::ledger {

class WriterLock {
 public:
  WriterLock() = default;
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock();
  // Unavailable when another process holds it; the message names the holder.
  Status acquire(const std::filesystem::path& path);

 private:
  int file_ = -1;
};

}  // namespace pilotledger::ledger
