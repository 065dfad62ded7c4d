// What this machine remembers of a server: which log it showed, whose key signed, the newest checkpoint that was held
// to those before, and the session of whoever logged in. One file a server, mode 0600, below $XDG_STATE_HOME (else
// ~/.local/state). Any process may read and write it at any time; each write is whole.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "events/base/result.h"

namespace pilotledger::remote {

struct Memory {
  std::string log;         // its origin
  std::string key;         // vkey that the log is known by
  std::string signer;      // vkey of the newest key that its entries led to
  std::string checkpoint;  // signed note; of the most entries
  std::string session;     // secret, shown to that server only; empty: not logged in
};

class MemoryFile {
 public:
  // "https://ledger.example": the server without a path.
  static Result<MemoryFile> of(const std::string& server);
  explicit MemoryFile(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  Result<std::optional<Memory>> load() const;  // absent: no contact yet. Corruption: not a file of ours
  Status save(const Memory& memory) const;

 private:
  std::filesystem::path path_;
};

}  // namespace pilotledger::remote
