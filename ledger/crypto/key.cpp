#include "ledger/crypto/key.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include <algorithm>

#include "ledger/crypto/encoding.h"
#include "ledger/crypto/openssl_key.h"
#include "ledger/crypto/register_key.h"
#include "ledger/crypto/token.h"

namespace pilotledger::crypto {
namespace {

constexpr std::uint8_t kEd25519Type = 0x01;
constexpr std::uint8_t kPrivateType = 0xff;
constexpr std::string_view kSm2Identifier = "gmt0003-sm2-sm3-v1";
constexpr std::string_view kSm2SignerId = "1234567812345678";

struct FreeDigestContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeKeyContext {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};

std::uint32_t keyId(SuiteId suite, const std::string& name, ByteView publicKey) {
  const std::uint8_t newline = '\n';
  const std::uint8_t type = suite == SuiteId::Ed25519Sha256 ? kEd25519Type : kPrivateType;
  std::string_view identifier = suite == SuiteId::Ed25519Sha256 ? "" : kSm2Identifier;
  Digest digest = hash(suite, {viewOf(name), ByteView(&newline, 1), ByteView(&type, 1), viewOf(identifier), publicKey});
  return static_cast<std::uint32_t>(digest[0]) << 24 | static_cast<std::uint32_t>(digest[1]) << 16 |
         static_cast<std::uint32_t>(digest[2]) << 8 | digest[3];
}

Result<OpensslKey> parsePoint(ByteView point) {
  std::unique_ptr<EVP_PKEY_CTX, FreeKeyContext> context(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
  std::string group = "SM2";
  Bytes copy(point.begin(), point.end());
  OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
                         OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy.data(), copy.size()),
                         OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params) != 1) {
    return opensslError(ErrorCode::InvalidInput, "SM2 public key: not a point of the curve");
  }
  return OpensslKey(key);
}

// A context that signs or verifies SM2-with-SM3 with the fixed signer id.
struct Sm2Context {
  std::unique_ptr<EVP_MD_CTX, FreeDigestContext> digest{EVP_MD_CTX_new()};
  std::unique_ptr<EVP_PKEY_CTX, FreeKeyContext> key;

  bool bind(EVP_PKEY* pkey) {
    key.reset(EVP_PKEY_CTX_new(pkey, nullptr));
    if (!digest || !key ||
        EVP_PKEY_CTX_set1_id(key.get(), kSm2SignerId.data(), static_cast<int>(kSm2SignerId.size())) != 1) {
      return false;
    }
    EVP_MD_CTX_set_pkey_ctx(digest.get(), key.get());
    return true;
  }
};

bool verifySm2(EVP_PKEY* key, ByteView message, ByteView signature) {
  Sm2Context context;
  bool good =
      context.bind(key) &&
      EVP_DigestVerifyInit_ex(context.digest.get(), nullptr, "SM3", nullptr, nullptr, key, nullptr) == 1 &&
      EVP_DigestVerify(context.digest.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
  ERR_clear_error();
  return good;
}

Result<Bytes> signSm2(EVP_PKEY* key, ByteView message) {
  Sm2Context context;
  std::size_t size = 0;
  if (!context.bind(key) ||
      EVP_DigestSignInit_ex(context.digest.get(), nullptr, "SM3", nullptr, nullptr, key, nullptr) != 1 ||
      EVP_DigestSign(context.digest.get(), nullptr, &size, message.data(), message.size()) != 1) {
    return opensslError(ErrorCode::Internal, "SM2 signature");
  }
  Bytes signature(size);
  if (EVP_DigestSign(context.digest.get(), signature.data(), &size, message.data(), message.size()) != 1) {
    return opensslError(ErrorCode::Internal, "SM2 signature");
  }
  signature.resize(size);
  return signature;
}

// What was given in the place of a public key may be a secret: it is not repeated then.
Error badKey(std::string_view why, std::string_view text) {
  if (text.find("PRIVATE KEY") != text.npos)
    return invalidInput("verifier key: this is a private key; give the public one, as 'key show' prints it",
                        "此为私钥，应给出公钥（由 key show 显示）");
  return invalidInput(fmt::format("verifier key: {} in '{}'", why, text.substr(0, 80)),
                      fmt::format("验证密钥格式错误：{}", text.substr(0, 80)));
}

class Ed25519InMemory : public SigningKey::Rep {
 public:
  Ed25519InMemory(VerifyKey key, const std::array<unsigned char, crypto_sign_SECRETKEYBYTES>& secret)
      : Rep(std::move(key)), secret_(secret) {}
  ~Ed25519InMemory() override { sodium_memzero(secret_.data(), secret_.size()); }

  Result<Bytes> sign(ByteView message) const override {
    Bytes signature(crypto_sign_BYTES);
    crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), secret_.data());
    return signature;
  }
  Result<OpensslKey> secret() const override {
    OpensslKey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret_.data(), crypto_sign_SEEDBYTES));
    if (!key) return opensslError(ErrorCode::Internal, "Ed25519 key");
    return key;
  }

 private:
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret_;
};

