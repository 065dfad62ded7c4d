// Keys on a PKCS#11 token, played by SoftHSM in a directory of its own.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "events/base/temporary_directory.h"
#include "ledger/crypto/key.h"

// Under the address sanitizer: SoftHSM keeps what it reads of its files; found where the whole stack is looked at.
extern "C" const char* __asan_default_options() { return "fast_unwind_on_malloc=0"; }
extern "C" const char* __lsan_default_suppressions() { return "leak:libsofthsm2\n"; }

namespace pilotledger::crypto {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModule = "/usr/lib/softhsm/libsofthsm2.so";

// One token for all tests: the module reads its configuration once a process.
class Token : public testing::Test {
 protected:
  static inline TemporaryDirectory scratch_;
  static inline fs::path dir_;

  static void SetUpTestSuite() {
    scratch_ = TemporaryDirectory::make("token").value();
    dir_ = scratch_.path();
    fs::create_directory(dir_ / "tokens");
    std::ofstream(dir_ / "softhsm2.conf")
        << "directories.tokendir = " << (dir_ / "tokens").string() << "\nlog.level = ERROR\n";
    std::ofstream(dir_ / "pin") << "123456\n";
    ::setenv("SOFTHSM2_CONF", (dir_ / "softhsm2.conf").c_str(), 1);
    for (const char* label : {"ledger", "spare"}) {
      std::string make = std::string("softhsm2-util --init-token --free --label ") + label +
                         " --pin 123456 --so-pin 654321 > /dev/null";
      ASSERT_EQ(std::system(make.c_str()), 0);
    }
  }
  static void TearDownTestSuite() { scratch_ = {}; }

  static std::string uri(const std::string& path, bool pin = true) {
    return "pkcs11:" + path + "?module-path=" + kModule + (pin ? "&pin-source=file:" + (dir_ / "pin").string() : "");
  }
};

TEST_F(Token, SignsAsAFileDoes) {
  auto made = SigningKey::generateOnToken(SuiteId::Ed25519Sha256, "bank.example/pledges", uri("token=ledger"));
  ASSERT_TRUE(made.ok()) << made.error().message.en;
  auto key = SigningKey::load(uri("token=ledger;object=bank.example%2Fpledges"));
  ASSERT_TRUE(key.ok()) << key.error().message.en;
  EXPECT_EQ(key->verifyKey().vkey(), made->verifyKey().vkey());
  EXPECT_EQ(key->verifyKey().name(), "bank.example/pledges");
  auto signature = key->sign(viewOf("message"));
  ASSERT_TRUE(signature.ok()) << signature.error().message.en;
  EXPECT_TRUE(VerifyKey::parse(key->verifyKey().vkey())->verify(viewOf("message"), *signature).ok());
  EXPECT_FALSE(key->verifyKey().verify(viewOf("other"), *signature).ok());
  EXPECT_EQ(*key->sign(viewOf("message")), *signature) << "Ed25519 is deterministic";
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { EXPECT_EQ(key->sign(viewOf("message")).value(), *signature); });
  }
  for (auto& thread : threads) thread.join();
}

TEST_F(Token, AFileMayStandForIt) {
  auto key =
      SigningKey::generateOnToken(SuiteId::Ed25519Sha256, "", uri("token=ledger;object=log.example;id=%07")).value();
  EXPECT_EQ(key.verifyKey().name(), "log.example");
  ASSERT_TRUE(key.save(dir_ / "log.pem").ok());
  std::ifstream in(dir_ / "log.pem");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(text.find("PRIVATE KEY"), text.npos);
  EXPECT_EQ(text.find("123456"), text.npos);
  EXPECT_EQ(SigningKey::load(dir_ / "log.pem")->verifyKey().vkey(), key.verifyKey().vkey());
  EXPECT_FALSE(SigningKey::isLocked(dir_ / "log.pem").value());
  EXPECT_TRUE(SigningKey::isLocked(uri("token=ledger;object=log.example", false)).value());
  EXPECT_TRUE(SigningKey::load(uri("token=ledger;id=%07")).ok()) << "by id alone";
}

TEST_F(Token, WhatDoesNotFitIsNamed) {
  auto code = [](const std::string& where, std::string_view pin = {}) {
    return SigningKey::load(where, pin).error().code;
  };
  ASSERT_TRUE(SigningKey::generateOnToken(SuiteId::Ed25519Sha256, "k", uri("token=spare")).ok());
  EXPECT_EQ(SigningKey::generateOnToken(SuiteId::Ed25519Sha256, "k", uri("token=spare")).error().code,
            ErrorCode::Conflict);
  EXPECT_EQ(code(uri("token=spare;object=nobody")), ErrorCode::NotFound);
  EXPECT_EQ(code(uri("token=nowhere;object=k")), ErrorCode::NotFound);
  EXPECT_EQ(code(uri("token=spare")), ErrorCode::InvalidInput) << "no object named";
  EXPECT_EQ(code(uri("object=k")), ErrorCode::InvalidInput) << "two tokens fit";
  EXPECT_EQ(code("pkcs11:nonsense"), ErrorCode::InvalidInput);
  EXPECT_EQ(code("pkcs11:token=spare;object=k?module-path=/nowhere.so"), ErrorCode::Unavailable);
  EXPECT_EQ(code("pkcs11:token=spare;object=k?module-path=" + std::string(kModule) + "&pin-source=file:/nowhere"),
            ErrorCode::Unavailable);
  EXPECT_EQ(SigningKey::generateOnToken(SuiteId::Ed25519Sha256, "other", uri("token=spare;object=k2")).error().code,
            ErrorCode::InvalidInput);
  EXPECT_EQ(SigningKey::generateOnToken(SuiteId::Ed25519Sha256, "bad name", uri("token=spare")).error().code,
            ErrorCode::InvalidInput);
  EXPECT_EQ(SigningKey::generateOnToken(SuiteId::Sm2Sm3, "sm", uri("token=spare")).error().code,
            ErrorCode::Unsupported);
}

}  // namespace
}  // namespace pilotledger::crypto
