#include "ledger/order/order_record.h"

#include <fmt/format.h>

#include "events/base/byte_fields.h"
#include "ledger/crypto/encoding.h"
#include "ledger/tlog/checkpoint.h"

namespace pilotledger::ledger {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kDomain = "pilotledger/order/v1\n";

Error badRecord() { return invalidInput("order record: not the bytes of one", "定序记录字节格式错误"); }

void copyDigest(std::string_view from, Digest& to) { std::copy(from.begin(), from.end(), to.begin()); }

}  // namespace

std::string OrderHead::text() const { return fmt::format("{} {}", number, crypto::toBase64(chain)); }

Result<OrderHead> OrderHead::parse(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == text.npos) return invalidInput("order head: expected NUMBER CHAIN", "定序位置应为“序号 链值”");
  OrderHead head;
  PL_TRY(head.number, proof::parseDecimal(text.substr(0, blank), "order head"));
  PL_TRY(head.chain, crypto::parseBase64Digest(text.substr(blank + 1)));
  return head;
}

std::string OrderRecord::encode() const {
  FieldWriter out;
  out.number(kVersion, 1);
  out.number(number(), 8);
  out.bytes(textOf(before.chain));
  out.text(proposer);
  out.number(parts, 4);
  if (parts == 0) {
    out.text(batch);
  } else {
    out.number(length, 8);
    out.bytes(textOf(digest));
  }
  return out.take();
}

Result<OrderRecord> OrderRecord::decode(std::string_view bytes) {
  FieldReader in(bytes);
  if (in.number(1) != kVersion) return badRecord();
  OrderRecord record;
  const std::uint64_t number = in.number(8);
  std::string_view chain = in.bytes(sizeof(Digest));
  record.proposer = in.text();
  record.parts = static_cast<std::uint32_t>(in.number(4));
  if (!in.good() || number == 0) return badRecord();
  record.before.number = number - 1;
  copyDigest(chain, record.before.chain);
  if (record.parts == 0) {
    record.batch = in.text();
  } else {
    record.length = in.number(8);
    copyDigest(in.bytes(sizeof(Digest)), record.digest);
  }
  if (!in.done()) return badRecord();
  return record;
}

OrderHead firstHead(crypto::SuiteId suite, std::string_view checkpointText) {
  return {0, crypto::hash(suite, {viewOf(kDomain), viewOf(checkpointText)})};
}

OrderHead headAfter(crypto::SuiteId suite, const OrderHead& before, std::string_view record) {
  return {before.number + 1, crypto::hash(suite, {viewOf(kDomain), ByteView(before.chain), viewOf(record)})};
}

}  // namespace pilotledger::ledger
