// Against an authority that `openssl ts` plays, with certificates made here.
#include "ledger/crypto/timestamp.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "events/base/temporary_directory.h"

namespace pilotledger::crypto {
namespace {

namespace fs = std::filesystem;

class Authority : public testing::Test {
 protected:
  TemporaryDirectory scratch_ = TemporaryDirectory::make("tsa").value();
  fs::path dir_ = scratch_.path();

  void SetUp() override {
    std::ofstream(dir_ / "tsa.cnf")
        << "[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=Test authority\n"
           "[ca]\nbasicConstraints=critical,CA:true\n[tsa]\nextendedKeyUsage=critical,timeStamping\n"
           "[t]\nserial="
        << (dir_ / "serial").string()
        << "\ndefault_policy=1.2.3.4\ndigests=sha256,sm3\n"
           "signer_digest=sha256\n";
    std::ofstream(dir_ / "serial") << "01\n";
    shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config tsa.cnf -subj '/CN=Root' "
        "-extensions ca -keyout ca.key -out ca.pem -days 30");
    shell(
        "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config tsa.cnf -keyout tsa.key -out tsa.csr");
    shell(
        "openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile tsa.cnf -extensions "
        "tsa -out tsa.pem");
    shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config tsa.cnf -subj '/CN=Other' "
        "-extensions ca -keyout o.key -out other.pem");
  }

  void shell(const std::string& command) {
    ASSERT_EQ(std::system(("cd '" + dir_.string() + "' && { " + command + "; } >> said 2>&1").c_str()), 0)
        << command << "\n"
        << read("said");
  }
  std::string read(const std::string& name) {
    std::ifstream in(dir_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // The authority's answer to a request.
  Bytes answer(const Bytes& request) {
    std::ofstream(dir_ / "q", std::ios::binary) << textOf(request);
    shell("openssl ts -reply -config tsa.cnf -section t -queryfile q -signer tsa.pem -inkey tsa.key -out r");
    std::string text = read("r");
    return {text.begin(), text.end()};
  }
};

TEST_F(Authority, StampsTheTextInBothSuites) {
  for (SuiteId suite : {SuiteId::Ed25519Sha256, SuiteId::Sm2Sm3}) {
    Bytes request = timestampRequest(suite, viewOf("a text")).value();
    auto token = timestampToken(request, answer(request));
    ASSERT_TRUE(token.ok()) << token.error().message.en;
    auto stamp = verifyTimestamp(suite, viewOf("a text"), *token, read("ca.pem"));
    ASSERT_TRUE(stamp.ok()) << stamp.error().message.en;
    EXPECT_NEAR(static_cast<double>(stamp->seconds), static_cast<double>(std::time(nullptr)), 60);
    EXPECT_EQ(stamp->authority, "CN=Test authority");
    EXPECT_EQ(stamp->policy, "1.2.3.4");
    EXPECT_TRUE(verifyTimestamp(suite, viewOf("a text"), *token, read("tsa.pem")).ok())
        << "the authority's own certificate as anchor";
    EXPECT_EQ(verifyTimestamp(suite, viewOf("a text"), *token, read("other.pem")).error().code,
              ErrorCode::ProofRejected);
    EXPECT_EQ(verifyTimestamp(suite, viewOf("other"), *token, read("ca.pem")).error().code, ErrorCode::ProofRejected);
    EXPECT_EQ(verifyTimestamp(suite, viewOf("a text"), *token, "no certificate").error().code, ErrorCode::InvalidInput);
    Bytes longer = *token;
    longer.push_back(0);
    EXPECT_EQ(readTimestamp(suite, viewOf("a text"), longer).error().code, ErrorCode::InvalidInput);
    // No change passes as this authority's word.
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < token->size(); i += 7) {
      Bytes changed = *token;
      changed[i] = static_cast<std::uint8_t>(changed[i] ^ 0x10);
      auto outcome = verifyTimestamp(suite, viewOf("a text"), changed, read("ca.pem"));
      if (outcome.ok() && (outcome->seconds != stamp->seconds || outcome->serial != stamp->serial)) ++accepted;
    }
    EXPECT_EQ(accepted, 0u);
  }
}

TEST_F(Authority, AnswersToOtherRequestsAndRefusalsAreRefused) {
  Bytes mine = timestampRequest(SuiteId::Ed25519Sha256, viewOf("a text")).value();
  Bytes other = timestampRequest(SuiteId::Ed25519Sha256, viewOf("a text")).value();
  EXPECT_NE(mine, other) << "the nonce";
  EXPECT_EQ(timestampToken(mine, answer(other)).error().code, ErrorCode::ProofRejected);
  EXPECT_EQ(timestampToken(mine, Bytes{1, 2, 3}).error().code, ErrorCode::InvalidInput);
  shell("sed -i 's/digests=.*/digests=sha512/' tsa.cnf");
  auto refused = timestampToken(mine, answer(mine));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::ProofRejected);
  EXPECT_NE(refused.error().message.en.find("refused by the authority"), std::string::npos)
      << refused.error().message.en;
}

}  // namespace
}  // namespace pilotledger::crypto
