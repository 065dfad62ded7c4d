// Views over a small ledger: as-of, reversal, determinism. Findings: findings_*_test.cpp.
#include "query/answer/query.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "query/answer/pledge_status.h"
#include "query/report/report.h"
#include "tests/support/books_fixture.h"

namespace pilotledger::query {
namespace {

TEST_F(Books, TheTraceAddsUpAndRemembersWhatWasBelieved) {
  award("A", 1000);
  receive("A", 800, "2026-03-05");
  std::string wrong = spend("A", "I", 300, R"(,"paymentRef":"F","voucherNo":"V")");
  std::uint64_t before = town.ledger().size() - 1;
  reverse(wrong);
  Table now = view("subsidy_trace", {{"award", "A"}});
  ASSERT_EQ(now.rows.size(), 1u);
  EXPECT_EQ(number(now, 0, "awarded"), 1000);
  EXPECT_EQ(number(now, 0, "received"), 800);
  EXPECT_EQ(number(now, 0, "spent"), 0);
  EXPECT_EQ(number(now, 0, "unexplained"), 0);
  Table then = view("subsidy_trace", {{"award", "A"}}, std::to_string(before));
  EXPECT_EQ(number(then, 0, "spent"), 300);
  EXPECT_EQ(number(then, 0, "traced"), 300);
  EXPECT_EQ(number(then, 0, "balance"), 500);
  EXPECT_EQ(number(then, 0, "unexplained"), 0);
  EXPECT_EQ(view("subsidy_trace", {{"award", "B"}}).rows.size(), 0u);
}

TEST_F(Books, RevenueByStreamWithRefunds) {
  must({"plt", "eit"}, "PlatformEstablished", fmt::format(R"("platform":"P","name":"n","legalEntity":"{}")", kPayee));
  std::string id = events::formatUuid(town.nextId());
  must({"plt"}, "RevenueReceived", R"("platform":"P","stream":"SERVICE","grossFen":106,"taxFen":6,"netFen":100)",
       R"("id":")" + id + R"(","legalDate":"2026-02-10",)");
  must({"plt"}, "RevenueReceived", R"("platform":"P","stream":"INCUBATION","grossFen":50,"netFen":50)",
       R"("legalDate":"2026-02-11",)");
  must({"plt"}, "RevenueReversed",
       fmt::format(R"("target":"{}","platform":"P","stream":"SERVICE","grossFen":53,"taxFen":3,"netFen":50)", id),
       R"("legalDate":"2026-03-01",)");
  Table table = view("revenue", {{"platform", "P"}});
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_EQ(cell(table, 1, "stream"), "SERVICE");
  EXPECT_EQ(number(table, 1, "net"), 100);
  EXPECT_EQ(cell(table, 2, "period"), "2026-03");
  EXPECT_EQ(number(table, 2, "net"), -50);
  Table balance = view("trial_balance");
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < balance.rows.size(); ++i) sum += number(balance, i, "balance");
  EXPECT_EQ(sum, 0);
}

TEST_F(Books, ThePledgeAnswerFollowsRegisterAndRelease) {
  auto answer = [&](const std::string& number) {
    auto status = pledgeStatus(town.ledger(), number);
    EXPECT_TRUE(status.ok());
    return status->answer;
  };
  EXPECT_EQ(answer("ZL202311000001.1"), PledgeAnswer::Unknown);
  must({"cus"}, "IpAssetRecorded",
       R"("number":"ZL202311000001.1","kind":"INVENTION","owners":[{"party":"91330400MA2ENT032U"}])");
  EXPECT_EQ(answer("ZL202311000001.1"), PledgeAnswer::None);
  must({"cus", "bnk"}, "PledgeAgreed",
       R"("pledge":"P","assets":["ZL202311000001.1"],"pledgors":["91330400MA2ENT032U"],)"
       R"("pledgee":"91330200MA2BNK027M","claimKind":"LOAN","amountFen":5,"debtFrom":"2026-03-01",)"
       R"("debtTo":"2027-03-01","scope":"all")");
  EXPECT_EQ(answer("202311000001.1"), PledgeAnswer::None)
      << "agreed is not registered: the right arises at registration";
  auto signed_ = pledgeStatus(town.ledger(), "CN2023110000011");
  ASSERT_EQ(signed_->others.size(), 1u) << "but whoever lends must know of it";
  EXPECT_EQ(signed_->others[0].state, "agreed");
  EXPECT_EQ(signed_->others[0].amountFen, 5);
  EXPECT_EQ(signed_->names.at("91330400MA2ENT032U"), "cus");
  must({"cus", "bnk"}, "PledgeRegistered", R"("pledge":"P","asset":"ZL202311000001.1","regNo":"Y1")");
  std::uint64_t pledged = town.ledger().size() - 1;
  EXPECT_EQ(answer("CN2023110000011"), PledgeAnswer::Active);
  EXPECT_TRUE(pledgeStatus(town.ledger(), "CN2023110000011")->others.empty());
  must({"bnk"}, "PledgeReleased", R"("pledge":"P","assets":["ZL202311000001.1"],"reason":"PERFORMED")");
  EXPECT_EQ(answer("ZL202311000001.1"), PledgeAnswer::Released);
  auto m = model();
  auto then = pledgeStatusAt(*m, *m->asOf(std::to_string(pledged)), "ZL202311000001.1");
  ASSERT_TRUE(then.ok()) << then.error().message.en;
  EXPECT_EQ(then->answer, PledgeAnswer::Active);
  EXPECT_EQ(then->pledges.at(0).amountFen, 5);
  EXPECT_EQ(then->owners, std::vector<std::string>{"91330400MA2ENT032U"});
}

TEST_F(Books, ARevokedPledgeWasNoneAndTheRegisterShowsIt) {
  must({"cus"}, "IpAssetRecorded",
       R"("number":"ZL202311000001.1","kind":"INVENTION","owners":[{"party":"91330400MA2ENT032U"}])");
  must({"cus", "bnk"}, "PledgeAgreed",
       R"("pledge":"P","assets":["ZL202311000001.1"],"pledgors":["91330400MA2ENT032U"],)"
       R"("pledgee":"91330200MA2BNK027M","claimKind":"LOAN","amountFen":5,"debtFrom":"2026-03-01",)"
       R"("debtTo":"2027-03-01","scope":"all")");
  must({"cus", "bnk"}, "PledgeRegistered", R"("pledge":"P","asset":"ZL202311000001.1","regNo":"Y1")");
  must({"cus", "bnk"}, "PledgeAmended", R"("pledge":"P","amountFen":7,"debtTo":"2028-03-01","reason":"r")");
  auto state = [&](const std::string& asOf) {
    Table table = view("pledge_register", {}, asOf);
    std::string text;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const Value& value = table.rows.at(0).at(i);
      if (table.columns[i].name == "state" || table.columns[i].name == "debt_to")
        text += std::get<std::string>(value) + " ";
      if (table.columns[i].name == "amount_fen") text += std::to_string(std::get<std::int64_t>(value));
    }
    return text;
  };
  std::string before = std::to_string(town.ledger().size() - 1);
  EXPECT_EQ(state(""), "active 2028-03-01 7");
  must({"cus", "bnk"}, "PledgeRevoked", R"("pledge":"P","assets":["ZL202311000001.1"],"ground":"g")");
  EXPECT_EQ(state(""), "revoked 2028-03-01 7");
  EXPECT_EQ(state(before), "active 2028-03-01 7");
  EXPECT_EQ(pledgeStatus(town.ledger(), "ZL202311000001.1")->answer, PledgeAnswer::None);
  auto m = model();
  auto revoked = pledgeStatusAt(*m, *m->asOf(""), "ZL202311000001.1");
  EXPECT_EQ(revoked->answer, PledgeAnswer::None);
  for (const auto& others : {revoked->others, pledgeStatus(town.ledger(), "ZL202311000001.1")->others}) {
    ASSERT_EQ(others.size(), 1u);
    EXPECT_EQ(others[0].state, "revoked");
    EXPECT_EQ(others[0].pledge, "P");
  }
  EXPECT_EQ(pledgeStatusAt(*m, *m->asOf(before), "ZL202311000001.1")->answer, PledgeAnswer::Active);
}

