// Signatures at the border of what is one. Libraries, and releases of one library, answer some of these differently
// (OpenSSL takes three that libsodium refuses), and nodes that answer differently would not hold the same ledger: which
// of them verify is fixed here for ever. Points of order 8, sums beyond L and other spellings of numbers: RFC 8032.
#include <gtest/gtest.h>

#include "ledger/crypto/encoding.h"
#include "ledger/crypto/key.h"

namespace pilotledger::crypto {
namespace {

Bytes bytesOf(std::string_view hex) { return parseHex(hex).value(); }

struct Case {
  const char* what;
  bool verifies;
  const char* key;
  const char* signature;  // of "order"
};

constexpr Case kEd25519[] = {
    {"as it should be", true, "2f92ef39ac82bc6741e370d978802f4b9274baf37c8ccda1a6002d1499bea0a3",
     "b31b20f50426242514d81b383548bd90de72fd0b8cf2382a88f9f52ce5076b23"
     "0b7ac2796dd09bf47418dbea8392325eb14e9f5b09e3713a6f0ed9dd1f882102"},
    {"S + L", false, "2f92ef39ac82bc6741e370d978802f4b9274baf37c8ccda1a6002d1499bea0a3",
     "b31b20f50426242514d81b383548bd90de72fd0b8cf2382a88f9f52ce5076b23"
     "f84db8d68733ae4c4bb5d28d628c1173b14e9f5b09e3713a6f0ed9dd1f882112"},
    {"S = L", false, "2f92ef39ac82bc6741e370d978802f4b9274baf37c8ccda1a6002d1499bea0a3",
     "b31b20f50426242514d81b383548bd90de72fd0b8cf2382a88f9f52ce5076b23"
     "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"},
    {"key of order 8", false, "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
     "cc6f54833d29b4a30aeba0d96015dbff5c5110960dde158957e2c68c6a89a569"
     "199f9ebbd61a0c66b2aa35109d17b79b244e0868cbc5ca7c6720d31df59dcc08"},
    {"key and R the neutral element", false, "0100000000000000000000000000000000000000000000000000000000000000",
     "0100000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000"},
    {"R of order 8, true only times 8", false, "2f92ef39ac82bc6741e370d978802f4b9274baf37c8ccda1a6002d1499bea0a3",
     "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
     "64008dccaf911421d4251165aa055c9bafcf2e7518d186a4d86a9adaeb549002"},
    {"R the neutral element, true", false, "2f92ef39ac82bc6741e370d978802f4b9274baf37c8ccda1a6002d1499bea0a3",
     "0100000000000000000000000000000000000000000000000000000000000000"
     "dd165a3974e12d886a7aa26f1c8673eae184ee066cff72330fa46ef876e2a40b"},
    {"key with a part of order 8, true only times 8", false,
     "b1c8cee6b69de52f6c3edf781228d4e332b90f2f42d3ae6ca39b16fa31d1a106",
     "93469f90227a7a2b01bda859c3731505db0f94f91bee7084f103e35e45158a3b"
     "138896b9403f31c77e1e5a6a4f942c93f218649b8f44eadb4f397431721d9605"},
    {"key with a part of order 8, true", true, "b1c8cee6b69de52f6c3edf781228d4e332b90f2f42d3ae6ca39b16fa31d1a106",
     "db4b312c1ceef9b1e41a52680fafb487fc30b58e18a748f93e30fbd7116b7522"
     "5c0d6008666152c00eabd9844e2caad61a56d5fb3f370785d6db29578e75e406"},
    {"R with a part of order 8, true only times 8", false,
     "2f92ef39ac82bc6741e370d978802f4b9274baf37c8ccda1a6002d1499bea0a3",
     "186ed2bdbd1a36f6437c5168b0221914018ea4f32a1c3fcd1c1794d64fbd596e"
     "918f520b7d049434d1390b17d0ddd705254aaf8f79bd5c633f935ef343e01103"},
    {"key written with y beyond p", false, "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
     "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
     "0000000000000000000000000000000000000000000000000000000000000000"},
    {"R written with y beyond p", false, "2f92ef39ac82bc6741e370d978802f4b9274baf37c8ccda1a6002d1499bea0a3",
     "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
     "34122a01b157df3dbfe076da7ad551379560b087d7ef493a81e561a9911c8f0a"},
    {"R the neutral element with the sign of x set", false,
     "2f92ef39ac82bc6741e370d978802f4b9274baf37c8ccda1a6002d1499bea0a3",
     "0100000000000000000000000000000000000000000000000000000000000080"
     "46f4136d6c8641720f421c5c3e5efb159340439ea13f97d0cd1d30f4fb009004"},
};

TEST(EdgeSignature, WhichOfEd25519Verify) {
  for (const Case& one : kEd25519) {
    auto key = VerifyKey::fromPublicKey(SuiteId::Ed25519Sha256, "edge.example", bytesOf(one.key));
    const bool verifies = key.ok() && key->verify(viewOf("order"), bytesOf(one.signature)).ok();
    EXPECT_EQ(verifies, one.verifies) << one.what;
  }
}

// Over the vector of GM/T 0003.2, appendix A: r and s in other spellings, out of their range, or with more behind.
TEST(EdgeSignature, WhichOfSm2Verify) {
  const Bytes point = bytesOf(
      "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
      "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
  auto key = VerifyKey::fromPublicKey(SuiteId::Sm2Sm3, "sm2.example", point);
  ASSERT_TRUE(key.ok());
  const std::string r = "00f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3";
  const std::string s = "00b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
  const std::string order = "00fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
  auto signature = [](std::string body) {
    return bytesOf(std::string("30") + "0123456789abcdef"[body.size() / 32 % 16] +
                   "0123456789abcdef"[body.size() / 2 % 16] + body);
  };
  auto verifies = [&](const Bytes& bytes) { return key->verify(viewOf("message digest"), bytes).ok(); };
  EXPECT_TRUE(verifies(signature("0221" + r + "0221" + s)));
  EXPECT_FALSE(
      verifies(signature("020100"
                         "0221" +
                         s)))
      << "r is zero";
  EXPECT_FALSE(verifies(signature("0221" + r + "020100"))) << "s is zero";
  EXPECT_FALSE(verifies(signature("0221" + order + "0221" + s))) << "r is the order";
  EXPECT_FALSE(verifies(signature("0221" + r + "0221" + order))) << "s is the order";
  EXPECT_FALSE(verifies(signature("0220" + r.substr(2) + "0221" + s))) << "r is negative";
  EXPECT_FALSE(
      verifies(signature("0222"
                         "00" +
                         r + "0221" + s)))
      << "r with a zero too many";
  EXPECT_FALSE(verifies(signature("0221" + r + "0221" + s + "00"))) << "more behind, counted";
  Bytes more = signature("0221" + r + "0221" + s);
  more.push_back(0);
  EXPECT_FALSE(verifies(more)) << "more behind";
  EXPECT_FALSE(
      verifies(bytesOf("308146"
                       "0221" +
                       r + "0221" + s)))
      << "a length written in the long form";
}

}  // namespace
}  // namespace pilotledger::crypto
