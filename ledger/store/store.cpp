#include "ledger/store/store.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <fstream>
#include <limits>
#include <thread>
#include <utility>
#include <vector>

#include "ledger/store/head.h"
#include "ledger/store/rocksdb_options.h"
#include "ledger/store/wal_replay.h"
#include "ledger/store/writer_lock.h"
#include "ledger/store/zeroed_log.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;
namespace fs = std::filesystem;

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

constexpr std::uint64_t kFlushAtClose = 1u << 20;
constexpr std::uint64_t kVerifiedBeforeWriting =
    64u << 20;  // bytes of tables: a small ledger's all, in some ten milliseconds
constexpr const char* kHeadFile = "head";
constexpr const char* kLogDirectory = "log";

struct Store::Rep {
  explicit Rep(fs::path where) : directory(std::move(where)) {}
  fs::path directory;
  WriterLock lock;
  Head head;  // the writer's
  std::atomic<std::uint64_t> acknowledged = 0;
  std::unique_ptr<WalReplay> replay;
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, layout::kFamilies> families{};

  std::atomic<std::uint64_t> written = 0;  // bytes since it was opened

  ~Rep() {
    for (auto* handle : families) {
      if (handle != nullptr) db->DestroyColumnFamilyHandle(handle);
    }
    if (db) db->Close();
    db.reset();
  }

  rocksdb::ColumnFamilyHandle* handle(Family family) const { return families[static_cast<std::size_t>(family)]; }
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
// What lies in the write-ahead log only is replayed by everyone who opens the store later. What is not signed stays
// there: readers leave it out, which they could not if it lay in the tables.
Store::~Store() {
  if (rep_->written <= kFlushAtClose) return;
  auto stored = size();
  if (!stored.ok() || *stored > rep_->acknowledged) return;
  (void)rep_->db->Flush(rocksdb::FlushOptions(), {rep_->families.begin(), rep_->families.end()});
}

namespace {

enum class Access { Create, Write, Read };

// A ledger made before there were countersignatures has no such family until it is next written to.
Result<std::vector<Family>> familiesOf(const fs::path& data, Access access) {
  std::vector<Family> families;
  bool all = access != Access::Read;
  std::vector<std::string> names;
  if (!all) {
    rocksdb::Status listed = rocksdb::DB::ListColumnFamilies(databaseOptions(), data.string(), &names);
    if (!listed.ok()) return fromStatus(listed, data.string() + ": cannot open");
  }
  for (int i = 0; i < layout::kFamilies; ++i) {
    auto family = static_cast<Family>(i);
    if (all || family != Family::Countersign ||
        std::find(names.begin(), names.end(), layout::familyName(family)) != names.end()) {
      families.push_back(family);
    }
  }
  return families;
}

struct Tables {
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, layout::kFamilies> families{};
};

Result<Tables> openTables(const fs::path& data, Access access, WalReplay* replay) {
  constexpr int kShardBits = 2;  // parts with room for the index of a file from before it came in pieces
  auto cache = rocksdb::NewLRUCache(64u << 20, kShardBits);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, familyOptions(Family::Meta, cache));
  PL_TRY(std::vector<Family> present, familiesOf(data, access));
  for (Family family : present) {
    descriptors.emplace_back(std::string(layout::familyName(family)), familyOptions(family, cache));
  }
  rocksdb::DBOptions options = databaseOptions();
  options.create_if_missing = access == Access::Create;
  options.error_if_exists = access == Access::Create;
  options.create_missing_column_families = access != Access::Read;

  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::Status status;
  options.wal_filter = replay;
  if (access == Access::Read) {
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;  // `replay` judges
    status = rocksdb::DB::OpenForReadOnly(options, data.string(), descriptors, &handles, &db);
  } else {
    status = rocksdb::DB::Open(options, data.string(), descriptors, &handles, &db);
  }
  if (!status.ok()) return fromStatus(status, data.string() + ": cannot open");
  Tables tables;
  tables.db.reset(db);
  db->DestroyColumnFamilyHandle(handles[0]);
  for (std::size_t i = 0; i < present.size(); ++i)
    tables.families[static_cast<std::size_t>(present[i])] = handles[i + 1];
  return tables;
}

Error notSigned(std::uint64_t from) {
  return makeError(
      ErrorCode::Unavailable,
      fmt::format("entries from {} on are stored and not signed yet: their writer was stopped, or is about to. Any "
                  "command that writes signs them",
                  from),
      fmt::format("第 {} 条起已存储但尚未签署（写入进程中途停止或正在签署）。执行任一写入命令即可补签", from));
}

Error endIsLost(const fs::path& directory, std::uint64_t acknowledged, std::uint64_t stored) {
  return makeError(
      ErrorCode::Corruption,
      fmt::format("{}: {} entries were acknowledged, the log holds {}: its end is lost. Nothing was changed: "
                  "restore the missing files from a copy",
                  directory.string(), acknowledged, stored),
      fmt::format("{}：已确认 {} 条，日志仅有 {} 条，末尾丢失。未作任何改动：请从副本恢复缺失的文件",
                  directory.string(), acknowledged, stored));
}

// Changes whenever a writer has committed, flushed or compacted.
std::string fingerprint(const fs::path& directory) {
  std::vector<std::string> files;
  std::error_code failed, ignored;
  for (fs::directory_iterator file(directory / kLogDirectory, failed), end; !failed && file != end;
       file.increment(failed)) {
    files.push_back(fmt::format("{} {}", file->path().filename().string(), file->file_size(ignored)));
  }
  auto head = Head::read(directory / kHeadFile);
  files.push_back(head.ok() ? std::to_string(*head) : std::string());
  std::sort(files.begin(), files.end());
  return fmt::format("{}", fmt::join(files, "\n"));
}

}  // namespace

