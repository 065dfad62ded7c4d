// For tests of reports and exports: an award, spent in part, and revenue in two months.
#pragma once

#include "query/answer/query.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::query {

class SmallBooks : public ::testing::Test {
 protected:
  SmallBooks() {
    town.bind("eit", "113300000024820075", R"("EIT")", R"(,"level":"PROVINCIAL","division":"330000")");
    town.bind("trs", "11330000MB99010246", R"("TRS")", R"(,"division":"330000")");
    town.bind("plt", kPayee, R"("PLT","FIN")");
    must({"eit", "trs"}, "PolicyRuleSetPublished", "2025-01-01",
         R"("ruleSet":"r1","jurisdiction":"330000","instrument":"other","effectiveFrom":"2025-01-01")");
    must({"trs", "eit"}, "SubsidyAwarded", "2026-03-01",
         fmt::format(R"("award":"A1","payee":"{}","instrument":"other","amountFen":500000)", kPayee));
    std::string moved = fmt::format(R"("award":"A1","payee":"{}","amountFen":300000)", kPayee);
    must({"trs"}, "SubsidyDisbursed", "2026-03-02", moved);
    must({"plt"}, "SubsidyReceived", "2026-03-05", moved + R"(,"account":"6222****3344","bankRef":"B1")");
    spend("I1", 100050, "P1", "2026-03-10");
    spend("I2", 20000, "", "2026-03-20");
    must({"plt", "eit"}, "PlatformEstablished", "2026-01-05",
         fmt::format(R"("platform":"P","name":"=平台 <1>","legalEntity":"{0}","constructionType":"THIRD_PARTY",)"
                     R"("builders":[{{"party":"{0}","shareBp":10000}}],"operator":"{0}")",
                     kPayee));
    revenue("SERVICE", 10600, "2026-01-20");
    revenue("TECHNOLOGY_SALES", 50000, "2026-03-20");
  }
  void must(const std::vector<std::string>& signers, const std::string& kind, const std::string& date,
            const std::string& body) {
    town.must(signers, R"({"kind":")" + kind + R"(","jurisdiction":"330000","legalDate":")" + date + R"(","body":{)" +
                           body + "}}");
  }
  void spend(const std::string& invoice, std::int64_t fen, const std::string& reference, const std::string& paidOn) {
    must({"plt"}, "ExpenditureRecorded", paidOn,
         fmt::format(R"("award":"A1","spender":"{}","basis":"INVOICE","line":"equipment","claimFen":{},)"
                     R"("invoice":{{"number":"{}","date":"2026-03-01","totalFen":200000}},"paidOn":"{}"{})",
                     kPayee, fen, invoice, paidOn, reference.empty() ? "" : R"(,"paymentRef":")" + reference + "\""));
  }
  void revenue(const std::string& stream, std::int64_t fen, const std::string& date) {
    must({"plt"}, "RevenueReceived", date,
         fmt::format(R"("platform":"P","stream":"{}","grossFen":{},"netFen":{})", stream, fen, fen));
  }
  ReadModel& model() {
    if (!model_) model_ = ReadModel::open(town.ledger(), "").value();
    return *model_;
  }
  AsOf now() { return model().asOf("").value(); }
  Table view(const std::string& name, const Parameters& parameters = {}) {
    auto table = runView(model(), now(), name, parameters);
    EXPECT_TRUE(table.ok()) << table.error().message.en;
    return std::move(table).value();
  }

  static constexpr const char* kPayee = "91330100MA2PLT015B";
  ledger::LedgerFixture town;

 private:
  std::unique_ptr<ReadModel> model_;
};

}  // namespace pilotledger::query
