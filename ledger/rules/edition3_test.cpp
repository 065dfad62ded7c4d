// Edition 3: whose invoice it is, which codes are a party's, a clock that was wrong, who read from the ledger.
#include "events/base/civil_date.h"
#include "ledger/crypto/encoding.h"
#include "ledger/rules/editions.h"
#include "ledger/rules/invoice.h"
#include "tests/support/province_fixture.h"

namespace pilotledger::ledger::edition3 {
namespace {

constexpr const char* kLog = "log:test.example/ledger";
constexpr std::int64_t kHourMs = 3'600'000;

std::string spend(const std::string& supplier, std::int64_t fen, const std::string& more = "") {
  return fmt::format(R"("award":"A","spender":"{}","basis":"INVOICE",{},"claimFen":{},)"
                     R"("invoice":{{"number":"00000001","totalFen":600{}}})",
                     kPlatform, supplier, fen, more);
}

std::string receipt(const std::string& platform, std::int64_t fen) {
  return fmt::format(R"("platform":"{}","stream":"SERVICE","grossFen":{},"netFen":{},)"
                     R"("invoice":{{"number":"00000001","totalFen":600}})",
                     platform, fen, fen);
}

std::string correction(std::uint64_t firstWrong) {
  return fmt::format(R"("log":"test.example/ledger","firstWrong":{},"reason":"battery of the clock")", firstWrong);
}

class ThirdEdition : public Province {
 protected:
  explicit ThirdEdition(int edition = 3) : Province(edition) {}
  void award() {
    must({"trs", "eit"}, "SubsidyAwarded",
         fmt::format(R"("award":"A","payee":"{}","instrument":"equipment","amountFen":9000)", kPlatform),
         R"("jurisdiction":"330000",)");
  }
  std::int64_t number(const std::string& entity, const std::string& attribute) {
    auto record = town.ledger().entity(entity);
    return record.ok() && *record ? (*record)->number(attribute) : -1;
  }
  std::uint64_t size() { return town.ledger().size(); }
  std::int64_t recordedAt(std::uint64_t index) { return town.ledger().entry(index).value().recordedAtMs; }
};

TEST_F(ThirdEdition, TwoSuppliersMayHaveInvoicesOfOneNumber) {
  award();
  const std::string one = R"("supplierParty":"91330400MA2ENT032U")", other = R"("supplier":"丙 公司")";
  must({"plt"}, "ExpenditureRecorded", spend(one, 600));
  must({"plt"}, "ExpenditureRecorded", spend(other, 400));
  boundary({"R-INVOICE-CLAIM", "claimed:A/丙公司//00000001", "<= 6.00 CNY", "6.01 CNY"},
           {{"plt"}, "ExpenditureRecorded", spend(R"("supplier":"丙公司")", 201)},
           {{"plt"}, "ExpenditureRecorded", spend(R"("supplier":"丙公司")", 200)});
  // Another code is another invoice.
  must({"plt"}, "ExpenditureRecorded", spend(one, 600, R"(,"code":"033001900111")"));
  expectRule("R-INVOICE-CLAIM", {"plt"}, "ExpenditureRecorded", spend(one, 1, R"(,"code":"033001900111")"));
  EXPECT_EQ(number("claimed:A/91330400MA2ENT032U//00000001", "claimed"), 600);
  EXPECT_EQ(number("invoice:00000001", "claimed"), 1800);
  EXPECT_EQ((*town.ledger().entity("invoice:00000001"))->all("identity").size(), 3u);
}

TEST_F(ThirdEdition, AnInvoiceOfAReceiptIsThePlatforms) {
  must({"plt", "eit"}, "PlatformEstablished", R"("platform":"P","name":"平台","legalEntity":"91330100MA2PLT015B")",
       R"("jurisdiction":"330000",)");
  must({"plt2", "eit"}, "PlatformEstablished", R"("platform":"Q","name":"二","legalEntity":"91330200MA99Y00159")",
       R"("jurisdiction":"330000",)");
  std::string first = recordId({"plt"}, "RevenueReceived", receipt("P", 600));
  must({"plt2"}, "RevenueReceived", receipt("Q", 600));
  expectRule("R-INVOICE-AMOUNT", {"plt"}, "RevenueReceived", receipt("P", 1));
  must({"plt"}, "EventReversed", reverse(first));
  must({"plt"}, "RevenueReceived", receipt("P", 600));
}

TEST(InvoiceIdentity, NoTwoShareAName) {
  EXPECT_EQ(rules::invoiceIdentity("甲 公司", "0330", "7"), "甲公司/0330/7");
  EXPECT_NE(rules::invoiceIdentity("a/b", "c", "1"), rules::invoiceIdentity("a", "b/c", "1"));
  EXPECT_NE(rules::invoiceIdentity("a%2Fb", "", "1"), rules::invoiceIdentity("a/b", "", "1"));
}

class AdoptsTheThird : public ThirdEdition {
 protected:
  AdoptsTheThird() : ThirdEdition(2) {}
  void adopt() {
    must({"operator", "aud"}, "RulesAdopted",
         fmt::format(R"("log":"test.example/ledger","edition":3,"digest":"{}","needs":"{}")",
                     crypto::toHex(editionDigest(3)), editionProgram(3)));
  }
};

TEST_F(AdoptsTheThird, WhatWasCountedByNumberIsTakenBackSo) {
  award();
  std::string id = recordId({"plt"}, "ExpenditureRecorded", spend(R"("supplier":"丙")", 600));
  expectRule("R-INVOICE-CLAIM", {"plt"}, "ExpenditureRecorded", spend(R"("supplier":"丁")", 1));
  adopt();
  must({"plt"}, "ExpenditureRecorded", spend(R"("supplier":"丁")", 1));
  EXPECT_EQ(number("claim:A/00000001", "claimed"), 600);
  must({"plt"}, "EventReversed", reverse(id));
  EXPECT_EQ(number("claim:A/00000001", "claimed"), 0);
  EXPECT_EQ(number("claimed:A/丁//00000001", "claimed"), 1);
  EXPECT_FALSE(town.verify().damage);
}

TEST_F(AdoptsTheThird, KindsAndFieldsOfItWaitForIt) {
  award();
  const std::string known = "what edition 2 knows";
  const Attempt coded{{"plt"}, "ExpenditureRecorded", spend(R"("supplier":"丙")", 1, R"(,"code":"0330")")};
  auto outcome = town.record({"operator", "aud"}, {event("ClockCorrected", correction(3))});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().rule, "R-EDITION") << outcome.error().message.en;
  EXPECT_EQ(outcome.error().found, "ClockCorrected");
  boundary({"R-EDITION", kLog, known, "ExpenditureRecorded.invoice.code"}, coded,
           {{"plt"}, "ExpenditureRecorded", spend(R"("supplier":"丙")", 1)});
  adopt();
  must(coded.signers, coded.kind, coded.body);
}

TEST_F(ThirdEdition, APersonsNumberIsNoPartysCode) {
  auto party = [](const std::string& code) {
    return fmt::format(R"("party":"{}","name":"某","kind":"ENTERPRISE")", code);
  };
  // Past the checks of whoever makes an event in the usual way: as somebody writes it who does not use this program.
  auto rawly = [&](const std::string& code) {
    auto bytes = town.event(event("PartyRegistered", party("zz:000000000000000000")));
    EXPECT_TRUE(bytes.ok());
    std::string text(bytes->begin(), bytes->end());
    const std::string place = "zz:000000000000000000";
    text.replace(text.find(place), place.size(), "zz:" + code);
    const crypto::SigningKey* signer[] = {&town.key("operator")};
    auto submission = proof::makeSubmission(crypto::SuiteId::Ed25519Sha256, town.ledger().name(),
                                            {Bytes(text.begin(), text.end())}, signer);
    EXPECT_TRUE(submission.ok());
    auto outcome = town.ledger().append(*submission);
    return outcome.ok() ? std::string()
                        : outcome.error().rule + " " + outcome.error().entity + " " + outcome.error().found;
  };
  EXPECT_EQ(rawly("11010519491231002X"), "R-PARTY-CODE party:zz:110... an identity card number");
  EXPECT_EQ(rawly("110105194912310021"), "") << "another check character";
  auto asked = town.record({"operator"}, {event("PartyRegistered", party("11010519491231002X"))});
  ASSERT_FALSE(asked.ok());
  EXPECT_EQ(asked.error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(asked.error().message.en.find("1101"), std::string::npos) << "the number is not repeated";
}

TEST_F(ThirdEdition, ACompanysCodeNamesADivision) {
  auto party = [](const std::string& code) {
    return fmt::format(R"("party":"{}","name":"某","kind":"ENTERPRISE")", code);
  };
  const std::string document =
      fmt::format(R"("evidence":[{{"kind":"OFFICIAL_DOCUMENT","hash":"{}"}}],)", std::string(64, 'a'));
  const std::string code = "91000000MA00000000";
  boundary({"R-PARTY-CODE", "party:" + code, "a division in characters 3 to 8", "000000"},
           {{"operator"}, "PartyRegistered", party(code)}, {{"operator"}, "PartyRegistered", party(code), document});
}

TEST_F(ThirdEdition, TheClockIsSetRightOnTheRecord) {
  const std::int64_t right = town.nowMs();
  const std::uint64_t last = size() - 1;
  town.setClock(right + 100 * kHourMs);
  must({"operator"}, "PartyRegistered", R"("party":"zz:1","name":"某","kind":"ENTERPRISE")");
  const std::uint64_t wrong = size() - 1;
  town.setClock(right + kHourMs);
  must({"operator"}, "PartyRegistered", R"("party":"zz:2","name":"某","kind":"ENTERPRISE")");
  EXPECT_GE(recordedAt(wrong + 1), recordedAt(wrong)) << "without a correction the times go on from the newest";

  expectRule("R-AUTHORITY", {"operator"}, "ClockCorrected", correction(wrong));
  expectRule("R-CLOCK", {"operator", "aud"}, "ClockCorrected", correction(last));  // that one is right
  boundary({"R-CLOCK", kLog, fmt::format("firstWrong 1..{}", size() - 1), std::to_string(size() + 5)},
           {{"operator", "aud"}, "ClockCorrected", correction(size() + 5)},
           {{"operator", "aud"}, "ClockCorrected", correction(wrong)});
  const std::uint64_t corrected = size() - 1;
  EXPECT_LT(recordedAt(corrected), recordedAt(wrong));
  EXPECT_GE(recordedAt(corrected), recordedAt(last));
  must({"operator"}, "PartyRegistered", R"("party":"zz:3","name":"某","kind":"ENTERPRISE")");
  EXPECT_GE(recordedAt(size() - 1), recordedAt(corrected));
  EXPECT_LT(recordedAt(size() - 1), right + 2 * kHourMs);
  expectRule("R-CLOCK", {"operator", "aud"}, "ClockCorrected", correction(corrected));  // nothing to correct
  EXPECT_FALSE(town.verify().damage);
  town.close();
  town.open();
  must({"operator"}, "PartyRegistered", R"("party":"zz:4","name":"某","kind":"ENTERPRISE")");
  EXPECT_LT(recordedAt(size() - 1), right + 2 * kHourMs) << "opened anew, it goes on from the time that was set right";
}

TEST_F(ThirdEdition, TheClockGoesBackNoFurtherThanTheLastRightEntry) {
  const std::int64_t right = town.nowMs();
  town.setClock(right + 100 * kHourMs);
  must({"operator"}, "PartyRegistered", R"("party":"zz:1","name":"某","kind":"ENTERPRISE")");
  town.setClock(right - 10 * kHourMs);
  expectRule("R-CLOCK", {"operator", "aud"}, "ClockCorrected", correction(size() - 1));
}

TEST_F(ThirdEdition, AnAccessLogOnlyGrows) {
  auto anchor = [](int lines, char digit) {
    return fmt::format(R"("server":"one","lines":{},"head":"{}")", lines, std::string(64, digit));
  };
  must({"operator"}, "AccessLogAnchored", anchor(10, 'a'));
  must({"log"}, "AccessLogAnchored", anchor(10, 'a'));
  expectRule("R-AUTHORITY", {"plt"}, "AccessLogAnchored", anchor(11, 'b'));
  expectRule("R-ACCESS-LOG", {"operator"}, "AccessLogAnchored", anchor(10, 'b'));
  boundary({"R-ACCESS-LOG", "accesslog:one", "more than 10 lines, or the same head " + std::string(64, 'a'),
            "9 lines, head " + std::string(64, 'b')},
           {{"operator"}, "AccessLogAnchored", anchor(9, 'b')}, {{"operator"}, "AccessLogAnchored", anchor(11, 'b')});
}

// Two courts may preserve one right: the lifting of one preservation leaves the other.
TEST_F(ThirdEdition, EachPreservationEndsByItself) {
  const std::string patent = R"("ip":"CN2023110000011")";
  must({"cus"}, "IpAssetRecorded",
       R"("number":"CN2023110000011","kind":"INVENTION","owners":[{"party":"91330400MA2ENT032U"}])");
  auto noted = [&](const char* caseNo, const char* more) {
    must({"aud"}, "PreservationNoted", fmt::format(R"({},"court":"c","caseNo":"{}"{})", patent, caseNo, more));
  };
  auto frozen = [&] {
    auto record = town.ledger().entity("ip:CN2023110000011").value();
    std::vector<std::string> all;
    for (std::string_view by : record->all("frozen")) all.emplace_back(by);
    return all;
  };
  auto observed = [&](const char* code) { return fmt::format(R"({},"code":"{}","source":"gazette")", patent, code); };
  using Cases = std::vector<std::string>;
  noted("case 1", "");
  noted("case 2", "");
  noted("case 1", R"(,"lifted":true)");
  EXPECT_EQ(frozen(), Cases{"case 2"});
  noted("case 3", R"(,"lifted":true)");
  EXPECT_EQ(frozen(), Cases{"case 2"}) << "of another case";
  must({"aud"}, "IpStatusObserved", observed("PP01"));
  EXPECT_EQ(frozen(), (Cases{"PP01", "case 2"}));
  must({"aud"}, "IpStatusObserved", observed("PD01"));
  EXPECT_EQ(frozen(), Cases{"case 2"});
  must({"aud"}, "IpStatusObserved", observed("PD01"));
  EXPECT_EQ(frozen(), Cases{}) << "the only one";
  boundary({"R-IP-CODE", "ip:CN2023110000011", "capitals, digits and hyphens, as PP01", "pp01"},
           {{"aud"}, "IpStatusObserved", observed("pp01")}, {{"aud"}, "IpStatusObserved", observed("PP01")});
}

}  // namespace
}  // namespace pilotledger::ledger::edition3
