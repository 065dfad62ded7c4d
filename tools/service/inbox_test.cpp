// The inbox: who sees an item, what completes it, what ends it, and what a file of it must be.
#include "tools/service/inbox.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/ledger_fixture.h"
#include "tools/service/inbox_json.h"
#include "tools/service/status.h"

namespace pilotledger::service {
namespace {

constexpr const char* kPlatform = "91330100MA2PLT015B";
constexpr std::int64_t kDay = 86'400'000;

class InboxTest : public testing::Test {
 protected:
  InboxTest() {
    town.bind("eit", "113300000024820075", "\"EIT\"", R"(,"level":"PROVINCIAL","division":"330000")", "AUTHORITY");
    town.bind("eit2", "11330000MB9901016B", "\"EIT\"", R"(,"level":"PROVINCIAL","division":"330000")", "AUTHORITY");
    town.bind("city", "11330200MB99020196", "\"EIT\"", R"(,"level":"MUNICIPAL","division":"330200")", "AUTHORITY");
    town.bind("trs", "11330000MB99010246", "\"TRS\"", R"(,"division":"330000")", "AUTHORITY");
    town.bind("plt", kPlatform, R"("PLT","FIN")");
    town.bind("bnk", "91330200MA2BNK027M", "\"BNK\"", "", "BANK");
    town.bind("cus", "91330400MA2ENT032U", R"("CUS","OWN")");
    now = town.clock()();
    site.ledgerDirectory = town.directory().string();
    site.clock = [this] { return now; };
    open();
  }
  void open() {
    inbox.reset();
    auto opened = Inbox::open(site, town.ledger(), limits);
    ASSERT_TRUE(opened.ok()) << opened.error().message.en;
    inbox = std::move(opened).value();
  }
  std::string award(const std::string& name, int amount = 100) {
    return fmt::format(R"({{"kind":"SubsidyAwarded","jurisdiction":"330000","body":{{"award":"{}","payee":"{}",)"
                       R"("instrument":"equipment","amountFen":"{}"}}}})",
                       name, kPlatform, amount);
  }
  std::string loan() {
    return R"({"kind":"LoanGranted","body":{"loan":"L","bank":"91330200MA2BNK027M","debtor":"91330400MA2ENT032U",)"
           R"("product":"CREDIT","amountFen":"5"}})";
  }
  proof::Submission draft(const std::string& by, const std::string& json) {
    std::vector<Bytes> bytes;
    bytes.push_back(town.event(json).value());
    const crypto::SigningKey* keys[] = {&town.key(by)};
    return proof::makeSubmission(crypto::SuiteId::Ed25519Sha256, town.ledger().name(), std::move(bytes), keys).value();
  }
  std::string submitted(const std::string& by, const std::string& json) {
    auto taken = inbox->submit(draft(by, json).serialize());
    EXPECT_TRUE(taken.ok()) << taken.error().message.en;
    return taken.ok() ? taken->item.id : "";
  }
  Result<Inbox::Taken> sign(const std::string& id, const std::string& by) {
    auto open = inbox->submission(id, signer("trs"));
    if (!open.ok()) open = inbox->submission(id, signer("bnk"));
    const std::string text = proof::Note::parse(open->note)->text;
    return inbox->sign(id, proof::Note{text, {proof::signNote(text, town.key(by)).value()}}.serialize());
  }
  ledger::Signer signer(const std::string& name) {
    const crypto::VerifyKey key = town.key(name).verifyKey();
    return town.ledger().signer(key.name() + "+" + key.idHex(), 20260301).value();
  }
  std::vector<std::string> seenBy(const std::string& id) {
    std::vector<std::string> names;
    for (const char* name : {"eit", "eit2", "city", "trs", "plt", "bnk", "cus", "operator"}) {
      bool found = inbox->find(id, signer(name)).ok();
      auto listed = inbox->list(signer(name)).value();
      EXPECT_EQ(found, std::any_of(listed.begin(), listed.end(), [&](const Pending& one) { return one.id == id; }));
      if (found) names.emplace_back(name);
    }
    return names;
  }

