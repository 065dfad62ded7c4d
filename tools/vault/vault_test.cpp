#include "tools/vault/vault.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace pilotledger::vault {
namespace {

namespace fs = std::filesystem;

class Kept : public ::testing::Test {
 protected:
  Kept()
      : directory(fs::temp_directory_path() / ("pl-vault-" + std::to_string(::getpid()))),
        path(directory / "vault.sqlite") {
    fs::create_directories(directory);
  }
  ~Kept() override { fs::remove_all(directory); }
  // All bytes of every file of the vault.
  std::string bytes() {
    std::string all;
    for (const auto& file : fs::directory_iterator(directory)) {
      std::ostringstream text;
      text << std::ifstream(file.path(), std::ios::binary).rdbuf();
      all += text.str();
    }
    return all;
  }
  fs::path directory, path;
};

TEST_F(Kept, NumbersAndDocumentsComeBack) {
  std::vector<proof::SaltedField> fields = {{"name", "\"张三\"", {}}, {"bonusFen", "500", {}}};
  ASSERT_TRUE(proof::saltFields(fields).ok());
  Digest root = proof::commitmentTo(crypto::SuiteId::Ed25519Sha256, fields);
  {
    Vault vault = Vault::open(path).value();
    ASSERT_TRUE(vault.keepNumbers(std::vector<Number>{{"hmac:b", "invoice", "2"}, {"hmac:a", "invoice", "1"}}).ok());
    ASSERT_TRUE(vault.keepNumbers(std::vector<Number>{{"hmac:a", "invoice", "1"}}).ok())
        << "keeping again is nothing new";
    ASSERT_TRUE(vault.keepDocument(root, fields).ok());
  }
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  Vault vault = Vault::open(path).value();
  auto numbers = vault.numbers().value();
  ASSERT_EQ(numbers.size(), 2u);
  EXPECT_EQ(numbers[0].sealed + numbers[0].number + numbers[1].sealed + numbers[1].number, "hmac:a1hmac:b2");
  EXPECT_EQ(vault.number("hmac:b").value()->number, "2");
  EXPECT_FALSE(vault.number("hmac:c").value());
  auto back = vault.document(root).value();
  EXPECT_EQ(proof::commitmentTo(crypto::SuiteId::Ed25519Sha256, back), root);
  EXPECT_TRUE(vault.document(Digest{})->empty());
  ::chmod(path.c_str(), 0640);
  EXPECT_EQ(Vault::open(path).error().code, ErrorCode::NotAuthorized);
}

TEST_F(Kept, WhatIsErasedIsInNoFileAndTheRestStays) {
  std::vector<proof::SaltedField> gone = {{"name", "\"gone-with-the-salt\"", {}}},
                                  stays = {{"name", "\"stays-here\"", {}}};
  ASSERT_TRUE(proof::saltFields(gone).ok());
  ASSERT_TRUE(proof::saltFields(stays).ok());
  Digest goneRoot = proof::commitmentTo(crypto::SuiteId::Ed25519Sha256, gone),
         staysRoot = proof::commitmentTo(crypto::SuiteId::Ed25519Sha256, stays);
  Vault vault = Vault::open(path).value();
  ASSERT_TRUE(vault.keepDocument(goneRoot, gone).ok());
  ASSERT_TRUE(vault.keepDocument(staysRoot, stays).ok());
  ASSERT_NE(bytes().find("gone-with-the-salt"), std::string::npos);
  EXPECT_TRUE(vault.erase(goneRoot).value());
  EXPECT_FALSE(vault.erase(goneRoot).value()) << "nothing is left to erase";
  EXPECT_EQ(bytes().find("gone-with-the-salt"), std::string::npos);
  EXPECT_TRUE(vault.document(goneRoot)->empty());
  EXPECT_EQ(vault.document(staysRoot)->size(), 1u);
}

TEST_F(Kept, ASealedNumberIsErasedByItsHash) {
  Vault vault = Vault::open(path).value();
  Digest hash{};
  ASSERT_TRUE(
      vault.keepNumbers(std::vector<Number>{{"hmac:" + std::string(64, '0'), "account", "6222020200001234567"}}).ok());
  EXPECT_TRUE(vault.erase(hash).value());
  EXPECT_EQ(bytes().find("6222020200001234567"), std::string::npos);
}

}  // namespace
}  // namespace pilotledger::vault
