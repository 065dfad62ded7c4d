// The files of the log keys in a ledger's directory: which one is in force the log says, whatever the files are named.
#pragma once

#include <filesystem>
#include <string_view>

#include "ledger/commit/log_writer.h"
#include "ledger/log/log_keys.h"
#include "ledger/store/store.h"

namespace pilotledger::ledger {

inline constexpr const char* kLogKeyFile = "log.pem";
inline constexpr const char* kNextLogKeyFile = "log-next.pem";
std::filesystem::path retiredLogKeyFile(const std::filesystem::path& directory, const crypto::VerifyKey& key);

// The next key is in force: its file takes the name of the old one's. What a crash leaves undone the next opening does.
void takeUpNextKey(const std::filesystem::path& directory, const LogKeys& keys);

// All that a writer needs before it may open the store to write: a log that is sound and the keys that go on signing
// it. Corruption when the key in force is gone or another one lies there.
Result<SigningKeys> signingKeysFor(const std::filesystem::path& directory, const Store& store,
                                   std::string_view passphrase);

}  // namespace pilotledger::ledger
