// One log, two engines: the same digest, the same rows of every view and finding, at every position.
// Run through postgres_test.sh, which starts the server and records the ledgers.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <fstream>

#include "events/temporary_directory.h"
#include "query/findings.h"
#include "query/query.h"
#include "tools/simulate/recorder.h"

namespace pilotledger::query {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string url(const std::string& database) { return environment("PILOTLEDGER_TEST_POSTGRES") + "/" + database; }

template <typename T>
T must(Result<T> result) {
  EXPECT_TRUE(result.ok()) << result.error().message.en;
  if (!result.ok()) std::exit(1);
  return std::move(result).value();
}

std::string shown(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return "'" + *text + "'";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{:.17g}r", *real);
  return "NULL";
}

std::vector<std::string> shown(const Table& table) {
  std::vector<std::string> rows = {std::to_string(table.columns.size()) + " columns"};
  for (const auto& row : table.rows) {
    std::string& text = rows.emplace_back();
    for (const Value& value : row) text += shown(value) + " ";
  }
  return rows;
}

// The first line in which they differ; "" when in none.
std::string difference(const Result<Table>& here, const Result<Table>& there) {
  if (!here.ok() || !there.ok()) {
    if (here.ok() == there.ok() && here.error().message.en == there.error().message.en) return "";
    return (here.ok() ? "answers" : here.error().message.en) + " / " + (there.ok() ? "answers" : there.error().message.en);
  }
  auto left = shown(*here), right = shown(*there);
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    std::string one = i < left.size() ? left[i] : "-", other = i < right.size() ? right[i] : "-";
    if (one != other) return fmt::format("row {} of {}/{}\n  SQLite     {}\n  PostgreSQL {}", i, left.size() - 1, right.size() - 1, one, other);
  }
  return "";
}

// A ledger and its two models.
struct Pair {
  std::unique_ptr<ledger::Ledger> log;
  std::unique_ptr<ReadModel> sqlite, postgres;

  Pair(const std::filesystem::path& directory, const std::string& database)
      : log(must(ledger::Ledger::open(directory, ledger::OpenMode::ReadOnly))),
        sqlite(must(ReadModel::open(*log, ""))),
        postgres(must(ReadModel::open(*log, url(database)))) {}
  AsOf at(const std::string& asOf, const std::string& on) const { return must(sqlite->asOf(asOf, on)); }

  void expectSameAnswers(const std::string& asOf, const std::string& on) {
    SCOPED_TRACE("--as-of '" + asOf + "' --on '" + on + "'");
    AsOf here = must(sqlite->asOf(asOf, on)), there = must(postgres->asOf(asOf, on));
    EXPECT_EQ(here.position, there.position);
    EXPECT_EQ(here.on, there.on);
    auto compare = [&](const Definition& definition, const Parameters& parameters) {
      std::string differs = difference(runDefinition(*sqlite, here, definition, parameters), runDefinition(*postgres, there, definition, parameters));
      EXPECT_EQ(differs, "") << definition.name;
    };
    for (const Definition& view : views()) compare(view, {});
    for (const Definition& file : auditFiles()) compare(file, {});
    for (const Definition& finding : findings()) compare(finding, {});
    EXPECT_EQ(difference(runFindings(*sqlite, here, {}), runFindings(*postgres, there, {})), "");
  }
};

std::filesystem::path ledgers() { return environment("PILOTLEDGER_TEST_LEDGERS"); }

void expectSame(const std::string& name) {
  Pair pair(ledgers() / name, name);
  EXPECT_EQ(must(pair.sqlite->digest()), must(pair.postgres->digest()));
  std::uint64_t middle = pair.log->size() / 2;
  std::string day = must(pair.sqlite->asOf(std::to_string(middle))).on;
  pair.expectSameAnswers("", "");
  pair.expectSameAnswers(std::to_string(middle), "");
  pair.expectSameAnswers(std::to_string(pair.log->size() * 4 / 5), "");
  pair.expectSameAnswers("", day);
}

TEST(Postgres, AnswersAsSqliteDoesOverTheProvince) { expectSame("province"); }
TEST(Postgres, AnswersAsSqliteDoesOverTheStory) { expectSame("story"); }
TEST(Postgres, AnswersAsSqliteDoesOverRealRecords) { expectSame("real"); }

}  // namespace
}  // namespace pilotledger::query
