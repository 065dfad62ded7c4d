// One log, two engines: the same digest, the same rows of every view and finding, at every position.
// Run through postgres_test.sh, which starts the server and records the ledgers.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "query/answer/query.h"
#include "tests/support/books_fixture.h"

namespace pilotledger::query {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string url(const std::string& database) { return environment("PILOTLEDGER_TEST_POSTGRES") + "/" + database; }

template <typename T>
T good(Result<T> result) {
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
    return (here.ok() ? "answers" : here.error().message.en) + " / " +
           (there.ok() ? "answers" : there.error().message.en);
  }
  auto left = shown(*here), right = shown(*there);
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    std::string one = i < left.size() ? left[i] : "-", other = i < right.size() ? right[i] : "-";
    if (one != other)
      return fmt::format("row {} of {}/{}\n  SQLite     {}\n  PostgreSQL {}", i, left.size() - 1, right.size() - 1, one,
                         other);
  }
  return "";
}

// A ledger and its two models.
struct Pair {
  std::unique_ptr<ledger::Ledger> log;
  std::unique_ptr<ReadModel> sqlite, postgres;

  Pair(const std::filesystem::path& directory, const std::string& database)
      : log(good(ledger::Ledger::open(directory, ledger::OpenMode::ReadOnly))),
        sqlite(good(ReadModel::open(*log, ""))),
        postgres(good(ReadModel::open(*log, url(database)))) {}
  void expectSameAnswers(const std::string& asOf, const std::string& on) {
    SCOPED_TRACE("--as-of '" + asOf + "' --on '" + on + "'");
    AsOf here = good(sqlite->asOf(asOf, on)), there = good(postgres->asOf(asOf, on));
    EXPECT_EQ(here.position, there.position);
    EXPECT_EQ(here.on, there.on);
    auto compare = [&](const Definition& definition, const Parameters& parameters) {
      std::string differs = difference(runDefinition(*sqlite, here, definition, parameters),
                                       runDefinition(*postgres, there, definition, parameters));
      EXPECT_EQ(differs, "") << definition.name;
    };
    for (const Definition& view : views()) compare(view, {});
    for (const Definition& file : auditFiles()) compare(file, {});
    EXPECT_EQ(difference(runFindings(*sqlite, here, {}), runFindings(*postgres, there, {})), "");
  }
};

std::filesystem::path ledgers() { return environment("PILOTLEDGER_TEST_LEDGERS"); }

// Now, as the ledger knew it at an entry, and what was legally so on the day of the entry in the middle.
void expectSame(const std::string& name, std::uint64_t entry) {
  Pair pair(ledgers() / name, name);
  EXPECT_EQ(good(pair.sqlite->digest()), good(pair.postgres->digest()));
  pair.expectSameAnswers("", "");
  pair.expectSameAnswers(std::to_string(entry), "");
  pair.expectSameAnswers("", good(pair.sqlite->asOf(std::to_string(pair.log->size() / 2))).on);
}

TEST(Postgres, AnswersAsSqliteDoesOverTheProvince) { expectSame("province", 6000); }
TEST(Postgres, AnswersAsSqliteDoesOverTheStoryAndRealRecords) { expectSame("real", 177); }  // the story ends there

class PostgresBooks : public Books {
 protected:
  std::unique_ptr<ReadModel> kept() { return good(ReadModel::open(town.ledger(), url("books"))); }
  Digest expected() { return good(good(ReadModel::open(town.ledger(), ""))->digest()); }
};

TEST_F(PostgresBooks, CatchesUpInStepsToWhatARebuildGives) {
  EXPECT_EQ(good(kept()->digest()), expected());
  award("A", 1000);
  std::string spent = spend("A", "I", 10);
  EXPECT_EQ(good(kept()->digest()), expected());
  reverse(spent);                      // of a row that was kept before
  reverse(spend("A", "\\\\N'x", 20));  // of one on its way, with what COPY and SQL would take for their own
  EXPECT_EQ(good(kept()->digest()), expected());
  receive("A", 500, "2026-03-02");
  EXPECT_EQ(good(kept()->digest()), expected());
}

TEST_F(PostgresBooks, ASumThatLeaves64BitsIsCountedAndFails) {
  award("A", 9'000'000'000'000'000'000, R"(,"programme":"p")");
  EXPECT_EQ(good(kept()->digest()), expected());
  award("B", 9'000'000'000'000'000'000, R"(,"programme":"p")");
  auto postgres = kept();
  auto sqlite = good(ReadModel::open(town.ledger(), town.directory() / "views.sqlite"));
  AsOf at = good(postgres->asOf(""));
  for (const char* view : {"subsidy_totals", "trial_balance", "subsidy_trace"}) {
    EXPECT_EQ(difference(runView(*sqlite, at, view, {}), runView(*postgres, at, view, {})), "") << view;
  }
  EXPECT_FALSE(runView(*postgres, at, "subsidy_totals", {}).ok());
  EXPECT_TRUE(runView(*postgres, at, "postings", {}).ok()) << "and the connection is of use still";
}

