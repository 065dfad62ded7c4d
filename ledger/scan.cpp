#include "ledger/scan.h"

#include <algorithm>
#include <deque>
#include <future>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ledger/proof/note.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;

constexpr std::uint64_t kChunk = 2048;
constexpr int kAhead = 2;  // chunks

struct ScanRow {
  proof::Entry entry;
  std::optional<events::Event> event;
  std::shared_ptr<const std::vector<std::string>> signers;  // shared by the rows of a submission
};
using Rows = Result<std::vector<ScanRow>>;

Status readSigners(const Store& store, std::vector<ScanRow>& rows) {
  const ScanRow* before = nullptr;
  for (ScanRow& row : rows) {
    if (before != nullptr && before->entry.submissionDigest == row.entry.submissionDigest) {
      row.signers = before->signers;
    } else {
      PL_TRY(std::string text, store.require(Family::Submission, textOf(row.entry.submissionDigest)));
      PL_TRY(std::vector<std::string> names, proof::signersNamed(text));
      row.signers = std::make_shared<const std::vector<std::string>>(std::move(names));
    }
    before = &row;
  }
  return {};
}

// Entries and events side by side: two walks over neighbouring rows cost a fraction of point reads.
Rows readRows(const Store& store, std::uint64_t from, std::uint64_t to) {
  std::vector<ScanRow> rows;
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

}  // namespace

Status scanEntries(const Store& store, std::uint64_t from, std::uint64_t to, const std::function<Status(const Recorded&)>& visit) {
  if (from >= to) return {};
  auto read = [&](std::uint64_t at) { return readRows(store, at, std::min(to, at + kChunk)); };
  // The next rows are read and decoded, and those that were visited let go, while these are visited.
  std::deque<std::future<Rows>> ahead;
  std::uint64_t next = from + kChunk;
  auto readAhead = [&](std::vector<ScanRow> visited) {
    if (next >= to) return;
    ahead.push_back(std::async(std::launch::async, [&read, at = next, spent = std::move(visited)]() mutable {
      spent.clear();
      return read(at);
    }));
    next += kChunk;
  };
  for (int i = 0; i < kAhead; ++i) readAhead({});
  Rows rows = read(from);
  while (true) {
    if (!rows.ok()) return rows.error();
    for (const ScanRow& row : *rows) PL_CHECK(visit({row.entry, *row.event, *row.signers}));
    readAhead(std::move(*rows));
    if (ahead.empty()) return {};
    rows = ahead.front().get();
    ahead.pop_front();
  }
}

}  // namespace pilotledger::ledger
