#include "tools/http/client.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "events/base/temporary_directory.h"
#include "tools/http/raw_client.h"
#include "tools/http/server.h"
#include "tools/http/server_fixture.h"

namespace pilotledger::http {
namespace {

using std::chrono::milliseconds;

// What went wrong; nothing when there was an answer.
std::optional<ErrorCode> failureOf(const Result<Response>& result) {
  return result.ok() ? std::nullopt : std::optional(result.error().code);
}
Answer echo(const Request& request) {
  if (request.path == "/long") return Response{200, {}, std::string(2000, 'x')};
  const std::string* type = request.header("Content-Type");
  return Response{request.path == "/none" ? 404u : 200u,
                  {{"Content-Type", type ? *type : "none"}},
                  fmt::format("{} {} {}", request.method, request.target, request.body.view())};
}
std::unique_ptr<Server> echoing(const std::function<void(Options&)>& change = {}) {
  Options options;
  options.listen = {"127.0.0.1:0"};
  if (change) change(options);
  auto started = Server::start(std::move(options), echo);
  EXPECT_TRUE(started.ok()) << started.error().message.en;
  return std::move(*started);
}

TEST(Client, AsksOverOneConnection) {
  auto server = echoing();
  auto client = Client::of(server->urls().front()).value();
  auto answer = client.call({"POST", "/a/b?c", {{"Content-Type", "text/x"}}, "hello"});
  ASSERT_TRUE(answer.ok()) << answer.error().message.en;
  EXPECT_EQ(answer->status, 200u);
  EXPECT_EQ(*findHeader(answer->headers, "content-type"), "text/x");
  EXPECT_EQ(answer->body.view(), "POST /a/b?c hello");
  EXPECT_EQ(client.call({"GET", "/none"})->status, 404u);
  EXPECT_EQ(client.call({"HEAD", "/"})->body.size(), 0u);
  EXPECT_EQ(client.call({"DELETE", "/"})->body.view(), "DELETE / ");
  std::string large((1u << 20) - 6, 'x');
  EXPECT_EQ(client.call({"PUT", "/", {}, large})->body.size(), large.size() + 6);
  EXPECT_EQ(server->counters().connections, 1u);
}

TEST(Client, ConnectsAnewWhenTheServerClosed) {
  auto server = echoing([](Options& options) { options.limits.keepAlive = milliseconds(100); });
  auto client = Client::of(server->urls().front()).value();
  for (const char* method : {"GET", "POST"}) {
    EXPECT_EQ(client.call({method, "/"})->status, 200u);
    std::this_thread::sleep_for(milliseconds(400));
  }
  EXPECT_EQ(client.call({"POST", "/"})->status, 200u);
  EXPECT_EQ(server->counters().connections, 3u);
}

TEST(Client, GivesUpInTimeAndInSize) {
  auto server = echoing();
  std::string url = server->urls().front();
  EXPECT_EQ(callOnce(url + "/long", {}, {"", milliseconds(5000), 2000})->body.size(), 2000u);
  EXPECT_EQ(failureOf(callOnce(url + "/long", {}, {"", milliseconds(5000), 1999})), ErrorCode::Unavailable);
  server->stop();
  EXPECT_EQ(failureOf(callOnce(url + "/x", {})), ErrorCode::Unavailable);
  // A listener that never answers.
  int silent = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(silent, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(silent, 1), 0);
  ::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size);
  url = fmt::format("127.0.0.1:{}/", ntohs(address.sin_port));
  for (const char* scheme : {"http://", "https://"}) {
    auto began = Clock::now();
    EXPECT_EQ(failureOf(callOnce(scheme + url, {}, {"", milliseconds(300)})), ErrorCode::Unavailable);
    EXPECT_LT(Clock::now() - began, std::chrono::seconds(10)) << scheme;
  }
  ::close(silent);
}

TEST(Client, RefusesWhatWouldBeAnotherRequest) {
  auto client = Client::of("http://127.0.0.1:1").value();
  EXPECT_EQ(failureOf(client.call({"GET", "/a b"})), ErrorCode::InvalidInput);
  EXPECT_EQ(failureOf(client.call({"GET", "a"})), ErrorCode::InvalidInput);
  EXPECT_EQ(failureOf(client.call({"GET", "/", {{"X", "a\r\nY: b"}}})), ErrorCode::InvalidInput);
  EXPECT_EQ(failureOf(client.call({"GET", "/", {{"X\r\n", "a"}}})), ErrorCode::InvalidInput);
}

// Certificates made on the spot; each name is its own authority.
class Tls : public testing::Test {
 protected:
  std::string file(const std::string& name) const { return (directory_.path() / name).string(); }
  void make(const std::string& name, const std::string& subject) const {
    std::string command = fmt::format(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout '{0}.key' -out "
        "'{0}.pem' -subj /CN={1} -addext subjectAltName=DNS:{1} 2>/dev/null",
        file(name), subject);
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  std::unique_ptr<Server> serve(const std::string& name) const {
    return echoing([&](Options& options) {
      options.listen = {"localhost:0"};
      options.certificate = file(name + ".pem");
      options.key = file(name + ".key");
    });
  }
  Result<Response> ask(const Server& server, const std::string& trusted, const std::string& host = "localhost") const {
    return callOnce(fmt::format("https://{}:{}/x", host, server.port()), {"GET"},
                    {trusted.empty() ? "" : file(trusted)});
  }

  TemporaryDirectory directory_ = TemporaryDirectory::make("tls").value();
};

TEST_F(Tls, OnlyTheNamedAndTrustedServerIsAsked) {
  make("a", "localhost");
  make("b", "localhost");
  make("c", "elsewhere");
  auto server = serve("a");
  auto answer = ask(*server, "a.pem");
  ASSERT_TRUE(answer.ok()) << answer.error().message.en;
  EXPECT_EQ(answer->body.view(), "GET /x ");
  EXPECT_EQ(server->urls().front(), fmt::format("https://localhost:{}", server->port()));
  EXPECT_EQ(failureOf(ask(*server, "b.pem")), ErrorCode::Unavailable) << "another authority";
  EXPECT_EQ(failureOf(ask(*server, "")), ErrorCode::Unavailable) << "the system's authorities know nothing of it";
  EXPECT_EQ(failureOf(ask(*server, "nowhere.pem")), ErrorCode::InvalidInput);
  EXPECT_EQ(failureOf(ask(*serve("c"), "c.pem")), ErrorCode::Unavailable) << "another name";
  EXPECT_EQ(failureOf(callOnce(fmt::format("http://localhost:{}/", server->port()), {"GET"})), ErrorCode::Unavailable);
  auto kept = Client::of(server->urls().front(), {file("a.pem")}).value();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(kept.call({"POST", "/", {}, std::string(100'000, 'x')})->body.size(), 100'007u);
  EXPECT_TRUE(eventually([&] { return server->counters().atWork == 0; }));
}

TEST_F(Tls, CertificatesAreRenewedWhileItRuns) {
  make("a", "localhost");
  make("b", "localhost");
  auto server = serve("a");
  auto kept = Client::of(server->urls().front(), {file("a.pem")}).value();
  EXPECT_EQ(kept.call({"GET", "/"})->status, 200u);
  std::filesystem::copy_file(file("b.pem"), file("a.pem"), std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(server->reloadCertificates().error().code, ErrorCode::InvalidInput) << "the key is not of this certificate";
  EXPECT_EQ(failureOf(ask(*server, "b.pem")), ErrorCode::Unavailable) << "the old one stays";
  std::filesystem::copy_file(file("b.key"), file("a.key"), std::filesystem::copy_options::overwrite_existing);
  ASSERT_TRUE(server->reloadCertificates().ok());
  EXPECT_TRUE(ask(*server, "b.pem").ok());
  EXPECT_EQ(kept.call({"GET", "/"})->status, 200u) << "who was connected stays";
}

TEST_F(Tls, OldVersionsAndSilenceAreRefused) {
  make("a", "localhost");
  auto server = echoing([&](Options& options) {
    options.certificate = file("a.pem");
    options.key = file("a.key");
    options.limits.header = milliseconds(300);
  });
  RawClient silent(server->port());
  EXPECT_TRUE(silent.isClosed());
  auto tried = [&](const char* version) {
    return std::system(
        fmt::format("openssl s_client {} -cipher ALL:@SECLEVEL=0 -connect 127.0.0.1:{} </dev/null >/dev/null 2>&1",
                    version, server->port())
            .c_str());
  };
  EXPECT_NE(tried("-tls1_1"), 0);
  EXPECT_EQ(tried("-tls1_2"), 0);
  EXPECT_EQ(tried("-tls1_3"), 0);
}

}  // namespace
}  // namespace pilotledger::http
