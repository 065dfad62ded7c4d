// Forms of a report and exports: what is in them, and that the same table gives the same bytes.
#include <nlohmann/json.hpp>

#include "ledger/crypto/encoding.h"
#include "query/answer/table_format.h"
#include "query/report/chart.h"
#include "query/report/journal.h"
#include "query/report/package.h"
#include "query/report/report.h"
#include "query/sql/sqlite.h"
#include "tests/support/report_fixture.h"

namespace pilotledger::query {
namespace {

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t number = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++number;
  return number;
}

Table flows() {
  Table table{"flows", 1, {"Flows", "流向"}, {}, {}, {}, {}};
  table.columns = {{"from", "text", {"From", "来源"}},      {"to", "text", {"To", "去向"}},
                   {"due", "date", {"Due", "到期"}},        {"currency", "text", {"Currency", "币种"}},
                   {"amount", "money", {"Amount", "金额"}}, {"state", "text", {"State", "状态"}}};
  auto add = [&](const char* from, const char* to, const char* due, const char* currency, std::int64_t amount,
                 const char* state) {
    table.rows.push_back(
        {std::string(from), std::string(to), std::string(due), std::string(currency), amount, std::string(state)});
  };
  add("省", "县<A>", "2026-02-01", "CNY", 100'000'000, "active");
  add("省", "县B", "2026-12-31", "CNY", 300'000'000, "active");
  add("省", "县B", "2027-01-01", "CNY", 500'000'000, "released");
  add("省", "县C", "2026-05-01", "USD", 700, "active");
  return table;
}

TEST(Chart, DeclarationsAreChecked) {
  auto spec = parseChart("bars quarter(due) amount state=active");
  ASSERT_TRUE(spec.ok());
  EXPECT_EQ(spec->unit, "quarter");
  EXPECT_EQ(spec->filter.at("state"), "active");
  for (const char* bad : {"", "bars x", "pie a b", "stacked a b", "bars week(a) b", "sankey a b"})
    EXPECT_FALSE(parseChart(bad).ok()) << bad;
  EXPECT_FALSE(drawChart(flows(), parseChart("bars nothing amount").value(), Language::English).ok());
  for (const Definition& view : views()) {
    for (const std::string& chart : view.charts) {
      auto parsed = parseChart(chart);
      ASSERT_TRUE(parsed.ok()) << view.name;
      Table empty{view.name, 1, view.title, view.columns, {}, {}, {}};
      EXPECT_TRUE(drawChart(empty, *parsed, Language::Chinese).ok()) << view.name << ": " << chart;
    }
  }
}

TEST(Chart, BarsByQuarterFillTheGapsAndFilter) {
  std::string svg =
      drawChart(flows(), parseChart("bars quarter(due) amount state=active").value(), Language::Chinese).value();
  EXPECT_EQ(count(svg, "<figure>"), 2u) << "one a currency";
  EXPECT_NE(svg.find("2026-Q1  100</title>"), std::string::npos) << svg;
  EXPECT_NE(svg.find(">2026-Q2</text>"), std::string::npos) << "an empty quarter is shown";
  EXPECT_EQ(svg.find("2027-Q1"), std::string::npos) << "released rows are filtered";
  EXPECT_NE(svg.find("万元"), std::string::npos);
}

TEST(Chart, SankeyConservesAmountsAndEscapesNames) {
  std::string svg = drawChart(flows(), parseChart("sankey from to amount").value(), Language::English).value();
  EXPECT_NE(svg.find("省 → 县B: 8</title>"), std::string::npos) << svg;
  EXPECT_NE(svg.find("省 9</text>"), std::string::npos) << "a node is the sum of its flows, in millions";
  EXPECT_EQ(svg.find("县<A>"), std::string::npos);
  EXPECT_NE(svg.find("县&lt;A&gt;"), std::string::npos);
}

TEST(Chart, StepsOfAChainAreJoined) {
  Table table = flows();
  table.rows.clear();
  auto add = [&](const char* from, const char* to, std::int64_t amount) {
    table.rows.push_back(
        {std::string(from), std::string(to), std::string(), std::string("CNY"), amount, std::string()});
  };
  add("payee", "supplier", 100'000'000);
  add("county", "payee", 200'000'000);
  add("province", "county", 300'000'000);
  add("supplier", "supplier", 100'000'000);
  std::string svg = drawChart(table, parseChart("steps from to amount").value(), Language::English).value();
  EXPECT_NE(svg.find("county 3</text>"), std::string::npos) << "the greater of in and out\n" << svg;
  EXPECT_NE(svg.find("payee → supplier: 1</title>"), std::string::npos);
  EXPECT_EQ(svg.find("supplier → supplier"), std::string::npos);
  add("supplier", "province", 100'000'000);  // a circle
  EXPECT_TRUE(drawChart(table, parseChart("steps from to amount").value(), Language::English).ok());
}

TEST(Chart, ManyNodesAreFolded) {
  Table table = flows();
  for (int i = 0; i < 40; ++i)
    table.rows.push_back({std::string("省"), fmt::format("县{:02}", i), std::string(), std::string("CNY"),
                          std::int64_t{1'000'000 + i}, std::string()});
  std::string svg = drawChart(table, parseChart("sankey from to amount").value(), Language::English).value();
  EXPECT_NE(svg.find("31 others"), std::string::npos) << svg;
}

TEST_F(SmallBooks, TotalsAreByCurrencyAndLeaveOutWhatOverflows) {
  Table table = flows();
  EXPECT_TRUE(totalsOf(table).empty()) << "the steps of a flow are the same money";
  table.name = "postings";  // which adds its amounts
  auto totals = totalsOf(table);
  ASSERT_EQ(totals.size(), 2u);
  EXPECT_EQ(totals[0].sums[4], 900'000'000);
  EXPECT_EQ(totals[1].sums[4], 700);
  table.rows[0][4] = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(totalsOf(table)[0].sums[4], std::nullopt);
  EXPECT_TRUE(totalsOf(view("account_freshness")).empty() || !totalsOf(view("account_freshness"))[0].sums[4])
      << "the view says: none";
}

TEST_F(SmallBooks, EveryFormHasTheHeaderAndIsDeterministic) {
  Table table = view("subsidy_trace", {{"award", "A1"}});
  std::string root = crypto::toBase64(table.at.root), policy = policyVersion(table.at.policy);
  ASSERT_TRUE(policy.starts_with("1-")) << policy;
  for (const char* format : {"table", "json", "html"}) {
    std::string text = render(table, format, Language::English).value();
    EXPECT_NE(text.find(policy), std::string::npos) << format;
    std::string shown = std::string(format) == "html" ? escapeHtml(root) : root;
    EXPECT_NE(text.find(shown), std::string::npos) << format;
  }
  for (const char* format : {"xlsx", "html"}) {
    for (Language language : {Language::English, Language::Chinese})
      EXPECT_EQ(render(table, format, language).value(), render(table, format, language).value());
  }
  EXPECT_TRUE(render(table, "xlsx", Language::English)->starts_with("PK"));
}

TEST_F(SmallBooks, HtmlIsSelfContainedAndEscaped) {
  std::string html = render(view("platforms"), "html", Language::Chinese).value();
  EXPECT_NE(html.find("=平台 &lt;1&gt;"), std::string::npos);
  EXPECT_EQ(html.find("平台 <1>"), std::string::npos);
  for (const char* outside : {"src=", "href=", "url(", "@import", "<script"})
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  std::string revenue = render(view("revenue"), "html", Language::Chinese).value();
  EXPECT_NE(revenue.find(">2026-02</text>"), std::string::npos) << "a month without revenue is in the chart";
}

TEST_F(SmallBooks, CsvIsSafeForSpreadsheetsUnlessExact) {
  Table table = view("platforms");
  EXPECT_NE(renderCsv(table).find(",'=平台"), std::string::npos);
  EXPECT_NE(renderCsv(table, CsvText::Exact).find(",=平台"), std::string::npos);
  Table sql = runSql(model(), now(), "SELECT -5 AS number, '-5' AS text").value();
  EXPECT_EQ(renderCsv(sql), "number,text\n-5,'-5\n") << "numbers are no formulas, whatever their column says";
}

TEST_F(SmallBooks, EveryAccountOfTheSchemaHasAClass) {
  ASSERT_TRUE(model().show(now()).ok());
  for (const events::Kind& kind : events::kinds()) {
    for (const auto& rule : kind.postings) {
      for (const auto& leg : rule.legs) {
        std::string base = leg.account.source.substr(0, leg.account.source.find('/'));
        auto found = runSql(model(), now(), "SELECT class FROM account_class WHERE base = " + quoteText(base));
        ASSERT_TRUE(found.ok());
        EXPECT_FALSE(found->rows.empty())
            << kind.name << " posts to " << base << ", which views/shared/05_account_class.sql does not list";
      }
    }
  }
}

TEST_F(SmallBooks, JournalsDeclareAndBalance) {
  std::string hledger = writeJournal(model(), now(), "o.example", JournalKind::Hledger).value();
  EXPECT_NE(hledger.find("account Expenses:91330100MA2PLT015B:Spent:Equipment\n"), std::string::npos) << hledger;
  EXPECT_NE(hledger.find("commodity 1000.00 CNY\n"), std::string::npos);
  EXPECT_NE(hledger.find("  Assets:91330100MA2PLT015B:Cash-special  -1000.50 CNY\n"), std::string::npos) << hledger;
  std::string beancount = writeJournal(model(), now(), "o.example", JournalKind::Beancount).value();
  EXPECT_NE(beancount.find("2026-03-20 open Income:P:Revenue:TECHNOLOGY-SALES\n"), std::string::npos) << beancount;
  EXPECT_NE(beancount.find("\n  entry: "), std::string::npos);
}

TEST_F(SmallBooks, DataPackageListsWhatItHolds) {
  std::map<std::string, std::string> files;
  auto keep = [&](const std::string& path, std::string_view bytes) -> Status {
    EXPECT_TRUE(files.emplace(path, bytes).second) << path << " twice";
    return {};
  };
  ASSERT_TRUE(writeDataPackage(town.ledger(), model(), now(), keep).ok());
  auto package = nlohmann::json::parse(files.at("datapackage.json"));
  EXPECT_EQ(package["resources"].size(), files.size() - 1);
  for (const auto& resource : package["resources"]) {
    const std::string& bytes = files.at(resource["path"]);
    EXPECT_EQ(resource["hash"], "sha256:" + crypto::toHex(crypto::hash(crypto::SuiteId::Ed25519Sha256, viewOf(bytes))));
    EXPECT_EQ(bytes.substr(0, bytes.find(',')), resource["schema"]["fields"][0]["name"]);
    if (resource["name"] == "expenditure_recorded") {
      std::map<std::string, std::string> types;
      for (const auto& field : resource["schema"]["fields"]) types[field["name"]] = field["type"];
      EXPECT_EQ(types["paid_on"], "date");
      EXPECT_EQ(types["invoice_date"], "date");
      EXPECT_EQ(types["claim_fen"], "integer");
      EXPECT_EQ(types["award"], "string");
    }
  }
  EXPECT_TRUE(files.contains("data/posting.csv"));
}

TEST_F(SmallBooks, AuditPackageTiesOutAndMarksItsNames) {
  std::map<std::string, std::string> files;
  auto keep = [&](const std::string& path, std::string_view bytes) -> Status {
    files.emplace(path, bytes);
    return {};
  };
  ASSERT_TRUE(writeAuditPackage(town.ledger(), model(), now(), keep).ok());
  const std::string& mapping = files.at("mapping.csv");
  EXPECT_EQ(count(mapping, "\n"), count(mapping, ",unverified\n") + 1) << "each name says that it is unverified";
  for (const Definition& definition : auditFiles()) {
    Table table = runDefinition(model(), now(), definition, {}).value();
    for (const std::string& line : definition.maps) {
      std::string column = line.substr(0, line.find(" = "));
      EXPECT_TRUE(std::any_of(table.columns.begin(), table.columns.end(),
                              [&](const ColumnInfo& c) { return c.name == column; }))
          << definition.name << "." << column;
    }
    if (definition.name != "balances" && definition.name != "vouchers") continue;
    std::int64_t sum = 0;
    for (const auto& row : table.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (table.columns[i].name == "debit") sum += std::get<std::int64_t>(row[i]);
        if (table.columns[i].name == "credit") sum -= std::get<std::int64_t>(row[i]);
      }
    }
    EXPECT_EQ(sum, 0) << definition.name;
    EXPECT_FALSE(table.rows.empty());
  }
}

