// Edition 4: the machines that hold the ledger, other ledgers and what they signed, one name for what differs in the
// case of its letters.
#include "ledger/crypto/encoding.h"
#include "ledger/rules/editions.h"
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
  auto renamed = crypto::VerifyKey::fromPublicKey(crypto::SuiteId::Ed25519Sha256, "other.example",
                                                  first.verifyKey().publicKey());
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

}  // namespace
}  // namespace pilotledger::ledger::edition4
