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
#include "ledger/state/entity_overlay.h"

namespace pilotledger::ledger {

// A key that signed the submission, as the log knows it at this position.
struct Signer {
  std::string key;                 // "name+keyid"
  std::string party;               // party id
  std::vector<std::string> roles;  // enum codes: "PLT", "TRS"
  std::string level;               // of an authority: "PROVINCIAL"; else empty
  std::string division;            // GB/T 2260; else empty
  bool hasRole(std::string_view role) const;
};

bool anySigner(std::span<const Signer> signers, std::string_view role);

struct RuleContext {
  EntityOverlay& world;
  const events::Event& event;
  std::span<const Signer> signers;
  std::int32_t recordedOn;  // civil date yyyymmdd of the commit, UTC+8
  bool undoing = false;     // the event is being taken back

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

// Of every kind; a kind without effects of its own has apply == nullptr.
Rule ruleOf(const events::Kind& kind);

// One function a kind, defined in the file of its domain. Most serve for taking back as well.
namespace rules {
// For kinds that only open entities: they become "recorded" and belong to the parties that the
// kind's signers name. Taken back, they are "reversed" and may be recorded again.
Status recorded(RuleContext&);
Status partyRegistered(RuleContext&);
Status keyBound(RuleContext&);
Status keyRevoked(RuleContext&);
Status logKeyRotated(RuleContext&);
Status registerKeyCommitted(RuleContext&);
Status policyRuleSetPublished(RuleContext&);
Status eventReversed(RuleContext&);
Status platformEstablished(RuleContext&);
Status platformRecognized(RuleContext&);
Status platformRecognizedUndo(RuleContext&);
Status performanceGraded(RuleContext&);
Status performanceGradedUndo(RuleContext&);
Status pilotProjectAccepted(RuleContext&);
Status pilotRunRecorded(RuleContext&);
Status pilotRunRecordedUndo(RuleContext&);
Status testReportIssued(RuleContext&);
Status testReportIssuedUndo(RuleContext&);
Status techContractSigned(RuleContext&);
Status techContractSignedUndo(RuleContext&);
Status techContractRegistered(RuleContext&);
Status techContractRegisteredUndo(RuleContext&);
Status revenueReceived(RuleContext&);
Status revenueReceivedUndo(RuleContext&);
Status revenueReversed(RuleContext&);
Status revenueReversedUndo(RuleContext&);
Status subsidyAwarded(RuleContext&);
Status subsidyAwardedUndo(RuleContext&);
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
Status ipAssetRecordedUndo(RuleContext&);
Status ipStatusObserved(RuleContext&);
Status pledgeAgreed(RuleContext&);
Status pledgeAgreedUndo(RuleContext&);
Status pledgeRegistered(RuleContext&);
Status pledgeRegisteredUndo(RuleContext&);
Status pledgeReleased(RuleContext&);
Status pledgeReleasedUndo(RuleContext&);
Status eventCorrected(RuleContext&);
Status attested(RuleContext&);
Status attestedUndo(RuleContext&);
Status disputeRaised(RuleContext&);
Status disputeResolved(RuleContext&);
Status partyStatusChanged(RuleContext&);
Status personalDataErased(RuleContext&);
Status platformReevaluated(RuleContext&);
Status platformPromoted(RuleContext&);
Status platformWithdrawn(RuleContext&);
Status pilotProjectAmended(RuleContext&);
Status pilotAccepted(RuleContext&);
Status outcomeNamed(RuleContext&);
Status firstProductRecognized(RuleContext&);
Status techContractAmended(RuleContext&);
Status techContractEnded(RuleContext&);
Status incomeDistributionResolved(RuleContext&);
Status incomeDistributionPaid(RuleContext&);
Status equityTaken(RuleContext&);
Status investmentReturned(RuleContext&);
Status appropriationPassed(RuleContext&);
Status matchingPaid(RuleContext&);
Status assetMoved(RuleContext&);
Status assetDisposed(RuleContext&);
Status budgetAdjusted(RuleContext&);
Status clawbackOrdered(RuleContext&);
Status clawbackRepaid(RuleContext&);
Status surplusReturned(RuleContext&);
Status carriedOver(RuleContext&);
Status voucherIssued(RuleContext&);
Status voucherRedeemed(RuleContext&);
Status voucherSettled(RuleContext&);
Status auditFindingRaised(RuleContext&);
Status auditFindingAnswered(RuleContext&);
Status auditFindingClosed(RuleContext&);
Status ipTransferred(RuleContext&);
Status ipLicensed(RuleContext&);
Status pledgeAmended(RuleContext&);
Status pledgeRevoked(RuleContext&);
Status pledgeEnforced(RuleContext&);
Status preservationNoted(RuleContext&);
Status loanGranted(RuleContext&);
Status loanDrawn(RuleContext&);
Status loanRepaid(RuleContext&);
Status loanClassified(RuleContext&);
Status insuranceIssued(RuleContext&);
Status insuranceClaimPaid(RuleContext&);
Status financeAidPaid(RuleContext&);
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
