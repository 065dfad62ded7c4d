// Views and findings over a small ledger: as-of, reversal, determinism, and each finding on its
// case and not on the neighbour.
#include "query/query.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "ledger/ledger_fixture.h"
#include "query/pledge_status.h"
#include "query/report.h"

namespace pilotledger::query {
namespace {

constexpr const char* kPayee = "91330100MA2PLT015B";

class Books : public ::testing::Test {
 protected:
  Books() {
    town.bind("eit", "113300000024820075", R"("EIT")", R"(,"level":"PROVINCIAL")");
    town.bind("trs", "11330000MB99010246", R"("TRS")");
    town.bind("plt", kPayee, R"("PLT","FIN")");
    town.bind("cus", "91330400MA2ENT032U", R"("OWN","CUS")");
    town.bind("bnk", "91330200MA2BNK027M", R"("BNK")");
    town.bind("mkt", "91330100MA99A00146", R"("MKT")");
    town.bind("imp", "op:importer", R"("IMP")");
    must({"eit", "trs"}, "PolicyRuleSetPublished",
         R"("ruleSet":"equipment","jurisdiction":"330000","instrument":"equipment","effectiveFrom":"2025-01-01","capFen":1000,"ratioBp":3000,"oneTime":true,"requiredEvidence":["INVOICE","PAYMENT"])");
    must({"eit", "trs"}, "PolicyRuleSetPublished",
         R"("ruleSet":"excellence","jurisdiction":"330000","instrument":"excellence","effectiveFrom":"2025-01-01","windowMonths":36)");
    must({"eit", "trs"}, "PolicyRuleSetPublished",
         R"("ruleSet":"default","jurisdiction":"330000","instrument":"DEFAULT","effectiveFrom":"2025-01-01","idleMonths":12,"idleBp":5000,"transferDays":30,"installDays":90,"recordDays":60)");
  }
  void must(const std::vector<std::string>& signers, const std::string& kind, const std::string& body, const std::string& header = "") {
    town.must(signers, R"({"kind":")" + kind + R"(","jurisdiction":"330000",)" + header + R"("body":{)" + body + "}}");
  }
  void award(const std::string& id, std::int64_t fen, const std::string& more = "", const std::string& date = "2026-03-01", const std::string& instrument = "other") {
    must({"trs", "eit"}, "SubsidyAwarded",
         fmt::format(R"("award":"{}","payee":"{}","instrument":"{}","amountFen":{}{})", id, kPayee, instrument, fen, more), R"("legalDate":")" + date + R"(",)");
  }
  void receive(const std::string& id, std::int64_t fen, const std::string& date) {
    std::string body = fmt::format(R"("award":"{}","payee":"{}","amountFen":{})", id, kPayee, fen);
    must({"trs"}, "SubsidyDisbursed", body, R"("legalDate":")" + date + R"(",)");
    must({"plt"}, "SubsidyReceived", body, R"("legalDate":")" + date + R"(",)");
  }
  // An invoice of 1000, fully evidenced unless `header` says otherwise.
  std::string spend(const std::string& id, const std::string& invoice, std::int64_t fen, const std::string& more = "", const std::string& evidence = kEvidence) {
    std::string event = events::formatUuid(town.nextId());
    must({"plt"}, "ExpenditureRecorded",
         fmt::format(R"("award":"{}","spender":"{}","basis":"INVOICE","specialAccount":"Z","claimFen":{},"invoice":{{"number":"{}","date":"2026-03-01","totalFen":1000}},"paidOn":"2026-03-01"{})",
                     id, kPayee, fen, invoice, more), R"("id":")" + event + R"(",)" + evidence);
    return event;
  }
  void reverse(const std::string& event, const std::vector<std::string>& signers = {"plt"}) {
    must(signers, "EventReversed", fmt::format(R"("target":"{}","kind":"REVERSED","reason":"r")", event));
  }
  std::unique_ptr<ReadModel> model() {
    auto opened = ReadModel::open(town.ledger(), "");
    EXPECT_TRUE(opened.ok()) << opened.error().message.en;
    return std::move(opened).value();
  }
  // Subjects of one finding, on a day.
  std::vector<std::string> found(const std::string& code, const std::string& on = "2026-03-01") {
    auto m = model();
    auto at = m->asOf("", on);
    EXPECT_TRUE(at.ok());
    auto table = runFindings(*m, *at, {"", code});
    EXPECT_TRUE(table.ok()) << table.error().message.en;
    std::vector<std::string> subjects;
    for (const auto& row : table->rows) {
      subjects.push_back(std::get<std::string>(row[4]));
      EXPECT_FALSE(std::get<std::string>(row.back()).empty()) << "a finding names its evidence";
    }
    return subjects;
  }
  Table view(const std::string& name, const Parameters& parameters = {}, const std::string& asOf = "") {
    auto m = model();
    auto at = m->asOf(asOf);
    EXPECT_TRUE(at.ok()) << at.error().message.en;
    auto table = runView(*m, *at, name, parameters);
    EXPECT_TRUE(table.ok()) << table.error().message.en;
    return std::move(table).value();
  }
  static std::int64_t number(const Table& table, std::size_t row, const std::string& column) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].name == column) return std::get<std::int64_t>(table.rows.at(row)[i]);
    }
    ADD_FAILURE() << "no column " << column;
    return 0;
  }
  static std::string cell(const Table& table, std::size_t row, const std::string& column) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].name != column) continue;
      const auto* text = std::get_if<std::string>(&table.rows.at(row)[i]);
      return text == nullptr ? "" : *text;
    }
    ADD_FAILURE() << "no column " << column;
    return "";
  }
  using Subjects = std::vector<std::string>;

  static inline const std::string kEvidence = R"("evidence":[{"kind":"INVOICE","hash":")" + std::string(64, '1') + R"("},{"kind":"PAYMENT","hash":")" +
                                              std::string(64, '2') + R"("}],)";
  ledger::LedgerFixture town;
};

