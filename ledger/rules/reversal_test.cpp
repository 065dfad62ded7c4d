// What taking back leaves behind: exactly the state without the event.
#include <gtest/gtest.h>

#include "tests/support/province_fixture.h"

namespace pilotledger::ledger {
namespace {

class Reversal : public Province {
 protected:
  std::string attribute(const std::string& entity, const std::string& name) {
    return std::string(town.ledger().entity(entity).value()->get(name));
  }
};

TEST_F(Reversal, AnEarlierAcceptanceTakenBackLeavesTheLaterOne) {
  award(1000);
  auto accept = [](const std::string& result, int fen) {
    return fmt::format(R"("award":"A","result":"{}","confirmedFen":{})", result, fen);
  };
  std::string first = recordId({"eit", "eva"}, "SubsidyAcceptance", accept("RECTIFY", 600));
  std::string second = recordId({"eit", "eva"}, "SubsidyAcceptance", accept("PASSED", 900));
  must({"eit", "eva"}, "EventReversed", reverse(first));
  EXPECT_EQ(attribute("award:A", "state"), "accepted");
  EXPECT_EQ(attribute("award:A", "confirmed"), "900");
  must({"eit", "eva"}, "EventReversed", reverse(second));
  EXPECT_EQ(attribute("award:A", "state"), "awarded");
  EXPECT_EQ(attribute("award:A", "confirmed"), "");
}

// A total that was mistyped must not stand in the way of its own correction.
TEST_F(Reversal, AClaimOrReceiptIsTakenBackWhateverInvoiceTotalItStated) {
  award(1000);
  auto claim = [](int fen, int total) {
    return fmt::format(
        R"("award":"A","spender":"{}","basis":"INVOICE","claimFen":{},"invoice":{{"number":"I","totalFen":{}}})",
        kPlatform, fen, total);
  };
  std::string mistyped = recordId({"plt"}, "ExpenditureRecorded", claim(10, 10));
  must({"plt"}, "ExpenditureRecorded", claim(500, 1000));
  must({"plt"}, "EventReversed", reverse(mistyped));
  EXPECT_EQ(attribute("claim:A/I", "claimed"), "500");
  platform();
  auto receipt = [](int fen, int total) {
    return fmt::format(
        R"("platform":"P","stream":"SERVICE","grossFen":{0},"netFen":{0},"invoice":{{"number":"R","totalFen":{1}}})",
        fen, total);
  };
  mistyped = recordId({"plt"}, "RevenueReceived", receipt(10, 10));
  must({"plt"}, "RevenueReceived", receipt(500, 1000));
  must({"plt"}, "EventReversed", reverse(mistyped));
  EXPECT_EQ(attribute("invoice:R", "received"), "500");
}

TEST_F(Reversal, MovesAreTakenBackTheLastOneFirst) {
  platform();
  auto recognise = [&](const std::string& signer, const std::string& level) {
    return recordId({signer}, "PlatformRecognized",
                    fmt::format(R"("platform":"P","level":"{}","exceptionRef":"x")", level));
  };
  must({"operator"}, "KeyBound",
       fmt::format(R"("key":"{}","party":"11330200MB99020196","roles":["EIT"],"level":"COUNTY")",
                   crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "k").value().verifyKey().vkey()));
  std::string municipal = recognise("city", "MUNICIPAL");
  std::string provincial = recognise("eit", "PROVINCIAL");
  std::string lowered = recognise("city", "MUNICIPAL");
  expectRule("R-REVERSAL-STATE", {"city"}, "EventReversed", reverse(municipal));
  must({"city"}, "EventReversed", reverse(lowered));
  EXPECT_EQ(attribute("platform:P", "state"), "provincial");
  must({"eit"}, "EventReversed", reverse(provincial));
  EXPECT_EQ(attribute("platform:P", "state"), "municipal");
  must({"city"}, "EventReversed", reverse(municipal));
  EXPECT_EQ(attribute("platform:P", "state"), "established");
}

// Beside those concerned the importer loosens nothing: only what names a source is imported.
TEST_F(Reversal, AnImporterWhoSignsBesideOthersDoesNotLoosenTheirRules) {
  patent();
  must({"cus", "bnk"}, "PledgeAgreed", agreement("P"));
  must({"mkt"}, "IpStatusObserved", R"("ip":"ZL202311000001.1","code":"CF01","source":"gazette")");
  expectRule("R-IP-STATE", {"cus", "bnk", "imp"}, "PledgeRegistered", registration("P", "1"));
  must({"imp"}, "PledgeRegistered", registration("P", "1"), R"("source":"register#1",)");
  expectRule("R-POSITIVE", {"trs", "eit", "imp"}, "SubsidyAwarded",
             fmt::format(R"("award":"Z","payee":"{}","instrument":"i")", kPlatform));
}

// What later events rest on is taken back after them.
TEST_F(Reversal, TheLastStepIsTakenBackFirst) {
  project();
  std::string run =
      recordId({"plt"}, "PilotRunRecorded", R"("run":"R","project":"J","platform":"P","result":"SUCCESS")");
  std::string accepted = recordId({"plt", "cus"}, "PilotAccepted", R"("project":"J","result":"SUCCESS")");
  boundary({"R-REVERSAL-STATE", "project:J", "open", "accepted"}, {{"plt"}, "EventReversed", reverse(run)},
           {{"plt", "cus"}, "EventReversed", reverse(accepted)});
  must({"plt"}, "EventReversed", reverse(run));

  std::string installed = recordId({"plt"}, "AssetInstalled", fmt::format(R"("asset":"E","owner":"{}")", kPlatform));
  std::string moved = recordId({"plt"}, "AssetMoved", R"("asset":"E","site":"s")");
  boundary({"R-REVERSAL-STATE", "asset:E", "neither moved nor disposed of", "moved"},
           {{"plt"}, "EventReversed", reverse(installed)}, {{"plt"}, "EventReversed", reverse(moved)});
  must({"plt"}, "EventReversed", reverse(installed));

  must({"trs"}, "VoucherIssued",
       fmt::format(R"("voucher":"V","holder":"{}","faceFen":100,"validTo":"2026-06-30")", kClient));
  std::string redeemed = recordId({"cus", "plt"}, "VoucherRedeemed", R"("voucher":"V","platform":"P","amountFen":90)");
  std::string settled = recordId({"trs"}, "VoucherSettled", R"("voucher":"V","platform":"P","amountFen":90)");
  boundary({"R-REVERSAL-STATE", "voucher:V", "nothing settled", "0.90 CNY"},
           {{"cus", "plt"}, "EventReversed", reverse(redeemed)}, {{"trs"}, "EventReversed", reverse(settled)});
  must({"cus", "plt"}, "EventReversed", reverse(redeemed));

  award(1000);
  std::string money = fmt::format(R"("award":"A","payee":"{}","amountFen":100)", kPlatform);
  must({"trs"}, "SubsidyDisbursed", money);
  std::string ordered = recordId({"trs"}, "ClawbackOrdered", R"("clawback":"B","legalBasis":"b",)" + money);
  std::string repaid = recordId({"plt"}, "ClawbackRepaid",
                                fmt::format(R"("clawback":"B","award":"A","payee":"{}","amountFen":1)", kPlatform));
  boundary({"R-REVERSAL-STATE", "clawback:B", "nothing repaid", "0.01 CNY"},
           {{"trs"}, "EventReversed", reverse(ordered)}, {{"plt"}, "EventReversed", reverse(repaid)});
  must({"trs"}, "EventReversed", reverse(ordered));
}

TEST_F(Reversal, AWithdrawnPlatformComesBackOnlyWithItsWithdrawal) {
  platform();
  std::string withdrawn =
      recordId({"eit"}, "PlatformWithdrawn", R"("platform":"P","reason":"r","effectiveOn":"2026-03-01")");
  std::string recognition = R"("platform":"P","level":"MUNICIPAL")", before = R"("legalDate":"2026-02-01",)";
  boundary({"R-PLATFORM-STATE", "platform:P", "established|county|municipal|provincial|national", "withdrawn"},
           {{"city"}, "PlatformRecognized", recognition, before}, {{"eit"}, "EventReversed", reverse(withdrawn)});
  must({"city"}, "PlatformRecognized", recognition, before);
}

TEST_F(Reversal, ALoanThatWasRepaidIsOpenAgainOnceDrawn) {
  must({"bnk", "cus"}, "LoanGranted",
       fmt::format(R"("loan":"L","bank":"{}","debtor":"{}","product":"RESEARCH","amountFen":100)", kBank, kClient));
  auto draw = [](int fen) { return fmt::format(R"("loan":"L","debtor":"{}","amountFen":{})", kClient, fen); };
  must({"bnk"}, "LoanDrawn", draw(40));
  must({"bnk"}, "LoanRepaid", fmt::format(R"("loan":"L","debtor":"{}","principalFen":40,"paidFen":40)", kClient));
  EXPECT_EQ(attribute("loan:L", "state"), "repaid");
  std::string second = recordId({"bnk"}, "LoanDrawn", draw(60));
  EXPECT_EQ(attribute("loan:L", "state"), "granted");
  must({"bnk"}, "EventReversed", reverse(second));
  EXPECT_EQ(attribute("loan:L", "state"), "repaid");
}

// Of two assets one is revoked, the registration of the other void: nothing is in force any more.
TEST_F(Reversal, APledgeInForceOnNothingHasTheStateOfItsEnd) {
  patent();
  patent("ZL202310990001.4");
  must({"cus", "bnk"}, "PledgeAgreed",
       fmt::format(R"("pledge":"P","assets":["ZL202311000001.1","ZL202310990001.4"],"pledgors":["{}"],"pledgee":"{}",)"
                   R"("claimKind":"LOAN",)"
                   R"("amountFen":5,"debtFrom":"2026-03-01","debtTo":"2027-03-01","scope":"a")",
                   kClient, kBank));
  must({"cus", "bnk"}, "PledgeRegistered", registration("P", "1"));
  std::string other =
      recordId({"cus", "bnk"}, "PledgeRegistered", R"("pledge":"P","asset":"ZL202310990001.4","regNo":"2")");
  must({"reg"}, "PledgeRevoked", R"("pledge":"P","assets":["ZL202311000001.1"],"ground":"g")");
  EXPECT_EQ(attribute("pledge:P", "state"), "active");
  must({"cus", "bnk"}, "EventReversed", reverse(other));
  EXPECT_EQ(attribute("pledge:P", "state"), "revoked");
}

}  // namespace
}  // namespace pilotledger::ledger
