// Time stamps by others (RFC 3161): an authority signs the digest of a message and the time. The digest
// is the suite's (SHA-256 or SM3). OpenSSL's ts module does the work. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/suite.h"

namespace pilotledger::crypto {

struct Timestamp {
  std::int64_t seconds = 0;  // POSIX, fractions dropped
  std::string serial;        // hex
  std::string policy;        // object identifier under which the authority signs
  std::string authority;     // subject of the certificate that signed, when it is known; else ""
};

// A request (DER) with nonce that asks for the authority's certificate in the answer.
Result<Bytes> timestampRequest(SuiteId suite, ByteView message);

// The token (DER) in the answer to a request; checks the authority's verdict and the request's nonce.
// ProofRejected with the authority's reason.
Result<Bytes> timestampToken(ByteView request, ByteView response);

// What a token says about the message, its signature not checked. ProofRejected when it is about another one.
Result<Timestamp> readTimestamp(SuiteId suite, ByteView message, ByteView token);

// The same, signed by an authority whose certificate is in, or issued below, one of `certificates` (PEM, one or
// more). Certificates must have been valid at the time of the token, not today.
Result<Timestamp> verifyTimestamp(SuiteId suite, ByteView message, ByteView token, std::string_view certificates);

}  // namespace pilotledger::crypto
