// The server as it runs, over loopback: what it answers, and what it puts up with.
#include "tools/http/server.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <future>
#include <thread>

#include "events/base/temporary_directory.h"
#include "tools/http/client.h"
#include "tools/http/raw_client.h"

namespace pilotledger::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// /echo answers with what it saw; /sleep until it is cancelled; /wait until the gate opens.
struct Fixture {
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  std::atomic<int> cancelled{0};
  std::promise<std::shared_ptr<Stream>> streaming;

  Answer answer(const Request& request) {
    if (request.path == "/wait") opened.wait();
    if (request.path == "/throw") throw std::runtime_error("secret text");
    if (request.path == "/badfield") return Response{200, {{"X", "a\r\nSet-Cookie: b"}}, "x"};
    if (request.path == "/big") return Response{200, {}, std::string(16u << 20, 'x')};
    if (request.path == "/stream")
      return StreamedResponse{
          200, {{"Content-Type", "text/event-stream"}}, ": \n\n", "retry: 3000\n\n", [this](auto stream) {
            streaming.set_value(std::move(stream));
          }};
    if (request.path == "/sleep") {
      while (!request.cancelled()) std::this_thread::sleep_for(milliseconds(5));
      ++cancelled;
    }
    return Response{200, {}, fmt::format("served {} {} {}", request.method, request.path, request.body.size())};
  }
};

std::unique_ptr<Server> serve(Fixture& fixture, const std::function<void(Options&)>& change = {}) {
  Options options;
  options.listen = {"127.0.0.1:0"};
  options.live = [](const Request& request) {
    return request.path == "/live" ? std::optional(Response{200, {}, "alive"}) : std::nullopt;
  };
  if (change) change(options);
  auto started = Server::start(std::move(options), [&](const Request& request) { return fixture.answer(request); });
  EXPECT_TRUE(started.ok()) << started.error().message.en;
  return std::move(*started);
}

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"; }
std::size_t countOf(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
  return count;
}
bool eventually(const std::function<bool()>& holds, milliseconds within = seconds(10)) {
  for (auto until = Clock::now() + within; Clock::now() < until; std::this_thread::sleep_for(milliseconds(5))) {
    if (holds()) return true;
  }
  return holds();
}
std::string body(const std::unique_ptr<Server>& server, const std::string& path) {
  auto got = callOnce(server->urls().front() + path, {});
  return got.ok() ? std::string(got->body.view()) : got.error().message.en;
}

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

TEST(Server, SlowClientsAreCutOff) {
  Fixture fixture;
  auto server = serve(fixture, [](Options& options) {
    options.limits.header = options.limits.keepAlive = milliseconds(400);
    options.limits.write = milliseconds(500);
  });
  RawClient silent(server->port()), slowHead(server->port()), slowBody(server->port()), kept(server->port());
  RawClient slowReader(server->port(), 1, 4096);
  slowHead.send("GET / HTTP/1.1\r\nHo");
  slowBody.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
  slowReader.send(get("/big"));
  kept.send(get("/echo"));
  EXPECT_EQ(countOf(kept.receive("served"), "200 OK"), 1u);
  std::atomic<bool> done = false;
  std::thread drip([&] {
    while (!done) {
      (void)slowHead.send("s");
      (void)slowBody.send("xx");
      std::this_thread::sleep_for(milliseconds(50));
    }
  });
  EXPECT_EQ(silent.receive(), "");
  EXPECT_TRUE(silent.isClosed());
  EXPECT_TRUE(slowHead.receive("\r\n\r\n").starts_with("HTTP/1.1 408"));
  EXPECT_TRUE(slowBody.receive("\r\n\r\n").starts_with("HTTP/1.1 408"));
  EXPECT_EQ(kept.receive(), "");
  EXPECT_TRUE(kept.isClosed());
  EXPECT_TRUE(eventually([&] { return server->counters().timeouts >= 3; })) << "the slow reader too";
  done = true;
  drip.join();
  EXPECT_EQ(body(server, "/echo"), "served GET /echo 0");
}

