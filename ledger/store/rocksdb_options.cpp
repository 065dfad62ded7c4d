#include "ledger/store/rocksdb_options.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include "ledger/store/zeroed_log.h"

namespace pilotledger::ledger {

using layout::Family;

Error fromStatus(const rocksdb::Status& status, const std::string& doing) {
  std::string text = fmt::format("{}: {}", doing, status.ToString());
  if (status.IsCorruption() || status.IsNotFound() || status.IsPathNotFound()) {
    return makeError(ErrorCode::Corruption, text + "; run 'pilotledger verify'", text + "；请运行 pilotledger verify");
  }
  if (status.IsNoSpace()) {
    return makeError(ErrorCode::Unavailable, text + " (disk full: free space, then open again)",
                     text + "（磁盘已满：请腾出空间后重新打开）");
  }
  return makeError(ErrorCode::Unavailable, text, text);
}

rocksdb::ColumnFamilyOptions familyOptions(Family family, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  // In small pieces: the whole index of a large file finds no room in a part of the cache, and each look-up would read
  // it again.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.format_version = 5;
  if (family == Family::Id || family == Family::Entity || family == Family::Submission) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  // Hashes and ids do not compress; text does.
  bool text = family == Family::Event || family == Family::Entity || family == Family::Touch ||
              family == Family::Submission || family == Family::Checkpoint || family == Family::Countersign;
  options.compression = text ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
  options.bottommost_compression = text ? rocksdb::kZSTD : rocksdb::kNoCompression;
  options.write_buffer_size = 16u << 20;
  // Most rows come in the order of their keys: each place is looked for beside the last one.
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(4));
  return options;
}

namespace {

// RocksDB's own diary is not kept: nobody reads it, and on a full disk writing it ends the process.
class NoDiary : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

}  // namespace

rocksdb::DBOptions databaseOptions() {
  rocksdb::DBOptions options;
  options.info_log = std::make_shared<NoDiary>();
  options.max_background_jobs = 2;
  options.max_open_files = -1;           // needed by readers beside a writer
  options.max_file_opening_threads = 2;  // sixteen cost a small ledger more to start than they gain
  options.max_total_wal_size = 128u << 20;
  options.env = zeroedLogEnv();
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.atomic_flush = true;  // the tables of all families end with the same commit
  return options;
}

}  // namespace pilotledger::ledger
