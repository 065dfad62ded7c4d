// Edition 4: the machines that hold the ledger, other ledgers and what they signed, one name for what differs in the
// case of its letters.
#include <nlohmann/json.hpp>

#include "ledger/crypto/encoding.h"
#include "ledger/rules/editions.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/cosignature.h"
#include "tests/support/province_fixture.h"

namespace pilotledger::ledger::edition4 {
namespace {

constexpr const char* kLog = "log:test.example/ledger";
constexpr const char* kUrl = "https://a.example:8443";

crypto::SigningKey freshKey(const std::string& name) {
  return crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, name).value();
}

std::string cosignerOf(const crypto::SigningKey& key) { return proof::CosignerKey::of(key.verifyKey()).vkey(); }

std::string admission(const std::string& node, const std::string& vkey, const std::string& url = kUrl) {
  return fmt::format(R"("node":"{}","vkey":"{}","url":"{}")", node, vkey, url);
}

std::string retirement(const std::string& node) { return fmt::format(R"("node":"{}","reason":"moved")", node); }

class FourthEdition : public Province {
 protected:
  explicit FourthEdition(int edition = 4) : Province(edition) {}
  void admit(const std::string& node, const std::string& vkey) {
    must({"operator"}, "NodeAdmitted", admission(node, vkey));
  }
  std::string admit(const std::string& node) {
    std::string vkey = cosignerOf(freshKey(node + ".example"));
    admit(node, vkey);
    return vkey;
  }
  EntityRecord record(const std::string& entity) {
    auto found = town.ledger().entity(entity);
    return found.ok() && *found ? **found : EntityRecord();
  }
  std::vector<std::string> members() {
    EntityRecord log = record(kLog);
    std::vector<std::string> names;
    for (std::string_view name : log.all("node.member")) names.emplace_back(name);
    return names;
  }
};

TEST_F(FourthEdition, MembersStandOnTheRecordOfTheLog) {
  std::string key = admit("hz-1");
  admit("nb-1");
  EXPECT_EQ(members(), (std::vector<std::string>{"hz-1", "nb-1"}));
  EntityRecord node = record("node:hz-1");
  EXPECT_EQ(node.get("state"), "member");
  EXPECT_EQ(node.get("vkey"), key);
  EXPECT_EQ(node.get("url"), kUrl);
  EXPECT_FALSE(record(kLog).has("begun")) << "a ledger is still being set up";
  must({"operator"}, "NodeRetired", retirement("hz-1"));
  EXPECT_EQ(members(), std::vector<std::string>{"nb-1"});
  EXPECT_EQ(record("node:hz-1").get("state"), "retired");
  must({"operator"}, "NodeRetired", retirement("nb-1"));
  EXPECT_TRUE(members().empty()) << "a ledger of a single machine again";
  EXPECT_FALSE(town.verify().damage);
  expectRule("R-AUTHORITY", {"aud"}, "NodeAdmitted", admission("x", cosignerOf(freshKey("x"))));
}

TEST_F(FourthEdition, ANodeHasAPlainName) {
  std::string key = cosignerOf(freshKey("n.example"));
  for (const char* name : {"a b", "a/b", "-a", "节点", "a+b"})
    expectRule("R-NODE-NAME", {"operator"}, "NodeAdmitted", admission(name, key));
  expectRule("R-NODE-NAME", {"operator"}, "NodeAdmitted", admission(std::string(65, 'a'), key));
  boundary({"R-NODE-NAME", "node:.a", "1 to 64 letters, digits, '.', '-' or '_'", ".a"},
           {{"operator"}, "NodeAdmitted", admission(".a", key)},
           {{"operator"}, "NodeAdmitted", admission(std::string(64, 'a'), key)});
}

TEST_F(FourthEdition, ANodeServesOverTlsOrOnItsOwnMachine) {
  for (const char* url : {"http://a.example", "https://", "ftp://a.example", "a.example", "https://u:p@a.example",
                          "http://127.0.0.1.a.example", "http://localhost", "https://:1", "https://a b"}) {
    expectRule("R-URL", {"operator"}, "NodeAdmitted", admission("n", cosignerOf(freshKey("n")), url));
  }
  int count = 0;
  for (const char* url : {"http://127.0.0.1:8080", "http://[::1]:8080", "https://a.example/x"}) {
    must({"operator"}, "NodeAdmitted", admission(fmt::format("n{}", ++count), cosignerOf(freshKey("n")), url));
  }
  std::string key = cosignerOf(freshKey("n.example"));
  boundary({"R-URL", "node:z", "https://HOST[:PORT], or http:// at a loopback address", "http://10.0.0.1"},
           {{"operator"}, "NodeAdmitted", admission("z", key, "http://10.0.0.1")},
           {{"operator"}, "NodeAdmitted", admission("z", key, "https://10.0.0.1")});
}

TEST_F(FourthEdition, ANodeHasAKeyThatNobodyElseHas) {
  const std::string own = "a key that signs for nobody else, and never did";
  crypto::SigningKey first = freshKey("hz.example");
  admit("hz-1", cosignerOf(first));
  auto renamed =
      crypto::VerifyKey::fromPublicKey(crypto::SuiteId::Ed25519Sha256, "other.example", first.verifyKey().publicKey());
  ASSERT_TRUE(renamed.ok());
  std::string fresh = cosignerOf(freshKey("nb.example"));
  boundary({"R-NODE-KEY", "node:nb-1", own, "the key of node:hz-1"},
           {{"operator"}, "NodeAdmitted", admission("nb-1", proof::CosignerKey::of(*renamed).vkey())},
           {{"operator"}, "NodeAdmitted", admission("nb-1", fresh)});
  for (const char* bound : {"log", "bnk"}) {
    expectRule("R-NODE-KEY", {"operator"}, "NodeAdmitted", admission("x", cosignerOf(town.key(bound))));
  }
  // A signer's key is of another type than a cosigner's.
  expectRule("R-NODE-KEY", {"operator"}, "NodeAdmitted", admission("x", freshKey("x").verifyKey().vkey()));
  expectRule("R-KEY-MATERIAL", {"operator"}, "KeyBound", binding(first.verifyKey().vkey(), kBank2, R"("BNK")"));
}

TEST_F(FourthEdition, ARetiredNodeComesBackWithANewKey) {
  std::string key = admit("hz-1");
  std::string other = cosignerOf(freshKey("hz.example"));
  boundary({"R-NODE-STATE", "node:HZ-1", "a name that is no member's", "member hz-1"},
           {{"operator"}, "NodeAdmitted", admission("HZ-1", other)}, {{"operator"}, "NodeRetired", retirement("hz-1")});
  boundary({"R-NODE-STATE", "node:hz-1", "member", "retired"}, {{"operator"}, "NodeRetired", retirement("hz-1")},
           {{"operator"}, "NodeAdmitted", admission("hz-1", other)});
  must({"operator"}, "NodeRetired", retirement("hz-1"));
  expectRule("R-NODE-KEY", {"operator"}, "NodeAdmitted", admission("hz-1", key));
  expectRule("R-EXISTS", {"operator"}, "NodeRetired", retirement("nobody"));
}

TEST_F(FourthEdition, TheMembersChangeOneAtATime) {
  auto change = [&](const std::string& node) {
    return event("NodeAdmitted", admission(node, cosignerOf(freshKey(node))));
  };
  auto both = town.record({"operator"}, {change("a"), change("b")});
  ASSERT_FALSE(both.ok());
  EXPECT_EQ(both.error().rule, "R-NODE-ALONE") << both.error().message.en;
  EXPECT_EQ(both.error().entity, kLog);
  EXPECT_TRUE(members().empty());
  EXPECT_TRUE(town.record({"operator"}, {change("a")}).ok());
  EXPECT_EQ(members(), std::vector<std::string>{"a"});
}

constexpr const char* kChild = "hz.example/ledger";

class ListedLedgers : public FourthEdition {
 protected:
  std::string vkey() const { return key_.verifyKey().vkey(); }
  std::string listing(const std::string& vkey, const std::string& more = "", const std::string& url = kUrl) {
    return fmt::format(R"("ledger":"{}","vkey":"{}","name":"杭州账本","url":"{}"{})", kChild, vkey, url, more);
  }
  void list() { must({"city"}, "LedgerListed", listing(vkey())); }
  std::string checkpoint(std::uint64_t size, std::uint8_t root, const std::string& origin = kChild) {
    return noteOf(size, root, key_, origin);
  }
  // As an event's text: the newline at the end of a note is no part of it.
  static std::string noteOf(std::uint64_t size, std::uint8_t root, const crypto::SigningKey& key,
                            const std::string& origin = kChild) {
    proof::Checkpoint said{origin, size, {}};
    said.root[0] = root;
    return nlohmann::json(proof::signCheckpoint(said, key).value()).dump();
  }
  std::string body(const std::string& note) { return fmt::format(R"("ledger":"{}","checkpoint":{})", kChild, note); }
  void take(const std::string& note) { must({"operator"}, "LedgerCheckpointed", body(note)); }
  EntityRecord child() { return record(fmt::format("ledger:{}", kChild)); }
  static std::string rootText(std::uint8_t first) {
    Digest root{};
    root[0] = first;
    return crypto::toBase64(root);
  }
  const std::string entity_ = fmt::format("ledger:{}", kChild);
  crypto::SigningKey key_ = freshKey(kChild);
};

TEST_F(ListedLedgers, AnAuthorityListsThemWhereItIsCompetent) {
  list();
  EXPECT_EQ(child().get("state"), "listed");
  EXPECT_EQ(child().get("place"), "330200") << "the city's";
  EXPECT_TRUE(record(kLog).has("begun")) << "it is an act of an authority";
  expectRule("R-AUTHORITY", {"operator"}, "LedgerListed", listing(vkey()));
  expectRule("R-URL", {"city"}, "LedgerListed", listing(vkey(), "", "http://hz.example"));
  must({"mkt"}, "LedgerListed", listing(vkey(), "", "https://new.example"));
  EXPECT_EQ(child().get("url"), "https://new.example");
}

TEST_F(ListedLedgers, AnotherDivisionDoesNotTakeThemOver) {
  town.bind("far", "us:far", R"("EIT")", R"(,"level":"PROVINCIAL","division":"440000")");
  list();
  boundary({"R-LISTED-LEDGER", entity_, "an authority for 330200", "an authority of another division"},
           {{"far"}, "LedgerListed", listing(vkey())}, {{"eit"}, "LedgerListed", listing(vkey())});
}

TEST_F(ListedLedgers, AKeyIsReplacedBySayingSo) {
  list();
  crypto::SigningKey next = freshKey(kChild);
  std::string vkey2 = next.verifyKey().vkey();
  auto replacing = [&](const std::string& key, const std::string& old) {
    return listing(key, fmt::format(R"(,"replaces":"{}")", old));
  };
  expectRule("R-LISTED-LEDGER", {"city"}, "LedgerListed", listing(freshKey("other.example").verifyKey().vkey()));
  expectRule("R-LISTED-LEDGER", {"city"}, "LedgerListed", listing(cosignerOf(next)));
  expectRule("R-LISTED-LEDGER", {"city"}, "LedgerListed", replacing(vkey2, vkey2));
  expectRule("R-LISTED-LEDGER", {"city"}, "LedgerListed", replacing(vkey(), vkey()));
  boundary({"R-LISTED-LEDGER", entity_, "replaces: " + vkey(), "nothing"}, {{"city"}, "LedgerListed", listing(vkey2)},
           {{"city"}, "LedgerListed", replacing(vkey2, vkey())});
  EXPECT_EQ(child().get("vkey"), vkey2);
  expectRule("R-LISTED-LEDGER", {"city"}, "LedgerListed", replacing(vkey(), vkey2));  // it comes not back
  expectRule("R-CHECKPOINT", {"operator"}, "LedgerCheckpointed", body(checkpoint(5, 1)));
  take(noteOf(5, 1, next));
}

TEST_F(ListedLedgers, OnlyWhatTheListedKeySignedIsTaken) {
  expectRule("R-EXISTS", {"operator"}, "LedgerCheckpointed", body(checkpoint(10, 1)));
  list();
  const std::string expected = "a checkpoint signed by " + vkey();
  crypto::SigningKey other = freshKey(kChild);
  boundary({"R-CHECKPOINT", entity_, expected, "none"},
           {{"operator"}, "LedgerCheckpointed", body(noteOf(10, 1, other))},
           {{"operator"}, "LedgerCheckpointed", body(checkpoint(10, 1))});
  expectRule("R-CHECKPOINT", {"operator"}, "LedgerCheckpointed", body(checkpoint(11, 1, "other.example")));
  expectRule("R-CHECKPOINT", {"operator"}, "LedgerCheckpointed", body(R"("no note")"));
  std::string changed = checkpoint(12, 1);
  changed.replace(changed.find("12"), 2, "13");
  expectRule("R-CHECKPOINT", {"operator"}, "LedgerCheckpointed", body(changed));
  expectRule("R-CHECKPOINT", {"operator"}, "LedgerCheckpointed", body(checkpoint(1ULL << 63, 1)));
  expectRule("R-AUTHORITY", {"bnk"}, "LedgerCheckpointed", body(checkpoint(12, 1)));
  EXPECT_EQ(child().get("size"), "10");
  EXPECT_EQ(child().get("root"), rootText(1));
}

TEST_F(ListedLedgers, ALedgerOnlyGrowsAndAForkStaysVisible) {
  list();
  take(checkpoint(10, 1));
  const std::string first = std::to_string(town.ledger().size() - 1);
  take(checkpoint(10, 1));  // the same again changes nothing
  EXPECT_EQ(child().get("at"), first);
  EXPECT_EQ(child().get("state"), "listed");
  take(checkpoint(20, 2));
  const std::string grown = std::to_string(town.ledger().size() - 1);
  boundary({"R-CHECKPOINT", entity_, "size 20..9223372036854775807", "19"},
           {{"operator"}, "LedgerCheckpointed", body(checkpoint(19, 9))},
           {{"operator"}, "LedgerCheckpointed", body(checkpoint(20, 3))});
  const std::string other = std::to_string(town.ledger().size() - 1);
  EXPECT_EQ(child().get("state"), "forked");
  auto forks = [&] {
    EntityRecord now = child();
    std::vector<std::string> all;
    for (std::string_view one : now.all("fork")) all.emplace_back(one);
    return all;
  };
  std::vector<std::string> both = {fmt::format("20 {} {}", rootText(2), grown),
                                   fmt::format("20 {} {}", rootText(3), other)};
  EXPECT_EQ(forks(), both);
  EXPECT_EQ(child().get("root"), rootText(2)) << "what was recorded first";
  take(checkpoint(30, 4));
  list();
  EXPECT_EQ(child().get("state"), "forked") << "for good";
  EXPECT_EQ(child().get("size"), "30");
  EXPECT_EQ(forks(), both);
  EXPECT_FALSE(town.verify().damage);
}

class IdCase : public FourthEdition {
 protected:
  using FourthEdition::FourthEdition;
  static std::string named(const std::string& id) {
    return fmt::format(R"("platform":"{}","name":"平台","legalEntity":"{}")", id, kPlatform);
  }
  static std::string awarded(const std::string& id) {
    return fmt::format(R"("award":"{}","payee":"{}","instrument":"equipment","amountFen":5)", id, kPlatform);
  }
  void award(const std::string& id) { must({"trs", "eit"}, "SubsidyAwarded", awarded(id)); }
};

TEST_F(IdCase, OneThingHasOneName) {
  const std::string expected = "an id that differs from others in more than the case of its letters";
  const std::vector<std::string> authority = {"trs", "eit"};
  award("A-1");
  boundary({"R-ID-CASE", "award:a-1", expected, "award:A-1"}, {authority, "SubsidyAwarded", awarded("a-1")},
           {authority, "SubsidyAwarded", awarded("a-2")});
  boundary({"R-ID-CASE", "award:A-2", expected, "award:a-2"}, {authority, "SubsidyAwarded", awarded("A-2")},
           {authority, "SubsidyAwarded", awarded("aB")});
  expectRule("R-ID-CASE", authority, "SubsidyAwarded", awarded("Ab"));
  expectRule("R-UNIQUE", authority, "SubsidyAwarded", awarded("aB"));
  must({"plt", "eit"}, "PlatformEstablished", named("a-1"));  // another kind of thing
  expectRule("R-ID-CASE", {"plt", "eit"}, "PlatformEstablished", named("A-1"));
  EXPECT_FALSE(town.verify().damage);
}

TEST_F(IdCase, WhatWasTakenBackHoldsNoName) {
  std::string first = recordId({"trs", "eit"}, "SubsidyAwarded", awarded("b-1"));
  must({"trs", "eit"}, "EventReversed", reverse(first));
  award("B-1");
  expectRule("R-ID-CASE", {"trs", "eit"}, "SubsidyAwarded", awarded("b-1"));
  first = recordId({"trs", "eit"}, "SubsidyAwarded", awarded("Cc"));
  must({"trs", "eit"}, "EventReversed", reverse(first));
  award("cC");
  expectRule("R-ID-CASE", {"trs", "eit"}, "SubsidyAwarded", awarded("Cc"));
  expectRule("R-ID-CASE", {"trs", "eit"}, "SubsidyAwarded", awarded("CC"));
}

TEST_F(IdCase, CapitalsLeaveNoRecord) {
  award("A-1");
  EXPECT_FALSE(*town.ledger().entity("idcase:award/A-1"));
  award("a-2");
  EXPECT_EQ(record("idcase:award/A-2").get("id"), "a-2");
}

class AdoptsTheFourth : public IdCase {
 protected:
  AdoptsTheFourth() : IdCase(3) {}
  void adopt() {
    must({"operator", "aud"}, "RulesAdopted",
         fmt::format(R"("log":"test.example/ledger","edition":4,"digest":"{}","needs":"{}")",
                     crypto::toHex(editionDigest(4)), editionProgram(4)));
  }
};

TEST_F(AdoptsTheFourth, TheThirdTookBothAndWhatItHasInCapitalsIsFound) {
  award("A-1");
  award("a-1");
  award("small");
  boundary({"R-EDITION", kLog, "what edition 3 knows", "NodeAdmitted"},
           {{"operator"}, "NodeAdmitted", admission("n", cosignerOf(freshKey("n")))},
           {{"trs", "eit"}, "SubsidyAwarded", awarded("X-1")});
  adopt();
  must({"operator"}, "NodeAdmitted", admission("n", cosignerOf(freshKey("n"))));
  expectRule("R-ID-CASE", {"trs", "eit"}, "SubsidyAwarded", awarded("x-1"));
  award("SMALL");  // the limit: nothing says that the third edition has one in small letters
  EXPECT_FALSE(town.verify().damage);
}

TEST_F(AdoptsTheFourth, LettersOfAnInvoiceCountAsCapitals) {
  must({"trs", "eit"}, "SubsidyAwarded",
       fmt::format(R"("award":"A","payee":"{}","instrument":"equipment","amountFen":9000)", kPlatform));
  auto spend = [](const std::string& code, std::int64_t fen) {
    return fmt::format(R"("award":"A","spender":"{}","basis":"INVOICE","supplier":"丙","claimFen":{},)"
                       R"("invoice":{{"number":"Fp1","code":"{}","totalFen":600}})",
                       kPlatform, fen, code);
  };
  must({"plt"}, "ExpenditureRecorded", spend("ab", 600));
  must({"plt"}, "ExpenditureRecorded", spend("AB", 600));
  adopt();
  must({"plt"}, "ExpenditureRecorded", spend("cd", 400));
  boundary({"R-INVOICE-CLAIM", "claimed:A/丙/CD/FP1", "<= 6.00 CNY", "6.01 CNY"},
           {{"plt"}, "ExpenditureRecorded", spend("cD", 201)}, {{"plt"}, "ExpenditureRecorded", spend("Cd", 200)});
}

}  // namespace
}  // namespace pilotledger::ledger::edition4
