#include "events/admission.h"

#include <gtest/gtest.h>

#include "events/base/text.h"
#include "events/codec.h"
#include "events/json.h"

namespace pilotledger::events {
namespace {

const Field& invoiceNumber() {
  return *findKind("ExpenditureRecorded")->body->find("invoice")->element->find("number");
}
const Field& awardId() { return *findKind("SubsidyAwarded")->body->find("award"); }
const Field& bankReference() { return *findKind("SubsidyReceived")->body->find("bankRef"); }
const Field& docNo() { return *findKind("SubsidyAwarded")->body->find("docNo"); }
const Field& payee() { return *findKind("SubsidyAwarded")->body->find("payee"); }
const Field& partyName() { return *findKind("PartyRegistered")->body->find("name"); }

TEST(Admission, NumbersThatLookAlikeAreOne) {
  for (const char* alike :
       {"FP-1", "ＦＰ－１", "FP‐1", "FP‑1", "FP–1", "FP−1", " FP-1", "FP-1 ", "　FP-1　", "𝐅𝐏-𝟏", "Ｆp-1"}) {
    for (const Field* field : {&invoiceNumber(), &awardId(), &bankReference()}) {
      auto admitted = admittedText(*field, alike);
      ASSERT_TRUE(admitted.ok()) << alike << ": " << admitted.error().message.en;
      const bool keepsCase = field != &invoiceNumber();
      EXPECT_EQ(*admitted, keepsCase && std::string_view(alike) == "Ｆp-1" ? "Fp-1" : "FP-1") << alike;
    }
  }
}

TEST(Admission, WhatNobodySeesIsRefusedInEveryText) {
  for (const char* hidden :
       {"FP\u00AD-1", "FP\u200B-1", "FP\u200C-1", "FP\u2060-1", "FP\uFE0F-1", "FP\u034F-1", "FP\u115F-1", "FP\u3164-1",
        "FP\uFFA0-1", "FP\u180E-1", "FP\U000E0041-1", "FP\U000E0101-1", "FP\u2028-1", "FP\uFFF9-1", "FP\u200F-1"}) {
    for (const Field* field : {&invoiceNumber(), &awardId(), &bankReference(), &docNo(), &payee(), &partyName()}) {
      EXPECT_FALSE(admittedText(*field, "us:" + std::string(hidden)).ok()) << hidden << " " << field->name;
    }
  }
  auto refused = admittedText(partyName(), "甲\u200B公司");
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.en.find("U+200B at byte 3"), std::string::npos) << refused.error().message.en;
  EXPECT_NE(refused.error().message.zh.find("U+200B"), std::string::npos);
}

TEST(Admission, NoBlankInsideANumber) {
  for (const char* bad : {"FP 1", "FP　1", "FP\u00A01", "FP\u20091", "FP\u28001"}) {
    for (const Field* field : {&invoiceNumber(), &bankReference()}) {
      auto refused = admittedText(*field, bad);
      ASSERT_FALSE(refused.ok()) << bad;
      EXPECT_EQ(refused.error().message.en.find("FP"), std::string::npos) << "private text is not repeated";
    }
  }
  EXPECT_EQ(admittedText(awardId(), "SBIR　 II").value(), "SBIR II") << "lists name their things with blanks";
  EXPECT_EQ(admittedText(payee(), "us-company:ACME　 INC").value(), "us-company:ACME INC")
      << "a foreign list knows names only";
}

TEST(Admission, AnInvoicesNumberIsItsDigits) {
  for (const char* spelled : {"00000001", "No.00000001", "№ 0000 0001", "发票号码：00000001", "ＮＯ．０００００００１"})
    EXPECT_EQ(admittedText(invoiceNumber(), spelled).value(), "00000001") << spelled;
  EXPECT_EQ(admittedText(bankReference(), "NO9386011117947").value(), "NO9386011117947") << "Norway's";
}

TEST(Admission, AnInvoicesLettersAreCapitals) {
  for (const char* spelled : {"fp-2026-0001", "FP-2026-0001", "Ｆｐ-2026-0001"})
    EXPECT_EQ(admittedText(invoiceNumber(), spelled).value(), "FP-2026-0001") << spelled;
  EXPECT_EQ(admittedText(bankReference(), "ref1").value(), "ref1") << "a bank may tell them apart";
  const std::string sealed = "hmac:" + std::string(64, 'a');
  EXPECT_EQ(admittedText(invoiceNumber(), sealed).value(), sealed);
}

TEST(Admission, NoPersonIsAParty) {
  auto person = admittedText(payee(), "11010519491231002X");
  ASSERT_FALSE(person.ok());
  EXPECT_EQ(person.error().message.en.find("11010519491231002X"), std::string::npos);
  EXPECT_FALSE(admittedText(payee(), "id:110105 19491231 002x").ok());
  EXPECT_TRUE(admittedText(payee(), "id:110105194912310021").ok()) << "another check character";
}

TEST(Admission, PrivateUseAndUnassignedCharactersNameNothing) {
  for (const char* bad : {"A\uE000", "A\U000F0000", "A\U0003FFF0", "A\nB"})
    EXPECT_FALSE(admittedText(awardId(), bad).ok()) << bad;
}

TEST(Admission, NamesKeepTheirPunctuationAndLoseTheirWidth) {
  struct Case {
    const char* written;
    const char* recorded;
  };
  for (const Case& one : {Case{"　张　三　", "张 三"},
                          {"甲公司（示例）", "甲公司（示例）"},
                          {"ＡＢＣ１２３公司", "ABC123公司"},
                          {"a  b", "a b"},
                          {"e\u0301", "é"},
                          {"10 m²", "10 m²"},
                          {"½ 吨", "½ 吨"},
                          {"一 \n  二\n", "一\n二"},
                          {"\n　\n", ""},
                          {"\uF9DC", "隆"}}) {
    EXPECT_EQ(admittedText(partyName(), one.written).value(), one.recorded) << one.written;
  }
}

TEST(Admission, DocumentNumbersHaveOneBracket) {
  EXPECT_EQ(admittedText(docNo(), "浙财建（２０２６）１号").value(), "浙财建〔2026〕1号");
  EXPECT_EQ(admittedText(docNo(), "浙财建[2025] 61 号").value(), "浙财建〔2025〕61号");
  EXPECT_EQ(admittedText(docNo(), "Notice 2016 (5)").value(), "Notice 2016 (5)");
}

TEST(Admission, AgainChangesNothing) {
  for (const Field* field : {&invoiceNumber(), &awardId(), &docNo(), &payee(), &partyName()}) {
    for (const char* text :
         {"us:ＦＰ－１", "us:〈甲〉", "us:ﬁ ¨ x", "us:가각", "us:½²", "us:ａ　ｂ", "us:\u212B\u0301"}) {
      auto once = admittedText(*field, text);
      if (!once.ok()) continue;
      auto again = admittedText(*field, *once);
      ASSERT_TRUE(again.ok()) << text;
      EXPECT_EQ(*again, *once) << text;
      EXPECT_EQ(canonicalText(*field, *once).value(), *once) << "decoding takes what admission gives: " << text;
    }
  }
}

// What an older version recorded is read as it is.
TEST(Admission, DecodingReadsWhatWouldNotBeTakenNow) {
  std::string json =
      R"({"kind":"PartyRegistered","id":"018f3a00-0000-7000-8000-000000000001","legalDate":"2026-03-01",)"
      R"("body":{"party":"us:p","name":"甲XYZ公司","kind":"ENTERPRISE"}})";
  Bytes bytes = eventFromJsonText(json).value();
  std::string text(bytes.begin(), bytes.end());
  std::string hidden = "\u200B";  // of three bytes, like XYZ
  text.replace(text.find("XYZ"), 3, hidden);
  auto old = Event::decode(viewOf(text));
  ASSERT_TRUE(old.ok()) << old.error().message.en;
  EXPECT_STREQ(old->reader().getBody().getPartyRegistered().getName().cStr(), ("甲" + hidden + "公司").c_str());
  EXPECT_FALSE(eventFromJsonText(eventToJson(*old)).ok()) << "not taken anew";
}

}  // namespace
}  // namespace pilotledger::events
