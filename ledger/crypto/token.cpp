#include "ledger/crypto/token.h"

#include <fmt/format.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

#include <array>
#include <cstring>
#include <fstream>
#include <mutex>
#include <vector>

namespace pilotledger::crypto {
namespace {

constexpr std::string_view kScheme = "pkcs11:";
// DER of the curve's object identifier 1.3.101.112, and the wrapping of a 32-byte point.
constexpr std::array<CK_BYTE, 5> kEd25519Parameters = {0x06, 0x03, 0x2b, 0x65, 0x70};
constexpr std::array<CK_BYTE, 2> kPointHeader = {0x04, 0x20};

struct FreeUri {
  void operator()(P11KitUri* uri) const { p11_kit_uri_free(uri); }
};
using Uri = std::unique_ptr<P11KitUri, FreeUri>;

Error tokenError(const std::string& doing, CK_RV code) {
  std::string why = p11_kit_strerror(code);
  bool pin =
      code == CKR_PIN_INCORRECT || code == CKR_PIN_LOCKED || code == CKR_PIN_INVALID || code == CKR_PIN_LEN_RANGE;
  return makeError(pin ? ErrorCode::NotAuthorized : ErrorCode::Unavailable,
                   fmt::format("key device: {}: {} (0x{:x})", doing, why, code),
                   fmt::format("密码设备：{}：{}（0x{:x}）", doing, why, code));
}

Result<Uri> parseUri(const std::string& text) {
  Uri uri(p11_kit_uri_new());
  int code = p11_kit_uri_parse(text.c_str(), P11_KIT_URI_FOR_ANY, uri.get());
  if (code == P11_KIT_URI_OK && !p11_kit_uri_any_unrecognized(uri.get())) return uri;
  return invalidInput(fmt::format("not a pkcs11: URI (RFC 7512) that is understood: {}",
                                  code == P11_KIT_URI_OK ? "unknown attribute" : p11_kit_uri_message(code)),
                      "不是可识别的 pkcs11: URI（RFC 7512）");
}

// The label wanted, as text; "" when the URI names none.
std::string labelOf(P11KitUri* uri) {
  const CK_ATTRIBUTE* label = p11_kit_uri_get_attribute(uri, CKA_LABEL);
  return label == nullptr ? std::string() : std::string(static_cast<const char*>(label->pValue), label->ulValueLen);
}

Result<std::string> pinOf(P11KitUri* uri, std::string_view given) {
  if (const char* value = p11_kit_uri_get_pin_value(uri)) return std::string(value);
  const char* source = p11_kit_uri_get_pin_source(uri);
  if (source == nullptr) return std::string(given);
  std::string path = source;
  if (path.starts_with("file:")) path.erase(0, 5);
  std::ifstream in(path);
  std::string pin;
  if (std::getline(in, pin) && !pin.empty()) return pin;
  return makeError(ErrorCode::Unavailable, path + ": cannot read the PIN", path + "：无法读取 PIN");
}

// Modules stay loaded for the life of the process, as other keys may use them.
class Modules {
 public:
  static Result<std::vector<CK_FUNCTION_LIST*>> of(P11KitUri* uri) {
    static std::mutex mutex;
    static std::vector<std::pair<std::string, CK_FUNCTION_LIST*>> loaded;
    static CK_FUNCTION_LIST** registered = nullptr;
    std::lock_guard lock(mutex);
    std::vector<CK_FUNCTION_LIST*> modules;
    if (const char* path = p11_kit_uri_get_module_path(uri)) {
      for (const auto& [name, module] : loaded) {
        if (name == path) return std::vector{module};
      }
      CK_FUNCTION_LIST* module = p11_kit_module_load(path, 0);
      if (module == nullptr)
        return makeError(ErrorCode::Unavailable, fmt::format("{}: no PKCS#11 module", path),
                         fmt::format("{}：不是 PKCS#11 模块", path));
      CK_RV code = p11_kit_module_initialize(module);
      if (code != CKR_OK) return tokenError(path, code);
      loaded.emplace_back(path, module);
      return std::vector{module};
    }
    if (registered == nullptr) registered = p11_kit_modules_load_and_initialize(0);
    for (CK_FUNCTION_LIST** at = registered; at != nullptr && *at != nullptr; ++at) modules.push_back(*at);
    return modules;
  }
};

// A session with the token that the URI names, logged in. One thread at a time.
class Session {
 public:
  static Result<std::unique_ptr<Session>> open(P11KitUri* uri, std::string_view givenPin) {
    PL_TRY(auto modules, Modules::of(uri));
    PL_TRY(std::string pin, pinOf(uri, givenPin));
    auto outcome = openOnlyFit(uri, modules, pin);
    OPENSSL_cleanse(pin.data(), pin.size());
    return outcome;
  }
  ~Session() { module_->C_CloseSession(handle_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // The one object of that class with the URI's label and id; NotFound.
  Result<CK_OBJECT_HANDLE> find(P11KitUri* uri, CK_OBJECT_CLASS kind) const {
    std::vector<CK_ATTRIBUTE> wanted = {{CKA_CLASS, &kind, sizeof kind}};
    for (CK_ATTRIBUTE_TYPE type : {CKA_LABEL, CKA_ID}) {
      if (const CK_ATTRIBUTE* given = p11_kit_uri_get_attribute(uri, type)) wanted.push_back(*given);
    }
    if (wanted.size() == 1)
      return invalidInput("key device: the URI names no key; give object= or id=",
                          "密码设备：URI 未指明密钥，请给出 object= 或 id=");
    std::array<CK_OBJECT_HANDLE, 2> found{};
    CK_ULONG count = 0;
    CK_RV code = module_->C_FindObjectsInit(handle_, wanted.data(), wanted.size());
    if (code == CKR_OK) {
      code = module_->C_FindObjects(handle_, found.data(), found.size(), &count);
      module_->C_FindObjectsFinal(handle_);
    }
    if (code != CKR_OK) return tokenError("looking for the key", code);
    if (count == 1) return found[0];
    return makeError(count == 0 ? ErrorCode::NotFound : ErrorCode::InvalidInput,
                     fmt::format("key device: {} keys fit the URI, one is wanted", count == 0 ? "no" : "several"),
                     count == 0 ? "密码设备：没有符合 URI 的密钥" : "密码设备：有多个密钥符合 URI");
  }

  Result<Bytes> attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
    Bytes value(4096);
    CK_ATTRIBUTE attribute{type, value.data(), value.size()};
    CK_RV code = module_->C_GetAttributeValue(handle_, object, &attribute, 1);
    if (code != CKR_OK) return tokenError("reading the key's attributes", code);
    value.resize(attribute.ulValueLen);
    return value;
  }

  Result<Bytes> sign(CK_OBJECT_HANDLE key, ByteView message) const {
    CK_MECHANISM mechanism{CKM_EDDSA, nullptr, 0};
    Bytes signature(crypto_sign_BYTES);
    CK_ULONG size = signature.size();
    CK_RV code = module_->C_SignInit(handle_, &mechanism, key);
    if (code == CKR_OK)
      code = module_->C_Sign(handle_, const_cast<CK_BYTE*>(message.data()), message.size(), signature.data(), &size);
    if (code != CKR_OK) return tokenError("signing", code);
    if (size != signature.size()) return tokenError("signing: length of the signature", CKR_GENERAL_ERROR);
    return signature;
  }

  Status generate(std::string_view label, const CK_ATTRIBUTE* id) const {
    CK_MECHANISM mechanism{CKM_EC_EDWARDS_KEY_PAIR_GEN, nullptr, 0};
    CK_BBOOL yes = CK_TRUE;
    CK_BBOOL no = CK_FALSE;
    std::string name(label);
    auto parameters = kEd25519Parameters;
    std::vector<CK_ATTRIBUTE> open = {{CKA_TOKEN, &yes, sizeof yes},
                                      {CKA_VERIFY, &yes, sizeof yes},
                                      {CKA_LABEL, name.data(), name.size()},
                                      {CKA_EC_PARAMS, parameters.data(), parameters.size()}};
    std::vector<CK_ATTRIBUTE> secret = {{CKA_TOKEN, &yes, sizeof yes},     {CKA_PRIVATE, &yes, sizeof yes},
                                        {CKA_SENSITIVE, &yes, sizeof yes}, {CKA_EXTRACTABLE, &no, sizeof no},
                                        {CKA_SIGN, &yes, sizeof yes},      {CKA_LABEL, name.data(), name.size()}};
    if (id != nullptr) {
      open.push_back(*id);
      secret.push_back(*id);
    }
    CK_OBJECT_HANDLE publicKey = 0;
    CK_OBJECT_HANDLE privateKey = 0;
    CK_RV code = module_->C_GenerateKeyPair(handle_, &mechanism, open.data(), open.size(), secret.data(), secret.size(),
                                            &publicKey, &privateKey);
    if (code == CKR_OK) return {};
    return tokenError("making a key", code);
  }

 private:
  Session(CK_FUNCTION_LIST* module, CK_SESSION_HANDLE handle) : module_(module), handle_(handle) {}

  // Stops at the first refusal: a wrong PIN is not tried again on another way to the same token.
  static Result<std::unique_ptr<Session>> openOnlyFit(P11KitUri* uri, const std::vector<CK_FUNCTION_LIST*>& modules,
                                                      std::string& pin) {
    Result<std::unique_ptr<Session>> outcome =
        makeError(ErrorCode::NotFound, "key device: no token like that is present", "密码设备：未找到该令牌");
    for (CK_FUNCTION_LIST* module : modules) {
      std::array<CK_SLOT_ID, 64> slots{};
      CK_ULONG count = slots.size();
      if (module->C_GetSlotList(CK_TRUE, slots.data(), &count) != CKR_OK) continue;
      for (CK_ULONG i = 0; i < count; ++i) {
        CK_TOKEN_INFO info{};
        if (module->C_GetTokenInfo(slots[i], &info) != CKR_OK || (info.flags & CKF_TOKEN_INITIALIZED) == 0 ||
            p11_kit_uri_match_token_info(uri, &info) != 1) {
          continue;
        }
        if (outcome.ok())
          return makeError(ErrorCode::InvalidInput,
                           "key device: the URI fits several tokens; name one with token=, serial= or model=",
                           "密码设备：该 URI 对应多个令牌，请用 token= 等指明");
        outcome = start(module, slots[i], pin, info.flags);
        if (!outcome.ok()) return outcome;
      }
    }
    return outcome;
  }

  static Result<std::unique_ptr<Session>> start(CK_FUNCTION_LIST* module, CK_SLOT_ID slot, std::string& pin,
                                                CK_FLAGS flags) {
    CK_SESSION_HANDLE handle = 0;
    CK_RV code = module->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &handle);
    if (code != CKR_OK) return tokenError("opening a session", code);
    std::unique_ptr<Session> session(new Session(module, handle));
    if ((flags & CKF_LOGIN_REQUIRED) != 0) {
      if (pin.empty() && (flags & CKF_PROTECTED_AUTHENTICATION_PATH) == 0) {
        return makeError(
            ErrorCode::NotAuthorized,
            "key device: it wants a PIN; give pin-source= in the URI, --passphrase-fd, or type it on a terminal",
            "密码设备：需要 PIN；请在 URI 中给出 pin-source=、使用 --passphrase-fd 或在终端输入");
      }
      code = module->C_Login(handle, CKU_USER, pin.empty() ? nullptr : reinterpret_cast<CK_UTF8CHAR*>(pin.data()),
                             pin.size());
      if (code != CKR_OK && code != CKR_USER_ALREADY_LOGGED_IN) return tokenError("logging in", code);
    }
    return session;
  }

