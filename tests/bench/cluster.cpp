#include "tests/bench/cluster.h"

#include <algorithm>
#include <atomic>

#include "tests/bench/limits.h"
#include "tests/support/cluster_fixture.h"

namespace pilotledger::bench {
namespace {

using cluster::Cluster;

double medianMs(std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  return seconds.empty() ? 0 : seconds[seconds.size() / 2] * 1000;
}

// A swap of a record of 1 KB through one member of three.
double swapMs(const cluster::EtcdMembers& members, std::size_t count) {
  cluster::EtcdClient client = members.client({0});
  cluster::EtcdRegister order(client, "bench.example");
  auto head = cluster::headOf(0);
  must(order.swap({}, head, ""));
  std::vector<double> times;
  for (std::size_t i = 1; i <= count; ++i) {
    auto next = cluster::headOf(i, static_cast<std::uint8_t>(i));
    Stopwatch watch;
    must(order.swap(head, next, std::string(1000, 'r')));
    times.push_back(watch.seconds());
    head = next;
  }
  return medianMs(std::move(times));
}

// A line signed, sent, verified, answered: what two nodes exchange once a commit is on the disk.
double exchangeMs(Cluster& nodes, std::size_t count) {
  auto client = must(http::Client::of(nodes.url("b"), {}));
  auto key = must(crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "test.example/stranger"));
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i) {
    Stopwatch watch;
    ledger::NodeLine line{i + 1, {}, {}};
    line.signature = must(proof::cosign(proof::Checkpoint{"test.example/ledger", i + 1, {}}.body(), 1, key));
    const std::string body = cluster::NodeMessage{"stranger", 0, 0, {line}}.encode();
    (void)must(client.call({"POST", "/cluster/lines", {{"Content-Type", "application/json"}}, body}));
    times.push_back(watch.seconds());
  }
  return medianMs(std::move(times));
}

// Of submissions of `events` events each, made beforehand: the median of one, and events a second in all.
struct Rate {
  double ms = 0;
  double perSecond = 0;
};
Rate record(Cluster& nodes, const std::string& at, std::size_t submissions, std::size_t events) {
  static std::atomic<int> run{0};
  const int own = ++run;
  std::vector<proof::Submission> made;
  for (std::size_t i = 0; i < submissions; ++i) made.push_back(nodes.submission(fmt::format("{}-{}", own, i), events));
  std::vector<double> times;
  Stopwatch all;
  for (const auto& submission : made) {
    Stopwatch watch;
    must(nodes.at(at).append(submission));
    times.push_back(watch.seconds());
  }
  const double seconds = all.seconds();
  return {medianMs(std::move(times)), static_cast<double>(submissions * events) / seconds};
}

}  // namespace

void measureCluster(std::vector<Row>& rows, const std::filesystem::path& directory, std::size_t receipts) {
  cluster::EtcdMembers members(3);
  const double sync = 1000 / syncsPerSecond(directory);
  const double swap = swapMs(members, receipts);
  auto client = std::make_shared<cluster::EtcdClient>(members.client({0, 1, 2}));
  auto order = std::make_shared<cluster::EtcdRegister>(*client, "test.example/ledger");
  Cluster three(3, crypto::SuiteId::Ed25519Sha256, order);
  for (const char* name : {"a", "b", "c"}) three.start(name);
  const double exchange = exchangeMs(three, receipts);
  (void)record(three, "a", 10, 1);
  const Rate single = record(three, "a", receipts, 1);
  const Rate batches = record(three, "a", std::max<std::size_t>(receipts / 20, 5), 1000);
  Cluster alone(1);
  alone.start("a");
  const Rate one = record(alone, "a", std::max<std::size_t>(receipts / 20, 5), 1000);
  add(rows, {"limit: etcd swap of 1 KB, three members", receipts, swap, "ms", 0, ""});
  add(rows, {"limit: a line signed, sent, answered", receipts, exchange, "ms", 0, ""});
  add(rows, {"three nodes: receipt of one event, median", receipts, single.ms, "ms", swap + sync + exchange,
             "swap + sync + exchange"});
  add(rows, {"three nodes: batches of 1,000", receipts / 20, batches.perSecond, "1/s", one.perSecond, "one node"});
}

}  // namespace pilotledger::bench
