#include "tools/http/head.h"

#include <gtest/gtest.h>

#include "tools/http/client.h"
#include "tools/http/url.h"

namespace pilotledger::http {
namespace {

// 0: it is taken; else the status of its refusal.
unsigned statusOf(const std::string& lines) {
  auto parsed = parseHead(lines + "\r\n", Limits());
  auto* refusal = std::get_if<Refusal>(&parsed);
  if (!refusal) return 0;
  EXPECT_FALSE(refusal->why.en.empty() || refusal->why.zh.empty()) << lines;
  return refusal->status;
}
const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n";
const std::string kPost = "POST / HTTP/1.1\r\nHost: a\r\n";

TEST(Head, OnlyWhatEveryParserReadsAlikeIsTaken) {
  EXPECT_EQ(statusOf(kGet), 0u);
  EXPECT_EQ(statusOf(kPost + "Content-Length: 5\r\n"), 0u);
  EXPECT_EQ(statusOf(kGet + "X-Name: 甲\tb\r\nAccept: a\r\naccept: b\r\n"), 0u);
  EXPECT_EQ(statusOf("GET / HTTP/1.0\r\nHost: a\r\n"), 0u);
  const std::pair<std::string, unsigned> odd[] = {
      {kPost + "Content-Length: 5\r\nContent-Length: 5\r\n", 400},
      {kPost + "Content-Length: 5\r\nContent-Length: 6\r\n", 400},
      {kPost + "Content-Length: 5, 5\r\n", 400},
      {kPost + "Content-Length: -1\r\n", 400},
      {kPost + "Content-Length: +1\r\n", 400},
      {kPost + "Content-Length: 0x1\r\n", 400},
      {kPost + "Content-Length: 1 1\r\n", 400},
      {kPost + "Content-Length:\r\n", 400},
      {kPost + "Content-Length: 12345678901\r\n", 400},
      {kPost + "Content-Length: 18446744073709551617\r\n", 400},
      {kPost + "Transfer-Encoding: chunked\r\n", 411},
      {kPost + "Transfer-Encoding: identity\r\n", 411},
      {kPost + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400},
      {kPost + "Content-Length : 5\r\n", 400},
      {kPost + "Content-Length\t: 5\r\n", 400},
      {kGet + "X: a\r\n b\r\n", 400},
      {kGet + "X: a\r\n\tb\r\n", 400},
      {kGet + "X: a\nY: b\r\n", 400},
      {kGet + "X: a\rY: b\r\n", 400},
      {kGet + std::string("X: a\0b\r\n", 8), 400},
      {kGet + "X: a\x7f\r\n", 400},
      {kGet + ": a\r\n", 400},
      {kGet + "no colon\r\n", 400},
      {kGet + "X Y: a\r\n", 400},
      {"GET / HTTP/1.1\r\n", 400},
      {kGet + "Host: b\r\n", 400},
      {kGet + "Host: a\r\n", 400},
      {kGet + "Authorization: a\r\nAuthorization: b\r\n", 400},
      {kGet + "Cookie: a=1\r\ncookie: a=2\r\n", 400},
      {kGet + "Expect: tea\r\n", 417},
      {"GET http://evil/ HTTP/1.1\r\nHost: a\r\n", 400},
      {"GET //evil/ HTTP/1.1\r\nHost: a\r\n", 400},
      {"GET \\evil HTTP/1.1\r\nHost: a\r\n", 400},
      {"OPTIONS * HTTP/1.1\r\nHost: a\r\n", 400},
      {"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n", 405},
      {"TRACE / HTTP/1.1\r\nHost: a\r\n", 405},
      {"BREW / HTTP/1.1\r\nHost: a\r\n", 405},
      {"GET / HTTP/2.0\r\nHost: a\r\n", 400},
      {"GET / HTTP/1.11\r\nHost: a\r\n", 400},
      {"GET /\r\nHost: a\r\n", 400},
      {"GET  / HTTP/1.1\r\nHost: a\r\n", 400},
      {"GET / x HTTP/1.1\r\nHost: a\r\n", 400},
      {"\r\nGET / HTTP/1.1\r\nHost: a\r\n", 400},
      {" GET / HTTP/1.1\r\nHost: a\r\n", 400},
      {"GET /\x01 HTTP/1.1\r\nHost: a\r\n", 400},
      {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n", 414},
  };
  for (const auto& [lines, status] : odd) EXPECT_EQ(statusOf(lines), status) << lines.substr(0, 100);
  std::string many = kGet;
  for (int i = 0; i < 99; ++i) many += "X: a\r\n";
  EXPECT_EQ(statusOf(many), 0u);
  EXPECT_EQ(statusOf(many + "X: a\r\n"), 431u);
}

TEST(Head, SaysWhatTheConnectionDoes) {
  auto head = [](const std::string& lines) { return std::get<Head>(parseHead(lines + "\r\n", Limits())); };
  EXPECT_TRUE(head(kGet).keepAlive);
  EXPECT_FALSE(head(kGet + "Connection: x, Close\r\n").keepAlive);
  EXPECT_FALSE(head("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n").keepAlive);
  EXPECT_FALSE(head("GET / HTTP/1.0\r\nHost: a\r\n").chunks);
  EXPECT_TRUE(head(kPost + "Content-Length: 5\r\nExpect: 100-Continue\r\n").expectsContinue);
  EXPECT_EQ(head(kPost + "Content-Length: 1234567890\r\n").bodyBytes, 1234567890u);
  Head asked = head("HEAD /x HTTP/1.1\r\nHost: a\r\nETag: 1\r\n");
  EXPECT_TRUE(asked.request.headOnly);
  EXPECT_EQ(asked.request.method, "GET");
  EXPECT_EQ(*asked.request.header("etag"), "1");
  EXPECT_EQ(asked.request.header("tag"), nullptr);
}

TEST(Target, IsDecodedOnce) {
  Request request;
  ASSERT_FALSE(parseTarget("/v1/a%2Fb/%E7%94%B2/%252e?x=1+2&y=%2B%26&z&x=%0A", request));
  EXPECT_EQ(request.path, "/v1/a/b/甲/%2e");
  EXPECT_EQ(request.segments, (std::vector<std::string>{"v1", "a/b", "甲", "%2e"}));
  std::vector<std::pair<std::string, std::string>> query{{"x", "1 2"}, {"y", "+&"}, {"z", ""}, {"x", "\n"}};
  EXPECT_EQ(request.query, query);
  for (const char* bad : {"", "a", "//a", "/%", "/%2", "/%zz", "/%00", "/%0a", "/%ff", "/a/../b", "/a/%2e%2e/b", "/.",
                          "/a#b", "/a\\b", "/?a=%ff", "/?%00", "/?a=%", "/\xe7\x94\xb2", "/%e2%80%ae"}) {
    Request none;
    EXPECT_TRUE(parseTarget(bad, none)) << bad;
  }
}

TEST(Host, IsOneOfAList) {
  const std::vector<std::string> hosts = {"ledger.example", "127.0.0.1", "[::1]", "other:8443"};
  for (const char* good : {"ledger.example", "LEDGER.example:443", "127.0.0.1:1", "[::1]", "[::1]:80", "other:8443"})
    EXPECT_TRUE(isHostAllowed(good, hosts)) << good;
  for (const char* bad :
       {"", "evil", "ledger.example.evil", "other", "other:1", "::1", "ledger.example:", "a:127.0.0.1"})
    EXPECT_FALSE(isHostAllowed(bad, {"ledger.example.", "other:8443"})) << bad;
  EXPECT_FALSE(isHostAllowed("evil", hosts));
  EXPECT_TRUE(isHostAllowed("evil", {"*"}));
}

TEST(Url, IsTakenInOneForm) {
  EXPECT_EQ(parseUrl("http://a:81/b?c")->target, "/b?c");
  EXPECT_EQ(parseUrl("https://a")->authority.port, 443u);
  EXPECT_EQ(parseUrl("https://a:443/")->origin(), "https://a");
  EXPECT_EQ(parseUrl("http://[::1]:8080?x")->target, "/?x");
  EXPECT_EQ(parseUrl("http://[::1]:8080")->hostField(), "[::1]:8080");
  EXPECT_EQ(parseUrl("unix:/run/a")->socket, "/run/a");
  for (const char* bad :
       {"", "http://", "https:///x", "ftp://a/", "http://a b/", "http://u@a/", "http://a#b", "http://a:", "http://a:b",
        "http://a:99999", "http://[::1", "http://[a]", "unix:x", "http://a\\b", "//a"})
    EXPECT_EQ(parseUrl(bad).error().code, ErrorCode::InvalidInput) << bad;
  EXPECT_EQ(percentEncoded("a/甲 +"), "a%2F%E7%94%B2%20%2B");
}

}  // namespace
}  // namespace pilotledger::http
