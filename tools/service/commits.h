// Commits for who keeps a copy of a ledger, a page at a time:
//
//   u8   version = 1
//   u64  entries of the log
//   u64  recorded at, of the newest entry, milliseconds since 1970-01-01 UTC
//   commits to the end; each: u64 entries of the log with it,
//                             u32 length of the signed checkpoint, the note,
//                             u32 length of the batch (ledger/commit/batch.h), its bytes
//
// Integers are big-endian. Events are in it whole: for who may see everything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.h"

namespace pilotledger::service {

inline constexpr std::size_t kCommitPageBytes = 4u << 20;    // a page ends behind the commit that reaches it
inline constexpr std::size_t kMostCommitBytes = 512u << 20;  // of a page with one commit

struct CommitPage {
  std::uint64_t entries = 0;
  std::int64_t newestRecordedAtMs = 0;
  std::vector<ledger::SignedCommit> commits;
};

// Of the commits behind that size; NotFound when none ends there.
struct WrittenPage {
  std::string bytes;
  std::uint64_t size = 0;  // behind its last commit
};
Result<WrittenPage> writeCommitPage(const ledger::Ledger& ledger, std::uint64_t from);
Result<CommitPage> readCommitPage(std::string_view bytes);

}  // namespace pilotledger::service
