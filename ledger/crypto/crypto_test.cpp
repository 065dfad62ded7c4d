#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "ledger/crypto/encoding.h"
#include "ledger/crypto/key.h"
#include "ledger/crypto/private_file.h"
#include "ledger/crypto/register_key.h"
#include "ledger/crypto/suite.h"

namespace pilotledger::crypto {
namespace {

TEST(Suite, KnownAnswers) {
  EXPECT_EQ(toHex(hash(SuiteId::Sm2Sm3, viewOf("abc"))),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  EXPECT_EQ(toBase64(hash(SuiteId::Ed25519Sha256, viewOf(""))), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_TRUE(parseSuite("sm2-sm3").ok());
  EXPECT_FALSE(parseSuite("rsa").ok());
}

TEST(Encoding, OneSpellingOnly) {
  EXPECT_FALSE(parseBase64("QQ").ok());
  EXPECT_FALSE(parseBase64("QR==").ok()) << "stray bits";
  EXPECT_FALSE(parseBase64("Q Q=").ok());
  EXPECT_FALSE(parseHex("AB").ok());
  EXPECT_FALSE(parseHex("abc").ok());
  EXPECT_EQ(parseHex("00ff").value(), (Bytes{0, 255}));
}

// Published vector of C2SP signed-note.
TEST(Key, ParsesVkeyAndVerifies) {
  auto key = VerifyKey::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  ASSERT_TRUE(key.ok());
  Bytes blob = parseBase64(
                   "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"
                   "RKuwHjG1Yu72IneyaQM=")
                   .value();
  EXPECT_TRUE(key->verify(viewOf("This is an example message.\n"), ByteView(blob).subspan(4)).ok());
  EXPECT_FALSE(key->verify(viewOf("This is an example message!\n"), ByteView(blob).subspan(4)).ok());
  EXPECT_FALSE(VerifyKey::parse("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").ok());
}

// Vector of GM/T 0003.2 appendix A with the default signer id.
TEST(Key, Sm2KnownSignatureVerifies) {
  Bytes point = parseHex(
                    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13")
                    .value();
  auto key = VerifyKey::fromPublicKey(SuiteId::Sm2Sm3, "sm2.example", point);
  ASSERT_TRUE(key.ok());
  Bytes signature = parseHex(
                        "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
                        "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")
                        .value();
  EXPECT_TRUE(key->verify(viewOf("message digest"), signature).ok());
  signature.back() ^= 1;
  EXPECT_FALSE(key->verify(viewOf("message digest"), signature).ok());
}

class KeyFile : public testing::TestWithParam<SuiteId> {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() / ("pl-key-" + std::to_string(::getpid()));
    std::filesystem::create_directories(directory_);
    path_ = directory_ / "key.pem";
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::filesystem::path directory_, path_;
};

TEST_P(KeyFile, RoundTripsWithAndWithoutPassphrase) {
  for (std::string passphrase : {"", "correct horse"}) {
    std::filesystem::remove(path_);
    auto key = SigningKey::generate(GetParam(), "platform.example/finance");
    ASSERT_TRUE(key.ok());
    ASSERT_TRUE(key->save(path_, passphrase).ok());
    struct stat info {};
    ASSERT_EQ(::stat(path_.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
    auto loaded = SigningKey::load(path_, passphrase);
    ASSERT_TRUE(loaded.ok()) << loaded.error().message.en;
    EXPECT_EQ(loaded->verifyKey().vkey(), key->verifyKey().vkey());
    auto signature = loaded->sign(viewOf("x"));
    ASSERT_TRUE(signature.ok());
    EXPECT_TRUE(key->verifyKey().verify(viewOf("x"), *signature).ok());
    EXPECT_FALSE(key->verifyKey().verify(viewOf("y"), *signature).ok());
    EXPECT_EQ(key->save(path_, passphrase).error().code, ErrorCode::Conflict);
    if (!passphrase.empty()) {
      EXPECT_FALSE(SigningKey::load(path_, "wrong").ok());
    }
  }
}

TEST_P(KeyFile, RefusesLooseModeAndGarbage) {
  auto key = SigningKey::generate(GetParam(), "k");
  ASSERT_TRUE(key->save(path_).ok());
  ::chmod(path_.c_str(), 0644);
  EXPECT_EQ(SigningKey::load(path_).error().code, ErrorCode::NotAuthorized);
  ::chmod(path_.c_str(), 0600);
  std::filesystem::resize_file(path_, 60);
  EXPECT_EQ(SigningKey::load(path_).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(SigningKey::load(directory_ / "none").error().code, ErrorCode::NotFound);
}

INSTANTIATE_TEST_SUITE_P(Suites, KeyFile, testing::Values(SuiteId::Ed25519Sha256, SuiteId::Sm2Sm3));

TEST(Key, NamesAreChecked) {
  for (std::string bad : {"", "a b", "a+b", "a\nb", "a\xe3\x80\x80z"}) EXPECT_FALSE(checkKeyName(bad).ok());
  EXPECT_TRUE(checkKeyName("浙江.example/财务").ok());
}

// A key file that was cut anywhere is told from a whole one, locked or not, without opening it.
TEST(KeyFile, EveryBeginningIsCut) {
  auto path = std::filesystem::temp_directory_path() / ("pl-cut-" + std::to_string(::getpid()));
  for (SuiteId suite : {SuiteId::Ed25519Sha256, SuiteId::Sm2Sm3}) {
    for (const char* passphrase : {"", "secret"}) {
      ASSERT_TRUE(SigningKey::generate(suite, "log.example").value().save(path, passphrase).ok());
      std::string text = readPrivateFile(path, kMaxKeyFile).value();
      EXPECT_TRUE(isWholeKeyFile(text));
      for (std::size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(isWholeKeyFile(text.substr(0, size))) << size;
      std::filesystem::remove(path);
    }
  }
  EXPECT_TRUE(isWholeKeyFile("Name: log.example\nToken: pkcs11:object=log\n"));
  EXPECT_FALSE(isWholeKeyFile("Name: log.example\nToken: pkcs11:object=log")) << "who knows how it goes on";
}

// RFC 4231, test case 2; the SM3 value is from OpenSSL: openssl dgst -sm3 -mac HMAC -macopt key:Jefe.
TEST(Hmac, KnownAnswers) {
  auto tag = [](SuiteId suite) {
    return toHex(hmac(suite, viewOf("Jefe"), {viewOf("what do ya "), viewOf("want for nothing?")}));
  };
  EXPECT_EQ(tag(SuiteId::Ed25519Sha256), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(tag(SuiteId::Sm2Sm3), "2e87f1d16862e6d964b50a5200bf2b10b764faa9680a296a2405f24bec39f882");
}

TEST(RegisterKey, SealsEqualNumbersEquallyAndKindsApart) {
  auto path = std::filesystem::temp_directory_path() / ("pl-register-" + std::to_string(::getpid()));
  RegisterKey key = RegisterKey::generate(SuiteId::Ed25519Sha256);
  ASSERT_TRUE(key.save(path).ok());
  EXPECT_FALSE(key.save(path).ok()) << "never overwritten";
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  RegisterKey same = RegisterKey::load(SuiteId::Ed25519Sha256, path).value();
  EXPECT_EQ(same.seal("invoice", "1"), key.seal("invoice", "1"));
  EXPECT_NE(key.seal("invoice", "1"), key.seal("invoice", "2"));
  EXPECT_NE(key.seal("invoice", "1"), key.seal("account", "1"));
  EXPECT_NE(RegisterKey::generate(SuiteId::Ed25519Sha256).seal("invoice", "1"), key.seal("invoice", "1"));
  EXPECT_NE(RegisterKey::load(SuiteId::Sm2Sm3, path).value().seal("invoice", "1"), key.seal("invoice", "1"));
  EXPECT_EQ(same.commitment("log.example"), key.commitment("log.example"));
  EXPECT_NE(key.commitment("log.example"), key.commitment("other.example"));
  EXPECT_NE(RegisterKey::generate(SuiteId::Ed25519Sha256).commitment("log.example"), key.commitment("log.example"));
  ::chmod(path.c_str(), 0644);
  EXPECT_EQ(RegisterKey::load(SuiteId::Ed25519Sha256, path).error().code, ErrorCode::NotAuthorized);
  ::chmod(path.c_str(), 0600);
  std::ofstream(path, std::ios::app) << "x";
  EXPECT_FALSE(RegisterKey::load(SuiteId::Ed25519Sha256, path).ok());
  std::filesystem::remove(path);
}

TEST(SigningKey, GivesASecretForALabelThatIsAlwaysTheSame) {
  for (SuiteId suite : {SuiteId::Ed25519Sha256, SuiteId::Sm2Sm3}) {
    auto path = std::filesystem::temp_directory_path() / ("pl-derive-" + std::to_string(::getpid()));
    SigningKey key = SigningKey::generate(suite, "a.example/k").value();
    ASSERT_TRUE(key.save(path).ok());
    SigningKey again = SigningKey::load(path).value();
    std::filesystem::remove(path);
    auto derived = key.derive("one").value();
    ASSERT_TRUE(derived.has_value());
    EXPECT_EQ(again.derive("one").value(), derived);
    EXPECT_NE(key.derive("two").value(), derived);
    EXPECT_NE(SigningKey::generate(suite, "a.example/k")->derive("one").value(), derived);
  }
}

}  // namespace
}  // namespace pilotledger::crypto
