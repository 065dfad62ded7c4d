// Signing and verifying keys, named as C2SP signed notes name them (signed-note v1.0.0).
//
// vkey text: "<name>+<8 hex key id>+<base64(type || public key)>".
//   Ed25519: type 0x01, 32-byte key; id = SHA-256(name || 0x0A || 0x01 || key)[0..4].
//   SM2:     type 0xff, 65-byte point; id = SM3(name || 0x0A || 0xff || "gmt0003-sm2-sm3-v1" ||
//            point)[0..4]; signatures are DER (r,s) with signer id 1234567812345678.
// Ed25519 is libsodium's everywhere; SM2 is OpenSSL's. Const methods are thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/suite.h"

namespace pilotledger::crypto {

// Names are 1..200 bytes without spaces, control characters or '+'.
Status checkKeyName(std::string_view name);

class VerifyKey {
 public:
  static Result<VerifyKey> parse(std::string_view vkey);
  static Result<VerifyKey> fromPublicKey(SuiteId suite, std::string name, ByteView publicKey);

  SuiteId suite() const;
  const std::string& name() const;
  std::uint32_t id() const;
  std::string idHex() const;
  std::string vkey() const;
  ByteView publicKey() const;
  // `signature` without the four id bytes. BadSignature when it does not verify.
  Status verify(ByteView message, ByteView signature) const;
  bool operator==(const VerifyKey& other) const { return vkey() == other.vkey(); }

 private:
  struct Rep;
  explicit VerifyKey(std::shared_ptr<const Rep> rep) : rep_(std::move(rep)) {}
  std::shared_ptr<const Rep> rep_;  // shared: copies of a key are the same key
};

class SigningKey {
 public:
  static Result<SigningKey> generate(SuiteId suite, std::string name);
  static Result<SigningKey> fromEd25519Seed(std::string name, ByteView seed);

  // On a PKCS#11 token that `uri` names (RFC 7512; token.h). The label of the object is the key's name.
  static Result<SigningKey> generateOnToken(SuiteId suite, std::string name, const std::string& uri,
                                            std::string_view pin = {});

  // A PKCS#8 PEM file with a "Name: ..." line before the block; mode 0600, never overwritten.
  // With a passphrase the block is encrypted (AES-256-CBC, PBKDF2). Of a key on a token the file holds
  // the URI instead: "Token: pkcs11:...".
  Status save(const std::filesystem::path& path, std::string_view passphrase = {}) const;
  // Refuses a file that others can read. `path` may be a pkcs11: URI; `passphrase` is then the PIN.
  static Result<SigningKey> load(const std::filesystem::path& path, std::string_view passphrase = {});

  // Whether load() wants a passphrase or PIN that neither the file nor the URI gives.
  static Result<bool> isLocked(const std::filesystem::path& path);

  const VerifyKey& verifyKey() const;
  Result<Bytes> sign(ByteView message) const;
  // 32 bytes that only who has this key can make, for a label always the same. Absent where the key gives none: SM2 on
  // a token, whose signatures are random and whose secret stays there. Ed25519 signs the label for it; such a
  // signature is never shown, and no signed note has that text.
  Result<std::optional<Digest>> derive(std::string_view label) const;

  struct Rep;

 private:
  explicit SigningKey(std::shared_ptr<const Rep> rep) : rep_(std::move(rep)) {}
  std::shared_ptr<const Rep> rep_;  // secret bytes live once and are wiped with the last copy
};

}  // namespace pilotledger::crypto
