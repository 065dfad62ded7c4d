// The body of C2SP tlog-witness v1.0.0 add-checkpoint, as a request over HTTP and as a file for offices
// without a network:
//
//   old <size that the witness saw last>
//   <base64 of each hash of the consistency proof, 63 at most>
//   <empty line>
//   <the signed checkpoint>
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"

namespace pilotledger::proof {

inline constexpr std::size_t kMaxConsistencyLines = 63;

struct WitnessRequest {
  std::uint64_t oldSize = 0;
  std::vector<Digest> consistency;
  std::string checkpoint;  // the signed note

  std::string serialize() const;
  static Result<WitnessRequest> parse(std::string_view body);
};

}  // namespace pilotledger::proof
