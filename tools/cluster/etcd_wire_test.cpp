#include "tools/cluster/etcd_wire.h"

#include <gtest/gtest.h>

#include <random>

#include "ledger/crypto/encoding.h"

namespace pilotledger::cluster {
namespace {

std::string bytesOf(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}
std::string hexOf(std::string_view bytes) { return crypto::toHex(viewOf(bytes)); }

// As a member of etcd 3.4.23 gave them, with their frames.
const std::string kHeader = "0a18088ff7b6f2f18d8cc44010c5bdb7b6bb96de897e1802";
const std::string kHeld = "000000002c" + kHeader + "200210011a0612040a0218021a0612040a021802";
const std::string kDidNotHold = "0000000034" + kHeader + "20021a180a160a021802120e0a01681002180220012a033020612001";
const std::string kTwoFound =
    "000000003c" + kHeader + "2002120e0a01681002180220012a03302061120e0a036c2f311002180220012a01722002";
const std::string kNoneFound = "000000001a" + kHeader + "2002";
const std::string kDeleted = "00000000260a18088ff7b6f2f18d8cc44010c5bdb7b6bb96de897e1803200210011a081a060a0218031001";
const std::string kStatus =
    "000000003a0a18088ff7b6f2f18d8cc44010c5bdb7b6bb96de897e180320021206332e342e32331880c00120c5bdb7b6bb96de897e"
    "2808300238084880a001";

std::string messageIn(std::string_view hex) {
  const std::string bytes = bytesOf(hex);
  return std::string(unframed(bytes).value());
}

TEST(EtcdWire, QuestionsHaveTheseBytes) {
  EXPECT_EQ(hexOf(encode(EtcdTransaction{{{"h", {}}}, {EtcdPut{"h", "0 a"}, EtcdPut{"l/1", "r"}}, {EtcdRange{"h"}}})),
            "0a07"        // a compare:
            "1001"        // of when it was created
            "1a0168"      // the key
            "2800"        // with 0
            "120a"        // then
            "1208"        // put
            "0a0168"      // key
            "1203302061"  // value
            "120a"        //
            "1208"        //
            "0a036c2f31"  //
            "120172"      //
            "1a05"        // otherwise
            "0a03"        // range
            "0a0168");    // key
  EXPECT_EQ(hexOf(encode(EtcdTransaction{{{"h", "0 b"}}, {EtcdDelete{"l/0", "l/9"}}})),
            "0a0a"          // a compare:
            "1003"          // of the value
            "1a0168"        // the key
            "3a03302062"    // with
            "120c"          // then
            "1a0a"          // delete
            "0a036c2f30"    // from
            "12036c2f39");  // to
  EXPECT_EQ(hexOf(encode(EtcdRange{"h", "m"})), "0a016812016d188020") << "with a limit";
  EXPECT_EQ(hexOf(encode(EtcdRange{"h"})), "0a0168");
  EXPECT_EQ(hexOf(framed("h")), "000000000168");
  const std::string longValue = encode(EtcdTransaction{{}, {EtcdPut{"k", std::string(300, 'v')}}});
  EXPECT_EQ(hexOf(longValue).substr(0, 24), "12b50212b2020a016b12ac02") << "lengths of two bytes";
}

TEST(EtcdWire, AnswersOfAMemberAreRead) {
  EtcdOutcome held = decodeOutcome(messageIn(kHeld)).value();
  EXPECT_TRUE(held.succeeded);
  EXPECT_TRUE(held.found.empty());
  EtcdOutcome other = decodeOutcome(messageIn(kDidNotHold)).value();
  EXPECT_FALSE(other.succeeded);
  ASSERT_EQ(other.found.size(), 1u);
  ASSERT_EQ(other.found[0].pairs.size(), 1u);
  EXPECT_EQ(other.found[0].pairs[0].key, "h");
  EXPECT_EQ(other.found[0].pairs[0].value, "0 a");
  EtcdFound two = decodeFound(messageIn(kTwoFound)).value();
  ASSERT_EQ(two.pairs.size(), 2u);
  EXPECT_EQ(two.pairs[1].key, "l/1");
  EXPECT_EQ(two.pairs[1].value, "r");
  EXPECT_FALSE(two.more);
  EXPECT_TRUE(decodeFound(messageIn(kNoneFound))->pairs.empty());
  EXPECT_TRUE(decodeOutcome(messageIn(kDeleted))->succeeded);
  EXPECT_EQ(decodeDatabaseBytes(messageIn(kStatus)).value(), 24'576u);
}

TEST(EtcdWire, FieldsOfLaterReleasesAreLeftOut) {
  const std::string more =
      "1801"    // there is more
      "f83f07"  // 1023: a number
      "fa3f0178"
      "f93f0102030405060708"
      "fd3f01020304";
  auto found = decodeFound(bytesOf(more));
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found->more);
}

TEST(EtcdWire, NothingElseIsRead) {
  for (const char* hex : {
           "12",                        // a tag alone
           "1205",                      // fewer bytes than it says
           "1880",                      // a number that does not end
           "18ffffffffffffffffff02",    // of more than 64 bits
           "18ffffffffffffffffffff01",  // or of more than ten bytes
           "0001",                      // field 0
           "8080808080808080800100",    // a field beyond 29 bits
           "1b1c",                      // groups
           "1e",                        // a kind that never was
           "1001",                      // pairs as a number
           "1a0101",                    // a number as bytes
           "190102030405060708",        // or as eight
           "1d01020304",                // or as four
           "1200",                      // a pair without a key
           "12030a0578",                // a pair that is cut off
           "12ffffffffffffffffff01"     // a length beyond all
       }) {
    auto found = decodeFound(bytesOf(hex));
    ASSERT_FALSE(found.ok()) << hex;
    EXPECT_EQ(found.error().code, ErrorCode::InvalidInput);
  }
  EXPECT_FALSE(decodeOutcome(bytesOf("1a020801")).ok()) << "a range as a number";
  EXPECT_FALSE(decodeOutcome(bytesOf("10011a01")).ok()) << "cut off behind what was decided";
  EXPECT_FALSE(decodeDatabaseBytes(bytesOf("1a0101")).ok());
  for (const char* hex : {"", "00000000", "010000000168", "000000000268", "00000000016868", "0000000001680000000000"})
    EXPECT_FALSE(unframed(bytesOf(hex)).ok()) << hex;
  EXPECT_EQ(unframed(bytesOf("0000000000")).value(), "");
}

TEST(EtcdWire, HowMuchIsBounded) {
  std::string pairs, operations;
  for (std::size_t i = 0; i < kMostPairs; ++i) pairs += bytesOf("12030a0178");
  EXPECT_EQ(decodeFound(pairs)->pairs.size(), kMostPairs);
  EXPECT_FALSE(decodeFound(pairs + bytesOf("12030a0178")).ok());
  for (int i = 0; i < 128; ++i) operations += bytesOf("1a020a00");
  EXPECT_EQ(decodeOutcome(operations)->found.size(), 128u);
  EXPECT_FALSE(decodeOutcome(operations + bytesOf("1a020a00")).ok());
}

std::size_t sizeOf(const EtcdFound& found) {
  std::size_t size = 0;
  for (const EtcdPair& pair : found.pairs) size += pair.key.size() + pair.value.size();
  return size;
}

// Bytes changed, cut out, doubled and put in: read or refused, and never more than there was. Sanitizers look on.
TEST(EtcdWire, TwentyThousandMutationsAreReadOrRefused) {
  std::mt19937 random(7);
  const auto below = [&](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
  };
  int refused = 0, read = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string* answers[] = {&kHeld, &kDidNotHold, &kTwoFound, &kNoneFound, &kDeleted, &kStatus};
    std::string bytes = bytesOf(*answers[below(6)]);
    for (std::size_t change = 0, changes = 1 + below(4); change < changes && !bytes.empty(); ++change) {
      const std::size_t at = below(bytes.size()), size = 1 + below(bytes.size() - at);
      switch (below(5)) {
        case 0: bytes[at] = static_cast<char>(below(256)); break;
        case 1: bytes[at] = static_cast<char>(bytes[at] ^ 1 << below(8)); break;
        case 2: bytes.erase(at, size); break;
        case 3: bytes.insert(at, bytes.substr(at, size)); break;
        default: bytes.insert(at, 1 + below(10), '\xff'); break;
      }
    }
    const auto frame = unframed(bytes);
    const std::string message = frame.ok() ? std::string(*frame) : bytes.substr(std::min<std::size_t>(5, bytes.size()));
    const auto outcome = decodeOutcome(message);
    const auto found = decodeFound(message);
    const auto size = decodeDatabaseBytes(message);
    for (bool ok : {outcome.ok(), found.ok(), size.ok()}) ++(ok ? read : refused);
    if (found.ok()) ASSERT_LE(sizeOf(*found), message.size());
    if (outcome.ok()) {
      for (const EtcdFound& one : outcome->found) ASSERT_LE(sizeOf(one), message.size());
    }
  }
  EXPECT_GT(refused, 5'000);
  EXPECT_GT(read, 5'000);
}

}  // namespace
}  // namespace pilotledger::cluster
