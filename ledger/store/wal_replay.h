// Watches RocksDB read its write-ahead log when a store is opened. It cuts the log behind the last commit that a
// reader may see, and tells a hole (records lost in the middle) from a torn end (a commit that was never finished).
//
// RocksDB must skip records that it cannot read (kSkipAnyCorruptedRecords): then what follows a hole still passes
// here, and its sequence number gives the hole away. Where a checksum differs RocksDB skips the rest of the block, so
// the end of each file is looked at once more. One thread, one opening.
#pragma once

#include <rocksdb/wal_filter.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "events/base/result.h"

namespace pilotledger::ledger {

class WalReplay final : public rocksdb::WalFilter {
 public:
  // Commits that reach beyond `bound` entries are left out, with all that follows them.
  explicit WalReplay(std::uint64_t bound) : bound_(bound) {}

  // Size of the newest checkpoint that stands in a record of its own: it was signed when its entries were on stable
  // storage. 0 when there is none.
  std::uint64_t signedSize() const { return signedSize_; }
  // Index of the first entry that the log holds; what stands before it must be in the tables.
  std::optional<std::uint64_t> firstEntry() const { return firstEntry_; }
  // Where the first commit begins that was left out: the end of what is kept, or the row is of no commit.
  std::optional<std::uint64_t> firstLeftOut() const { return firstLeftOut_; }
  // Corruption when records are missing between others, or stand there twice. `log` is the directory that was read.
  Status status(const std::filesystem::path& log) const;

  void ColumnFamilyLogNumberMap(const std::map<std::uint32_t, std::uint64_t>& logNumbers,
                                const std::map<std::string, std::uint32_t>& ids) override;
  WalProcessingOption LogRecordFound(unsigned long long number, const std::string& file,
                                     const rocksdb::WriteBatch& batch, rocksdb::WriteBatch* changed,
                                     bool* isChanged) override;
  const char* Name() const override { return "pilotledger.WalReplay"; }

 private:
  std::uint64_t bound_;
  std::uint64_t signedSize_ = 0;
  bool isCut_ = false;
  std::map<std::uint64_t, std::uint64_t> ends_;  // of the files read, by number: where their last record ends
  std::uint32_t entryFamily_ = 0;
  std::uint32_t checkpointFamily_ = 0;
  std::uint64_t nextSequence_ = 0;  // 0: none read yet
  std::optional<std::uint64_t> firstEntry_;
  std::optional<std::uint64_t> firstLeftOut_;
  std::string
      misfit_;  // the file of the first record that does not follow the one before; it and the rest are left out
  int recordsBehind_ = 0;
};

}  // namespace pilotledger::ledger
