#include "ledger/commit/batch.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "events/base/byte_fields.h"
#include "ledger/tlog/entry.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;

constexpr std::uint8_t kVersion = 1;

void begin(FieldWriter& out, std::int64_t recordedAtMs, std::size_t submissions) {
  out.number(kVersion, 1);
  out.number(static_cast<std::uint64_t>(recordedAtMs), 8);
  out.number(submissions, 4);
}

void putLeaf(FieldWriter& out, std::string_view digest) {
  out.number(0, 4);
  out.bytes(digest);
}

Error badBatch() { return invalidInput("batch: not the bytes of one", "批次字节格式错误"); }

Result<proof::Submission> readOne(FieldReader& in) {
  proof::Submission submission;
  submission.note = in.text();
  std::uint64_t events = in.number(4);
  if (!in.good() || events == 0 || events > proof::kMaxSubmissionEvents) return badBatch();
  for (std::uint64_t i = 0; i < events && in.good(); ++i) {
    ByteView event = viewOf(in.text());
    submission.events.emplace_back(event.begin(), event.end());
    if (!event.empty()) continue;
    std::string_view leaf = in.bytes(sizeof(Digest));
    std::copy(leaf.begin(), leaf.end(), submission.recorded.emplace_back().begin());
  }
  if (!in.good()) return badBatch();
  return submission;
}

// The note of the submission whose entries begin there, and its events: from `events` those that became entries.
Status writeStored(FieldWriter& out, const Store& store, std::span<const proof::Entry> entries,
                   std::span<const std::string> events) {
  std::string_view digest = textOf(entries.front().submissionDigest);
  PL_TRY(std::string note, store.require(Family::Submission, digest));
  PL_TRY(auto leaves, store.get(Family::Submission, layout::submissionLeavesKey(entries.front().submissionDigest)));
  out.text(note);
  std::size_t count = leaves ? leaves->size() / sizeof(Digest) : entries.size();
  out.number(count, 4);
  std::size_t next = 0;
  for (std::size_t position = 0; position < count; ++position) {
    if (next < entries.size() && entries[next].position == position) {
      out.text(events[next++]);
    } else if (leaves) {
      putLeaf(out, std::string_view(*leaves).substr(position * sizeof(Digest), sizeof(Digest)));
    }
  }
  if (next == entries.size()) return {};
  return makeError(ErrorCode::Corruption,
                   fmt::format("entry {}: its position is not in its submission", entries[next].index),
                   fmt::format("第 {} 条：提交内位置不存在", entries[next].index));
}

}  // namespace

std::string Batch::encode() const {
  FieldWriter out;
  begin(out, recordedAtMs, submissions.size());
  for (const Admitted& admitted : submissions) {
    const proof::Submission& submission = *admitted->submission;
    out.text(submission.note);
    out.number(submission.events.size(), 4);
    std::size_t left = 0;
    for (const Bytes& event : submission.events) {
      if (event.empty() && left < submission.recorded.size()) {
        putLeaf(out, textOf(submission.recorded[left++]));
      } else {
        out.text(textOf(event));
      }
    }
  }
  return out.take();
}

Result<Batch> Batch::decode(std::string_view bytes, const Admit& admit) {
  FieldReader in(bytes);
  if (in.number(1) != kVersion) return badBatch();
  Batch batch;
  batch.recordedAtMs = static_cast<std::int64_t>(in.number(8));
  std::uint64_t count = in.number(4);
  for (std::uint64_t i = 0; i < count && in.good(); ++i) {
    PL_TRY(proof::Submission submission, readOne(in));
    PL_TRY(Admitted admitted, admit(std::make_shared<const proof::Submission>(std::move(submission))));
    batch.submissions.push_back(std::move(admitted));
  }
  if (!in.done()) return badBatch();
  return batch;
}

Result<std::string> storedBatch(const Store& store, std::uint64_t from, std::uint64_t to) {
  std::vector<proof::Entry> entries;
  std::vector<std::string> events;
  PL_CHECK(store.rows(Family::Entry, from, to, [&](std::uint64_t, std::string_view bytes) -> Status {
    PL_TRY(proof::Entry entry, proof::Entry::decode(viewOf(bytes)));
    entries.push_back(entry);
    return {};
  }));
  PL_CHECK(store.rows(Family::Event, from, to, [&](std::uint64_t, std::string_view bytes) -> Status {
    events.emplace_back(bytes);
    return {};
  }));
  std::vector<std::size_t> begins;  // of submissions
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i == 0 || entries[i].submissionDigest != entries[i - 1].submissionDigest) begins.push_back(i);
  }
  FieldWriter out;
  begin(out, entries.front().recordedAtMs, begins.size());
  begins.push_back(entries.size());
  for (std::size_t i = 0; i + 1 < begins.size(); ++i) {
    std::size_t count = begins[i + 1] - begins[i];
    PL_CHECK(writeStored(out, store, std::span(entries).subspan(begins[i], count),
                         std::span(events).subspan(begins[i], count)));
  }
  return out.take();
}

}  // namespace pilotledger::ledger
