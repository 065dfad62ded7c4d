// Who may sign what: every kind, by every set of signers that its annotation names and by the nearest ones that it does
// not, in every edition. Made from the schema; the outcome is compared with a second reading of the annotation.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "events/reference.h"
#include "ledger/rules/authority.h"
#include "ledger/rules/editions.h"
#include "tests/support/sample_event.h"

namespace pilotledger::ledger {
namespace {

constexpr const char* kHome = "330000";
constexpr const char* kAbroad = "440000";

class TableState : public StateReader {
 public:
  Result<const EntityRecord*> find(std::string_view key) override {
    auto at = records.find(std::string(key));
    return at == records.end() ? nullptr : static_cast<const EntityRecord*>(&at->second);
  }
  Result<std::optional<events::Event>> event(const EventId&) override { return std::optional<events::Event>(); }
  std::map<std::string, EntityRecord> records;
};

std::string partyNamed(const std::string& field) { return "x1:" + field; }

bool actsForADivision(const std::string& role) {
  return std::set<std::string>{"EIT", "TRS", "SCI", "MKT", "REG"}.contains(role);
}

// The second reading: a term is a role, and the parties it must be signed by.
struct Wanted {
  std::string role;
  std::set<std::string> parties;  // empty: anybody's
};

std::vector<std::vector<Wanted>> readAnnotation(const events::Event& event, const events::SignersIn& signers,
                                                TableState& state) {
  std::vector<std::vector<Wanted>> alternatives;
  for (const auto& alternative : signers.rule) {
    auto& terms = alternatives.emplace_back();
    for (const events::SignerTerm& term : alternative) {
      Wanted wanted{term.role, {}};
      if (!term.field.empty()) {
        for (const std::string& value : events::textsAt(event, term.path)) {
          if (term.entityKind.empty()) {
            wanted.parties.insert(value);
            continue;
          }
          std::string owner = "x1:of-" + term.entityKind;
          std::string attribute = "party.";
          for (char c : term.role == "ANY" ? std::string("any") : term.role) attribute += static_cast<char>(c | 32);
          state.records[entityKey(term.entityKind, value)].insert(attribute, owner);
          wanted.parties.insert(owner);
        }
        if (wanted.parties.empty()) wanted.parties.insert("x1:nobody");  // an empty field names nobody who could sign
      }
      terms.push_back(std::move(wanted));
    }
  }
  return alternatives;
}

bool allowed(const std::vector<std::vector<Wanted>>& alternatives, const std::vector<Signer>& signers, bool home) {
  auto signs = [&](const Wanted& wanted, const std::string& party) {
    return std::any_of(signers.begin(), signers.end(), [&](const Signer& signer) {
      bool role = wanted.role == "ANY" || signer.hasRole(wanted.role);
      bool place = wanted.role == "ANY" || !actsForADivision(wanted.role) || home || signer.division == "CN";
      return role && place && (party.empty() || signer.party == party);
    });
  };
  return std::any_of(alternatives.begin(), alternatives.end(), [&](const auto& terms) {
    return std::all_of(terms.begin(), terms.end(), [&](const Wanted& wanted) {
      if (wanted.parties.empty()) return signs(wanted, "");
      return std::all_of(wanted.parties.begin(), wanted.parties.end(),
                         [&](const std::string& party) { return signs(wanted, party); });
    });
  });
}

Signer signerOf(const std::string& role, const std::string& party, const std::string& division) {
  Signer signer;
  signer.key = party + "+" + role;
  signer.party = party;
  signer.roles = {role == "ANY" ? "CUS" : role};
  signer.division = division;
  return signer;
}

class AuthorityTable : public testing::TestWithParam<int> {
 protected:
  void tryKind(const events::Kind& kind) {
    TableState state;
    auto made = SampleEvent(partyNamed).of(kind, kHome, "");
    ASSERT_TRUE(made.ok()) << kind.name << ": " << made.error().message.en;
    const events::Event& event = *made;
    auto alternatives = readAnnotation(event, kind.signersOf(GetParam()), state);
    for (const auto& terms : alternatives) {
      std::vector<Signer> right;
      for (const Wanted& wanted : terms) {
        if (wanted.parties.empty()) right.push_back(signerOf(wanted.role, "x1:other", kHome));
        for (const std::string& party : wanted.parties) right.push_back(signerOf(wanted.role, party, kHome));
      }
      judge(event, alternatives, state, right, true);
      for (std::size_t i = 0; i < right.size(); ++i) {
        auto changed = right;
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        judge(event, alternatives, state, changed, true);
        for (const auto& role : events::findEnum("Role")->values) {
          if (role.code == "UNSPECIFIED" || role.code == "IMP") continue;
          changed = right;
          changed[i].roles = {role.code};
          judge(event, alternatives, state, changed, true);
        }
        changed = right;
        changed[i].party = "x1:stranger";
        judge(event, alternatives, state, changed, true);
      }
      auto abroad = right;
      for (Signer& signer : abroad) signer.division = kAbroad;
      judge(event, alternatives, state, abroad, false);
    }
  }

