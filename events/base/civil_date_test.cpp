#include "events/base/civil_date.h"

#include <gtest/gtest.h>

namespace pilotledger::events {
namespace {

TEST(CivilDate, TakesRealDaysOnly) {
  for (const char* good : {"2026-02-28", "2024-02-29", "2000-02-29", "1800-01-01", "2999-12-31"}) {
    auto date = parseCivilDate(good);
    ASSERT_TRUE(date.ok()) << good;
    EXPECT_EQ(formatCivilDate(*date), good);
  }
  for (const char* bad : {"2026-02-30", "2025-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "20260101",
                          "2026-01-01 ", "1799-12-31", "3000-01-01", "", "2026-01-0x"}) {
    auto date = parseCivilDate(bad);
    EXPECT_FALSE(date.ok()) << bad;
    if (!date.ok()) EXPECT_FALSE(date.error().message.zh.empty());
  }
  EXPECT_EQ(formatCivilDate(0), "");
}

TEST(CivilDate, DaysAndBackOverCenturies) {
  for (std::int64_t day = daysOf(18000101); day <= daysOf(29991231); day += 97) {
    std::int32_t date = civilDateOfDays(day);
    ASSERT_TRUE(isCivilDate(date)) << date;
    ASSERT_EQ(daysOf(date), day);
  }
  EXPECT_EQ(daysOf(19700101), 0);
  EXPECT_EQ(addDays(20261231, 1), 20270101);
}

TEST(CivilDate, MonthsClampToTheEndOfTheMonth) {
  EXPECT_EQ(addMonths(20260131, 1), 20260228);
  EXPECT_EQ(addMonths(20240131, 1), 20240229);
  EXPECT_EQ(addMonths(20260315, 36), 20290315);
  EXPECT_EQ(addMonths(20261231, -10), 20260228);
  EXPECT_EQ(addMonths(20230314, 240), 20430314);
}

TEST(CivilDate, TheDayOfAnInstantIsTakenInChina) {
  EXPECT_EQ(civilDateOfUtcMs(*parseInstant("2026-02-28T15:59:59Z")), 20260228);
  EXPECT_EQ(civilDateOfUtcMs(*parseInstant("2026-02-28T16:00:00Z")), 20260301);
  EXPECT_EQ(formatUtcMs(*parseInstant("2026-03-01T09:00:00+08:00")), "2026-03-01T01:00:00.000Z");
  for (const char* bad : {"2026-03-01", "2026-03-01T25:00:00Z", "2026-02-30T00:00:00Z", "yesterday", ""}) {
    EXPECT_FALSE(parseInstant(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace pilotledger::events
