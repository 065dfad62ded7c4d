#include "ledger/crypto/suite.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace pilotledger::crypto {

std::string_view suiteName(SuiteId suite) { return suite == SuiteId::Ed25519Sha256 ? "ed25519-sha256" : "sm2-sm3"; }

Result<SuiteId> parseSuite(std::string_view name) {
  for (SuiteId suite : {SuiteId::Ed25519Sha256, SuiteId::Sm2Sm3}) {
    if (name == suiteName(suite)) return suite;
  }
  std::string found(name);
  return invalidInput("suite: expected ed25519-sha256 or sm2-sm3, found '" + found + "'",
                      "密码套件：应为 ed25519-sha256 或 sm2-sm3，实为 " + found);
}

struct Hasher::Rep {
  EVP_MD* algorithm = nullptr;
  EVP_MD_CTX* context = nullptr;
  void start() { PL_ASSERT(EVP_DigestInit_ex2(context, algorithm, nullptr) == 1); }
};

Hasher::Hasher(SuiteId suite) : rep_(std::make_unique<Rep>()) {
  rep_->algorithm = EVP_MD_fetch(nullptr, suite == SuiteId::Ed25519Sha256 ? "SHA256" : "SM3", nullptr);
  rep_->context = EVP_MD_CTX_new();
  PL_ASSERT(rep_->algorithm != nullptr && rep_->context != nullptr);
  rep_->start();
}

Hasher::~Hasher() {
  EVP_MD_CTX_free(rep_->context);
  EVP_MD_free(rep_->algorithm);
}

Hasher& Hasher::add(ByteView bytes) {
  PL_ASSERT(EVP_DigestUpdate(rep_->context, bytes.data(), bytes.size()) == 1);
  return *this;
}

Digest Hasher::finish() {
  Digest digest;
  unsigned size = 0;
  PL_ASSERT(EVP_DigestFinal_ex(rep_->context, digest.data(), &size) == 1 && size == digest.size());
  rep_->start();
  return digest;
}

Digest hash(SuiteId suite, std::initializer_list<ByteView> parts) {
  thread_local Hasher sha256(SuiteId::Ed25519Sha256);
  thread_local Hasher sm3(SuiteId::Sm2Sm3);
  Hasher& hasher = suite == SuiteId::Ed25519Sha256 ? sha256 : sm3;
  // Most of what is hashed is short and in a few parts: one update costs less than four.
  std::array<std::uint8_t, 256> block;
  std::size_t used = 0;
  for (ByteView part : parts) {
    if (used + part.size() > block.size()) {
      hasher.add({block.data(), used});
      used = 0;
    }
    if (part.size() > block.size()) {
      hasher.add(part);
    } else {
      std::copy(part.begin(), part.end(), block.begin() + static_cast<std::ptrdiff_t>(used));
      used += part.size();
    }
  }
  hasher.add({block.data(), used});
  return hasher.finish();
}

}  // namespace pilotledger::crypto
