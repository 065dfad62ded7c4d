#include <fmt/format.h>

#include <charconv>

#include "tools/import/mapper.h"

namespace pilotledger::import {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<std::string> isoDate(std::string_view text, std::string_view pattern) {
  int parts[3] = {0, 1, 1};  // year, month, day
  std::size_t at = 0;
  bool good = true;
  for (std::size_t i = 0; i < pattern.size() && good;) {
    std::size_t which = std::string_view("ymd").find(pattern[i]);
    if (which == std::string_view::npos) {
      good = at < text.size() && text[at] == pattern[i];
      ++at, ++i;
      continue;
    }
    std::size_t width = 0;
    for (char letter = pattern[i]; i < pattern.size() && pattern[i] == letter; ++i) ++width;
    std::size_t end = at;
    std::size_t most = width == 1 ? 2 : width;
    while (end < text.size() && end - at < most && isDigit(text[end])) ++end;
    good = end > at && (width == 1 || end - at == width);
    if (good) good = std::from_chars(text.data() + at, text.data() + end, parts[which]).ec == std::errc();
    at = end;
  }
  if (good && at == text.size()) return fmt::format("{:04}-{:02}-{:02}", parts[0], parts[1], parts[2]);
  return invalidInput(fmt::format("expected a date like {}, found '{}'", pattern, text.substr(0, 40)),
                      fmt::format("日期应形如 {}，实为“{}”", pattern, text.substr(0, 40)));
}

}  // namespace pilotledger::import