class Sm2InMemory : public SigningKey::Rep {
 public:
  Sm2InMemory(VerifyKey key, OpensslKey secret) : Rep(std::move(key)), secret_(std::move(secret)) {}

  Result<Bytes> sign(ByteView message) const override { return signSm2(secret_.get(), message); }
  Result<OpensslKey> secret() const override {
    EVP_PKEY_up_ref(secret_.get());
    return OpensslKey(secret_.get());
  }

 private:
  OpensslKey secret_;
};

}  // namespace

Result<std::shared_ptr<const SigningKey::Rep>> sm2InMemory(std::string name, OpensslKey key) {
  PL_TRY(Bytes point, sm2Point(key.get()));
  PL_TRY(VerifyKey verifyKey, VerifyKey::fromPublicKey(SuiteId::Sm2Sm3, std::move(name), point));
  return std::shared_ptr<const SigningKey::Rep>(std::make_shared<Sm2InMemory>(std::move(verifyKey), std::move(key)));
}

Error opensslError(ErrorCode code, const std::string& doing) {
  char text[256] = "no detail";
  if (unsigned long last = ERR_peek_last_error(); last != 0) ERR_error_string_n(last, text, sizeof text);
  ERR_clear_error();
  return makeError(code, doing + ": " + text);
}

Status checkKeyName(std::string_view name) {
  bool good = !name.empty() && name.size() <= 200 && std::none_of(name.begin(), name.end(), [](char c) {
    return c == '+' || static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
  });
  // U+3000 and U+00A0 are spaces too.
  good = good && name.find("\xe3\x80\x80") == name.npos && name.find("\xc2\xa0") == name.npos;
  if (good) return {};
  return invalidInput(fmt::format("key name: expected 1 to 200 bytes without spaces or '+', found '{}'", name),
                      fmt::format("密钥名称应为 1 至 200 字节，不含空格和“+”，实为“{}”", name));
}

Result<VerifyKey> VerifyKey::fromPublicKey(SuiteId suite, std::string name, ByteView publicKey) {
  PL_CHECK(checkKeyName(name));
  std::size_t expected = suite == SuiteId::Ed25519Sha256 ? 32 : 65;
  if (publicKey.size() != expected) {
    return invalidInput(fmt::format("public key of {}: expected {} bytes, found {}", name, expected, publicKey.size()),
                        fmt::format("公钥长度应为 {} 字节，实为 {} 字节", expected, publicKey.size()));
  }
  auto rep = std::make_shared<Rep>();
  rep->suite = suite;
  rep->publicKey.assign(publicKey.begin(), publicKey.end());
  rep->id = keyId(suite, name, publicKey);
  rep->name = std::move(name);
  if (suite == SuiteId::Sm2Sm3) {
    PL_TRY(rep->sm2, parsePoint(publicKey));
  }
  return VerifyKey(std::move(rep));
}

Result<VerifyKey> VerifyKey::parse(std::string_view vkey) {
  std::size_t first = vkey.find('+');
  std::size_t second = first == vkey.npos ? vkey.npos : vkey.find('+', first + 1);
  if (second == vkey.npos || second != first + 9) return badKey("expected name+id+key", vkey);
  PL_TRY(Bytes key, parseBase64(vkey.substr(second + 1)));
  if (key.empty() || (key[0] != kEd25519Type && key[0] != kPrivateType)) return badKey("unknown key type", vkey);
  SuiteId suite = key[0] == kEd25519Type ? SuiteId::Ed25519Sha256 : SuiteId::Sm2Sm3;
  PL_TRY(VerifyKey parsed, fromPublicKey(suite, std::string(vkey.substr(0, first)), ByteView(key).subspan(1)));
  if (parsed.idHex() != vkey.substr(first + 1, 8)) return badKey("the id does not belong to the key", vkey);
  return parsed;
}

SuiteId VerifyKey::suite() const { return rep_->suite; }
const std::string& VerifyKey::name() const { return rep_->name; }
std::uint32_t VerifyKey::id() const { return rep_->id; }
std::string VerifyKey::idHex() const { return fmt::format("{:08x}", rep_->id); }
ByteView VerifyKey::publicKey() const { return rep_->publicKey; }

