// Files that only their owner may read: signing keys, the register key.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "events/result.h"

namespace pilotledger::crypto {

// The whole file, of at most `limit` bytes; NotAuthorized when others can read it.
Result<std::string> readPrivateFile(const std::filesystem::path& path, std::size_t limit);

// Made with mode 0600 and synced; Conflict when it exists.
Status writePrivateFile(const std::filesystem::path& path, std::string_view content);

}  // namespace pilotledger::crypto
