// Who sees what: one small ledger, asked by each reader through JSON, views, findings and SQL.
#include "query/access/reader_scope.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "events/reference.h"
#include "query/answer/findings.h"
#include "query/answer/query.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::query {
namespace {

constexpr const char* kPlatform = "91330100MA2PLT015B";
constexpr const char* kFirm = "91330400MA2ENT032U";
constexpr const char* kBank = "91330200MA2BNK027M";
constexpr const char* kOther = "91330100MA99A00146";
constexpr std::int32_t kToday = 20260301;

class Readers : public ::testing::Test {
 protected:
  Readers() {
    town.bind("eit", "113300000024820075", R"("EIT")", R"(,"level":"PROVINCIAL","division":"330000")");
    town.bind("trs", "11330000MB99010246", R"("TRS")", R"(,"division":"330000")");
    town.bind("plt", kPlatform, R"("PLT","FIN")");
    town.bind("firm", kFirm, R"("OWN","CUS")");
    town.bind("bank", kBank, R"("BNK")");
    town.bind("other", kOther, R"("BNK")");
    must({"trs", "eit"}, "SubsidyAwarded",
         fmt::format(R"("award":"A","payee":"{}","instrument":"i","amountFen":1000)", kPlatform));
    must({"trs"}, "SubsidyDisbursed",
         fmt::format(R"("award":"A","payee":"{}","amountFen":1000,"bankRef":"GK-1")", kPlatform));
    spendIndex = town.ledger().size();
    must({"plt"}, "ExpenditureRecorded",
         fmt::format(R"("award":"A","spender":"{}","basis":"INVOICE","claimFen":300,"invoice":{{"number":"INV-1",)"
                     R"("totalFen":300}},"paymentRef":"FK-1")",
                     kPlatform));
    loanIndex = town.ledger().size();
    must({"bank", "firm"}, "LoanGranted",
         fmt::format(R"("loan":"L","bank":"{}","debtor":"{}","product":"CREDIT","amountFen":5000)", kBank, kFirm),
         R"("evidence":[{"kind":"CONTRACT","hash":")" + std::string(64, 'a') + R"(","title":"secret title"}],)");
    must({"bank"}, "LoanDrawn", fmt::format(R"("loan":"L","debtor":"{}","amountFen":4000)", kFirm));
    must({"bank"}, "LoanClassified", R"("loan":"L","class":"PASS")");
  }
  void must(const std::vector<std::string>& signers, const std::string& kind, const std::string& body,
            const std::string& header = "") {
    town.must(signers, R"({"kind":")" + kind + R"(","jurisdiction":"330000",)" + header + R"("body":{)" + body + "}}");
  }
  ReaderScope sight(const std::string& reader, std::int32_t today = kToday) {
    auto made = ReaderScope::of(town.ledger(), reader, today);
    EXPECT_TRUE(made.ok()) << made.error().message.en;
    return std::move(made).value();
  }
  std::unique_ptr<ReadModel> model(const std::string& reader, const UnsealedNumbers& opened = {},
                                   std::int32_t today = kToday) {
    auto opened_ = ReadModel::open(town.ledger(), "").value();
    EXPECT_TRUE(opened_->restrictTo(sight(reader, today), opened).ok());
    return opened_;
  }
  // The single value of a statement, as text; "-" for NULL.
  std::string ask(const std::string& reader, const std::string& sql, std::int32_t today = kToday) {
    auto m = model(reader, {}, today);
    auto table = runSql(*m, m->asOf("").value(), sql);
    EXPECT_TRUE(table.ok()) << table.error().message.en;
    if (!table.ok() || table->rows.empty()) return "none";
    const Value& value = table->rows[0][0];
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? "-" : *text;
  }
  ledger::LedgerFixture town;
  std::uint64_t spendIndex = 0;
  std::uint64_t loanIndex = 0;
};

const std::string kParty = "party:";

TEST_F(Readers, FiscalMoneyIsPublicInvoicesAreForAuditors) {
  EXPECT_EQ(ask("public", "SELECT amount_fen FROM subsidy_awarded"), "1000");
  EXPECT_EQ(ask("public", "SELECT claim_fen FROM expenditure_recorded"), "300");
  for (const char* sql :
       {"SELECT invoice_number FROM expenditure_recorded", "SELECT invoice_total_fen FROM expenditure_recorded",
        "SELECT payment_ref FROM expenditure_recorded", "SELECT bank_ref FROM subsidy_disbursed"}) {
    EXPECT_EQ(ask("public", sql), "-") << sql;
    EXPECT_NE(ask("audit", sql), "-") << sql;
    EXPECT_NE(ask("", sql), "-") << sql;
    EXPECT_EQ(ask(kParty + kBank, sql), "-") << sql;
  }
  // Who signed it knows it; a party that is only concerned does not.
  EXPECT_EQ(ask(kParty + kPlatform, "SELECT invoice_number FROM expenditure_recorded"), "INV-1");
  EXPECT_EQ(ask(kParty + kPlatform, "SELECT bank_ref FROM subsidy_disbursed"), "-");
}

TEST_F(Readers, ALoanIsSeenByItsPartiesAndAuditors) {
  for (const char* sql :
       {"SELECT amount_fen FROM loan_granted", "SELECT amount_fen FROM loan_drawn", "SELECT class FROM loan_classified",
        "SELECT sum(amount) FROM posting WHERE account = 'loans-payable'"}) {
    EXPECT_EQ(ask("public", sql), "-") << sql;
    EXPECT_EQ(ask(kParty + kOther, sql), "-") << sql;
    for (const std::string& reader : {kParty + kBank, kParty + kFirm, std::string("audit"), std::string()})
      EXPECT_NE(ask(reader, sql), "-") << reader << sql;
  }
  EXPECT_EQ(ask("public", "SELECT count(*) FROM entry WHERE kind = 'LoanGranted'"), "1")
      << "that there is one is public";
  EXPECT_EQ(ask("public", "SELECT title FROM entry_evidence"), "-") << "a kind covers its evidence";
  EXPECT_EQ(ask(kParty + kFirm, "SELECT title FROM entry_evidence"), "secret title");
  for (const char* kind : {"LoanGranted", "ExpenditureRecorded"}) {
    EXPECT_EQ(ask("public", fmt::format("SELECT event_id FROM entry WHERE kind = '{}'", kind)), "-")
        << "the id blinds what is withheld";
  }
  EXPECT_NE(ask("public", "SELECT event_id FROM entry WHERE kind = 'SubsidyAwarded'"), "-");
}

TEST_F(Readers, AGrantWidensTheSightOfTheGranteeUntilItEndsOrIsTakenBack) {
  std::string sql = "SELECT amount_fen FROM loan_drawn";
  std::string grant = events::formatUuid(town.nextId());
  must({"firm"}, "DisclosureGranted",
       fmt::format(R"("grant":"G","owner":"{}","grantee":"{}","scope":"loan:L","until":"2026-06-30")", kFirm, kOther),
       R"("id":")" + grant + R"(",)");
  EXPECT_EQ(ask(kParty + kOther, sql), "4000");
  EXPECT_EQ(ask(kParty + kPlatform, sql), "-") << "only the grantee";
  EXPECT_EQ(ask(kParty + kOther, sql, 20260701), "-") << "only until then";
  must({"firm"}, "EventReversed", fmt::format(R"("target":"{}","kind":"REVERSED","reason":"r")", grant));
  EXPECT_EQ(ask(kParty + kOther, sql), "-");
}

TEST_F(Readers, NobodyGrantsWhatIsNotTheirs) {
  must({"plt"}, "DisclosureGranted",
       fmt::format(R"("grant":"G","owner":"{}","grantee":"{}","scope":"loan:L")", kPlatform, kOther));
  EXPECT_EQ(ask(kParty + kOther, "SELECT amount_fen FROM loan_drawn"), "-");
}

TEST_F(Readers, SqlReachesNoTableBehindTheViews) {
  auto m = model("public");
  AsOf at = m->asOf("").value();
  for (const char* sql :
       {"SELECT invoice_number FROM fact_expenditure_recorded", "SELECT * FROM main.\"FACT_loan_granted\"",
        "WITH posting AS (SELECT amount_fen FROM fact_loan_granted) SELECT * FROM posting",
        "SELECT * FROM sqlite_temp_master", "SELECT * FROM temp.fact_sight"}) {
    auto refused = runSql(*m, at, sql);
    ASSERT_FALSE(refused.ok()) << sql;
    EXPECT_EQ(refused.error().code, ErrorCode::NotAuthorized);
  }
  EXPECT_EQ(ask("", "SELECT invoice_number FROM fact_expenditure_recorded"), "INV-1") << "who sees everything may";
}

TEST_F(Readers, AViewSaysWhatItLacksAndAFindingThatLacksFactsIsLeftOut) {
  auto m = model("public");
  AsOf at = m->asOf("").value();
  Table trace = runView(*m, at, "subsidy_trace", {}).value();
  EXPECT_NE(std::find(trace.withheld.begin(), trace.withheld.end(), "expenditure_recorded.invoice_number"),
            trace.withheld.end());
  EXPECT_TRUE(runView(*m, at, "subsidy_totals", {})->rows.size() == 1);
  Table findings = runFindings(*m, at, {}).value();
  EXPECT_NE(std::find(findings.withheld.begin(), findings.withheld.end(), "S04"), findings.withheld.end());
  EXPECT_EQ(std::find(findings.withheld.begin(), findings.withheld.end(), "S02"), findings.withheld.end());
  EXPECT_TRUE(runFindings(*model("audit"), at, {})->withheld.empty());
}

TEST_F(Readers, SealedNumbersAreOpenedInEveryViewForWhoMaySeeThem) {
  std::string sealed = "hmac:" + std::string(64, 'b');
  must({"plt"}, "ExpenditureRecorded",
       fmt::format(
           R"("award":"A","spender":"{}","basis":"INVOICE","claimFen":200,"invoice":{{"number":"{}","totalFen":200}})",
           kPlatform, sealed));
  std::string sql = "SELECT group_concat(invoice_number) FROM expenditure_recorded";
  for (auto [reader, expected] : {std::pair<std::string, std::string>{"", "INV-1,INV-2"}, {"audit", "INV-1,INV-2"}}) {
    auto m = model(reader, {{sealed, "INV-2"}});
    EXPECT_EQ(std::get<std::string>(runSql(*m, m->asOf("").value(), sql)->rows[0][0]), expected);
  }
  auto m = model("public", {{sealed, "INV-2"}});
  EXPECT_TRUE(std::holds_alternative<std::monostate>(runSql(*m, m->asOf("").value(), sql)->rows[0][0]));
  EXPECT_EQ(ask("", sql), "INV-1," + sealed) << "without a vault they stay sealed";
}

TEST_F(Readers, EntriesHaveTheSameClassesAsTables) {
  std::vector<std::string> nobody;
  EXPECT_EQ(sight("public").at(loanIndex, nobody), Confidentiality::PUBLIC);
  EXPECT_EQ(sight("audit").at(loanIndex, nobody), Confidentiality::AUDIT);
  EXPECT_EQ(sight("").at(loanIndex, nobody), Confidentiality::SECRET);
  EXPECT_EQ(sight(kParty + kFirm).at(loanIndex, nobody), Confidentiality::PARTY);
  EXPECT_EQ(sight(kParty + kFirm).at(spendIndex, nobody), Confidentiality::PUBLIC);
  std::vector<std::string> signers{events::keyNameOf(town.key("plt").verifyKey().vkey())};
  EXPECT_EQ(sight(kParty + kPlatform).at(spendIndex, signers), Confidentiality::AUDIT);
}

TEST_F(Readers, AreCheckedByName) {
  EXPECT_EQ(ReaderScope::of(town.ledger(), "everybody", kToday).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(ReaderScope::of(town.ledger(), "party:", kToday).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(ReaderScope::of(town.ledger(), "party:x1:nobody", kToday).error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace pilotledger::query
