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

// Where a secret is: in memory, or on a device that signs (token.cpp).
struct SigningKey::Rep {
  explicit Rep(VerifyKey key) : verifyKey(std::move(key)) {}
  virtual ~Rep() = default;
  virtual Result<Bytes> sign(ByteView message) const = 0;
  // The secret for a key file; Unsupported when it cannot leave its place.
  virtual Result<OpensslKey> secret() const = 0;
  // What a key file names instead of the secret; "" when it holds the secret itself.
  virtual std::string reference() const { return ""; }
  VerifyKey verifyKey;
};

Result<std::shared_ptr<const SigningKey::Rep>> sm2InMemory(std::string name, OpensslKey key);

// Public point (65 bytes) of an SM2 key.
Result<Bytes> sm2Point(EVP_PKEY* key);

}  // namespace pilotledger::crypto
