#include "ledger/log/scan.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "ledger/log/submission_signers.h"
#include "ledger/tlog/note.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;

constexpr std::uint64_t kChunk = 2048;

struct ScanRow {
  proof::Entry entry;
  std::optional<events::Event> event;
  SignerNames signers;  // shared by the rows of a submission
};
using Rows = Result<std::vector<ScanRow>>;

// From `known`, or from the notes themselves.
Status readSigners(const Store& store, const SubmissionSigners* known, std::vector<ScanRow>& rows) {
  auto begins = [&](std::size_t i) {
    return i == 0 || rows[i].entry.submissionDigest != rows[i - 1].entry.submissionDigest;
  };
  std::vector<std::size_t> unknown;
  std::vector<std::string_view> submissions;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!begins(i)) continue;
    if (known != nullptr) rows[i].signers = known->of(rows[i].entry.submissionDigest);
    if (rows[i].signers != nullptr) continue;
    unknown.push_back(i);
    submissions.push_back(textOf(rows[i].entry.submissionDigest));
  }
  PL_TRY(std::vector<std::string> notes, store.multiGet(Family::Submission, submissions));
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    PL_TRY(std::vector<std::string> names, proof::signersNamed(notes[i]));
    rows[unknown[i]].signers = std::make_shared<const std::vector<std::string>>(std::move(names));
  }
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (!begins(i)) rows[i].signers = rows[i - 1].signers;
  }
  return {};
}

// Entries and events side by side: two walks over neighbouring rows cost a fraction of point reads.
// `rows` are spent ones, whose memory is used again.
Rows readRows(const Store& store, const SubmissionSigners* known, std::uint64_t from, std::uint64_t to,
              std::vector<ScanRow> rows) {
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
  PL_CHECK(readSigners(store, known, rows));
  return rows;
}

// So much of the log that all notes are sooner read than these looked up, of which each costs some ten times as much.
Result<bool> isBulkScan(const Store& store, std::uint64_t entries) {
  PL_TRY(auto last, store.last(Family::Entry));
  std::optional<std::uint64_t> index = last ? layout::parseIndexKey(last->first) : std::nullopt;
  return index && entries > *index / 8;
}

// Chunks of rows, read and decoded in threads of their own before they are asked for. The threads stay, so
// that the memory of rows that were visited serves for the next.
class ReadAhead {
 public:
  ReadAhead(const Store& store, const SubmissionSigners* known, std::uint64_t from, std::uint64_t to)
      : store_(store), known_(known), to_(to), unread_(from), wanted_(from) {
    std::uint64_t chunks = (to - from + kChunk - 1) / kChunk;
    for (std::uint64_t i = 0; i < std::min(kThreads, chunks); ++i) {
      try {
        threads_.emplace_back([this] { read(); });
      } catch (const std::system_error&) {  // the machine has no more: one is enough
        if (threads_.empty()) throw;
      }
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
      Rows rows = readRows(store_, known_, at, std::min(to_, at + kChunk), std::move(spent));
      lock.lock();
      ready_.emplace(at, std::move(rows));
      changed_.notify_all();
    }
  }

  const Store& store_;
  const SubmissionSigners* known_;
  const std::uint64_t to_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t unread_;  // the next chunk that nobody reads yet
  std::uint64_t wanted_;
  std::vector<std::vector<ScanRow>> spent_;
  std::map<std::uint64_t, Rows> ready_;
  std::vector<std::thread> threads_;  // last: they use the rest
};

}  // namespace

Status scanEntries(const Store& store, std::uint64_t from, std::uint64_t to,
                   const std::function<Status(const LogRecord&)>& visit) {
  auto visitAll = [&](const Rows& rows) -> Status {
    if (!rows.ok()) return rows.error();
    for (const ScanRow& row : *rows) PL_CHECK(visit({row.entry, *row.event, *row.signers}));
    return {};
  };
  if (from >= to) return {};
  if (to - from <= kChunk) return visitAll(readRows(store, nullptr, from, to, {}));
  std::optional<SubmissionSigners> known;
  PL_TRY(bool much, isBulkScan(store, to - from));
  if (much) {
    PL_TRY(known, SubmissionSigners::read(store));
  }
  ReadAhead ahead(store, known ? &*known : nullptr, from, to);
  std::vector<ScanRow> spent;
  for (std::uint64_t at = from; at < to; at += kChunk) {
    Rows rows = ahead.take(at, std::move(spent));
    PL_CHECK(visitAll(rows));
    spent = std::move(*rows);
  }
  return {};
}

}  // namespace pilotledger::ledger
