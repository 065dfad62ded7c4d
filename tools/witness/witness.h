// A witness (C2SP tlog-witness v1.0.0): cosigns a log's checkpoint only when it continues the one it
// cosigned before. It keeps the newest checkpoint of each log and its key in a directory:
//
//   key.pem                   the key, a file of ledger/crypto (or a reference to a token)
//   logs/<HEX>.vkey           public keys of the log, a line each; HEX = SHA-256 of its origin
//   logs/<HEX>.checkpoint     the newest checkpoint with the log's signature and ours
//   lock                      held while a checkpoint is compared and replaced
//
// Another root of the size it has seen is refused with 422, as any history that does not continue; C2SP says 409 there.
// What it answers is on stable storage before the answer leaves. Several processes may use one directory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/tlog/cosignature.h"

namespace pilotledger::witness {

struct Verdict {
  unsigned status = 0;  // as in HTTP: 200, 400, 403, 404, 409, 422
  std::string body;     // signature lines; the size for 409; else the reason
  std::string newest;   // the checkpoint it now holds of that log, cosigned; "" when none
};

class Witness {
 public:
  static Status init(const std::filesystem::path& directory, const crypto::SigningKey& key,
                     std::string_view passphrase = {});
  static Result<Witness> open(const std::filesystem::path& directory, std::string_view passphrase = {});

  proof::CosignerKey key() const { return proof::CosignerKey::of(key_.verifyKey()); }
  // One more key of the log; its name is the origin. Conflict when it is there, or is of the other suite.
  Status addLog(const crypto::VerifyKey& log);

  // Judges a request at that time. An Error is trouble of ours (a disk that is full), never a "no".
  Result<Verdict> judge(std::string_view request, std::uint64_t seconds);
  // The newest checkpoint of the log with that HEX; NotFound.
  Result<std::string> newest(std::string_view hex) const;

 private:
  Witness(std::filesystem::path directory, crypto::SigningKey key)
      : directory_(std::move(directory)), key_(std::move(key)) {}
  std::filesystem::path fileOf(std::string_view hex, std::string_view suffix) const;
  Result<std::vector<crypto::VerifyKey>> keysOf(std::string_view hex) const;

  std::filesystem::path directory_;
  crypto::SigningKey key_;
};

// HEX of a log.
std::string logHex(std::string_view origin);

// What an office without a network hands back:
//   pilotledger/witness-reply/v1
//   status 409
//   <empty line>
//   signature lines for 200, the size for 409, else the reason
//   <empty line, then the newest checkpoint it holds>   when it holds one
std::string formatReply(const Verdict& verdict);
Result<Verdict> parseReply(std::string_view file);

}  // namespace pilotledger::witness
