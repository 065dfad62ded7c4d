#include "ledger/rules/service_url.h"

#include <algorithm>

#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

// "HOST[:PORT]" without a user, who would be somebody's password on the log.
bool isAuthority(std::string_view text) {
  return !text.empty() && text.front() != ':' && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == ':' || c == '[' || c == ']';
  });
}

// The address itself: what a name stands for is another machine's word.
bool isLoopback(std::string_view authority) {
  std::string_view host = authority.starts_with('[') ? authority.substr(0, authority.find(']') + 1)
                                                     : authority.substr(0, authority.find(':'));
  bool address = std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
  return host == "[::1]" || (address && host.starts_with("127."));
}

}  // namespace

Status requireServiceUrl(std::string_view url, const std::string& entity) {
  std::size_t start = url.find("://");
  std::string_view scheme = url.substr(0, start);
  std::string_view rest = start == url.npos ? std::string_view() : url.substr(start + 3);
  std::string_view authority = rest.substr(0, rest.find('/'));
  bool printable = std::all_of(url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  bool served = scheme == "https" || (scheme == "http" && isLoopback(authority));
  if (printable && served && isAuthority(authority)) return {};
  return refusal("R-URL", entity, "https://HOST[:PORT], or http:// at a loopback address", std::string(url),
                 "what others are to ask is served over TLS", "供他人访问的地址须使用 TLS");
}

}  // namespace pilotledger::ledger::rules
