// C2SP tlog-proof: the inclusion of one entry alone, for readers that others wrote. The file does not
// hold the entry; whoever has its bytes checks them against it. SHA-256 trees only, as C2SP says.
//
//   c2sp.org/tlog-proof@v1
//   index <decimal>
//   <base64 hash>           one line for each hash of the path, from the leaf up
//                           (an empty line)
//   <the checkpoint, a signed note>
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/tlog/checkpoint.h"

namespace pilotledger::proof {

inline constexpr std::string_view kTlogProofMagic = "c2sp.org/tlog-proof@v1";

struct TlogProof {
  std::uint64_t index = 0;
  std::vector<Digest> path;
  std::string checkpoint;

  std::string serialize() const;
};

// The checkpoint, when the entry is in its tree. `entry` is the leaf's bytes.
Result<Checkpoint> verifyTlogProof(std::string_view file, ByteView entry, const crypto::VerifyKey& logKey);

}  // namespace pilotledger::proof