TEST_F(Books, PlatformsAreWhatTheLastDecisionMadeThem) {
  must({"plt", "eit"}, "PlatformEstablished", fmt::format(R"("platform":"P","name":"n","legalEntity":"{}")", kPayee));
  auto tier = [&](const std::string& asOf = "") {
    Table table = view("platforms", {}, asOf);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].name == "level" && !table.rows.empty()) {
        const auto* text = std::get_if<std::string>(&table.rows[0][i]);
        return text == nullptr ? std::string("none") : *text;
      }
    }
    return std::string("no row");
  };
  EXPECT_EQ(tier(), "none");
  must({"eit"}, "PlatformRecognized", R"("platform":"P","level":"PROVINCIAL","exceptionRef":"x")");
  EXPECT_EQ(tier(), "PROVINCIAL");
  must({"eit"}, "PlatformPromoted", R"("platform":"P","docNo":"工信厅科函〔2026〕1号")");
  EXPECT_EQ(tier(), "NATIONAL");
  std::string before = std::to_string(town.ledger().size() - 1);
  must({"eit"}, "PlatformWithdrawn", R"("platform":"P","reason":"r","effectiveOn":"2026-03-01")");
  EXPECT_EQ(tier(), "WITHDRAWN");
  EXPECT_EQ(tier(before), "NATIONAL");
}