  void judge(const events::Event& event, const std::vector<std::vector<Wanted>>& alternatives, TableState& state,
             const std::vector<Signer>& signers, bool home) {
    EntityOverlay world(state);
    RuleContext context{log_, GetParam(), world, event, signers, 20260301};
    bool accepted = requireAuthority(context).ok();
    bool log = std::any_of(signers.begin(), signers.end(), [](const Signer& s) { return s.hasRole("LOG"); });
    bool asks = event.kind().signersOf(GetParam()).text.find("LOG") != std::string::npos;
    bool expected = allowed(alternatives, signers, home) && (!log || asks);
    std::string who;
    for (const Signer& signer : signers)
      who += " " + signer.roles[0] + "@" + signer.party + "(" + signer.division + ")";
    EXPECT_EQ(accepted, expected) << event.kind().name << " signed by" << who;
    ++(accepted ? accepted_ : refused_);
  }

  void tryImporter(const events::Kind& kind) {
    TableState state;
    auto made = SampleEvent(partyNamed).of(kind, kHome, "a list");
    ASSERT_TRUE(made.ok()) << kind.name;
    auto alternatives = readAnnotation(*made, kind.signersOf(GetParam()), state);
    std::vector<Signer> everybody;
    for (const auto& terms : alternatives) {
      for (const Wanted& wanted : terms) {
        for (const std::string& party : wanted.parties) everybody.push_back(signerOf(wanted.role, party, "CN"));
        if (wanted.parties.empty() && wanted.role != "LOG")
          everybody.push_back(signerOf(wanted.role, "x1:other", "CN"));
      }
    }
    EntityOverlay world(state);
    std::vector<Signer> importer = {signerOf("IMP", "x1:importer", "")};
    RuleContext alone{log_, GetParam(), world, *made, importer, 20260301};
    EXPECT_EQ(requireAuthority(alone).ok(), kind.importable) << kind.name << " by an importer";
    RuleContext others{log_, GetParam(), world, *made, everybody, 20260301};
    EXPECT_FALSE(requireAuthority(others).ok()) << kind.name << " with a source, by others";
    accepted_ += kind.importable ? 1 : 0;
    refused_ += kind.importable ? 1 : 2;
  }

  void TearDown() override {
    std::printf("edition %d: %zu kinds, %zu sets of signers: %zu accepted, %zu refused\n", GetParam(),
                events::kinds().size(), accepted_ + refused_, accepted_, refused_);
  }

  LogContext log_{crypto::SuiteId::Ed25519Sha256, "log.example",
                  crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "log.example").value().verifyKey()};
  std::size_t accepted_ = 0, refused_ = 0;
};

TEST_P(AuthorityTable, IsWhatTheAnnotationsSay) {
  for (const events::Kind& kind : events::kinds()) tryKind(kind);
  for (const events::Kind& kind : events::kinds()) tryImporter(kind);
  EXPECT_GT(accepted_, 100u);
  EXPECT_GT(refused_, 1000u);
}

INSTANTIATE_TEST_SUITE_P(Editions, AuthorityTable, testing::Range(1, kNewestEdition + 1));

// A key that the log does not hold to be good signs nothing, whatever its roles.
TEST(AuthorityOfKeys, EndsWithTheKey) {
  LogContext log{crypto::SuiteId::Ed25519Sha256, "log.example",
                 crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "log.example").value().verifyKey()};
  TableState state;
  state.records["log:log.example"].setNumber("edition", 2);
  auto key = [&](const std::string& id, const std::string& party) -> EntityRecord& {
    EntityRecord& record = state.records[entityKey("key", id)];
    record.set("state", "active");
    record.set("party.any", party);
    record.insert("role", "TRS");
    return record;
  };
  key("good", "x1:a");
  key("revoked", "x1:a").set("state", "revoked");
  key("expired", "x1:a").setNumber("valid.to", 20260228);
  key("early", "x1:a").setNumber("valid.from", 20260302);
  key("suspended", "x1:b");
  state.records["party:x1:b"].set("state", "suspended");
  EntityRecord& stolen = key("stolen", "x1:a");
  stolen.set("state", "revoked");
  stolen.setNumber("compromised.since", 20260101);
  EntityRecord& child = key("child", "x1:a");
  child.set("bound.by", "stolen");
  child.setNumber("bound.on", 20260102);
  EntityRecord& grandchild = key("grandchild", "x1:a");
  grandchild.set("bound.by", "child");
  grandchild.setNumber("bound.on", 20260103);
  EntityRecord& elder = key("elder", "x1:a");
  elder.set("bound.by", "stolen");
  elder.setNumber("bound.on", 20251231);
  EntityOverlay world(state);
  auto signs = [&](const char* id) { return resolveSigner(log, world, id, 20260301).ok(); };
  EXPECT_TRUE(signs("good"));
  EXPECT_TRUE(signs("elder")) << "bound before the key was in other hands";
  for (const char* bad : {"revoked", "expired", "early", "suspended", "stolen", "child", "grandchild", "unknown"})
    EXPECT_FALSE(signs(bad)) << bad;
  state.records["log:log.example"].setNumber("edition", 1);
  EXPECT_TRUE(signs("child")) << "the first edition looked at the key alone";
}

}  // namespace
}  // namespace pilotledger::ledger
