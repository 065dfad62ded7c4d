// Free text from outside: what may be in it, and how wide it is on a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/result.h"

namespace pilotledger::events {

inline constexpr std::size_t kMaxTextBytes = 8192;

// Valid UTF-8 without NUL, control characters other than newline, bidirectional controls, byte
// order marks, surrogates and noncharacters. The error names the offset and the code point.
Status checkText(std::string_view text);

// Columns on a terminal: full-width characters take two (UAX #11), combining marks none.
std::size_t displayWidth(std::string_view text);
// Padded with spaces to `width` columns; longer text is returned as it is.
std::string padRight(std::string_view text, std::size_t width);
std::string padLeft(std::string_view text, std::size_t width);

// The candidate closest to `word`, when it is close enough to be meant; else empty.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace pilotledger::events
