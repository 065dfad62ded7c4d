#include "tools/reconcile/pairing.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pilotledger::reconcile {
namespace {

// "bank+bank=ledger" of each group, with what kind it is unless equal.
std::string paired(const std::vector<Item>& bank, const std::vector<Item>& ledger, std::int64_t days = 3) {
  std::string all;
  for (const Group& group : pairUp(bank, ledger, days)) {
    std::string one;
    for (std::size_t i : group.bank) one += (one.empty() ? "" : "+") + std::to_string(i);
    one += "=";
    for (std::size_t j = 0; j < group.ledger.size(); ++j) one += (j > 0 ? "+" : "") + std::to_string(group.ledger[j]);
    if (group.kind == Group::Kind::Unequal) one += "!";
    if (group.kind == Group::Kind::Far) one += "~";
    all += (all.empty() ? "" : " ") + one;
  }
  return all;
}

TEST(Pairing, TheMostPairsAndTheNearest) {
  // First come, first served would give 0 to 1 and leave 1 alone.
  EXPECT_EQ(paired({{5, 13, {}}, {5, 16, {}}}, {{5, 10, {}}, {5, 14, {}}}), "1=1 0=0");
  EXPECT_EQ(paired({{5, 10, {}}}, {{5, 8, {}}, {5, 11, {}}}), "0=1") << "the nearest";
  EXPECT_EQ(paired({{5, 10, {"X"}}}, {{5, 10, {"Y"}}, {5, 10, {}}}), "0=1") << "rather one without another number";
  EXPECT_EQ(paired({{5, 10, {}}, {5, 10, {}}}, {{5, 10, {}}}).size(), 3u) << "a movement explains one entry";
  EXPECT_EQ(paired({{5, 10, {}}}, {{5, 14, {}}}), "");
  EXPECT_EQ(paired({{5, 10, {}}}, {{-5, 10, {}}}), "");
}

TEST(Pairing, UnderAReference) {
  EXPECT_EQ(paired({{-5, 10, {"P"}}, {-100, 10, {"P"}}}, {{-100, 10, {"P"}}}), "1=0") << "the fee stays";
  EXPECT_EQ(paired({{-60, 10, {"P"}}, {-5, 10, {"P"}}, {-40, 12, {"P"}}}, {{-100, 10, {"P"}}}), "0+2=0");
  EXPECT_EQ(paired({{-100, 10, {"P", "Q"}}}, {{-60, 10, {"P"}}, {-40, 10, {"Q"}}}), "0=0+1");
  EXPECT_EQ(paired({{-99, 10, {"P"}}}, {{-100, 10, {"P"}}}), "0=0!");
  EXPECT_EQ(paired({{-100, 10, {"P"}}}, {{-100, 400, {"P"}}}), "0=0~") << "a year apart is not the same day's work";
  EXPECT_EQ(paired({{-100, 10, {"P"}}}, {{-100, 400, {"P"}}, {-100, 11, {}}}), "0=1") << "a number used again";
  EXPECT_EQ(paired({{-99, 10, {"P"}}}, {{-100, 400, {"P"}}}), "");
  EXPECT_EQ(paired({{-7, 10, {"A"}}, {-9, 10, {"B"}}}, {{-9, 10, {"A"}}, {-7, 10, {"B"}}}), "0=0! 1=1!");
}

TEST(Pairing, SumsWithoutAReferenceWhereOnlyOneFits) {
  EXPECT_EQ(paired({{-60, 10, {}}, {-40, 11, {}}, {-7, 11, {}}}, {{-100, 10, {}}}), "0+1=0");
  EXPECT_EQ(paired({{100, 10, {}}}, {{60, 9, {}}, {40, 11, {}}}), "0=0+1");
  EXPECT_EQ(paired({{-60, 10, {}}, {-40, 11, {}}, {-40, 11, {}}}, {{-100, 10, {}}}), "") << "two choices are none";
  EXPECT_EQ(paired({{-60, 10, {}}, {-40, 20, {}}}, {{-100, 10, {}}}), "") << "days apart";
  EXPECT_EQ(paired({{-160, 10, {}}, {60, 10, {}}}, {{-100, 10, {}}}), "") << "a sum is of one side";
}

TEST(Pairing, ManyOfOneAmountTakeTimeByTheirNumber) {
  std::vector<Item> bank(3000, Item{1, 0, {}}), ledger(3000, Item{1, 0, {}});
  EXPECT_EQ(pairUp(bank, ledger, 3).size(), 3000u);
  std::vector<Item> parts;
  for (int i = 0; i < 400; ++i) parts.push_back({-1000 - i, i / 20, {}});
  EXPECT_TRUE(pairUp(parts, {{-50'000'001, 5, {}}}, 60).empty());
}

}  // namespace
}  // namespace pilotledger::reconcile
