#include "ledger/crypto/timestamp.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

#include "ledger/crypto/openssl_key.h"

namespace pilotledger::crypto {
namespace {

template <auto Free>
struct With {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Request = std::unique_ptr<TS_REQ, With<TS_REQ_free>>;
using Response = std::unique_ptr<TS_RESP, With<TS_RESP_free>>;
using Imprint = std::unique_ptr<TS_MSG_IMPRINT, With<TS_MSG_IMPRINT_free>>;
using Info = std::unique_ptr<TS_TST_INFO, With<TS_TST_INFO_free>>;
using Token = std::unique_ptr<PKCS7, With<PKCS7_free>>;
using Algorithm = std::unique_ptr<X509_ALGOR, With<X509_ALGOR_free>>;
using Number = std::unique_ptr<ASN1_INTEGER, With<ASN1_INTEGER_free>>;
using TrustStore = std::unique_ptr<X509_STORE, With<X509_STORE_free>>;
using VerifyContext = std::unique_ptr<TS_VERIFY_CTX, With<TS_VERIFY_CTX_free>>;
using BioHandle = std::unique_ptr<BIO, With<BIO_free>>;

constexpr std::size_t kMaxTokenBytes = 1u << 20;

int digestNid(SuiteId suite) { return suite == SuiteId::Ed25519Sha256 ? NID_sha256 : NID_sm3; }

Error rejected(const std::string& en, const std::string& zh) {
  ERR_clear_error();
  return makeError(ErrorCode::ProofRejected, "time stamp: " + en, "时间戳：" + zh);
}
Error malformed() {
  ERR_clear_error();
  return invalidInput("time stamp: not a token of RFC 3161 in DER", "时间戳格式错误：不是 RFC 3161 令牌（DER）");
}

template <typename T>
Result<Bytes> toDer(T* object, int (*encode)(const T*, unsigned char**)) {
  unsigned char* der = nullptr;
  int size = encode(object, &der);
  if (size < 0) return opensslError(ErrorCode::Internal, "time stamp");
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

Number randomNonce() {
  unsigned char bytes[8];
  Number nonce(ASN1_INTEGER_new());
  if (!nonce || RAND_bytes(bytes, sizeof bytes) != 1) return nullptr;
  std::uint64_t value = 1;
  for (unsigned char byte : bytes) value = value << 8 | byte;
  return ASN1_INTEGER_set_uint64(nonce.get(), value) == 1 ? std::move(nonce) : nullptr;
}

// One spelling: bytes after the structure are refused.
Result<Token> parseToken(ByteView bytes) {
  const unsigned char* at = bytes.data();
  if (bytes.size() > kMaxTokenBytes) return malformed();
  Token token(d2i_PKCS7(nullptr, &at, static_cast<long>(bytes.size())));
  if (!token || at != bytes.data() + bytes.size()) return malformed();
  return token;
}

std::string authorityOf(PKCS7* token) {
  STACK_OF(X509)* signers = PKCS7_get0_signers(token, nullptr, 0);
  std::string name;
  if (signers != nullptr && sk_X509_num(signers) > 0) {
    BioHandle out(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(out.get(), X509_get_subject_name(sk_X509_value(signers, 0)), 0,
                       XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    char* text = nullptr;
    long size = BIO_get_mem_data(out.get(), &text);
    name.assign(text, static_cast<std::size_t>(size));
  }
  sk_X509_free(signers);
  ERR_clear_error();
  return name;
}

Result<Timestamp> describe(PKCS7* token, TS_TST_INFO* info) {
  Timestamp stamp;
  std::tm time{};
  if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &time) != 1) return malformed();
  stamp.seconds = ::timegm(&time);
  if (BIGNUM* serial = ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(info), nullptr)) {
    char* hex = BN_bn2hex(serial);
    stamp.serial = hex;
    OPENSSL_free(hex);
    BN_free(serial);
  }
  char policy[128] = "";
  OBJ_obj2txt(policy, sizeof policy, TS_TST_INFO_get_policy_id(info), 1);
  stamp.policy = policy;
  stamp.authority = authorityOf(token);
  return stamp;
}

Result<TrustStore> trusting(std::string_view certificates, std::int64_t at) {
  TrustStore store(X509_STORE_new());
  BioHandle bio(BIO_new_mem_buf(certificates.data(), static_cast<int>(certificates.size())));
  int count = 0;
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    count += X509_STORE_add_cert(store.get(), certificate) == 1 ? 1 : 0;
    X509_free(certificate);
  }
  ERR_clear_error();
  if (count == 0)
    return invalidInput("no certificate of a time-stamp authority in PEM form", "没有时间戳机构的 PEM 证书");
  X509_VERIFY_PARAM* param = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_time(param, static_cast<std::time_t>(at));
  X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);  // the authority's own certificate may be the anchor
  return store;
}

}  // namespace

