#include "ledger/tlog/entry.h"

#include <gtest/gtest.h>

#include "ledger/crypto/encoding.h"

namespace pilotledger::proof {
namespace {

TEST(Entry, FixedOffsets) {
  Entry entry;
  entry.index = 0x0102030405060708;
  entry.recordedAtMs = 1772326800000;
  entry.eventDigest.fill(0xaa);
  entry.submissionDigest.fill(0xbb);
  entry.position = 7;
  Bytes bytes = entry.encode();
  ASSERT_EQ(bytes.size(), 86u);
  EXPECT_EQ(crypto::toHex(ByteView(bytes).first(18)),
            "0100"
            "0102030405060708"
            "0000019ca6e8ca80");
  EXPECT_EQ(bytes[18], 0xaa);
  EXPECT_EQ(bytes[50], 0xbb);
  EXPECT_EQ(bytes[85], 7);
  EXPECT_EQ(Entry::decode(bytes).value(), entry);
  entry.stateRoot = Digest{};
  EXPECT_EQ(entry.encode().size(), 118u);
  EXPECT_EQ(Entry::decode(entry.encode()).value(), entry);
}

TEST(Entry, RefusesOtherShapes) {
  Bytes bytes = Entry{}.encode();
  bytes[0] = 2;
  EXPECT_FALSE(Entry::decode(bytes).ok());
  bytes[0] = 1;
  bytes[1] = 1;
  EXPECT_FALSE(Entry::decode(bytes).ok());
  bytes[1] = 2;
  EXPECT_FALSE(Entry::decode(bytes).ok());
  bytes.pop_back();
  EXPECT_FALSE(Entry::decode(bytes).ok());
}

}  // namespace
}  // namespace pilotledger::proof
