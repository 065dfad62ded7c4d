#include "tools/server/call.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "events/json.h"
#include "ledger/crypto/encoding.h"

namespace pilotledger::server {

std::string Call::get(std::string_view name) const {
  if (auto value = query.find(name); value != query.end()) return value->second;
  auto value = path.find(name);
  return value == path.end() ? "" : value->second;
}

std::uint64_t Call::number(std::string_view name, std::uint64_t otherwise) const {
  std::string text = get(name);
  std::uint64_t value = otherwise;
  if (!text.empty()) std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Language Call::language() const {
  std::string lang = get("lang");
  if (lang.empty()) {
    if (const std::string* accepted = request.header("Accept-Language")) lang = *accepted;
  }
  return lang.starts_with("zh") ? Language::Chinese : Language::English;
}

std::string Call::rights() const {
  return reader.scope.starts_with("party:") ? fmt::format("{}@{}/{}", reader.scope, snapshot->size(), today)
                                            : reader.scope;
}

std::string Call::question() const {
  std::string text = fmt::format("{} {}\n{}\n", route.method, request.path, reader.scope);
  for (const auto& [name, value] : query) {
    if (name != "cursor" && name != "limit") text += fmt::format("{}={}\n", name, value);
  }
  return text;
}

Result<Cursor> Call::cursor(std::uint64_t newest, std::uint64_t limit) const {
  std::string hash = questionHash(question());
  if (!has("cursor")) return Cursor{newest, 0, number("limit", limit), hash};
  PL_TRY(Cursor given, Cursor::parse(get("cursor"), hash));
  if (given.position > snapshot->size() || given.limit == 0 || given.limit > 1000)
    return invalidInput("cursor: not of this ledger", "cursor：不属于本账本");
  if (has("limit") && number("limit", 0) != given.limit) {
    return invalidInput(fmt::format("limit: the cursor goes on with {}; leave limit out", given.limit),
                        fmt::format("limit：游标沿用每页 {}，请去掉 limit", given.limit));
  }
  return given;
}

Result<Json> Call::envelope(std::uint64_t position, std::vector<std::string> withheld) {
  PL_TRY(Digest root, ledger().rootAt(position));
  noted.position = position;
  Json json = {{"position", position}, {"root", crypto::toBase64(root)}, {"reader", reader.scope}};
  json["withheld"] = withheld;
  json["as_of"] = {{"asked", get("as_of")}};
  noted.withheld = std::move(withheld);
  return json;
}

http::Answer Call::tagged(http::Response response) const {
  std::string etag = etagOf(std::string(response.body.view()) + rights());
  http::Response answer = hasTag(request, etag) ? notModified(etag) : std::move(response);
  if (answer.status == 200) answer.headers.push_back({"ETag", etag});
  answer.headers.push_back(cacheControl(caching()));
  answer.headers.push_back({"Vary", "Cookie, Authorization, Accept-Language"});
  return answer;
}

Result<Json> objectOf(const Call& call, std::initializer_list<std::string_view> members) {
  PL_TRY(Json json, events::parseJson(call.request.body.view()));
  if (!json.is_object()) return invalidInput("expected a JSON object", "应为 JSON 对象");
  for (const auto& [name, value] : json.items()) {
    if (std::find(members.begin(), members.end(), name) == members.end())
      return invalidInput(fmt::format("unknown member '{}'; expected {}", name, fmt::join(members, ", ")),
                          fmt::format("未知成员“{}”；应为 {}", name, fmt::join(members, "、")));
  }
  return json;
}

Result<std::string> textMember(const Json& json, std::string_view name) {
  auto member = json.find(name);
  if (member != json.end() && member->is_string()) return member->get<std::string>();
  return invalidInput(fmt::format("{}: expected a text", name), fmt::format("{}：应为文本", name));
}

}  // namespace pilotledger::server
