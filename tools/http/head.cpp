#include "tools/http/head.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <charconv>

#include "events/base/text.h"

namespace pilotledger::http {
namespace {

namespace beast = boost::beast;

constexpr std::array<std::string_view, 7> kMethods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
// Whoever reads the first of two, and whoever reads the last, would not see the same request.
constexpr std::array<std::string_view, 15> kOnce = {
    "Host",          "Content-Length", "Content-Type",   "Content-Encoding", "Authorization",
    "Cookie",        "Origin",         "Sec-Fetch-Site", "Expect",           "Last-Event-ID",
    "If-None-Match", "Referer",        "Range",          "User-Agent",       "Upgrade"};

Refusal badRequest(std::string en, std::string zh) { return {400, {std::move(en), std::move(zh)}}; }

bool isVisible(char c) { return c > 0x20 && c < 0x7f; }
bool isToken(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
// Visible, blank, tab, or a byte of another alphabet.
bool isFieldText(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

// The lines of a head, checked for what parsers disagree about: ends of lines, folding, names.
std::optional<Refusal> checkLines(std::string_view bytes, const Limits& limits) {
  std::size_t fields = 0;
  bool first = true;
  while (!bytes.empty()) {
    std::size_t end = bytes.find("\r\n");
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 2);
    if (end == bytes.npos || !std::all_of(line.begin(), line.end(), isFieldText))
      return badRequest("a control character or a bare line feed in the header", "请求头含控制字符或孤立换行");
    if (std::exchange(first, false)) continue;  // the request line, which Beast and parseTarget() hold to its form
    if (line.empty())
      return bytes.empty() ? std::nullopt : std::optional(badRequest("bytes after the header", "请求头之后有多余字节"));
    if (++fields > limits.headerFields)
      return Refusal{431,
                     {fmt::format("more than {} header fields", limits.headerFields),
                      fmt::format("请求头字段超过 {} 个", limits.headerFields)}};
    std::string_view name = line.substr(0, line.find(':'));
    if (name.empty() || name.size() == line.size() || !std::all_of(name.begin(), name.end(), isToken))
      return badRequest("a header line is no NAME: VALUE (folded, or a blank before the colon)",
                        "请求头行不是“名称: 值”（折行或冒号前有空格）");
  }
  return badRequest("the header does not end", "请求头未结束");
}

std::optional<Refusal> checkFields(const Headers& headers) {
  if (countHeaders(headers, "Transfer-Encoding") > 0)
    return Refusal{
        411,
        {"a Transfer-Encoding is not taken: send a Content-Length", "不接受 Transfer-Encoding，请使用 Content-Length"}};
  for (std::string_view name : kOnce) {
    if (countHeaders(headers, name) > 1)
      return badRequest(fmt::format("more than one {}", name), fmt::format("{} 出现多次", name));
  }
  if (!findHeader(headers, "Host")) return badRequest("no Host", "缺少 Host");
  return std::nullopt;
}

std::optional<Refusal> takeLength(Head& head) {
  const std::string* length = head.request.header("Content-Length");
  if (!length) return std::nullopt;
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (length->empty() || length->size() > 10 || !std::all_of(length->begin(), length->end(), digit))
    return badRequest("Content-Length is not 1 to 10 digits", "Content-Length 应为 1 至 10 位数字");
  std::from_chars(length->data(), length->data() + length->size(), head.bodyBytes);
  return std::nullopt;
}

std::optional<Refusal> takeExpectation(Head& head) {
  const std::string* expects = head.request.header("Expect");
  if (!expects) return std::nullopt;
  if (!sameName(*expects, "100-continue"))
    return Refusal{417, {"only 100-continue may be expected", "Expect 仅可为 100-continue"}};
  head.expectsContinue = true;
  return std::nullopt;
}

bool hasConnectionToken(const Headers& headers, std::string_view token) {
  for (const Header& header : headers) {
    if (sameName(header.name, "Connection") && beast::http::token_list(header.value).exists(token)) return true;
  }
  return false;
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Percent-decoded once; nothing when an escape is none or the text is no text.
std::optional<std::string> decoded(std::string_view text, bool plusIsBlank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
      int low = high < 0 ? -1 : hexDigit(text[i + 2]);
      if (low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plusIsBlank && text[i] == '+' ? ' ' : text[i];
    }
  }
  if (!events::checkText(out).ok()) return std::nullopt;
  return out;
}

std::optional<Refusal> parsePath(std::string_view path, Request& request) {
  Refusal bad = badRequest("the path is not percent-encoded UTF-8 without control characters and dot segments",
                           "路径应为百分号编码的 UTF-8，且不含控制字符与“.”“..”段");
  for (std::string_view rest = path.substr(1);;) {
    std::size_t slash = rest.find('/');
    auto segment = decoded(rest.substr(0, slash), false);
    if (!segment || *segment == "." || *segment == ".." || segment->find('\n') != segment->npos) return bad;
    request.path += '/' + *segment;
    request.segments.push_back(std::move(*segment));
    if (slash == rest.npos) return std::nullopt;
    rest.remove_prefix(slash + 1);
  }
}

std::optional<Refusal> parseQuery(std::string_view query, Request& request) {
  while (!query.empty()) {
    std::size_t end = query.find('&');
    std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == query.npos ? query.size() : end + 1);
    if (pair.empty()) continue;
    std::size_t equals = pair.find('=');
    auto name = decoded(pair.substr(0, equals), true);
    auto value = equals == pair.npos ? std::string() : decoded(pair.substr(equals + 1), true);
    if (!name || !value) return badRequest("the query is not percent-encoded UTF-8", "查询串应为百分号编码的 UTF-8");
    request.query.emplace_back(std::move(*name), std::move(*value));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> parseTarget(std::string_view target, Request& request) {
  if (!target.starts_with('/') || target.starts_with("//"))
    return badRequest("the target must begin with one '/'", "请求目标须以一个“/”开头");
  bool plain = std::all_of(target.begin(), target.end(), isVisible);
  if (!plain || target.find_first_of("#\\") != target.npos)
    return badRequest("the target is not visible ASCII, or has '#' or '\\'", "请求目标含非 ASCII 字符、“#”或“\\”");
  request.target = target;
  std::size_t mark = target.find('?');
  if (auto bad = parsePath(target.substr(0, mark), request)) return bad;
  return mark == target.npos ? std::nullopt : parseQuery(target.substr(mark + 1), request);
}

std::variant<Head, Refusal> parseHead(std::string_view bytes, const Limits& limits) {
  if (auto bad = checkLines(bytes, limits)) return *bad;
  beast::http::request_parser<beast::http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits.headerBytes));
  parser.body_limit(boost::none);
  parser.eager(false);
  beast::error_code failure;
  std::size_t used = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), failure);
  if (failure || used != bytes.size() || !parser.is_header_done())
    return badRequest("this is no request of HTTP/1.1", "不是有效的 HTTP/1.1 请求");
  const auto& message = parser.get();
  Head head;
  head.request.method = std::string(message.method_string());
  if (std::find(kMethods.begin(), kMethods.end(), head.request.method) == kMethods.end())
    return Refusal{405, {"this method is not known", "未知的请求方法"}};
  for (const auto& field : message)
    head.request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  if (message.target().size() > limits.targetBytes)
    return Refusal{414,
                   {fmt::format("the target is longer than {} bytes", limits.targetBytes),
                    fmt::format("请求目标超过 {} 字节", limits.targetBytes)}};
  if (auto bad = parseTarget(std::string_view(message.target().data(), message.target().size()), head.request))
    return *bad;
  if (auto bad = checkFields(head.request.headers)) return *bad;
  if (auto bad = takeLength(head)) return *bad;
  if (auto bad = takeExpectation(head)) return *bad;
  if (parser.content_length().value_or(0) != head.bodyBytes)
    return badRequest("Content-Length reads two ways", "Content-Length 有歧义");
  head.chunks = message.version() >= 11;
  head.keepAlive = head.chunks && !hasConnectionToken(head.request.headers, "close");
  head.request.headOnly = head.request.method == "HEAD";
  if (head.request.headOnly) head.request.method = "GET";
  return head;
}

bool isHostAllowed(std::string_view host, const std::vector<std::string>& hosts) {
  std::size_t colon = host.rfind(':');
  bool hasPort = colon != host.npos && host.find(']', colon) == host.npos;
  std::string_view name = hasPort ? host.substr(0, colon) : host;
  return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& allowed) {
    return allowed == "*" || sameName(allowed, host) || sameName(allowed, name);
  });
}

}  // namespace pilotledger::http
