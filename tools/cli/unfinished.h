// A ledger that is being made: in a directory of its own inside the target, which it fills in one step when it is
// whole. A kill leaves either no ledger, and the next init undoes exactly what is there, or the whole one.
#pragma once

#include <filesystem>
#include <utility>

#include "events/base/result.h"

namespace pilotledger::cli {

class UnfinishedLedger {
 public:
  // Makes the target where it is absent. Conflict: it is not empty. Unavailable: another process makes a ledger there.
  static Result<UnfinishedLedger> begin(const std::filesystem::path& target);
  UnfinishedLedger(UnfinishedLedger&& other) noexcept
      : target_(std::move(other.target_)), madeTarget_(other.madeTarget_), lock_(std::exchange(other.lock_, -1)) {}
  ~UnfinishedLedger();  // what did not finish is undone

  std::filesystem::path path() const;  // where to make it
  // The files appear in the target first, the folder `log`, without which there is no ledger, last. Closed by then.
  Status finish();
  // Second names of a whole ledger's files, which an init that was killed at its very end left.
  static void tidy(const std::filesystem::path& target);

 private:
  UnfinishedLedger(std::filesystem::path target, bool madeTarget, int lock)
      : target_(std::move(target)), madeTarget_(madeTarget), lock_(lock) {}
  void undo() const;
  std::filesystem::path target_;
  bool madeTarget_ = false;
  int lock_ = -1;  // the directory at path(), while it is ours
};

}  // namespace pilotledger::cli
