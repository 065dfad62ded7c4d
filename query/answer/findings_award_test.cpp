// Findings on awards, S01 to S18: each on its case and not on the lawful neighbour.
#include "tests/support/books_fixture.h"

namespace pilotledger::query {
namespace {

TEST_F(Books, S01CapAndRatio) {
  award("at-cap", 1000, R"(,"baseFen":4000)", "2026-03-01", "equipment");
  EXPECT_EQ(found("S01"), Subjects{});
  award("over-cap", 1001, R"(,"baseFen":400000)", "2026-03-01", "equipment");
  award("over-ratio", 301, R"(,"baseFen":1000)", "2026-03-01", "equipment");
  award("before-policy", 5000, "", "2024-03-01", "equipment");
  EXPECT_EQ(found("S01"), (Subjects{"over-cap", "over-ratio"}));
}

// Without a base there is no share of it: the cap alone is the limit.
TEST_F(Books, S01WithoutABase) {
  std::string over = award("no-base", 1500, "", "2026-03-01", "equipment");
  expectOne("S01", "no-base", 500, {over, std::to_string(std::stoi(defaultRule) - 2)});
}

// What has no rule set of its own is judged by DEFAULT, its cap too; a set without a cap limits nothing.
TEST_F(Books, S01TheDefaultCapLimitsWhatHasNoSetOfItsOwn) {
  award("before", 701, "", "2026-02-01");
  EXPECT_EQ(found("S01"), Subjects{}) << "the default set names no cap";
  must({"eit", "trs"}, "PolicyRuleSetPublished",
       R"("ruleSet":"city","jurisdiction":"330200","instrument":"DEFAULT","effectiveFrom":"2026-03-01","capFen":700)");
  std::string rule = last();
  auto inCity = [&](const std::string& id, std::int64_t fen, const std::string& instrument) {
    town.must({"trs", "eit"},
              fmt::format(R"({{"kind":"SubsidyAwarded","jurisdiction":"330200","legalDate":"2026-03-02","body":)"
                          R"({{"award":"{}","payee":"{}","instrument":"{}","amountFen":{}}}}})",
                          id, kPayee, instrument, fen));
    return last();
  };
  inCity("at-cap", 700, "other");
  inCity("own-set", 900, "equipment");
  inCity("own-set-without-cap", 5000, "excellence");
  award("province", 5000);
  EXPECT_EQ(found("S01"), Subjects{});
  std::string over = inCity("over", 701, "other");
  expectOne("S01", "over", 1, {over, rule});
}

TEST_F(Books, S02WindowAndOneTime) {
  award("first", 100, "", "2025-01-10", "excellence");
  award("after-window", 100, "", "2028-01-10", "excellence");
  EXPECT_EQ(found("S02"), Subjects{});
  award("within", 100, "", "2028-01-11", "excellence");
  award("once", 100, "", "2025-02-01", "equipment");
  award("twice", 100, "", "2029-02-01", "equipment");
  EXPECT_EQ(found("S02"), (Subjects{"twice", "within"}));
}

TEST_F(Books, S04OneInvoiceUnderTwoAwards) {
  award("A", 5000);
  award("B", 5000);
  spend("A", "I", 600);
  spend("B", "I", 400);
  EXPECT_EQ(found("S04"), Subjects{});
  std::string extra = spend("B", "I", 1);
  EXPECT_EQ(found("S04"), Subjects{"invoice I"});
  reverse(extra);
  EXPECT_EQ(found("S04"), Subjects{}) << "what is reversed counts no more";
}

// Whether its letters were typed as capitals or not: the code as it stands on the record, the number where it is taken.
TEST_F(Books, S04AnInvoiceInSmallLetters) {
  award("A", 5000);
  award("B", 5000);
  adopt(3);
  auto claim = [&](const char* award, const char* number, const char* code, std::int64_t fen) {
    return must({"plt"}, "ExpenditureRecorded",
                fmt::format(R"("award":"{}","spender":"{}","basis":"INVOICE","claimFen":{},)"
                            R"("invoice":{{"number":"{}","code":"{}","totalFen":1000}})",
                            award, kPayee, fen, number, code));
  };
  claim("A", "fp-1", "xa", 600);
  claim("B", "fp-1", "xb", 600);
  EXPECT_EQ(found("S04"), Subjects{}) << "another code";
  claim("B", "FP-1", "XA", 401);
  EXPECT_EQ(found("S04"), Subjects{"invoice FP-1"});
  EXPECT_EQ(found("S06"), Subjects{});
  must({"aud"}, "InvoiceVoided", R"("invoice":"fp-1","code":"Xb","source":"查验平台")");
  EXPECT_EQ(found("S06"), Subjects{"invoice FP-1"});
}

// Months end where the calendar ends them: a year after 29 February is 28 February, in SQL as in the rules.
TEST_F(Books, S02TheWindowEndsOnTheLastDayOfTheMonth) {
  must({"eit", "trs"}, "PolicyRuleSetPublished",
       R"("ruleSet":"monthly","jurisdiction":"330000","instrument":"monthly",)"
       R"("effectiveFrom":"2024-01-01","windowMonths":1)");
  award("first", 100, "", "2026-01-31", "monthly");
  award("second", 100, "", "2026-02-28", "monthly");
  EXPECT_EQ(found("S02"), Subjects{}) << "31 January and a month is 28 February, not 3 March";
  award("third", 100, "", "2026-03-27", "monthly");
  EXPECT_EQ(found("S02"), Subjects{"third"});
}

TEST_F(Books, S09Overspent) {
  award("A", 600);
  spend("A", "I", 600);
  EXPECT_EQ(found("S09"), Subjects{});
  spend("A", "J", 1);
  EXPECT_EQ(found("S09"), Subjects{"A"});
}

TEST_F(Books, S10S11OutsideThePeriod) {
  award("in", 1000, R"(,"periodFrom":"2026-03-01","periodTo":"2026-03-01")");
  award("late", 1000, R"(,"periodFrom":"2026-01-01","periodTo":"2026-02-28")");
  award("early", 1000, R"(,"periodFrom":"2026-03-02","periodTo":"2026-12-31")");
  for (const char* id : {"in", "late", "early"}) spend(id, id, 10);
  EXPECT_EQ(found("S10"), Subjects{"late"});
  EXPECT_EQ(found("S11"), Subjects{"early"});
}

TEST_F(Books, S12IdleAndS13Late) {
  award("idle", 1000, R"(,"mode":"PRE")");
  award("used", 1000, R"(,"mode":"PRE")");
  award("reward", 1000, R"(,"mode":"REWARD")");
  for (const char* id : {"idle", "used", "reward"}) receive(id, 1000, "2026-03-31");
  spend("idle", "I", 499);
  spend("used", "J", 500);
  EXPECT_EQ(found("S12", "2027-03-30"), Subjects{});
  EXPECT_EQ(found("S12", "2027-03-31"), Subjects{"idle"});
  EXPECT_EQ(found("S13", "2027-03-31"), Subjects{});
  award("late", 1000);
  EXPECT_EQ(found("S13", "2026-03-31"), Subjects{});
  EXPECT_EQ(found("S13", "2026-04-01"), Subjects{"late"});
  receive("late", 1000, "2026-04-01");
  EXPECT_EQ(found("S13", "2026-04-01"), Subjects{"late"});
}

TEST_F(Books, S15NoSeparateAccount) {
  award("A", 1000, R"(,"mode":"PRE")");
  spend("A", "I", 1);
  EXPECT_EQ(found("S15"), Subjects{});
  must({"plt"}, "ExpenditureRecorded",
       fmt::format(
           R"("award":"A","spender":"{}","basis":"INVOICE","claimFen":1,"invoice":{{"number":"J","totalFen":1}})",
           kPayee));
  EXPECT_EQ(found("S15"), Subjects{"A"});
}

TEST_F(Books, S17NotInstalledAndS21Evidence) {
  award("A", 1000, "", "2026-03-01", "equipment");
  spend("A", "I", 10, R"(,"asset":"E1")");
  EXPECT_EQ(found("S17", "2026-05-30"), Subjects{});
  EXPECT_EQ(found("S17", "2026-05-31"), Subjects{"A"});
  must({"plt"}, "AssetInstalled", fmt::format(R"("asset":"E1","owner":"{}","award":"A","inUse":true)", kPayee));
  EXPECT_EQ(found("S17", "2026-05-31"), Subjects{});
  EXPECT_EQ(found("S21"), Subjects{});
  spend("A", "J", 10, "", R"("evidence":[{"kind":"INVOICE","hash":")" + std::string(64, '1') + R"("}],)");
  EXPECT_EQ(found("S21"), Subjects{"A"});
}

TEST_F(Books, S26BackdatedAndS28Negative) {
  award("in-time", 1000, "", "2025-12-31");
  EXPECT_EQ(found("S26"), Subjects{});
  award("late", 1000, "", "2025-12-30");
  EXPECT_EQ(found("S26").size(), 1u);
  must({"imp"}, "ExpenditureRecorded",
       fmt::format(R"("award":"late","spender":"{}","basis":"LIST_TOTAL","claimFen":-5)", kPayee),
       R"("source":"s#1","legalDate":"2020-01-01",)");
  EXPECT_EQ(found("S26").size(), 1u) << "imported records are exempt";
  EXPECT_EQ(found("S28"), Subjects{"late"});
}

TEST_F(Books, S03NotEligible) {
  platform();
  std::string rule = must({"eit", "trs"}, "PolicyRuleSetPublished",
                          R"("ruleSet":"up","jurisdiction":"330000","instrument":"up","effectiveFrom":"2025-01-01",)"
                          R"("eligibleLevel":"PROVINCIAL","eligibleGrade":"EXCELLENT")");
  town.bind("city", "11330200MB99020196", R"("EIT")", R"(,"level":"MUNICIPAL")");
  std::string tier = must({"city"}, "PlatformRecognized", R"("platform":"P","level":"MUNICIPAL")", "2025-06-01");
  must({"eit"}, "PerformanceGraded", R"("platform":"P","year":2025,"grade":"EXCELLENT")", "2026-01-20");
  std::string low = award("low", 100, R"(,"platform":"P")", "2026-01-25", "up");
  expectOne("S03", "low", 100, {rule, tier, low});
  must({"eit"}, "PlatformRecognized", R"("platform":"P","level":"PROVINCIAL")", "2026-02-01");
  award("eligible", 100, R"(,"platform":"P")", "2026-03-01", "up");
  EXPECT_EQ(found("S03"), Subjects{"low"});
  award("not-graded", 100, R"(,"platform":"P")", "2027-03-01", "up");
  must({"trs", "eit"}, "SubsidyAwarded",
       fmt::format(R"("award":"stranger","payee":"{}","platform":"P","instrument":"other","amountFen":9)", kOther));
  EXPECT_EQ(found("S03"), (Subjects{"low", "not-graded", "stranger"}));
  must({"eit"}, "PlatformWithdrawn", R"("platform":"P","reason":"r","effectiveOn":"2027-03-01")");
  EXPECT_EQ(found("S03"), (Subjects{"low", "not-graded", "not-graded", "stranger"})) << "withdrawn on the day";
}

TEST_F(Books, S05OneAssetFundedTwice) {
  town.bind("les", "91330100MA99R0017K", R"("LES")");
  award("A", 5000);
  award("B", 5000);
  std::string first = (spend("A", "I", 600, R"(,"asset":"E")"), last());
  spend("A", "J", 100, R"(,"asset":"F")");
  must({"plt"}, "AssetInstalled", fmt::format(R"("asset":"own","owner":"{}","inUse":true)", kPayee));
  auto lease = [&](const std::string& id, const std::string& asset) {
    return must(
        {"les", "plt"}, "LeaseRegistered",
        fmt::format(R"("lease":"{}","lessor":"91330100MA99R0017K","lessee":"{}","assets":["{}"],"amountFen":30)", id,
                    kPayee, asset));
  };
  lease("L1", "own");
  EXPECT_EQ(found("S05"), Subjects{}) << "what no award paid for may be leased";
  std::string second = (spend("B", "K", 400, R"(,"asset":"E")"), last());
  expectOne("S05", "asset E", 400, {first, second});
  must({"plt"}, "AssetInstalled", fmt::format(R"("asset":"F","owner":"{}","award":"A","inUse":true)", kPayee));
  lease("L2", "F");
  EXPECT_EQ(found("S05"), (Subjects{"asset E", "asset F"}));
  must({"trs"}, "BondProceedsAllocated",
       fmt::format(R"("allocation":"B1","bond":"LOCAL_GOVERNMENT","recipient":"{}","asset":"F","amountFen":10)",
                   kPayee));
  EXPECT_EQ(found("S05").size(), 2u);
}

TEST_F(Books, S06VoidedInvoice) {
  award("A", 5000);
  std::string claim = (spend("A", "I", 600), last());
  must({"aud"}, "InvoiceVoided", R"("invoice":"other","source":"查验平台")");
  EXPECT_EQ(found("S06"), Subjects{});
  std::string voided =
      must({"aud"}, "InvoiceVoided", R"("invoice":"I","redInvoice":"R","amountFen":500,"source":"查验平台")");
  expectOne("S06", "invoice I", 500, {claim, voided});
  platform();
  std::string id = events::formatUuid(town.nextId());
  must({"plt"}, "RevenueReceived",
       R"("platform":"P","stream":"SERVICE","grossFen":1000,"netFen":1000,"invoice":{"number":"S","totalFen":1000})",
       R"("id":")" + id + R"(",)");
  spend("A", "S", 100);
  EXPECT_EQ(found("S06").size(), 1u);
  must({"plt"}, "RevenueReversed",
       fmt::format(R"("target":"{}","platform":"P","stream":"SERVICE","grossFen":10,"netFen":10)", id));
  EXPECT_EQ(found("S06"), (Subjects{"invoice I", "invoice S"}));
}

TEST_F(Books, S07Diverted) {
  std::string given = award("A", 5000, R"(,"permittedLines":["equipment","materials"])");
  spend("A", "I", 10, R"(,"line":"equipment")");
  spend("A", "J", 10);
  EXPECT_EQ(found("S07"), Subjects{});
  std::string travel = (spend("A", "K", 30, R"(,"line":"travel")"), last());
  std::string meals = (spend("A", "L", 7, R"(,"line":"travel")"), last());
  expectOne("S07", "A", 37, {given, travel, meals});
  award("ruled", 5000, "", "2026-03-01", "ruled");
  spend("ruled", "M", 10, R"(,"line":"travel")");
  EXPECT_EQ(found("S07").size(), 1u) << "no list, no finding";
  must({"eit", "trs"}, "PolicyRuleSetPublished",
       R"("ruleSet":"ruled","jurisdiction":"330000","instrument":"ruled","effectiveFrom":"2025-01-01",)"
       R"("permittedLines":["equipment"])");
  EXPECT_EQ(found("S07"), (Subjects{"A", "ruled"}));
  award("B", 5000);
  must({"plt"}, "ExpenditureRecorded",
       fmt::format(
           R"("award":"B","spender":"{}","basis":"INVOICE","claimFen":1,"invoice":{{"number":"N","totalFen":1}})",
           kClient));
  EXPECT_EQ(found("S07"), (Subjects{"A", "B", "ruled"}));
}

TEST_F(Books, S09OneLineOverspent) {
  std::string given =
      award("A", 5000, R"(,"lines":[{"line":"equipment","amountFen":900},{"line":"travel","amountFen":500}])");
  std::string moved =
      must({"plt", "eit"}, "BudgetAdjusted",
           R"("award":"A","changes":[{"line":"equipment","amountFen":100},{"line":"travel","amountFen":-100}])");
  std::string one = (spend("A", "I", 1000, R"(,"line":"equipment")"), last());
  std::string two = (spend("A", "J", 100, R"(,"line":"equipment")"), last());
  EXPECT_EQ(found("S09"), Subjects{}) << "a tenth above the line is tolerated";
  std::string three = (spend("A", "K", 1, R"(,"line":"equipment")"), last());
  expectOne("S09", "A equipment", 101, {given, moved, one, two, three});
}

TEST_F(Books, S14RetainedAndP43PassedLate) {
  auto pass = [&](const std::string& id, std::int64_t fen, const std::string& date) {
    return must(
        {"trs"}, "AppropriationPassed",
        fmt::format(R"("award":"{}","from":"11330000MB99010246","to":"11330000MB99010321","amountFen":{})", id, fen),
        date);
  };
  std::string given = award("A", 1000);
  std::string passed = pass("A", 500, "2026-03-31");
  std::string paid = must({"trs"}, "SubsidyDisbursed",
                          fmt::format(R"("award":"A","payee":"{}","amountFen":300)", kPayee), "2026-04-01");
  EXPECT_EQ(found("P43"), Subjects{});
  EXPECT_EQ(found("S14", "2026-04-30"), Subjects{});
  expectOne("S14", "A", 200, {passed, paid}, "2026-05-01");
  must({"trs"}, "SubsidyDisbursed", fmt::format(R"("award":"A","payee":"{}","amountFen":200)", kPayee), "2026-04-01");
  EXPECT_EQ(found("S14", "2026-05-01"), Subjects{});
  std::string late = pass("A", 100, "2026-04-01");
  expectOne("P43", "A", 100, {given, late});
}

TEST_F(Books, S16MatchingShort) {
  std::string given = award("A", 1000, R"(,"matchingFen":500,"periodFrom":"2026-01-01","periodTo":"2026-06-30")");
  std::string paid = must({"plt"}, "MatchingPaid", fmt::format(R"("award":"A","payee":"{}","amountFen":400)", kPayee));
  EXPECT_EQ(found("S16", "2026-06-30"), Subjects{});
  expectOne("S16", "A", 100, {given, paid}, "2026-07-01");
  must({"plt"}, "MatchingPaid", fmt::format(R"("award":"A","payee":"{}","amountFen":100)", kPayee));
  EXPECT_EQ(found("S16", "2026-07-01"), Subjects{});
}

TEST_F(Books, S18DisposedEarly) {
  award("A", 5000);
  std::string installed;
  for (const char* asset : {"early", "late", "approved", "own"}) {
    std::string index =
        must({"plt"}, "AssetInstalled", fmt::format(R"("asset":"{}","owner":"{}","inUse":true)", asset, kPayee));
    if (std::string(asset) == "early") installed = index;
    if (std::string(asset) != "own") spend("A", asset, 600, fmt::format(R"(,"asset":"{}")", asset));
  }
  must({"plt"}, "AssetDisposed", R"("asset":"late","mode":"SOLD")", "2029-03-01");
  must({"plt"}, "AssetDisposed", R"("asset":"approved","mode":"SOLD","approvalDocNo":"浙财资〔2027〕1号")",
       "2027-03-01");
  must({"plt"}, "AssetDisposed", R"("asset":"own","mode":"SOLD")", "2027-03-01");
  EXPECT_EQ(found("S18"), Subjects{});
  std::string sold = must({"plt"}, "AssetDisposed", R"("asset":"early","mode":"SOLD")", "2029-02-28");
  expectOne("S18", "asset early", 600, {installed, sold});
}

}  // namespace
}  // namespace pilotledger::query
