// The benchmark: how fast, and how close to what the machine allows. Every limit is measured in the
// same run. bench [--quick] [--scale FACTOR] [--only WORD] [--ledger DIR] [--json FILE]
#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <thread>

#include "ledger/fsck/fsck.h"
#include "ledger/state/state_map.h"
#include "query/answer/pledge_status.h"
#include "query/answer/query.h"
#include "tests/bench/admission.h"
#include "tests/bench/cluster.h"
#include "tests/bench/limits.h"
#include "tests/bench/proofs.h"
#include "tests/bench/report.h"
#include "tests/bench/views.h"
#include "tests/bench/workload.h"
#include "tools/follow/follow.h"

namespace pilotledger::bench {
namespace {

namespace fs = std::filesystem;

struct Limits {
  unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  double verify = verifiesPerSecond();
  double sign = signsPerSecond();
  double hash = nodeHashesPerSecond();
  double sync = 0;
};

// what(0) .. what(count - 1), by so many threads.
template <typename What>
void inParallel(int threads, std::size_t count, What what) {
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> callers;
  for (int t = 0; t < threads; ++t) {
    callers.emplace_back([&] {
      for (std::size_t i; (i = next.fetch_add(1)) < count;) what(i);
    });
  }
  for (auto& caller : callers) caller.join();
}

// Entries a second of a full check, or of the tree alone.
double verifyRate(const fs::path& directory, ledger::FsckScope scope) {
  ledger::FsckOptions options;
  options.scope = scope;
  Stopwatch watch;
  auto outcome = ledger::fsck(directory, options);
  double seconds = watch.seconds();
  if (!outcome.ok() || outcome->damage) std::abort();
  return static_cast<double>(outcome->report.entries) / seconds;
}

class Bench {
 public:
  Bench(fs::path root, double scale, std::string only) : root_(std::move(root)), scale_(scale), only_(std::move(only)) {
    limits_.sync = syncsPerSecond(root_);
  }

