#include "query/report/certificate.h"

#include "query/answer/findings.h"
#include "tests/support/report_fixture.h"

namespace pilotledger::query {
namespace {

class Certificates : public SmallBooks {
 protected:
  std::string certified(const Parameters& parameters = {}) {
    auto file = certifyReport(town.ledger(), view("subsidy_trace", parameters), town.key("plt"));
    EXPECT_TRUE(file.ok()) << file.error().message.en;
    return *file;
  }
  ReportCheck check(const std::string& file) {
    auto outcome = verifyReport(town.ledger(), model(), file);
    EXPECT_TRUE(outcome.ok()) << outcome.error().message.en;
    return std::move(outcome).value();
  }
  static std::string problems(const ReportCheck& check) {
    std::string all;
    for (const Message& problem : check.problems) all += problem.en + "\n";
    return all;
  }
  static void replace(std::string& text, const std::string& from, const std::string& to) {
    std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  }
};

TEST_F(Certificates, VerifyAndStayValidWhenTheLedgerGrows) {
  std::string file = certified({{"award", "A1"}});
  ReportCheck first = check(file);
  EXPECT_TRUE(first.good) << problems(first);
  ASSERT_EQ(first.signers.size(), 1u);
  EXPECT_NE(first.signers[0].en.find(kPayee), std::string::npos);
  spend("I3", 1, "P3", "2026-03-25");
  auto grown = ReadModel::open(town.ledger(), "").value();
  auto later = verifyReport(town.ledger(), *grown, file);
  ASSERT_TRUE(later.ok());
  EXPECT_TRUE(later->good) << problems(*later);
}

// What is dated after the day is not in the report, and not in its check.
TEST_F(Certificates, KeepTheLegalDayThatWasAskedFor) {
  AsOf before = model().asOf("", "2026-03-15").value();
  Table table = runView(model(), before, "subsidy_trace", {}).value();
  std::string file = certifyReport(town.ledger(), table, town.key("plt")).value();
  EXPECT_NE(file.find("until 2026-03-15\n"), std::string::npos) << file;
  EXPECT_NE(file.find("1000.50"), std::string::npos) << file;
  ReportCheck outcome = check(file);
  EXPECT_TRUE(outcome.good) << problems(outcome);
  EXPECT_EQ(certified().find("until "), std::string::npos);
}

TEST_F(Certificates, NameTheFirstCellThatDiffers) {
  std::string file = certified();
  replace(file, "1200.50", "1100.50");
  ReportCheck outcome = check(file);
  EXPECT_FALSE(outcome.good);
  EXPECT_EQ(problems(outcome),
            "the rows are not those that were signed\nrow 1, column spent: expected '1200.50', found '1100.50'\n");
}

TEST_F(Certificates, ChangedHeaderBreaksTheSignature) {
  std::string file = certified();
  replace(file, "policy 1-", "policy 2-");
  ReportCheck outcome = check(file);
  EXPECT_FALSE(outcome.good);
  EXPECT_NE(problems(outcome).find("does not verify"), std::string::npos) << problems(outcome);
  EXPECT_NE(problems(outcome).find("policy: expected 1-"), std::string::npos) << problems(outcome);
}

TEST_F(Certificates, UnknownAndRevokedKeysAreSaid) {
  auto stranger = crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "nobody.example").value();
  std::string file = certifyReport(town.ledger(), view("revenue"), stranger).value();
  EXPECT_NE(problems(check(file)).find("binds no such key"), std::string::npos);

  std::string good = certified();
  town.must("operator", R"({"kind":"KeyRevoked","body":{"key":")" + town.key("plt").verifyKey().vkey() +
                            R"(","reason":"CEASED"}})");
  auto grown = ReadModel::open(town.ledger(), "").value();
  auto outcome = verifyReport(town.ledger(), *grown, good);
  ASSERT_TRUE(outcome.ok());
  EXPECT_NE(problems(*outcome).find("was revoked by entry"), std::string::npos) << problems(*outcome);
}

TEST_F(Certificates, FindingsAreCertifiedAsViewsAre) {
  auto findings = runFindings(model(), now(), {});
  ASSERT_TRUE(findings.ok());
  auto signedFindings = certifyReport(town.ledger(), *findings, town.key("plt"));
  ASSERT_TRUE(signedFindings.ok()) << signedFindings.error().message.en;
  auto outcome = verifyReport(town.ledger(), model(), *signedFindings);
  ASSERT_TRUE(outcome.ok()) << outcome.error().message.en;
  EXPECT_EQ(problems(*outcome), "");
}

TEST_F(Certificates, OnlyReportsAreRead) {
  for (std::string text :
       {std::string(), std::string("pilotledger/report-file/v1\n"), std::string("pilotledger/report-file/v1\n99999\nx"),
        std::string("pilotledger/report-file/v1\n-1\n"), certified().substr(0, 100)}) {
    EXPECT_FALSE(verifyReport(town.ledger(), model(), text).ok()) << text;
  }
}

}  // namespace
}  // namespace pilotledger::query
