#include "ledger/rules/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/money.h"

namespace pilotledger::ledger {

using Kind = events::schema::Event::Body::Which;

Rule ruleOf(const events::Kind& kind) {
  switch (static_cast<Kind>(kind.discriminant)) {
    case Kind::PARTY_REGISTERED: return {rules::partyRegistered, nullptr};
    case Kind::KEY_BOUND: return {rules::keyBound, nullptr};
    case Kind::KEY_REVOKED: return {rules::keyRevoked, nullptr};
    case Kind::POLICY_RULE_SET_PUBLISHED: return {rules::policyRuleSetPublished, nullptr};
    case Kind::EVENT_REVERSED: return {rules::eventReversed, nullptr};
    case Kind::PLATFORM_ESTABLISHED: return {rules::platformEstablished, nullptr};
    case Kind::PLATFORM_RECOGNIZED: return {rules::platformRecognized, nullptr};
    case Kind::PERFORMANCE_GRADED: return {rules::performanceGraded, rules::performanceGradedUndo};
    case Kind::PILOT_PROJECT_ACCEPTED: return {rules::pilotProjectAccepted, nullptr};
    case Kind::PILOT_RUN_RECORDED: return {rules::pilotRunRecorded, rules::pilotRunRecordedUndo};
    case Kind::TEST_REPORT_ISSUED: return {rules::testReportIssued, rules::testReportIssuedUndo};
    case Kind::TECH_CONTRACT_SIGNED: return {rules::techContractSigned, nullptr};
    case Kind::TECH_CONTRACT_REGISTERED: return {rules::techContractRegistered, nullptr};
    case Kind::REVENUE_RECEIVED: return {rules::revenueReceived, rules::revenueReceivedUndo};
    case Kind::REVENUE_REVERSED: return {rules::revenueReversed, rules::revenueReversedUndo};
    case Kind::SUBSIDY_AWARDED: return {rules::subsidyAwarded, nullptr};
    case Kind::SUBSIDY_DISBURSED: return {rules::subsidyDisbursed, rules::subsidyDisbursedUndo};
    case Kind::SUBSIDY_RECEIVED: return {rules::subsidyReceived, rules::subsidyReceivedUndo};
    case Kind::EXPENDITURE_RECORDED:
      return {rules::expenditureRecorded, rules::expenditureRecordedUndo};
    case Kind::ASSET_INSTALLED: return {rules::assetInstalled, rules::assetInstalledUndo};
    case Kind::SUBSIDY_ACCEPTANCE: return {rules::subsidyAcceptance, rules::subsidyAcceptanceUndo};
    case Kind::IP_ASSET_RECORDED: return {rules::ipAssetRecorded, nullptr};
    case Kind::IP_STATUS_OBSERVED: return {rules::ipStatusObserved, nullptr};
    case Kind::PLEDGE_AGREED: return {rules::pledgeAgreed, nullptr};
    case Kind::PLEDGE_REGISTERED: return {rules::pledgeRegistered, rules::pledgeRegisteredUndo};
    case Kind::PLEDGE_RELEASED: return {rules::pledgeReleased, nullptr};
  }
  PL_ASSERT(!"a decoded event has a known kind");
  return {nullptr, nullptr};
}

bool Signer::hasRole(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

bool anySigner(std::span<const Signer> signers, std::string_view role) {
  return std::any_of(signers.begin(), signers.end(),
                     [&](const Signer& signer) { return signer.hasRole(role); });
}

Error refusal(std::string rule, std::string entity, std::string expected, std::string found,
              std::string en, std::string zh) {
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
                   "an entity keeps the currency of its first amount",
                   "同一对象的金额必须使用同一币种");
  }
  return {};
}

Status requirePositive(std::int64_t amount, std::uint16_t currency, std::string_view entity) {
  if (amount > 0) return {};
  return refusal("R-POSITIVE", std::string(entity), "> 0", moneyText(amount, currency),
                 "the amount must be positive; take money back with a reversal",
                 "金额必须为正；退回请用冲销");
}

}  // namespace pilotledger::ledger
