// The page that people see, as it lies in the program: the same for everyone.
#include <algorithm>

#include "tools/server/call.h"
#include "tools/web/page.h"

namespace pilotledger::server {
namespace {

// Scripts and styles of ours alone, none of them in the page's own text, and nothing from or to elsewhere.
constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri "
    "'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

// What the client takes, without a weight of zero.
bool takesGzip(const http::Request& request) {
  const std::string* header = request.header("Accept-Encoding");
  std::string_view rest = header == nullptr ? std::string_view() : *header;
  while (!rest.empty()) {
    std::size_t end = std::min(rest.find(','), rest.size());
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one == "gzip" || (one.starts_with("gzip;") && !one.ends_with("=0"))) return true;
  }
  return false;
}

http::Answer pageFile(const Call& call, const web::PageFile& file, Caching caching) {
  std::string etag = etagOf(file.body);
  http::Response response;
  if (hasTag(call.request, etag)) {
    response = notModified(etag);
  } else {
    bool packed = takesGzip(call.request);
    response = bytesAnswer(std::string(packed ? file.gzip : file.body), file.mediaType);
    response.headers.push_back({"ETag", etag});
    if (packed) response.headers.push_back({"Content-Encoding", "gzip"});
  }
  response.headers.push_back(cacheControl(caching));
  response.headers.push_back({"Vary", "Accept-Encoding"});
  for (auto [name, value] : {std::pair("Content-Security-Policy", kPagePolicy),
                             {"X-Content-Type-Options", "nosniff"},
                             {"Referrer-Policy", "no-referrer"},
                             {"Cross-Origin-Opener-Policy", "same-origin"}})
    response.headers.push_back({name, std::string(value)});
  return response;
}

}  // namespace

Answered answerPage(Call& call) { return pageFile(call, web::pageFiles().front(), Caching::Public); }

Answered answerPageFile(Call& call) {
  std::string name = call.get("name");
  auto files = web::pageFiles();
  auto file = std::find_if(files.begin() + 1, files.end(), [&](const web::PageFile& one) { return one.name == name; });
  if (file == files.end())
    return makeError(ErrorCode::NotFound, "the page has no such part; load it anew", "页面没有该部分，请重新载入");
  http::Answer answer = pageFile(call, *file, Caching::Immutable);
  // The verifier for use from disk is kept, not shown here: its scripts stand inside it.
  if (file->mediaType.starts_with("text/html")) std::get<http::Response>(answer).headers.push_back(attachment(name));
  return answer;
}

}  // namespace pilotledger::server
