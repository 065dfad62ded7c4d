// Every byte of a proof matters: no changed file is accepted. Samples of each claim; several bits of
// each byte, each line dropped, doubled, and put in the place of each other.
#include <gtest/gtest.h>

#include "tests/support/proof_fixture.h"

namespace pilotledger::ledger {
namespace {

std::vector<std::string> linesOf(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find('\n', at) + 1;
    lines.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line;
  return text;
}

class ProofMutation : public testing::TestWithParam<crypto::SuiteId> {
 protected:
  ProofMutation() : town(GetParam()), key(town.logKey()) {
    auto prover = town.prover();
    for (auto file : {prover->event(town.award, Content::Shown), prover->event(town.award, Content::Withheld),
                      prover->entity("award:A"), prover->entity("award:none"), prover->history("award:A"),
                      prover->pledge("ZL202311000001.1"), prover->pledge("US9219817")}) {
      samples.push_back(file.value().serialize());
      if (GetParam() == crypto::SuiteId::Sm2Sm3 && samples.size() > 2) break;  // the grammar is the same, SM2 is slow
      EXPECT_TRUE(accepted(samples.back()));
    }
    if (GetParam() == crypto::SuiteId::Sm2Sm3) return;
    town.changeLogKey();
    // The commit that changes the key is signed by both keys, and either would do.
    town.must({"operator"},
              R"({"kind":"PartyRegistered","body":{"party":"x1:later","name":"Later","kind":"ENTERPRISE"}})");
    samples.push_back(town.prover()->entity("award:none")->serialize());
    EXPECT_TRUE(accepted(samples.back())) << "by way of the change of the log key";
  }
  bool accepted(std::string_view text) {
    auto claim = proof::verifyProof(text, key);
    if (!claim.ok()) {
      EXPECT_EQ(claim.error().code, ErrorCode::ProofRejected) << claim.error().message.en;
      EXPECT_FALSE(claim.error().rule.empty()) << claim.error().message.en;
    }
    return claim.ok();
  }
  ProofTown town;
  crypto::VerifyKey key;
  std::vector<std::string> samples;
};

TEST_P(ProofMutation, NoChangedByteIsAccepted) {
  for (const std::string& sample : samples) {
    std::string text = sample;
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (int bit : {0x01, 0x20, 0x80}) {
        text[at] = static_cast<char>(text[at] ^ bit);
        ASSERT_FALSE(accepted(text)) << "byte " << at << " bit " << bit << "\n" << sample;
        text[at] = sample[at];
      }
    }
  }
}

TEST_P(ProofMutation, NoCutOrLongerFileIsAccepted) {
  for (const std::string& sample : samples) {
    for (std::size_t size = 0; size < sample.size(); ++size)
      ASSERT_FALSE(accepted(std::string_view(sample).substr(0, size))) << size;
    for (const char* more : {"\n", " ", "x", "entity x\nmap 0\nabsent\n"})
      ASSERT_FALSE(accepted(sample + more)) << more;
  }
}

TEST_P(ProofMutation, NoDroppedDoubledOrMovedLineIsAccepted) {
  for (const std::string& sample : samples) {
    const auto lines = linesOf(sample);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      auto dropped = lines;
      dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
      ASSERT_FALSE(accepted(joined(dropped))) << "dropped " << lines[i];
      for (std::size_t j : {std::size_t{0}, i + 1, (i + lines.size()) / 2, lines.size()}) {
        auto doubled = lines;
        doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(j), lines[i]);
        ASSERT_FALSE(accepted(joined(doubled))) << "doubled " << lines[i];
      }
      for (std::size_t j = i + 1; j < lines.size(); ++j) {
        if (lines[i] == lines[j]) continue;
        auto moved = lines;
        std::swap(moved[i], moved[j]);
        ASSERT_FALSE(accepted(joined(moved))) << lines[i] << " and " << lines[j];
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Suites, ProofMutation,
                         testing::Values(crypto::SuiteId::Ed25519Sha256, crypto::SuiteId::Sm2Sm3), [](const auto& one) {
                           return one.param == crypto::SuiteId::Sm2Sm3 ? "Sm2Sm3" : "Ed25519Sha256";
                         });

}  // namespace
}  // namespace pilotledger::ledger
