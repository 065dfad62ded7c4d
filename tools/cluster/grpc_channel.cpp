#include "tools/cluster/grpc_channel.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

namespace pilotledger::cluster {
namespace {

constexpr std::size_t kMostAnswerBytes = std::size_t{8} << 20;
constexpr std::size_t kMostMessageBytes = 1024;  // of the server's words

// One request on its way, and what came back.
struct Exchange {
  std::string_view rest;  // of the request
  std::string body;
  std::optional<int> status;
  std::string message;
};

std::size_t sendSome(char* to, std::size_t size, std::size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  const std::size_t sent = std::min(size * count, exchange.rest.size());
  std::memcpy(to, exchange.rest.data(), sent);
  exchange.rest.remove_prefix(sent);
  return sent;
}

std::size_t takeSome(char* from, std::size_t size, std::size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  if (exchange.body.size() + size * count > kMostAnswerBytes) return 0;  // ends the call
  exchange.body.append(from, size * count);
  return size * count;
}

// "grpc-message" is percent-encoded UTF-8.
std::string percentDecoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        std::from_chars(&text[i + 1], &text[i + 1] + 2, byte, 16).ptr == &text[i + 1] + 2;
    decoded += escape ? static_cast<char>(byte) : text[i];
    if (escape) i += 2;
  }
  return decoded;
}

// Fields of the header and of the trailer alike: where there is nothing but an error, it stands in the header.
std::size_t takeField(char* from, std::size_t size, std::size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  std::string_view line(from, size * count);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n' || line.back() == ' ')) line.remove_suffix(1);
  const std::size_t colon = line.find(':');
  if (colon == line.npos) return size * count;
  const std::string_view name = line.substr(0, colon);
  std::string_view value = line.substr(colon + 1);
  while (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "grpc-status") {
    int status = -1;
    auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), status);
    exchange.status = failure == std::errc() && end == value.data() + value.size() && status >= 0 ? status : 2;
  }
  if (name == "grpc-message") exchange.message = percentDecoded(value.substr(0, kMostMessageBytes));
  return size * count;
}

// Of these it is known that no connection stood, so that nothing can have been sent.
bool isBeforeSending(CURLcode code) {
  return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT || code == CURLE_SSL_CONNECT_ERROR ||
         code == CURLE_SSL_CERTPROBLEM || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
         code == CURLE_SSL_CIPHER || code == CURLE_URL_MALFORMAT;
}

struct EndHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct EndList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Fields = std::unique_ptr<curl_slist, EndList>;

// No "Expect: 100-continue": the answer to it would be waited for before anything is sent.
Fields fieldsOf(std::chrono::milliseconds deadline) {
  Fields fields;
  for (const std::string& line : {std::string("Content-Type: application/grpc"), std::string("TE: trailers"),
                                  std::string("Expect:"), fmt::format("grpc-timeout: {}m", deadline.count())}) {
    curl_slist* longer = curl_slist_append(fields.get(), line.c_str());
    if (longer == nullptr) return nullptr;
    static_cast<void>(fields.release());
    fields.reset(longer);
  }
  return fields;
}

class CurlChannel final : public GrpcChannel {
 public:
  explicit CurlChannel(CURL* handle) : handle_(handle) {}

  bool prepare(const TlsFiles& files) {
    return set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_2TLS}) && set(CURLOPT_PROTOCOLS_STR, "https") &&
           set(CURLOPT_PROXY, "") && set(CURLOPT_NOSIGNAL, 1L) && set(CURLOPT_FOLLOWLOCATION, 0L) &&
           set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2}) && set(CURLOPT_SSL_VERIFYPEER, 1L) &&
           set(CURLOPT_SSL_VERIFYHOST, 2L) && set(CURLOPT_CAPATH, static_cast<char*>(nullptr)) &&
           set(CURLOPT_CAINFO, files.authorities.c_str()) && set(CURLOPT_SSLCERT, files.certificate.c_str()) &&
           set(CURLOPT_SSLKEY, files.key.c_str()) && set(CURLOPT_POST, 1L) && set(CURLOPT_ERRORBUFFER, trouble_) &&
           // Without a function that goes back in the body libcurl cannot send a request twice.
           set(CURLOPT_READFUNCTION, &sendSome) && set(CURLOPT_WRITEFUNCTION, &takeSome) &&
           set(CURLOPT_HEADERFUNCTION, &takeField) && set(CURLOPT_UPLOAD_BUFFERSIZE, 512L << 10);
  }

  GrpcAnswer call(const std::string& url, std::string_view request, std::chrono::milliseconds deadline) override {
    Exchange exchange;
    exchange.rest = request;
    trouble_[0] = '\0';
    const Fields fields = fieldsOf(deadline);
    const bool ready = fields && set(CURLOPT_URL, url.c_str()) && set(CURLOPT_HTTPHEADER, fields.get()) &&
                       set(CURLOPT_TIMEOUT_MS, static_cast<long>(deadline.count())) &&
                       set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.size())) &&
                       set(CURLOPT_READDATA, &exchange) && set(CURLOPT_WRITEDATA, &exchange) &&
                       set(CURLOPT_HEADERDATA, &exchange);
    if (!ready) return {GrpcAnswer::Fate::NotSent, 0, "libcurl", {}};
    const CURLcode code = curl_easy_perform(handle_.get());
    set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    return answerOf(code, exchange);
  }

 private:
  template <typename Value>
  bool set(CURLoption option, Value value) {
    return curl_easy_setopt(handle_.get(), option, value) == CURLE_OK;
  }

  GrpcAnswer answerOf(CURLcode code, Exchange& exchange) {
    long http = 0, version = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &http);
    curl_easy_getinfo(handle_.get(), CURLINFO_HTTP_VERSION, &version);
    const bool isGrpc = http == 200 && version == CURL_HTTP_VERSION_2_0 && exchange.status;
    // A server that has refused may end the stream before it has read all of the request.
    if (isGrpc && (code == CURLE_OK || *exchange.status != 0))
      return {GrpcAnswer::Fate::Answered, *exchange.status, std::move(exchange.message), std::move(exchange.body)};
    if (isBeforeSending(code)) return {GrpcAnswer::Fate::NotSent, 0, wordsOf(code), {}};
    const bool isOther = code == CURLE_OK || (http != 0 && http != 200);
    return {GrpcAnswer::Fate::Unknown, 0, isOther ? fmt::format("HTTP {}, not gRPC", http) : wordsOf(code), {}};
  }

  std::string wordsOf(CURLcode code) const { return trouble_[0] != '\0' ? trouble_ : curl_easy_strerror(code); }

  char trouble_[CURL_ERROR_SIZE] = {};
  std::unique_ptr<CURL, EndHandle> handle_;  // goes before what it points to
};

}  // namespace

Result<std::unique_ptr<GrpcChannel>> GrpcChannel::make(const TlsFiles& files) {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  auto channel = std::make_unique<CurlChannel>(ready ? curl_easy_init() : nullptr);
  if (!ready || !channel->prepare(files)) {
    return makeError(ErrorCode::Unavailable, "libcurl does not do HTTP/2 over TLS here",
                     "本机 libcurl 不支持基于 TLS 的 HTTP/2");
  }
  return std::unique_ptr<GrpcChannel>(std::move(channel));
}

}  // namespace pilotledger::cluster
