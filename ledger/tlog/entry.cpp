#include "ledger/tlog/entry.h"

#include <algorithm>

namespace pilotledger::proof {
namespace {

constexpr std::size_t kShort = 86;
constexpr std::size_t kLong = 118;

template <typename T>
void put(Bytes& out, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

std::uint64_t get(ByteView bytes, std::size_t offset, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | bytes[offset + i];
  return value;
}

Digest getDigest(ByteView bytes, std::size_t offset) {
  Digest digest;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), digest.size(), digest.begin());
  return digest;
}

}  // namespace

Bytes Entry::encode() const {
  Bytes out;
  out.reserve(kLong);
  out.push_back(1);
  out.push_back(stateRoot ? 1 : 0);
  put(out, index);
  put(out, static_cast<std::uint64_t>(recordedAtMs));
  out.insert(out.end(), eventDigest.begin(), eventDigest.end());
  out.insert(out.end(), submissionDigest.begin(), submissionDigest.end());
  put(out, position);
  if (stateRoot) out.insert(out.end(), stateRoot->begin(), stateRoot->end());
  return out;
}

Result<Entry> Entry::decode(ByteView bytes) {
  if (bytes.size() != kShort && bytes.size() != kLong) {
    return invalidInput("entry: expected 86 or 118 bytes, found " + std::to_string(bytes.size()), "条目长度错误");
  }
  if (bytes[0] != 1) return invalidInput("entry: unknown version " + std::to_string(bytes[0]), "条目版本未知");
  if (bytes[1] != (bytes.size() == kLong ? 1 : 0))
    return invalidInput("entry: flags do not fit its length", "条目标志与长度不符");
  Entry entry;
  entry.index = get(bytes, 2, 8);
  entry.recordedAtMs = static_cast<std::int64_t>(get(bytes, 10, 8));
  entry.eventDigest = getDigest(bytes, 18);
  entry.submissionDigest = getDigest(bytes, 50);
  entry.position = static_cast<std::uint32_t>(get(bytes, 82, 4));
  if (bytes.size() == kLong) entry.stateRoot = getDigest(bytes, 86);
  return entry;
}

}  // namespace pilotledger::proof