  CK_FUNCTION_LIST* module_;
  CK_SESSION_HANDLE handle_;
};

Result<Bytes> pointOf(const Session& session, CK_OBJECT_HANDLE publicKey) {
  PL_TRY(Bytes parameters, session.attribute(publicKey, CKA_EC_PARAMS));
  PL_TRY(Bytes point, session.attribute(publicKey, CKA_EC_POINT));
  if (point.size() == kPointHeader.size() + 32 && std::equal(kPointHeader.begin(), kPointHeader.end(), point.begin())) {
    point.erase(point.begin(), point.begin() + kPointHeader.size());
  }
  if (parameters.size() == kEd25519Parameters.size() &&
      std::equal(parameters.begin(), parameters.end(), kEd25519Parameters.begin()) && point.size() == 32) {
    return point;
  }
  return makeError(ErrorCode::Unsupported, "key device: the key is not Ed25519", "密码设备：该密钥不是 Ed25519");
}

class TokenKey : public SigningKey::Rep {
 public:
  TokenKey(VerifyKey key, std::string uri, std::unique_ptr<Session> session, CK_OBJECT_HANDLE object)
      : Rep(std::move(key)), uri_(std::move(uri)), session_(std::move(session)), object_(object) {}

  // A device that signs wrongly is found out before its signature goes anywhere.
  Result<Bytes> sign(ByteView message) const override {
    std::lock_guard lock(mutex_);
    PL_TRY(Bytes signature, session_->sign(object_, message));
    PL_CHECK(verifyKey.verify(message, signature));
    return signature;
  }
  Result<OpensslKey> secret() const override {
    return makeError(ErrorCode::Unsupported, "the key is on a device and cannot be read out",
                     "密钥在密码设备中，不可导出");
  }
  std::string reference() const override { return uri_; }

