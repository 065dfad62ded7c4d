#include "ledger/tlog/cosignature.h"

#include <fmt/format.h>

#include <limits>

#include "ledger/crypto/encoding.h"

namespace pilotledger::proof {
namespace {

using crypto::SuiteId;

constexpr std::string_view kSm2Identifier = "pilotledger-cosignature-v1-sm2-sm3";
constexpr std::size_t kTimeBytes = 8;

// Type byte, identifier and public key: what the id is over and what the vkey holds.
Bytes typedKey(const crypto::VerifyKey& key) {
  Bytes typed;
  if (key.suite() == SuiteId::Ed25519Sha256) {
    typed.push_back(0x04);
  } else {
    typed.push_back(0xff);
    typed.insert(typed.end(), kSm2Identifier.begin(), kSm2Identifier.end());
  }
  typed.insert(typed.end(), key.publicKey().begin(), key.publicKey().end());
  return typed;
}

std::uint32_t idOf(const crypto::VerifyKey& key) {
  Digest digest = crypto::hash(key.suite(), {viewOf(key.name()), viewOf("\n"), typedKey(key)});
  return static_cast<std::uint32_t>(digest[0]) << 24 | static_cast<std::uint32_t>(digest[1]) << 16 |
         static_cast<std::uint32_t>(digest[2]) << 8 | digest[3];
}

Error badKey(std::string_view why, std::string_view text) {
  return invalidInput(
      fmt::format("witness key: {} in '{}'; expected NAME+ID+KEY of a cosigner, as 'witness init' prints it", why,
                  text.substr(0, 80)),
      fmt::format("见证密钥格式错误：{}；应为 witness init 输出的公钥", text.substr(0, 80)));
}

std::string message(std::string_view checkpointText, std::uint64_t seconds) {
  return fmt::format("cosignature/v1\ntime {}\n{}", seconds, checkpointText);
}

}  // namespace

CosignerKey CosignerKey::of(const crypto::VerifyKey& key) { return {key, idOf(key)}; }

Result<CosignerKey> CosignerKey::parse(std::string_view vkey) {
  std::size_t first = vkey.find('+');
  std::size_t second = first == vkey.npos ? vkey.npos : vkey.find('+', first + 1);
  if (second == vkey.npos || second != first + 9) return badKey("no name+id+key", vkey);
  auto typed = crypto::parseBase64(vkey.substr(second + 1));
  if (!typed.ok() || typed->empty()) return badKey("malformed key", vkey);
  ByteView rest = ByteView(*typed).subspan(1);
  SuiteId suite = SuiteId::Ed25519Sha256;
  if ((*typed)[0] == 0xff && textOf(rest).starts_with(kSm2Identifier)) {
    suite = SuiteId::Sm2Sm3;
    rest = rest.subspan(kSm2Identifier.size());
  } else if ((*typed)[0] != 0x04) {
    return badKey("the key is not of a cosigner's type", vkey);
  }
  PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::fromPublicKey(suite, std::string(vkey.substr(0, first)), rest));
  CosignerKey parsed = of(key);
  if (parsed.vkey() != vkey) return badKey("the id does not belong to the key", vkey);
  return parsed;
}

std::string CosignerKey::keyName() const { return fmt::format("{}+{:08x}", name(), id_); }
std::string CosignerKey::vkey() const { return keyName() + "+" + crypto::toBase64(typedKey(key_)); }

Result<NoteSignature> cosign(std::string_view checkpointText, std::uint64_t seconds, const crypto::SigningKey& key) {
  PL_ASSERT(seconds <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
  PL_TRY(Bytes signature, key.sign(viewOf(message(checkpointText, seconds))));
  Bytes blob;
  for (int shift = 56; shift >= 0; shift -= 8) blob.push_back(static_cast<std::uint8_t>(seconds >> shift));
  blob.insert(blob.end(), signature.begin(), signature.end());
  CosignerKey cosigner = CosignerKey::of(key.verifyKey());
  return NoteSignature{cosigner.name(), cosigner.id(), std::move(blob)};
}

Result<std::uint64_t> verifyCosignature(std::string_view checkpointText, const NoteSignature& signature,
                                        const CosignerKey& key) {
  if (signature.name != key.name() || signature.keyId != key.id()) {
    return makeError(ErrorCode::NotFound,
                     fmt::format("UnknownKey: {} is not the witness {}", signature.keyName(), key.keyName()),
                     fmt::format("{} 不是见证方 {}", signature.keyName(), key.keyName()));
  }
  std::uint64_t seconds = 0;
  if (signature.signature.size() <= kTimeBytes || signature.signature[0] > 0x7f) {
    return invalidInput(fmt::format("cosignature of {}: expected a time and a signature", key.keyName()),
                        fmt::format("见证 {} 的联署格式错误", key.keyName()));
  }
  for (std::size_t i = 0; i < kTimeBytes; ++i) seconds = seconds << 8 | signature.signature[i];
  PL_CHECK(
      key.key().verify(viewOf(message(checkpointText, seconds)), ByteView(signature.signature).subspan(kTimeBytes)));
  return seconds;
}

Result<std::uint64_t> findCosignature(const Note& note, const CosignerKey& key) {
  for (const NoteSignature& signature : note.signatures) {
    if (signature.keyId == key.id() && signature.name == key.name())
      return verifyCosignature(note.text, signature, key);
  }
  return makeError(ErrorCode::NotFound, fmt::format("UnknownKey: not cosigned by {}", key.keyName()),
                   fmt::format("没有见证方 {} 的联署", key.keyName()));
}

}  // namespace pilotledger::proof
