// One row a route: from this table come routing, the checks of parameters, who may ask, /openapi.json, and from that
// the reference in README.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "events/base/result.h"
#include "tools/http/message.h"

namespace pilotledger::server {

struct Call;

// What a route gives: an answer, or why there is none.
struct Answered : Result<http::Answer> {
  using Result<http::Answer>::Result;
  Answered(http::Response response) : Result(http::Answer(std::move(response))) {}
  Answered(http::StreamedResponse response) : Result(http::Answer(std::move(response))) {}
};

struct Text {
  std::string_view en;
  std::string_view zh;
};

enum class ParameterType {
  Any,       // taken as it is
  Position,  // an entry index or YYYY-MM-DD
  Day,       // YYYY-MM-DD
  Count,     // 1..`most`
  Index,     // 0..2^53
  Flag,      // 1
  Word,      // one of `words`, separated by |
};

struct Parameter {
  std::string_view name;
  ParameterType type = ParameterType::Any;
  Text meaning;
  std::string_view words = "";
  std::uint64_t most = 1000;
  bool required = false;
};

enum class Audience {
  Everyone,  // each sees what the ledger's rules let him see
  LoggedIn,  // by a session or a token
  Session,   // logged in by a session; no token
  Operator,  // whoever runs the server, on its Unix socket; for all others the address is none
};

enum class Changes { Nothing, State };  // State: by a browser only from this server's own pages

struct Route {
  std::string_view method;
  std::string_view path;  // "/v1/entries/{index}"; "{path…}" takes all that follows
  std::string_view operation;
  Text summary;
  std::span<const Parameter> parameters;  // of the query and, named in `path`, of the path
  bool ofView = false;                    // the parameters of the view {name} too
  std::string_view mediaTypes;            // of the answer, separated by blanks
  std::string_view schema;                // of a JSON answer: a name in schemas.json
  Audience audience = Audience::Everyone;
  Changes changes = Changes::Nothing;
  std::uint64_t bodyLimit = 0;  // 0: none is taken
  std::string_view bodyType = "";
  std::string_view bodySchema = "";  // of a JSON body
  std::chrono::seconds time{10};
  Answered (*handle)(Call& call) = nullptr;
};

std::span<const Route> routes();

using Arguments = std::map<std::string, std::string, std::less<>>;

// What a method and a path lead to.
struct RouteFound {
  const Route* route = nullptr;
  Arguments path;       // of the names in braces
  std::string allowed;  // when only the method is wrong: those that are right, "GET, POST"
};
RouteFound findRoute(const http::Request& request);

// The query's parameters, each once, known and in the form of its type. InvalidInput says what can be, and the nearest
// name to one that is unknown.
Result<Arguments> readQuery(const Route& route, const http::Request& request);
// The same for those of the path.
Status checkPath(const Route& route, const Arguments& path);

// OpenAPI 3.1, as kept in openapi.json; ends with a newline.
std::string openApi();

}  // namespace pilotledger::server
