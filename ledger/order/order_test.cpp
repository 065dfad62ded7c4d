// The order of batches of several nodes: bytes of its records, and a proposer against a register that answers late,
// twice, never, or is another one.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ledger/crypto/encoding.h"
#include "ledger/order/ordered_sequencer.h"

namespace pilotledger::ledger {
namespace {

using crypto::SuiteId;

Digest filled(std::uint8_t with) {
  Digest digest;
  digest.fill(with);
  return digest;
}

std::string hex(std::string_view bytes) { return crypto::toHex(viewOf(bytes)); }

// --- records

OrderRecord inlineRecord() { return {{6, filled(0xab)}, "hz", "the batch"}; }

OrderRecord recordInParts() {
  OrderRecord record{{6, filled(0xab)}, "hz", {}};
  record.parts = 3;
  record.length = 0x123456;
  record.digest = filled(0xcd);
  return record;
}

const std::string kFront =
    "01"
    "0000000000000007"
    "abababababababababababababababababababababababababababababababab"
    "00000002"
    "687a";

TEST(OrderRecordSuite, BytesArePinned) {
  EXPECT_EQ(hex(inlineRecord().encode()), kFront +
                                              "00000000"
                                              "00000009"
                                              "746865206261746368");
  EXPECT_EQ(hex(recordInParts().encode()), kFront +
                                               "00000003"
                                               "0000000000123456"
                                               "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd");
}

TEST(OrderRecordSuite, IsReadBack) {
  for (const OrderRecord& record : {inlineRecord(), recordInParts()}) {
    auto read = OrderRecord::decode(record.encode());
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->number(), 7u);
    EXPECT_EQ(read->before, record.before);
    EXPECT_EQ(read->proposer, "hz");
    EXPECT_EQ(read->batch, record.batch);
    EXPECT_EQ(read->parts, record.parts);
    EXPECT_EQ(read->length, record.length);
    EXPECT_EQ(read->digest, record.digest);
  }
}

TEST(OrderRecordSuite, RefusesWhatIsShorterLongerOrOfAnotherVersion) {
  for (const OrderRecord& record : {inlineRecord(), recordInParts()}) {
    const std::string bytes = record.encode();
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_FALSE(OrderRecord::decode(bytes.substr(0, size)).ok()) << size;
    EXPECT_FALSE(OrderRecord::decode(bytes + '\0').ok());
    std::string other = bytes;
    other[0] = 2;
    EXPECT_FALSE(OrderRecord::decode(other).ok());
    std::string first = bytes;
    first[8] = 0;
    EXPECT_FALSE(OrderRecord::decode(first).ok()) << "numbers begin at 1";
  }
}

TEST(OrderRecordSuite, ChainIsPinnedOnBothSuites) {
  const std::pair<SuiteId, std::array<std::string, 2>> pinned[] = {
      {SuiteId::Ed25519Sha256,
       {"g81IZ79/VDdjwkD6bWNjXOklQ9ULO285UlQdiXHQ6eM=", "T2XzrAxCZymbkFAwhlYnEwXKSnavI069bvwy1vUr9XY="}},
      {SuiteId::Sm2Sm3,
       {"mIpcKhSzTYncs6h+OFxOmN9ep8tsn6qbiH7ro6egpKs=", "AAAq7kQTpe9q50QiUEWEOMw++xw8itmHfx9WPe4Ie3w="}},
  };
  for (const auto& [suite, chain] : pinned) {
    OrderHead first = firstHead(suite, "o.example/log\n2\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    EXPECT_EQ(first.text(), "0 " + chain[0]);
    OrderRecord record{first, "hz", "the batch"};
    EXPECT_EQ(headAfter(suite, first, record.encode()).text(), "1 " + chain[1]);
    record.proposer = "nb";
    EXPECT_NE(headAfter(suite, first, record.encode()).text(), "1 " + chain[1]);
  }
}

TEST(OrderHeadSuite, TextIsReadBackAndNothingElseIs) {
  const OrderHead head{18446744073709551615u, filled(0xff)};
  EXPECT_EQ(head.text(), "18446744073709551615 //////////////////////////////////////////8=");
  EXPECT_EQ(OrderHead::parse(head.text()).value(), head);
  const std::string chain = crypto::toBase64(filled(1));
  ASSERT_TRUE(OrderHead::parse("7 " + chain).ok());
  for (const std::string& bad :
       {std::string(), std::string("7"), "7" + chain, " " + chain, "07 " + chain, "-7 " + chain, "+7 " + chain,
        "7  " + chain, "7 " + chain + " ", "7 " + chain + "\n", "7 " + chain.substr(4), "7 " + chain + "AAAA",
        "18446744073709551616 " + chain, "7 " + chain.substr(0, 43), std::string("7 ")})
    EXPECT_FALSE(OrderHead::parse(bad).ok()) << bad;
}

// --- a register in memory; what goes wrong with the next swap is told before

class MemoryRegister final : public OrderRegister {
 public:
  enum class Fate { Answered, AnswerLost, DoneLater, Never };
  std::deque<Fate> fates;  // of the next swaps
  std::optional<OrderHead> newest;
  std::map<std::uint64_t, std::string> records;
  std::map<std::tuple<std::uint64_t, std::string, std::uint32_t>, std::string> parts;
  std::vector<std::pair<OrderHead, std::string>> sent;  // next and record of each swap
  std::function<void()> between{};                      // after each swap: what others do meanwhile

  Swap apply(const std::optional<OrderHead>& expected, const OrderHead& next, std::string_view record) {
    if (newest != expected) return {false, newest};
    newest = next;
    if (!record.empty()) records[next.number] = record;
    return {true, {}};
  }
  void doLate() {
    for (auto& [expected, next, record] : std::exchange(late_, {})) (void)apply(expected, next, record);
  }

  Result<Swap> swap(const std::optional<OrderHead>& expected, const OrderHead& next, std::string_view record) override {
    sent.emplace_back(next, record);
    const Fate fate = fates.empty() ? Fate::Answered : fates.front();
    if (!fates.empty()) fates.pop_front();
    Swap swapped;
    if (fate == Fate::DoneLater) late_.emplace_back(expected, next, record);
    if (fate == Fate::Answered || fate == Fate::AnswerLost) swapped = apply(expected, next, record);
    if (between) between();
    if (fate == Fate::Answered) return swapped;
    return makeError(ErrorCode::Unavailable, "no answer");
  }
  Result<std::optional<OrderHead>> head() override { return newest; }
  Result<std::optional<std::string>> record(std::uint64_t number) override {
    auto found = records.find(number);
    return found == records.end() ? std::nullopt : std::optional(found->second);
  }
  Status putPart(std::uint64_t number, std::string_view batch, std::uint32_t part, std::string_view bytes) override {
    parts[{number, std::string(batch), part}] = bytes;
    return {};
  }
  Result<std::optional<std::string>> part(std::uint64_t number, std::string_view batch, std::uint32_t part) override {
    auto found = parts.find({number, std::string(batch), part});
    return found == parts.end() ? std::nullopt : std::optional(found->second);
  }
  Status forgetBelow(std::uint64_t number) override {
    records.erase(records.begin(), records.lower_bound(number));
    return {};
  }
  Status announce(std::string_view, std::string_view) override { return {}; }
  Result<std::map<std::string, std::string>> announced() override { return std::map<std::string, std::string>(); }

 private:
  std::vector<std::tuple<std::optional<OrderHead>, OrderHead, std::string>> late_;
};

Result<Admitted> admitAll(std::shared_ptr<const proof::Submission> submission) {
  AdmittedSubmission admitted;
  admitted.submission = std::move(submission);
  return std::make_shared<const AdmittedSubmission>(std::move(admitted));
}

Batch batchOf(std::string note, std::size_t bytes = 1) {
  proof::Submission submission{std::move(note), {Bytes(bytes, 'e')}};
  return {1000, {admitAll(std::make_shared<const proof::Submission>(std::move(submission))).value()}};
}

class OrderedSequencerSuite : public testing::Test {
 protected:
  OrderedSequencerSuite() {
    shared_.newest = start_;
    shared_.records.clear();
  }
  OrderedSequencer node(std::string name, std::optional<OrderHead> built = {}, Batch::Admit admit = admitAll) {
    return {shared_, {SuiteId::Ed25519Sha256, std::move(name), built.value_or(start_), std::move(admit)}};
  }
  // What it gives next: its note; "" for nothing.
  static std::string nextOf(OrderedSequencer& node) {
    auto next = node.next();
    if (!next.ok()) return "error: " + next.error().message.en;
    return *next ? (*next)->batch.submissions.at(0)->submission->note : "";
  }
  static std::uint64_t proposed(OrderedSequencer& node, Batch batch) {
    auto number = node.propose(std::move(batch));
    EXPECT_TRUE(number.ok());
    return number->value_or(0);
  }

  const OrderHead start_ = firstHead(SuiteId::Ed25519Sha256, "begin");
  MemoryRegister shared_;
  OrderedSequencer a_ = node("a"), b_ = node("b");
};

using Fate = MemoryRegister::Fate;

TEST_F(OrderedSequencerSuite, ProposerAndFollowerGetTheSame) {
  EXPECT_EQ(proposed(a_, batchOf("one")), 1u);
  auto here = a_.next().value().value(), there = b_.next().value().value();
  EXPECT_EQ(here.number, 1u);
  EXPECT_EQ(there.number, 1u);
  EXPECT_EQ(here.mark, there.mark);
  EXPECT_EQ(here.mark, shared_.newest->text());
  EXPECT_EQ(here.batch.encode(), there.batch.encode());
  EXPECT_EQ(nextOf(a_), "");
  EXPECT_EQ(nextOf(b_), "");
}

TEST_F(OrderedSequencerSuite, WhoComesSecondTakesTheOthersFirst) {
  EXPECT_EQ(proposed(a_, batchOf("one")), 1u);
  EXPECT_EQ(proposed(b_, batchOf("two")), 0u);
  EXPECT_EQ(nextOf(b_), "one");
  EXPECT_EQ(proposed(b_, batchOf("two")), 2u);
  EXPECT_EQ(nextOf(b_), "two");
  EXPECT_EQ(nextOf(a_), "one");
  EXPECT_EQ(nextOf(a_), "two");
}

TEST_F(OrderedSequencerSuite, SendsTheIdenticalTransactionUntilItsFateIsKnown) {
  shared_.fates = {Fate::Never, Fate::AnswerLost};
  EXPECT_EQ(proposed(a_, batchOf("one")), 1u) << "the third finds that the second was done";
  ASSERT_EQ(shared_.sent.size(), 3u);
  EXPECT_EQ(shared_.sent[1], shared_.sent[0]);
  EXPECT_EQ(shared_.sent[2], shared_.sent[0]);
  EXPECT_EQ(nextOf(a_), "one");
  EXPECT_EQ(nextOf(b_), "one");
}

TEST_F(OrderedSequencerSuite, OneThatWasDoneIsFoundBehindThoseOfOthers) {
  shared_.fates = {Fate::AnswerLost};
  bool once = false;
  shared_.between = [&] {
    if (std::exchange(once, true)) return;
    EXPECT_EQ(nextOf(b_), "one");
    EXPECT_EQ(proposed(b_, batchOf("two")), 2u);
  };
  EXPECT_EQ(proposed(a_, batchOf("one")), 1u);
  EXPECT_EQ(nextOf(a_), "one");
  EXPECT_EQ(nextOf(a_), "two");
}

TEST_F(OrderedSequencerSuite, OneThatWasNotDoneIsFoundToHaveLost) {
  shared_.fates = {Fate::Never};
  bool once = false;
  shared_.between = [&] {
    if (std::exchange(once, true)) return;
    for (const char* note : {"two", "three"}) {
      EXPECT_GT(proposed(b_, batchOf(note)), 0u);
      EXPECT_EQ(nextOf(b_), note);
    }
  };
  EXPECT_EQ(proposed(a_, batchOf("one")), 0u);
  EXPECT_EQ(nextOf(a_), "two");
  EXPECT_EQ(nextOf(a_), "three");
}

TEST_F(OrderedSequencerSuite, SilenceIsNotTakenForAnAnswer) {
  shared_.fates = {Fate::DoneLater, Fate::Never, Fate::Never, Fate::Never};
  auto silent = a_.propose(batchOf("one"));
  ASSERT_FALSE(silent.ok());
  EXPECT_EQ(silent.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(nextOf(a_), "");
  shared_.doLate();
  EXPECT_EQ(proposed(a_, batchOf("two")), 0u);
  EXPECT_EQ(nextOf(a_), "one") << "it comes as if it were another's";
  EXPECT_EQ(proposed(a_, batchOf("two")), 2u);
}

TEST_F(OrderedSequencerSuite, LateOneLosesAgainstWhatCameBefore) {
  shared_.fates = {Fate::DoneLater, Fate::Never, Fate::Never, Fate::Never};
  EXPECT_FALSE(a_.propose(batchOf("one")).ok());
  EXPECT_EQ(proposed(b_, batchOf("two")), 1u);
  shared_.doLate();
  EXPECT_EQ(shared_.newest->number, 1u);
  EXPECT_EQ(nextOf(a_), "two");
}

TEST_F(OrderedSequencerSuite, SameBatchAgainIsTheSameRecord) {
  shared_.fates = {Fate::AnswerLost, Fate::Never, Fate::Never, Fate::Never};
  EXPECT_FALSE(a_.propose(batchOf("one")).ok());
  EXPECT_EQ(proposed(a_, batchOf("one")), 1u);
  EXPECT_EQ(nextOf(a_), "one");
  EXPECT_EQ(nextOf(a_), "");
}

TEST_F(OrderedSequencerSuite, RestoredRegisterIsNoticedAndForgivenWhenItIsSetRight) {
  for (const char* note : {"one", "two"}) {
    EXPECT_GT(proposed(a_, batchOf(note)), 0u);
    EXPECT_EQ(nextOf(a_), note);
  }
  const OrderHead held = *shared_.newest;
  shared_.newest = start_;
  auto lost = a_.propose(batchOf("three"));
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(a_.lost(), start_.text());
  EXPECT_EQ(shared_.newest, start_) << "nothing is written";

  shared_.newest = held;
  EXPECT_EQ(proposed(a_, batchOf("three")), 3u);
  EXPECT_EQ(nextOf(a_), "three");
  EXPECT_EQ(a_.lost(), std::nullopt);
}

TEST_F(OrderedSequencerSuite, AnotherOrderIsNoticed) {
  shared_.newest = firstHead(SuiteId::Ed25519Sha256, "of another ledger");
  EXPECT_FALSE(a_.propose(batchOf("one")).ok());
  EXPECT_EQ(a_.lost(), shared_.newest->text());

  shared_.newest = std::nullopt;
  EXPECT_FALSE(b_.propose(batchOf("one")).ok());
  EXPECT_EQ(b_.lost(), "none");
  EXPECT_EQ(shared_.newest, std::nullopt);
}

TEST_F(OrderedSequencerSuite, RecordThatFollowsAnotherIsNotTaken) {
  OrderRecord record{{0, filled(9)}, "b", batchOf("one").encode()};
  shared_.records[1] = record.encode();
  auto next = a_.next();
  ASSERT_FALSE(next.ok());
  EXPECT_EQ(next.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(a_.lost(), "a record that follows " + record.before.text());
  record.before = start_;
  shared_.records[1] = record.encode();
  EXPECT_EQ(nextOf(a_), "one");
  EXPECT_EQ(a_.lost(), std::nullopt);
}

TEST_F(OrderedSequencerSuite, RecordThatCannotBeReadIsNobodysRefusal) {
  const std::string good = OrderRecord{start_, "b", batchOf("one").encode()}.encode();
  const std::string noBatch = OrderRecord{start_, "b", "no batch"}.encode();
  OrderRecord huge{start_, "b", {}};
  huge.parts = 65;
  huge.length = (std::uint64_t{32} << 20) + 1;
  for (const std::string& bytes : {std::string("junk"), noBatch, huge.encode()}) {
    shared_.records[1] = bytes;
    auto next = a_.next();
    ASSERT_FALSE(next.ok());
    EXPECT_EQ(next.error().code, ErrorCode::Unavailable) << next.error().message.en;
  }
  OrderedSequencer damaged =
      node("c", {}, [](auto) -> Result<Admitted> { return makeError(ErrorCode::Corruption, "a stored row"); });
  shared_.records[1] = good;
  EXPECT_EQ(damaged.next().error().code, ErrorCode::Corruption);
  EXPECT_EQ(nextOf(a_), "one") << "what failed is asked for again";
}

TEST_F(OrderedSequencerSuite, RecordThatWasForgottenLetsNobodyWait) {
  for (const char* note : {"one", "two"}) {
    EXPECT_GT(proposed(a_, batchOf(note)), 0u);
    EXPECT_EQ(nextOf(a_), note);
  }
  ASSERT_TRUE(shared_.forgetBelow(2).ok());
  EXPECT_EQ(nextOf(b_), "") << "it has not seen yet that there is more";
  EXPECT_EQ(proposed(b_, batchOf("three")), 0u);
  EXPECT_EQ(b_.next().error().code, ErrorCode::Unavailable);
}

TEST_F(OrderedSequencerSuite, LargeBatchGoesInParts) {
  const std::size_t large = (std::size_t{1} << 20) + 5;
  EXPECT_EQ(proposed(a_, batchOf("one", large)), 1u);
  EXPECT_EQ(shared_.parts.size(), 3u);
  EXPECT_LT(shared_.records[1].size(), 200u);
  auto there = b_.next().value().value();
  EXPECT_EQ(there.batch.encode(), batchOf("one", large).encode());

  EXPECT_EQ(nextOf(a_), "one");
  EXPECT_EQ(proposed(a_, batchOf("small", 400 << 10)), 2u);
  EXPECT_EQ(shared_.parts.size(), 3u);
  auto tooLarge = b_.propose(batchOf("two", std::size_t{32} << 20));
  EXPECT_EQ(tooLarge.error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(shared_.newest->number, 2u);
}

TEST_F(OrderedSequencerSuite, PartThatIsMissingOrAlteredStopsUntilItIsThere) {
  EXPECT_EQ(proposed(a_, batchOf("one", std::size_t{1} << 20)), 1u);
  auto& part = shared_.parts.begin()->second;
  const std::string right = part;
  part[7] ^= 1;
  EXPECT_EQ(b_.next().error().code, ErrorCode::Unavailable);
  part = right.substr(1);
  EXPECT_EQ(b_.next().error().code, ErrorCode::Unavailable);
  part = right;
  auto kept = shared_.parts.extract(std::prev(shared_.parts.end()));
  EXPECT_EQ(b_.next().error().code, ErrorCode::Unavailable);
  shared_.parts.insert(std::move(kept));
  EXPECT_EQ(nextOf(b_), "one");
}

TEST_F(OrderedSequencerSuite, PartsOfUnknownFateAreNotOverwritten) {
  const std::size_t large = std::size_t{1} << 20;
  shared_.fates = {Fate::DoneLater, Fate::Never, Fate::Never, Fate::Never};
  EXPECT_FALSE(a_.propose(batchOf("one", large)).ok());
  shared_.fates = {Fate::Never, Fate::Never, Fate::Never, Fate::Never};
  EXPECT_FALSE(a_.propose(batchOf("two", large)).ok());
  shared_.doLate();
  EXPECT_EQ(nextOf(b_), "one");
  EXPECT_EQ(nextOf(a_), "one");
}

TEST_F(OrderedSequencerSuite, DurableBeginsWhereTheLogStands) {
  OrderedSequencer later = node("a", OrderHead{41, filled(3)});
  EXPECT_EQ(later.durable(), 41u);
  later.forget(42);
  EXPECT_EQ(later.durable(), 42u);
}

}  // namespace
}  // namespace pilotledger::ledger
