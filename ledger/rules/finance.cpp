// Money that banks, insurers and funds put beside the public money.
#include <fmt/format.h>

#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

namespace schema = events::schema;

Result<EntityRecord*> openLoan(RuleContext& context, std::string_view id, std::string_view debtor) {
  PL_TRY(EntityRecord * loan, context.edit("loan", id));
  PL_CHECK(requireCurrency(context, *loan, entityKey("loan", id)));
  if (loan->get("debtor") != debtor) {
    return refusal("R-LOAN-DEBTOR", entityKey("loan", id), std::string(loan->get("debtor")), std::string(debtor),
                   "the loan has another debtor", "与借款人不符");
  }
  return loan;
}

// Repaid while nothing of what was drawn is owed; another drawing opens it again.
std::string_view stateOfLoan(const EntityRecord& loan) {
  return loan.number("drawn") > 0 && loan.number("repaid") == loan.number("drawn") ? "repaid" : "granted";
}

}  // namespace

Status loanGranted(RuleContext& context) {
  auto body = context.body().getLoanGranted();
  std::string entity = entityKey("loan", body.getLoan().cStr());
  PL_CHECK(requirePositive(body.getAmountFen(), context.currency(), entity));
  PL_TRY(EntityRecord * loan, context.edit("loan", body.getLoan().cStr()));
  if (context.undoing) {
    if (loan->number("drawn") != 0) {
      return refusal("R-REVERSAL-STATE", entity, "nothing drawn", moneyText(loan->number("drawn"), context.currency()),
                     "reverse its drawings first", "请先冲销其提款");
    }
    return moveState(context, *loan, entity, "R-REVERSAL-STATE", "reversed", "granted");
  }
  loan->set("state", "granted");
  loan->set("party.bnk", body.getBank().cStr());
  loan->set("party.any", body.getDebtor().cStr());
  loan->set("debtor", body.getDebtor().cStr());
  loan->set("pledge", body.getPledge().cStr());
  loan->setNumber("granted", body.getAmountFen());
  if (body.getMaturity() != 0) loan->setNumber("maturity", body.getMaturity());
  return requireCurrency(context, *loan, entity);
}

Status loanDrawn(RuleContext& context) {
  auto body = context.body().getLoanDrawn();
  std::string entity = entityKey("loan", body.getLoan().cStr());
  PL_TRY(EntityRecord * loan, openLoan(context, body.getLoan().cStr(), body.getDebtor().cStr()));
  PL_CHECK(
      moveAmount(context, *loan, entity, "R-LOAN", "drawn", body.getAmountFen(), loan->number("granted"), "granted"));
  if (loan->number("drawn") >= loan->number("repaid")) {
    loan->set("state", stateOfLoan(*loan));
    return {};
  }
  return refusal("R-LOAN", entity, "drawn >= repaid", moneyText(loan->number("drawn"), context.currency()),
                 "reverse its repayments first", "请先冲销其还款");
}

Status loanRepaid(RuleContext& context) {
  auto body = context.body().getLoanRepaid();
  std::string entity = entityKey("loan", body.getLoan().cStr());
  std::int64_t sum = 0;
  if (__builtin_add_overflow(body.getPrincipalFen(), body.getInterestFen(), &sum) || sum != body.getPaidFen() ||
      body.getPrincipalFen() < 0 || body.getInterestFen() < 0) {
    return refusal("R-REPAYMENT-SUM", entity, moneyText(body.getPaidFen(), context.currency()),
                   fmt::format("{} + {}", moneyText(body.getPrincipalFen(), context.currency()),
                               moneyText(body.getInterestFen(), context.currency())),
                   "paid must be principal plus interest, none of them negative", "还款合计须等于本金加利息");
  }
  PL_CHECK(requirePositive(body.getPaidFen(), context.currency(), entity));
  PL_TRY(EntityRecord * loan, openLoan(context, body.getLoan().cStr(), body.getDebtor().cStr()));
  if (body.getPrincipalFen() == 0) return {};
  PL_CHECK(
      moveAmount(context, *loan, entity, "R-LOAN", "repaid", body.getPrincipalFen(), loan->number("drawn"), "drawn"));
  loan->set("state", stateOfLoan(*loan));
  return {};
}

Status loanClassified(RuleContext& context) {
  auto body = context.body().getLoanClassified();
  PL_TRY(EntityRecord * loan, context.edit("loan", body.getLoan().cStr()));
  loan->set("class", events::enumCode(body.getClass()));
  return {};
}

Status insuranceIssued(RuleContext& context) {
  PL_CHECK(recorded(context));
  auto body = context.body().getInsuranceIssued();
  PL_TRY(EntityRecord * policy, context.edit("insurance", body.getPolicyNo().cStr()));
  if (context.undoing && policy->number("paid") != 0) {
    return refusal("R-REVERSAL-STATE", entityKey("insurance", body.getPolicyNo().cStr()), "no claim paid",
                   moneyText(policy->number("paid"), context.currency()), "reverse its claims first", "请先冲销其赔付");
  }
  policy->setNumber("sum", body.getSumFen());
  return requireCurrency(context, *policy, entityKey("insurance", body.getPolicyNo().cStr()));
}

Status insuranceClaimPaid(RuleContext& context) {
  auto body = context.body().getInsuranceClaimPaid();
  std::string entity = entityKey("insurance", body.getPolicyNo().cStr());
  PL_TRY(EntityRecord * policy, context.edit("insurance", body.getPolicyNo().cStr()));
  PL_CHECK(requireCurrency(context, *policy, entity));
  return moveAmount(context, *policy, entity, "R-INSURANCE", "paid", body.getAmountFen(), policy->number("sum"),
                    "sum insured");
}

// Aid is paid on something: the interest of a loan, the premium of a policy, the fee of a guarantee.
Status financeAidPaid(RuleContext& context) {
  auto body = context.body().getFinanceAidPaid();
  bool based = body.getKind() == schema::AidKind::INTEREST  ? body.getLoan().size() > 0
               : body.getKind() == schema::AidKind::PREMIUM ? body.getPolicyNo().size() > 0
                                                            : body.getGuarantee().size() > 0;
  if (!based) {
    return refusal("R-AID-BASE", entityKey("aid", body.getAid().cStr()), "the loan, policy or guarantee it is paid on",
                   "none", "an aid names what it is paid on", "补贴须注明所依据的贷款、保单或担保");
  }
  return recorded(context);
}

std::span<const RuleRow> financeRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, LOAN_GRANTED, {loanGranted, loanGranted}},
      {1, LOAN_DRAWN, {loanDrawn, loanDrawn}},
      {1, LOAN_REPAID, {loanRepaid, loanRepaid}},
      {1, LOAN_CLASSIFIED, {loanClassified, nullptr}},
      {1, INSURANCE_ISSUED, {insuranceIssued, insuranceIssued}},
      {1, INSURANCE_CLAIM_PAID, {insuranceClaimPaid, insuranceClaimPaid}},
      {1, FINANCE_AID_PAID, {financeAidPaid, financeAidPaid}},
      {1, GUARANTEE_ISSUED, {recorded, recorded}},
      {1, LEASE_REGISTERED, {recorded, recorded}},
      {1, FUND_INVESTED, {recorded, recorded}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
