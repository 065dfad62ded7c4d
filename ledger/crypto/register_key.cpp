#include "ledger/crypto/register_key.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>

#include "ledger/crypto/encoding.h"
#include "ledger/crypto/private_file.h"
#include "ledger/crypto/random.h"

namespace pilotledger::crypto {

Digest hmac(SuiteId suite, ByteView key, std::initializer_list<ByteView> parts) {
  constexpr std::size_t kBlock = 64;  // of SHA-256 and of SM3
  PL_ASSERT(key.size() <= kBlock);
  std::array<std::uint8_t, kBlock> inner, outer;
  for (std::size_t i = 0; i < kBlock; ++i) {
    std::uint8_t byte = i < key.size() ? key[i] : 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  thread_local Hasher sha256(SuiteId::Ed25519Sha256);
  thread_local Hasher sm3(SuiteId::Sm2Sm3);
  Hasher& hasher = suite == SuiteId::Ed25519Sha256 ? sha256 : sm3;
  hasher.add(ByteView(inner));
  for (ByteView part : parts) hasher.add(part);
  Digest first = hasher.finish();
  Digest tag = hasher.add(ByteView(outer)).add(ByteView(first)).finish();
  sodium_memzero(inner.data(), inner.size());
  sodium_memzero(outer.data(), outer.size());
  return tag;
}

struct RegisterKey::Rep {
  SuiteId suite;
  std::array<std::uint8_t, 32> bytes{};
  ~Rep() { sodium_memzero(bytes.data(), bytes.size()); }
};

RegisterKey RegisterKey::generate(SuiteId suite) {
  auto rep = std::make_shared<Rep>();
  rep->suite = suite;
  fillRandom(rep->bytes);
  return RegisterKey(std::move(rep));
}

Status RegisterKey::save(const std::filesystem::path& path) const {
  return writePrivateFile(path, textOf(ByteView(rep_->bytes)));
}

Result<RegisterKey> RegisterKey::load(SuiteId suite, const std::filesystem::path& path) {
  PL_TRY(std::string text, readPrivateFile(path, 32));
  if (text.size() != 32) {
    return makeError(ErrorCode::Corruption,
                     fmt::format("{}: expected a register key of 32 bytes, found {}; put it back from a backup",
                                 path.string(), text.size()),
                     fmt::format("{}：登记密钥应为 32 字节，实为 {} 字节；请从备份恢复", path.string(), text.size()));
  }
  auto rep = std::make_shared<Rep>();
  rep->suite = suite;
  std::copy(text.begin(), text.end(), rep->bytes.begin());
  sodium_memzero(text.data(), text.size());
  return RegisterKey(std::move(rep));
}

std::string RegisterKey::seal(std::string_view kind, std::string_view number) const {
  Digest tag = hmac(rep_->suite, ByteView(rep_->bytes),
                    {viewOf("pilotledger/seal/v1\n"), viewOf(kind), viewOf("\n"), viewOf(number)});
  return "hmac:" + toHex(tag);
}

Digest RegisterKey::commitment(std::string_view origin) const {
  return hmac(rep_->suite, ByteView(rep_->bytes),
              {viewOf("pilotledger/register-key/v1\n"), viewOf(origin), viewOf("\n")});
}

}  // namespace pilotledger::crypto
