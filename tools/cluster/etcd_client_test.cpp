#include "tools/cluster/etcd_client.h"

#include <fmt/format.h>
#include <poll.h>

#include <atomic>

#include "tools/cluster/etcd_fixture.h"

namespace pilotledger::cluster {
namespace {

const EtcdTransaction kPut{{}, {EtcdPut{"k", "v"}}};

std::string saidBy(const Error& error) { return error.message.en; }

TEST(EtcdClient, EndpointsAndFilesAreChecked) {
  TemporaryDirectory directory = testDirectory();
  Certificates certificates(directory.path() / "tls");
  const auto refusal = [&](std::vector<std::string> endpoints, TlsFiles tls) {
    auto made = EtcdClient::of({std::move(endpoints), std::move(tls)});
    EXPECT_FALSE(made.ok());
    EXPECT_EQ(made.error().code, ErrorCode::InvalidInput);
    EXPECT_FALSE(made.error().message.zh.empty());
    return saidBy(made.error());
  };
  EXPECT_EQ(refusal({}, certificates.client()), "etcd: no endpoint is named");
  EXPECT_EQ(refusal({"https://a:1", "http://b:1"}, certificates.client()),
            "etcd http://b:1: only https is spoken: libcurl 7.88 cannot use a clear-text HTTP/2 connection twice, and "
            "whoever can write to etcd can halt the ledger. Start etcd with --client-cert-auth");
  for (const char* endpoint : {"", "a:1", "https://", "https://a:1/", "https://user@a:1", "https://a b", "ftp://a:1"})
    EXPECT_EQ(refusal({endpoint}, certificates.client()),
              fmt::format("etcd: expected https://HOST:PORT, found {}", endpoint));
  TlsFiles tls = certificates.client();
  tls.key = certificates.file("none.key");
  EXPECT_EQ(refusal({"https://a:1"}, tls), "etcd: no file with the client's key: " + tls.key);
  EXPECT_TRUE(EtcdClient::of({{"https://a:1"}, certificates.client()}).ok());
}

TEST(EtcdClient, OnlyWhoIsCertifiedIsHeard) {
  EtcdMembers members(1);
  Certificates others(members.directory() / "others");
  EtcdOptions stranger = members.options({0});
  stranger.tls.certificate = others.file("client.pem");
  stranger.tls.key = others.file("client.key");
  auto refused = EtcdClient::of(stranger)->transact(kPut);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
  EXPECT_NE(saidBy(refused.error()).find("no answer: "), std::string::npos) << saidBy(refused.error());

  EtcdOptions misled = members.options({0});
  misled.tls.authorities = others.file("ca.pem");
  refused = EtcdClient::of(misled)->transact(kPut);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
  EXPECT_NE(saidBy(refused.error()).find("certificate"), std::string::npos) << saidBy(refused.error());

  EtcdOptions elsewhere = members.options({0});
  elsewhere.endpoints[0].replace(8, 9, "localhost");  // the certificate names 127.0.0.1
  EXPECT_FALSE(EtcdClient::of(elsewhere)->transact(kPut).ok());
  EXPECT_TRUE(members.client().range({"k"})->pairs.empty()) << "nothing was written";
}

TEST(EtcdClient, AMemberThatIsNotThereIsPassedOver) {
  EtcdMembers members(1);
  EtcdOptions options = members.options({0});
  options.endpoints.insert(options.endpoints.begin(), localUrl(freePort()));
  EtcdClient etcd = EtcdClient::of(options).value();
  const auto begin = Clock::now();
  const EtcdTransaction compared{{{"k", {}}}, {EtcdPut{"k", "v"}}, {EtcdRange{"k"}}};
  EXPECT_TRUE(etcd.transact(compared)->succeeded) << "nothing was sent to the first, so it goes to the second";
  EXPECT_LT(since(begin), 1s);
  EXPECT_EQ(etcd.range({"k"})->pairs.at(0).value, "v");
  EXPECT_GT(etcd.databaseBytes().value(), 10'000u);

  options.endpoints = {localUrl(freePort()), localUrl(freePort())};
  auto nobody = EtcdClient::of(options)->transact(compared);
  ASSERT_FALSE(nobody.ok());
  EXPECT_EQ(nobody.error().code, ErrorCode::Unavailable);
  EXPECT_NE(saidBy(nobody.error()).find(options.endpoints[1]), std::string::npos) << saidBy(nobody.error());
  EXPECT_FALSE(EtcdClient::of(options)->databaseBytes().ok());
}

TEST(EtcdClient, WhatIsTooLargeIsRefusedInWords) {
  EtcdMembers members(1, {"--max-request-bytes", "300000"});
  EtcdClient etcd = members.client();
  const auto refusal = [&](std::size_t bytes) {
    auto answer = etcd.transact({{}, {EtcdPut{"k", std::string(bytes, 'v')}}});
    EXPECT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::InvalidInput) << saidBy(answer.error());
    return saidBy(answer.error());
  };
  EXPECT_TRUE(etcd.transact({{}, {EtcdPut{"k", std::string(299'000, 'v')}}}).ok());
  EXPECT_EQ(
      refusal(310'000),
      "too large for one request to etcd: etcdserver: request is too large; etcd's --max-request-bytes is the limit");
  EXPECT_NE(refusal(1'400'000).find("too large for one request to etcd: grpc: received message larger than max"),
            std::string::npos);
  EXPECT_EQ(refusal(2'000'000),
            "too large for one request to etcd: 2000015 > 1572864; etcd's --max-request-bytes is the limit");
}

TEST(EtcdClient, AFullDatabaseIsNamed) {
  EtcdMembers members(1, {"--quota-backend-bytes", "3000000"});
  EtcdClient etcd = members.client();
  const std::string value(std::size_t{512} << 10, 'v');
  auto answer = etcd.transact(kPut);
  for (int i = 0; i < 20 && answer.ok(); ++i) answer = etcd.transact({{}, {EtcdPut{fmt::format("k{}", i), value}}});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::Unavailable);
  EXPECT_NE(saidBy(answer.error()).find("has reached its quota"), std::string::npos) << saidBy(answer.error());
  EXPECT_GT(etcd.databaseBytes().value(), 2'000'000u);
  EXPECT_TRUE(etcd.transact({{}, {EtcdDelete{"k0", "k9"}}})->succeeded) << "deleting is possible still";
}

// The ports of a member are easily mistaken for each other.
TEST(EtcdClient, AnotherServerIsNoEtcd) {
  const std::string metrics = localUrl(freePort());
  EtcdMembers members(1, {"--listen-metrics-urls", metrics});
  EtcdOptions options = members.options({0});
  options.endpoints = {metrics};
  auto answer = EtcdClient::of(options)->range({"k"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(saidBy(answer.error()), fmt::format("etcd {}: no answer: HTTP 404, not gRPC", metrics));
}

TEST(EtcdClient, AMemberThatCameBackIsSpokenToAgain) {
  EtcdMembers members(1);
  EtcdClient etcd = members.client();
  ASSERT_TRUE(etcd.transact(kPut).ok());
  members.kill(0);
  EXPECT_FALSE(etcd.transact(kPut).ok());
  members.start(0);
  members.waitFor(0);
  EXPECT_TRUE(etcd.transact(kPut).ok());
}

TEST(EtcdClient, ThreadsCallAtOnce) {
  EtcdMembers members(1);
  EtcdClient etcd = members.client();
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 12; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 20; ++i) {
        const std::string key = fmt::format("k{}-{}", thread, i);
        if (!etcd.transact({{}, {EtcdPut{key, key}}}).ok()) ++failed;
        auto found = etcd.range({key});
        if (!found.ok() || found->pairs.size() != 1 || found->pairs[0].value != key) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(etcd.range({"k", "l"})->pairs.size(), 240u);
}

// Between a client and a member; when told, it loses an answer with its connection.
class LosingProxy {
 public:
  explicit LosingProxy(const std::string& url) : to_(std::stoi(url.substr(url.rfind(':') + 1))) {
    listening_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = local(0);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(listening_, reinterpret_cast<sockaddr*>(&address), size), 0);
    getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    listen(listening_, 8);
    thread_ = std::thread([this] { run(); });
  }
  ~LosingProxy() {
    ended_ = true;
    thread_.join();
    close(listening_);
  }
  int port = 0;
  std::atomic<bool> loseNext{false};
  std::atomic<bool> withReset{false};  // of the connection, instead of its end
  std::atomic<int> connections{0};

 private:
  static sockaddr_in local(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
  }
  void run() {
    while (!ended_) {
      pollfd waiting{listening_, POLLIN, 0};
      if (poll(&waiting, 1, 20) <= 0) continue;
      const int client = accept(listening_, nullptr, nullptr), server = socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in address = local(to_);
      ++connections;
      if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) carry(client, server);
      close(client);
      close(server);
    }
  }
  void carry(int client, int server) {
    bool asked = false;
    std::string buffer(65536, '\0');
    while (!ended_) {
      pollfd both[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
      poll(both, 2, 20);
      for (int from : {0, 1}) {
        if ((both[from].revents & (POLLIN | POLLHUP)) == 0) continue;
        const ssize_t size = read(both[from].fd, buffer.data(), buffer.size());
        if (size <= 0) return;
        asked = asked || (from == 0 && loseNext);
        if (from == 1 && asked) {
          std::this_thread::sleep_for(100ms);  // until the member has done it
          loseNext = false;
          const linger reset{1, 0};
          if (withReset) setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
          return;
        }
        if (write(both[1 - from].fd, buffer.data(), static_cast<std::size_t>(size)) != size) return;
      }
    }
  }

  int to_;
  int listening_ = -1;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

// A second one would fail its compare, and look like somebody else's success.
TEST(EtcdClient, ATransactionThatComparesIsSentOnce) {
  EtcdMembers members(1);
  LosingProxy proxy(members.url(0));
  EtcdOptions options = members.options({0});
  options.endpoints = {localUrl(proxy.port), members.url(0)};
  EtcdClient etcd = members.client();
  EtcdRegister order(etcd, "o");
  ASSERT_TRUE(order.swap({}, headOf(0), "")->done);
  for (std::uint64_t number : {1u, 2u}) {
    proxy.withReset = number == 2;
    const int before = proxy.connections;
    EtcdClient fresh = EtcdClient::of(options).value();
    EtcdRegister through(fresh, "o");
    ASSERT_EQ(through.head().value(), headOf(number - 1)) << "from now on the connection is a kept one";
    ASSERT_EQ(proxy.connections, before + 1);
    proxy.loseNext = true;
    auto answer = through.swap(headOf(number - 1), headOf(number), "r");
    EXPECT_FALSE(proxy.loseNext) << "an answer was lost";
    ASSERT_FALSE(answer.ok()) << "sent again, by libcurl or by us";
    EXPECT_EQ(answer.error().code, ErrorCode::Unavailable);
    EXPECT_EQ(through.head().value(), headOf(number)) << "it was done";
  }
}

}  // namespace
}  // namespace pilotledger::cluster
