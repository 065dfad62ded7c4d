#include "tools/server/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "ledger/crypto/encoding.h"
#include "tools/http/client.h"
#include "tools/service/status.h"

namespace pilotledger::server {
namespace {

constexpr std::string_view kJsonType = "application/json";

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

http::Response problem(unsigned status, Json json, const std::string& requestId) {
  json["status"] = status;
  json["request_id"] = requestId;
  http::Response response = jsonAnswer(json, status);
  response.headers.push_back(cacheControl(Caching::Never));
  if (status == 503 || status == 429) response.headers.push_back({"Retry-After", status == 429 ? "60" : "5"});
  return response;
}

}  // namespace

http::Response jsonAnswer(const Json& body, unsigned status) {
  return {status, {{"Content-Type", std::string(kJsonType)}}, dumped(body)};
}

http::Response bytesAnswer(std::string bytes, std::string_view mediaType) {
  return {200, {{"Content-Type", std::string(mediaType)}}, std::move(bytes)};
}

http::Header attachment(std::string_view fileName) {
  std::string ascii;
  for (char c : fileName) ascii += c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '%' ? '_' : c;
  return {"Content-Disposition",
          fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", ascii, http::percentEncoded(fileName))};
}

http::Response reportFile(std::string bytes, std::string_view name, std::string_view format) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"csv", "text/csv; charset=utf-8"},
      {"html", "text/html; charset=utf-8"},
      {"json", "application/json"},
      {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
      {"zip", "application/zip"}};
  auto type = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const auto& one) { return one.first == format; });
  PL_ASSERT(type != std::end(kTypes));
  http::Response response = bytesAnswer(std::move(bytes), type->second);
  response.headers.push_back(attachment(fmt::format("{}.{}", name, format)));
  response.headers.push_back(
      {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:"});
  return response;
}

http::Response errorAnswer(const Error& error, const std::string& requestId) {
  const service::StatusRow& row = service::statusOf(error.code);
  Json json = Json::parse(service::describeJson(error));
  json["exit"] = row.exit;
  return problem(static_cast<unsigned>(row.http), std::move(json), requestId);
}

http::Response refusal(unsigned status, const Message& why, const std::string& requestId) {
  const service::TransportRow& row = service::transportOf(static_cast<int>(status));
  Json json = {{"error", row.name}, {"message", why.en}};
  if (!why.zh.empty()) json["messageZh"] = why.zh;
  json["exit"] = row.exit;
  return problem(status, std::move(json), requestId);
}

Json asOfJson(const query::AsOf& at) {
  Json json = {{"asked", at.asked}, {"on", at.on}};
  if (at.onlyUntil) json["until"] = at.on;
  return json;
}

std::string etagOf(std::string_view seed) {
  Digest hash = crypto::hash(crypto::SuiteId::Ed25519Sha256, viewOf(seed));
  return fmt::format("\"{}\"", crypto::toHex(ByteView(hash.data(), 16)));
}

bool hasTag(const http::Request& request, std::string_view etag) {
  const std::string* held = request.header("If-None-Match");
  if (held == nullptr) return false;
  if (*held == "*") return true;
  std::string_view rest = *held;
  while (!rest.empty()) {
    std::size_t end = std::min(rest.find(','), rest.size());
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one.substr(0, one.find_last_not_of(' ') + 1) == etag) return true;
  }
  return false;
}

http::Response notModified(const std::string& etag) { return {304, {{"ETag", etag}}, {}}; }

std::string Cursor::text() const { return fmt::format("{}-{}-{}-{}", position, after, limit, question); }

Result<Cursor> Cursor::parse(const std::string& text, const std::string& question) {
  Cursor cursor;
  const char* at = text.data();
  const char* end = at + text.size();
  bool good = true;
  for (std::uint64_t* number : {&cursor.position, &cursor.after, &cursor.limit}) {
    auto [next, failure] = std::from_chars(at, end, *number);
    good = good && failure == std::errc{} && next != end && *next == '-';
    if (!good) break;
    at = next + 1;
  }
  if (good) cursor.question = std::string(at, end);
  if (!good || cursor.question != question || cursor.text() != text) {
    return invalidInput("cursor: it belongs to another question or another reader; ask again without it",
                        "cursor：属于另一查询或另一读者，请去掉后重新查询");
  }
  return cursor;
}

std::string questionHash(std::string_view question) {
  Digest hash = crypto::hash(crypto::SuiteId::Ed25519Sha256, viewOf(question));
  return crypto::toHex(ByteView(hash.data(), 8));
}

http::Header cacheControl(Caching caching) {
  switch (caching) {
    case Caching::Never: return {"Cache-Control", "no-store"};
    case Caching::Private: return {"Cache-Control", "private, no-cache"};
    case Caching::Public: return {"Cache-Control", "public, no-cache"};
    case Caching::Immutable: return {"Cache-Control", "public, max-age=31536000, immutable"};
    case Caching::Minutes: return {"Cache-Control", "public, max-age=300"};
  }
  return {"Cache-Control", "no-store"};
}

}  // namespace pilotledger::server
