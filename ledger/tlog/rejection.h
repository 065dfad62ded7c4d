// Why a proof does not show what it claims. The reason is one stable word, first in the message in
// both languages and kept as the error's `rule`, so that programs and people read the same.
#pragma once

#include <string>
#include <utility>

#include "events/base/result.h"

namespace pilotledger::proof {

inline Error rejected(const char* reason, const std::string& en, const std::string& zh) {
  Error error = makeError(ErrorCode::ProofRejected, std::string(reason) + ": " + en, std::string(reason) + "：" + zh);
  error.rule = reason;
  return error;
}

// An error of a part, seen as the reason why the whole is not accepted. What has a reason keeps it.
inline Error rejectedBy(const char* reason, Error error) {
  if (error.code == ErrorCode::ProofRejected && !error.rule.empty()) return error;
  return rejected(reason, error.message.en, error.message.zh.empty() ? error.message.en : error.message.zh);
}

}  // namespace pilotledger::proof
