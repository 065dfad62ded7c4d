// What taking back leaves behind: exactly the state without the event.
#include <gtest/gtest.h>

#include "ledger/rules/province_fixture.h"

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
  auto accept = [](const std::string& result, int fen) { return fmt::format(R"("award":"A","result":"{}","confirmedFen":{})", result, fen); };
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
    return fmt::format(R"("award":"A","spender":"{}","basis":"INVOICE","claimFen":{},"invoice":{{"number":"I","totalFen":{}}})", kPlatform, fen, total);
  };
  std::string mistyped = recordId({"plt"}, "ExpenditureRecorded", claim(10, 10));
  must({"plt"}, "ExpenditureRecorded", claim(500, 1000));
  must({"plt"}, "EventReversed", reverse(mistyped));
  EXPECT_EQ(attribute("claim:A/I", "claimed"), "500");
  platform();
  auto receipt = [](int fen, int total) {
    return fmt::format(R"("platform":"P","stream":"SERVICE","grossFen":{0},"netFen":{0},"invoice":{{"number":"R","totalFen":{1}}})", fen, total);
  };
  mistyped = recordId({"plt"}, "RevenueReceived", receipt(10, 10));
  must({"plt"}, "RevenueReceived", receipt(500, 1000));
  must({"plt"}, "EventReversed", reverse(mistyped));
  EXPECT_EQ(attribute("invoice:R", "received"), "500");
}

TEST_F(Reversal, MovesAreTakenBackTheLastOneFirst) {
  platform();
  auto recognise = [&](const std::string& signer, const std::string& level) {
    return recordId({signer}, "PlatformRecognized", fmt::format(R"("platform":"P","level":"{}","exceptionRef":"x")", level));
  };
  must({"operator"}, "KeyBound", fmt::format(R"("key":"{}","party":"11330200MB99020196","roles":["EIT"],"level":"COUNTY")",
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
  expectRule("R-POSITIVE", {"trs", "eit", "imp"}, "SubsidyAwarded", fmt::format(R"("award":"Z","payee":"{}","instrument":"i")", kPlatform));
}

}  // namespace
}  // namespace pilotledger::ledger
