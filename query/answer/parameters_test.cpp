// What people write after KEY= finds what they mean, or says why not: never an empty table for an answer. And what the
// views' headers promise about parameters and totals holds for each of them.
#include "query/answer/parameters.h"

#include <gtest/gtest.h>

#include "query/answer/table_format.h"
#include "query/report/report.h"
#include "tests/support/books_fixture.h"

namespace pilotledger::query {
namespace {

class Asked : public Books {
 protected:
  Asked() {
    platform();
    award("A-eq", 1000, R"(,"platform":"P")");
    must({"cus"}, "IpAssetRecorded",
         fmt::format(R"("number":"ZL202311000001.1","kind":"INVENTION","owners":[{{"party":"{}"}}])", kClient));
    must({"cus", "bnk"}, "PledgeAgreed",
         fmt::format(R"("pledge":"ZY","assets":["ZL202311000001.1"],"pledgors":["{}"],"pledgee":"{}",)"
                     R"("claimKind":"LOAN","amountFen":5,"debtFrom":"2026-03-01","debtTo":"2027-03-01","scope":"all")",
                     kClient, kBank));
    model_ = model();
  }
  Result<Table> ask(const std::string& view, const Parameters& parameters) {
    return askView(*model_, *model_->asOf(""), view, parameters);
  }
  std::size_t rows(const std::string& view, const Parameters& parameters) {
    auto table = ask(view, parameters);
    EXPECT_TRUE(table.ok()) << view << ": " << table.error().message.en;
    return table.ok() ? table->rows.size() : 0;
  }
  Error refusal(const std::string& view, const Parameters& parameters) {
    auto table = ask(view, parameters);
    EXPECT_FALSE(table.ok()) << view << " gives " << table->rows.size() << " rows";
    if (table.ok()) return {};
    EXPECT_FALSE(table.error().message.zh.empty());
    EXPECT_NE(table.error().message.zh, table.error().message.en);
    return table.error();
  }
  std::unique_ptr<ReadModel> model_;
};

TEST_F(Asked, NamesAreFoundInEverySpelling) {
  for (const char* award : {"A-eq", "a-EQ", "award:A-eq", " A-eq"})
    EXPECT_EQ(rows("subsidy_trace", {{"award", award}}), 1u) << award;
  for (const char* asset :
       {"CN2023110000011", "ZL 2023 1 1000001.1", "专利号：ZL202311000001.1", "ip:ZL202311000001.1"})
    EXPECT_EQ(rows("pledge_register", {{"asset", asset}}), 1u) << asset;
  for (const std::string& bank : {std::string(kBank), std::string("91330200ma2bnk027m"), "party:" + std::string(kBank),
                                  std::string("bnk"), std::string("BNK")})
    EXPECT_EQ(rows("pledge_register", {{"pledgee", bank}}), 1u) << bank;
  EXPECT_EQ(rows("entries", {{"entity", "award:a-eq"}}), 1u);
  EXPECT_EQ(rows("entries", {{"kind", "补助下达"}}), 1u);
  EXPECT_EQ(rows("pledge_register", {{"state", "约定"}}), 1u) << "codes by their labels";
  EXPECT_EQ(rows("subsidy_trace", {{"instrument", "OTHER"}}), 1u) << "values in another case";
  EXPECT_EQ(rows("trial_balance", {{"books", "p"}}), 0u) << "a platform without postings is an answer";
}

TEST_F(Asked, WhatNoEntryNamesIsNotFoundWithTheNearest) {
  Error error = refusal("subsidy_trace", {{"award", "A-ex"}});
  EXPECT_EQ(error.code, ErrorCode::NotFound);
  EXPECT_NE(error.message.en.find("did you mean 'award:A-eq'"), std::string::npos) << error.message.en;
  for (const auto& [view, parameters] :
       std::vector<std::pair<std::string, Parameters>>{{"pledge_register", {{"asset", "ZL202321000001.7"}}},
                                                       {"pledge_register", {{"pledgee", "91330100MA2PLT099Q"}}},
                                                       {"pledge_register", {{"pledgee", "无此银行"}}},
                                                       {"revenue", {{"platform", "Q"}}},
                                                       {"entries", {{"entity", "award:nothing"}}},
                                                       {"trial_balance", {{"books", "nobody"}}},
                                                       {"subsidy_trace", {{"instrument", "none such"}}}}) {
    Error refused = refusal(view, parameters);
    EXPECT_TRUE(refused.code == ErrorCode::NotFound || refused.code == ErrorCode::InvalidInput) << view;
  }
}

TEST_F(Asked, WhatCannotBeIsRefused) {
  for (const auto& [view, parameters] :
       std::vector<std::pair<std::string, Parameters>>{{"revenue", {{"year", "abc"}}},
                                                       {"revenue", {{"year", "26"}}},
                                                       {"revenue", {{"by", "week"}}},
                                                       {"revenue", {{"stream", "SERVICES"}}},
                                                       {"receipts", {{"period", "2026-13"}}},
                                                       {"receipts", {{"period", "2026-Q5"}}},
                                                       {"receipts", {{"currency", "RMBX"}}},
                                                       {"portfolio_calendar", {{"days", "soon"}}},
                                                       {"entries", {{"list", "1,x"}}},
                                                       {"entries", {{"kind", "NoSuchKind"}}},
                                                       {"entries", {{"entity", "foo:bar"}}},
                                                       {"fund_flow_totals", {{"city", "Hangzhou"}}},
                                                       {"subsidy_trace", {{"award", "А-eq"}}},
                                                       {"pledge_register", {{"asset", "CN101234562"}}}}) {
    EXPECT_EQ(refusal(view, parameters).code, ErrorCode::InvalidInput) << view << " " << parameters.begin()->second;
  }
  EXPECT_EQ(refusal("entries", {{"entity", "party:" + std::string(kBank)}}).code, ErrorCode::Unsupported)
      << "this view would be silent about parties";
}

TEST(ViewHeaders, EveryParameterHasATypeThatItsViewCanRead) {
  for (const Definition& view : views()) {
    for (const Parameter& parameter : view.parameters) {
      EXPECT_NE(parameter.type, "text") << view.name << " " << parameter.name;
      bool value = parameter.type == "value";  // value:TABLE.COLUMN is found when it is asked
      std::string column = value ? parameter.name : parameter.type.starts_with("code:") ? parameter.type.substr(5) : "";
      if (column.empty()) continue;
      auto at = std::find_if(view.columns.begin(), view.columns.end(),
                             [&](const ColumnInfo& info) { return info.name == column; });
      ASSERT_NE(at, view.columns.end()) << view.name << " " << parameter.name;
      EXPECT_TRUE(value || !at->codes.empty()) << view.name << " " << parameter.name;
    }
  }
}

// A sum over rows of unlike things is a wrong answer: a view with money says what may be added, and one whose rows are
// stages, steps or sections of the same money adds nothing.
TEST(ViewHeaders, EveryViewWithMoneySaysWhatMayBeAdded) {
  for (const Definition& view : views()) {
    std::set<std::string> money;
    bool mixed = false;
    for (const ColumnInfo& column : view.columns) {
      if (column.type == "money") money.insert(column.name);
      for (std::string_view name : {"section", "step", "stage", "dimension"}) mixed = mixed || column.name == name;
      mixed = mixed || (view.name == "fund_flow" && column.name == "level");
    }
    EXPECT_EQ(view.totals.empty(), money.empty()) << view.name;
    if (view.totals == std::vector<std::string>{"none"}) continue;
    EXPECT_TRUE(!mixed || view.totals.empty()) << view.name << " adds what is the same money at several stages";
    for (const std::string& name : view.totals) EXPECT_TRUE(money.contains(name)) << view.name << " " << name;
  }
}

TEST_F(Asked, FindingsAndStagesAreNotAdded) {
  Table findings = audit({});
  EXPECT_TRUE(totalsOf(findings).empty());
  receive("A-eq", 500, "2026-03-02");
  model_ = model();
  Table items = *ask("subsidy_items", {{"award", "A-eq"}});
  ASSERT_GT(items.rows.size(), 2u);
  for (const Total& total : totalsOf(items)) {
    for (const auto& sum : total.sums) EXPECT_FALSE(sum);
  }
}

TEST_F(Asked, AFilteredAnswerSaysSoAndTellsHowToAskAgain) {
  Table table = *ask("subsidy_trace", {{"award", "a-EQ"}, {"instrument", "other"}});
  for (Language language : {Language::English, Language::Chinese}) {
    std::string text = *render(table, "table", language);
    EXPECT_NE(text.find("award=A-eq  instrument=other"), std::string::npos) << text;
  }
  EXPECT_NE(render(table, "json", Language::English)->find(R"("award":"A-eq")"), std::string::npos);
  EXPECT_NE(verificationSteps(table)[1].en.find(" award=A-eq instrument=other "), std::string::npos)
      << verificationSteps(table)[1].en;
  Table findings = audit({"H", "s01", {}});
  EXPECT_NE(verificationSteps(findings)[1].en.find(" --code S01 --severity H "), std::string::npos)
      << verificationSteps(findings)[1].en;
}

}  // namespace
}  // namespace pilotledger::query
