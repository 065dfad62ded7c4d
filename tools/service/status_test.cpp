#include "tools/service/status.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace pilotledger::service {
namespace {

TEST(Status, TheTableIsClosed) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code) {
    const StatusRow& row = statusOf(static_cast<ErrorCode>(code));
    EXPECT_EQ(row.code, static_cast<ErrorCode>(code));
    EXPECT_TRUE(names.insert(row.name).second);
    EXPECT_GE(row.exit, 1);
    EXPECT_LE(row.exit, 6);
    EXPECT_GE(row.http, 400);
    EXPECT_FALSE(row.en.empty() || row.zh.empty());
  }
  EXPECT_EQ(names.size(), statusTable().size());
}

TEST(Status, SaysWhatWhereExpectedFoundInBothLanguages) {
  Error error = makeError(ErrorCode::Refused, "no more money", "资金不足");
  error.rule = "R-AWARD-CONSERVATION";
  error.entity = "award:A1";
  error.expected = "<= 10.00 CNY";
  error.found = "10.01 CNY";
  error.position = 0;
  std::string en = describe(error, Language::English);
  for (const char* part :
       {"no more money", "R-AWARD-CONSERVATION", "award:A1", "<= 10.00 CNY", "10.01 CNY", "event:    1"}) {
    EXPECT_NE(en.find(part), std::string::npos) << en;
  }
  EXPECT_NE(describe(error, Language::Chinese).find("资金不足"), std::string::npos);
  auto json = nlohmann::json::parse(describeJson(error));
  EXPECT_EQ(json["error"], "Refused");
  EXPECT_EQ(json["rule"], "R-AWARD-CONSERVATION");
}

}  // namespace
}  // namespace pilotledger::service
