#include "tools/http/tls.h"

#include <fmt/format.h>

#include <new>

namespace pilotledger::http {
namespace {

namespace ssl = boost::asio::ssl;

// RFC 9325: forward secrecy and authenticated encryption for 1.2; those of 1.3 are all right.
constexpr const char* kSuites = "ECDHE+AESGCM:ECDHE+CHACHA20";

Error badFile(const std::string& file, const boost::system::error_code& why) {
  return invalidInput(fmt::format("{}: no good for TLS: {}", file, why.message()),
                      fmt::format("{}：不能用于 TLS：{}", file, why.message()));
}

TlsContext strict(ssl::context::method method) {
  auto context = std::make_shared<ssl::context>(method);
  ::SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  ::SSL_CTX_set_cipher_list(context->native_handle(), kSuites);
  ::SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  ::SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);  // 32 KiB less for each that is idle
  return context;
}

}  // namespace

Result<TlsContext> serverTls(const std::string& certificate, const std::string& key) {
  if (key.empty()) return invalidInput("a certificate for TLS needs its key", "TLS 证书须同时给出密钥");
  TlsContext context = strict(ssl::context::tls_server);
  ::SSL_CTX_set_options(context->native_handle(), SSL_OP_CIPHER_SERVER_PREFERENCE);
  boost::system::error_code failure;
  // Without a terminal: a key that is locked is refused, not asked for while clients wait.
  context->set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); });
  if (context->use_certificate_chain_file(certificate, failure)) return badFile(certificate, failure);
  if (context->use_private_key_file(key, ssl::context::pem, failure)) return badFile(key, failure);
  if (::SSL_CTX_check_private_key(context->native_handle()) != 1)
    return invalidInput(fmt::format("{} is not the key of {}", key, certificate),
                        fmt::format("{} 不是证书 {} 的密钥", key, certificate));
  return context;
}

Result<TlsContext> clientTls(const std::string& authorities) {
  TlsContext context = strict(ssl::context::tls_client);
  context->set_verify_mode(ssl::verify_peer);
  boost::system::error_code failure;
  if (authorities.empty()) {
    context->set_default_verify_paths(failure);
  } else {
    context->load_verify_file(authorities, failure);
  }
  if (failure) return badFile(authorities.empty() ? "the system's authorities" : authorities, failure);
  return context;
}

}  // namespace pilotledger::http