 private:
  std::string uri_;
  mutable std::mutex mutex_;  // a session does one thing at a time
  std::unique_ptr<Session> session_;
  CK_OBJECT_HANDLE object_;
};

}  // namespace

bool isTokenUri(std::string_view text) { return text.starts_with(kScheme); }

Result<bool> tokenUriHasPin(const std::string& text) {
  PL_TRY(Uri uri, parseUri(text));
  return p11_kit_uri_get_pin_value(uri.get()) != nullptr || p11_kit_uri_get_pin_source(uri.get()) != nullptr;
}

Result<std::shared_ptr<const SigningKey::Rep>> openTokenKey(const std::string& text, std::string_view pin) {
  PL_TRY(Uri uri, parseUri(text));
  PL_TRY(std::unique_ptr<Session> session, Session::open(uri.get(), pin));
  PL_TRY(CK_OBJECT_HANDLE privateKey, session->find(uri.get(), CKO_PRIVATE_KEY));
  PL_TRY(CK_OBJECT_HANDLE publicKey, session->find(uri.get(), CKO_PUBLIC_KEY));
  PL_TRY(Bytes point, pointOf(*session, publicKey));
  PL_TRY(Bytes label, session->attribute(privateKey, CKA_LABEL));
  PL_TRY(VerifyKey key, VerifyKey::fromPublicKey(SuiteId::Ed25519Sha256, std::string(textOf(label)), point));
  return std::shared_ptr<const SigningKey::Rep>(
      std::make_shared<TokenKey>(std::move(key), text, std::move(session), privateKey));
}

Result<std::shared_ptr<const SigningKey::Rep>> makeTokenKey(const std::string& text, SuiteId suite,
                                                            std::string_view name, std::string_view pin) {
  PL_TRY(Uri uri, parseUri(text));
  std::string label = labelOf(uri.get());
  if (label != name && !(label.empty() || name.empty())) {
    return invalidInput(
        fmt::format("the key's name is its label on the device: --name says {}, object= says {}", name, label),
        fmt::format("密钥名称即设备中的标签：--name 为 {}，object= 为 {}", name, label));
  }
  if (label.empty()) label = name;
  PL_CHECK(checkKeyName(label));
  if (suite != SuiteId::Ed25519Sha256) {
    return makeError(ErrorCode::Unsupported,
                     "key device: only Ed25519 keys are made on devices; PKCS#11 has no standard mechanism for SM2",
                     "密码设备：仅支持在设备中生成 Ed25519 密钥；PKCS#11 没有 SM2 的标准机制");
  }
  {
    PL_TRY(std::unique_ptr<Session> session, Session::open(uri.get(), pin));
    CK_ATTRIBUTE wanted{CKA_LABEL, label.data(), label.size()};
    p11_kit_uri_set_attribute(uri.get(), &wanted);
    auto there = session->find(uri.get(), CKO_PRIVATE_KEY);
    if (there.ok() || there.error().code != ErrorCode::NotFound) {
      return makeError(ErrorCode::Conflict, fmt::format("key device: a key named {} is there already", label),
                       fmt::format("密码设备：已有名为 {} 的密钥", label));
    }
    PL_CHECK(session->generate(label, p11_kit_uri_get_attribute(uri.get(), CKA_ID)));
  }
  // The reference names the new key without the PIN unless the URI held it.
  char* formatted = nullptr;
  if (p11_kit_uri_format(uri.get(), P11_KIT_URI_FOR_ANY, &formatted) != P11_KIT_URI_OK)
    return tokenError("naming the new key", CKR_HOST_MEMORY);
  std::string reference(formatted);
  std::free(formatted);
  return openTokenKey(reference, pin);
}

}  // namespace pilotledger::crypto