Result<std::uint64_t> Store::size() const {
  PL_TRY(auto entry, last(Family::Entry));
  if (!entry) return std::uint64_t{0};
  auto index = layout::parseIndexKey(entry->first);
  if (!index)
    return makeError(ErrorCode::Corruption, "entry: the last row has a malformed key", "条目：最后一行的键格式错误");
  return *index + 1;
}

// One look at the files as they are: the tables, and of the write-ahead log what reaches no further than `bound`.
Result<std::unique_ptr<Store>> Store::look(const fs::path& directory, std::uint64_t acknowledged, std::uint64_t bound) {
  auto rep = std::make_unique<Rep>(directory);
  rep->acknowledged = acknowledged;
  rep->replay = std::make_unique<WalReplay>(bound);
  PL_TRY(Tables tables, openTables(directory / kLogDirectory, Access::Read, rep->replay.get()));
  rep->db = std::move(tables.db);
  rep->families = tables.families;
  const WalReplay& replay = *rep->replay;
  std::unique_ptr<Store> store(new Store(std::move(rep)));
  PL_CHECK(replay.status(directory / kLogDirectory));
  PL_TRY(std::uint64_t size, store->size());
  if (size < acknowledged) return endIsLost(directory, acknowledged, size);
  if (auto first = replay.firstEntry(); first && *first > 0)
    PL_CHECK(store->require(Family::Entry, layout::indexKey(*first - 1)));
  if (auto left = replay.firstLeftOut(); left && *left > size)
    PL_CHECK(store->require(Family::Entry, layout::indexKey(*left - 1)));
  return store;
}

// What stands behind the newest signature may not be on stable storage: a reader looks again, without it.
Result<std::unique_ptr<Store>> Store::openOnce(const fs::path& directory, Tail tail) {
  // Before the files: whatever was acknowledged by now is found in them.
  PL_TRY(std::uint64_t acknowledged, Head::read(directory / kHeadFile));
  PL_TRY(auto store, look(directory, acknowledged, std::numeric_limits<std::uint64_t>::max()));
  if (tail == Tail::Shown) return store;
  std::uint64_t known = std::max(acknowledged, store->rep_->replay->signedSize());
  PL_TRY(std::uint64_t size, store->size());
  if (size <= known) return store;
  store.reset();
  PL_TRY(store, look(directory, acknowledged, known));
  PL_TRY(size, store->size());
  if (size <= known) return store;
  // More lies in the tables, and so on stable storage, than `head` and the log know of: sound when it is signed there.
  PL_TRY(auto newest, store->last(Family::Checkpoint));
  if (newest && layout::parseIndexKey(newest->first) == size) return store;
  return notSigned(known);
}

// Beside a writer the files may change under the look: they are then looked at again. What is wrong twice in the same
// way while nothing changes is so.
Result<std::unique_ptr<Store>> Store::openToRead(const fs::path& directory, Tail tail) {
  constexpr int kLooks = 100;
  std::string before = fingerprint(directory), wrong;
  for (int look = 1;; ++look) {
    auto store = openOnce(directory, tail);
    if (store.ok() || look == kLooks) return store;
    std::string after = fingerprint(directory);
    if (after == before && store.error().message.en == wrong) return store;
    wrong = after == before ? store.error().message.en : "";
    before = std::move(after);
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(look, 20)));
  }
}