  ledger::LedgerFixture town;
  std::int64_t now = 0;
  Site site;
  InboxLimits limits;
  std::unique_ptr<Inbox> inbox;
};

using Names = std::vector<std::string>;

TEST_F(InboxTest, IsForThoseWhoMustSignAndNobodyElse) {
  std::uint64_t before = town.ledger().size();
  std::string id = submitted("trs", award("A"));
  EXPECT_EQ(town.ledger().size(), before) << "nothing of it is a fact";
  EXPECT_EQ(seenBy(id), (Names{"eit", "eit2", "trs"}));
  std::string other = submitted("bnk", loan());
  EXPECT_EQ(seenBy(other), (Names{"bnk", "cus"}));
  auto hidden = inbox->find(id, signer("plt")), absent = inbox->find(std::string(64, '0'), signer("plt"));
  EXPECT_EQ(describeJson(hidden.error()), describeJson(absent.error()));
  EXPECT_FALSE(inbox->find(id, ledger::Signer{}).ok());
}

TEST_F(InboxTest, TheLastSignatureRecordsIt) {
  std::string id = submitted("trs", award("A"));
  std::uint64_t before = town.ledger().size();
  auto taken = sign(id, "eit");
  ASSERT_TRUE(taken.ok()) << taken.error().message.en;
  ASSERT_TRUE(taken->recorded.has_value());
  EXPECT_EQ(taken->recorded->receipts[0].index, before);
  EXPECT_EQ(seenBy(id), (Names{"eit", "trs"})) << "the other authority has nothing to sign any more";
  EXPECT_EQ(inbox->find(id, signer("trs"))->state, PendingState::Recorded);
  EXPECT_EQ(inbox->submission(id, signer("trs")).error().code, ErrorCode::Conflict);
}

TEST_F(InboxTest, SignaturesOfOthersAreNotTaken) {
  std::string id = submitted("trs", award("A"));
  EXPECT_EQ(sign(id, "plt").error().code, ErrorCode::NotFound) << "for him it does not exist";
  EXPECT_EQ(sign(id, "city").error().code, ErrorCode::NotFound) << "another division";
  town.makeKey("stranger");
  EXPECT_EQ(sign(id, "stranger").error().code, ErrorCode::NotAuthorized);
  town.bindKey("trs2", "11330000MB99010246", "\"TRS\"", R"(,"division":"330000")");
  EXPECT_EQ(sign(id, "trs2").error().code, ErrorCode::NotAuthorized) << "its party has signed";
  const std::string text = proof::Note::parse(inbox->submission(id, signer("trs"))->note)->text;
  proof::NoteSignature forged = proof::signNote(text + "x\n", town.key("eit")).value();
  EXPECT_EQ(inbox->sign(id, proof::Note{text, {forged}}.serialize()).error().code, ErrorCode::BadSignature);
  EXPECT_EQ(inbox->sign(std::string(64, '0'), proof::Note{text, {forged}}.serialize()).error().code,
            ErrorCode::InvalidInput);
  EXPECT_EQ(inbox->find(id, signer("trs"))->signatures.size(), 1u);
}

TEST_F(InboxTest, SentAgainItIsTheSame) {
  proof::Submission one = draft("trs", award("A"));
  auto first = inbox->submit(one.serialize()), again = inbox->submit(one.serialize());
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_FALSE(first->repeated);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(first->item.id, again->item.id);
  ASSERT_TRUE(proof::addSignature(one, town.key("eit")).ok());
  auto complete = inbox->submit(one.serialize());
  ASSERT_TRUE(complete.ok()) << complete.error().message.en;
  EXPECT_TRUE(complete->recorded.has_value()) << "signed on the file itself";
  EXPECT_TRUE(inbox->submit(one.serialize())->recorded->receipts[0].repeated);
}

TEST_F(InboxTest, WhatTheLedgerWouldRefuseIsRefusedAtOnce) {
  EXPECT_EQ(inbox->submit(draft("trs", award("A", 0)).serialize()).error().code, ErrorCode::Refused);
  EXPECT_EQ(inbox->submit("nothing").error().code, ErrorCode::InvalidInput);
  town.makeKey("stranger");
  EXPECT_EQ(inbox->submit(draft("stranger", award("A")).serialize()).error().code, ErrorCode::NotAuthorized);
  EXPECT_TRUE(inbox->list(signer("trs"))->empty());
}

TEST_F(InboxTest, DeclinedByTheOnlyOneWhoCouldSignItIsOver) {
  std::string id = submitted("bnk", loan());
  EXPECT_EQ(inbox->decline(id, signer("cus"), "").error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(inbox->decline(id, signer("bnk"), "x").error().code, ErrorCode::Conflict);
  EXPECT_EQ(inbox->decline(id, signer("plt"), "x").error().code, ErrorCode::NotFound);
  auto declined = inbox->decline(id, signer("cus"), "金额有误");
  ASSERT_TRUE(declined.ok());
  EXPECT_EQ(declined->state, PendingState::Declined);
  EXPECT_EQ(inbox->find(id, signer("bnk"))->declines[0].reason, "金额有误");
  EXPECT_EQ(inbox->decline(id, signer("cus"), "x").error().code, ErrorCode::Conflict);
}

TEST_F(InboxTest, OneOfSeveralDeclinesForHimself) {
  std::string id = submitted("trs", award("A"));
  auto declined = inbox->decline(id, signer("eit2"), "not ours");
  ASSERT_TRUE(declined.ok());
  EXPECT_EQ(declined->state, PendingState::Open);
  EXPECT_FALSE(standingOf(*declined, signer("eit2")).asked);
  EXPECT_TRUE(standingOf(*declined, signer("eit")).asked);
  EXPECT_TRUE(sign(id, "eit").ok());
}

TEST_F(InboxTest, OnlyWhoSubmittedItWithdrawsIt) {
  std::string id = submitted("trs", award("A"));
  EXPECT_EQ(inbox->withdraw(id, signer("eit")).error().code, ErrorCode::NotAuthorized);
  EXPECT_EQ(inbox->withdraw(id, signer("plt")).error().code, ErrorCode::NotFound);
  EXPECT_EQ(inbox->withdraw(id, signer("trs"))->state, PendingState::Withdrawn);
  EXPECT_EQ(seenBy(id), Names{"trs"});
  EXPECT_EQ(inbox->withdraw(id, signer("trs")).error().code, ErrorCode::Conflict);
}

TEST_F(InboxTest, WhatWaitsTooLongExpiresAndIsForgotten) {
  proof::Submission one = draft("trs", award("A"));
  std::string id = inbox->submit(one.serialize())->item.id;
  now += 30 * kDay;
  EXPECT_EQ(inbox->find(id, signer("trs"))->state, PendingState::Expired);
  EXPECT_EQ(seenBy(id), Names{"trs"});
  auto again = inbox->submit(one.serialize());
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->item.isOpen()) << "submitted anew it waits anew";
  EXPECT_EQ(seenBy(id), (Names{"eit", "eit2", "trs"}));
  now += 61 * kDay;
  (void)inbox->list(signer("trs"));  // expires
  now += 31 * kDay;
  EXPECT_TRUE(inbox->list(signer("trs"))->empty());
}

TEST_F(InboxTest, HasLimits) {
  limits.ofParty = 2;
  limits.all = 3;
  open();
  submitted("trs", award("A"));
  submitted("trs", award("B"));
  EXPECT_EQ(inbox->submit(draft("trs", award("C")).serialize()).error().code, ErrorCode::Unavailable);
  submitted("bnk", loan());
  EXPECT_EQ(inbox->submit(draft("eit", award("D")).serialize()).error().code, ErrorCode::Unavailable);
}

TEST_F(InboxTest, SurvivesTheProcess) {
  std::string id = submitted("trs", award("A"));
  open();
  EXPECT_EQ(seenBy(id), (Names{"eit", "eit2", "trs"}));
  struct stat info {};
  const std::string file = (town.directory() / kPendingFile).string();
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  ASSERT_TRUE(sign(id, "eit").ok());
  open();
  EXPECT_EQ(inbox->find(id, signer("trs"))->state, PendingState::Recorded);
}

// Killed between the last signature and the commit: the signature was kept, so the entry comes.
TEST_F(InboxTest, WhatWasLeftCompleteIsRecordedAtTheNextOpening) {
  proof::Submission one = draft("trs", award("A"));
  std::string id = inbox->submit(one.serialize())->item.id;
  Pending item = inbox->find(id, signer("trs")).value();
  inbox.reset();
  ASSERT_TRUE(proof::addSignature(one, town.key("eit")).ok());
  item.lacking.clear();
  {
    auto store = PendingStore::open(town.directory() / kPendingFile);
    ASSERT_TRUE(store.ok() && store->keepSigned(item, one.note).ok());
  }
  std::uint64_t before = town.ledger().size();
  open();
  EXPECT_EQ(town.ledger().size(), before + 1);
  EXPECT_EQ(inbox->find(id, signer("trs"))->state, PendingState::Recorded);
}

// A loan of another bank, one that is not there, and one that is pending: nothing tells them apart.
TEST_F(InboxTest, WhoIsNotAskedToSignHearsNothingOfWhatIsThere) {
  town.must({"bnk", "cus"}, loan());
  auto drawn = [](const std::string& name, int amount) {
    return fmt::format(
        R"({{"kind":"LoanDrawn","body":{{"loan":"{}","debtor":"91330400MA2ENT032U","amountFen":"{}"}}}})", name,
        amount);
  };
  auto told = [&](const std::string& by, const std::string& json) {
    return describeJson(inbox->submit(draft(by, json).serialize()).error());
  };
  const std::string stranger = told("plt", drawn("L", 1));
  EXPECT_NE(stranger.find("LoanDrawn is signed by BNK@loan"), std::string::npos) << stranger;
  EXPECT_EQ(told("plt", drawn("L", 7)), stranger) << "more than was granted";
  EXPECT_EQ(told("plt", drawn("M", 1)), stranger) << "not there";
  EXPECT_EQ(told("bnk", drawn("M", 1)), stranger) << "whose it is, nobody knows";
  EXPECT_NE(told("bnk", drawn("L", 7)).find("\"rule\""), std::string::npos) << "its own bank hears why";

  proof::Submission open = draft("trs", award("A"));
  ASSERT_TRUE(inbox->submit(open.serialize()).ok());
  auto note = proof::Note::parse(open.note).value();
  note.signatures = {proof::signNote(note.text, town.key("plt")).value()};
  open.note = note.serialize();
  EXPECT_EQ(describeJson(inbox->submit(open.serialize()).error()), told("plt", award("B"))) << "that it is pending";
}

TEST_F(InboxTest, ADamagedFileIsSaid) {
  submitted("trs", award("A"));
  inbox.reset();
  const auto path = town.directory() / kPendingFile;
  {
    auto store = PendingStore::open(path);
    ASSERT_TRUE(store.ok());
  }
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::others_read);
  EXPECT_EQ(PendingStore::open(path).error().code, ErrorCode::NotAuthorized);
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::ofstream(path, std::ios::trunc) << std::string(8192, 'x');
  auto damaged = Inbox::open(site, town.ledger(), limits);
  ASSERT_FALSE(damaged.ok());
  EXPECT_EQ(damaged.error().code, ErrorCode::Corruption) << damaged.error().message.en;
}

TEST_F(InboxTest, IsToldInWords) {
  std::string id = submitted("bnk", loan());
  auto json = pendingJson(inbox->find(id, signer("cus")).value(), town.ledger(), signer("cus"));
  EXPECT_EQ(json["yours"], "sign");
  EXPECT_EQ(json["submitter"]["party"], "91330200MA2BNK027M");
  EXPECT_EQ(json["kinds"][0]["kind"], "LoanGranted");
  ASSERT_EQ(json["lacking"].size(), 1u);
  EXPECT_EQ(json["lacking"][0]["events"], nlohmann::ordered_json::array({1}));
  EXPECT_EQ(json["lacking"][0]["words"]["en"], "any key: cus") << "by the party's name";
}

}  // namespace
}  // namespace pilotledger::service
