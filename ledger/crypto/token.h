// Private to this folder: keys that never leave a PKCS#11 token. Named by RFC 7512 URIs:
//
//   pkcs11:token=LABEL;object=NAME;id=%01?module-path=/usr/lib/…/libx.so&pin-source=file:/run/pin
//
// The object's label is the key's name. The PIN is that of the URI (pin-value, or the first line of the file
// of pin-source), else the passphrase given. Without module-path every module registered with p11-kit is tried.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ledger/crypto/openssl_key.h"

namespace pilotledger::crypto {

bool isTokenUri(std::string_view text);
// Whether the URI itself says the PIN.
Result<bool> tokenUriHasPin(const std::string& uri);

Result<std::shared_ptr<const SigningKey::Rep>> openTokenKey(const std::string& uri, std::string_view pin);
// Makes an Ed25519 key pair on the token that cannot be read out of it. Conflict when the object is there.
Result<std::shared_ptr<const SigningKey::Rep>> makeTokenKey(const std::string& uri, SuiteId suite,
                                                            std::string_view name, std::string_view pin);

}  // namespace pilotledger::crypto
