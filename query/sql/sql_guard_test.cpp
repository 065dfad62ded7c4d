// SQL that means harm: each statement is refused or stopped within its limits, and the model answers
// afterwards as before.
#include <sys/resource.h>

#include <chrono>

#include "query/sql/postgres_sql.h"
#include "tests/support/books_fixture.h"

namespace pilotledger::query {
namespace {

using Clock = std::chrono::steady_clock;

constexpr SqlLimits kSmall{.time = std::chrono::milliseconds(400),
                           .memoryBytes = 48u << 20,
                           .temporaryBytes = 8u << 20,
                           .rows = 5000,
                           .resultBytes = 4u << 20};
const std::string kForever = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) ";

std::string repeated(std::string_view text, int times, std::string_view between = "") {
  std::string all;
  for (int i = 0; i < times; ++i) all += (i == 0 ? std::string() : std::string(between)) + std::string(text);
  return all;
}

// Each name stands for two of the one before: 2^30 in the end.
std::string doubling() {
  std::string sql = "WITH c0(x) AS (SELECT 1)";
  for (int i = 1; i <= 30; ++i)
    sql += ", c" + std::to_string(i) + "(x) AS (SELECT a.x FROM c" + std::to_string(i - 1) + " a, c" +
           std::to_string(i - 1) + " b)";
  return sql + " SELECT count(*) FROM c30";
}

struct Hostile {
  std::string sql;
  std::string because;  // in the message
};

std::vector<Hostile> hostile() {
  std::string wide = repeated("1", 600, ", ");
  std::string huge = "replace(replace(replace(replace('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'a', '" + repeated("a", 32) +
                     "'), 'a', '" + repeated("a", 32) + "'), 'a', '" + repeated("a", 12) + "'), 'b', '')";
  return {
      // functions
      {"SELECT load_extension('x')", "load_extension"},
      {"SELECT fts3_tokenizer('simple')", "fts3_tokenizer"},
      {"SELECT fts3_tokenizer('x', x'0000000000000000')", "fts3_tokenizer"},
      {"SELECT zeroblob(1000000000)", "zeroblob"},
      {"SELECT randomblob(1000000000)", "randomblob"},
      {"SELECT printf('%.1000000000f', 1)", "printf"},
      {"SELECT format('%*c', 1000000000, 'x')", "format"},
      {"SELECT hex(entry_index) FROM entry", "hex"},
      {"SELECT quote(x'00')", "quote"},
      {"SELECT char(1, 2)", "char"},
      {"SELECT random()", "random"},
      {"SELECT sqlite_version()", "sqlite_version"},
      {"SELECT sqlite_source_id()", "sqlite_source_id"},
      {"SELECT sqlite_compileoption_get(1)", "sqlite_compileoption_get"},
      {"SELECT last_insert_rowid()", "last_insert_rowid"},
      {"SELECT total_changes()", "total_changes"},
      {"SELECT sqlite_offset(entry_index) FROM entry", "sqlite_offset"},
      {"SELECT json_group_array(entry_index) FROM entry", "json_group_array"},
      {"SELECT unicode('x')", "unicode"},
      {"SELECT soundex('x')", "soundex"},
      {"WITH v AS (SELECT randomblob(9) AS x) SELECT * FROM v", "randomblob"},
      {"SELECT max((SELECT zeroblob(5))) FROM entry", "zeroblob"},
      {"SELECT 1 FROM entry ORDER BY randomblob(4)", "randomblob"},
      {"SELECT writefile('/tmp/x', 'y')", "writefile"},
      {"SELECT readfile('/etc/passwd')", "readfile"},
      {"SELECT edit('x')", "edit"},
      // tables that give no facts
      {"SELECT * FROM dbstat", "dbstat"},
      {"SELECT * FROM sqlite_stmt", "sqlite_stmt"},
      {"SELECT * FROM fts3tokenize('simple', 'a')", "fts3tokenize"},
      {"SELECT * FROM json_tree('[1]')", "json_tree"},
      {"SELECT * FROM pragma_database_list", ""},
      {"SELECT * FROM pragma_compile_options", ""},
      {"SELECT * FROM pragma_writable_schema", ""},
      {"SELECT * FROM generate_series(1, 1000000000)", "generate_series"},
      // anything but reading
      {"ATTACH '/tmp/x' AS x", "only reading"},
      {"DETACH temp", "only reading"},
      {"PRAGMA writable_schema = 1", "only reading"},
      {"PRAGMA journal_mode", "only reading"},
      {"PRAGMA hard_heap_limit = 0", "only reading"},
      {"CREATE TEMP TABLE t (a)", "only reading"},
      {"CREATE TEMP VIEW v AS SELECT 1", "only reading"},
      {"CREATE VIRTUAL TABLE temp.t USING fts5(a)", "only reading"},
      {"CREATE TEMP TRIGGER g AFTER INSERT ON fact_entry BEGIN SELECT 1; END", "only reading"},
      {"INSERT INTO fact_entry DEFAULT VALUES", "only reading"},
      {"WITH x AS (SELECT 1) DELETE FROM fact_entry", "only reading"},
      {"UPDATE fact_entry SET kind = ''", "only reading"},
      {"UPDATE sqlite_master SET sql = ''", ""},
      {"REPLACE INTO fact_entry DEFAULT VALUES", "only reading"},
      {"DROP TABLE fact_entry", "only reading"},
      {"ALTER TABLE fact_entry ADD x", "only reading"},
      {"VACUUM INTO '/tmp/copy.sqlite'", "only reading"},
      {"VACUUM", "only reading"},
      {"REINDEX", "only reading"},
      {"ANALYZE", "only reading"},
      {"BEGIN", "only reading"},
      {"COMMIT", "only reading"},
      {"SAVEPOINT s", "only reading"},
      {"ROLLBACK", "only reading"},
      {"SELECT 1; DROP TABLE fact_entry", "one statement"},
      // without end
      {kForever + "SELECT count(*) FROM n", "more than 0.4 s"},
      {kForever + "SELECT i FROM n", "rows"},
      {"SELECT count(*) FROM entry a, entry b, entry c, entry d, entry e, entry f, entry g, entry h",
       "more than 0.4 s"},
      {kForever + "SELECT group_concat(i) FROM n", ""},
      {kForever + "SELECT sum(i) OVER (ORDER BY -i) FROM n", ""},
      {"WITH RECURSIVE n(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM n) SELECT count(*) FROM n", "too big"},
      {kForever + "SELECT i FROM n ORDER BY i DESC", ""},
      {kForever + "SELECT DISTINCT i, " + huge + " FROM n", ""},
      {kForever + "SELECT i, " + huge + " FROM n LIMIT 4000", "more than 4 MiB"},
      {kForever + "SELECT " + huge + " || i AS s FROM n ORDER BY s", "stopped"},
      {kForever + ", m AS MATERIALIZED (SELECT i, " + huge + " AS s FROM n) SELECT count(*), max(s) FROM m", ""},
      {doubling(), "memory"},
      // too long, too deep, too wide
      {"SELECT " + repeated("(", 900) + "1" + repeated(")", 900), ""},
      {"SELECT " + repeated("1", 500, " + "), "depth"},
      {"SELECT " + wide, "too many"},
      {repeated("SELECT 1", 200, " UNION ALL "), "too many"},
      {"SELECT 1 WHERE 'x' LIKE '" + repeated("%a", 200) + "'", "LIKE"},
      {"SELECT '" + repeated("x", 200'000) + "'", "100000 bytes"},
      {"SELECT 1 FROM " + repeated("entry", 100, ", "), ""},
      {"SELECT trim('x', '" + repeated("y", 1000) + "')", "trim"},
      {"SELECT coalesce(" + repeated("1", 100, ", ") + ")", "too many arguments"},
      {std::string("SELECT 1\0; DROP TABLE fact_entry", 31), "character 0"},
  };
}

long peakKilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

class HostileSql : public Books {};

TEST_F(HostileSql, IsRefusedOrStoppedAndTheModelAnswersAsBefore) {
  award("A", 1000);
  auto m = model();
  auto at = m->asOf("").value();
  auto before = m->digest().value();
  EXPECT_GE(hostile().size(), 80u);
  long memory = peakKilobytes();
  for (const Hostile& one : hostile()) {
    auto begin = Clock::now();
    auto answer = runSql(*m, at, one.sql, kSmall);
    auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count();
    std::string shown = one.sql.substr(0, 100);
    EXPECT_FALSE(answer.ok()) << shown;
    if (answer.ok()) continue;
    EXPECT_NE(answer.error().message.en.find(one.because), std::string::npos) << shown << "\n"
                                                                              << answer.error().message.en;
    EXPECT_FALSE(answer.error().message.zh.empty()) << shown;
    EXPECT_LT(took, 4000) << shown;
  }
  EXPECT_LT(peakKilobytes() - memory, 200 * 1024);
  EXPECT_EQ(m->digest().value(), before);
  auto still = runSql(*m, at, "SELECT count(*) AS n FROM subsidy_awarded", kSmall);
  ASSERT_TRUE(still.ok());
  EXPECT_EQ(number(*still, 0, "n"), 1);
}

TEST_F(HostileSql, ListedFunctionsAnswer) {
  auto m = model();
  auto at = m->asOf("").value();
  for (const char* sql :
       {"SELECT trim('  x '), ltrim('00x', '0'), rtrim('x元元', '元'), trim('yxy', 'yz')",
        "SELECT count(*), kind FROM entry GROUP BY kind ORDER BY 1 DESC LIMIT 3",
        "SELECT row_number() OVER (ORDER BY entry_index) FROM entry", "SELECT value FROM json_each('[1,2]')",
        "SELECT date('2026-01-31', '+1 month'), strftime('%Y', '2026-01-01'), CURRENT_DATE",
        "SELECT 1 WHERE 'abc' LIKE 'a%' AND 'abc' GLOB '*c'",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT sum(i) FROM n",
        "EXPLAIN QUERY PLAN SELECT * FROM entry"}) {
    auto answer = runSql(*m, at, sql, kSmall);
    EXPECT_TRUE(answer.ok()) << sql << ": " << (answer.ok() ? "" : answer.error().message.en);
  }
  auto trimmed = runSql(*m, at,
                        "SELECT trim('  x ') || ltrim('00x', '0') || rtrim('x元元', '元') || trim('yxy', 'yz') || "
                        "trim('aa', 'a') || trim('x', '') || coalesce(trim(NULL, 'a'), '-')",
                        kSmall);
  ASSERT_TRUE(trimmed.ok());
  EXPECT_EQ(std::get<std::string>(trimmed->rows.at(0).at(0)), "xxxxx-");
}

TEST(PostgresSql, CallsAreFoundHoweverTheyAreWritten) {
  auto calls = [](std::string_view sql) { return toPostgres(sql).calls; };
  EXPECT_TRUE(calls("SELECT pg_sleep(9)").contains("PG_SLEEP"));
  EXPECT_TRUE(calls("SELECT pg_catalog . pg_sleep -- x\n (9)").contains("PG_SLEEP"));
  EXPECT_TRUE(calls("SELECT \"pg_sleep\"(9)").contains("\"pg_sleep\""));
  EXPECT_TRUE(calls("WITH pg_sleep(n) AS (SELECT 1) SELECT pg_sleep(5)").contains("PG_SLEEP"));
  EXPECT_FALSE(calls("WITH r(n) AS (SELECT 1), s AS (SELECT 2) SELECT * FROM r AS t(a)").contains("R"));
  EXPECT_FALSE(calls("SELECT 'pg_sleep(9)'").contains("PG_SLEEP"));
}

}  // namespace
}  // namespace pilotledger::query