  // With a `ledger`, its views alone.
  std::vector<Row> run(const std::string& ledger) {
    printHead();
    add(rows_, {"limit: Ed25519 verify, one core", 0, limits_.verify, "1/s", 0, ""});
    add(rows_, {"limit: Ed25519 sign, one core", 0, limits_.sign, "1/s", 0, ""});
    add(rows_, {"limit: SHA-256 of 65 bytes", 0, limits_.hash, "1/s", 0, ""});
    add(rows_, {"limit: fdatasync, preallocated", 0, limits_.sync, "1/s", 0, ""});
    const std::pair<const char*, std::function<void()>> parts[] = {
        {"concurrent", [&] { concurrent(); }},
        {"batch1000", [&] { batches(1000); }},
        {"batch100", [&] { batches(100); }},
        {"latency", [&] { latency(); }},
        {"singles", [&] { verifySingles(); }},
        {"pledge", [&] { pledges(); }},
        {"prove", [&] { proofs(); }},
        {"map", [&] { stateMap(); }},
        {"books", [&] { books(); }},
        {"views",
         [&] {
           ledger.empty() ? measureViews(rows_, root_, scaled(1'000'000)) : measureViewsOf(rows_, root_, ledger);
         }},
        {"generate", [&] { measureGeneration(rows_, scaled(300'000)); }},
        {"admission", [&] { measureAdmission(rows_, scaled(300'000)); }},
        {"cluster", [&] { measureCluster(rows_, root_, std::min<std::size_t>(scaled(300), 300)); }}};
    for (const auto& [name, part] : parts) {
      if (only_.empty() || only_ == name) part();
    }
    return std::move(rows_);
  }

 private:
  std::size_t scaled(std::size_t full) const {
    return std::max<std::size_t>(static_cast<std::size_t>(static_cast<double>(full) * scale_), 1000);
  }

  void concurrent();
  void batches(std::size_t perSignature);
  void latency();
  void verifySingles();
  void pledges();
  void proofs();
  std::size_t recordAssets(Workload& work);
  void stateMap();
  void books();

  fs::path root_;
  double scale_;
  std::string only_;
  Limits limits_;
  std::vector<Row> rows_;
};

// 64 callers, each submission one event with a signature of its own.
void Bench::concurrent() {
  Workload work(root_ / "concurrent");
  std::size_t n = scaled(60'000);
  std::vector<proof::Submission> submissions;
  for (auto& event : work.receipts(0, n)) submissions.push_back(work.sign({std::move(event)}));
  Stopwatch watch;
  inParallel(64, n, [&](std::size_t i) { work.record(submissions[i]); });
  double rate = static_cast<double>(n) / watch.seconds();
  add(rows_, {"append, 1 event a signature, 64 callers", n, rate, "events/s", limits_.cores * limits_.verify,
              "cores x verify"});
}

// A second machine's copy: pages as a server gives them, every commit built again and held to its note.
double followRate(const fs::path& ledger, const fs::path& copy) {
  fs::create_directories(copy);
  auto source = follow::sourceOf(ledger);
  auto must = [](const Status& status) {
    if (!status.ok()) std::abort();
  };
  must(follow::beginCopy(*source, copy));
  auto follower = follow::Follower::of(*source, copy, ledger::LedgerCopy::open(copy).value());
  must(follower.ok() ? Status() : Status(follower.error()));
  std::uint64_t before = follower->copy().size();
  Stopwatch watch;
  must(follower->catchUp({}));
  return static_cast<double>(follower->copy().size() - before) / watch.seconds();
}

void Bench::batches(std::size_t perSignature) {
  Workload work(root_ / "batches");
  std::size_t count = scaled(perSignature == 1000 ? 300'000 : 100'000) / perSignature;
  std::vector<proof::Submission> submissions;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    auto events = work.receipts(i * perSignature, perSignature);
    bytes = events.front().size();
    submissions.push_back(work.sign(std::move(events)));
  }
  // Four callers keep signature checks, rules and the synced write of successive commits busy.
  Stopwatch watch;
  inParallel(4, count, [&](std::size_t i) { work.record(submissions[i]); });
  double rate = static_cast<double>(count * perSignature) / watch.seconds();
  double raw = rocksBatchesPerSecond(root_, perSignature, bytes, std::min<std::size_t>(count, 100));
  add(rows_, {fmt::format("append, {} events a signature", perSignature), count * perSignature, rate, "events/s", raw,
              "raw RocksDB batches, same bytes"});
  work.close();
  add(rows_, {fmt::format("follow, {} events a signature", perSignature), count * perSignature,
              followRate(work.directory(), root_ / "copy"), "entries/s", rate, "append in this run"});
  fs::remove_all(root_ / "copy");
}

// One caller that waits for each receipt, as one user does.
void Bench::latency() {
  Workload work(root_ / "latency");
  std::size_t n = scaled(4000);
  std::vector<proof::Submission> submissions;
  for (auto& event : work.receipts(0, n)) submissions.push_back(work.sign({std::move(event)}));
  std::vector<double> micros;
  for (const auto& submission : submissions) {
    Stopwatch watch;
    work.record(submission);
    micros.push_back(watch.seconds() * 1e6);
  }
  std::sort(micros.begin(), micros.end());
  double limit = 1e6 / limits_.verify + 1e6 / limits_.sign + 1e6 / limits_.sync;
  add(rows_, {"one caller, one event: median", n, micros[n / 2], "us", limit, "verify + sign + fdatasync"});
  add(rows_,
      {"one caller, one event: 99th percentile", n, micros[n * 99 / 100], "us", limit, "verify + sign + fdatasync"});
}

// Every submission with a signature of its own, verified from the first byte.
void Bench::verifySingles() {
  Workload work(root_ / "singles");
  std::size_t n = scaled(60'000);
  std::vector<proof::Submission> submissions;
  for (auto& event : work.receipts(0, n)) submissions.push_back(work.sign({std::move(event)}));
  inParallel(64, submissions.size(), [&](std::size_t i) { work.record(submissions[i]); });
  work.close();
  double rate = verifyRate(work.directory(), ledger::FsckScope::Everything);
  add(rows_, {"verify, 1 event a signature", n, rate, "entries/s", limits_.cores * limits_.verify, "cores x verify"});
}

// With pledges and registrations, 1M entities and more.
std::size_t Bench::recordAssets(Workload& work) {
  std::size_t assets = scaled(500'000);
  for (std::size_t from = 0; from < assets; from += 2000)
    work.record(work.signAsRegister(work.assets(from, std::min<std::size_t>(2000, assets - from))));
  return assets;
}

void Bench::proofs() {
  Workload work(root_ / "proofs");
  std::size_t assets = recordAssets(work);
  work.close();
  measureProofs(work.directory(), assets, rows_);
}

void Bench::pledges() {
  Workload work(root_ / "pledges");
  std::size_t assets = recordAssets(work);
  Stopwatch opening;
  work.reopen(ledger::OpenMode::Write);
  add(rows_, {"open for writing, entities and their state root", assets * 2, opening.seconds(), "s", 3, "the target"});
  work.reopen(ledger::OpenMode::ReadOnly);
  std::vector<double> micros;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    std::string number = fmt::format("EP{}", 1'000'000 + i * 2654435761u % assets);
    Stopwatch watch;
    auto status = query::pledgeStatus(work.ledger(), number);
    micros.push_back(watch.seconds() * 1e6);
    if (!status.ok() || status->answer == query::PledgeAnswer::Unknown) std::abort();
  }
  std::sort(micros.begin(), micros.end());
  add(rows_, {"pledge NUMBER: median", assets * 2, micros[micros.size() / 2], "us", 1000, "the target"});
  add(rows_,
      {"pledge NUMBER: 99th percentile", assets * 2, micros[micros.size() * 99 / 100], "us", 1000, "the target"});
}

void Bench::stateMap() {
  proof::StateMap map(crypto::SuiteId::Ed25519Sha256);
  std::size_t n = scaled(1'000'000);
  for (std::size_t i = 0; i < n; ++i) {
    Digest key = crypto::hash(crypto::SuiteId::Ed25519Sha256, viewOf(std::to_string(i)));
    map.put(key, key);
  }
  (void)map.root();
  add(rows_, {"state map in memory", n, static_cast<double>(map.memoryBytes()) / static_cast<double>(n), "B/entity",
              200, "the target"});
  // Changed records spread over the whole map, a root after each commit.
  for (std::size_t commit : {std::size_t{1}, std::size_t{100}, std::size_t{10'000}}) {
    std::vector<std::pair<Digest, Digest>> updates(scaled(200'000));
    for (std::size_t i = 0; i < updates.size(); ++i) {
      updates[i] = {crypto::hash(crypto::SuiteId::Ed25519Sha256, viewOf(std::to_string(i * 7919 % n))),
                    crypto::hash(crypto::SuiteId::Ed25519Sha256, viewOf(std::to_string(i + n)))};
    }
    Stopwatch watch;
    for (std::size_t i = 0; i < updates.size(); ++i) {
      map.put(updates[i].first, updates[i].second);
      if ((i + 1) % commit == 0) (void)map.root();
    }
    add(rows_, {fmt::format("state map updates, {} a commit", commit), n,
                static_cast<double>(updates.size()) / watch.seconds(), "1/s", 150'000, "the target"});
  }
}

// A year's receipts: disk, full check, projection, the revenue view.
void Bench::books() {
  Workload work(root_ / "books");
  std::size_t receipts = scaled(340'000);  // three postings each
  std::size_t bytes = 0;
  for (std::size_t from = 0; from < receipts; from += 1000) {
    auto events = work.receipts(from, std::min<std::size_t>(1000, receipts - from));
    bytes = events.front().size();
    work.record(work.sign(std::move(events)));
  }
  work.reopen(ledger::OpenMode::ReadOnly);
  add(rows_,
      {fmt::format("disk for an event of {} bytes", bytes), receipts,
       static_cast<double>(diskBytes(work.directory())) / static_cast<double>(receipts), "B/event", 900, "the target"});
  add(rows_, {"verify, 1000 events a signature", receipts, verifyRate(work.directory(), ledger::FsckScope::Everything),
              "entries/s", 80'000, "the target"});
  add(rows_, {"verify, tree and checkpoints alone", receipts, verifyRate(work.directory(), ledger::FsckScope::Tree),
              "entries/s", 500'000, "the target"});
  PeakMemory memory;
  Stopwatch watch;
  auto model = query::ReadModel::open(work.ledger(), root_ / "views.sqlite");
  double seconds = watch.seconds(), peak = memory.mebibytes();
  if (!model.ok()) std::abort();
  add(rows_, {"projection into fact tables", receipts, static_cast<double>(receipts) / seconds, "events/s", 250'000,
              "the target"});
  add(rows_, {"the same: memory beyond that before it", receipts, peak, "MiB", 500, "the target, 10M events"});
  auto at = (*model)->asOf("");
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    Stopwatch view;
    auto table = query::runView(**model, *at, "revenue", {});
    best = std::min(best, view.seconds());
    if (!table.ok() || table->rows.empty()) std::abort();
  }
  double plain = sqliteGroupBySeconds(receipts * 3);
  add(rows_,
      {"revenue view over the postings", receipts * 3, best * 1000, "ms", plain * 1000, "plain SQLite GROUP BY"});
}

}  // namespace
}  // namespace pilotledger::bench

int main(int argc, char** argv) {
  double scale = 1;
  std::string json;
  std::string only;
  std::string ledger;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") == 0) {
      scale = 0.1;
    } else if (std::strcmp(argv[i], "--scale") == 0 && i + 1 < argc) {
      scale = std::clamp(std::strtod(argv[++i], nullptr), 0.001, 100.0);
    } else if (std::strcmp(argv[i], "--json") == 0 && i + 1 < argc) {
      json = argv[++i];
    } else if (std::strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
      only = argv[++i];
    } else if (std::strcmp(argv[i], "--ledger") == 0 && i + 1 < argc) {
      ledger = argv[++i];
      only = "views";
    } else {
      fmt::print(stderr,
                 "usage: bench [--quick] [--scale FACTOR] [--only "
                 "concurrent|batch1000|batch100|latency|singles|pledge|prove|map|books|views|generate|admission] "
                 "[--ledger DIR] [--json FILE]\n");
      return 2;
    }
  }
  if (sodium_init() < 0) return 1;
  auto root = std::filesystem::temp_directory_path() / fmt::format("pl-bench-{}", ::getpid());
  std::filesystem::create_directories(root);
  auto rows = pilotledger::bench::Bench(root, scale, only).run(ledger);
  std::filesystem::remove_all(root);
  if (!json.empty() && !pilotledger::bench::writeJson(rows, json)) {
    fmt::print(stderr, "{}: cannot write\n", json);
    return 6;
  }
  return 0;
}
