// The register key: 32 random bytes in a file, shared by the platforms of one ledger. With it a
// number that could be guessed is sealed: equal numbers give equal seals on every platform, and who
// does not hold the key cannot try numbers out. Who holds it can.
//
//   seal(kind, number) = "hmac:" + hex(HMAC(key, "pilotledger/seal/v1\n" || kind || "\n" || number))
// with HMAC-SHA-256 or HMAC-SM3 by suite. A ledger has one such key for as long as it lives: its log
// holds the commitment, so that a key that is lost or exchanged is noticed. There is no rotation.
//
//   commitment(origin) = HMAC(key, "pilotledger/register-key/v1\n" || origin || "\n")
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/suite.h"

namespace pilotledger::crypto {

// HMAC (RFC 2104) of the concatenation, with the suite's hash; the key has at most 64 bytes.
Digest hmac(SuiteId suite, ByteView key, std::initializer_list<ByteView> parts);

inline constexpr const char* kRegisterKeyFile = "register.key";  // in the ledger's directory

class RegisterKey {
 public:
  static RegisterKey generate(SuiteId suite);
  // The file holds the 32 bytes and nothing else; mode 0600, never overwritten.
  Status save(const std::filesystem::path& path) const;
  // Refuses a file that others can read.
  static Result<RegisterKey> load(SuiteId suite, const std::filesystem::path& path);

  std::string seal(std::string_view kind, std::string_view number) const;
  Digest commitment(std::string_view origin) const;  // says nothing about the key

 private:
  struct Rep;  // wiped with the last copy
  explicit RegisterKey(std::shared_ptr<const Rep> rep) : rep_(std::move(rep)) {}
  std::shared_ptr<const Rep> rep_;
};

}  // namespace pilotledger::crypto
