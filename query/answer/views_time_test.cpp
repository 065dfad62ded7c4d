// Both clocks under every view, what changed between two positions, and the way down to entries.
#include <gtest/gtest.h>

#include "query/report/report.h"
#include "tests/support/books_fixture.h"

namespace pilotledger::query {
namespace {

class Clocks : public Books {
 protected:
  void pledge() {
    must({"cus"}, "IpAssetRecorded",
         fmt::format(
             R"("number":"{}","kind":"INVENTION","owners":[{{"party":"{}","shareBp":10000}}],"expiresOn":"2043-05-01")",
             kPatent, kClient),
         "2025-01-02");
    must({"cus", "bnk"}, "PledgeAgreed",
         fmt::format(
             R"("pledge":"Z","assets":["{}"],"pledgors":["{}"],"pledgee":"{}","claimKind":"LOAN","amountFen":600,)"
             R"("debtTo":"2027-03-01","mainContract":"M","debtor":"{}","debtFrom":"2025-02-01","scope":"all")",
             kPatent, kClient, kBank, kClient),
         "2025-02-01");
    must({"cus", "bnk"}, "PledgeRegistered",
         fmt::format(R"("pledge":"Z","asset":"{}","regNo":"Y2026330000001")", kPatent), "2025-02-10");
  }
  std::string state(const std::string& on, const std::string& asOf = "") {
    Table table = view("pledge_register", {{"asset", kPatent}}, asOf, on);
    return table.rows.empty() ? "" : cell(table, 0, "state");
  }
};

TEST_F(Clocks, APledgeIsWhatItLegallyWasOnTheDay) {
  pledge();
  std::string registered = last();
  must({"bnk"}, "PledgeReleased", fmt::format(R"("pledge":"Z","assets":["{}"],"reason":"PERFORMED")", kPatent),
       "2025-09-01");
  EXPECT_EQ(state("2025-01-31"), "");
  EXPECT_EQ(state("2025-02-05"), "agreed");
  EXPECT_EQ(state("2025-08-31"), "active");
  EXPECT_EQ(state("2025-09-01"), "released");
  EXPECT_EQ(state("2025-09-01", registered), "active") << "the ledger did not know the release yet";
  EXPECT_EQ(state(""), "released");
}

TEST_F(Clocks, WhatIsVoidFromTheStartIsSoOnEveryDay) {
  pledge();
  std::string registered = last();
  must({"mkt"}, "PledgeRevoked", fmt::format(R"("pledge":"Z","assets":["{}"],"ground":"g")", kPatent), "2026-02-01");
  EXPECT_EQ(state("2025-08-31"), "revoked");
  EXPECT_EQ(state("2025-08-31", registered), "active");
}

TEST_F(Clocks, RevenueAndPlatformsKnowTheDay) {
  platform();
  must({"plt"}, "RevenueReceived", R"("platform":"P","stream":"SERVICE","grossFen":10,"netFen":10)", "2026-01-10");
  std::string id = events::formatUuid(town.nextId());
  must({"plt"}, "RevenueReceived", R"("platform":"P","stream":"SERVICE","grossFen":5,"netFen":5)",
       R"("id":")" + id + R"(","legalDate":"2026-01-20",)");
  EXPECT_EQ(number(view("revenue", {}, "", "2026-01-15"), 0, "net"), 10);
  EXPECT_EQ(number(view("revenue", {}, "", "2026-01-20"), 0, "net"), 15);
  EXPECT_EQ(number(view("platforms", {}, "", "2026-01-15"), 0, "net"), 10);
  EXPECT_EQ(view("platforms", {}, "", "2024-12-31").rows.size(), 0u);
  reverse(id);
  EXPECT_EQ(number(view("revenue", {}, "", "2026-01-20"), 0, "net"), 10) << "what was recorded wrongly was never so";
}

TEST_F(Clocks, ADifferenceNamesTheEntriesThatMadeIt) {
  award("A", 1000);
  receive("A", 800, "2026-03-05");
  std::string wrong = spend("A", "I", 300);
  std::string before = last();
  reverse(wrong);
  std::string reversal = last();
  std::string added = award("B", 50);
  auto m = model();
  auto from = m->asOf(before), to = m->asOf("");
  auto changes = compareViews(*m, *from, *to, "subsidy_trace", {});
  ASSERT_TRUE(changes.ok()) << changes.error().message.en;
  std::map<std::string, std::size_t> rows;
  for (std::size_t i = 0; i < changes->rows.size(); ++i)
    rows[cell(*changes, i, "row") + " " + cell(*changes, i, "column")] = i;
  ASSERT_TRUE(rows.contains("A spent"));
  EXPECT_EQ(cell(*changes, rows["A spent"], "before"), "3.00");
  EXPECT_EQ(cell(*changes, rows["A spent"], "after"), "0.00");
  EXPECT_EQ(cell(*changes, rows["A spent"], "entries"), reversal);
  ASSERT_TRUE(rows.contains("B "));
  EXPECT_EQ(cell(*changes, rows["B "], "change"), "added");
  EXPECT_EQ(cell(*changes, rows["B "], "entries"), added);
  EXPECT_FALSE(rows.contains("A awarded"));
  auto none = compareViews(*m, *to, *to, "subsidy_trace", {});
  EXPECT_TRUE(none->rows.empty());
}

TEST_F(Clocks, AFigureLeadsToItsEntries) {
  award("A", 1000);
  receive("A", 800, "2026-03-05");
  spend("A", "I", 300);
  std::string entry = last();
  auto m = model();
  auto at = m->asOf("");
  auto items = drillDown(*m, *at, "subsidy_trace", {}, 1);
  ASSERT_TRUE(items.ok()) << items.error().message.en;
  EXPECT_EQ(items->name, "subsidy_items");
  auto entries = drillDown(*m, *at, "subsidy_items", {{"step", "spent"}}, 1);
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->rows.size(), 1u);
  EXPECT_EQ(number(*entries, 0, "entry_index"), std::stoll(entry));
  EXPECT_EQ(cell(*entries, 0, "signers"), kPayee);
  EXPECT_FALSE(drillDown(*m, *at, "subsidy_trace", {}, 2).ok());
  Table trail = view("entries", {{"entity", "award:A"}});
  EXPECT_EQ(trail.rows.size(), 4u);
  EXPECT_EQ(view("entries", {{"entity", "award:B"}}).rows.size(), 0u);
}

TEST_F(Clocks, CodesAreSpelledOutForReadersOnly) {
  platform();
  must({"plt"}, "RevenueReceived", R"("platform":"P","stream":"SERVICE","grossFen":10,"netFen":10)");
  Table table = view("revenue");
  EXPECT_NE(render(table, "table", Language::Chinese)->find("服务收入"), std::string::npos);
  EXPECT_NE(render(table, "table", Language::English)->find("service income"), std::string::npos);
  EXPECT_NE(render(table, "csv", Language::Chinese)->find(",SERVICE,"), std::string::npos);
  EXPECT_NE(render(view("trial_balance"), "table", Language::Chinese)->find("收入/服务收入"), std::string::npos);
}

TEST_F(Clocks, ATamperedReadModelIsFoundOut) {
  award("A", 1000);
  auto m = model();
  EXPECT_FALSE(m->firstDifference()->has_value());
  ASSERT_TRUE(m->database().execute("UPDATE fact_subsidy_awarded SET amount_fen = 999").ok());
  auto found = m->firstDifference();
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_NE((*found)->find("fact_subsidy_awarded"), std::string::npos);
  ASSERT_TRUE(
      m->database()
          .execute(
              "UPDATE fact_subsidy_awarded SET amount_fen = 1000; UPDATE fact_month_subsidy_awarded SET amount_fen = 1")
          .ok());
  EXPECT_NE((*m->firstDifference())->find("fact_month_subsidy_awarded"), std::string::npos);
}

// Whatever a view declares is true of what it answers.
TEST_F(Clocks, EveryViewKeepsToItsHeader) {
  platform();
  auto m = model();
  auto at = m->asOf("");
  const std::set<std::string> readers = {"auditor", "bank", "platform", "authority", "everyone"};
  for (const Definition& view : views()) {
    SCOPED_TRACE(view.name);
    EXPECT_TRUE(readers.contains(view.reader)) << view.reader;
    EXPECT_FALSE(view.key.empty());
    auto table = runView(*m, *at, view.name, {});
    ASSERT_TRUE(table.ok()) << table.error().message.en;
    std::vector<std::string> declared, answered;
    for (const ColumnInfo& column : view.columns) declared.push_back(column.name);
    for (const ColumnInfo& column : table->columns) answered.push_back(column.name);
    EXPECT_EQ(declared, answered);
    for (const std::string& name : view.key) EXPECT_TRUE(std::count(declared.begin(), declared.end(), name)) << name;
    if (view.drillView.empty()) continue;
    const Definition* below = findView(view.drillView);
    ASSERT_NE(below, nullptr) << view.drillView;
    for (const auto& [parameter, column] : view.drillParameters) {
      EXPECT_TRUE(std::count(declared.begin(), declared.end(), column)) << column;
      EXPECT_TRUE(std::any_of(below->parameters.begin(), below->parameters.end(), [&](const Parameter& p) {
        return p.name == parameter;
      })) << parameter;
    }
  }
}

TEST_F(Clocks, TheTablesExplainThemselves) {
  auto m = model();
  auto at = m->asOf("");
  auto tables = runSql(*m, *at, ".tables");
  ASSERT_TRUE(tables.ok());
  for (const auto& row : tables->rows) {
    std::string name = std::get<std::string>(row[0]);
    auto columns = runSql(*m, *at, ".schema " + name);
    ASSERT_TRUE(columns.ok()) << name;
    auto rows = runSql(*m, *at, "SELECT * FROM \"" + name + "\" LIMIT 0");
    ASSERT_TRUE(rows.ok()) << name << ": " << rows.error().message.en;
    ASSERT_EQ(rows->columns.size(), columns->rows.size()) << name;
    for (std::size_t i = 0; i < rows->columns.size(); ++i)
      EXPECT_EQ(rows->columns[i].name, std::get<std::string>(columns->rows[i][0])) << name;
  }
  EXPECT_FALSE(runSql(*m, *at, ".schema nothing").ok());
}

}  // namespace
}  // namespace pilotledger::query
