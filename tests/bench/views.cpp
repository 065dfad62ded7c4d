#include "tests/bench/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "query/answer/findings.h"
#include "query/answer/query.h"
#include "query/facts/facts.h"
#include "tests/bench/limits.h"
#include "tests/bench/report.h"
#include "tools/simulate/recorder.h"

namespace pilotledger::bench {
namespace {

namespace fs = std::filesystem;

std::uint64_t rowsOf(query::ReadModel& model) {
  std::uint64_t rows = 0;
  for (const query::FactTable& table : query::factTables()) {
    rows += std::stoull(*must(model.database().scalar("SELECT count(*) FROM fact_" + table.name)));
  }
  return rows;
}

class Views {
 public:
  Views(std::vector<Row>& rows, fs::path root, const fs::path& ledger)
      : rows_(rows),
        root_(std::move(root)),
        ledger_(must(ledger::Ledger::open(ledger, ledger::OpenMode::ReadOnly))),
        events_(ledger_->size()) {}

  void run() {
    rebuild();
    at_ = must(model_->asOf(""));
    views();
    findings();
  }

 private:
  void rebuild() {
    PeakMemory memory;
    Stopwatch watch;
    CpuWatch cpu;
    model_ = must(query::ReadModel::open(*ledger_, root_ / "views.sqlite"));
    double seconds = watch.seconds(), ofCpu = cpu.seconds();
    double peak = memory.mebibytes();
    double perEvent = static_cast<double>(rowsOf(*model_)) / static_cast<double>(events_);
    add(rows_, {"rebuild of the read model, with its indexes", events_, seconds, "s",
                6e-6 * static_cast<double>(events_), "the target"});
    add(rows_, {"the same: events projected", events_, static_cast<double>(events_) / seconds, "events/s",
                sqliteRowsPerSecond(root_, events_) / perEvent, "plain SQLite inserts, as many rows"});
    add(rows_, {"the same: CPU time of its threads", events_, ofCpu, "s", 0, ""});
    add(rows_, {"the same: memory beyond that before it", events_, peak, "MiB", 500, "the target, 10M events"});
  }

  // CPU milliseconds of the best of three.
  double milliseconds(const std::string& view, const query::Parameters& parameters, const query::AsOf& at) {
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
      CpuWatch watch;
      query::Table table = must(query::runView(*model_, at, view, parameters));
      best = std::min(best, watch.seconds() * 1000);
      if (table.rows.empty()) std::abort();
    }
    return best;
  }

  std::string one(const std::string& sql) {
    return std::get<std::string>(must(query::runSql(*model_, at_, sql)).rows.at(0).at(0));
  }

  void views() {
    double plain = sqliteGroupBySeconds(events_) * 1000;
    std::string platform = one("SELECT platform FROM platform_established ORDER BY entry_index LIMIT 1 OFFSET 5");
    query::AsOf earlier = must(model_->asOf(std::to_string(ledger_->size() * 9 / 10)));
    add(rows_, {"revenue by month, one platform", events_, milliseconds("revenue", {{"platform", platform}}, at_), "ms",
                50, "the target"});
    add(rows_, {"the same, a tenth of the log ago", events_, milliseconds("revenue", {{"platform", platform}}, earlier),
                "ms", 50, "the target"});
    add(rows_, {"revenue by year, all platforms", events_, milliseconds("revenue", {{"by", "year"}}, at_), "ms", plain,
                "plain GROUP BY, as many rows"});
    add(rows_, {"revenue by month, all platforms", events_, milliseconds("revenue", {}, at_), "ms", plain,
                "plain GROUP BY, as many rows"});
    std::string award = one("SELECT award FROM subsidy_awarded ORDER BY entry_index DESC LIMIT 1 OFFSET 100");
    for (const char* view : {"subsidy_trace", "subsidy_items", "fund_flow"}) {
      add(rows_, {fmt::format("{}, one award", view), events_, milliseconds(view, {{"award", award}}, at_), "ms", 5,
                  "the target"});
    }
    std::string asset = one("SELECT asset FROM pledge_registered ORDER BY entry_index DESC LIMIT 1 OFFSET 100");
    add(rows_, {"pledge_register, one asset", events_, milliseconds("pledge_register", {{"asset", asset}}, at_), "ms",
                5, "the target"});
    for (const query::Definition& view : query::views()) {
      if (view.name == "revenue" || view.name == "entries" || view.name == "postings" || view.name == "dossier")
        continue;
      add(rows_, {fmt::format("{}, everything", view.name), events_, milliseconds(view.name, {}, at_), "ms", 0, ""});
    }
    add(rows_, {"dossier, one platform", events_, milliseconds("dossier", {{"platform", platform}}, at_), "ms", 0, ""});
  }

  void findings() {
    Stopwatch watch;
    CpuWatch cpu;
    query::Table table = must(query::runFindings(*model_, at_, {}));
    double seconds = watch.seconds(), ofCpu = cpu.seconds();
    add(rows_, {"all findings", events_, seconds, "s", 1e-5 * static_cast<double>(events_), "the target"});
    add(rows_, {"the same: CPU time of its threads", events_, ofCpu, "s", 0, ""});
    std::multimap<double, std::string> slowest;
    for (const query::Definition& finding : query::findings()) {
      CpuWatch one;
      must(query::runDefinition(*model_, at_, finding, {}));
      slowest.emplace(-one.seconds(), finding.name);
    }
    int shown = 0;
    for (const auto& [negative, name] : slowest) {
      if (++shown <= 5) add(rows_, {"finding " + name, events_, -negative * 1000, "ms", 0, ""});
    }
  }

  std::vector<Row>& rows_;
  fs::path root_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::uint64_t events_;
  std::unique_ptr<query::ReadModel> model_;
  query::AsOf at_;
};

}  // namespace

void measureViews(std::vector<Row>& rows, const fs::path& root, std::size_t events) {
  simulate::Options options;
  options.platforms = static_cast<int>(std::max<std::size_t>(events / 1000, 10));
  must(simulate::record(root / "province", options, [](std::uint64_t) {}));
  measureViewsOf(rows, root, root / "province");
}

void measureViewsOf(std::vector<Row>& rows, const fs::path& root, const fs::path& ledger) {
  Views(rows, root, ledger).run();
}

}  // namespace pilotledger::bench
