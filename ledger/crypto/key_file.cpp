// Key files: a "Name:" line, then a PKCS#8 PEM block.
#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstring>

#include "ledger/crypto/openssl_key.h"
#include "ledger/crypto/private_file.h"
#include "ledger/crypto/token.h"

namespace pilotledger::crypto {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

constexpr std::string_view kNameField = "Name: ";
constexpr std::string_view kTokenField = "Token: ";

// The URI in a file that stands for a key on a device; "" in others.
std::string tokenField(const std::string& text) {
  std::size_t line = text.find('\n');
  if (!text.starts_with(kNameField) || line == text.npos ||
      text.compare(line + 1, kTokenField.size(), kTokenField) != 0)
    return "";
  std::size_t from = line + 1 + kTokenField.size();
  return text.substr(from, text.find('\n', from) - from);
}

int givePassphrase(char* buffer, int size, int, void* context) {
  auto* passphrase = static_cast<std::string_view*>(context);
  if (passphrase->empty() || static_cast<int>(passphrase->size()) > size) return -1;
  std::memcpy(buffer, passphrase->data(), passphrase->size());
  return static_cast<int>(passphrase->size());
}

}  // namespace

bool isWholeKeyFile(std::string_view text) {
  if (!text.starts_with(kNameField) || !text.ends_with('\n')) return false;
  if (!tokenField(std::string(text)).empty()) return true;
  std::size_t last = text.substr(0, text.size() - 1).rfind('\n');
  return last != text.npos && text.substr(last + 1).starts_with("-----END ");
}

Status SigningKey::save(const std::filesystem::path& path, std::string_view passphrase) const {
  std::string text = fmt::format("{}{}\n", kNameField, verifyKey().name());
  if (std::string uri = rep_->reference(); !uri.empty()) {
    text += fmt::format("{}{}\n", kTokenField, uri);
  } else {
    PL_TRY(OpensslKey key, rep_->secret());
    Bio bio(BIO_new(BIO_s_secmem()));
    const EVP_CIPHER* cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
    if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), cipher, passphrase.data(),
                                              static_cast<int>(passphrase.size()), nullptr, nullptr) != 1) {
      return opensslError(ErrorCode::Internal, "writing the key");
    }
    char* pem = nullptr;
    long size = BIO_get_mem_data(bio.get(), &pem);
    text.append(pem, static_cast<std::size_t>(size));
  }
  Status written = writePrivateFile(path, text);
  sodium_memzero(text.data(), text.size());
  return written;
}

Result<bool> SigningKey::isLocked(const std::filesystem::path& path) {
  if (isTokenUri(path.native())) {
    PL_TRY(bool known, tokenUriHasPin(path.native()));
    return !known;
  }
  PL_TRY(std::string text, readPrivateFile(path, kMaxKeyFile));
  bool locked = text.find("ENCRYPTED") != std::string::npos;
  if (std::string uri = tokenField(text); !uri.empty()) {
    PL_TRY(bool known, tokenUriHasPin(uri));
    locked = !known;
  }
  sodium_memzero(text.data(), text.size());
  return locked;
}

Result<SigningKey> SigningKey::load(const std::filesystem::path& path, std::string_view passphrase) {
  if (isTokenUri(path.native())) {
    PL_TRY(auto onToken, openTokenKey(path.native(), passphrase));
    return SigningKey(std::move(onToken));
  }
  PL_TRY(std::string text, readPrivateFile(path, kMaxKeyFile));
  if (std::string uri = tokenField(text); !uri.empty()) {
    auto onToken = openTokenKey(uri, passphrase);
    if (!onToken.ok()) return std::move(onToken).error().within(path.string());
    return SigningKey(std::move(onToken).value());
  }
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
    return invalidInput(path.string() + ": expected an Ed25519 or SM2 key",
                        path.string() + "：应为 Ed25519 或 SM2 密钥");
  }
  PL_TRY(auto rep, sm2InMemory(std::move(name), std::move(key)));
  return SigningKey(std::move(rep));
}

}  // namespace pilotledger::crypto
