// Key files: a "Name:" line, then a PKCS#8 PEM block.
#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstring>

#include "ledger/crypto/openssl_key.h"
#include "ledger/crypto/private_file.h"

namespace pilotledger::crypto {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

constexpr std::size_t kMaxKeyFile = 16384;
constexpr std::string_view kNameField = "Name: ";

int givePassphrase(char* buffer, int size, int, void* context) {
  auto* passphrase = static_cast<std::string_view*>(context);
  if (passphrase->empty() || static_cast<int>(passphrase->size()) > size) return -1;
  std::memcpy(buffer, passphrase->data(), passphrase->size());
  return static_cast<int>(passphrase->size());
}

}  // namespace

Status SigningKey::save(const std::filesystem::path& path, std::string_view passphrase) const {
  OpensslKey made;
  EVP_PKEY* key = rep_->sm2.get();
  if (key == nullptr) {
    made.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, rep_->ed25519.data(), 32));
    key = made.get();
  }
  Bio bio(BIO_new(BIO_s_secmem()));
  const EVP_CIPHER* cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
  if (key == nullptr || !bio ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key, cipher, passphrase.data(),
                                    static_cast<int>(passphrase.size()), nullptr, nullptr) != 1) {
    return opensslError(ErrorCode::Internal, "writing the key");
  }
  char* pem = nullptr;
  long size = BIO_get_mem_data(bio.get(), &pem);
  std::string text = fmt::format("{}{}\n", kNameField, verifyKey().name());
  text.append(pem, static_cast<std::size_t>(size));
  Status written = writePrivateFile(path, text);
  sodium_memzero(text.data(), text.size());
  return written;
}

Result<SigningKey> SigningKey::load(const std::filesystem::path& path, std::string_view passphrase) {
  PL_TRY(std::string text, readPrivateFile(path, kMaxKeyFile));
  std::string name;
  if (text.starts_with(kNameField)) {
    name = text.substr(kNameField.size(), text.find('\n') - kNameField.size());
  }
  Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  OpensslKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, givePassphrase, &passphrase));
  bool encrypted = text.find("ENCRYPTED") != std::string::npos;
  sodium_memzero(text.data(), text.size());
  ERR_clear_error();
  if (!key) {
    std::string why = encrypted ? "the key is encrypted: wrong or missing passphrase"
                                : "not a key file (expected a Name line and a PKCS#8 PEM block)";
    return invalidInput(path.string() + ": " + why,
                        path.string() + (encrypted ? "：密钥已加密，口令错误或未提供" : "：不是密钥文件"));
  }
  if (auto checked = checkKeyName(name); !checked.ok()) {
    return std::move(checked).error().within(path.string());
  }
  if (EVP_PKEY_is_a(key.get(), "ED25519")) {
    std::array<std::uint8_t, 32> seed{};
    std::size_t size = seed.size();
    if (EVP_PKEY_get_raw_private_key(key.get(), seed.data(), &size) != 1) {
      return opensslError(ErrorCode::InvalidInput, path.string());
    }
    auto loaded = fromEd25519Seed(std::move(name), seed);
    sodium_memzero(seed.data(), seed.size());
    return loaded;
  }
  char group[32] = "";
  EVP_PKEY_get_utf8_string_param(key.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, nullptr);
  if (std::string_view(group) != "SM2") {
    return invalidInput(path.string() + ": expected an Ed25519 or SM2 key", path.string() + "：应为 Ed25519 或 SM2 密钥");
  }
  PL_TRY(Bytes point, sm2Point(key.get()));
  PL_TRY(VerifyKey verifyKey, VerifyKey::fromPublicKey(SuiteId::Sm2Sm3, std::move(name), point));
  auto rep = std::make_shared<Rep>(std::move(verifyKey));
  rep->sm2 = std::move(key);
  return SigningKey(std::move(rep));
}

}  // namespace pilotledger::crypto
