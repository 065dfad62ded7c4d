// The ledger's commitment to the access log: once a day an AccessLogAnchored names how many lines there are and the
// hash of the last, signed by the log key, which the server holds anyway. What is cut or changed before it is found
// from the ledger alone (heldToLedger).
#pragma once

#include <filesystem>
#include <mutex>
#include <string>

#include "ledger/ledger.h"
#include "tools/server/access_log.h"

namespace pilotledger::server {

// Thread-safe.
class AccessAnchor {
 public:
  // `secret` opens the file of the log key, which is read anew each day: it may have been replaced.
  AccessAnchor(std::string server, std::filesystem::path logKey, std::string secret)
      : server_(std::move(server)), keyFile_(std::move(logKey)), secret_(std::move(secret)) {}

  // Records it when a day (UTC+8) has begun since the last one and lines were written meanwhile: true. Nothing in a
  // ledger whose edition of the rules does not know it.
  Result<bool> anchor(ledger::Ledger& ledger, AccessLog& log, std::int64_t nowMs);

 private:
  std::mutex mutex_;
  std::string server_;
  std::filesystem::path keyFile_;
  std::string secret_;
  std::int32_t day_ = 0;  // of the last one
};

// Reads the whole file and holds it to what the ledger says of this server. Corruption names the line, and the entry
// that it contradicts.
Result<AccessLogHead> heldToLedger(const std::filesystem::path& file, const ledger::Ledger& ledger,
                                   const std::string& server, std::size_t& anchors);

}  // namespace pilotledger::server
