// The file `head`: how many entries were acknowledged. The writer raises it after each durable commit, before
// anybody gets a receipt, so a log that holds fewer entries has lost acknowledged ones. Mapped into memory: it
// survives the death of the process without a sync of its own; after a power cut it may lag behind the log.
// Bytes: u64, little-endian. Threads: raise() may be called from many.
#pragma once

#include <cstdint>
#include <filesystem>

#include "events/base/result.h"

namespace pilotledger::ledger {

class Head {
 public:
  Head() = default;
  Head(const Head&) = delete;
  Head& operator=(const Head&) = delete;
  ~Head();

  // Of a new ledger: zero entries, on stable storage, its block allocated (a full disk fails here, not in raise()).
  static Status create(const std::filesystem::path& path);
  // Corruption when the file is missing, of another length or cannot be read: without it nobody can tell a loss.
  static Result<std::uint64_t> read(const std::filesystem::path& path);

  Status openForWriting(const std::filesystem::path& path);  // the same errors
  void raise(std::uint64_t size);                            // never lowers it

 private:
  std::uint64_t* map_ = nullptr;
};

}  // namespace pilotledger::ledger
