// The server as it runs, over loopback: what it answers.
#include "tools/http/server.h"

#include <sys/stat.h>

#include "events/base/temporary_directory.h"
#include "tools/http/server_fixture.h"

namespace pilotledger::http {
namespace {

TEST(Server, RefusesWhatParsersReadDifferently) {
  Fixture fixture;
  auto server = serve(fixture);
  const std::string post = "POST /echo HTTP/1.1\r\nHost: localhost\r\n";
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const std::pair<std::string, const char*> odd[] = {
      {post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "400"},
      {post + "Content-Length: -1\r\n\r\n", "400"},
      {post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
      {post + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\nhello\r\n0\r\n\r\n", "411"},
      {post + "Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n", "411"},
      {post + "Content-Length : 5\r\n\r\nhello", "400"},
      {"GET /echo HTTP/1.1\nHost: localhost\n\n", "400"},
      {"GET /echo HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n", "400"},
      {std::string("GET /echo HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n", 47), "400"},
      {"GET /echo HTTP/1.1\r\n\r\n", "400"},
      {"GET /echo HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", "400"},
      {"GET http://evil/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"},
      {"GET /echo HTTP/1.1\r\nHost: evil\r\n\r\n", "421"},
      {"GET /echo HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(200'000, 'a') + "\r\n\r\n", "431"},
      {post + "Content-Length: 1048577\r\n\r\nhello", "413"},
      {"\x16\x03\x01\x02" + std::string(400, 'a') + "\n", "400"},
  };
  for (const auto& [request, status] : odd) {
    RawClient client(server->port());
    client.send(request + smuggled);
    std::string answer = client.receive();
    EXPECT_TRUE(answer.starts_with(std::string("HTTP/1.1 ") + status)) << request.substr(0, 120) << "\n" << answer;
    EXPECT_EQ(countOf(answer, "served"), 0u) << request.substr(0, 120);
    EXPECT_EQ(countOf(answer, "Connection: close"), 1u) << request.substr(0, 120);
  }
  std::string fields;
  for (int i = 0; i < 5000; ++i) fields += "X: a\r\n";
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
  EXPECT_TRUE(client.receive().starts_with("HTTP/1.1 431"));
  EXPECT_EQ(body(server, "/echo"), "served GET /echo 0");
  EXPECT_EQ(server->counters().badRequests, std::size(odd) + 1);
}

TEST(Server, KeepsConnectionsAndTakesPipelines) {
  Fixture fixture;
  auto server = serve(fixture);
  RawClient client(server->port());
  std::string post = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello";
  client.send(get("/echo/1") + post + get("/echo/2"));
  std::string answers = client.receive("/echo/2");
  EXPECT_LT(answers.find("served GET /echo/1 0"), answers.find("served POST /echo 5"));
  EXPECT_LT(answers.find("served POST /echo 5"), answers.find("served GET /echo/2"));
  client.send("HEAD /echo HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/echo/3"));
  answers = client.receive("/echo/3");
  EXPECT_EQ(countOf(answers, "served"), 1u) << "a HEAD has no body";
  EXPECT_NE(answers.find("Content-Length: 18"), answers.npos);
  client.send("GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(countOf(client.receive(), "served"), 1u);
  EXPECT_TRUE(client.isClosed());
  EXPECT_EQ(server->counters().connections, 1u);
}

TEST(Server, AsksForBodiesItTakes) {
  Fixture fixture;
  TemporaryDirectory spool = TemporaryDirectory::make("http").value();
  auto server = serve(fixture, [&](Options& options) {
    options.bodyLimit = [](const Request& request) { return request.path == "/big" ? 3u << 20 : 10u; };
    options.spoolDirectory = spool.path();
  });
  auto head = [](const char* path, std::size_t length) {
    return fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
                       path, length);
  };
  RawClient polite(server->port());
  polite.send(head("/echo", 5));
  EXPECT_EQ(polite.receive("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  polite.send("hello");
  EXPECT_NE(polite.receive("served").find("200 OK"), std::string::npos);
  RawClient refused(server->port());
  refused.send(head("/echo", 11));
  EXPECT_TRUE(refused.receive().starts_with("HTTP/1.1 413"));
  auto client = Client::of(server->urls().front()).value();
  std::string large(3u << 20, 'x');
  auto echoed = client.call({"POST", "/echo", {}, large.substr(0, 10)});
  EXPECT_EQ(echoed->body.view(), "served POST /echo 10");
  RawClient spooling(server->port());
  spooling.send("POST /big HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(large.size()) +
                "\r\nConnection: close\r\n\r\n");
  std::thread sender([&] { spooling.send(large); });
  EXPECT_NE(spooling.receive().find("Content-Length: 16777216"), std::string::npos);
  sender.join();
  EXPECT_EQ(client.call({"POST", "/big", {}, large + "x"})->status, 413u);
}

TEST(Server, LongBodiesComeWhole) {
  std::string large;
  for (int i = 0; large.size() < (5u << 20); ++i) large += std::to_string(i);
  std::string got;
  Options options;
  options.listen = {"127.0.0.1:0"};
  options.bodyLimit = [](const Request&) { return 10u << 20; };
  auto server = Server::start(std::move(options), [&](const Request& request) {
    got = request.body.view();
    return Answer(Response{});
  });
  auto answer = callOnce((*server)->urls().front() + "/", {"PUT", "", {}, large});
  ASSERT_TRUE(answer.ok()) << answer.error().message.en;
  EXPECT_TRUE(got == large);
}

TEST(Server, SaysNothingOfItsInside) {
  Fixture fixture;
  std::string told;
  auto server = serve(fixture, [&](Options& options) {
    options.fault = [&](const Request& request, std::string_view what) {
      told = request.path + ": " + std::string(what);
    };
  });
  auto client = Client::of(server->urls().front()).value();
  auto fault = client.call({"GET", "/throw"});
  EXPECT_EQ(fault->status, 500u);
  EXPECT_EQ(told, "/throw: secret text") << "but to the operator";
  EXPECT_EQ(fault->body.view().find("secret"), std::string_view::npos);
  EXPECT_EQ(client.call({"GET", "/badfield"})->status, 500u);
  EXPECT_EQ(client.call({"GET", "/echo"})->status, 200u);
}

TEST(Server, WorkEndsWhenNobodyWaits) {
  Fixture fixture;
  auto server = serve(fixture);
  auto leaving = std::make_unique<RawClient>(server->port());
  leaving->send(get("/sleep"));
  EXPECT_TRUE(eventually([&] { return server->counters().atWork == 1; }));
  leaving.reset();
  EXPECT_TRUE(eventually([&] { return fixture.cancelled == 1; }));
  RawClient resetting(server->port());
  resetting.send(get("/sleep"));
  EXPECT_TRUE(eventually([&] { return server->counters().atWork == 1; }));
  resetting.reset();
  EXPECT_TRUE(eventually([&] { return fixture.cancelled == 2; }));
  EXPECT_EQ(server->counters().clientsLeft, 2u);
}

TEST(Server, WorkEndsInTime) {
  Fixture fixture;
  auto server = serve(fixture, [](Options& options) { options.limits.request = milliseconds(200); });
  EXPECT_EQ(body(server, "/sleep"), "served GET /sleep 0") << "it saw its time was over";
  RawClient stuck(server->port());
  stuck.send(get("/wait"));
  EXPECT_TRUE(stuck.receive().starts_with("HTTP/1.1 503"));
  fixture.gate.set_value();
}

TEST(Server, StreamsUntilOneSideEnds) {
  Fixture fixture;
  auto server = serve(fixture, [](Options& options) { options.limits.streamBacklog = 64u << 10; });
  RawClient client(server->port(), 1, 4096);
  client.send(get("/stream"));
  auto stream = fixture.streaming.get_future().get();
  EXPECT_EQ(stream->write("data: 1\n\n"), Stream::Written::Queued);
  std::string got = client.receive("data: 1\n\n");
  EXPECT_NE(got.find("Transfer-Encoding: chunked"), got.npos);
  EXPECT_EQ(server->counters().openStreams, 1u);
  std::string piece(16u << 10, 'x');
  bool lagging = eventually([&] { return stream->write(piece) == Stream::Written::Lagging; });
  EXPECT_TRUE(lagging) << "memory for a client that takes nothing is bounded";
  stream->close("data: resume\n\n");
  EXPECT_EQ(stream->write("x"), Stream::Written::Gone);
  EXPECT_NE(client.receive("0\r\n\r\n").find("data: resume"), std::string::npos);
  fixture.streaming = {};
  auto leaving = std::make_unique<RawClient>(server->port());
  leaving->send(get("/stream"));
  stream = fixture.streaming.get_future().get();
  EXPECT_TRUE(stream->isOpen());
  leaving.reset();
  EXPECT_TRUE(eventually([&] { return !stream->isOpen(); }));
  EXPECT_EQ(stream->write("x"), Stream::Written::Gone);
  EXPECT_TRUE(eventually([&] { return server->counters().openStreams == 0; }));
  RawClient old(server->port());
  fixture.streaming = {};
  old.send("GET /stream HTTP/1.0\r\nHost: localhost\r\n\r\n");
  stream = fixture.streaming.get_future().get();
  stream->close("last");
  std::string whole = old.receive();
  EXPECT_TRUE(whole.ends_with("\r\n\r\nlast")) << whole;
}

TEST(Server, TooManyStreamsAreRefused) {
  Fixture fixture;
  auto server = serve(fixture, [](Options& options) { options.limits.streams = 1; });
  RawClient first(server->port());
  first.send(get("/stream"));
  auto stream = fixture.streaming.get_future().get();
  EXPECT_NE(body(server, "/stream").find("too many streams"), std::string::npos);
  stream.reset();
  EXPECT_NE(first.receive("0\r\n\r\n").find("0\r\n\r\n"), std::string::npos) << "one that nobody keeps is closed";
  fixture.streaming = {};
  RawClient second(server->port());
  EXPECT_TRUE(eventually([&] { return server->counters().openStreams == 0; }));
  second.send(get("/stream"));
  EXPECT_TRUE(fixture.streaming.get_future().get()->isOpen());
}

TEST(Server, StopsInOrder) {
  Fixture fixture;
  auto server = serve(fixture);
  RawClient idle(server->port()), streaming(server->port()), working(server->port());
  streaming.send(get("/stream"));
  auto stream = fixture.streaming.get_future().get();
  working.send(get("/wait"));
  EXPECT_TRUE(eventually([&] { return server->counters().atWork == 1; }));
  unsigned port = server->port();
  std::thread stopping([&] { server->stop(); });
  EXPECT_NE(streaming.receive("0\r\n\r\n").find("retry: 3000"), std::string::npos);
  EXPECT_TRUE(idle.isClosed());
  EXPECT_TRUE(server->stopping());
  EXPECT_FALSE(stream->isOpen());
  fixture.gate.set_value();
  EXPECT_NE(working.receive().find("served GET /wait"), std::string::npos) << "what was at work is answered";
  stopping.join();
  EXPECT_FALSE(RawClient(port).isConnected());
  stream.reset();
}

TEST(Server, StopDoesNotWaitForever) {
  Fixture fixture;
  auto server = serve(fixture, [](Options& options) { options.limits.drain = milliseconds(200); });
  RawClient working(server->port()), reading(server->port(), 1, 4096);
  working.send(get("/sleep"));
  reading.send(get("/big"));
  EXPECT_TRUE(eventually([&] { return server->counters().requests == 2; }));
  auto began = Clock::now();
  server->stop();
  EXPECT_LT(Clock::now() - began, seconds(5));
  EXPECT_EQ(fixture.cancelled, 1);
}

// A server in a process of its own with few descriptors, which outlives being without any.
TEST(Server, AUnixSocketKnowsWhoCalls) {
  TemporaryDirectory directory = TemporaryDirectory::make("http").value();
  std::string path = directory.path() / "socket";
  std::optional<uid_t> seen;
  Options options;
  options.listen = {"unix:" + path};
  Handler handler = [&](const Request& request) {
    seen = request.peer.user;
    return Answer(Response{200, {}, "here"});
  };
  auto server = Server::start(options, handler);
  ASSERT_TRUE(server.ok());
  struct stat about {};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  EXPECT_EQ(Client::of("unix:" + path)->call({"GET", "/x"})->body.view(), "here");
  EXPECT_EQ(seen, ::getuid());
  EXPECT_EQ(Server::start(options, handler).error().code, ErrorCode::Unavailable) << "a living server keeps its socket";
  (*server)->stop();
  EXPECT_NE(::stat(path.c_str(), &about), 0);
}

TEST(Server, RefusesOptionsThatAreNone) {
  Handler none = [](const Request&) { return Answer(Response{}); };
  auto code = [&](const std::function<void(Options&)>& change) {
    Options options;
    options.listen = {"127.0.0.1:0"};
    change(options);
    auto started = Server::start(std::move(options), none);
    return started.ok() ? std::nullopt : std::optional(started.error().code);
  };
  EXPECT_EQ(code([](Options& o) { o.listen = {}; }), ErrorCode::InvalidInput);
  EXPECT_EQ(code([](Options& o) { o.listen = {"127.0.0.1"}; }), ErrorCode::InvalidInput);
  EXPECT_EQ(code([](Options& o) { o.listen = {"127.0.0.1:99999"}; }), ErrorCode::InvalidInput);
  EXPECT_EQ(code([](Options& o) { o.listen = {"192.0.2.1:0"}; }), ErrorCode::Unavailable);
  EXPECT_EQ(code([](Options& o) { o.listen = {"0.0.0.0:0"}; }), ErrorCode::InvalidInput) << "names must be given";
  EXPECT_EQ(code([](Options& o) { o.certificate = "/nowhere"; }), ErrorCode::InvalidInput);
  EXPECT_EQ(code([](Options& o) { o.key = "/nowhere"; }), ErrorCode::InvalidInput);
}

}  // namespace
}  // namespace pilotledger::http
