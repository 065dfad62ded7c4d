// The ledger and its rules against a model of them, over random histories.
//
// RC_PARAMS="seed=42 max_success=200 max_size=400" plays other or longer ones (RapidCheck's own
// variable); a failure prints the shortest history it shrank to, and the seed that leads to it.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/state.h>
#include <stdlib.h>

#include "ledger/rules/authority.h"
#include "tests/property/generate.h"
#include "tests/property/model.h"
#include "tests/support/ledger_fixture.h"

namespace pilotledger::property {
namespace {

using ledger::EntityRecord;
using ledger::LedgerFixture;

// The real ledger with the whole cast bound to it.
class Town {
 public:
  explicit Town(crypto::SuiteId suite) : fixture_(suite, 1) {
    for (const auto& [name, key] : cast()) {
      if (name == "operator") continue;
      std::string extra = key.level.empty() ? "" : fmt::format(R"(,"level":"{}")", key.level);
      fixture_.bind(name, key.party, fmt::format("\"{}\"", fmt::join(key.roles, "\",\"")), extra);
    }
    for (const auto& [name, key] : cast()) vkeys_.emplace(name, fixture_.key(name).verifyKey().vkey());
  }

  ledger::Ledger& ledger() { return fixture_.ledger(); }
  LedgerFixture& fixture() { return fixture_; }

  proof::Submission submissionOf(const Plan& plan) {
    std::vector<Bytes> events;
    for (const Fact& fact : plan.facts) {
      auto event = fixture_.event(jsonOf(fact, vkeys_));
      RC_ASSERT(event.ok());
      events.push_back(std::move(event).value());
    }
    std::vector<const crypto::SigningKey*> keys;
    for (const auto& name : plan.signers) keys.push_back(&fixture_.key(name));
    return proof::makeSubmission(ledger().suite(), ledger().name(), std::move(events), keys).value();
  }

  // As the ledger spells it: keys go by their names in the model.
  std::string entityKey(const std::string& key) {
    if (!key.starts_with("key:")) return key;
    return "key:" + ledger::keyEntityId(fixture_.key(key.substr(4)).verifyKey());
  }

  std::vector<std::pair<proof::Submission, ledger::AppendResult>> accepted;

 private:
  LedgerFixture fixture_;
  std::map<std::string, std::string> vkeys_;
};

// What the fixture and Town have recorded before the first plan.
Model foundedModel() {
  Model model(2);
  model.entities["party:op:test.example/ledger"] = 2;
  model.entities["key:operator"] = 1;
  for (const auto& [name, key] : cast()) {
    if (name == "operator") continue;
    std::uint64_t& party = model.entities["party:" + key.party];
    model.size += party == 0 ? 2 : 1;
    party += party == 0 ? 2 : 1;
    model.entities["key:" + name] = 1;
  }
  return model;
}

std::string found(const Result<ledger::AppendResult>& outcome) {
  if (outcome.ok()) return "accepted";
  if (outcome.error().code == ErrorCode::Conflict) return "conflict";
  return outcome.error().rule.empty() ? outcome.error().message.en : outcome.error().rule;
}

// An assertion that says what it is about.
template <typename Expected, typename Found>
void require(bool good, const std::string& what, const Expected& expected, const Found& found) {
  if (!good) RC_FAIL(fmt::format("{}: expected {}, found {}", what, expected, found));
}

class Step : public rc::state::Command<Model, Town> {
 public:
  explicit Step(Plan plan) : plan_(std::move(plan)) {}

  void apply(Model& model) const override { model.submit(plan_); }
  void show(std::ostream& out) const override { out << plan_; }

  void run(const Model& before, Town& town) const override {
    if (plan_.facts.empty()) return reopen(town);
    Model model = before;
    Verdict verdict = model.submit(plan_);
    proof::Submission submission = town.submissionOf(plan_);
    auto outcome = town.ledger().append(submission);
    Names expected = verdict.reasons.empty() ? Names{"accepted"} : verdict.reasons;
    require(expected.contains(found(outcome)), "submission", fmt::format("{}", fmt::join(expected, " or ")),
            found(outcome));
    require(town.ledger().size() == model.size, "size", model.size, town.ledger().size());
    if (!outcome.ok()) {
      RC_ASSERT(!outcome.error().position || outcome.error().position == verdict.position);
      return;
    }
    checkReceipts(before, verdict, *outcome);
    town.accepted.emplace_back(std::move(submission), *outcome);
  }

 private:
  static void reopen(Town& town) {
    Digest root = town.ledger().root();
    std::string checkpoint = town.ledger().checkpoint();
    town.fixture().close();
    town.fixture().open();
    RC_ASSERT(town.ledger().root() == root);
    RC_ASSERT(town.ledger().checkpoint() == checkpoint);
  }

  void checkReceipts(const Model& before, const Verdict& verdict, const ledger::AppendResult& appended) const {
    RC_ASSERT(appended.receipts.size() == plan_.facts.size());
    std::uint64_t next = before.size;
    for (std::size_t i = 0; i < plan_.facts.size(); ++i) {
      RC_ASSERT(appended.receipts[i].eventId == eventId(plan_.facts[i].id));
      RC_ASSERT(appended.receipts[i].repeated == verdict.repeated[i]);
      if (!verdict.repeated[i]) RC_ASSERT(appended.receipts[i].index == next++);
    }
  }

  Plan plan_;
};

using StepPointer = std::shared_ptr<const rc::state::Command<Model, Town>>;

rc::Gen<StepPointer> anyStep(const Model& model) {
  return rc::gen::noShrink(rc::gen::exec([=]() -> StepPointer { return std::make_shared<Step>(randomPlan(model)); }));
}

// Compares attributes of one entity with what the model says they are.
class Compare {
 public:
  Compare(Town& town, const std::string& key) : key_(key), record_(recordOf(town, key)) {}

