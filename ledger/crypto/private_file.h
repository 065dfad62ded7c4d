// Files that only their owner may read: signing keys, the register key.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::crypto {

// The whole file, of at most `limit` bytes; NotAuthorized when others can read it.
Result<std::string> readPrivateFile(const std::filesystem::path& path, std::size_t limit);

// Made with mode 0600, whole and synced or not at all; Conflict when it exists.
Status writePrivateFile(const std::filesystem::path& path, std::string_view content);

// A file that others fill, such as a database: made empty when it is absent; NotAuthorized when others can read it.
// `what` names it, in the middle of a sentence.
Status requirePrivateFile(const std::filesystem::path& path, const Message& what);

inline constexpr std::size_t kMaxKeyFile = 16384;
// The text has a key file's form up to its last line; whether the key can be opened is another question. What
// is not was cut off while it was written, or is something else.
bool isWholeKeyFile(std::string_view text);

}  // namespace pilotledger::crypto
