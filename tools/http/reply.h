// The head of an answer. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tools/http/message.h"

namespace pilotledger::http {

// Status line, the fields given, `date`, then `framing` (whole lines), then the empty line. Nothing when a field has
// bytes that would begin another line, or is one that the server itself sets.
std::optional<std::string> formatHead(unsigned status, const Headers& headers, std::string_view date,
                                      std::string_view framing);

// "Sun, 06 Nov 1994 08:49:37 GMT", as RFC 9110 wants it, of now.
std::string dateField();

}  // namespace pilotledger::http
