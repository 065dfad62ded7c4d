// TLS settings, from OpenSSL by way of Asio: 1.2 and later, modern suites, files from disk.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "events/base/result.h"

namespace pilotledger::http {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

// The chain and the key must belong together. Errors name the file and never show what it holds.
Result<TlsContext> serverTls(const std::string& certificate, const std::string& key);

// Trusts the system's authorities, or those of one PEM file instead.
Result<TlsContext> clientTls(const std::string& authorities);

}  // namespace pilotledger::http
