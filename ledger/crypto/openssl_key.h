// Private to this folder: OpenSSL handles and the key representations.
#pragma once

#include <openssl/evp.h>
#include <sodium.h>

#include <array>
#include <memory>
#include <string>

#include "ledger/crypto/key.h"

namespace pilotledger::crypto {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using OpensslKey = std::unique_ptr<EVP_PKEY, FreeKey>;

// The newest entry of OpenSSL's error queue, which is then emptied.
Error opensslError(ErrorCode code, const std::string& doing);

struct VerifyKey::Rep {
  SuiteId suite = SuiteId::Ed25519Sha256;
  std::string name;
  std::uint32_t id = 0;
  Bytes publicKey;
  OpensslKey sm2;  // parsed once
};

struct SigningKey::Rep {
  explicit Rep(VerifyKey key) : verifyKey(std::move(key)) {}
  ~Rep() { sodium_memzero(ed25519.data(), ed25519.size()); }
  VerifyKey verifyKey;
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> ed25519{};
  OpensslKey sm2;
};

// Public point (65 bytes) of an SM2 key.
Result<Bytes> sm2Point(EVP_PKEY* key);

}  // namespace pilotledger::crypto
