#include "events/pseudonym.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "events/json.h"
#include "events/reference.h"

namespace pilotledger::events {
namespace {

std::string fake(std::string_view kind, std::string_view number) {
  return "hmac:" + std::string(63, kind == "invoice" ? 'a' : 'b') + std::to_string(number.size() % 10);
}

std::string spent(const std::string& invoice, const std::string& payment) {
  return R"({"kind":"ExpenditureRecorded","id":"018f3a00-0000-7000-8000-000000000001","legalDate":"2026-03-01",)"
         R"("body":{"award":"A","spender":"x1:p",)"
         R"("basis":"INVOICE","claimFen":5,"invoice":{"number":)" +
         invoice + R"(,"totalFen":5},"paymentRef":)" + payment + "}}";
}

TEST(Seal, ReplacesTheNumbersAndNothingElse) {
  Event plain = Event::decode(eventFromJsonText(spent("\"INV-1\"", "\"FK-12\"")).value()).value();
  Event sealed = Event::decode(sealNumbers(plain, fake).value()).value();
  auto json = jsonOf(sealed);
  EXPECT_EQ(json["body"]["invoice"]["number"], fake("invoice", "INV-1"));
  EXPECT_EQ(json["body"]["paymentRef"], fake("bankref", "FK-12"));
  json["body"]["invoice"]["number"] = "INV-1";
  json["body"]["paymentRef"] = "FK-12";
  EXPECT_EQ(json, jsonOf(plain));
  EXPECT_EQ(textOf(sealed.bytes()).find("INV-1"), std::string_view::npos) << "no plain text is left in the bytes";
  bool named = false;
  for (const auto& entity : entitiesOf(sealed)) named = named || entity.key == "invoice:" + fake("invoice", "INV-1");
  EXPECT_TRUE(named) << "the entity's key is the keyed hash";
  // What is sealed stays as it is, so that every way to the log gives the same bytes.
  EXPECT_EQ(sealNumbers(sealed, fake).value(), Bytes(sealed.bytes().begin(), sealed.bytes().end()));
}

TEST(Seal, TheSealedSpellingIsOne) {
  EXPECT_TRUE(eventFromJsonText(spent('"' + fake("invoice", "1") + '"', "\"x\"")).ok());
  for (const char* bad : {"hmac:AB", "hmac:aa0 "}) {
    auto refused = eventFromJsonText(spent("\"" + std::string(bad) + "\"", "\"x\""));
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().message.en.find(bad), std::string::npos) << "private text is not repeated";
  }
  EXPECT_FALSE(eventFromJsonText(spent("\"hmac:" + std::string(64, 'A') + "\"", "\"x\"")).ok());
}

TEST(Seal, ErrorsDoNotRepeatPrivateText) {
  for (const char* bad : {"6222021234567890", "[\"6222021234567890\"]", "\"6222021234567890\\u0007\""}) {
    auto refused = eventFromJsonText(spent("\"I\"", bad));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().message.en.find("62220"), std::string::npos) << refused.error().message.en;
    EXPECT_EQ(refused.error().message.zh.find("62220"), std::string::npos);
  }
}

TEST(Confidentiality, JsonWithholdsWhatIsAboveTheReader) {
  Event event = Event::decode(eventFromJsonText(spent("\"INV-1\"", "\"FK-12\"")).value()).value();
  auto json = jsonOf(event, {Confidentiality::PARTY, {}});
  EXPECT_FALSE(json["body"].contains("invoice"));
  EXPECT_FALSE(json["body"].contains("paymentRef"));
  EXPECT_EQ(json["body"]["claimFen"], "5");
  EXPECT_EQ(json["withheld"], nlohmann::ordered_json({"id", "body.invoice", "body.paymentRef"}));
  EXPECT_EQ(jsonOf(event, {Confidentiality::AUDIT, {}}), jsonOf(event));
  auto opened = jsonOf(event, {Confidentiality::SECRET, [](const std::string& text) { return "<" + text + ">"; }});
  EXPECT_EQ(opened["body"]["paymentRef"], "<FK-12>");
  EXPECT_EQ(opened["body"]["award"], "A") << "only what may be sealed is opened";
}

TEST(Confidentiality, AKindCoversItsBodyAndEvidence) {
  Event event =
      Event::decode(eventFromJsonText(
                        R"({"kind":"LoanDrawn","id":"018f3a00-0000-7000-8000-000000000001","legalDate":"2026-03-01",)"
                        R"("evidence":[{"kind":"CONTRACT","hash":")" +
                        std::string(64, 'a') +
                        R"(","title":"loan L"}],"refs":["r"],"body":{"loan":"L","debtor":"x1:p","amountFen":5}})")
                        .value())
          .value();
  auto json = jsonOf(event, {Confidentiality::PUBLIC, {}});
  EXPECT_EQ(json.dump().find("loan L"), std::string::npos);
  EXPECT_TRUE(json["body"].empty());
  EXPECT_FALSE(json.contains("refs"));
  EXPECT_EQ(json["kind"], "LoanDrawn");
  EXPECT_EQ(json["withheld"], nlohmann::ordered_json({"id", "evidence", "refs", "body"}));
  for (const auto& entity : entitiesOf(event)) EXPECT_EQ(entity.confidentiality, Confidentiality::PARTY) << entity.key;
}

}  // namespace
}  // namespace pilotledger::events
