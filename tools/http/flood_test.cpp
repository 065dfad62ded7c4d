// What the server puts up with: slow clients, many, none that stay, no descriptors.
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>

#include "tools/http/server_fixture.h"

namespace pilotledger::http {
namespace {

TEST(Flood, SlowClientsAreCutOff) {
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

TEST(Flood, AFullQueueSaysSoAndLiveAnswers) {
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

TEST(Flood, IdleConnectionsKeepNobodyOut) {
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

TEST(Flood, ConnectionsAtWorkAreNotDropped) {
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

TEST(Flood, ResetsEndNothing) {
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

TEST(Flood, OutlivesFullDescriptors) {
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

}  // namespace
}  // namespace pilotledger::http
