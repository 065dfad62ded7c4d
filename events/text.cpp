#include "events/text.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>

namespace pilotledger::events {
namespace {

bool isForbidden(std::int32_t c) {
  bool control = (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0);
  bool bidi = c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
              (c >= 0x2066 && c <= 0x2069);
  bool noncharacter = (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
  return control || bidi || noncharacter || c == 0xfeff;
}

Error badText(std::size_t offset, const std::string& what) {
  return invalidInput(fmt::format("text: {} at byte {}", what, offset),
                      fmt::format("文本第 {} 字节处有不允许的内容（{}）", offset, what));
}

// Calls visit(code point, offset); stops when it returns false. True when all was valid UTF-8.
template <typename Visit>
bool eachCodePoint(std::string_view text, Visit visit) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto size = static_cast<utf8proc_ssize_t>(text.size());
  for (utf8proc_ssize_t at = 0; at < size;) {
    std::int32_t c = bytes[at];
    utf8proc_ssize_t step = c < 0x80 ? 1 : utf8proc_iterate(bytes + at, size - at, &c);
    if (step < 1) {
      visit(-1, static_cast<std::size_t>(at));
      return false;
    }
    if (!visit(c, static_cast<std::size_t>(at))) return true;
    at += step;
  }
  return true;
}

}  // namespace

Status checkText(std::string_view text) {
  if (text.size() > kMaxTextBytes) {
    return invalidInput(fmt::format("text: expected at most {} bytes, found {}", kMaxTextBytes, text.size()),
                        fmt::format("文本最长 {} 字节，实为 {} 字节", kMaxTextBytes, text.size()));
  }
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; })) return {};  // most is plain
  std::optional<Error> error;
  eachCodePoint(text, [&](std::int32_t c, std::size_t at) {
    if (c < 0) {
      error = badText(at, "not UTF-8");
    } else if (isForbidden(c)) {
      error = badText(at, fmt::format("U+{:04X}", c));
    }
    return !error;
  });
  if (error) return std::move(*error);
  return {};
}

std::size_t displayWidth(std::string_view text) {
  std::size_t width = 0;
  eachCodePoint(text, [&](std::int32_t c, std::size_t) {
    width += c < 0 ? 1 : static_cast<std::size_t>(std::max(0, utf8proc_charwidth(c)));
    return true;
  });
  return width;
}

std::string padRight(std::string_view text, std::size_t width) {
  std::string out(text);
  std::size_t mine = displayWidth(text);
  if (mine < width) out.append(width - mine, ' ');
  return out;
}

std::string padLeft(std::string_view text, std::size_t width) {
  std::size_t mine = displayWidth(text);
  return (mine < width ? std::string(width - mine, ' ') : std::string()) + std::string(text);
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t bestDistance = word.size() / 3 + 2;
  for (std::string_view candidate : candidates) {
    std::vector<std::size_t> row(candidate.size() + 1);
    for (std::size_t j = 0; j <= candidate.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= candidate.size(); ++j) {
        std::size_t cost = diagonal + (word[i - 1] == candidate[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, cost});
      }
    }
    if (row.back() < bestDistance) {
      bestDistance = row.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace pilotledger::events
