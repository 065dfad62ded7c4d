// Free text from outside: what may be in it, and how wide it is on a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"

namespace pilotledger::events {

inline constexpr std::size_t kMaxTextBytes = 8192;

// Valid UTF-8 without NUL, control characters other than newline, bidirectional controls, byte
// order marks, surrogates and noncharacters. The error names the offset and the code point.
Status checkText(std::string_view text);

// The one spelling in which text is taken from outside; README.md, "Text from outside". Both refuse what
// checkText() refuses and what nobody sees (default-ignorable and format characters, variation selectors, line and
// paragraph separators), give the composed form, and make every run of blanks one U+0020, none at the ends of a line.
// Taking a spelling again changes nothing. For new events and questions only: what is recorded is read as it is.
//
// A name or free text: full-width letters and digits become ASCII, the rest of NFC stays as it was written.
Result<std::string> textSpelling(std::string_view text);
// An identifier or a number: NFKC, dashes, quotes and slashes that look alike as their ASCII ones; besides, refuses
// more than one line, private-use and unassigned characters.
Result<std::string> identifierSpelling(std::string_view text);

// For the eyes: what steers a terminal, turns the direction of writing or is not seen stands as \u001b (\x9b for a
// byte that is no UTF-8), a form that JSON reads as the same character. Lines and all other text stay.
std::string visibleText(std::string_view text);

// The beginning of somebody else's word, for a message: whole characters, "..." when something is left out.
std::string shortened(std::string_view word);

// Columns on a terminal: full-width characters take two (UAX #11), combining marks none.
std::size_t displayWidth(std::string_view text);
// Padded with spaces to `width` columns; longer text is returned as it is.
std::string padRight(std::string_view text, std::size_t width);
std::string padLeft(std::string_view text, std::size_t width);

// Letters a to z as A to Z; the rest as it is.
std::string upperAscii(std::string_view text);

// The candidate closest to `word`, when it is close enough to be meant; else empty.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace pilotledger::events
