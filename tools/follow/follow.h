// A copy of a ledger that is written elsewhere, kept commit by commit (ledger/ledger_copy.h): from an empty directory,
// or from a ledger that was put back from a backup. And the way back: a copy becomes the ledger.
//
// What the source has is what its newest signed checkpoint says, never what it says without a signature. Errors:
// Corruption when it shows another history, lacks what the copy holds, or has signed what its rules do not lead to; the
// evidence is then kept in the copy's directory. ProofRejected when it gives fewer commits than it has signed.
// Unavailable while the source cannot be reached.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ledger/ledger_copy.h"
#include "tools/follow/source.h"

namespace pilotledger::follow {

// Two signed checkpoints that contradict each other: a fork/v1 file.
inline constexpr const char* kForkFile = "fork-evidence";
// A page with the commit that the log has signed and its own rules do not lead to.
inline constexpr const char* kCommitFile = "commit-evidence";

// What the copy lacks of the log, by the checkpoint that the source has signed last.
struct Lag {
  std::uint64_t entries = 0;  // of the copy
  std::uint64_t behind = 0;   // entries
  std::int64_t behindMs = 0;  // from its newest entry to the source's newest; the source's word
};

class Follower {
 public:
  // Conflict when the copy is of another ledger; else as compare(). The copy then is marked as one of that source.
  static Result<Follower> of(Source& source, const std::filesystem::path& directory,
                             std::unique_ptr<ledger::LedgerCopy> copy);

  // That the log of the source goes on from the copy, by its newest checkpoint.
  Status compare();
  // The same, then takes all that this checkpoint covers and holds the copy to its root; `report` is called after each
  // page.
  Status catchUp(const std::function<void(const Lag&)>& report);
  // The copy can go on; what is wrong lies with the source.
  bool sound() const { return sound_; }
  // The source gave less than it has signed, when it was asked last.
  bool isWithheld() const { return withheld_; }
  Lag lag() const { return lag_; }
  const ledger::LedgerCopy& copy() const { return *copy_; }

 private:
  Follower(Source& source, std::filesystem::path directory, std::unique_ptr<ledger::LedgerCopy> copy)
      : source_(&source), directory_(std::move(directory)), copy_(std::move(copy)) {}
  Status requireSameHistory();
  void measure();
  Status fetchUpToNewest(const std::function<void(const Lag&)>& report);
  Error forked(const std::string& note);
  Error keepCommit(Error error, const ledger::SignedCommit& commit);
  Status take(const service::CommitPage& page, std::vector<ledger::Batch> batches);

  Source* source_;
  std::filesystem::path directory_;
  std::unique_ptr<ledger::LedgerCopy> copy_;
  std::string note_;  // of the source's newest checkpoint
  proof::Checkpoint newest_;
  Lag lag_;
  bool sound_ = true;
  bool withheld_ = false;
};

// The first commit of the source, as a copy in an empty directory.
Status beginCopy(Source& source, const std::filesystem::path& directory);

}  // namespace pilotledger::follow
