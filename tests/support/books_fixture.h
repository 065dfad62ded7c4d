// For tests of views and findings: a small ledger with parties, keys and example rule sets.
#pragma once

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "ledger/crypto/encoding.h"
#include "ledger/rules/editions.h"
#include "query/answer/findings.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::query {

inline constexpr const char* kPayee = "91330100MA2PLT015B";
inline constexpr const char* kOther = "91330200MA99Y00159";
inline constexpr const char* kClient = "91330400MA2ENT032U";
inline constexpr const char* kClient2 = "91330282MA99C0015N";
inline constexpr const char* kBank = "91330200MA2BNK027M";
inline constexpr const char* kUniversity = "12330000MB99U00175";
inline constexpr const char* kLab = "91330100MA99L0014K";
inline constexpr const char* kEvaluator = "91330000MA99E00166";
inline constexpr const char* kPatent = "CN2023110000011";

class Books : public ::testing::Test {
 protected:
  // On the first edition of the rules: findings and views judge what is recorded, whatever was refused.
  Books() : town(crypto::SuiteId::Ed25519Sha256, 1) {
    town.bind("eit", "113300000024820075", R"("EIT")", R"(,"level":"PROVINCIAL")");
    town.bind("trs", "11330000MB99010246", R"("TRS")");
    town.bind("plt", kPayee, R"("PLT","FIN")");
    town.bind("cus", "91330400MA2ENT032U", R"("OWN","CUS")");
    town.bind("bnk", "91330200MA2BNK027M", R"("BNK")");
    town.bind("mkt", "91330100MA99A00146", R"("MKT")");
    town.bind("imp", "op:importer", R"("IMP")");
    town.bind("plt2", kOther, R"("PLT","FIN")");
    town.bind("cus2", kClient2, R"("CUS","OWN")");
    town.bind("uni", kUniversity, R"("PLT","OWN")", "", "INSTITUTION");
    town.bind("lab", kLab, R"("LAB")");
    town.bind("eva", kEvaluator, R"("EVA")");
    town.bind("aud", "11330000MB9904014T", R"("AUD")");
    town.bind("reg", "11330000MB99010321", R"("REG")");
    must({"eit", "trs"}, "PolicyRuleSetPublished",
         R"("ruleSet":"equipment","jurisdiction":"330000","instrument":"equipment","effectiveFrom":"2025-01-01",)"
         R"("capFen":1000,"ratioBp":3000,"oneTime":true,"requiredEvidence":["INVOICE","PAYMENT"])");
    must({"eit", "trs"}, "PolicyRuleSetPublished",
         R"("ruleSet":"excellence","jurisdiction":"330000","instrument":"excellence","effectiveFrom":"2025-01-01",)"
         R"("windowMonths":36)");
    defaultRule =
        must({"eit", "trs"}, "PolicyRuleSetPublished",
             R"("ruleSet":"default","jurisdiction":"330000","instrument":"DEFAULT","effectiveFrom":"2025-01-01",)"
             R"("idleMonths":12,"idleBp":5000,"transferDays":30,"installDays":90,"recordDays":60,)"
             R"("lineToleranceBp":1000,"tenderFen":2000,"splitDays":30,"restraintMonths":36,"kpiBp":9000,)"
             R"("publicityDays":5,"acceptanceMonths":6,)"
             R"("reviewMonths":24,"requiredApprovals":["FILING","SAFETY"],"maxScaleRatio":10000,"maxTrlJump":2,)"
             R"("incidentMonths":36,"noticeDays":15,)"
             R"("expertReviewFen":50000,"distributionBp":5000,"voucherYearFen":1000,"feeDays":90,"ltvBp":6000,)"
             R"("valuationMonths":12,"pledgeRegisterDays":30,"releaseDays":30)");
  }
  // Returns the index of the entry. A date stands for the header's legalDate.
  std::string must(const std::vector<std::string>& signers, const std::string& kind, const std::string& body,
                   const std::string& header = "") {
    std::string fields = header.size() == 10 ? R"("legalDate":")" + header + R"(",)" : header;
    town.must(signers, R"({"kind":")" + kind + R"(","jurisdiction":"330000",)" + fields + R"("body":{)" + body + "}}");
    return last();
  }
  void adopt(int edition) {
    must({"operator", "aud"}, "RulesAdopted",
         fmt::format(R"("log":"test.example/ledger","edition":{},"digest":"{}","needs":"{}")", edition,
                     crypto::toHex(ledger::editionDigest(edition)), ledger::editionProgram(edition)));
  }
  std::string last() { return std::to_string(town.ledger().size() - 1); }
  std::string platform(const std::string& more = "") {
    return must({"plt", "eit"}, "PlatformEstablished",
                fmt::format(R"("platform":"P","name":"n","legalEntity":"{}"{})", kPayee, more), "2025-01-02");
  }
  std::string related(const std::string& one, const std::string& other) {
    return must({"aud"}, "RelationDeclared",
                fmt::format(R"("party":"{}","links":[{{"party":"{}","relation":"r"}}])", one, other));
  }
  std::string award(const std::string& id, std::int64_t fen, const std::string& more = "",
                    const std::string& date = "2026-03-01", const std::string& instrument = "other") {
    return must({"trs", "eit"}, "SubsidyAwarded",
                fmt::format(R"("award":"{}","payee":"{}","instrument":"{}","amountFen":{}{})", id, kPayee, instrument,
                            fen, more),
                R"("legalDate":")" + date + R"(",)");
  }
  void receive(const std::string& id, std::int64_t fen, const std::string& date) {
    std::string body = fmt::format(R"("award":"{}","payee":"{}","amountFen":{})", id, kPayee, fen);
    must({"trs"}, "SubsidyDisbursed", body, R"("legalDate":")" + date + R"(",)");
    must({"plt"}, "SubsidyReceived", body, R"("legalDate":")" + date + R"(",)");
  }
  // An invoice of 1000, fully evidenced unless `header` says otherwise.
  std::string spend(const std::string& id, const std::string& invoice, std::int64_t fen, const std::string& more = "",
                    const std::string& evidence = kEvidence) {
    std::string event = events::formatUuid(town.nextId());
    must({"plt"}, "ExpenditureRecorded",
         fmt::format(R"("award":"{}","spender":"{}","basis":"INVOICE","specialAccount":"Z","claimFen":{},)"
                     R"("invoice":{{"number":"{}","date":"2026-03-01","totalFen":1000}},"paidOn":"2026-03-01"{})",
                     id, kPayee, fen, invoice, more),
         R"("id":")" + event + R"(",)" + evidence);
    return event;
  }
  void reverse(const std::string& event, const std::vector<std::string>& signers = {"plt"}) {
    must(signers, "EventReversed", fmt::format(R"("target":"{}","kind":"REVERSED","reason":"r")", event));
  }
  std::unique_ptr<ReadModel> model() {
    auto opened = ReadModel::open(town.ledger(), town.directory() / "books.sqlite");
    EXPECT_TRUE(opened.ok()) << opened.error().message.en;
    return std::move(opened).value();
  }
  // Without a day: on the day of recording, 2026-03-01, and what is dated later counts too.
  Table audit(const FindingFilter& filter, const std::string& on = "", const std::string& asOf = "") {
    auto m = model();
    auto at = m->asOf(asOf, on);
    EXPECT_TRUE(at.ok());
    auto table = runFindings(*m, *at, filter);
    EXPECT_TRUE(table.ok()) << table.error().message.en;
    return std::move(table).value();
  }
  // Subjects of one finding, on a day.
  std::vector<std::string> found(const std::string& code, const std::string& on = "") {
    std::vector<std::string> subjects;
    for (const auto& row : audit({"", code, {}}, on).rows) {
      subjects.push_back(std::get<std::string>(row[4]));
      EXPECT_FALSE(std::get<std::string>(row[9]).empty()) << "a finding names its evidence";
    }
    return subjects;
  }
  // The only row of a finding: its subject, amount (none: -1) and the entries that prove it.
  void expectOne(const std::string& code, const std::string& subject, std::int64_t fen, std::set<std::string> entries,
                 const std::string& on = "") {
    Table table = audit({"", code, {}}, on);
    ASSERT_EQ(table.rows.size(), 1u) << code;
    const auto& row = table.rows[0];
    EXPECT_EQ(std::get<std::string>(row[4]), subject) << code;
    const auto* amount = std::get_if<std::int64_t>(&row[5]);
    EXPECT_EQ(amount == nullptr ? -1 : *amount, fen) << code;
    std::set<std::string> named;
    std::istringstream list(std::get<std::string>(row[9]));
    for (std::string one; std::getline(list, one, ',');) named.insert(one);
    EXPECT_EQ(named, entries) << code;
  }
  Table view(const std::string& name, const Parameters& parameters = {}, const std::string& asOf = "",
             const std::string& on = "") {
    auto m = model();
    auto at = m->asOf(asOf, on);
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

  static inline const std::string kEvidence = R"("evidence":[{"kind":"INVOICE","hash":")" + std::string(64, '1') +
                                              R"("},{"kind":"PAYMENT","hash":")" + std::string(64, '2') + R"("}],)";
  ledger::LedgerFixture town;
  std::string defaultRule;
};

}  // namespace pilotledger::query
