#include "ledger/crypto/encoding.h"

#include <sodium.h>

#include <algorithm>

namespace pilotledger::crypto {

std::string toHex(ByteView bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

Result<Bytes> parseHex(std::string_view text) {
  auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  if (text.size() % 2 != 0) return invalidInput("hex: expected an even number of digits", "十六进制位数应为偶数");
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    int high = digit(text[i]);
    int low = digit(text[i + 1]);
    if (high < 0 || low < 0) {
      return invalidInput("hex: expected 0-9 and a-f, found '" + std::string(text.substr(i, 2)) + "'",
                          "十六进制只能含 0-9、a-f");
    }
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return bytes;
}

std::string toBase64(ByteView bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // the terminating zero
  return text;
}

Result<Bytes> parseBase64(std::string_view text) {
  Bytes bytes(text.size() / 4 * 3 + 3);
  std::size_t size = 0;
  const char* end = nullptr;
  if (text.size() % 4 != 0 ||
      sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, &end,
                        sodium_base64_VARIANT_ORIGINAL) != 0 ||
      end != text.data() + text.size()) {
    return invalidInput("base64: malformed", "base64 格式错误");
  }
  bytes.resize(size);
  // The decoder may tolerate stray bits in the last digit; we do not.
  if (toBase64(bytes) != text) return invalidInput("base64: not canonical", "base64 非规范形式");
  return bytes;
}

Result<Digest> parseBase64Digest(std::string_view text) {
  PL_TRY(Bytes bytes, parseBase64(text));
  Digest digest{};
  if (bytes.size() != digest.size()) {
    return invalidInput("hash: expected 32 bytes, found " + std::to_string(bytes.size()),
                        "哈希应为 32 字节，实为 " + std::to_string(bytes.size()) + " 字节");
  }
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

}  // namespace pilotledger::crypto
