#include "tools/server/route.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "query/answer/definitions.h"

namespace pilotledger::server {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool isName(std::string_view part) { return part.starts_with('{'); }

// The value of each name; false where the path is another's.
bool matches(std::string_view pattern, const http::Request& request, Arguments& found) {
  if (pattern == "/") return request.path == pattern;
  std::vector<std::string_view> parts = split(pattern.substr(1), '/');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i >= request.segments.size()) return false;
    std::string_view part = parts[i];
    if (part.ends_with("…}")) {
      std::string rest;
      for (std::size_t j = i; j < request.segments.size(); ++j) rest += (rest.empty() ? "" : "/") + request.segments[j];
      found[std::string(part.substr(1, part.size() - 2 - std::string_view("…").size()))] = rest;
      return true;
    }
    if (isName(part)) {
      found[std::string(part.substr(1, part.size() - 2))] = request.segments[i];
    } else if (part != request.segments[i]) {
      return false;
    }
  }
  return parts.size() == request.segments.size();
}

Error badParameter(std::string_view name, const std::string& en, const std::string& zh) {
  return invalidInput(fmt::format("{}: {}", name, en), fmt::format("{}：{}", name, zh));
}

Status checkNumber(const Parameter& parameter, const std::string& value, std::uint64_t least, std::uint64_t most) {
  std::uint64_t number = 0;
  auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
  bool plain = failure == std::errc{} && end == value.data() + value.size() && !(value.size() > 1 && value[0] == '0');
  if (plain && number >= least && number <= most) return {};
  return badParameter(parameter.name, fmt::format("expected {}..{}, found '{}'", least, most, value),
                      fmt::format("应为 {} 至 {}，实为“{}”", least, most, value));
}

Status checkDay(const Parameter& parameter, const std::string& value) {
  auto day = events::parseCivilDate(value);
  if (day.ok()) return {};
  return std::move(day).error().within(std::string(parameter.name));
}

Status checkWord(const Parameter& parameter, const std::string& value) {
  auto words = split(parameter.words, '|');
  if (std::find(words.begin(), words.end(), value) != words.end()) return {};
  return badParameter(parameter.name, fmt::format("expected {}, found '{}'", fmt::join(words, ", "), value),
                      fmt::format("应为 {}，实为“{}”", fmt::join(words, "、"), value));
}

Status check(const Parameter& parameter, const std::string& value) {
  constexpr std::uint64_t kExact = 1ull << 53;
  constexpr std::size_t kLongest = 2000;
  if (value.empty()) return badParameter(parameter.name, "is empty; leave it out", "为空；请去掉该参数");
  if (value.size() > kLongest) {
    return badParameter(parameter.name, fmt::format("expected at most {} bytes", kLongest),
                        fmt::format("最多 {} 字节", kLongest));
  }
  bool digits = value.find_first_not_of("0123456789") == value.npos;
  switch (parameter.type) {
    case ParameterType::Any: return {};
    case ParameterType::Day: return checkDay(parameter, value);
    case ParameterType::Position: return digits ? checkNumber(parameter, value, 0, kExact) : checkDay(parameter, value);
    case ParameterType::Count: return checkNumber(parameter, value, 1, parameter.most);
    case ParameterType::Index: return checkNumber(parameter, value, 0, kExact);
    case ParameterType::Flag:
      return value == "1" ? Status() : Status(badParameter(parameter.name, "expected 1", "应为 1"));
    case ParameterType::Word: return checkWord(parameter, value);
  }
  return {};
}

bool isInPath(const Route& route, std::string_view name) {
  return route.path.find(fmt::format("{{{}}}", name)) != route.path.npos ||
         route.path.find(fmt::format("{{{}…}}", name)) != route.path.npos;
}

// The names that may stand in the query; for people to be told.
std::vector<std::string_view> namesOf(const Route& route, const query::Definition* view) {
  std::vector<std::string_view> names;
  for (const Parameter& parameter : route.parameters) {
    if (!isInPath(route, parameter.name)) names.push_back(parameter.name);
  }
  if (view != nullptr) {
    for (const auto& parameter : view->parameters) names.push_back(parameter.name);
  }
  return names;
}

Error unknownParameter(const std::string& name, const std::vector<std::string_view>& names) {
  std::string_view close = events::nearest(name, names);
  std::string all = names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
  std::string hint = close.empty() ? "" : fmt::format("; did you mean '{}'?", close);
  std::string hintZh = close.empty() ? "" : fmt::format("；是否为“{}”？", close);
  return invalidInput(fmt::format("unknown parameter '{}'{} It takes: {}", name, hint.empty() ? "." : hint, all),
                      fmt::format("未知参数“{}”{}；可用：{}", name, hintZh, names.empty() ? "无" : all));
}

}  // namespace

RouteFound findRoute(const http::Request& request) {
  RouteFound found;
  for (const Route& route : routes()) {
    Arguments path;
    if (!matches(route.path, request, path)) continue;
    if (route.method == request.method) return {&route, std::move(path), ""};
    found.allowed += (found.allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  return found;
}

Result<Arguments> readQuery(const Route& route, const http::Request& request) {
  Arguments arguments;
  const query::Definition* view = nullptr;
  if (route.ofView) {
    RouteFound found = findRoute(request);
    view = query::findView(found.path["name"]);
  }
  std::vector<std::string_view> names = namesOf(route, view);
  for (const auto& [name, value] : request.query) {
    // Of a view that is not there no parameter is known; that the view is not is said by who looks for it.
    bool unnamed = std::find(names.begin(), names.end(), name) == names.end();
    if (unnamed && !(route.ofView && view == nullptr)) return unknownParameter(name, names);
    if (!arguments.emplace(name, value).second) return badParameter(name, "is given twice", "重复给出");
    auto own = std::find_if(route.parameters.begin(), route.parameters.end(),
                            [&](const Parameter& parameter) { return parameter.name == name; });
    if (own != route.parameters.end()) {
      PL_CHECK(check(*own, value));
    } else if (value.empty()) {
      return badParameter(name, "is empty; leave it out", "为空；请去掉该参数");
    }
  }
  for (const Parameter& parameter : route.parameters) {
    if (parameter.required && !isInPath(route, parameter.name) && !arguments.contains(parameter.name))
      return badParameter(parameter.name, "is missing", "缺失");
  }
  return arguments;
}

Status checkPath(const Route& route, const Arguments& path) {
  for (const Parameter& parameter : route.parameters) {
    auto value = path.find(parameter.name);
    if (value != path.end()) PL_CHECK(check(parameter, value->second));
  }
  return {};
}

}  // namespace pilotledger::server