TEST_F(Books, S01CapAndRatio) {
  award("at-cap", 1000, R"(,"baseFen":4000)", "2026-03-01", "equipment");
  EXPECT_EQ(found("S01"), Subjects{});
  award("over-cap", 1001, R"(,"baseFen":400000)", "2026-03-01", "equipment");
  award("over-ratio", 301, R"(,"baseFen":1000)", "2026-03-01", "equipment");
  award("before-policy", 5000, "", "2024-03-01", "equipment");
  EXPECT_EQ(found("S01"), (Subjects{"over-cap", "over-ratio"}));
}

TEST_F(Books, S02WindowAndOneTime) {
  award("first", 100, "", "2025-01-10", "excellence");
  award("after-window", 100, "", "2028-01-10", "excellence");
  EXPECT_EQ(found("S02"), Subjects{});
  award("within", 100, "", "2028-01-11", "excellence");
  award("once", 100, "", "2025-02-01", "equipment");
  award("twice", 100, "", "2029-02-01", "equipment");
  EXPECT_EQ(found("S02"), (Subjects{"twice", "within"}));
}

TEST_F(Books, S04OneInvoiceUnderTwoAwards) {
  award("A", 5000);
  award("B", 5000);
  spend("A", "I", 600);
  spend("B", "I", 400);
  EXPECT_EQ(found("S04"), Subjects{});
  std::string extra = spend("B", "I", 1);
  EXPECT_EQ(found("S04"), Subjects{"invoice I"});
  reverse(extra);
  EXPECT_EQ(found("S04"), Subjects{}) << "what is reversed counts no more";
}

TEST_F(Books, S09Overspent) {
  award("A", 600);
  spend("A", "I", 600);
  EXPECT_EQ(found("S09"), Subjects{});
  spend("A", "J", 1);
  EXPECT_EQ(found("S09"), Subjects{"A"});
}

TEST_F(Books, S10S11OutsideThePeriod) {
  award("in", 1000, R"(,"periodFrom":"2026-03-01","periodTo":"2026-03-01")");
  award("late", 1000, R"(,"periodFrom":"2026-01-01","periodTo":"2026-02-28")");
  award("early", 1000, R"(,"periodFrom":"2026-03-02","periodTo":"2026-12-31")");
  for (const char* id : {"in", "late", "early"}) spend(id, id, 10);
  EXPECT_EQ(found("S10"), Subjects{"late"});
  EXPECT_EQ(found("S11"), Subjects{"early"});
}

