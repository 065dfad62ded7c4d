// What the verifier takes for an answer: a proof that nothing is recorded says something of recorded spellings only.
#include "tools/verifier/files.h"

#include <gtest/gtest.h>

#include "ledger/prover.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::verifier {
namespace {

class Verified : public ::testing::Test {
 protected:
  std::string proofOf(const std::string& key) {
    auto prover = ledger::Prover::open(town.directory(), {}).value();
    return prover->entity(key).value().serialize();
  }
  std::string vkey() { return town.ledger().logKey().vkey(); }
  Trust trust(const std::string& key) {
    return readTrust({key, "", ""},
                     [this](const std::string& file) -> Result<std::string> {
                       if (file == "key.txt") return vkey() + "\r\n";
                       return makeError(ErrorCode::NotFound, "no file", "");
                     })
        .value();
  }
  Verdict verdict(const std::string& file) { return verifyFile(file, trust(vkey()), Language::English).value(); }
  ledger::LedgerFixture town;
};

TEST_F(Verified, AnAbsenceUnderAnotherSpellingIsNoAnswer) {
  for (const char* good : {"ip:CN2023110000011", "award:A", "ip:EP1234567B1"})
    EXPECT_TRUE(verdict(proofOf(good)).verified) << good << verdict(proofOf(good)).text;
  for (const char* deceiving : {"ip:ZL202311000001.1", "ip:EP1234567", "ip:US5113523A", "party:91330100ma2plt015b",
                                "foo:bar", "award:\xD0\x90", "ip:CN101234562"}) {
    Verdict one = verdict(proofOf(deceiving));
    EXPECT_FALSE(one.verified) << deceiving;
    EXPECT_NE(one.json.find("AmbiguousName"), std::string::npos) << one.json;
  }
}

TEST_F(Verified, LinesMayEndAsMailLeavesThem) {
  std::string file = "\xEF\xBB\xBF";
  for (char c : proofOf("award:A")) file += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_TRUE(verdict(file).verified);
}

TEST_F(Verified, TheKeyMayStandInAFile) {
  EXPECT_EQ(trust("key.txt").logKey->vkey(), vkey());
  EXPECT_EQ(trust(" " + vkey() + "\n").logKey->vkey(), vkey());
  auto neither = readTrust({"nowhere", "", ""}, [](const std::string&) -> Result<std::string> {
    return makeError(ErrorCode::NotFound, "no file", "");
  });
  ASSERT_FALSE(neither.ok());
  EXPECT_EQ(neither.error().code, ErrorCode::InvalidInput);
  EXPECT_NE(neither.error().message.zh.find("公钥"), std::string::npos);
}

}  // namespace
}  // namespace pilotledger::verifier
