// Rows that reach their tables later, by another thread: none is lost, none that is refused goes unnoticed.
#include <gtest/gtest.h>

#include <string>

#include "query/sql/sqlite.h"

namespace pilotledger::query {
namespace {

constexpr int kMany = 100'000;  // more cells than are written at once

class Rows : public ::testing::Test {
 protected:
  Rows() {
    EXPECT_TRUE(database
                    .execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT, more INTEGER); CREATE TABLE u (n "
                             "INTEGER PRIMARY KEY) WITHOUT ROWID")
                    .ok());
  }
  Statement into(const std::string& table, const std::string& columns) {
    return database.prepareInsert(table, columns).value();
  }
  static Status add(Statement& insert, std::int64_t n, std::string_view text) {
    insert.bindInt(1, n);
    insert.bindStaticText(2, text);
    insert.bindNull(3);
    return insert.run();
  }
  std::string scalar(const std::string& sql) { return database.scalar(sql).value().value(); }

  Database database = openSqlite("").value();
};

TEST_F(Rows, AllArriveAsTheyWereBound) {
  Statement t = into("t", "n, text, more"), u = into("u", "n");
  ASSERT_TRUE(database.begin().ok());
  for (int n = 0; n < kMany; ++n) {
    std::string text = n % 3 == 0 ? "" : "行 " + std::to_string(n);  // gone before it is written
    ASSERT_TRUE(add(t, n, text).ok());
    if (n % 7 != 0) continue;
    u.bindInt(1, n);
    ASSERT_TRUE(u.run().ok());
  }
  EXPECT_EQ(scalar("SELECT count(*) FROM t"), std::to_string(kMany)) << "a statement in between sees every row";
  ASSERT_TRUE(add(t, kMany, "last").ok());
  ASSERT_TRUE(database.commit().ok());
  EXPECT_EQ(scalar("SELECT count(*) FROM t WHERE text = CASE WHEN n = 100000 THEN 'last' WHEN n % 3 = 0 THEN '' ELSE "
                   "'行 ' || n END AND more IS NULL"),
            std::to_string(kMany + 1));
  EXPECT_EQ(scalar("SELECT count(*) || ' ' || sum(n % 7) FROM u"), std::to_string((kMany + 6) / 7) + " 0");
}

TEST_F(Rows, ThoseOfAStatementThatGoesAreWritten) {
  {
    Statement t = into("t", "n, text, more");
    ASSERT_TRUE(add(t, 1, "kept").ok());
    t.bindInt(1, 2);  // never run: no row
  }
  EXPECT_EQ(scalar("SELECT group_concat(text) FROM t"), "kept");
}

TEST_F(Rows, ARefusedRowStopsTheCommit) {
  Statement t = into("t", "n, text, more");
  ASSERT_TRUE(database.begin().ok());
  ASSERT_TRUE(add(t, 1, "one").ok());
  ASSERT_TRUE(add(t, 1, "again").ok());
  EXPECT_FALSE(database.execute("CREATE TABLE v (n)").ok());
  EXPECT_FALSE(database.commit().ok()) << "still";
  database.rollback();
  EXPECT_EQ(scalar("SELECT count(*) FROM t"), "0");
  ASSERT_TRUE(database.begin().ok());
  ASSERT_TRUE(add(t, 2, "two").ok());
  ASSERT_TRUE(database.commit().ok());
  EXPECT_EQ(scalar("SELECT group_concat(text) FROM t"), "two");
}

TEST_F(Rows, WhatWaitsIsRolledBackToo) {
  Statement t = into("t", "n, text, more");
  ASSERT_TRUE(database.begin().ok());
  for (int n = 0; n < kMany; ++n) ASSERT_TRUE(add(t, n, "x").ok());
  t.bindInt(1, kMany);  // in the middle of a row
  database.rollback();
  ASSERT_TRUE(add(t, 5, "after").ok());
  EXPECT_EQ(scalar("SELECT n || text FROM t"), "5after");
}

TEST_F(Rows, ATableThatIsNotThereIsSaidAtOnce) { EXPECT_FALSE(database.prepareInsert("w", "n").ok()); }

}  // namespace
}  // namespace pilotledger::query
