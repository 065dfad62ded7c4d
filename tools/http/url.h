// Where a server is: HOST:PORT, and http, https and unix URLs in the one form that is taken. Pure.
// Source: RFC 3986, of which user names, fragments and escapes in hosts are refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::http {

struct Authority {
  std::string host;  // without the brackets of an IPv6 address
  unsigned port = 0;

  std::string inUrl() const { return host.find(':') == host.npos ? host : "[" + host + "]"; }
};

// "HOST:PORT", "[ADDRESS]:PORT"; the port may be left out when there is a usual one. InvalidInput for anything else.
Result<Authority> parseAuthority(std::string_view text, std::optional<unsigned> usualPort);

struct Url {
  bool encrypted = false;
  Authority authority;
  std::string socket;        // of unix:/path, which has no authority and no target
  std::string target = "/";  // path and query

  // "https://HOST", with the port unless it is the usual one: what a Host field and a certificate are about.
  std::string origin() const;
  std::string hostField() const;
};

// http://HOST[:PORT][/PATH][?QUERY], https://..., unix:/PATH/OF/SOCKET.
Result<Url> parseUrl(std::string_view text);

}  // namespace pilotledger::http
