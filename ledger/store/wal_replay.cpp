#include "ledger/store/wal_replay.h"

#include <fmt/format.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "ledger/store/layout.h"
#include "ledger/store/wal_file.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;

// One record may stand behind a torn one after a power cut (wal_file.h); two were acknowledged.
constexpr int kSomeBehind = 2;

// A batch begins with the sequence number of its first row (u64) and the number of rows (u32), little-endian.
template <typename Number>
Number numberAt(const std::string& bytes, std::size_t offset) {
  Number number = 0;
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

// How far the rows of a batch reach, in entries.
class Extent : public rocksdb::WriteBatch::Handler {
 public:
  Extent(std::uint32_t entryFamily, std::uint32_t checkpointFamily)
      : entry_(entryFamily), checkpoint_(checkpointFamily) {}

  rocksdb::Status PutCF(std::uint32_t family, const rocksdb::Slice& key, const rocksdb::Slice&) override {
    if (family != entry_ && family != checkpoint_) return rocksdb::Status::OK();
    auto index = layout::parseIndexKey({key.data(), key.size()});
    if (!index) return rocksdb::Status::OK();
    if (family == entry_) first = std::min(first.value_or(*index), *index);
    if (family == checkpoint_) checkpoint = *index;
    reach = std::max(reach, family == entry_ ? *index + 1 : *index);
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(std::uint32_t, const rocksdb::Slice&) override { return rocksdb::Status::OK(); }

  std::uint64_t reach = 0;
  std::uint64_t checkpoint = 0;
  std::optional<std::uint64_t> first;  // entry

 private:
  std::uint32_t entry_;
  std::uint32_t checkpoint_;
};

}  // namespace

void WalReplay::ColumnFamilyLogNumberMap(const std::map<std::uint32_t, std::uint64_t>& numbers,
                                         const std::map<std::string, std::uint32_t>& ids) {
  std::uint64_t oldest = std::numeric_limits<std::uint64_t>::max();  // that some family still needs
  for (const auto& [family, number] : numbers) oldest = std::min(oldest, number);
  ends_ = {{oldest, 0}};
  auto idOf = [&](Family family) {
    auto at = ids.find(std::string(layout::familyName(family)));
    return at == ids.end() ? std::uint32_t{0} : at->second;
  };
  entryFamily_ = idOf(Family::Entry);
  checkpointFamily_ = idOf(Family::Checkpoint);
}

rocksdb::WalFilter::WalProcessingOption WalReplay::LogRecordFound(unsigned long long number, const std::string& file,
                                                                  const rocksdb::WriteBatch& batch,
                                                                  rocksdb::WriteBatch*, bool*) {
  Extent extent(entryFamily_, checkpointFamily_);
  bool readable = batch.Iterate(&extent).ok();
  auto sequence = numberAt<std::uint64_t>(batch.Data(), 0);
  if (!misfit_.empty() || !readable || (nextSequence_ != 0 && sequence != nextSequence_)) {
    if (misfit_.empty()) misfit_ = file;
    recordsBehind_ += readable ? 1 : kSomeBehind;  // whole, and yet no rows: never written so
    return WalProcessingOption::kIgnoreCurrentRecord;
  }
  if (extent.reach > bound_) {
    isCut_ = true;
    firstLeftOut_ = extent.first.value_or(extent.reach);
    return WalProcessingOption::kStopReplay;
  }
  nextSequence_ = sequence + numberAt<std::uint32_t>(batch.Data(), 8);
  if (extent.first && !firstEntry_) firstEntry_ = extent.first;
  if (!extent.first)
    signedSize_ = std::max(signedSize_, extent.checkpoint);  // early builds signed before the sync, in one record
  std::uint64_t& end = ends_[number];
  end = walRecordEnd(end, batch.Data().size());
  return WalProcessingOption::kContinueProcessing;
}

Status WalReplay::status(const std::filesystem::path& log) const {
  std::string damaged = recordsBehind_ >= kSomeBehind ? misfit_ : "";
  if (damaged.empty() && !isCut_) {
    PL_TRY(damaged, fileWithRecordsBehind(log, ends_));
  }
  if (damaged.empty()) return {};
  return makeError(
      ErrorCode::Corruption,
      fmt::format("{}: records are missing or doubled in or before this file; what follows them is still there. "
                  "Nothing was changed: restore the damaged files from a copy",
                  damaged),
      fmt::format("{}：该文件或之前的日志有记录缺失或重复，其后的记录仍在。未作任何改动：请从副本恢复受损文件",
                  damaged));
}

}  // namespace pilotledger::ledger
