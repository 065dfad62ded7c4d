// Findings of human auditors: 提出 -> 整改 -> 销号 | 移送. Only auditors raise and close them, and none
// audits itself (GB/T 22239: separate duties).
#include <fmt/format.h>

#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

namespace schema = events::schema;

Status requireIndependent(RuleContext& context, std::string_view audited, const std::string& entity) {
  for (const Signer& signer : context.signers) {
    if (!signer.hasRole("AUD") || signer.party != audited) continue;
    return refusal("R-AUDITOR", entity, "an auditor other than the audited", signer.party, "nobody audits itself",
                   "审计人员不得审计本单位");
  }
  return {};
}

}  // namespace

Status auditFindingRaised(RuleContext& context) {
  auto body = context.body().getAuditFindingRaised();
  std::string entity = entityKey("finding", body.getFinding().cStr());
  PL_CHECK(requireIndependent(context, body.getAudited().cStr(), entity));
  PL_TRY(EntityRecord * finding, context.edit("finding", body.getFinding().cStr()));
  finding->set("state", "raised");
  finding->set("party.any", body.getAudited().cStr());
  finding->set("code", body.getCode().cStr());
  finding->set("award", body.getAward().cStr());
  return {};
}

Status auditFindingAnswered(RuleContext& context) {
  std::string id = context.body().getAuditFindingAnswered().getFinding().cStr();
  PL_TRY(EntityRecord * finding, context.edit("finding", id));
  return moveState(context, *finding, entityKey("finding", id), "R-FINDING-STATE", "raised|answered", "answered");
}

Status auditFindingClosed(RuleContext& context) {
  auto body = context.body().getAuditFindingClosed();
  std::string entity = entityKey("finding", body.getFinding().cStr());
  PL_TRY(EntityRecord * finding, context.edit("finding", body.getFinding().cStr()));
  PL_CHECK(requireIndependent(context, finding->get("party.any"), entity));
  std::string after = body.getOutcome() == schema::FindingOutcome::RECTIFIED     ? "closed"
                      : body.getOutcome() == schema::FindingOutcome::TRANSFERRED ? "transferred"
                                                                                 : "withdrawn";
  return moveState(context, *finding, entity, "R-FINDING-STATE", "raised|answered", after);
}

std::span<const RuleRow> auditRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, AUDIT_FINDING_RAISED, {auditFindingRaised, nullptr}},
      {1, AUDIT_FINDING_ANSWERED, {auditFindingAnswered, nullptr}},
      {1, AUDIT_FINDING_CLOSED, {auditFindingClosed, nullptr}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
