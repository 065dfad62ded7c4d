#include "ledger/scan.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "ledger/proof/note.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;

constexpr std::uint64_t kChunk = 2048;

struct ScanRow {
  proof::Entry entry;
  std::optional<events::Event> event;
  std::shared_ptr<const std::vector<std::string>> signers;  // shared by the rows of a submission
};
using Rows = Result<std::vector<ScanRow>>;

Status readSigners(const Store& store, std::vector<ScanRow>& rows) {
  std::vector<std::string_view> submissions;
  auto begins = [&](std::size_t i) { return i == 0 || rows[i].entry.submissionDigest != rows[i - 1].entry.submissionDigest; };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (begins(i)) submissions.push_back(textOf(rows[i].entry.submissionDigest));
  }
  PL_TRY(std::vector<std::string> notes, store.requireAll(Family::Submission, submissions));
  for (std::size_t i = 0, note = 0; i < rows.size(); ++i) {
    if (!begins(i)) {
      rows[i].signers = rows[i - 1].signers;
      continue;
    }
    PL_TRY(std::vector<std::string> names, proof::signersNamed(notes[note++]));
    rows[i].signers = std::make_shared<const std::vector<std::string>>(std::move(names));
  }
  return {};
}

// Entries and events side by side: two walks over neighbouring rows cost a fraction of point reads.
// `rows` are spent ones, whose memory is used again.
Rows readRows(const Store& store, std::uint64_t from, std::uint64_t to, std::vector<ScanRow> rows) {
  rows.clear();
  rows.reserve(to - from);
  PL_CHECK(store.rows(Family::Entry, from, to, [&](std::uint64_t, std::string_view bytes) -> Status {
    PL_TRY(proof::Entry entry, proof::Entry::decode(viewOf(bytes)));
    rows.push_back({entry, std::nullopt, nullptr});
    return {};
  }));
  PL_CHECK(store.rows(Family::Event, from, to, [&](std::uint64_t index, std::string_view bytes) -> Status {
    PL_TRY(events::Event event, events::Event::decode(viewOf(bytes)));
    rows[index - from].event = std::move(event);
    return {};
  }));
  PL_CHECK(readSigners(store, rows));
  return rows;
}

// Chunks of rows, read and decoded in threads of their own before they are asked for. The threads stay, so
// that the memory of rows that were visited serves for the next.
class ReadAhead {
 public:
  ReadAhead(const Store& store, std::uint64_t from, std::uint64_t to) : store_(store), to_(to), unread_(from), wanted_(from) {
    std::uint64_t chunks = (to - from + kChunk - 1) / kChunk;
    for (std::uint64_t i = 0; i < std::min(kThreads, chunks); ++i) {
      threads_.emplace_back([this] { read(); });
    }
  }
  ~ReadAhead() {
    {
      std::lock_guard lock(mutex_);
      unread_ = to_;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  // The chunk that begins at `at`, asked for in order; `spent` are the rows of the one before.
  Rows take(std::uint64_t at, std::vector<ScanRow> spent) {
    std::unique_lock lock(mutex_);
    wanted_ = at;
    spent_.push_back(std::move(spent));
    changed_.notify_all();
    changed_.wait(lock, [&] { return ready_.contains(at); });
    return std::move(ready_.extract(at).mapped());
  }

 private:
  static constexpr std::uint64_t kThreads = 2;
  static constexpr std::uint64_t kAhead = 3 * kChunk;  // of what is wanted

  void read() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return unread_ >= to_ || unread_ < wanted_ + kAhead; });
      if (unread_ >= to_) return;
      std::uint64_t at = std::exchange(unread_, unread_ + kChunk);
      std::vector<ScanRow> spent;
      if (!spent_.empty()) {
        spent = std::move(spent_.back());
        spent_.pop_back();
      }
      lock.unlock();
      Rows rows = readRows(store_, at, std::min(to_, at + kChunk), std::move(spent));
      lock.lock();
      ready_.emplace(at, std::move(rows));
      changed_.notify_all();
    }
  }

  const Store& store_;
  const std::uint64_t to_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t unread_;      // the next chunk that nobody reads yet
  std::uint64_t wanted_;
  std::vector<std::vector<ScanRow>> spent_;
  std::map<std::uint64_t, Rows> ready_;
  std::vector<std::thread> threads_;  // last: they use the rest
};

}  // namespace

Status scanEntries(const Store& store, std::uint64_t from, std::uint64_t to, const std::function<Status(const Recorded&)>& visit) {
  auto visitAll = [&](const Rows& rows) -> Status {
    if (!rows.ok()) return rows.error();
    for (const ScanRow& row : *rows) PL_CHECK(visit({row.entry, *row.event, *row.signers}));
    return {};
  };
  if (from >= to) return {};
  if (to - from <= kChunk) return visitAll(readRows(store, from, to, {}));
  ReadAhead ahead(store, from, to);
  std::vector<ScanRow> spent;
  for (std::uint64_t at = from; at < to; at += kChunk) {
    Rows rows = ahead.take(at, std::move(spent));
    PL_CHECK(visitAll(rows));
    spent = std::move(*rows);
  }
  return {};
}

}  // namespace pilotledger::ledger
