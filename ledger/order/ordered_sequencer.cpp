#include "ledger/order/ordered_sequencer.h"

#include <fmt/format.h>

#include <algorithm>

namespace pilotledger::ledger {
namespace {

// etcd takes 1.5 MiB in one request; small records keep its memory small.
constexpr std::size_t kMostInline = std::size_t{512} << 10;
constexpr std::size_t kPartBytes = std::size_t{512} << 10;
constexpr std::uint64_t kMostBatchBytes = std::uint64_t{32} << 20;

Error tooLarge(std::size_t bytes) {
  return invalidInput(
      fmt::format("a submission to several nodes has at most {} bytes; found {}", kMostBatchBytes, bytes),
      fmt::format("多节点账本的一次提交最多 {} 字节，实为 {}", kMostBatchBytes, bytes));
}

Error notOrdered() {
  return makeError(ErrorCode::Unavailable,
                   "the order of entries gave no answer in time; whether it was taken is not known: send the same "
                   "events again",
                   "定序服务未及时答复，是否已受理尚不确定：请原样重新提交");
}

}  // namespace

std::optional<std::string> OrderedSequencer::lost() const {
  std::lock_guard lock(mutex_);
  return lost_;
}

Error OrderedSequencer::orderLost(std::string found) {
  std::string expected = options_.built.text();
  Error error = makeError(
      ErrorCode::Unavailable,
      fmt::format("the shared order is not the one that this node holds, {}: found {}. It was restored to an older "
                  "state, or is of another ledger; nothing was recorded. 'pilotledger cluster resume' sets it right",
                  expected, found),
      fmt::format("共享定序与本节点所存 {} 不符：现为 {}。定序服务可能恢复到旧状态，或属于其他账本；未记录任何内容。"
                  "请用 pilotledger cluster resume 处理",
                  expected, found));
  std::lock_guard lock(mutex_);
  lost_ = std::move(found);
  return error;
}

Result<std::string> OrderedSequencer::recordOf(const Batch& batch) {
  OrderRecord record{options_.built, options_.node, batch.encode()};
  if (record.batch.size() <= kMostInline) return record.encode();
  std::string bytes = std::exchange(record.batch, {});
  if (bytes.size() > kMostBatchBytes) return tooLarge(bytes.size());
  record.length = bytes.size();
  record.digest = crypto::hash(options_.suite, viewOf(bytes));
  for (std::string_view rest = bytes; !rest.empty(); rest.remove_prefix(std::min(kPartBytes, rest.size())))
    PL_CHECK(shared_->putPart(record.number(), options_.node, record.parts++, rest.substr(0, kPartBytes)));
  return record.encode();
}

// Sent again as it is until its fate is known: only the compare tells, silence says nothing.
Result<OrderRegister::Swap> OrderedSequencer::swap(const OrderHead& next, const std::string& record) {
  for (int attempt = 1;; ++attempt) {
    auto swapped = shared_->swap(options_.built, next, record);
    if (swapped.ok()) {
      if (swapped->done || !swapped->found || swapped->found->number < next.number) return swapped;
      if (*swapped->found == next) return OrderRegister::Swap{true, {}};  // an attempt before this one was done
      if (attempt == 1 || swapped->found->number == next.number) return swapped;
      PL_TRY(auto stands, shared_->record(next.number));
      return OrderRegister::Swap{stands && *stands == record, swapped->found};
    }
    if (swapped.error().code != ErrorCode::Unavailable) return swapped;
    if (attempt == options_.attempts) return notOrdered();
  }
}

Result<std::optional<std::uint64_t>> OrderedSequencer::propose(Batch batch) {
  PL_ASSERT(!mine_);
  PL_TRY(std::string record, recordOf(batch));
  const OrderHead next = headAfter(options_.suite, options_.built, record);
  PL_TRY(OrderRegister::Swap swapped, swap(next, record));
  if (swapped.done) {
    mine_ = Ordered{next.number, std::move(batch), next.text()};
    if (options_.ordered) options_.ordered(next.number);
    return std::optional(next.number);
  }
  if (!swapped.found) return orderLost("none");
  const bool behind = swapped.found->number < options_.built.number;
  if (behind || (swapped.found->number == options_.built.number && *swapped.found != options_.built))
    return orderLost(swapped.found->text());
  return std::optional<std::uint64_t>();
}

Result<std::string> OrderedSequencer::batchOf(const OrderRecord& record) {
  if (record.parts == 0) return record.batch;
  if (record.length > kMostBatchBytes) return tooLarge(record.length);
  std::string bytes;
  for (std::uint32_t i = 0; i < record.parts && bytes.size() < record.length; ++i) {
    PL_TRY(auto part, shared_->part(record.number(), record.proposer, i));
    if (!part) {
      return makeError(ErrorCode::Unavailable, fmt::format("order record {}: a part is not there", record.number()),
                       fmt::format("定序记录 {}：缺少分块", record.number()));
    }
    bytes += *part;
  }
  if (bytes.size() == record.length && crypto::hash(options_.suite, viewOf(bytes)) == record.digest) return bytes;
  return makeError(ErrorCode::Unavailable, fmt::format("order record {}: its parts are not those", record.number()),
                   fmt::format("定序记录 {}：分块与摘要不符", record.number()));
}

Result<std::optional<Ordered>> OrderedSequencer::next() {
  if (mine_) {
    std::optional<Ordered> mine = std::exchange(mine_, {});
    PL_TRY(options_.built, OrderHead::parse(mine->mark));
    return mine;
  }
  PL_TRY(auto bytes, shared_->record(options_.built.number + 1));
  if (!bytes) return std::optional<Ordered>();
  PL_TRY(OrderRecord record, OrderRecord::decode(*bytes));
  if (record.before != options_.built)
    return orderLost(fmt::format("a record that follows {}", record.before.text()));
  PL_TRY(std::string batchBytes, batchOf(record));
  PL_TRY(Batch batch, Batch::decode(batchBytes, options_.admit));
  options_.built = headAfter(options_.suite, options_.built, *bytes);
  {
    std::lock_guard lock(mutex_);
    lost_.reset();
  }
  return std::optional(Ordered{options_.built.number, std::move(batch), options_.built.text()});
}

}  // namespace pilotledger::ledger
