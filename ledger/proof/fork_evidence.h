// Evidence that a log signed two histories, for anyone to check with the log's public key alone:
//
//   pilotledger/fork/v1
//   <vkey of the log>
//   <length in bytes of the first checkpoint>
//   <the first checkpoint, a signed note; the smaller one>
//   <length in bytes of the second checkpoint>
//   <the second checkpoint>
//   <base64 root that the second tree has at the size of the first>   when the sizes differ
//   <one line of base64 for each hash of the consistency proof>       from that root to the second root
//
// Same size: the roots differ. Other size: the larger tree begins with another root than the one
// signed for the smaller, and the proof shows which.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/merkle.h"

namespace pilotledger::proof {

inline constexpr std::string_view kForkMagic = "pilotledger/fork/v1";

struct ForkEvidence {
  crypto::VerifyKey logKey;
  std::string first;  // signed notes, first.size <= second.size
  std::string second;
  std::optional<Digest> prefixRoot;  // of the second tree at the first size; absent when the sizes agree
  std::vector<Digest> consistency;

  std::string serialize() const;
  static Result<ForkEvidence> parse(std::string_view file);
};

// What the evidence shows when it holds.
struct Fork {
  Checkpoint first;
  Checkpoint second;
};

// ProofRejected with the reason when the file shows no fork; UnknownKey when the log is not `trusted`.
Result<Fork> verifyFork(const ForkEvidence& evidence, const std::optional<crypto::VerifyKey>& trusted);

// Evidence from two signed checkpoints of one log. `nodes` reads the tree of the larger one and is not
// asked when the sizes agree. NotFound when the two are consistent: then there is no fork.
Result<ForkEvidence> findFork(const crypto::VerifyKey& logKey, std::string_view one, std::string_view other,
                              const NodeReader& nodes);

}  // namespace pilotledger::proof
