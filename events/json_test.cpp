#include "events/json.h"

#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>

namespace pilotledger::events {
namespace {

std::string award(const std::string& more = "", const std::string& body = "") {
  return R"({"kind":"SubsidyAwarded","id":"018f3a00-0000-7000-8000-000000000001","legalDate":"2026-03-01",)"
         R"("jurisdiction":"330000")" +
         more + R"(,"body":{"award":"A1","payee":"91350100M000100Y43","instrument":"equipment")" + body + "}}";
}

std::string refusal(const std::string& json) {
  auto bytes = eventFromJsonText(json);
  return bytes.ok() ? "" : bytes.error().message.en;
}

TEST(Json, RoundTripsThroughCanonicalBytes) {
  std::string text = award(
      R"(,"evidence":[{"kind":"INVOICE","hash":")" + std::string(64, 'a') + R"(","title":"发票"}],"refs":["r1"])",
      R"(,"amountFen":9007199254740993,"docNo":"浙财建(2025)29号","periodFrom":"2026-01-01","permittedLines":["设备",)"
      R"("检测"],"kpis":[{"name":"企业数","target":"030.0"}])");
  auto bytes = eventFromJsonText(text);
  ASSERT_TRUE(bytes.ok()) << bytes.error().message.en;
  Event event = Event::decode(*bytes).value();
  auto json = jsonOf(event);
  EXPECT_EQ(json["body"]["docNo"], "浙财建〔2025〕29号");
  EXPECT_EQ(json["body"]["amountFen"], "9007199254740993");  // beyond 2^53 a number would be rounded by others
  EXPECT_EQ(json["body"]["kpis"][0]["target"], "30");
  EXPECT_EQ(*eventFromJson(json), *bytes);
  EXPECT_EQ(*eventFromJsonText(eventToJson(event)), *bytes);
}

TEST(Json, EveryTemplateNamesEveryFieldAndRefusesToBeSignedUnfilled) {
  for (const Kind& kind : kinds()) {
    auto json = parseJson(templateJson(kind));
    ASSERT_TRUE(json.ok()) << kind.name << ": " << json.error().message.en;
    EXPECT_EQ((*json)["kind"], kind.name);
    EXPECT_FALSE(json->contains("id")) << kind.name;  // derived when the event is recorded
    for (const Field& field : kind.body->fields)
      EXPECT_TRUE((*json)["body"].contains(field.name)) << kind.name << "." << field.name;
    auto unfilled = eventFromJson(*json);
    ASSERT_FALSE(unfilled.ok()) << kind.name;
    EXPECT_NE(unfilled.error().message.en.find("still as in the template"), std::string::npos)
        << kind.name << ": " << unfilled.error().message.en;
    // Filled in but for one field of the body: that one is named.
    for (const Field& field : kind.body->fields) {
      if (field.element != nullptr) continue;
      nlohmann::ordered_json one = {
          {"kind", kind.name}, {"id", "018f3a00-0000-7000-8000-000000000001"}, {"legalDate", "2026-03-01"}};
      one["body"][field.name] = (*json)["body"][field.name];
      auto named = eventFromJson(one);
      ASSERT_FALSE(named.ok()) << kind.name << "." << field.name;
      EXPECT_EQ(named.error().message.en.find("body: " + field.name + ": "), 0u) << named.error().message.en;
    }
  }
}

TEST(Json, NamesThePathOfWhatIsWrong) {
  EXPECT_NE(refusal(award("", R"(,"amontFen":1)")).find("amontFen"), std::string::npos);
  EXPECT_NE(refusal(award("", R"(,"amontFen":1)")).find("did you mean 'amountFen'"), std::string::npos);
  EXPECT_NE(refusal(award("", R"(,"kpis":[{"name":"a"},{"nam":"b"}])")).find("kpis: [1]"), std::string::npos)
      << refusal(award("", R"(,"kpis":[{"name":"a"},{"nam":"b"}])"));
  EXPECT_NE(refusal(award("", R"(,"mode":"FREE")")).find("PRE, POST, REWARD"), std::string::npos);
}

TEST(Json, RefusesWhatCouldBeReadTwoWays) {
  for (const std::string& bad :
       {award("", R"(,"amountFen":1.5)"), award("", R"(,"amountFen":1e3)"), award("", R"(,"amountFen":"12x")"),
        award("", R"(,"amountFen":9223372036854775808)"), award("", R"(,"amountFen":1,"amountFen":2)"),
        award(R"(,"legalDate":"2026-03-02")"), award("", R"(,"periodFrom":"2026-02-30")"),
        award("", R"(,"periodFrom":20260228)"), award("", R"(,"permittedLines":"x")"), award("", R"(,"title":7)"),
        award("", R"(,"title":"a\u0000b")"), award("", R"(,"title":"\u202Eevil")"), award("", R"(,"title":"\ud800")"),
        award(R"(,"extra":1)"), award(R"(,"currency":"RMB")"), award() + "x", std::string("[1]"), std::string("")}) {
    auto bytes = eventFromJsonText(bad);
    EXPECT_FALSE(bytes.ok()) << bad;
    if (!bytes.ok()) EXPECT_EQ(bytes.error().code, ErrorCode::InvalidInput);
  }
}

TEST(Json, RefusesDepthAndSizeWithoutRecursion) {
  EXPECT_FALSE(parseJson(std::string(100'000, '[')).ok());
  std::string deep;
  for (int i = 0; i < 33; ++i) deep += R"({"a":)";
  EXPECT_FALSE(parseJson(deep + "1" + std::string(33, '}')).ok());
  EXPECT_FALSE(parseJson("\"" + std::string(kMaxJsonBytes, 'a') + "\"").ok());
}

std::string fault(const std::string& text) {
  auto parsed = parseJson(text);
  if (parsed.ok()) return "taken";
  EXPECT_FALSE(parsed.error().message.zh.empty()) << text;
  return parsed.error().message.en;
}

TEST(Json, SaysWhatIsNoJsonOfOurs) {
  using namespace std::string_literals;
  EXPECT_NE(fault("{}\0"s).find("NUL character at byte 2"), std::string::npos) << fault("{}\0"s);
  EXPECT_NE(fault("\xff\xfe{\0}\0"s).find("UTF-16"), std::string::npos);
  EXPECT_NE(fault("{\0}\0"s).find("UTF-16"), std::string::npos);
  EXPECT_NE(fault("\xef\xbb\xbf{}").find("byte order mark"), std::string::npos);
  EXPECT_NE(fault("{\"a\":1,\"a\":2}").find("duplicate key 'a'"), std::string::npos);
  EXPECT_NE(fault("[1e999]").find("number overflow"), std::string::npos) << fault("[1e999]");
  EXPECT_NE(fault("{\"a\":}").find("column 6"), std::string::npos) << fault("{\"a\":}");
  EXPECT_NE(fault("{} {}").find("end of input"), std::string::npos) << fault("{} {}");
  EXPECT_NE(fault("\"\xC0\xAF\"").find("UTF-8"), std::string::npos) << fault("\"\xC0\xAF\"");
  EXPECT_NE(fault(std::string(33, '[') + std::string(33, ']')).find("nested deeper than 32"), std::string::npos);
  EXPECT_EQ(fault(std::string(32, '[') + std::string(32, ']')), "taken");
}

// By size only: each of these took many seconds, or would.
TEST(Json, TimeGrowsWithTheTextOnly) {
  std::string keys = "{";
  for (int i = 0; i < 80'000; ++i) keys += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  std::string objects = "[{}";
  while (objects.size() + 4 < kMaxJsonBytes) objects += ",{}";
  auto start = std::chrono::steady_clock::now();
  EXPECT_NE(fault(keys + "}").find("more than 256 keys"), std::string::npos);
  EXPECT_EQ(fault(objects + "]"), "taken");
  EXPECT_FALSE(eventFromJsonText("{\"kind\":\"SubsidyAwarded\",\"" + std::string(1'000'000, 'a') + "\":1}").ok());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST(Json, UnknownKindsSayWhichIsClose) {
  auto bytes = eventFromJsonText(R"({"kind":"SubsidyAward","body":{}})");
  ASSERT_FALSE(bytes.ok());
  EXPECT_NE(bytes.error().message.en.find("SubsidyAwarded"), std::string::npos);
}

}  // namespace
}  // namespace pilotledger::events
