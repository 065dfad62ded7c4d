// What is changed in a statement on its way to PostgreSQL, and what is not.
#include "query/sql/postgres_sql.h"

#include <gtest/gtest.h>

namespace pilotledger::query {
namespace {

std::string text(std::string_view sql) { return toPostgres(sql).text; }

TEST(PostgresSql, ParametersAreNumbered) {
  PostgresSql sql = toPostgres("SELECT :a, ':a', x::text, \":b\" -- :c\nWHERE :b = :a /* ? */");
  EXPECT_EQ(sql.text, "SELECT $1, ':a', x::text, \":b\" -- :c\nWHERE $2 = $1 /* ? */");
  EXPECT_EQ(sql.parameters, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(text("INSERT INTO fact_t VALUES (?,?)"), "INSERT INTO fact_t VALUES ($1,$2)");
  EXPECT_TRUE(toPostgres("SELECT 1 FROM fact_entry e, entry").factTables.contains("fact_entry"));
}

TEST(PostgresSql, TypesAreWide) {
  EXPECT_EQ(text("CAST(x AS INTEGER) + CAST(y AS REAL) + 100.0 * 7"),
            "CAST(x AS BIGINT) + CAST(y AS DOUBLE PRECISION) + 100.0::float8 * 7");
  EXPECT_EQ(text("CREATE TABLE t (x INTEGER) STRICT, WITHOUT ROWID;"), "CREATE TABLE t (x BIGINT)   ;");
}

TEST(PostgresSql, NullComesFirst) {
  EXPECT_EQ(text("ORDER BY a, b DESC, f(c, d) LIMIT 1"),
            "ORDER BY a NULLS FIRST, b DESC NULLS LAST, f(c, d) NULLS FIRST LIMIT 1");
  EXPECT_EQ(text("sum(x) OVER (PARTITION BY p ORDER BY q ROWS 1 PRECEDING) FROM t ORDER BY 1"),
            "sum(x) OVER (PARTITION BY p ORDER BY q NULLS FIRST ROWS 1 PRECEDING) FROM t ORDER BY 1 NULLS FIRST");
  EXPECT_EQ(text("(SELECT a FROM t ORDER BY (SELECT b ORDER BY c DESC) LIMIT 1) x"),
            "(SELECT a FROM t ORDER BY (SELECT b ORDER BY c DESC NULLS LAST) NULLS FIRST LIMIT 1) x");
  EXPECT_EQ(text("ORDER BY a NULLS LAST, b ASC;\n"), "ORDER BY a NULLS LAST, b ASC NULLS FIRST;\n");
  EXPECT_EQ(text("ORDER BY 'it''s', a  -- a comment"), "ORDER BY 'it''s' NULLS FIRST, a NULLS FIRST  -- a comment");
}

TEST(PostgresSql, CopyEscapesWhatWouldEndAValue) {
  std::string row;
  std::string value = "a\tb\nc\rd\\N'";
  appendCopyText(row, &value);
  row += '|';
  appendCopyText(row, nullptr);
  EXPECT_EQ(row, "a\\tb\\nc\\rd\\\\N'|\\N");
}

}  // namespace
}  // namespace pilotledger::query
