// C2SP tlog-checkpoint v1.0.0 without extension lines: "<origin>\n<size>\n<base64 root>\n".
#pragma once

#include <string>
#include <string_view>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/key.h"

namespace pilotledger::proof {

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Digest root{};

  std::string body() const;
  static Result<Checkpoint> parseBody(std::string_view body);
  bool operator==(const Checkpoint&) const = default;
};

// The signed note. Where the log changes its key, `outgoing` is the one before and signs first.
Result<std::string> signCheckpoint(const Checkpoint& checkpoint, const crypto::SigningKey& key,
                                   const crypto::SigningKey* outgoing = nullptr);
// ProofRejected when the origin is another one; BadSignature, NotFound as verifyNote().
Result<Checkpoint> openCheckpoint(std::string_view note, const crypto::VerifyKey& key, std::string_view expectedOrigin);

// What the note says, no matter who signed it: for readers who know its root from elsewhere.
Result<Checkpoint> readCheckpoint(std::string_view note);

// Decimal without leading zeros or sign.
Result<std::uint64_t> parseDecimal(std::string_view text, std::string_view what);

}  // namespace pilotledger::proof
