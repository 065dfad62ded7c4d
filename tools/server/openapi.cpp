// The route table as an OpenAPI 3.1 document.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tools/server/embedded.h"
#include "tools/server/route.h"

namespace pilotledger::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kDescription =
    "Every answer stands at a position of the log and says so (position, root, as_of), for whom it is (reader) and "
    "what "
    "that reader may not see (withheld). Amounts and other 64-bit integers are strings of minor units; indexes and "
    "counts are numbers. Times are RFC 3339 UTC, days are civil days of UTC+8. A submission needs no log-in: its "
    "signatures are its right, and the ids of its events make sending it again harmless.";

Json reference(std::string_view schema) { return {{"$ref", fmt::format("#/components/schemas/{}", schema)}}; }

Json schemaOf(const Parameter& parameter) {
  switch (parameter.type) {
    case ParameterType::Any: return {{"type", "string"}, {"minLength", 1}, {"maxLength", 2000}};
    case ParameterType::Position:
      return {{"type", "string"}, {"pattern", "^(0|[1-9][0-9]*|[0-9]{4}-[0-9]{2}-[0-9]{2})$"}};
    case ParameterType::Day: return {{"type", "string"}, {"format", "date"}};
    case ParameterType::Count: return {{"type", "integer"}, {"minimum", 1}, {"maximum", parameter.most}};
    case ParameterType::Index: return {{"type", "integer"}, {"minimum", 0}, {"maximum", 1ll << 53}};
    case ParameterType::Flag: return {{"type", "string"}, {"const", "1"}};
    case ParameterType::Word: break;
  }
  Json words = Json::array();
  for (std::string_view rest = parameter.words; !rest.empty();) {
    std::size_t end = std::min(rest.find('|'), rest.size());
    words.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {{"type", "string"}, {"enum", std::move(words)}};
}

// "/tile/{name…}" is written without its mark.
std::string plainPath(std::string_view path) {
  std::string plain(path);
  constexpr std::string_view kMark = "…";
  if (std::size_t at = plain.find(kMark); at != plain.npos) plain.erase(at, kMark.size());
  return plain;
}

Json parametersOf(const Route& route) {
  Json parameters = Json::array();
  std::string path = plainPath(route.path);
  for (const Parameter& parameter : route.parameters) {
    bool inPath = path.find(fmt::format("{{{}}}", parameter.name)) != path.npos;
    Json one = {{"name", parameter.name},         {"in", inPath ? "path" : "query"},
                {"required", parameter.required}, {"description", parameter.meaning.en},
                {"x-zh", parameter.meaning.zh},   {"schema", schemaOf(parameter)}};
    parameters.push_back(std::move(one));
  }
  if (route.ofView) {
    parameters.push_back({{"name", "view"},
                          {"in", "query"},
                          {"description", "the view's own parameters, as /v1/views lists them"},
                          {"style", "form"},
                          {"explode", true},
                          {"schema", {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}}}});
  }
  return parameters;
}

Json contentOf(const Route& route) {
  Json content = Json::object();
  for (std::string_view rest = route.mediaTypes; !rest.empty();) {
    std::size_t end = std::min(rest.find(' '), rest.size());
    std::string type(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    bool json = type.ends_with("json");
    content[type] = {{"schema", json ? reference(route.schema) : Json({{"type", "string"}})}};
  }
  return content;
}

std::string_view successOf(const Route& route) {
  return route.method == "POST" && route.audience != Audience::Everyone ? "201"
         : route.operation == "logIn"                                   ? "201"
                                                                        : "200";
}

Json operationOf(const Route& route) {
  Json operation = {{"operationId", route.operation}, {"summary", route.summary.en}, {"x-zh", route.summary.zh}};
  Json parameters = parametersOf(route);
  if (!parameters.empty()) operation["parameters"] = std::move(parameters);
  if (route.bodyLimit > 0) {
    Json schema = route.bodySchema.empty() ? Json({{"type", "string"}}) : reference(route.bodySchema);
    operation["requestBody"] = {{"required", true},
                                {"description", fmt::format("at most {} bytes", route.bodyLimit)},
                                {"content", {{std::string(route.bodyType), {{"schema", std::move(schema)}}}}}};
  }
  operation["responses"][std::string(successOf(route))] = {{"description", route.summary.en},
                                                           {"content", contentOf(route)}};
  if (route.method == "GET" && route.path != "/live")
    operation["responses"]["304"] = {{"description", "unchanged since the ETag of If-None-Match"}};
  operation["responses"]["default"] = {{"$ref", "#/components/responses/Error"}};
  operation["security"] = Json::array();
  if (route.audience == Audience::Operator) return operation;
  if (route.audience == Audience::Everyone) operation["security"].push_back(Json::object());
  operation["security"].push_back({{"session", Json::array()}});
  if (route.audience != Audience::Session) operation["security"].push_back({{"token", Json::array()}});
  return operation;
}

}  // namespace

std::string openApi() {
  Json document = {{"openapi", "3.1.0"},
                   {"info", {{"title", "PilotLedger"}, {"version", "1"}, {"description", kDescription}}}};
  document["servers"] = {{{"url", "./"}}};
  for (const Route& route : routes()) {
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(c | 0x20);
    document["paths"][plainPath(route.path)][method] = operationOf(route);
  }
  document["components"]["schemas"] = Json::parse(embeddedSchemas());
  document["components"]["responses"]["Error"] = {
      {"description", "why not, in both languages"},
      {"content", {{"application/json", {{"schema", reference("Error")}}}}}};
  document["components"]["securitySchemes"] = {
      {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-pilotledger"}}},
      {"token", {{"type", "http"}, {"scheme", "bearer"}}}};
  return document.dump(1) + "\n";
}

}  // namespace pilotledger::server
