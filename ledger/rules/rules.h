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

#include "events/codec.h"
#include "events/result.h"
#include "events/schema.h"
#include "ledger/rules/world.h"

namespace pilotledger::ledger {

// A key that signed the submission, as the log knows it at this position.
struct Signer {
  std::string key;    // "name+keyid"
  std::string party;  // party id
  std::vector<std::string> roles;  // enum codes: "PLT", "TRS"
  std::string level;               // of an authority: "PROVINCIAL"; else empty
  std::string division;            // GB/T 2260; else empty
  bool hasRole(std::string_view role) const;
};

bool anySigner(std::span<const Signer> signers, std::string_view role);

struct RuleContext {
  World& world;
  const events::Event& event;
  std::span<const Signer> signers;
  std::int32_t recordedOn;  // civil date yyyymmdd of the commit, UTC+8

  events::schema::Event::Body::Reader body() const { return event.reader().getBody(); }
  Result<EntityRecord*> edit(std::string_view kind, std::string_view id) {
    return world.edit(entityKey(kind, id));
  }
  Result<const EntityRecord*> find(std::string_view kind, std::string_view id) {
    return world.find(entityKey(kind, id));
  }
  // Recorded from a public register or list by an importer, not by those concerned.
  bool imported() const { return anySigner(signers, "IMP"); }
};

// `expected` and `found` are shown as they are; en and zh say which rule it is.
Error refusal(std::string rule, std::string entity, std::string expected, std::string found,
              std::string en, std::string zh);

struct Rule {
  Status (*apply)(RuleContext&);
  // Takes the effects back when the event is reversed; nullptr: the kind cannot be reversed.
  Status (*undo)(RuleContext&);
};

// Of every kind; a kind without effects of its own has apply == nullptr.
Rule ruleOf(const events::Kind& kind);

// One function a kind, defined in the file of its domain.
namespace rules {
Status partyRegistered(RuleContext&);
Status keyBound(RuleContext&);
Status keyRevoked(RuleContext&);
Status policyRuleSetPublished(RuleContext&);
Status eventReversed(RuleContext&);
Status platformEstablished(RuleContext&);
Status platformRecognized(RuleContext&);
Status performanceGraded(RuleContext&);
Status performanceGradedUndo(RuleContext&);
Status pilotProjectAccepted(RuleContext&);
Status pilotRunRecorded(RuleContext&);
Status pilotRunRecordedUndo(RuleContext&);
Status testReportIssued(RuleContext&);
Status testReportIssuedUndo(RuleContext&);
Status techContractSigned(RuleContext&);
Status techContractRegistered(RuleContext&);
Status revenueReceived(RuleContext&);
Status revenueReceivedUndo(RuleContext&);
Status revenueReversed(RuleContext&);
Status revenueReversedUndo(RuleContext&);
Status subsidyAwarded(RuleContext&);
Status subsidyDisbursed(RuleContext&);
Status subsidyDisbursedUndo(RuleContext&);
Status subsidyReceived(RuleContext&);
Status subsidyReceivedUndo(RuleContext&);
Status expenditureRecorded(RuleContext&);
Status expenditureRecordedUndo(RuleContext&);
Status assetInstalled(RuleContext&);
Status assetInstalledUndo(RuleContext&);
Status subsidyAcceptance(RuleContext&);
Status subsidyAcceptanceUndo(RuleContext&);
Status ipAssetRecorded(RuleContext&);
Status ipStatusObserved(RuleContext&);
Status pledgeAgreed(RuleContext&);
Status pledgeRegistered(RuleContext&);
Status pledgeRegisteredUndo(RuleContext&);
Status pledgeReleased(RuleContext&);
}  // namespace rules

// Shared by rules about money and states.
std::string moneyText(std::int64_t minor, std::uint16_t currency);
std::string currencyCode(const events::Event& event);
// The record's currency is the event's; set when the record has none yet.
Status requireCurrency(RuleContext& context, EntityRecord& record, std::string_view entity);
Status requirePositive(std::int64_t amount, std::uint16_t currency, std::string_view entity);

}  // namespace pilotledger::ledger
