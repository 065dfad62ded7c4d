#include "tools/http/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "events/base/text.h"

namespace pilotledger::http {
namespace {

constexpr std::string_view kPlain = "http://";
constexpr std::string_view kEncrypted = "https://";
constexpr std::string_view kSocket = "unix:";

bool isHostCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
}

}  // namespace

Result<Authority> parseAuthority(std::string_view text, std::optional<unsigned> usualPort) {
  Error bad = invalidInput("expected HOST:PORT, found " + events::shortened(text),
                           "应为 主机:端口，实为 " + events::shortened(text));
  Authority authority;
  std::size_t end = 0;
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == text.npos) return bad;
    authority.host = text.substr(1, end++ - 1);
    bool plain = std::all_of(authority.host.begin(), authority.host.end(),
                             [](char c) { return c == ':' || isHostCharacter(c); });
    if (!plain || authority.host.find(':') == authority.host.npos) return bad;
  } else {
    end = std::min(text.find(':'), text.size());
    authority.host = text.substr(0, end);
    if (end == 0 || !std::all_of(authority.host.begin(), authority.host.end(), isHostCharacter)) return bad;
  }
  if (end == text.size()) {
    if (!usualPort) return bad;
    authority.port = *usualPort;
    return authority;
  }
  const char* last = text.data() + text.size();
  auto [stopped, failure] = std::from_chars(text.data() + end + 1, last, authority.port);
  if (text[end] != ':' || failure != std::errc() || stopped != last || authority.port > 65535) return bad;
  return authority;
}

std::string Url::hostField() const {
  if (!socket.empty()) return "localhost";
  bool usual = authority.port == (encrypted ? 443u : 80u);
  return usual ? authority.inUrl() : fmt::format("{}:{}", authority.inUrl(), authority.port);
}

std::string Url::origin() const {
  if (!socket.empty()) return std::string(kSocket) + socket;
  return std::string(encrypted ? kEncrypted : kPlain) + hostField();
}

Result<Url> parseUrl(std::string_view text) {
  Error bad = invalidInput("expected http(s)://HOST[:PORT]/PATH, found " + std::string(text),
                           "应为 http(s)://主机[:端口]/路径，实为 " + std::string(text));
  Url url;
  if (text.starts_with(kSocket)) {
    url.socket = text.substr(kSocket.size());
    if (!url.socket.starts_with('/')) return bad;
    return url;
  }
  url.encrypted = text.starts_with(kEncrypted);
  if (!url.encrypted && !text.starts_with(kPlain)) return bad;
  text.remove_prefix(url.encrypted ? kEncrypted.size() : kPlain.size());
  bool visible = std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!visible || text.find_first_of("#@\\") != text.npos) return bad;
  std::size_t end = std::min(text.find_first_of("/?"), text.size());
  auto authority = parseAuthority(text.substr(0, end), url.encrypted ? 443u : 80u);
  if (!authority.ok()) return bad;
  url.authority = std::move(*authority);
  if (end < text.size()) url.target = (text[end] == '?' ? "/" : "") + std::string(text.substr(end));
  return url;
}

}  // namespace pilotledger::http
