// Members of JSON that others wrote: nothing is thrown for what is missing or of another type.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace pilotledger::service {

using Json = nlohmann::ordered_json;

// Null when there is none, whatever `json` is.
inline Json memberOf(const Json& json, std::string_view name) {
  auto found = json.find(name);
  return json.is_object() && found != json.end() ? *found : Json();
}

// Empty when there is none or it is no text.
inline std::string textOf(const Json& json, std::string_view name) {
  Json member = memberOf(json, name);
  return member.is_string() ? member.get<std::string>() : "";
}

}  // namespace pilotledger::service
