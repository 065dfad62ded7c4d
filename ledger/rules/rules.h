// What each event kind does to the entities it names, or why it is refused.
//
// A rule is a pure function: event and entity records in, changed records out. No clock, no I/O.
// The generic part (entities exist or are new, signers have authority, trails grow) is done by the
// applier from the schema; a rule adds what only its domain knows. It refuses what makes a record
// meaningless and accepts what is evidence of misconduct, which the findings report.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "events/codec.h"
#include "events/schema/schema.h"
#include "ledger/crypto/key.h"
#include "ledger/crypto/suite.h"
#include "ledger/state/entity_overlay.h"

namespace pilotledger::ledger {

// A key that signed the submission, as the log knows it at this position.
struct Signer {
  std::string key;                 // "name+keyid"
  std::string party;               // party id
  std::vector<std::string> roles;  // enum codes: "PLT", "TRS"
  std::string level;               // of an authority: "PROVINCIAL"; else empty
  std::string division;            // GB/T 2260; else empty
  std::int32_t validTo = 0;        // last day on which the key signs; 0: open
  bool used = false;               // has signed before
  bool founding = false;           // the log key, in the submission that founds the ledger
  bool hasRole(std::string_view role) const;
};

bool anySigner(std::span<const Signer> signers, std::string_view role);

// Which log this is, for rules.
struct LogContext {
  LogContext(crypto::SuiteId ofSuite, std::string ofOrigin, crypto::VerifyKey founding)
      : suite(ofSuite), origin(std::move(ofOrigin)), entity(entityKey("log", origin)), logKey(std::move(founding)) {}

  crypto::SuiteId suite;
  std::string origin;
  std::string entity;        // "log:ORIGIN", asked for at every event
  crypto::VerifyKey logKey;  // that founded it
};

struct RuleContext {
  const LogContext& log;
  int edition;  // of the rules, in force where the event is recorded
  EntityOverlay& world;
  const events::Event& event;
  std::span<const Signer> signers;
  std::int32_t recordedOn;  // civil date yyyymmdd of the commit, UTC+8
  bool undoing = false;     // the event is being taken back
  std::uint64_t index = 0;  // of the entry, from edition 4 on

  events::schema::Event::Body::Reader body() const { return event.reader().getBody(); }
  Result<EntityRecord*> edit(std::string_view kind, std::string_view id) { return world.edit(entityKey(kind, id)); }
  Result<const EntityRecord*> find(std::string_view kind, std::string_view id) {
    return world.find(entityKey(kind, id));
  }
  std::uint16_t currency() const { return event.reader().getCurrency(); }
  // An amount as it changes a balance: negative when the event is being taken back.
  std::int64_t change(std::int64_t amount) const { return undoing ? -amount : amount; }
  // Recorded from a public register or list by an importer, not by those concerned. An importer
  // who signs beside them does not loosen their rules.
  bool imported() const { return event.reader().getSource().size() > 0 && anySigner(signers, "IMP"); }
};

// `expected` and `found` are shown as they are; en and zh say which rule it is.
Error refusal(std::string rule, std::string entity, std::string expected, std::string found, std::string en,
              std::string zh);

struct Rule {
  Status (*apply)(RuleContext&);
  // Takes the effects back when the event is reversed; nullptr: the kind cannot be reversed.
  Status (*undo)(RuleContext&);
};

// A kind's rule from an edition of the rules on. What a later edition refuses, or makes of a record, is a new function
// in a row of its own; the row before it stays for the entries that were recorded under it.
struct RuleRow {
  int edition;
  events::schema::Event::Body::Which kind;
  Rule rule;
};

// Of a kind of that edition (Kind::since), in an edition that this program knows (editions.h).
Rule ruleOf(const events::Kind& kind, int edition);

// One table a domain, at the end of its file.
namespace rules {
std::span<const RuleRow> assetRules();
std::span<const RuleRow> auditRules();
std::span<const RuleRow> financeRules();
std::span<const RuleRow> governanceRules();
std::span<const RuleRow> ipRules();
std::span<const RuleRow> keyRules();
std::span<const RuleRow> listedLedgerRules();
std::span<const RuleRow> nodeRules();
std::span<const RuleRow> operationRules();
std::span<const RuleRow> pilotRules();
std::span<const RuleRow> platformRules();
std::span<const RuleRow> pledgeRules();
std::span<const RuleRow> revenueRules();
std::span<const RuleRow> subsidyRules();
std::span<const RuleRow> takingBackRules();
std::span<const RuleRow> technologyRules();
std::span<const RuleRow> voucherRules();

// For kinds that only open entities: they become "recorded" and belong to the parties that the
// kind's signers name. Taken back, they are "reversed" and may be recorded again.
Status recorded(RuleContext&);
Status partyStatusChanged(RuleContext&);  // of the first edition; the second adds who is competent
// From edition 2 on: the event is a register's word on a right that its claimant recorded alone, so it takes its place.
bool displaces(const RuleContext& context, std::string_view key, const EntityRecord& record);
}  // namespace rules

// Shared by rules about money and states.
// A platform that has withdrawn is not recognised again, awarded money or given projects.
Status requireNotWithdrawn(RuleContext& context, std::string_view platform);
// The record must be in one of the states (separated by '|').
Status requireState(const EntityRecord& record, const std::string& entity, std::string_view rule,
                    std::string_view states);
// Into the state `after`, remembering the way back.
void enterState(RuleContext& context, EntityRecord& record, std::string_view after);
// Moves a record from `before` to `after`; or back, when the event is being taken back and no other
// has moved it since.
Status moveState(RuleContext& context, EntityRecord& record, const std::string& entity, std::string_view rule,
                 std::string_view before, std::string_view after);
// record[attribute] += change(amount), which must stay within 0..limit.
Status moveAmount(RuleContext& context, EntityRecord& record, const std::string& entity, std::string_view rule,
                  std::string_view attribute, std::int64_t amount, std::int64_t limit, std::string_view limitName);
std::string moneyText(std::int64_t minor, std::uint16_t currency);
std::string currencyCode(const events::Event& event);
// The record's currency is the event's; set when the record has none yet.
Status requireCurrency(RuleContext& context, EntityRecord& record, std::string_view entity);
Status requirePositive(std::int64_t amount, std::uint16_t currency, std::string_view entity);

}  // namespace pilotledger::ledger
