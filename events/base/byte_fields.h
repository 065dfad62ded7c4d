// Fields of a binary layout: integers big-endian, texts with their length before them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace pilotledger {

class FieldWriter {
 public:
  void number(std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out_ += static_cast<char>(value >> shift & 0xff);
  }
  void bytes(std::string_view bytes) { out_ += bytes; }
  void text(std::string_view text) {  // of less than 4 GiB
    number(text.size(), 4);
    out_ += text;
  }
  std::size_t size() const { return out_.size(); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// After the first field that is not there it gives zeros, and good() is false.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}
  std::string_view bytes(std::uint64_t size) {
    good_ = good_ && size <= rest_.size();
    std::string_view taken = rest_.substr(0, good_ ? size : 0);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::uint64_t number(std::uint64_t size) {
    std::uint64_t value = 0;
    for (char byte : bytes(size)) value = value << 8 | static_cast<std::uint8_t>(byte);
    return value;
  }
  std::string_view text() { return bytes(number(4)); }
  bool good() const { return good_; }
  bool more() const { return good_ && !rest_.empty(); }
  bool done() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace pilotledger
