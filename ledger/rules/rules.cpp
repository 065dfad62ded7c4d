#include "ledger/rules/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "events/money.h"
#include "events/reference.h"

namespace pilotledger::ledger {

using Kind = events::schema::Event::Body::Which;

Rule ruleOf(const events::Kind& kind) {
  switch (static_cast<Kind>(kind.discriminant)) {
    case Kind::PARTY_REGISTERED: return {rules::partyRegistered, nullptr};
    case Kind::KEY_BOUND: return {rules::keyBound, nullptr};
    case Kind::KEY_REVOKED: return {rules::keyRevoked, nullptr};
    case Kind::LOG_KEY_ROTATED: return {rules::logKeyRotated, nullptr};
    case Kind::REGISTER_KEY_COMMITTED: return {rules::registerKeyCommitted, nullptr};
    case Kind::POLICY_RULE_SET_PUBLISHED: return {rules::policyRuleSetPublished, nullptr};
    case Kind::EVENT_REVERSED: return {rules::eventReversed, nullptr};
    case Kind::PLATFORM_ESTABLISHED: return {rules::platformEstablished, nullptr};
    case Kind::PLATFORM_RECOGNIZED: return {rules::platformRecognized, rules::platformRecognizedUndo};
    case Kind::PERFORMANCE_GRADED: return {rules::performanceGraded, rules::performanceGradedUndo};
    case Kind::PILOT_PROJECT_ACCEPTED: return {rules::pilotProjectAccepted, rules::pilotProjectAccepted};
    case Kind::PILOT_RUN_RECORDED: return {rules::pilotRunRecorded, rules::pilotRunRecordedUndo};
    case Kind::TEST_REPORT_ISSUED: return {rules::testReportIssued, rules::testReportIssuedUndo};
    case Kind::TECH_CONTRACT_SIGNED: return {rules::techContractSigned, rules::techContractSignedUndo};
    case Kind::TECH_CONTRACT_REGISTERED: return {rules::techContractRegistered, rules::techContractRegisteredUndo};
    case Kind::REVENUE_RECEIVED: return {rules::revenueReceived, rules::revenueReceivedUndo};
    case Kind::REVENUE_REVERSED: return {rules::revenueReversed, rules::revenueReversedUndo};
    case Kind::SUBSIDY_AWARDED: return {rules::subsidyAwarded, rules::subsidyAwardedUndo};
    case Kind::SUBSIDY_DISBURSED: return {rules::subsidyDisbursed, rules::subsidyDisbursedUndo};
    case Kind::SUBSIDY_RECEIVED: return {rules::subsidyReceived, rules::subsidyReceivedUndo};
    case Kind::EXPENDITURE_RECORDED: return {rules::expenditureRecorded, rules::expenditureRecordedUndo};
    case Kind::ASSET_INSTALLED: return {rules::assetInstalled, rules::assetInstalledUndo};
    case Kind::SUBSIDY_ACCEPTANCE: return {rules::subsidyAcceptance, rules::subsidyAcceptanceUndo};
    case Kind::IP_ASSET_RECORDED: return {rules::ipAssetRecorded, rules::ipAssetRecordedUndo};
    case Kind::IP_STATUS_OBSERVED: return {rules::ipStatusObserved, nullptr};
    case Kind::PLEDGE_AGREED: return {rules::pledgeAgreed, rules::pledgeAgreedUndo};
    case Kind::PLEDGE_REGISTERED: return {rules::pledgeRegistered, rules::pledgeRegisteredUndo};
    case Kind::PLEDGE_RELEASED: return {rules::pledgeReleased, rules::pledgeReleasedUndo};
    case Kind::EVENT_CORRECTED: return {rules::eventCorrected, nullptr};
    case Kind::ATTESTED: return {rules::attested, rules::attestedUndo};
    case Kind::DISPUTE_RAISED: return {rules::disputeRaised, nullptr};
    case Kind::DISPUTE_RESOLVED: return {rules::disputeResolved, rules::disputeResolved};
    case Kind::RELATION_DECLARED: return {rules::recorded, rules::recorded};
    case Kind::PARTY_STATUS_CHANGED: return {rules::partyStatusChanged, nullptr};
    case Kind::PERSONAL_DATA_ERASED: return {rules::personalDataErased, nullptr};
    case Kind::PLATFORM_REEVALUATED: return {rules::platformReevaluated, rules::platformReevaluated};
    case Kind::PLATFORM_PROMOTED: return {rules::platformPromoted, rules::platformPromoted};
    case Kind::PLATFORM_WITHDRAWN: return {rules::platformWithdrawn, rules::platformWithdrawn};
    case Kind::PILOT_PROJECT_AMENDED: return {rules::pilotProjectAmended, nullptr};
    case Kind::PILOT_ACCEPTED: return {rules::pilotAccepted, rules::pilotAccepted};
    case Kind::OUTCOME_EVALUATED: return {rules::outcomeNamed, rules::outcomeNamed};
    case Kind::OUTCOME_REGISTERED: return {rules::outcomeNamed, rules::outcomeNamed};
    case Kind::FIRST_PRODUCT_RECOGNIZED: return {rules::firstProductRecognized, rules::firstProductRecognized};
    case Kind::TECH_CONTRACT_AMENDED: return {rules::techContractAmended, nullptr};
    case Kind::TECH_CONTRACT_ENDED: return {rules::techContractEnded, rules::techContractEnded};
    case Kind::INCOME_DISTRIBUTION_RESOLVED:
      return {rules::incomeDistributionResolved, rules::incomeDistributionResolved};
    case Kind::INCOME_DISTRIBUTION_PAID: return {rules::incomeDistributionPaid, rules::incomeDistributionPaid};
    case Kind::EQUITY_TAKEN: return {rules::equityTaken, rules::equityTaken};
    case Kind::INVESTMENT_RETURNED: return {rules::investmentReturned, rules::investmentReturned};
    case Kind::APPROPRIATION_PASSED: return {rules::appropriationPassed, rules::appropriationPassed};
    case Kind::MATCHING_PAID: return {rules::matchingPaid, rules::matchingPaid};
    case Kind::ASSET_MOVED: return {rules::assetMoved, rules::assetMoved};
    case Kind::ASSET_DISPOSED: return {rules::assetDisposed, rules::assetDisposed};
    case Kind::BUDGET_ADJUSTED: return {rules::budgetAdjusted, rules::budgetAdjusted};
    case Kind::CLAWBACK_ORDERED: return {rules::clawbackOrdered, rules::clawbackOrdered};
    case Kind::CLAWBACK_REPAID: return {rules::clawbackRepaid, rules::clawbackRepaid};
    case Kind::SURPLUS_RETURNED: return {rules::surplusReturned, rules::surplusReturned};
    case Kind::CARRIED_OVER: return {rules::carriedOver, rules::carriedOver};
    case Kind::VOUCHER_ISSUED: return {rules::voucherIssued, rules::voucherIssued};
    case Kind::VOUCHER_REDEEMED: return {rules::voucherRedeemed, rules::voucherRedeemed};
    case Kind::VOUCHER_SETTLED: return {rules::voucherSettled, rules::voucherSettled};
    case Kind::AUDIT_FINDING_RAISED: return {rules::auditFindingRaised, nullptr};
    case Kind::AUDIT_FINDING_ANSWERED: return {rules::auditFindingAnswered, nullptr};
    case Kind::AUDIT_FINDING_CLOSED: return {rules::auditFindingClosed, nullptr};
    case Kind::IP_TRANSFERRED: return {rules::ipTransferred, nullptr};
    case Kind::IP_LICENSED: return {rules::ipLicensed, rules::ipLicensed};
    case Kind::PLEDGE_AMENDED: return {rules::pledgeAmended, nullptr};
    case Kind::PLEDGE_REVOKED: return {rules::pledgeRevoked, nullptr};
    case Kind::PLEDGE_ENFORCED: return {rules::pledgeEnforced, nullptr};
    case Kind::PRESERVATION_NOTED: return {rules::preservationNoted, nullptr};
    case Kind::LOAN_GRANTED: return {rules::loanGranted, rules::loanGranted};
    case Kind::LOAN_DRAWN: return {rules::loanDrawn, rules::loanDrawn};
    case Kind::LOAN_REPAID: return {rules::loanRepaid, rules::loanRepaid};
    case Kind::LOAN_CLASSIFIED: return {rules::loanClassified, nullptr};
    case Kind::INSURANCE_ISSUED: return {rules::insuranceIssued, rules::insuranceIssued};
    case Kind::INSURANCE_CLAIM_PAID: return {rules::insuranceClaimPaid, rules::insuranceClaimPaid};
    case Kind::FINANCE_AID_PAID: return {rules::financeAidPaid, rules::financeAidPaid};
    case Kind::QUALIFICATION_RECORDED:
    case Kind::SERVICE_LIST_PUBLISHED:
    case Kind::MILESTONE_RECORDED:
    case Kind::OPERATING_COST_REPORTED:
    case Kind::INCIDENT_REPORTED:
    case Kind::TRADE_SECRET_COMMITTED:
    case Kind::INCUBATEE_GRADUATED:
    case Kind::SUBSIDY_APPLIED:
    case Kind::SUBSIDY_PUBLICIZED:
    case Kind::SUBSIDY_EVALUATED:
    case Kind::BOND_PROCEEDS_ALLOCATED:
    case Kind::IP_VALUED:
    case Kind::DISCLOSURE_GRANTED:
    case Kind::GUARANTEE_ISSUED:
    case Kind::LEASE_REGISTERED:
    case Kind::INVOICE_VOIDED:
    case Kind::FUND_INVESTED: return {rules::recorded, rules::recorded};
  }
  PL_ASSERT(!"a decoded event has a known kind");
  return {nullptr, nullptr};
}

bool Signer::hasRole(std::string_view role) const { return std::find(roles.begin(), roles.end(), role) != roles.end(); }

bool anySigner(std::span<const Signer> signers, std::string_view role) {
  return std::any_of(signers.begin(), signers.end(), [&](const Signer& signer) { return signer.hasRole(role); });
}

Error refusal(std::string rule, std::string entity, std::string expected, std::string found, std::string en,
              std::string zh) {
  Error error = makeError(ErrorCode::Refused, std::move(en), std::move(zh));
  error.rule = std::move(rule);
  error.entity = std::move(entity);
  error.expected = std::move(expected);
  error.found = std::move(found);
  return error;
}

std::string moneyText(std::int64_t minor, std::uint16_t currency) {
  return fmt::format("{} {}", events::formatMoney(minor, currency), events::currencyAlpha(currency));
}

std::string currencyCode(const events::Event& event) {
  return std::string(events::currencyAlpha(event.reader().getCurrency()));
}

Status requireCurrency(RuleContext& context, EntityRecord& record, std::string_view entity) {
  std::string mine = currencyCode(context.event);
  if (!record.has("currency")) {
    record.set("currency", mine);
  } else if (record.get("currency") != mine) {
    return refusal("R-CURRENCY", std::string(entity), std::string(record.get("currency")), mine,
                   "an entity keeps the currency of its first amount", "同一对象的金额必须使用同一币种");
  }
  return {};
}

Status requirePositive(std::int64_t amount, std::uint16_t currency, std::string_view entity) {
  if (amount > 0) return {};
  return refusal("R-POSITIVE", std::string(entity), "> 0", moneyText(amount, currency),
                 "the amount must be positive; take money back with a reversal", "金额必须为正；退回请用冲销");
}

Status requireState(const EntityRecord& record, const std::string& entity, std::string_view rule,
                    std::string_view states) {
  std::string_view now = record.get("state");
  for (std::string_view rest = states; !rest.empty();) {
    std::size_t end = std::min(rest.find('|'), rest.size());
    if (rest.substr(0, end) == now) return {};
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return refusal(std::string(rule), entity, std::string(states), now.empty() ? "no state" : std::string(now),
                 "this cannot follow from the state it is in", "当前状态不允许该事项");
}

Status requireNotWithdrawn(RuleContext& context, std::string_view id) {
  PL_TRY(const EntityRecord* platform, context.find("platform", id));
  if (platform == nullptr || platform->get("state") != "withdrawn" ||
      context.event.legalDate() < platform->number("withdrawn.on"))
    return {};
  return refusal("R-WITHDRAWN", entityKey("platform", id), "a platform that has not withdrawn",
                 fmt::format("withdrawn on {}",
                             events::formatCivilDate(static_cast<std::int32_t>(platform->number("withdrawn.on")))),
                 "the platform has withdrawn", "该平台已退出");
}

// state.before: "<state>@<event that ended it>" for each move, newest first, so that moves are taken
// back in the order in which they came, the last one first.
void enterState(RuleContext& context, EntityRecord& record, std::string_view after) {
  std::string moves = fmt::format("{}@{}", record.get("state"), events::formatUuid(context.event.id()));
  if (record.has("state.before")) moves += fmt::format(" {}", record.get("state.before"));
  record.set("state.before", moves);
  record.set("state", after);
}

namespace {

Status leaveState(RuleContext& context, EntityRecord& record, const std::string& entity, std::string_view rule) {
  std::string moves(record.get("state.before"));
  std::string_view last = std::string_view(moves).substr(0, moves.find(' '));
  std::string_view state = last.substr(0, last.find('@'));
  std::string_view event = last.substr(std::min(last.size(), state.size() + 1));
  std::string mine = events::formatUuid(context.event.id());
  if (event != mine) {
    return refusal(std::string(rule), entity, fmt::format("the event that led to {}", record.get("state")), mine,
                   "another event moved the state since; take that back first", "此后状态另有变更，请先冲销后续记录");
  }
  record.set("state", state);
  record.set("state.before", std::string_view(moves).substr(std::min(moves.size(), last.size() + 1)));
  return {};
}

}  // namespace

Status moveState(RuleContext& context, EntityRecord& record, const std::string& entity, std::string_view rule,
                 std::string_view before, std::string_view after) {
  PL_CHECK(requireState(record, entity, rule, context.undoing ? after : before));
  if (!context.undoing) {
    enterState(context, record, after);
    return {};
  }
  if (record.has("state.before")) return leaveState(context, record, entity, rule);
  record.set("state", before);  // the event opened the entity
  return {};
}

Status moveAmount(RuleContext& context, EntityRecord& record, const std::string& entity, std::string_view rule,
                  std::string_view attribute, std::int64_t amount, std::int64_t limit, std::string_view limitName) {
  PL_CHECK(requirePositive(amount, context.currency(), entity));
  PL_CHECK(record.add(attribute, context.change(amount)));
  std::int64_t now = record.number(attribute);
  if (now >= 0 && now <= limit) return {};
  return refusal(std::string(rule), entity,
                 fmt::format("{} <= {} {}", attribute, limitName, moneyText(limit, context.currency())),
                 moneyText(now, context.currency()), fmt::format("{} may not exceed {}", attribute, limitName),
                 fmt::format("{} 累计不得超过 {}", attribute, limitName));
}

namespace rules {
namespace {

// Every amount that the kind requires is positive.
Status requireAmounts(const RuleContext& context) {
  events::StructView body = context.event.body();
  for (const events::Field& field : context.event.kind().body->fields) {
    if (field.format != events::Format::Money || !field.required || field.isList) continue;
    PL_CHECK(
        requirePositive(body.scalar(field).number, context.currency(), context.event.kind().name + "." + field.name));
  }
  return {};
}

void nameParties(const events::Event& event, EntityRecord& record) {
  for (const auto& alternative : event.kind().signers) {
    for (const auto& term : alternative) {
      if (term.field.empty() || !term.entityKind.empty()) continue;
      std::string attribute = "party.";
      for (char c : term.role) attribute += static_cast<char>(c | 32);
      for (const std::string& party : events::textsAt(event, term.path)) record.insert(attribute, party);
    }
  }
}

}  // namespace

Status recorded(RuleContext& context) {
  PL_CHECK(requireAmounts(context));
  for (const auto& named : events::entitiesOf(context.event)) {
    if (named.mode != events::EntityMode::Open) continue;
    PL_TRY(EntityRecord * record, context.world.edit(named.key));
    if (context.undoing) {
      PL_CHECK(requireState(*record, named.key, "R-REVERSAL-STATE", "recorded"));
      record->set("state", "reversed");
    } else {
      record->set("state", "recorded");
      nameParties(context.event, *record);
    }
  }
  return {};
}

}  // namespace rules

}  // namespace pilotledger::ledger
