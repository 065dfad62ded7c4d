// Who read and exported what: one JSON object a line, each with the hash of the line before, so that a line that is
// changed, taken out or put in is found (verifyAccessLog). It lies beside the ledger and is no part of it. It says
// sessions by their id, never by their secret. What is cut from its end is found by what the
// ledger says of it (tools/server/access_anchor.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "events/base/result.h"

namespace pilotledger::server {

inline constexpr const char* kAccessLogFile = "access.log";

struct AccessLogHead {
  std::uint64_t lines = 0;
  std::string hash;  // of the last line, hex; of nothing where there is none
};

// Thread-safe. One process writes.
class AccessLog {
 public:
  // Made with mode 0600. A last line that a crash cut short goes, and `repaired()` says so. Corruption when the last
  // whole line is none.
  static Result<std::unique_ptr<AccessLog>> open(const std::filesystem::path& file);
  ~AccessLog();

  // Adds number and hash. On stable storage at the latest after sync().
  Status append(nlohmann::ordered_json line);
  Status sync();
  AccessLogHead head() const;
  std::int64_t oldestMs() const { return oldestMs_; }  // when the first line was written; 0: there was none at opening
  bool repaired() const { return repaired_; }

 private:
  explicit AccessLog(int file) : file_(file) {}
  Status readEnd(const std::filesystem::path& file);
  Status writeWhole(const std::string& bytes);
  int file_;
  bool repaired_ = false;
  std::int64_t oldestMs_ = 0;
  mutable std::mutex mutex_;
  AccessLogHead head_;
  bool unsynced_ = false;
  bool broken_ = false;  // the file ends within a line
};

// Reads the whole file; `each` gets the head after every line. Corruption names the first line that does not follow
// from the one before.
Result<AccessLogHead> verifyAccessLog(const std::filesystem::path& file,
                                      const std::function<void(const AccessLogHead&)>& each = {});

}  // namespace pilotledger::server
