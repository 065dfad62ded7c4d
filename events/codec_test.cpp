// Event bytes have one spelling; everything else is refused without reading out of bounds.
#include "events/codec.h"

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "events/base/uuid.h"
#include "events/json.h"

namespace pilotledger::events {
namespace {

Bytes sample() {
  auto bytes = eventFromJsonText(
      R"({"kind":"PledgeAgreed","id":"018f3a00-0000-7000-8000-000000000001","legalDate":"2026-03-01",)"
      R"("jurisdiction":"330000",)"
      R"("evidence":[{"kind":"CONTRACT","hash":")" +
      std::string(64, '7') +
      R"("}],"body":{"pledge":"P1","assets":["ZL202311000001.1","US9219817"],)"
      R"("pledgors":["91330400MA2ENT032U"],"pledgee":"91330200MA2BNK027M","claimKind":"LOAN","amountFen":500000000,)"
      R"("debtFrom":"2026-03-01","debtTo":"2027-02-28","scope":"本金"}})");
  EXPECT_TRUE(bytes.ok()) << bytes.error().message.en;
  return *bytes;
}

TEST(Codec, EncodingIsStableForEver) {
  // First words of a known event: a change here would orphan every signed record.
  Bytes bytes = sample();
  EXPECT_EQ(bytes.size() % 8, 0u);
  EXPECT_EQ(bytes[0], 0);  // a struct pointer at offset 0 ...
  EXPECT_EQ(bytes, sample());
  Event event = Event::decode(bytes).value();
  EXPECT_EQ(event.kind().name, "PledgeAgreed");
  EXPECT_EQ(event.legalDate(), 20260301);
  EXPECT_EQ(formatUuid(event.id()), "018f3a00-0000-7000-8000-000000000001");
  EXPECT_EQ(encode(event.reader()).value(), bytes);
}

TEST(Codec, EveryTruncationAndExtensionIsRefused) {
  Bytes bytes = sample();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Event::decode(ByteView(bytes.data(), size)).ok()) << size;
  }
  for (std::size_t extra : {1u, 8u, 16u}) {
    Bytes longer = bytes;
    longer.resize(bytes.size() + extra);
    EXPECT_FALSE(Event::decode(longer).ok()) << extra;
  }
  EXPECT_FALSE(Event::decode(Bytes(kMaxEventBytes + 8)).ok());
}

TEST(Codec, AFlippedBitIsRefusedOrAnotherCanonicalEvent) {
  Bytes bytes = sample();
  for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
    Bytes other = bytes;
    other[i / 8] = static_cast<std::uint8_t>(other[i / 8] ^ (1u << (i % 8)));
    auto event = Event::decode(other);
    if (!event.ok()) {
      EXPECT_EQ(event.error().code, ErrorCode::InvalidInput);
      continue;
    }
    // What is accepted encodes to itself: there are never two spellings of one event.
    EXPECT_EQ(encode(event->reader()).value(), other) << "bit " << i;
  }
}

TEST(Codec, NoiseIsRefused) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    Bytes noise(8 * (random() % 40));
    for (auto& byte : noise) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0);
    if (auto event = Event::decode(noise); event.ok()) EXPECT_EQ(encode(event->reader()).value(), noise);
  }
  Bytes bytes = sample();
  for (int round = 0; round < 20'000; ++round) {
    Bytes other = bytes;
    for (int i = 0; i < 3; ++i) other[random() % other.size()] = static_cast<std::uint8_t>(random());
    if (auto event = Event::decode(other); event.ok()) EXPECT_EQ(encode(event->reader()).value(), other);
  }
}

TEST(Codec, OtherLayoutsOfTheSameFactsAreRefused) {
  Bytes bytes = sample();
  Event event = Event::decode(bytes).value();
  // Built in another order, the segment holds the same values at other places.
  capnp::MallocMessageBuilder scratch;
  scratch.setRoot(event.reader());
  auto flat = capnp::messageToFlatArray(scratch);
  auto all = flat.asBytes();
  Bytes withTable(all.begin(), all.end());
  EXPECT_FALSE(Event::decode(withTable).ok()) << "a segment table in front";

  capnp::MallocMessageBuilder reversed;
  auto builder = reversed.initRoot<schema::Event>();
  builder.getBody().setPledgeAgreed(event.reader().getBody().getPledgeAgreed());
  builder.setId(event.reader().getId());
  builder.setLegalDate(20260301);
  builder.setJurisdiction("330000");
  builder.setEvidence(event.reader().getEvidence());
  auto segments = reversed.getSegmentsForOutput();
  ASSERT_EQ(segments.size(), 1u);
  auto raw = segments[0].asBytes();
  EXPECT_FALSE(Event::decode(ByteView(raw.begin(), raw.size())).ok());
  EXPECT_EQ(encode(builder.asReader()).value(), bytes);
}

// Two texts of equal length, and the second pointer moved to where the first points.
TEST(Codec, ObjectsThatOverlapAreRefused) {
  auto bytes = eventFromJsonText(
      R"({"kind":"PartyRegistered","id":"018f3a00-0000-7000-8000-000000000001","legalDate":"2026-03-01",)"
      R"("body":{"party":"x1:12345678901","name":"x1:12345678901","kind":"ENTERPRISE"}})");
  ASSERT_TRUE(bytes.ok()) << bytes.error().message.en;
  // Text pointers: list of bytes (tag 1, size 2, 15 elements), from where the pointer ends.
  std::vector<std::size_t> pointers;
  for (std::size_t at = 0; at + 8 <= bytes->size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes->data() + at, sizeof word);
    if ((word & 3) == 1 && word >> 32 == (15u << 3 | 2)) pointers.push_back(at);
  }
  ASSERT_EQ(pointers.size(), 2u);
  std::uint64_t first = 0;
  std::memcpy(&first, bytes->data() + pointers[0], sizeof first);
  std::uint64_t moved = first - ((pointers[1] - pointers[0]) / 8 << 2);
  Bytes other = *bytes;
  std::memcpy(other.data() + pointers[1], &moved, sizeof moved);
  auto event = Event::decode(other);
  ASSERT_FALSE(event.ok());
  EXPECT_EQ(event.error().message.en, "event bytes: not in canonical form");
}

