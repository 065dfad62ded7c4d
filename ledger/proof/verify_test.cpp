// The worked example of README.md is a proof. (All questions and reasons: ledger/prover_test.cpp.)
#include "ledger/proof/verify.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace pilotledger::proof {
namespace {

TEST(Verify, TheExampleOfTheReadmeVerifies) {
  std::ifstream readme(PILOTLEDGER_PROOF_README);
  std::string text{std::istreambuf_iterator<char>(readme), {}};
  std::size_t begin = text.find("```\npilotledger/proof/v1\n") + 4;
  ASSERT_LT(begin, text.size());
  std::string file = text.substr(begin, text.find("```", begin) - begin);
  std::size_t key = text.find("`ledger.example.org+") + 1;
  auto vkey = crypto::VerifyKey::parse(text.substr(key, text.find('`', key) - key));
  ASSERT_TRUE(vkey.ok());
  auto claim = verifyProof(file, *vkey);
  ASSERT_TRUE(claim.ok()) << claim.error().message.en;
  EXPECT_EQ(claim->question.subject, "award:B");
  EXPECT_FALSE(claim->entities.at(0).record);
  EXPECT_EQ(claim->checkpoint.size, 2u);
  file.replace(file.find("ask entity award:B"), 18, "ask entity award:A");
  EXPECT_EQ(verifyProof(file, *vkey).error().rule, "MissingPart");
}

}  // namespace
}  // namespace pilotledger::proof
