// A copy of a ledger to put back: made beside its writer, checked before it counts, named file by file.
//
// A backup is a directory: `files/` as they lay in the ledger's directory, and `manifest.json` with the size and
// SHA-256 of each and the newest checkpoint. Read models are left out; keys that sign are in it when asked for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "events/base/result.h"
#include "tools/service/site.h"

namespace pilotledger::service {

enum class SigningKeys { LeftOut, Included };  // log.pem, operator.pem; the register key and the vault always are

struct BackupReport {
  std::uint64_t entries = 0;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t shared = 0;  // of them, in files that are those of the backup before
  std::string checkpoint;    // signed note of that many entries
};

// Into `target`, which is absent or empty. A table file that the backup `since` (empty: none) has with the same bytes
// is not copied: both directories name one file, and either may be deleted. Opens the copy and holds its entries to its
// checkpoint before it writes the manifest, without which there is no backup. Conflict: something is there.
// Unavailable: the writer changed too much meanwhile; nothing is left.
Result<BackupReport> makeBackup(const Site& site, const std::filesystem::path& target, SigningKeys keys,
                                const std::filesystem::path& since = {});

// Every file has the bytes that the manifest says, and no file is there that it does not name. Corruption names it.
Result<BackupReport> verifyBackup(const std::filesystem::path& backup);

// What the manifest names, and nothing else, with its bytes, for this user alone. Into a directory that is there.
Status copyBackup(const std::filesystem::path& backup, const std::filesystem::path& directory);

}  // namespace pilotledger::service
