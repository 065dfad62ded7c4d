// Log-ins on a ledger in a directory, with a clock that the test moves.
#include "tools/server/access.h"

#include <gtest/gtest.h>

#include "events/base/civil_date.h"
#include "ledger/tlog/note.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::server {
namespace {

constexpr const char* kUrl = "https://ledger.example";
constexpr const char* kParty = "91330100MA2PLT015B";

class AccessTest : public testing::Test {
 protected:
  AccessTest() { town_.bind("plt", kParty, R"("PLT")"); }

  const ledger::Ledger& ledger() { return town_.ledger(); }
  std::string nameOf(const std::string& key) {
    const crypto::VerifyKey& verify = town_.key(key).verifyKey();
    return verify.name() + "+" + verify.idHex();
  }
  std::string challenge(const std::string& key) { return access_.challenge(ledger(), kUrl, nameOf(key)).value(); }
  std::string signedBy(const std::string& key, const std::string& text) {
    return proof::Note{text, {proof::signNote(text, town_.key(key)).value()}}.serialize();
  }
  Result<Access::Opened> logIn(const std::string& key) {
    return access_.logIn(ledger(), kUrl, signedBy(key, challenge(key)));
  }
  std::int32_t today() const { return events::civilDateOfUtcMs(nowMs_); }

  ledger::LedgerFixture town_;
  std::int64_t nowMs_ = 1'772'330'400'000;  // 2026-03-01 10:00 in China
  Access access_{[this] { return nowMs_; }};
};

TEST_F(AccessTest, TheTextNamesDomainLedgerServerAndKey) {
  std::string text = challenge("plt");
  EXPECT_TRUE(text.starts_with("pilotledger-login/v1\ntest.example/ledger\nhttps://ledger.example\n")) << text;
  EXPECT_TRUE(text.ends_with(std::string("\n") + kParty + "\n" + nameOf("plt") + "\n")) << text;
  EXPECT_NE(text, challenge("plt"));
  EXPECT_TRUE(access_.challenge(ledger(), kUrl, "nobody+00000000").ok())
      << "who asks learns no more than the ledger shows";
  EXPECT_FALSE(access_.challenge(ledger(), kUrl, "two lines\n+1").ok());
}

TEST_F(AccessTest, ASessionEndsByIdlenessAndAfterEightHours) {
  std::string secret = logIn("plt").value().secret;
  nowMs_ += kIdleMs - 1;
  EXPECT_TRUE(access_.find(secret, false)) << "asked in time, the half hour begins anew";
  for (int i = 0; i < 14; ++i) {
    nowMs_ += kIdleMs - 1;
    EXPECT_TRUE(access_.find(secret, false)) << i;
  }
  nowMs_ += kIdleMs - 1;
  EXPECT_TRUE(access_.find(secret, false)) << "16 ms are left of eight hours";
  nowMs_ += 16;
  EXPECT_FALSE(access_.find(secret, false)) << "eight hours are over";
  secret = logIn("plt").value().secret;
  nowMs_ += kIdleMs;
  EXPECT_FALSE(access_.find(secret, false));
}

TEST_F(AccessTest, AKeyHasTwentySessionsAndKeepsTheNewest) {
  std::string first = logIn("plt").value().secret;
  std::string token = access_.makeToken(*access_.find(first, false), "nightly", 1).value().secret;
  for (int i = 0; i < 19; ++i) {
    ++nowMs_;
    ASSERT_TRUE(logIn("plt").ok());
  }
  EXPECT_TRUE(access_.find(first, false));
  EXPECT_EQ(access_.ofKey(nameOf("plt")).size(), 21u);
  nowMs_ += 5;
  std::string last = logIn("plt").value().secret;
  EXPECT_EQ(access_.ofKey(nameOf("plt")).size(), 21u);
  EXPECT_TRUE(access_.find(last, false));
  EXPECT_TRUE(access_.find(first, false)) << "it was used after the second";
  EXPECT_TRUE(access_.find(token, true));
}

TEST_F(AccessTest, ATokenIsNoSessionAndEndsOnItsDay) {
  Access::Opened session = logIn("plt").value();
  EXPECT_FALSE(access_.makeToken(session.session, "x", 0).ok());
  EXPECT_FALSE(access_.makeToken(session.session, "x", kMostTokenDays + 1).ok());
  std::string secret = access_.makeToken(session.session, "nightly", 2).value().secret;
  EXPECT_FALSE(access_.find(secret, false));
  EXPECT_FALSE(access_.find(session.secret, true));
  nowMs_ += 2 * 86'400'000ll - 1;
  auto token = access_.find(secret, true);
  ASSERT_TRUE(token);
  EXPECT_FALSE(readerOf(ledger(), *token, today()).value().mayWrite);
  nowMs_ += 1;
  EXPECT_FALSE(access_.find(secret, true));
}

TEST_F(AccessTest, AChallengeIsGoodOnceForTwoMinutesAndOneServer) {
  std::string note = signedBy("plt", challenge("plt"));
  EXPECT_TRUE(access_.logIn(ledger(), kUrl, note).ok());
  EXPECT_EQ(access_.logIn(ledger(), kUrl, note).error().code, ErrorCode::NotAuthorized);
  note = signedBy("plt", challenge("plt"));
  EXPECT_FALSE(access_.logIn(ledger(), "https://other.example", note).ok());
  EXPECT_FALSE(access_.logIn(ledger(), kUrl, note).ok()) << "tried once, it is used up";
  note = signedBy("plt", challenge("plt"));
  nowMs_ += kChallengeMs;
  EXPECT_FALSE(access_.logIn(ledger(), kUrl, note).ok());
  EXPECT_FALSE(access_.logIn(ledger(), kUrl, signedBy("operator", challenge("plt"))).ok()) << "another's signature";
  town_.makeKey("unbound");
  EXPECT_FALSE(logIn("unbound").ok());
}

TEST_F(AccessTest, RightsAreTheLedgersOfToday) {
  town_.bind("aud", "91330100MA99A00146", R"("AUD")");
  Session auditor = logIn("aud").value().session;
  Session platform = logIn("plt").value().session;
  EXPECT_EQ(readerOf(ledger(), auditor, today())->scope, "audit");
  EXPECT_EQ(readerOf(ledger(), platform, today())->scope, std::string("party:") + kParty);
  town_.must("operator", fmt::format(R"({{"kind":"KeyRevoked","body":{{"key":"{}","reason":"CEASED"}}}})",
                                     town_.key("plt").verifyKey().vkey()));
  EXPECT_EQ(readerOf(ledger(), platform, today()).error().code, ErrorCode::NotAuthorized);
  EXPECT_FALSE(logIn("plt").ok());
}

TEST_F(AccessTest, OneEndsOnesOwn) {
  town_.bind("aud", "91330100MA99A00146", R"("AUD")");
  Access::Opened own = logIn("plt").value();
  Access::Opened others = logIn("aud").value();
  EXPECT_FALSE(access_.end(others.session.id, own.session.key));
  EXPECT_TRUE(access_.end(own.session.id, own.session.key));
  EXPECT_FALSE(access_.find(own.secret, false));
  EXPECT_TRUE(access_.find(others.secret, false));
  EXPECT_EQ(access_.ofKey(others.session.key).size(), 1u);
}

}  // namespace
}  // namespace pilotledger::server
