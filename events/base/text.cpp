#include "events/base/text.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace pilotledger::events {
namespace {

constexpr std::size_t kLongestWord = 128;

bool isForbidden(std::int32_t c) {
  bool control = (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0);
  bool bidi = c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
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

// Unicode's Default_Ignorable_Code_Point, format characters, line and paragraph separators: on paper they are nothing.
bool isHidden(std::int32_t c) {
  auto category = utf8proc_category(c);
  return utf8proc_get_property(c)->ignorable || category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

// The empty braille pattern is a symbol by its category and a blank to the eye.
bool isBlank(std::int32_t c) { return c == ' ' || utf8proc_category(c) == UTF8PROC_CATEGORY_ZS || c == 0x2800; }

// Neither has a meaning that two readers share, nor a normal form that lasts.
bool isUnknown(std::int32_t c) {
  auto category = utf8proc_category(c);
  return category == UTF8PROC_CATEGORY_CO || category == UTF8PROC_CATEGORY_CN;
}

bool isWideAlphanumeric(std::int32_t c) {
  const utf8proc_property_t& property = *utf8proc_get_property(c);
  bool alphanumeric = property.category == UTF8PROC_CATEGORY_LU || property.category == UTF8PROC_CATEGORY_LL ||
                      property.category == UTF8PROC_CATEGORY_ND;
  return alphanumeric &&
         (property.decomp_type == UTF8PROC_DECOMP_TYPE_WIDE || property.decomp_type == UTF8PROC_DECOMP_TYPE_FONT);
}

void appendCodePoint(std::string& out, std::int32_t c) {
  utf8proc_uint8_t bytes[4];
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(utf8proc_encode_char(c, bytes)));
}

// `text` is valid UTF-8.
std::string mapped(std::string_view text, int options) {
  utf8proc_uint8_t* made = nullptr;
  auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &made, static_cast<utf8proc_option_t>(options | UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  PL_ASSERT(size >= 0);
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(made, &std::free);
  return std::string(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
}

// Printable ASCII without blanks that would be folded: the common case, and its own spelling.
bool isPlain(std::string_view text) {
  bool inside = false;  // after a character that is no blank
  for (char c : text) {
    if (c < 0x20 || c > 0x7e || (c == ' ' && !inside)) return false;
    inside = c != ' ';
  }
  return text.empty() || inside;
}

// One U+0020 between words, none at the ends of a line, no empty line first or last.
std::string foldBlanks(std::string_view text) {
  std::string out;
  bool blank = false;
  eachCodePoint(text, [&](std::int32_t c, std::size_t) {
    if (isBlank(c)) {
      blank = true;
      return true;
    }
    if (blank && c != '\n' && !out.empty() && out.back() != '\n') out += ' ';
    if (c != '\n' || !out.empty()) appendCodePoint(out, c);
    blank = false;
    return true;
  });
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

// The first code point of which `refused` says true.
template <typename Refused>
Status refuseAny(std::string_view text, Refused refused) {
  std::optional<Error> error;
  eachCodePoint(text, [&](std::int32_t c, std::size_t at) {
    if (refused(c)) error = badText(at, fmt::format("U+{:04X}", c));
    return !error;
  });
  if (error) return std::move(*error);
  return {};
}

void appendEscaped(std::string& out, std::int32_t c) {
  if (c > 0xffff) {  // as two halves, like JSON
    auto over = static_cast<std::uint32_t>(c) - 0x10000;
    out += fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + (over >> 10), 0xdc00 + (over & 0x3ff));
  } else {
    out += fmt::format("\\u{:04x}", c);
  }
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

Result<std::string> textSpelling(std::string_view text) {
  PL_CHECK(checkText(text));
  if (isPlain(text)) return std::string(text);
  PL_CHECK(refuseAny(text, isHidden));
  std::string narrow;
  eachCodePoint(text, [&](std::int32_t c, std::size_t) {
    std::string one;
    appendCodePoint(one, c);
    narrow += isWideAlphanumeric(c) ? mapped(one, UTF8PROC_COMPAT) : one;
    return true;
  });
  return foldBlanks(mapped(narrow, 0));
}

Result<std::string> identifierSpelling(std::string_view text) {
  PL_CHECK(checkText(text));
  if (isPlain(text)) return std::string(text);
  PL_CHECK(refuseAny(text, [](std::int32_t c) { return c == '\n' || isHidden(c) || isUnknown(c); }));
  return foldBlanks(mapped(text, UTF8PROC_COMPAT | UTF8PROC_LUMP));
}

std::string visibleText(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\n'; }))
    return std::string(text);
  auto steers = [](std::int32_t c) { return c != '\n' && c != '\t' && (isForbidden(c) || isHidden(c)); };
  std::string out;
  while (!text.empty()) {
    std::size_t good = text.size();
    bool whole = eachCodePoint(text, [&](std::int32_t c, std::size_t at) {
      if (c < 0) {
        good = at;
      } else if (steers(c)) {
        appendEscaped(out, c);
      } else {
        appendCodePoint(out, c);
      }
      return true;
    });
    if (whole) break;
    out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[good]));
    text.remove_prefix(good + 1);
  }
  return out;
}

std::string shortened(std::string_view word) {
  constexpr std::size_t kShown = 60;
  if (word.size() <= kShown) return std::string(word);
  std::size_t end = kShown;
  while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xc0) == 0x80) --end;
  return std::string(word.substr(0, end)) + "...";
}

std::string upperAscii(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
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
  if (word.size() > kLongestWord) return {};  // nobody's typing error; the table below grows with it
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