Result<Bytes> timestampRequest(SuiteId suite, ByteView message) {
  Request request(TS_REQ_new());
  Imprint imprint(TS_MSG_IMPRINT_new());
  Algorithm algorithm(X509_ALGOR_new());
  Number nonce = randomNonce();
  Digest digest = hash(suite, message);
  if (!request || !imprint || !algorithm || !nonce ||
      X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(digestNid(suite)), V_ASN1_NULL, nullptr) != 1 ||
      TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) != 1 ||
      TS_MSG_IMPRINT_set_msg(imprint.get(), digest.data(), static_cast<int>(digest.size())) != 1 ||
      TS_REQ_set_version(request.get(), 1) != 1 || TS_REQ_set_msg_imprint(request.get(), imprint.get()) != 1 ||
      TS_REQ_set_nonce(request.get(), nonce.get()) != 1 || TS_REQ_set_cert_req(request.get(), 1) != 1) {
    return opensslError(ErrorCode::Internal, "time stamp request");
  }
  return toDer<TS_REQ>(request.get(), i2d_TS_REQ);
}

Result<Bytes> timestampToken(ByteView requestBytes, ByteView responseBytes) {
  const unsigned char* at = requestBytes.data();
  Request request(d2i_TS_REQ(nullptr, &at, static_cast<long>(requestBytes.size())));
  PL_ASSERT(request != nullptr);  // ours
  at = responseBytes.data();
  if (responseBytes.size() > kMaxTokenBytes) return malformed();
  Response response(d2i_TS_RESP(nullptr, &at, static_cast<long>(responseBytes.size())));
  if (!response) return malformed();
  TS_STATUS_INFO* status = TS_RESP_get_status_info(response.get());
  long verdict = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));
  if (verdict != 0 && verdict != 1) {  // granted, granted with modifications
    std::string why = fmt::format("status {}", verdict);
    const STACK_OF(ASN1_UTF8STRING)* texts = TS_STATUS_INFO_get0_text(status);
    if (texts != nullptr && sk_ASN1_UTF8STRING_num(texts) > 0) {
      const ASN1_UTF8STRING* text = sk_ASN1_UTF8STRING_value(texts, 0);
      why = std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                        static_cast<std::size_t>(ASN1_STRING_length(text)));
    }
    return rejected("refused by the authority: " + why, "机构拒绝：" + why);
  }
  PKCS7* token = TS_RESP_get_token(response.get());
  TS_TST_INFO* info = TS_RESP_get_tst_info(response.get());
  if (token == nullptr || info == nullptr) return malformed();
  const ASN1_INTEGER* nonce = TS_TST_INFO_get_nonce(info);
  if (nonce == nullptr || ASN1_INTEGER_cmp(nonce, TS_REQ_get_nonce(request.get())) != 0) {
    return rejected("the answer is to another request", "答复与请求不符");
  }
  return toDer<PKCS7>(token, i2d_PKCS7);
}

Result<Timestamp> readTimestamp(SuiteId suite, ByteView message, ByteView bytes) {
  PL_TRY(Token token, parseToken(bytes));
  Info info(PKCS7_to_TS_TST_INFO(token.get()));
  if (!info) return malformed();
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(info.get());
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  ASN1_OCTET_STRING* said = TS_MSG_IMPRINT_get_msg(imprint);
  Digest digest = hash(suite, message);
  if (OBJ_obj2nid(algorithm) != digestNid(suite) || ASN1_STRING_length(said) != static_cast<int>(digest.size()) ||
      !std::equal(digest.begin(), digest.end(), ASN1_STRING_get0_data(said))) {
    return rejected("WrongImprint: it is about another text", "内容摘要不符");
  }
  return describe(token.get(), info.get());
}

Result<Timestamp> verifyTimestamp(SuiteId suite, ByteView message, ByteView bytes, std::string_view certificates) {
  PL_TRY(Timestamp stamp, readTimestamp(suite, message, bytes));
  PL_TRY(Token token, parseToken(bytes));
  PL_TRY(TrustStore store, trusting(certificates, stamp.seconds));
  VerifyContext context(TS_VERIFY_CTX_new());
  if (!context) return opensslError(ErrorCode::Internal, "time stamp");
  TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_SIGNATURE);
  TS_VERIFY_CTX_set_store(context.get(), store.release());  // owned by the context from here
  if (TS_RESP_verify_token(context.get(), token.get()) == 1) return stamp;
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string why = reason == nullptr ? "does not verify" : reason;
  return rejected("the signature does not hold: " + why + " (are these the authority's certificates?)",
                  "验证失败：" + why + "（请核对机构证书）");
}

}  // namespace pilotledger::crypto
