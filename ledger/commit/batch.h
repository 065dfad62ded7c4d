// What is ordered: the submissions of one commit, in their order, and the time they get. The rules run after that, and
// the same batch over the same state makes the same commit on every machine. Canonical bytes, integers big-endian:
//
//   u8   version = 1
//   u64  recorded at, milliseconds since 1970-01-01 UTC
//   u32  number of submissions; each:
//          u32  length of the signed note, the note
//          u32  number of events; each: u32 length, the event as signed;
//               or u32 0 and the 32-byte leaf hash of an event that the log held before
//
// The last is what a log still knows of such an event of a submission; what is ordered anew holds every event whole.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ledger/commit/admission.h"

namespace pilotledger::ledger {

inline constexpr std::size_t kMaxCommitEvents = 20'000;  // or one submission

struct Batch {
  std::int64_t recordedAtMs = 0;
  std::vector<Admitted> submissions;

  std::string encode() const;
  using Admit = std::function<Result<Admitted>(std::shared_ptr<const proof::Submission>)>;
  static Result<Batch> decode(std::string_view bytes, const Admit& admit);
};

// The commit of entries [from, to) as the batch that makes it again: what was refused with it left no trace.
Result<std::string> storedBatch(const Store& store, std::uint64_t from, std::uint64_t to);

}  // namespace pilotledger::ledger
