#include "ledger/proof/commitment.h"

#include <gtest/gtest.h>

#include "ledger/crypto/encoding.h"
#include "ledger/proof/disclosure.h"

namespace pilotledger::proof {
namespace {

// The worked vector of ledger/proof/README.md.
std::vector<SaltedField> document() {
  std::vector<SaltedField> fields = {
      {"catalyst", "\"Pd/C 5%\"", {}}, {"pressureKpa", "350", {}}, {"temperatureC", "82", {}}};
  for (std::size_t i = 0; i < fields.size(); ++i) fields[i].salt.fill(static_cast<std::uint8_t>(i + 1));
  return fields;
}

TEST(Commitment, WorkedVector) {
  EXPECT_EQ(crypto::toHex(fieldLeaf(SuiteId::Ed25519Sha256, document()[1])),
            "738cd4cd7bc8a114a7ec59f8aac7075aa513fef1248741e4c231d711e426de1d");
  EXPECT_EQ(crypto::toHex(commitmentTo(SuiteId::Ed25519Sha256, document())),
            "3ee7f19a75011aa8508ddc8849baca1e0609ec572384e6cdfc4fbd7d9a65218e");
}

TEST(Commitment, SaltsHideEqualDocuments) {
  auto one = document(), other = document();
  ASSERT_TRUE(saltFields(one).ok());
  ASSERT_TRUE(saltFields(other).ok());
  EXPECT_NE(commitmentTo(SuiteId::Ed25519Sha256, one), commitmentTo(SuiteId::Ed25519Sha256, other));
}

TEST(Commitment, RefusesNoneTooManyTwiceAndTooLong) {
  std::vector<SaltedField> none;
  EXPECT_FALSE(saltFields(none).ok());
  std::vector<SaltedField> many(kMaxCommittedFields + 1);
  EXPECT_FALSE(saltFields(many).ok());
  std::vector<SaltedField> twice = {{"a", "1", {}}, {"a", "2", {}}};
  EXPECT_FALSE(saltFields(twice).ok());
  std::vector<SaltedField> big = {{"a", std::string(kMaxFieldValue + 1, '1'), {}}};
  auto refused = saltFields(big);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message.en.find("111"), std::string::npos) << "the value is not repeated";
  std::vector<SaltedField> line = {{"a\nb", "1", {}}};
  EXPECT_FALSE(saltFields(line).ok());
}

class DisclosureSuite : public ::testing::TestWithParam<SuiteId> {};
INSTANTIATE_TEST_SUITE_P(Both, DisclosureSuite, ::testing::Values(SuiteId::Ed25519Sha256, SuiteId::Sm2Sm3));

TEST_P(DisclosureSuite, EveryFieldOfEveryDocumentCanBeShownAlone) {
  for (std::size_t count = 1; count <= 12; ++count) {
    std::vector<SaltedField> fields;
    for (std::size_t i = 0; i < count; ++i) fields.push_back({"field" + std::to_string(i), std::to_string(i * 7), {}});
    ASSERT_TRUE(saltFields(fields).ok());
    for (const SaltedField& field : fields) {
      auto disclosure = disclose(GetParam(), fields, std::vector<std::string>{field.name}).value();
      disclosure.origin = "ledger.example.org";
      disclosure.entry = 12;
      std::string text = disclosure.serialize();
      auto read = Disclosure::parse(text);
      ASSERT_TRUE(read.ok()) << read.error().message.en;
      EXPECT_EQ(read->serialize(), text);
      EXPECT_TRUE(read->verify().ok());
      for (const SaltedField& other : fields) {
        if (other.name != field.name) EXPECT_EQ(text.find("value " + other.value + "\n"), std::string::npos);
      }
    }
  }
}

TEST(Disclosure, AnyChangeIsRejected) {
  auto fields = document();
  Disclosure good =
      disclose(SuiteId::Ed25519Sha256, fields, std::vector<std::string>{"pressureKpa", "catalyst"}).value();
  ASSERT_TRUE(good.verify().ok());
  auto rejected = [](Disclosure changed) {
    Status status = changed.verify();
    return !status.ok() && status.error().code == ErrorCode::ProofRejected;
  };
  Disclosure changed = good;
  changed.fields[1].field.value = "351";
  EXPECT_TRUE(rejected(changed));
  changed = good;
  changed.fields[1].field.name = "pressureKp";  // the length keeps name and value apart
  changed.fields[1].field.value = "a350";
  EXPECT_TRUE(rejected(changed));
  changed = good;
  changed.fields[0].field.salt[0] ^= 1;
  EXPECT_TRUE(rejected(changed));
  changed = good;
  changed.commitment[31] ^= 1;
  EXPECT_TRUE(rejected(changed));
  changed = good;
  changed.fields[0].path.pop_back();
  EXPECT_TRUE(rejected(changed));
  changed = good;
  changed.suite = SuiteId::Sm2Sm3;
  EXPECT_TRUE(rejected(changed));
}

TEST(Disclosure, EveryChangedByteIsRefusedOrRejected) {
  Disclosure good = disclose(SuiteId::Ed25519Sha256, document(), std::vector<std::string>{"pressureKpa"}).value();
  good.origin = "o";
  std::string text = good.serialize();
  std::size_t from = text.find("commitment");
  for (std::size_t i = from; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == '1' ? '2' : '1';
    auto read = Disclosure::parse(changed);
    if (!read.ok()) continue;
    // The number of fields only shapes the path; another number of the same shape is no other field.
    if (read->fields[0].field.name == "pressureKpa" && read->fields[0].field.value == "350" &&
        read->commitment == good.commitment)
      continue;
    EXPECT_FALSE(read->verify().ok()) << i;
  }
  for (std::size_t i = 0; i + 1 < text.size(); ++i) EXPECT_FALSE(Disclosure::parse(text.substr(0, i)).ok()) << i;
  EXPECT_EQ(disclose(SuiteId::Ed25519Sha256, document(), std::vector<std::string>{"colour"}).error().code,
            ErrorCode::NotFound);
}

}  // namespace
}  // namespace pilotledger::proof
