#include "tools/cluster/etcd_wire.h"

#include <fmt/format.h>

#include "events/base/byte_fields.h"

namespace pilotledger::cluster {
namespace {

enum class Wire : std::uint8_t { Number = 0, Eight = 1, Bytes = 2, Four = 5 };

Error unreadable(std::string_view what) {
  return invalidInput(fmt::format("etcd's answer is not the bytes of one ({})", what),
                      fmt::format("etcd 的应答字节格式错误（{}）", what));
}

class MessageWriter {
 public:
  void number(std::uint32_t field, std::uint64_t value) {
    varint(field << 3 | static_cast<std::uint32_t>(Wire::Number));
    varint(value);
  }
  void bytes(std::uint32_t field, std::string_view bytes) {
    varint(field << 3 | static_cast<std::uint32_t>(Wire::Bytes));
    varint(bytes.size());
    out_ += bytes;
  }
  std::string take() { return std::move(out_); }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_ += static_cast<char>(value | 0x80);
    out_ += static_cast<char>(value);
  }
  std::string out_;
};

// Field after field: while (next()) ... ; then good() tells the end from bytes that are no message.
class MessageReader {
 public:
  explicit MessageReader(std::string_view bytes) : rest_(bytes) {}

  bool next() {
    if (!good_ || rest_.empty()) return false;
    const std::uint64_t tag = varint();
    field_ = static_cast<std::uint32_t>(tag >> 3);
    good_ = good_ && field_ != 0 && tag >> 32 == 0;
    const auto wire = static_cast<Wire>(tag & 7);
    isNumber_ = wire == Wire::Number;
    isBytes_ = wire == Wire::Bytes;
    if (isNumber_) {
      number_ = varint();
    } else if (isBytes_) {
      bytes_ = take(varint());
    } else if (wire == Wire::Eight || wire == Wire::Four) {
      take(wire == Wire::Eight ? 8 : 4);
    } else {
      good_ = false;  // groups, which proto3 has not, and what was never defined
    }
    return good_;
  }
  std::uint32_t field() const { return field_; }
  // A known field of another kind is no field of this message.
  std::uint64_t number() {
    good_ = good_ && isNumber_;
    return good_ ? number_ : 0;
  }
  std::string_view bytes() {
    good_ = good_ && isBytes_;
    return good_ ? bytes_ : std::string_view();
  }
  bool good() const { return good_; }

 private:
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      if (shift == 63 && byte > 1) break;  // more than 64 bits
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
    good_ = false;
    return 0;
  }
  std::string_view take(std::uint64_t size) {
    good_ = good_ && size <= rest_.size();
    std::string_view taken = rest_.substr(0, good_ ? size : 0);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
  std::uint32_t field_ = 0;
  std::uint64_t number_ = 0;
  std::string_view bytes_;
  bool isNumber_ = false, isBytes_ = false, good_ = true;
};

// --- what is asked

std::string encode(const EtcdCompare& compare) {
  constexpr std::uint64_t kCreated = 1, kValue = 3;  // what is compared; that it must be equal is the zero left out
  MessageWriter out;
  out.number(2, compare.value ? kValue : kCreated);
  out.bytes(3, compare.key);
  if (compare.value) {
    out.bytes(7, *compare.value);
  } else {
    out.number(5, 0);  // a key that is not there was created at revision 0
  }
  return out.take();
}

std::string encode(const EtcdPut& put) {
  MessageWriter out;
  out.bytes(1, put.key);
  out.bytes(2, put.value);
  return out.take();
}

template <typename Keys>
std::string encodeKeys(const Keys& keys) {
  MessageWriter out;
  out.bytes(1, keys.key);
  if (!keys.end.empty()) out.bytes(2, keys.end);
  return out.take();
}

std::string encode(const EtcdOperation& operation) {
  MessageWriter out;
  if (const auto* range = std::get_if<EtcdRange>(&operation)) out.bytes(1, cluster::encode(*range));
  if (const auto* put = std::get_if<EtcdPut>(&operation)) out.bytes(2, encode(*put));
  if (const auto* deletion = std::get_if<EtcdDelete>(&operation)) out.bytes(3, encodeKeys(*deletion));
  return out.take();
}

// --- what is answered

Result<EtcdPair> decodePair(std::string_view message) {
  EtcdPair pair;
  MessageReader in(message);
  while (in.next()) {
    if (in.field() == 1) pair.key = in.bytes();
    if (in.field() == 5) pair.value = in.bytes();
  }
  if (!in.good() || pair.key.empty()) return unreadable("KeyValue");
  return pair;
}

// The answer to one operation; those to puts and deletes say nothing that is needed.
Result<std::optional<EtcdFound>> decodeOperation(std::string_view message) {
  std::optional<EtcdFound> found;
  MessageReader in(message);
  while (in.next()) {
    if (in.field() != 1) continue;
    PL_TRY(found, decodeFound(in.bytes()));
  }
  if (!in.good()) return unreadable("ResponseOp");
  return found;
}

}  // namespace

std::string encode(const EtcdRange& range) {
  MessageWriter out;
  out.bytes(1, range.key);
  if (!range.end.empty()) {
    out.bytes(2, range.end);
    out.number(3, kMostPairs);
  }
  return out.take();
}

std::string encode(const EtcdTransaction& transaction) {
  MessageWriter out;
  for (const EtcdCompare& compare : transaction.compares) out.bytes(1, encode(compare));
  for (const EtcdOperation& operation : transaction.then) out.bytes(2, encode(operation));
  for (const EtcdOperation& operation : transaction.otherwise) out.bytes(3, encode(operation));
  return out.take();
}

Result<EtcdFound> decodeFound(std::string_view message) {
  EtcdFound found;
  MessageReader in(message);
  while (in.next()) {
    if (in.field() == 2) {
      if (found.pairs.size() == kMostPairs) return unreadable("RangeResponse: too many");
      PL_TRY(EtcdPair pair, decodePair(in.bytes()));
      found.pairs.push_back(std::move(pair));
    }
    if (in.field() == 3) found.more = in.number() != 0;
  }
  if (!in.good()) return unreadable("RangeResponse");
  return found;
}

Result<EtcdOutcome> decodeOutcome(std::string_view message) {
  constexpr std::size_t kMostOperations = 128;  // etcd's own limit
  EtcdOutcome outcome;
  MessageReader in(message);
  std::size_t operations = 0;
  while (in.next()) {
    if (in.field() == 2) outcome.succeeded = in.number() != 0;
    if (in.field() != 3) continue;
    if (++operations > kMostOperations) return unreadable("TxnResponse: too many");
    PL_TRY(auto found, decodeOperation(in.bytes()));
    if (found) outcome.found.push_back(std::move(*found));
  }
  if (!in.good()) return unreadable("TxnResponse");
  return outcome;
}

Result<std::uint64_t> decodeDatabaseBytes(std::string_view message) {
  std::uint64_t bytes = 0;
  MessageReader in(message);
  while (in.next()) {
    if (in.field() == 3) bytes = in.number();
  }
  if (!in.good()) return unreadable("StatusResponse");
  return bytes;
}

std::string framed(std::string_view message) {
  FieldWriter out;
  out.number(0, 1);  // not compressed
  out.text(message);
  return out.take();
}

Result<std::string_view> unframed(std::string_view bytes) {
  FieldReader in(bytes);
  const std::uint64_t compressed = in.number(1);
  std::string_view message = in.text();
  if (compressed != 0 || !in.done()) return unreadable("gRPC");
  return message;
}

}  // namespace pilotledger::cluster