TEST_F(Books, S12IdleAndS13Late) {
  award("idle", 1000, R"(,"mode":"PRE")");
  award("used", 1000, R"(,"mode":"PRE")");
  award("reward", 1000, R"(,"mode":"REWARD")");
  for (const char* id : {"idle", "used", "reward"}) receive(id, 1000, "2026-03-31");
  spend("idle", "I", 499);
  spend("used", "J", 500);
  EXPECT_EQ(found("S12", "2027-03-30"), Subjects{});
  EXPECT_EQ(found("S12", "2027-03-31"), Subjects{"idle"});
  EXPECT_EQ(found("S13", "2027-03-31"), Subjects{});
  award("late", 1000);
  EXPECT_EQ(found("S13", "2026-03-31"), Subjects{});
  EXPECT_EQ(found("S13", "2026-04-01"), Subjects{"late"});
  receive("late", 1000, "2026-04-01");
  EXPECT_EQ(found("S13", "2026-04-01"), Subjects{"late"});
}

TEST_F(Books, S15NoSeparateAccount) {
  award("A", 1000, R"(,"mode":"PRE")");
  spend("A", "I", 1);
  EXPECT_EQ(found("S15"), Subjects{});
  must({"plt"}, "ExpenditureRecorded", fmt::format(R"("award":"A","spender":"{}","basis":"INVOICE","claimFen":1,"invoice":{{"number":"J","totalFen":1}})", kPayee));
  EXPECT_EQ(found("S15"), Subjects{"A"});
}

TEST_F(Books, S17NotInstalledAndS21Evidence) {
  award("A", 1000, "", "2026-03-01", "equipment");
  spend("A", "I", 10, R"(,"asset":"E1")");
  EXPECT_EQ(found("S17", "2026-05-30"), Subjects{});
  EXPECT_EQ(found("S17", "2026-05-31"), Subjects{"A"});
  must({"plt"}, "AssetInstalled", fmt::format(R"("asset":"E1","owner":"{}","award":"A","inUse":true)", kPayee));
  EXPECT_EQ(found("S17", "2026-05-31"), Subjects{});
  EXPECT_EQ(found("S21"), Subjects{});
  spend("A", "J", 10, "", R"("evidence":[{"kind":"INVOICE","hash":")" + std::string(64, '1') + R"("}],)");
  EXPECT_EQ(found("S21"), Subjects{"A"});
}