TEST_F(SmallBooks, SqliteCopyHasTheCheckpoint) {
  auto path = town.directory() / "copy.sqlite";
  AsOf early = model().asOf(std::to_string(town.ledger().size() - 2)).value();
  ASSERT_TRUE(writeSqlite(town.ledger(), model(), early, path).ok());
  EXPECT_EQ(writeSqlite(town.ledger(), model(), early, path).error().code, ErrorCode::Conflict);
  auto copy = openSqlite(path).value();
  EXPECT_EQ(copy.scalar("SELECT count(*) FROM entry").value(), std::to_string(early.position));
  EXPECT_EQ(copy.scalar("SELECT sum(amount) FROM posting").value(), "0");
  EXPECT_EQ(copy.scalar("SELECT value FROM checkpoint WHERE name = 'root'").value(), crypto::toBase64(early.root));
}

TEST_F(SmallBooks, FreshnessOfAccounts) {
  Table table = view("account_freshness");
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(std::get<std::string>(table.rows[0][3]), "failed") << "one payment has no reference";
  EXPECT_EQ(std::get<std::string>(table.rows[0][1]), "6222****3344") << "payments lie on the account that received";
  EXPECT_EQ(std::get<std::int64_t>(table.rows[0][4]), 300000 - 100050 - 20000);
}

}  // namespace
}  // namespace pilotledger::query
