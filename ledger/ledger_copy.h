// A ledger that is written elsewhere, copied commit by commit: each is built here again, by the rules of this program,
// and kept only when it leads to the root that the log signed. So a copy is as good as the ledger verified whole, and
// it needs no log key. Whoever opens it to write is refused (requireOriginal()) until it is taken over.
//
// A kill at any point leaves a copy of some commits, each with its signed checkpoint. One thread, but for read().
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/commit/admission.h"
#include "ledger/commit/commit_builder.h"
#include "ledger/ledger.h"
#include "ledger/log/stored_log.h"

namespace pilotledger::ledger {

class LedgerCopy {
 public:
  // In an empty directory, a copy without entries of the ledger that this key founded; `first` is its first commit,
  // which names the operator.
  static Status create(const std::filesystem::path& directory, const crypto::VerifyKey& foundingKey,
                       const SignedCommit& first);
  // Holds the directory as its writer. Conflict when it is no copy.
  static Result<std::unique_ptr<LedgerCopy>> open(const std::filesystem::path& directory);
  // What the mark says from here on: of a source that was held to this copy.
  Status follows(const std::string& source) const;

  // The bytes of a commit's batch, all checked that needs no order. Any thread, also while commits are added.
  Result<Batch> read(std::string_view batch) const { return Batch::decode(batch, admit_); }
  // Builds it and holds it to the note. Corruption: the log has signed something else than its rules lead to, or the
  // note is not the log's; Unavailable: rules that this program does not know. After an error only a new object adds.
  Status add(const Batch& batch, std::string_view note);
  // What was added is on stable storage, at once.
  Status save();

  bool isSigned() const { return !tail_; }  // a backup may end with a commit that was stored and not signed yet
  // As saved.
  std::uint64_t size() const { return durable_.size; }
  const Digest& root() const { return durable_.root; }
  const std::string& checkpoint() const { return durable_.checkpoint; }
  const LogKeys& logKeys() const { return logKeys_; }
  std::int64_t newestRecordedAtMs() const { return newestRecordedAtMs_; }
  // Root and nodes of the tree as saved, for showing a fork.
  proof::NodeReader nodes() const;

 private:
  LedgerCopy(std::filesystem::path directory, LedgerIdentity identity, LogKeys keys, std::unique_ptr<Store> store,
             StoredLog log);
  Result<proof::Checkpoint> openNote(std::string_view note, bool rotated) const;
  Status addTail(const Batch& batch, std::string_view note);

  std::filesystem::path directory_;
  LedgerIdentity identity_;
  LogKeys logKeys_;  // as of the newest commit added
  std::unique_ptr<Store> store_;
  Durable durable_;
  Durable added_;
  std::optional<proof::Checkpoint> tail_;  // stored and not signed: the writer was stopped before
  std::int64_t newestRecordedAtMs_;
  Admission admission_;
  Batch::Admit admit_;
  CommitBuilder builder_;
  WriteSet rows_;
  std::size_t unsaved_ = 0;  // commits
};

}  // namespace pilotledger::ledger
