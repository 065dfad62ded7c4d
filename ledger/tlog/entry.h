// The log's leaf: a fixed layout that any language reads at fixed offsets, big-endian.
//
//   0  u8   version = 1
//   1  u8   flags: bit 0 = last entry of its commit (a state root follows); others zero
//   2  u64  index
//  10  u64  recorded at, milliseconds since 1970-01-01 UTC
//  18  32   digest of the event bytes
//  50  32   digest of the submission's signed note
//  82  u32  position of the event in its submission
//  86  32   state root, only with flag bit 0
#pragma once

#include <cstdint>
#include <optional>

#include "events/base/bytes.h"
#include "events/base/result.h"

namespace pilotledger::proof {

struct Entry {
  std::uint64_t index = 0;
  std::int64_t recordedAtMs = 0;
  Digest eventDigest{};
  Digest submissionDigest{};
  std::uint32_t position = 0;
  std::optional<Digest> stateRoot;

  Bytes encode() const;
  static Result<Entry> decode(ByteView bytes);
  bool operator==(const Entry&) const = default;
};

}  // namespace pilotledger::proof
