// What every answer has in common: the one shape of errors, where an answer stands in the log and for whom it is,
// entity tags, pages.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/model/read_model.h"
#include "tools/http/message.h"

namespace pilotledger::server {

using Json = nlohmann::ordered_json;

http::Response jsonAnswer(const Json& body, unsigned status = 200);
http::Response bytesAnswer(std::string bytes, std::string_view mediaType);
// attachment; the name in both forms of RFC 6266.
http::Header attachment(std::string_view fileName);

// A whole report as a file to keep: csv, xlsx, html, zip, json. It holds no script, and what others wrote in it must
// not become one.
http::Response reportFile(std::string bytes, std::string_view name, std::string_view format);

// {"error":…,"status":…,"exit":…,"message":…,"messageZh":…,"request_id":…} and what else the error says.
http::Response errorAnswer(const Error& error, const std::string& requestId);
// The same for what HTTP alone can be wrong about: 401, 405, 411, 413, 414, 415, 421, 429, 431; others by their class.
http::Response refusal(unsigned status, const Message& why, const std::string& requestId);

// {"asked":…,"on":…,"until":…}: on which clock and day the answer stands.
Json asOfJson(const query::AsOf& at);

// A strong tag of what an answer follows from.
std::string etagOf(std::string_view seed);
// The client has that one (If-None-Match).
bool hasTag(const http::Request& request, std::string_view etag);
http::Response notModified(const std::string& etag);

// Where the next page begins. It holds the position, so that pages of one list are of one state of the log.
struct Cursor {
  std::uint64_t position = 0;
  std::uint64_t after = 0;  // what was given last
  std::uint64_t limit = 0;
  std::string question;  // hash of all that was asked, and for whom

  std::string text() const;
  // InvalidInput for what is none, and for one of another question.
  static Result<Cursor> parse(const std::string& text, const std::string& question);
};
std::string questionHash(std::string_view question);

enum class Caching {
  Never,      // no-store
  Private,    // kept by its reader, asked again
  Public,     // kept by anyone, asked again
  Immutable,  // for ever
  Minutes,    // for a few minutes
};
http::Header cacheControl(Caching caching);

}  // namespace pilotledger::server
