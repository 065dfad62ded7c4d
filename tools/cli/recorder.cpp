#include "tools/cli/recorder.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/service/submissions.h"

namespace pilotledger::cli {
namespace {

Result<std::vector<EventLine>> takeBatch(const EventSource& next, std::size_t size) {
  std::vector<EventLine> batch;
  while (batch.size() < size) {
    PL_TRY(std::optional<EventLine> event, next());
    if (!event) break;
    batch.push_back(std::move(*event));
  }
  return batch;
}

Result<ledger::AppendResult> appendBatch(ledger::Ledger& ledger, std::vector<EventLine>& batch,
                                         std::span<const crypto::SigningKey> keys) {
  std::vector<const crypto::SigningKey*> signers;
  for (const auto& key : keys) signers.push_back(&key);
  std::vector<Bytes> bytes;
  for (EventLine& event : batch) bytes.push_back(std::move(event.bytes));
  PL_TRY(auto submission, proof::makeSubmission(ledger.suite(), ledger.name(), std::move(bytes), signers));
  auto appended = ledger.append(submission);
  if (appended.ok() || !appended.error().position) return appended;
  std::size_t line = batch[*appended.error().position].line;
  return std::move(appended).error().within(fmt::format("line {}", line), fmt::format("第 {} 行", line));
}

Error afterRecorded(Error error, std::size_t recorded, bool rehearsal) {
  if (recorded == 0) return error;
  error.message.en +=
      fmt::format(" (the {} events before this batch {} recorded)", recorded, rehearsal ? "would be" : "are");
  if (!error.message.zh.empty())
    error.message.zh += fmt::format("（本批之前的 {} 个事件{}记录）", recorded, rehearsal ? "可" : "已");
  return error;
}

}  // namespace

Result<std::size_t> recordAll(ledger::Ledger& ledger, const EventSource& next, std::span<const crypto::SigningKey> keys,
                              const RecordOptions& options) {
  std::size_t size = std::clamp<std::size_t>(options.batch, 1, proof::kMaxSubmissionEvents);
  for (std::size_t recorded = 0;;) {
    auto batch = takeBatch(next, size);
    if (!batch.ok()) return afterRecorded(std::move(batch).error(), recorded, options.rehearsal);
    if (batch->empty()) return recorded;
    if (options.prepare) PL_CHECK(options.prepare(*batch));
    auto appended = appendBatch(ledger, *batch, keys);
    if (!appended.ok()) return afterRecorded(std::move(appended).error(), recorded, options.rehearsal);
    recorded += batch->size();
    if (!options.receipt) continue;
    for (const auto& receipt : appended->receipts) PL_CHECK(options.receipt(receipt, appended->checkpoint));
  }
}

Result<std::size_t> recordAll(ledger::Ledger& ledger, std::span<const EventLine> events,
                              std::span<const crypto::SigningKey> keys, const RecordOptions& options) {
  auto next = [at = std::size_t{0}, events]() mutable -> Result<std::optional<EventLine>> {
    return at < events.size() ? std::optional(events[at++]) : std::nullopt;
  };
  return recordAll(ledger, next, keys, options);
}

std::string receiptLine(const ledger::AppendReceipt& receipt, const std::string& checkpoint) {
  return service::receiptJson(receipt, checkpoint).dump() + "\n";
}

}  // namespace pilotledger::cli