TEST_F(Books, ModelsAreDisposable) {
  award("A", 1000);
  spend("A", "I", 10);
  std::filesystem::path file = town.directory() / "views.sqlite";
  auto kept = ReadModel::open(town.ledger(), file);
  ASSERT_TRUE(kept.ok());
  Digest first = (*kept)->digest().value();
  kept = Result<std::unique_ptr<ReadModel>>(makeError(ErrorCode::Internal, "closed"));
  award("B", 1000);
  auto grown = ReadModel::open(town.ledger(), file);  // catches up
  auto fresh = ReadModel::open(town.ledger(), "");    // from nothing
  ASSERT_TRUE(grown.ok() && fresh.ok());
  EXPECT_EQ((*grown)->digest().value(), (*fresh)->digest().value());
  EXPECT_NE((*grown)->digest().value(), first);
  grown = Result<std::unique_ptr<ReadModel>>(makeError(ErrorCode::Internal, "closed"));
  { std::ofstream(file, std::ios::binary) << "not a database"; }
  auto rebuilt = ReadModel::open(town.ledger(), file);
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message.en;
  EXPECT_EQ((*rebuilt)->digest().value(), (*fresh)->digest().value());
}

TEST_F(Books, FindingsDoNotDependOnHowManyConnectionsAsk) {
  award("A", 1000);
  spend("A", "I", 400);
  spend("A", "J", 700);  // more than was received
  auto kept = model();
  auto alone = ReadModel::open(town.ledger(), "").value();
  ASSERT_NE(kept->again().value(), nullptr);
  ASSERT_EQ(alone->again().value(), nullptr) << "nobody else sees what is in memory";
  auto by = [](ReadModel& m) { return runFindings(m, m.asOf("").value(), {}).value().rows; };
  EXPECT_FALSE(by(*kept).empty());
  EXPECT_EQ(by(*kept), by(*alone));
  std::filesystem::remove(town.directory() / "books.sqlite");
  award("B", 1000);
  auto anew = model();
  EXPECT_EQ(kept->again().value(), nullptr) << "another file has taken its place";
}

TEST_F(Books, SqlReadsOnly) {
  award("A", 1000);
  auto m = model();
  auto at = m->asOf("").value();
  auto counted = runSql(*m, at, "SELECT count(*) AS n FROM subsidy_awarded");
  ASSERT_TRUE(counted.ok());
  EXPECT_EQ(number(*counted, 0, "n"), 1);
  for (const char* bad :
       {"DELETE FROM fact_subsidy_awarded", "DROP TABLE fact_entry", "ATTACH '/tmp/x' AS x",
        "SELECT 1; DELETE FROM fact_entry", "PRAGMA writable_schema = 1", "CREATE TABLE t (a)", "SELEC", ""}) {
    auto outcome = runSql(*m, at, bad);
    EXPECT_FALSE(outcome.ok()) << bad;
  }
  auto still = runSql(*m, at, "SELECT count(*) AS n FROM subsidy_awarded");
  ASSERT_TRUE(still.ok());
  EXPECT_EQ(number(*still, 0, "n"), 1);
}