// One text of each format that is not canonical, put into an event without the JSON reader, which would mend it.
TEST(Codec, OtherSpellingsAreRefusedInEveryFormat) {
  struct Texts {
    const char *ip = "US9219817", *division = "330000", *party = "x1:y", *id = "A-1", *docNo = "浙财〔2026〕1号",
               *decimal = "1.5";
  };
  auto id = parseUuid("018f3a00-0000-7000-8000-000000000001").value();
  auto accepted = [&](const Texts& texts, auto fill) {
    capnp::MallocMessageBuilder message;
    auto event = message.initRoot<schema::Event>();
    event.setId(capnp::Data::Reader(id.data(), id.size()));
    event.setLegalDate(20260301);
    event.setJurisdiction(texts.division);
    fill(event.getBody());
    return encode(event.asReader()).ok();
  };
  auto asset = [&](const Texts& texts) {
    return accepted(texts, [&](schema::Event::Body::Builder any) {
      auto body = any.initIpAssetRecorded();
      body.setNumber(texts.ip);
      body.setKind(schema::IpKind::INVENTION);
      body.initOwners(1)[0].setParty(texts.party);
    });
  };
  auto award = [&](const Texts& texts) {
    return accepted(texts, [&](schema::Event::Body::Builder any) {
      auto body = any.initSubsidyAwarded();
      body.setAward(texts.id);
      body.setPayee(texts.party);
      body.setInstrument("i");
      body.setDocNo(texts.docNo);
    });
  };
  auto run = [&](const Texts& texts) {
    return accepted(texts, [&](schema::Event::Body::Builder any) {
      auto body = any.initPilotRunRecorded();
      body.setRun(texts.id);
      body.setProject("p");
      body.setPlatform("q");
      body.setResult(schema::RunResult::SUCCESS);
      body.initMeasurements(1)[0].setName("m");
      body.getMeasurements()[0].setActual(texts.decimal);
    });
  };
  EXPECT_TRUE(asset({}) && award({}) && run({}));
  EXPECT_FALSE(asset({.ip = "US 9,219,817"}));
  EXPECT_FALSE(asset({.division = "3300"}));
  EXPECT_FALSE(asset({.party = "91330400 MA2ENT032U"}));
  EXPECT_FALSE(award({.id = " A-1"}));
  EXPECT_FALSE(award({.docNo = "浙财[2026]1号"}));
  EXPECT_FALSE(award({.party = "91330400ma2ent032u"}));
  EXPECT_FALSE(run({.decimal = "1.50"}));
  EXPECT_FALSE(run({.decimal = "01"}));
}

TEST(Codec, RequiredFieldsAndUuidVersions) {
  auto refused = [](const std::string& json) { return !eventFromJsonText(json).ok(); };
  std::string head = R"({"kind":"PledgeReleased","legalDate":"2026-03-01","id":")";
  std::string tail = R"(","body":{"pledge":"P1","assets":["US9219817"],"reason":"PERFORMED"}})";
  EXPECT_FALSE(refused(head + "018f3a00-0000-7000-8000-000000000001" + tail));
  EXPECT_FALSE(refused(head + "018f3a00-0000-8000-8000-000000000001" + tail));
  EXPECT_TRUE(refused(head + "018f3a00-0000-4000-8000-000000000001" + tail))
      << "version 4 has no order and no derivation";
  EXPECT_TRUE(refused(head + "018f3a00-0000-7000-0000-000000000001" + tail)) << "variant";
  EXPECT_TRUE(
      refused(R"({"kind":"PledgeReleased","legalDate":"2026-03-01","id":"018f3a00-0000-7000-8000-000000000001",)"
              R"("body":{"pledge":"P1","reason":"PERFORMED"}})"));
  EXPECT_TRUE(refused(R"({"kind":"PledgeReleased","id":"018f3a00-0000-7000-8000-000000000001","body":{"pledge":"P1",)"
                      R"("assets":["US9219817"],"reason":"PERFORMED"}})"));
}

TEST(Codec, EveryAmountHasAnOpposite) {  // rules take back by adding the opposite
  std::string head = R"({"kind":"SubsidyAwarded","id":"018f3a00-0000-7000-8000-000000000001","legalDate":"2026-03-01",)"
                     R"("body":{"award":"A","payee":"x1:y","instrument":"i","amountFen":")";
  EXPECT_TRUE(eventFromJsonText(head + "-9223372036854775807\"}}").ok());
  EXPECT_FALSE(eventFromJsonText(head + "-9223372036854775808\"}}").ok());
}

TEST(Codec, SizeIsBounded) {
  std::string title(8192, 'x');
  std::string lines;
  for (int i = 0; i < 9; ++i) lines += (i > 0 ? "," : "") + ("\"" + title + "\"");
  auto bytes = eventFromJsonText(
      R"({"kind":"SubsidyAwarded","id":"018f3a00-0000-7000-8000-000000000001","legalDate":"2026-03-01",)"
      R"("body":{"award":"A","payee":"x1:y","instrument":"i","permittedLines":[)" +
      lines + "]}}");
  ASSERT_FALSE(bytes.ok());
  EXPECT_NE(bytes.error().message.en.find("65528"), std::string::npos) << bytes.error().message.en;
}

}  // namespace
}  // namespace pilotledger::events
