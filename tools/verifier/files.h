// Checks a file that somebody hands over, without the ledger. What it is, its first line says; each kind
// is one row of the table in files.cpp.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/tlog/witness_policy.h"
#include "tools/verifier/proof_text.h"

namespace pilotledger::verifier {

inline constexpr std::size_t kMaxFileBytes = proof::kMaxProofBytes;

struct Trust {
  std::optional<crypto::VerifyKey> logKey;     // what the reader has from the operator, not from the file
  std::optional<proof::WitnessPolicy> policy;  // whose cosignatures must be there
  std::string authorities;                     // certificates (PEM) of time-stamp authorities
};

// The same as options give it: a vkey or a file that holds it, the names of files; empty ones are left out.
struct TrustOptions {
  std::string logKey;
  std::string policyFile;
  std::string authoritiesFile;
};
using ReadFile = std::function<Result<std::string>(const std::string& path)>;
Result<Trust> readTrust(const TrustOptions& options, const ReadFile& read);
// A vkey, or the name of a file with one.
Result<crypto::VerifyKey> readLogKey(const std::string& given, const ReadFile& read);

struct Verdict {
  bool verified = false;
  std::string text;  // what is shown, or why not
  std::string json;  // one object, one line
};

// A file that does not show what it claims is a Verdict; an Error means that it could not be judged:
// not a kind of file that is known, or no key given. Lines may end with CR LF, as mail leaves them. A proof that
// nothing is recorded under a name which the log would spell otherwise is not verified: reason AmbiguousName.
Result<Verdict> verifyFile(std::string_view given, const Trust& trust, Language speech);

}  // namespace pilotledger::verifier
