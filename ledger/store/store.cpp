#include "ledger/store/store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <fstream>
#include <vector>

#include "events/temporary_directory.h"
#include "ledger/store/zeroed_log.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;
namespace fs = std::filesystem;

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }

Error fromStatus(const rocksdb::Status& status, const std::string& doing) {
  std::string text = fmt::format("{}: {}", doing, status.ToString());
  if (status.IsCorruption() || status.IsNotFound()) {
    return makeError(ErrorCode::Corruption, text + "; run 'pilotledger verify'",
                     text + "；请运行 pilotledger verify");
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
  // In small pieces: the whole index of a large file finds no room in a part of the cache, and each look-up would read it again.
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

rocksdb::DBOptions databaseOptions() {
  rocksdb::DBOptions options;
  options.max_background_jobs = 2;
  options.max_open_files = -1;  // needed by readers beside a writer
  options.max_file_opening_threads = 2;  // sixteen cost a small ledger more to start than they gain
  options.max_total_wal_size = 128u << 20;
  options.env = zeroedLogEnv();
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.keep_log_file_num = 2;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  return options;
}

// Advisory lock whose file says who holds it.
class WriterLock {
 public:
  WriterLock() = default;
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock() {
    if (file_ >= 0) ::close(file_);
  }

  Status acquire(const fs::path& path) {
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file_ < 0) {
      std::string why = std::strerror(errno);
      return makeError(ErrorCode::Unavailable,
                       fmt::format("{}: cannot open for writing: {}", path.string(), why),
                       fmt::format("{}：无法写入：{}", path.string(), why));
    }
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
      std::string holder(64, '\0');
      ssize_t n = ::pread(file_, holder.data(), holder.size(), 0);
      holder.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
      while (!holder.empty() && holder.back() == '\n') holder.pop_back();
      std::string dir = path.parent_path().string();
      return makeError(ErrorCode::Unavailable,
                       fmt::format("{}: in use by {}; only one process may write at a time, "
                                   "read-only commands work beside it", dir, holder),
                       fmt::format("{}：正被 {} 使用；同一时刻只能有一个写入进程，只读命令不受影响",
                                   dir, holder));
    }
    std::string self = fmt::format("process {}\n", ::getpid());
    if (::ftruncate(file_, 0) != 0 ||
        ::pwrite(file_, self.data(), self.size(), 0) != static_cast<ssize_t>(self.size())) {
      return makeError(ErrorCode::Unavailable, path.string() + ": cannot write the lock file");
    }
    return {};
  }

 private:
  int file_ = -1;
};

// Eight bytes, mapped: survives the death of the process without a sync.
class HeadFile {
 public:
  HeadFile() = default;
  HeadFile(const HeadFile&) = delete;
  HeadFile& operator=(const HeadFile&) = delete;
  ~HeadFile() {
    if (map_ != nullptr) ::munmap(map_, sizeof(std::uint64_t));
  }
  void open(const fs::path& path, bool writable) {
    int file = ::open(path.c_str(), writable ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC, 0644);
    if (file < 0) return;
    struct stat info {};
    if (::fstat(file, &info) == 0 && info.st_size < 8 && writable && ::ftruncate(file, 8) != 0) {
      ::close(file);
      return;
    }
    if (::fstat(file, &info) == 0 && info.st_size >= 8) {
      void* at = ::mmap(nullptr, 8, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, file, 0);
      if (at != MAP_FAILED) map_ = static_cast<std::uint64_t*>(at);
    }
    ::close(file);
  }
  std::uint64_t load() const { return map_ == nullptr ? 0 : __atomic_load_n(map_, __ATOMIC_ACQUIRE); }
  void store(std::uint64_t value) {
    if (map_ != nullptr) __atomic_store_n(map_, value, __ATOMIC_RELEASE);
  }

 private:
  std::uint64_t* map_ = nullptr;
};

}  // namespace

constexpr std::uint64_t kFlushAtClose = 1u << 20;

struct Store::Rep {
  WriterLock lock;
  HeadFile head;
  TemporaryDirectory scratch;  // a reader's
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, layout::kFamilies> families{};

  std::atomic<std::uint64_t> written = 0;  // bytes since it was opened

  ~Rep() {
    // What lies in the write-ahead log only is replayed by everyone who opens the store later.
    if (written > kFlushAtClose) {
      (void)db->Flush(rocksdb::FlushOptions(), {families.begin(), families.end()});
    }
    for (auto* handle : families) {
      if (handle != nullptr) db->DestroyColumnFamilyHandle(handle);
    }
    if (db) db->Close();
    db.reset();
  }

  rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return families[static_cast<std::size_t>(family)];
  }
};

struct WriteSet::Rep {
  const Store::Rep* store;
  rocksdb::WriteBatch batch;
  rocksdb::Status failure;
};

WriteSet::WriteSet(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
WriteSet::~WriteSet() = default;
WriteSet::WriteSet(WriteSet&&) noexcept = default;
WriteSet& WriteSet::operator=(WriteSet&&) noexcept = default;

void WriteSet::put(Family family, std::string_view key, std::string_view value) {
  rocksdb::Status status = rep_->batch.Put(rep_->store->handle(family), slice(key), slice(value));
  if (!status.ok() && rep_->failure.ok()) rep_->failure = status;
}

Store::Store(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Store::~Store() = default;

namespace {

// A ledger made before there were countersignatures has no such family until it is next written to.
Result<std::vector<Family>> familiesOf(const fs::path& data, Store::Mode mode) {
  std::vector<Family> families;
  bool all = mode != Store::Mode::Read;
  std::vector<std::string> names;
  if (!all) {
    rocksdb::Status listed = rocksdb::DB::ListColumnFamilies(databaseOptions(), data.string(), &names);
    if (!listed.ok()) return fromStatus(listed, data.string() + ": cannot open");
  }
  for (int i = 0; i < layout::kFamilies; ++i) {
    auto family = static_cast<Family>(i);
    if (all || family != Family::Countersign || std::find(names.begin(), names.end(), layout::familyName(family)) != names.end()) {
      families.push_back(family);
    }
  }
  return families;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const fs::path& directory, Mode mode) {
  auto rep = std::make_unique<Rep>();
  fs::path data = directory / "log";
  if (mode != Mode::Read) PL_CHECK(rep->lock.acquire(directory / "writer.lock"));
  constexpr int kShardBits = 2;  // parts with room for the index of a file from before it came in pieces
  auto cache = rocksdb::NewLRUCache(64u << 20, kShardBits);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, familyOptions(Family::Meta, cache));
  PL_TRY(std::vector<Family> present, familiesOf(data, mode));
  for (Family family : present) {
    descriptors.emplace_back(std::string(layout::familyName(family)), familyOptions(family, cache));
  }
  rocksdb::DBOptions options = databaseOptions();
  options.create_if_missing = mode == Mode::Create;
  options.error_if_exists = mode == Mode::Create;
  options.create_missing_column_families = mode != Mode::Read;

  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::Status status;
  if (mode == Mode::Read) {
    PL_TRY(rep->scratch, TemporaryDirectory::make("reader"));
    status = rocksdb::DB::OpenAsSecondary(options, data.string(), rep->scratch.path().string(), descriptors, &handles, &db);
  } else {
    status = rocksdb::DB::Open(options, data.string(), descriptors, &handles, &db);
  }
  if (!status.ok()) return fromStatus(status, data.string() + ": cannot open");
  rep->db.reset(db);
  db->DestroyColumnFamilyHandle(handles[0]);
  for (std::size_t i = 0; i < present.size(); ++i) rep->families[static_cast<std::size_t>(present[i])] = handles[i + 1];
  rep->head.open(directory / "head", mode != Mode::Read);
  return std::unique_ptr<Store>(new Store(std::move(rep)));
}

Result<std::optional<std::string>> Store::get(Family family, std::string_view key) const {
  if (rep_->handle(family) == nullptr) return std::optional<std::string>();
  std::string value;
  rocksdb::Status status = rep_->db->Get({}, rep_->handle(family), slice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return fromStatus(status, fmt::format("reading {}", layout::familyName(family)));
  return std::optional<std::string>(std::move(value));
}

namespace {

Error rowMissing(Family family, std::string_view key) {
  std::string where = fmt::format("{} row", layout::familyName(family));
  if (auto index = layout::parseIndexKey(key)) where += fmt::format(" {}", *index);
  return makeError(ErrorCode::Corruption, where + " is missing", where + "缺失");
}

}  // namespace

Result<std::string> Store::require(Family family, std::string_view key) const {
  PL_TRY(std::optional<std::string> value, get(family, key));
  if (value) return std::move(*value);
  return rowMissing(family, key);
}

Result<std::vector<std::string>> Store::requireAll(Family family, const std::vector<std::string_view>& keys) const {
  if (rep_->handle(family) == nullptr && !keys.empty()) return rowMissing(family, keys[0]);
  std::vector<rocksdb::Slice> slices;
  for (std::string_view key : keys) slices.push_back(slice(key));
  std::vector<rocksdb::PinnableSlice> found(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  rep_->db->MultiGet({}, rep_->handle(family), keys.size(), slices.data(), found.data(), statuses.data());
  std::vector<std::string> values;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) return rowMissing(family, keys[i]);
    if (!statuses[i].ok()) return fromStatus(statuses[i], fmt::format("reading {}", layout::familyName(family)));
    values.push_back(found[i].ToString());
  }
  return values;
}

Result<std::optional<std::pair<std::string, std::string>>> Store::last(Family family) const {
  std::unique_ptr<rocksdb::Iterator> it(rep_->db->NewIterator({}, rep_->handle(family)));
  it->SeekToLast();
  if (!it->Valid()) {
    if (!it->status().ok()) return fromStatus(it->status(), "reading the last row");
    return std::optional<std::pair<std::string, std::string>>();
  }
  return std::optional(std::pair(it->key().ToString(), it->value().ToString()));
}

namespace {

using Visit = std::function<bool(std::string_view, std::string_view)>;

Status walk(rocksdb::Iterator& rows, Family family, std::string_view from, const Visit& visit) {
  for (rows.Seek(slice(from)); rows.Valid(); rows.Next()) {
    if (!visit({rows.key().data(), rows.key().size()}, {rows.value().data(), rows.value().size()})) break;
  }
  if (!rows.status().ok()) return fromStatus(rows.status(), fmt::format("reading {}", layout::familyName(family)));
  return {};
}

}  // namespace

Result<std::vector<std::uint64_t>> Store::entriesOf(std::string_view entity) const {
  std::string prefix = layout::touchPrefix(entity);
  std::vector<std::uint64_t> indexes;
  // A look-up: what it reads, the file's index above all, stays in the cache for the next one.
  std::unique_ptr<rocksdb::Iterator> rows(rep_->db->NewIterator({}, rep_->handle(Family::Touch)));
  PL_CHECK(walk(*rows, Family::Touch, prefix, [&](std::string_view row, std::string_view) {
    if (!row.starts_with(prefix)) return false;
    if (auto parsed = layout::parseTouchKey(row); parsed && parsed->first == entity) indexes.push_back(parsed->second);
    return true;
  }));
  return indexes;
}

// A walk over much: it does not drive out of the cache what look-ups need.
Status Store::each(Family family, std::string_view from, const Visit& visit) const {
  if (rep_->handle(family) == nullptr) return {};
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  std::unique_ptr<rocksdb::Iterator> rows(rep_->db->NewIterator(options, rep_->handle(family)));
  return walk(*rows, family, from, visit);
}

Status Store::rows(Family family, std::uint64_t from, std::uint64_t to,
                   const std::function<Status(std::uint64_t, std::string_view)>& take) const {
  std::uint64_t next = from;
  Status taken;
  PL_CHECK(each(family, layout::indexKey(from), [&](std::string_view key, std::string_view value) {
    if (next == to || key != layout::indexKey(next)) return false;
    taken = take(next++, value);
    return taken.ok();
  }));
  if (!taken.ok() || next == to) return taken;
  return makeError(ErrorCode::Corruption, fmt::format("{} {} is missing; run 'pilotledger verify'", layout::familyName(family), next),
                   fmt::format("第 {} 条缺失（{}）；请运行 pilotledger verify", next, layout::familyName(family)));
}

Status Store::verifyFiles() const {
  rocksdb::Status status = rep_->db->VerifyFileChecksums(rocksdb::ReadOptions());
  return status.ok() ? Status() : Status(fromStatus(status, "checking files"));
}

WriteSet Store::begin() const {
  auto rep = std::make_unique<WriteSet::Rep>();
  rep->store = rep_.get();
  return WriteSet(std::move(rep));
}

Status Store::write(WriteSet&& rows) {
  if (!rows.rep_->failure.ok()) return fromStatus(rows.rep_->failure, "collecting rows");
  rocksdb::WriteOptions options;
  options.sync = true;
  rep_->written += rows.rep_->batch.GetDataSize();
  rocksdb::Status status = rep_->db->Write(options, &rows.rep_->batch);
  if (!status.ok()) return fromStatus(status, "writing to the log");
  return {};
}

std::uint64_t Store::acknowledgedSize() const { return rep_->head.load(); }
void Store::acknowledge(std::uint64_t size) { rep_->head.store(size); }

}  // namespace pilotledger::ledger
