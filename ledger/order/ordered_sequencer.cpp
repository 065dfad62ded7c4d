#include "ledger/order/ordered_sequencer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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

// The place is fixed and the rest of the nodes may have gone on: this one stops here, and refuses nothing.
Error cannotFollow(std::uint64_t number, const Error& why) {
  return makeError(
      ErrorCode::Unavailable,
      fmt::format("order record {} cannot be followed by this node: {}; send the same events to another node", number,
                  why.message.en),
      fmt::format("本节点无法执行定序记录 {}：{}；请向其他节点原样提交", number, why.message.zh));
}

// etcd has forgotten it when more than half of the nodes hold it for ever and this one stayed behind for too long.
Error recordMissing(std::uint64_t number, std::uint64_t head) {
  return makeError(
      ErrorCode::Unavailable,
      fmt::format("order record {} is not there, though the order goes to {}: ask again; when it stays so, this node "
                  "was away for too long and is rebuilt from a backup of another",
                  number, head),
      fmt::format("定序已到 {}，但记录 {} 不存在：请重试；若仍如此，则本节点离线过久，须以其他节点的备份重建", head,
                  number));
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
  inParts_ = 0;
  if (record.batch.size() <= kMostInline) return record.encode();
  std::string bytes = std::exchange(record.batch, {});
  if (bytes.size() > kMostBatchBytes) return tooLarge(bytes.size());
  record.length = inParts_ = bytes.size();
  record.digest = crypto::hash(options_.suite, viewOf(bytes));
  const std::string name = crypto::toHex(record.digest);
  for (std::string_view rest = bytes; !rest.empty(); rest.remove_prefix(std::min(kPartBytes, rest.size())))
    PL_CHECK(shared_->putPart(record.number(), name, record.parts++, rest.substr(0, kPartBytes)));
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
    if (options_.pause) options_.pause(attempt);
  }
}

Result<std::optional<std::uint64_t>> OrderedSequencer::propose(Batch batch) {
  PL_ASSERT(!mine_);
  PL_TRY(std::string record, recordOf(batch));
  const OrderHead next = headAfter(options_.suite, options_.built, record);
  PL_TRY(OrderRegister::Swap swapped, swap(next, record));
  if (swapped.done) {
    bytes_ += record.size() + inParts_;
    mine_ = Ordered{next.number, std::move(batch), next.text()};
    if (options_.ordered) options_.ordered(next.number);
    return std::optional(next.number);
  }
  if (!swapped.found) return orderLost("none");
  const bool behind = swapped.found->number < options_.built.number;
  if (behind || (swapped.found->number == options_.built.number && *swapped.found != options_.built))
    return orderLost(swapped.found->text());
  if (*swapped.found == options_.built) return notOrdered();  // then the compare could not fail
  seen_ = swapped.found->number;
  found();
  return std::optional<std::uint64_t>();
}

Result<std::string> OrderedSequencer::batchOf(const OrderRecord& record) {
  if (record.parts == 0) return record.batch;
  if (record.length > kMostBatchBytes) return tooLarge(record.length);
  const std::string name = crypto::toHex(record.digest);
  std::string bytes;
  for (std::uint32_t i = 0; i < record.parts && bytes.size() < record.length; ++i) {
    PL_TRY(auto part, shared_->part(record.number(), name, i));
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

Result<Batch> OrderedSequencer::read(const OrderRecord& record) {
  PL_TRY(std::string bytes, batchOf(record));
  return Batch::decode(bytes, options_.admit);
}

// That a record is not there decides nothing, but where the head is beyond it: then whoever waits must not wait for it.
Result<std::optional<std::string>> OrderedSequencer::recordBehind() {
  const std::uint64_t number = options_.built.number + 1;
  for (int attempt = 1;; ++attempt) {
    PL_TRY(auto bytes, shared_->record(number));
    if (bytes || seen_ < number) return bytes;
    if (attempt == options_.attempts) return recordMissing(number, std::exchange(seen_, 0));
  }
}

void OrderedSequencer::found() {
  std::lock_guard lock(mutex_);
  lost_.reset();
}

Result<std::optional<Ordered>> OrderedSequencer::next() {
  if (mine_) {
    std::optional<Ordered> mine = std::exchange(mine_, {});
    PL_TRY(options_.built, OrderHead::parse(mine->mark));
    found();
    return mine;
  }
  PL_TRY(auto bytes, recordBehind());
  if (!bytes) return std::optional<Ordered>();
  auto decoded = OrderRecord::decode(*bytes);
  if (!decoded.ok()) return cannotFollow(options_.built.number + 1, decoded.error());
  const OrderRecord& record = *decoded;
  if (record.before != options_.built) return orderLost(fmt::format("a record that follows {}", record.before.text()));
  auto batch = read(record);
  if (!batch.ok()) {
    const ErrorCode code = batch.error().code;
    if (code == ErrorCode::Unavailable || code == ErrorCode::Corruption) return std::move(batch).error();
    return cannotFollow(record.number(), batch.error());
  }
  bytes_ += bytes->size() + record.length;
  options_.built = headAfter(options_.suite, options_.built, *bytes);
  found();
  return std::optional(Ordered{options_.built.number, std::move(batch).value(), options_.built.text()});
}

}  // namespace pilotledger::ledger