Result<std::unique_ptr<Store>> Store::open(const fs::path& directory, Mode mode,
                                           const std::function<Status(const Store&)>& admit) {
  if (mode == Mode::Read) return openToRead(directory, Tail::Hidden);
  auto rep = std::make_unique<Rep>(directory);
  PL_CHECK(rep->lock.acquire(directory / "writer.lock"));
  std::uint64_t found = 0;
  if (mode == Mode::Create) {
    PL_CHECK(Head::create(directory / kHeadFile));
  } else {
    // RocksDB forgets what follows damage in its log when it opens to write: so it is first opened to read.
    PL_TRY(auto look, openToRead(directory, Tail::Shown));
    PL_CHECK(look->verifyFiles(kVerifiedBeforeWriting));
    if (admit) PL_CHECK(admit(*look));
    PL_TRY(found, look->size());
  }
  PL_CHECK(rep->head.openForWriting(directory / kHeadFile));
  PL_TRY(std::uint64_t acknowledged, Head::read(directory / kHeadFile));
  rep->acknowledged = acknowledged;
  rep->replay = std::make_unique<WalReplay>(std::numeric_limits<std::uint64_t>::max());
  PL_TRY(Tables tables, openTables(directory / kLogDirectory, mode == Mode::Create ? Access::Create : Access::Write,
                                   rep->replay.get()));
  rep->db = std::move(tables.db);
  rep->families = tables.families;
  std::unique_ptr<Store> store(new Store(std::move(rep)));
  PL_TRY(std::uint64_t size, store->size());
  if (size < found) return endIsLost(directory, found, size);
  return store;
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

Result<std::vector<std::string>> Store::multiGet(Family family, const std::vector<std::string_view>& keys) const {
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
  return makeError(ErrorCode::Corruption,
                   fmt::format("{} {} is missing; run 'pilotledger verify'", layout::familyName(family), next),
                   fmt::format("第 {} 条缺失（{}）；请运行 pilotledger verify", next, layout::familyName(family)));
}

namespace {

Result<std::string> checksumOf(const std::string& path) {
  auto generator = rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator({});
  std::ifstream file(path, std::ios::binary);
  std::vector<char> block(1u << 20);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    generator->Update(block.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad() || !file.eof())
    return makeError(ErrorCode::Unavailable, path + ": cannot be read now", path + "：暂时无法读取");
  generator->Finalize();
  return generator->GetChecksum();
}

// The newest first.
std::vector<rocksdb::LiveFileMetaData> tableFiles(rocksdb::DB& db) {
  std::vector<rocksdb::LiveFileMetaData> files;
  db.GetLiveFilesMetaData(&files);
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.file_number > b.file_number; });
  return files;
}

}  // namespace

Status Store::verifyFiles(std::uint64_t most) const {
  std::uint64_t bytes = 0;
  for (const auto& file : tableFiles(*rep_->db)) {
    if (file.file_checksum_func_name == rocksdb::kUnknownFileChecksumFuncName) continue;  // of an early build
    if (bytes + file.size > most) continue;
    bytes += file.size;
    std::string path = file.db_path + file.name;
    auto found = checksumOf(path);
    if (found.ok() && *found == file.file_checksum) continue;
    // A writer beside us has put its rows into another file meanwhile; we have read them through this one.
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
      PL_TRY(auto now, openToRead(rep_->directory, Tail::Hidden));
      auto files = tableFiles(*now->rep_->db);
      if (std::none_of(files.begin(), files.end(), [&](const auto& other) { return other.name == file.name; }))
        continue;
    }
    if (!found.ok()) return found.error();
    return makeError(ErrorCode::Corruption, path + ": its bytes do not have the checksum they were written with",
                     path + "：文件内容与写入时的校验值不符");
  }
  return {};
}

WriteSet Store::begin() const {
  auto rep = std::make_unique<WriteSet::Rep>();
  rep->store = rep_.get();
  return WriteSet(std::move(rep));
}

Status Store::write(WriteSet&& rows, Durability durability) {
  if (!rows.rep_->failure.ok()) return fromStatus(rows.rep_->failure, "collecting rows");
  rocksdb::WriteOptions options;
  options.sync = durability == Durability::Synced;
  rep_->written += rows.rep_->batch.GetDataSize();
  rocksdb::Status status = rep_->db->Write(options, &rows.rep_->batch);
  if (!status.ok()) return fromStatus(status, "writing to the log");
  return {};
}

std::uint64_t Store::acknowledgedSize() const { return rep_->acknowledged; }
void Store::acknowledge(std::uint64_t size) {
  rep_->head.raise(size);
  rep_->acknowledged = std::max<std::uint64_t>(rep_->acknowledged, size);  // commits are written one at a time
}

}  // namespace pilotledger::ledger