TEST_F(PostgresBooks, WhatDoesNotFollowFromTheLogIsRebuilt) {
  award("A", 1000);
  Digest sound = expected();
  for (const char* damage :
       {"UPDATE cursor SET root = 'no root'", "UPDATE cursor SET position = 1000000", "UPDATE cursor SET version = 1",
        "UPDATE cursor SET log_key = 'of somebody else'", "DELETE FROM cursor", "DROP TABLE cursor"}) {
    ASSERT_TRUE(kept()->database().execute(std::string("DELETE FROM fact_subsidy_awarded; ") + damage).ok());
    EXPECT_EQ(good(kept()->digest()), sound) << damage;
  }
  auto model = kept();
  EXPECT_EQ(good(model->firstDifference()), std::nullopt);
  ASSERT_TRUE(model->database().execute("UPDATE fact_subsidy_awarded SET amount_fen = 999").ok());
  auto found = good(model->firstDifference());
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->starts_with("fact_subsidy_awarded: ")) << *found;
}

TEST_F(PostgresBooks, WhoReadsWhileAnotherRebuildsFinishes) {
  award("A", 1000);
  auto reader = kept();
  AsOf at = good(reader->asOf(""));
  Table before = good(runView(*reader, at, "subsidy_trace", {}));
  ASSERT_TRUE(kept()->database().execute("UPDATE cursor SET root = 'no root'").ok());
  award("B", 1000);
  auto rebuilt = kept();
  EXPECT_EQ(good(rebuilt->digest()), expected());
  EXPECT_EQ(good(runView(*reader, at, "subsidy_trace", {})).rows, before.rows);
}

TEST_F(PostgresBooks, SqlOnlyReads) {
  award("A", 1000);
  auto model = kept();
  AsOf at = good(model->asOf(""));
  EXPECT_EQ(good(runSql(*model, at, "SELECT sum(amount_fen) FROM subsidy_awarded")).rows,
            (std::vector<std::vector<Value>>{{std::int64_t{1000}}}));
  for (const char* writes :
       {"DELETE FROM fact_entry", "WITH gone AS (DELETE FROM fact_entry RETURNING 1) SELECT * FROM gone",
        "SELECT 1; SELECT 2", "SELECT set_config('transaction_read_only', 'off', false); DELETE FROM fact_entry",
        "DROP TABLE fact_entry", "COMMIT", "SELECT nextval('none')", "CREATE TABLE t (x INTEGER)", "SELECT 1 INTO t"}) {
    EXPECT_FALSE(runSql(*model, at, writes).ok()) << writes;
  }
  EXPECT_EQ(good(model->digest()), expected());
  auto refused = model->restrictTo(good(ReaderScope::of(town.ledger(), "public", 0)), {});
  EXPECT_EQ(refused.error().code, ErrorCode::Unsupported);
}

TEST_F(PostgresBooks, HostileSqlIsRefusedOrStopped) {
  auto model = kept();
  AsOf at = good(model->asOf(""));
  SqlLimits limits{.time = std::chrono::milliseconds(400), .rows = 1000};
  const std::pair<const char*, const char*> hostile[] = {
      {"SELECT pg_sleep(60)", "PG_SLEEP"},
      {"SELECT pg_catalog.\"pg_sleep\"(60)", "pg_sleep"},
      {"SELECT pg_read_file('/etc/passwd')", "PG_READ_FILE"},
      {"SELECT * FROM generate_series(1, 1000000000)", "GENERATE_SERIES"},
      {"SELECT set_config('statement_timeout', '0', false)", "SET_CONFIG"},
      {"SELECT pg_terminate_backend(1)", "PG_TERMINATE_BACKEND"},
      {"SELECT lo_import('/etc/passwd')", "LO_IMPORT"},
      {"SELECT repeat('x', 1000000000)", "REPEAT"},
      {"SELECT E'\\'' || pg_sleep(60) || ''", "is not taken"},
      {"SELECT $$'$$ || pg_sleep(60) || $$'$$", "is not taken"},
      {"SELECT 1 /* /* */ ' */ + pg_sleep(60) --'", "is not taken"},
      {"SELECT U&\"pg!005fsleep\"(60) UESCAPE '!'", "not available"},
      {"WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", "more than 0.4 s"},
      {"SELECT count(*) FROM entry a, entry b, entry c, entry d, entry e, entry f, entry g, entry h",
       "more than 0.4 s"},
      {"SELECT a.entry_index FROM entry a, entry b, entry c", "more than 1000 rows"}};
  for (const auto& [sql, because] : hostile) {
    auto answer = runSql(*model, at, sql, limits);
    ASSERT_FALSE(answer.ok()) << sql;
    EXPECT_NE(answer.error().message.en.find(because), std::string::npos) << sql << ": " << answer.error().message.en;
  }
  EXPECT_TRUE(runSql(*model, at,
                     "WITH r(n) AS (SELECT count(*) FROM entry) SELECT CAST(n AS NUMERIC(10, 2)) FROM r WHERE n IN "
                     "(SELECT n FROM r)",
                     limits)
                  .ok());
  EXPECT_EQ(good(model->digest()), expected());
}

}  // namespace
}  // namespace pilotledger::query