std::string VerifyKey::vkey() const {
  Bytes typed{rep_->suite == SuiteId::Ed25519Sha256 ? kEd25519Type : kPrivateType};
  typed.insert(typed.end(), rep_->publicKey.begin(), rep_->publicKey.end());
  return fmt::format("{}+{}+{}", rep_->name, idHex(), toBase64(typed));
}

Status VerifyKey::verify(ByteView message, ByteView signature) const {
  bool good = rep_->suite == SuiteId::Ed25519Sha256
                  ? signature.size() == crypto_sign_BYTES &&
                        crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                                    rep_->publicKey.data()) == 0
                  : verifySm2(rep_->sm2.get(), message, signature);
  if (good) return {};
  return makeError(ErrorCode::BadSignature,
                   fmt::format("the signature of key {}+{} does not verify", rep_->name, idHex()),
                   fmt::format("密钥 {}+{} 的签名验证失败", rep_->name, idHex()));
}

Result<SigningKey> SigningKey::fromEd25519Seed(std::string name, ByteView seed) {
  if (seed.size() != crypto_sign_SEEDBYTES) return invalidInput("Ed25519 seed: expected 32 bytes");
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> publicKey{};
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
  crypto_sign_seed_keypair(publicKey.data(), secret.data(), seed.data());
  PL_TRY(VerifyKey verifyKey, VerifyKey::fromPublicKey(SuiteId::Ed25519Sha256, std::move(name), publicKey));
  auto rep = std::make_shared<Ed25519InMemory>(std::move(verifyKey), secret);
  sodium_memzero(secret.data(), secret.size());
  return SigningKey(std::move(rep));
}

Result<Bytes> sm2Point(EVP_PKEY* key) {
  Bytes point(65);
  std::size_t size = 0;
  // Encoded uncompressed whatever the key was loaded with.
  EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed");
  if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size) != 1 ||
      size != point.size()) {
    return opensslError(ErrorCode::InvalidInput, "SM2 key: no public point");
  }
  return point;
}

Result<SigningKey> SigningKey::generate(SuiteId suite, std::string name) {
  PL_ASSERT(sodium_init() >= 0);
  if (suite == SuiteId::Ed25519Sha256) {
    std::array<std::uint8_t, crypto_sign_SEEDBYTES> seed{};
    randombytes_buf(seed.data(), seed.size());
    auto key = fromEd25519Seed(std::move(name), seed);
    sodium_memzero(seed.data(), seed.size());
    return key;
  }
  OpensslKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2"));
  if (!key) return opensslError(ErrorCode::Internal, "SM2 key generation");
  PL_TRY(auto rep, sm2InMemory(std::move(name), std::move(key)));
  return SigningKey(std::move(rep));
}

const VerifyKey& SigningKey::verifyKey() const { return rep_->verifyKey; }

Result<Bytes> SigningKey::sign(ByteView message) const { return rep_->sign(message); }

namespace {

// The private number, 32 bytes.
Result<Digest> sm2Secret(EVP_PKEY* key) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &raw) != 1)
    return opensslError(ErrorCode::Internal, "SM2 key");
  std::unique_ptr<BIGNUM, decltype(&BN_clear_free)> number(raw, BN_clear_free);
  Digest bytes{};
  if (BN_bn2binpad(number.get(), bytes.data(), static_cast<int>(bytes.size())) != static_cast<int>(bytes.size()))
    return opensslError(ErrorCode::Internal, "SM2 key");
  return bytes;
}

}  // namespace

Result<std::optional<Digest>> SigningKey::derive(std::string_view label) const {
  SuiteId suite = verifyKey().suite();
  std::string message = fmt::format("pilotledger/derive/v1\n{}\n", label);
  if (suite == SuiteId::Sm2Sm3) {
    auto key = rep_->secret();
    if (!key.ok()) return std::optional<Digest>();
    PL_TRY(Digest secret, sm2Secret(key->get()));
    Digest derived = hmac(suite, ByteView(secret), {viewOf(message)});
    sodium_memzero(secret.data(), secret.size());
    return std::optional(derived);
  }
  PL_TRY(Bytes once, sign(viewOf(message)));
  PL_TRY(Bytes twice, sign(viewOf(message)));
  if (once != twice) return std::optional<Digest>();  // a token of its own ways
  return std::optional(hash(suite, {ByteView(once)}));
}

Result<SigningKey> SigningKey::generateOnToken(SuiteId suite, std::string name, const std::string& uri,
                                               std::string_view pin) {
  PL_TRY(auto rep, makeTokenKey(uri, suite, name, pin));
  return SigningKey(std::move(rep));
}

}  // namespace pilotledger::crypto