TEST(Server, AFullQueueSaysSoAndLiveAnswers) {
  Fixture fixture;
  auto server = serve(fixture, [](Options& options) {
    options.limits.workers = 2;
    options.limits.queue = 3;
  });
  std::vector<RawClient> clients;
  for (int i = 0; i < 5; ++i) {
    clients.emplace_back(server->port()).send(get("/wait"));
    EXPECT_TRUE(eventually([&] { return server->counters().requests == static_cast<std::uint64_t>(i) + 1; }));
  }
  EXPECT_TRUE(eventually([&] { return server->counters().atWork == 2 && server->counters().waiting == 3; }));
  RawClient full(server->port());
  full.send(get("/echo"));
  std::string refused = full.receive("稍后再试");
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 503")) << refused;
  EXPECT_NE(refused.find("Retry-After: "), refused.npos);
  auto asked = Clock::now();
  EXPECT_EQ(body(server, "/live"), "alive");
  EXPECT_LT(Clock::now() - asked, seconds(2));
  fixture.gate.set_value();
  for (RawClient& client : clients) EXPECT_NE(client.receive("served").find("200"), std::string::npos);
  EXPECT_EQ(server->counters().queueFull, 1u);
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

TEST(Server, IdleConnectionsKeepNobodyOut) {
  Fixture fixture;
  auto server = serve(fixture);
  std::vector<RawClient> idle;
  for (unsigned i = 0; i < 1000; ++i) {
    idle.emplace_back(server->port(), 2 + i / 50);
    if (i % 100 == 99) EXPECT_EQ(body(server, "/echo"), "served GET /echo 0") << i;
  }
  EXPECT_LE(server->counters().openConnections, 1000u);
  for (unsigned i = 0; i < 100; ++i) idle.emplace_back(server->port(), 2);
  EXPECT_EQ(body(server, "/echo"), "served GET /echo 0");
  EXPECT_TRUE(idle.front().isClosed()) << "more than 50 of one address: its oldest goes";
}

TEST(Server, ConnectionsAtWorkAreNotDropped) {
  Fixture fixture;
  auto server = serve(fixture, [](Options& options) { options.limits.connectionsPerAddress = 2; });
  RawClient first(server->port(), 2), second(server->port(), 2);
  first.send(get("/wait"));
  second.send(get("/wait"));
  EXPECT_TRUE(eventually([&] { return server->counters().atWork == 2; }));
  RawClient third(server->port(), 2);
  EXPECT_TRUE(third.isClosed());
  EXPECT_EQ(body(server, "/echo"), "served GET /echo 0") << "another address";
  fixture.gate.set_value();
  EXPECT_NE(first.receive("served").find("/wait"), std::string::npos);
  EXPECT_EQ(server->counters().connectionsRefused, 1u);
}

TEST(Server, ResetsEndNothing) {
  Fixture fixture;
  auto server = serve(fixture);
  std::vector<std::thread> storm;
  for (unsigned t = 0; t < 4; ++t) {
    storm.emplace_back([&, t] {
      for (int i = 0; i < 250; ++i) {
        RawClient client(server->port(), 2 + t);
        if (i % 3 == 1) client.send("GET /echo HT");
        if (i % 3 == 2) client.send(get("/echo"));
        client.reset();
      }
    });
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(body(server, "/echo"), "served GET /echo 0");
  for (std::thread& thread : storm) thread.join();
  EXPECT_EQ(body(server, "/echo"), "served GET /echo 0");
  EXPECT_TRUE(eventually([&] { return server->counters().openConnections == 0; }));
}

// A server in a process of its own with few descriptors, which outlives being without any.
TEST(Server, OutlivesFullDescriptors) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  pid_t child = ::fork();
  if (child == 0) {
    rlimit few{48, 48};
    ::setrlimit(RLIMIT_NOFILE, &few);
    Fixture fixture;
    auto server = serve(fixture);
    std::vector<int> taken;
    for (int next = ::dup(0); next >= 0; next = ::dup(0)) taken.push_back(next);  // and not one is left
    unsigned port = server->port();
    (void)!::write(ends[1], &port, sizeof port);
    std::this_thread::sleep_for(seconds(1));
    std::uint64_t pauses = server->counters().acceptPauses;
    for (int each : taken) ::close(each);
    (void)!::write(ends[1], &pauses, sizeof pauses);
    ::pause();
  }
  unsigned port = 0;
  ASSERT_EQ(::read(ends[0], &port, sizeof port), static_cast<ssize_t>(sizeof port));
  RawClient waiting(port);
  waiting.send(get("/echo"));
  std::uint64_t pauses = 0;
  ASSERT_EQ(::read(ends[0], &pauses, sizeof pauses), static_cast<ssize_t>(sizeof pauses));
  EXPECT_GE(pauses, 3u) << "it waited for descriptors";
  EXPECT_LE(pauses, 20u) << "and did not spin";
  EXPECT_NE(waiting.receive("served").find("/echo"), std::string::npos);
  std::vector<RawClient> idle;
  for (unsigned i = 0; i < 200; ++i) {
    idle.emplace_back(port, 2 + i / 40);
    if (i % 40 != 39) continue;
    RawClient asking(port);
    asking.send(get("/echo"));
    EXPECT_NE(asking.receive("served").find("200 OK"), std::string::npos) << i;
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
}

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
