// Where the rules about rights and pledges draw their lines (CNIPA announcement 461; Civil Code 444).
#include "tests/support/province_fixture.h"

namespace pilotledger::ledger {
namespace {

constexpr const char* kEntity = "ip:CN2023110000011";

class PledgeBorder : public Province {
 protected:
  PledgeBorder() { town.bind("owner", kPlatform, R"("OWN")"); }
  std::vector<std::string> both_ = {"cus", "bnk"};
  std::string onePatent_ = fmt::format(R"("assets":["{}"])", kPatent);
  void agreed() {
    patent();
    must(both_, "PledgeAgreed", agreement("P"));
  }
  void observed(const std::string& code) {
    must({"mkt"}, "IpStatusObserved", fmt::format(R"("ip":"{}","code":"{}","source":"gazette")", kPatent, code));
  }
  static std::string transfer(const char* owner) {
    return fmt::format(R"("ip":"{}","owners":[{{"party":"{}"}}])", kPatent, owner);
  }
};

TEST_F(PledgeBorder, RightsAreWhatTheirNumberSays) {
  auto asset = [](const std::string& kind, const std::string& expires) {
    return fmt::format(R"("number":"ZL202321000001.7","kind":"{}","owners":[{{"party":"{}"}}],"filedOn":"2023-01-01",)"
                       R"("expiresOn":"{}")",
                       kind, kClient, expires);
  };
  expectRule("R-IP-KIND", {"cus"}, "IpAssetRecorded", asset("INVENTION", "2043-01-01"));
  boundary({"R-IP-TERM", "ip:CN2023210000017", "2033-01-01", "2033-01-02"},
           {{"cus"}, "IpAssetRecorded", asset("UTILITY_MODEL", "2033-01-02")},
           {{"cus"}, "IpAssetRecorded", asset("UTILITY_MODEL", "2033-01-01")});
  auto design = [](const std::string& kind) {
    return fmt::format(R"("number":"ZL202331000001.2","kind":"{}","owners":[{{"party":"{}"}}])", kind, kClient);
  };
  boundary({"R-IP-KIND", "ip:CN2023310000012", "the kind its number says", "UTILITY_MODEL"},
           {{"cus"}, "IpAssetRecorded", design("UTILITY_MODEL")}, {{"cus"}, "IpAssetRecorded", design("DESIGN")});
}

TEST_F(PledgeBorder, ContractsOfPledge) {
  patent(kPatent, fmt::format(R"({{"party":"{}"}},{{"party":"{}"}})", kClient, kClient2), {"cus", "cus2"});
  std::string consent = R"(,"coOwnerConsent":"共有协议1号")";
  auto until = [&](const std::string& day) { return fmt::format(R"(,"debtTo":"{}")", day) + consent; };
  boundary({"R-PLEDGE-CONTENTS", "pledge:P", "claim kind, amount, term, assets, scope", "without debtFrom, debtTo"},
           {both_, "PledgeAgreed", agreement("P", consent)},
           {both_, "PledgeAgreed", agreement("P", until("2027-03-01"))});
  boundary({"R-CO-OWNER", kEntity, fmt::format("{} among the pledgors, or coOwnerConsent", kClient2), "neither"},
           {both_, "PledgeAgreed", agreement("Q")}, {both_, "PledgeAgreed", agreement("Q", until("2027-03-01"))});
  boundary({"R-PLEDGE-TERM", kEntity, "debt to <= 2043-03-14", "2043-03-15"},
           {both_, "PledgeAgreed", agreement("R", until("2043-03-15"))},
           {both_, "PledgeAgreed", agreement("R", until("2043-03-14"))});
  boundary({"R-DATES", "pledge:S", "debt from <= to", "2026-03-01..2026-02-28"},
           {both_, "PledgeAgreed", agreement("S", until("2026-02-28"))},
           {both_, "PledgeAgreed", agreement("S", until("2026-03-01"))});
  auto by = [&](const char* pledgor) {
    return fmt::format(R"("pledge":"T",{},"pledgors":["{}"],"pledgee":"{}","claimKind":"LOAN","amountFen":5,)"
                       R"("debtFrom":"2026-03-01","debtTo":"2027-03-01","scope":"a"{})",
                       onePatent_, pledgor, kBank, consent);
  };
  boundary({"R-PLEDGOR", kEntity, "an owner of the asset", kPlatform},
           {{"owner", "bnk"}, "PledgeAgreed", by(kPlatform)}, {{"cus2", "bnk"}, "PledgeAgreed", by(kClient2)});
}

TEST_F(PledgeBorder, RegistrationNeedsARightThatIsFree) {
  agreed();
  must({"cus", "bnk2"}, "PledgeAgreed", agreement("Q", R"(,"debtTo":"2027-03-01")", kBank2));
  must(both_, "PledgeRegistered", registration("P", "1"));
  boundary({"R-PLEDGE-ASSET", "pledge:P", "an asset of the contract not yet registered", "CN2023110000011"},
           {both_, "PledgeRegistered", registration("P", "2")},
           {both_, "PledgeAmended", R"("pledge":"P","amountFen":7,"reason":"r")"});
  boundary({"R-SECOND-PLEDGE", kEntity, "no pledge in force", "pledge P"},
           {{"cus", "bnk2"}, "PledgeRegistered", registration("Q", "2")},
           {{"bnk"}, "PledgeReleased", R"("pledge":"P",)" + onePatent_ + R"(,"reason":"PERFORMED")"});
  must({"cus", "bnk2"}, "PledgeRegistered", registration("Q", "2"));
}

TEST_F(PledgeBorder, RegistrationNeedsARightInForce) {
  agreed();
  observed("CF01");
  boundary({"R-IP-STATE", kEntity, "in-force", "ended"}, {both_, "PledgeRegistered", registration("P", "1")},
           {{"mkt"}, "IpStatusObserved", fmt::format(R"("ip":"{}","code":"RR01","source":"gazette")", kPatent)});
  observed("PP01");
  boundary({"R-IP-FROZEN", kEntity, "not under preservation", "PP01"},
           {both_, "PledgeRegistered", registration("P", "1")},
           {{"mkt"}, "IpStatusObserved", fmt::format(R"("ip":"{}","code":"PD01","source":"gazette")", kPatent)});
  must(both_, "PledgeRegistered", registration("P", "1"));
}

TEST_F(PledgeBorder, RegistrationOfAContestedRightNeedsAWaiver) {
  agreed();
  observed("CN-TWIN-FILING");
  observed("CN-INVALIDATION");
  observed("CN-TWIN-FILING-ENDED");
  boundary({"R-WAIVER", kEntity, "a waiver", "contested: CN-INVALIDATION"},
           {both_, "PledgeRegistered", registration("P", "1")},
           {both_, "PledgeRegistered", registration("P", "1") + R"(,"waiver":"知悉")"});
}

TEST_F(PledgeBorder, AContestThatEndedNeedsNone) {
  agreed();
  observed("CN-INVALIDATION");
  observed("CN-INVALIDATION-ENDED");
  must(both_, "PledgeRegistered", registration("P", "1"));
}

TEST_F(PledgeBorder, ThePledgorStillOwnsWhatIsRegistered) {
  agreed();
  must({"cus", "cus2"}, "IpTransferred", transfer(kClient2));
  boundary({"R-PLEDGOR", kEntity, fmt::format("owned by pledgor {}", kClient), kClient2},
           {both_, "PledgeRegistered", registration("P", "1")}, {{"cus2", "cus"}, "IpTransferred", transfer(kClient)});
  must(both_, "PledgeRegistered", registration("P", "1"));
}

TEST_F(PledgeBorder, ACoOwnerWhoJoinedIsAsked) {
  agreed();
  std::string both =
      fmt::format(R"("ip":"{}","owners":[{{"party":"{}"}},{{"party":"{}"}}])", kPatent, kClient, kClient2);
  must({"cus", "cus2"}, "IpTransferred", both);
  boundary({"R-CO-OWNER", kEntity, fmt::format("{} among the pledgors, or coOwnerConsent", kClient2),
            "an owner since the contract"},
           {both_, "PledgeRegistered", registration("P", "1")},
           {both_, "PledgeAgreed", agreement("Q", R"(,"debtTo":"2027-03-01","coOwnerConsent":"共有协议2号")")});
  must(both_, "PledgeRegistered", registration("Q", "1"));
}

TEST_F(PledgeBorder, WhatIsInPledgeEndsOnceAndMovesWithThePledgee) {
  agreed();
  std::string release = R"("pledge":"P",)" + onePatent_ + R"(,"reason":"PERFORMED")";
  boundary({"R-PLEDGE-STATE", "pledge:P", "active on the asset", "CN2023110000011"},
           {{"bnk"}, "PledgeReleased", release}, {both_, "PledgeRegistered", registration("P", "1")});
  boundary({"R-PLEDGEE-CONSENT", kEntity, fmt::format("the signature of pledgee {}", kBank), "pledge P in force"},
           {{"cus", "cus2"}, "IpTransferred", transfer(kClient2)},
           {{"cus", "cus2", "bnk"}, "IpTransferred", transfer(kClient2)});
  must({"bnk"}, "PledgeReleased", release);
  must({"cus2", "cus"}, "IpTransferred", transfer(kClient));
}

TEST_F(PledgeBorder, EveryCoOwnerSignsATransfer) {
  patent(kPatent, fmt::format(R"({{"party":"{}"}},{{"party":"{}"}})", kClient, kClient2), {"cus", "cus2"});
  boundary({"R-CO-OWNER", kEntity, fmt::format("the signature of {}", kClient2), "none"},
           {{"cus", "plt"}, "IpTransferred", transfer(kPlatform)},
           {{"cus", "cus2", "plt"}, "IpTransferred", transfer(kPlatform)});
}

}  // namespace
}  // namespace pilotledger::ledger
