// The head of a request, from its first byte to the empty line: taken only in the one form that every parser reads
// alike. A pass of our own over the raw bytes refuses what Beast would take (folded lines, any Transfer-Encoding, two
// of a field that means one thing, targets of other forms); then Beast parses it, and must find the same.
// Pure; no sockets. Source: RFC 9112; README.md lists each refusal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tools/http/message.h"
#include "tools/http/server.h"

namespace pilotledger::http {

// Says no to a request; its connection is closed after.
struct Refusal {
  unsigned status = 400;
  Message why;
};

struct Head {
  Request request;  // without id, body and peer
  std::uint64_t bodyBytes = 0;
  bool keepAlive = true;
  bool expectsContinue = false;
  bool chunks = true;  // its client reads chunked answers: HTTP/1.1
};

// `bytes` end with the first empty line, and are within Limits::headerBytes.
std::variant<Head, Refusal> parseHead(std::string_view bytes, const Limits& limits);

// Path and query of a target that begins with '/', into the request.
std::optional<Refusal> parseTarget(std::string_view target, Request& request);

// Whether a Host field names one of `hosts`: "NAME" or "NAME:PORT", "*" for any.
bool isHostAllowed(std::string_view host, const std::vector<std::string>& hosts);

}  // namespace pilotledger::http