  const EntityRecord& record() const { return record_; }
  void text(std::string_view attribute, std::string expected) const {
    std::transform(expected.begin(), expected.end(), expected.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c; });
    compare(attribute, expected, std::string(record_.get(attribute)));
  }
  void number(std::string_view attribute, std::int64_t expected) const {
    compare(attribute, expected, record_.number(attribute));
  }
  void set(std::string_view attribute, const Names& expected) const {
    auto values = record_.all(attribute);
    compare(attribute, fmt::format("{}", fmt::join(expected, " ")),
            fmt::format("{}", fmt::join(Names(values.begin(), values.end()), " ")));
  }

 private:
  static EntityRecord recordOf(Town& town, const std::string& key) {
    auto found = town.ledger().entity(town.entityKey(key));
    require(found.ok() && found->has_value(), key, "an entity", "none");
    return **found;
  }
  template <typename T>
  void compare(std::string_view attribute, const T& expected, const T& found) const {
    require(expected == found, fmt::format("{} {}", key_, attribute), expected, found);
  }

  std::string key_;
  EntityRecord record_;
};

void compareMoney(const Model& model, Town& town) {
  for (const auto& [id, award] : model.awards) {
    Compare is(town, "award:" + id);
    is.text("state", award.state);
    is.number("awarded", award.awarded);
    is.number("disbursed", award.disbursed);
    is.number("received", award.received);
    is.number("spent", award.spent);
    is.number("confirmed", award.confirmed);
  }
  for (const auto& [id, receipt] : model.receipts) {
    Compare is(town, "receipt:" + uuid(id));
    is.text("state", receipt.reversed ? "reversed" : "received");
    is.number("remaining", receipt.remaining);
  }
  for (const auto& [id, fen] : model.claims) Compare(town, "claim:" + id).number("claimed", fen);
  for (const auto& [id, fen] : model.claimed) Compare(town, "invoice:" + id).number("claimed", fen);
  for (const auto& [id, fen] : model.invoiced) Compare(town, "invoice:" + id).number("received", fen);
}

void compareStates(const Model& model, Town& town) {
  for (const auto& [id, platform] : model.platforms) Compare(town, "platform:" + id).text("state", platform.state);
  for (const auto& [id, asset] : model.assets) {
    Compare is(town, "ip:" + id);
    is.text("state", asset.state);
    is.set("party.own", asset.owners);
    is.set("pledge.active", asset.pledged);
    is.set("pledge.released", asset.released);
  }
  for (const auto& [id, pledge] : model.pledges) {
    Compare is(town, "pledge:" + id);
    is.text("state", pledge.state);
    is.set("asset.agreed", pledge.agreed);
    is.set("asset.active", pledge.active);
    is.set("asset.released", pledge.released);
  }
  for (const auto& name : model.revoked) Compare(town, "key:" + name).text("state", "revoked");
}

// Every entity is there, no other, and its trail has all its entries.
void compareTrails(const Model& model, Town& town) {
  for (const auto& [key, entries] : model.entities) {
    std::uint64_t trail = Compare(town, key).record().trail().count;
    std::uint64_t listed = town.ledger().entriesOf(town.entityKey(key)).value().size();
    require(trail == entries, "trail of " + key, entries, trail);
    require(listed == entries, "entries of " + key, entries, listed);
  }
}

void repeatEverything(const Model& model, Town& town) {
  Digest root = town.ledger().root();
  for (const auto& [submission, first] : town.accepted) {
    auto again = town.ledger().append(submission);
    require(again.ok(), "the same again", "accepted", found(again));
    for (std::size_t i = 0; i < first.receipts.size(); ++i) {
      RC_ASSERT(again->receipts[i].repeated);
      RC_ASSERT(again->receipts[i].index == first.receipts[i].index);
    }
  }
  RC_ASSERT(town.ledger().size() == model.size);
  RC_ASSERT(town.ledger().root() == root);
}

void checkWhole(const Model& model, Town& town) {
  compareMoney(model, town);
  compareStates(model, town);
  compareTrails(model, town);
  repeatEverything(model, town);
  Digest root = town.ledger().root();
  town.fixture().close();
  auto outcome = town.fixture().verify();
  require(!outcome.damage, "whole ledger", "sound",
          outcome.damage ? outcome.damage->where + ": " + outcome.damage->what.en : "");
  RC_ASSERT(outcome.report.entries == model.size);
  RC_ASSERT(outcome.report.entities == model.entities.size());
  RC_ASSERT(outcome.report.root == root);
  town.fixture().open();
  RC_ASSERT(town.ledger().root() == root);
}

bool agrees(crypto::SuiteId suite) {
  // The same histories in every run, so that a build is judged alike everywhere; RC_PARAMS explores others.
  ::setenv("RC_PARAMS", "max_success=8 max_size=60 seed=7", 0);
  return rc::check([=] {
    Model model = foundedModel();
    auto steps = *rc::state::gen::commands(model, anyStep);
    Town town(suite);
    RC_ASSERT(town.ledger().size() == model.size);
    rc::state::runAll(steps, model, town);
    rc::state::applyAll(steps, model);
    checkWhole(model, town);
  });
}

TEST(LedgerProperty, AgreesWithTheModel) { EXPECT_TRUE(agrees(crypto::SuiteId::Ed25519Sha256)); }

TEST(LedgerProperty, AgreesWithTheModelUnderTheChineseSuite) { EXPECT_TRUE(agrees(crypto::SuiteId::Sm2Sm3)); }

}  // namespace
}  // namespace pilotledger::property