TEST_F(Books, S26BackdatedAndS28Negative) {
  award("in-time", 1000, "", "2025-12-31");
  EXPECT_EQ(found("S26"), Subjects{});
  award("late", 1000, "", "2025-12-30");
  EXPECT_EQ(found("S26").size(), 1u);
  must({"imp"}, "ExpenditureRecorded", fmt::format(R"("award":"late","spender":"{}","basis":"LIST_TOTAL","claimFen":-5)", kPayee), R"("source":"s#1","legalDate":"2020-01-01",)");
  EXPECT_EQ(found("S26").size(), 1u) << "imported records are exempt";
  EXPECT_EQ(found("S28"), Subjects{"late"});
}

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
  must({"plt"}, "RevenueReceived", R"("platform":"P","stream":"SERVICE","grossFen":106,"taxFen":6,"netFen":100)", R"("id":")" + id + R"(","legalDate":"2026-02-10",)");
  must({"plt"}, "RevenueReceived", R"("platform":"P","stream":"INCUBATION","grossFen":50,"netFen":50)", R"("legalDate":"2026-02-11",)");
  must({"plt"}, "RevenueReversed", fmt::format(R"("target":"{}","platform":"P","stream":"SERVICE","grossFen":53,"taxFen":3,"netFen":50)", id), R"("legalDate":"2026-03-01",)");
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
  must({"cus"}, "IpAssetRecorded", R"("number":"ZL202311000001.1","kind":"INVENTION","owners":[{"party":"91330400MA2ENT032U"}])");
  EXPECT_EQ(answer("ZL202311000001.1"), PledgeAnswer::None);
  must({"cus", "bnk"}, "PledgeAgreed", R"("pledge":"P","assets":["ZL202311000001.1"],"pledgors":["91330400MA2ENT032U"],"pledgee":"91330200MA2BNK027M","claimKind":"LOAN","amountFen":5,"debtFrom":"2026-03-01","debtTo":"2027-03-01","scope":"all")");
  EXPECT_EQ(answer("202311000001.1"), PledgeAnswer::None) << "agreed is not registered: the right arises at registration";
  must({"cus", "bnk"}, "PledgeRegistered", R"("pledge":"P","asset":"ZL202311000001.1","regNo":"Y1")");
  std::uint64_t pledged = town.ledger().size() - 1;
  EXPECT_EQ(answer("CN2023110000011"), PledgeAnswer::Active);
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
  must({"cus"}, "IpAssetRecorded", R"("number":"ZL202311000001.1","kind":"INVENTION","owners":[{"party":"91330400MA2ENT032U"}])");
  must({"cus", "bnk"}, "PledgeAgreed", R"("pledge":"P","assets":["ZL202311000001.1"],"pledgors":["91330400MA2ENT032U"],"pledgee":"91330200MA2BNK027M","claimKind":"LOAN","amountFen":5,"debtFrom":"2026-03-01","debtTo":"2027-03-01","scope":"all")");
  must({"cus", "bnk"}, "PledgeRegistered", R"("pledge":"P","asset":"ZL202311000001.1","regNo":"Y1")");
  must({"cus", "bnk"}, "PledgeAmended", R"("pledge":"P","amountFen":7,"debtTo":"2028-03-01","reason":"r")");
  auto state = [&](const std::string& asOf) {
    Table table = view("pledge_register", {}, asOf);
    std::string text;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const Value& value = table.rows.at(0).at(i);
      if (table.columns[i].name == "state" || table.columns[i].name == "debt_to") text += std::get<std::string>(value) + " ";
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
  EXPECT_EQ(pledgeStatusAt(*m, *m->asOf(""), "ZL202311000001.1")->answer, PledgeAnswer::None);
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

TEST_F(Books, SqlReadsOnly) {
  award("A", 1000);
  auto m = model();
  auto at = m->asOf("").value();
  auto counted = runSql(*m, at, "SELECT count(*) AS n FROM subsidy_awarded");
  ASSERT_TRUE(counted.ok());
  EXPECT_EQ(number(*counted, 0, "n"), 1);
  for (const char* bad : {"DELETE FROM fact_subsidy_awarded", "DROP TABLE fact_entry", "ATTACH '/tmp/x' AS x", "SELECT 1; DELETE FROM fact_entry",
                          "PRAGMA writable_schema = 1", "CREATE TABLE t (a)", "SELEC", ""}) {
    auto outcome = runSql(*m, at, bad);
    EXPECT_FALSE(outcome.ok()) << bad;
  }
  auto still = runSql(*m, at, "SELECT count(*) AS n FROM subsidy_awarded");
  ASSERT_TRUE(still.ok());
  EXPECT_EQ(number(*still, 0, "n"), 1);
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
  Table table{"t", 1, {"Title", "标题"}, {{"name", "text", {"Name", "名称"}}, {"amount", "money", {"Amount", "金额"}}}, {}, {}, "", {}};
  table.rows = {{Value{std::string("中试平台")}, Value{std::int64_t{123456}}}, {Value{std::string("=1+1")}, Value{std::int64_t{-5}}}};
  std::string text = *render(table, "table", Lang::English);
  EXPECT_NE(text.find("中试平台  1,234.56\n"), std::string::npos) << text;
  EXPECT_NE(text.find("=1+1         -0.05\n"), std::string::npos) << text;
  EXPECT_EQ(*render(table, "csv", Lang::English), "name,amount\n中试平台,1234.56\n'=1+1,-0.05\n");
  EXPECT_EQ(*render(table, "jsonl", Lang::English), "{\"name\":\"中试平台\",\"amount\":123456}\n{\"name\":\"=1+1\",\"amount\":-5}\n");
  EXPECT_FALSE(render(table, "xml", Lang::English).ok());
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
  for (const char* code : {"S01", "S02", "S04", "S10", "S11", "S12", "S13", "S17", "S21", "S26"}) EXPECT_TRUE(codes.contains(code)) << code;
}

}  // namespace
}  // namespace pilotledger::query