TEST_F(Books, AnAttestationRaisesTheAssuranceFromItsEntryOn) {
  auto level = [&](const std::string& asOf = "") {
    auto m = model();
    auto table = runSql(*m, *m->asOf(asOf),
                        "SELECT e.assurance FROM asset_installed a JOIN entry e ON e.entry_index = a.entry_index");
    EXPECT_TRUE(table.ok()) << table.error().message.en;
    return std::get<std::int64_t>(table->rows.at(0).at(0));
  };
  std::string asset = events::formatUuid(town.nextId());
  std::string before = must({"plt"}, "AssetInstalled", fmt::format(R"("asset":"E","owner":"{}")", kPayee),
                            R"("id":")" + asset + R"(",)");
  EXPECT_EQ(level(), 0);
  auto attest = [&](const std::string& signer) {
    std::string id = events::formatUuid(town.nextId());
    must({signer}, "Attested", fmt::format(R"("target":"{}","statement":"s")", asset), R"("id":")" + id + R"(",)");
    return id;
  };
  attest("aud");
  EXPECT_EQ(level(), 1) << "a second party, not an authority";
  std::string word = attest("trs");
  EXPECT_EQ(level(), 3);
  EXPECT_EQ(level(before), 0) << "as it was known then";
  std::string attested = last();
  reverse(word, {"trs"});
  EXPECT_EQ(level(), 1);
  EXPECT_EQ(level(attested), 3);
}

TEST_F(Books, UnknownNamesSayWhatThereIs) {
  auto m = model();
  auto at = m->asOf("").value();
  auto unknown = runView(*m, at, "revenu", {});
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::NotFound);
  EXPECT_NE(unknown.error().message.en.find("'revenue'"), std::string::npos);
  EXPECT_FALSE(runView(*m, at, "revenue", {{"stram", "x"}}).ok());
  EXPECT_FALSE(m->asOf("2026-02-30").ok());
  EXPECT_EQ(m->asOf("9999").error().code, ErrorCode::NotFound);
}

TEST(Report, TablesAlignAndCsvIsInert) {
  Table table{
      "t", 1, {"Title", "标题"}, {{"name", "text", {"Name", "名称"}}, {"amount", "money", {"Amount", "金额"}}}, {}, {},
      "",  {}};
  table.rows = {{Value{std::string("中试平台")}, Value{std::int64_t{123456}}},
                {Value{std::string("=1+1")}, Value{std::int64_t{-5}}}};
  std::string text = *render(table, "table", Language::English);
  EXPECT_NE(text.find("中试平台  1,234.56\n"), std::string::npos) << text;
  EXPECT_NE(text.find("=1+1         -0.05\n"), std::string::npos) << text;
  EXPECT_EQ(*render(table, "csv", Language::English), "name,amount\n中试平台,1234.56\n'=1+1,-0.05\n");
  EXPECT_EQ(*render(table, "jsonl", Language::English),
            "{\"name\":\"中试平台\",\"amount\":\"123456\"}\n{\"name\":\"=1+1\",\"amount\":\"-5\"}\n");
  EXPECT_FALSE(render(table, "xml", Language::English).ok());
}

TEST(Catalogue, EveryViewAndFindingIsComplete) {
  for (const Definition& view : views()) {
    EXPECT_FALSE(view.title.zh.empty() || view.title.en.empty() || view.reader.empty()) << view.name;
    EXPECT_FALSE(view.columns.empty()) << view.name;
  }
  std::set<std::string> codes;
  for (const Definition& finding : findings()) {
    codes.insert(finding.name);
    EXPECT_FALSE(finding.title.zh.empty() || finding.title.en.empty() || finding.basis.empty()) << finding.name;
  }
  for (const char* code : {"S01", "S02", "S04", "S10", "S11", "S12", "S13", "S17", "S21", "S26"})
    EXPECT_TRUE(codes.contains(code)) << code;
}

}  // namespace
}  // namespace pilotledger::query
