// Fiscal money, from the award to what is given back. Refused: what breaks conservation (received <= disbursed <=
// awarded) or names another payee or currency. Accepted and left to the findings: caps, windows, late or excessive
// spending, one invoice claimed under several awards.
#include <fmt/format.h>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "ledger/rules/invoice.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

namespace schema = events::schema;

Result<EntityRecord*> openAward(RuleContext& context, std::string_view id, std::string_view payee) {
  PL_TRY(EntityRecord * award, context.edit("award", id));
  std::string entity = entityKey("award", id);
  PL_CHECK(requireCurrency(context, *award, entity));
  if (!payee.empty() && award->get("party.fin") != payee) {
    return refusal("R-PAYEE", entity, std::string(award->get("party.fin")), std::string(payee),
                   "the money of an award goes to its payee", "资金只能拨付给该补助的承担单位");
  }
  return award;
}

// attribute + amount must stay within limit, and not below floor.
Status move(EntityRecord& record, const std::string& entity, std::string_view attribute, std::int64_t amount,
            std::string_view limitName, std::int64_t limit, std::uint16_t currency) {
  PL_CHECK(record.add(attribute, amount));
  if (record.number(attribute) <= limit) return {};
  return refusal("R-AWARD-CONSERVATION", entity,
                 fmt::format("{} <= {} {}", attribute, limitName, moneyText(limit, currency)),
                 fmt::format("{} {}", attribute, moneyText(record.number(attribute), currency)),
                 fmt::format("{} may not exceed {}", attribute, limitName),
                 attribute == "disbursed" ? "拨付累计不得超过下达金额" : "到账累计不得超过拨付金额");
}

Status takeBack(EntityRecord& record, const std::string& entity, std::string_view attribute, std::int64_t amount,
                std::string_view floorName, std::uint16_t currency) {
  PL_CHECK(record.add(attribute, -amount));
  std::int64_t floor = floorName.empty() ? 0 : record.number(floorName);
  if (record.number(attribute) >= floor) return {};
  return refusal("R-AWARD-CONSERVATION", entity, fmt::format("{} >= {}", attribute, moneyText(floor, currency)),
                 moneyText(record.number(attribute), currency),
                 fmt::format("reverse what followed first: {} would fall below {}", attribute,
                             floorName.empty() ? "zero" : floorName),
                 "请先冲销后续记录");
}

// Claims of one award on one invoice stay within the invoice; across awards it is a finding (S04).
Status claimInvoice(RuleContext& context, EntityRecord& spend, schema::ExpenditureRecorded::Reader body,
                    std::int64_t amount) {
  auto invoice = body.getInvoice();
  std::uint16_t currency = context.event.reader().getCurrency();
  std::string_view party = body.getSupplierParty().cStr(), supplier = body.getSupplier().cStr();
  PL_TRY(CountedInvoice counted, countedInvoice(context, spend, party.empty() ? supplier : party, invoice));
  if (counted.name.empty()) return {};
  std::string entity = counted.claim(body.getAward().cStr());
  PL_TRY(EntityRecord * claim, context.world.edit(entity));
  PL_CHECK(claim->add("claimed", amount));
  // What takes a claim back is never too much, whatever total it stated.
  if (amount > 0 && claim->number("claimed") > invoice.getTotalFen()) {
    return refusal("R-INVOICE-CLAIM", entity, fmt::format("<= {}", moneyText(invoice.getTotalFen(), currency)),
                   moneyText(claim->number("claimed"), currency), "claims on the invoice exceed its total",
                   "同一补助对该发票的列支累计超过发票金额");
  }
  PL_TRY(EntityRecord * shared, context.edit("invoice", invoice.getNumber().cStr()));
  return shared->add("claimed", amount);
}

}  // namespace

Status subsidyAwarded(RuleContext& context) {
  auto body = context.body().getSubsidyAwarded();
  std::uint16_t currency = context.event.reader().getCurrency();
  std::string entity = entityKey("award", body.getAward().cStr());
  // Public lists carry grants of zero; those concerned award something.
  if (body.getAmountFen() < 0 || !context.imported()) PL_CHECK(requirePositive(body.getAmountFen(), currency, entity));
  if (body.getPeriodTo() != 0 && body.getPeriodTo() < body.getPeriodFrom()) {
    return refusal("R-DATES", entity, "period from <= to",
                   fmt::format("{}..{}", events::formatCivilDate(body.getPeriodFrom()),
                               events::formatCivilDate(body.getPeriodTo())),
                   "the period ends before it begins", "执行期截止早于开始");
  }
  if (body.getPlatform().size() > 0) PL_CHECK(requireNotWithdrawn(context, body.getPlatform().cStr()));
  PL_TRY(EntityRecord * award, context.edit("award", body.getAward().cStr()));
  award->set("state", "awarded");
  award->set("party.fin", body.getPayee().cStr());
  award->set("party.plt", body.getPayee().cStr());
  award->set("instrument", body.getInstrument().cStr());
  award->set("platform", body.getPlatform().cStr());
  award->setNumber("awarded", body.getAmountFen());
  return requireCurrency(context, *award, entity);
}

Status subsidyAwardedUndo(RuleContext& context) {
  std::string id = context.body().getSubsidyAwarded().getAward().cStr();
  PL_TRY(EntityRecord * award, context.edit("award", id));
  PL_CHECK(requireState(*award, entityKey("award", id), "R-REVERSAL-STATE", "awarded"));
  for (std::string_view used : {"disbursed", "received", "spent", "matched", "passed"}) {
    if (award->number(used) == 0) continue;
    return refusal("R-REVERSAL-STATE", entityKey("award", id), fmt::format("nothing {}", used),
                   moneyText(award->number(used), context.currency()), "reverse what followed first",
                   "请先冲销后续记录");
  }
  award->set("state", "reversed");
  return {};
}

Status subsidyDisbursed(RuleContext& context) {
  auto body = context.body().getSubsidyDisbursed();
  std::uint16_t currency = context.event.reader().getCurrency();
  std::string entity = entityKey("award", body.getAward().cStr());
  PL_CHECK(requirePositive(body.getAmountFen(), currency, entity));
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), body.getPayee().cStr()));
  return move(*award, entity, "disbursed", body.getAmountFen(), "awarded", award->number("awarded"), currency);
}

Status subsidyDisbursedUndo(RuleContext& context) {
  auto body = context.body().getSubsidyDisbursed();
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), ""));
  return takeBack(*award, entityKey("award", body.getAward().cStr()), "disbursed", body.getAmountFen(), "received",
                  context.event.reader().getCurrency());
}

Status subsidyReceived(RuleContext& context) {
  auto body = context.body().getSubsidyReceived();
  std::uint16_t currency = context.event.reader().getCurrency();
  std::string entity = entityKey("award", body.getAward().cStr());
  PL_CHECK(requirePositive(body.getAmountFen(), currency, entity));
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), body.getPayee().cStr()));
  return move(*award, entity, "received", body.getAmountFen(), "disbursed", award->number("disbursed"), currency);
}

Status subsidyReceivedUndo(RuleContext& context) {
  auto body = context.body().getSubsidyReceived();
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), ""));
  return takeBack(*award, entityKey("award", body.getAward().cStr()), "received", body.getAmountFen(), "",
                  context.event.reader().getCurrency());
}

Status expenditureRecorded(RuleContext& context) {
  auto body = context.body().getExpenditureRecorded();
  std::uint16_t currency = context.event.reader().getCurrency();
  std::string entity = entityKey("award", body.getAward().cStr());
  // A public list may state a negative total; that is a finding, not nonsense.
  if (body.getBasis() == schema::ExpenditureBasis::INVOICE) {
    PL_CHECK(requirePositive(body.getClaimFen(), currency, entity));
    if (body.getInvoice().getNumber().size() == 0 || body.getInvoice().getTotalFen() <= 0) {
      return refusal("R-INVOICE", entity, "invoice number and total", "none",
                     "an expenditure on basis INVOICE names its invoice", "逐张发票的支出须填写发票号码和金额");
    }
  } else if (!context.imported()) {
    return refusal("R-LIST-TOTAL", entity, "basis INVOICE", "LIST_TOTAL",
                   "only an importer records the total of a public list", "仅导入角色可记录公开名单合计");
  }
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), ""));
  PL_CHECK(award->add("spent", body.getClaimFen()));
  PL_TRY(EntityRecord * spend, context.edit("spend", events::formatUuid(context.event.id())));
  PL_CHECK(claimInvoice(context, *spend, body, body.getClaimFen()));
  spend->set("state", "recorded");
  spend->set("award", body.getAward().cStr());
  return {};
}

Status expenditureRecordedUndo(RuleContext& context) {
  auto body = context.body().getExpenditureRecorded();
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), ""));
  PL_CHECK(award->add("spent", -body.getClaimFen()));
  PL_TRY(EntityRecord * spend, context.edit("spend", events::formatUuid(context.event.id())));
  PL_CHECK(claimInvoice(context, *spend, body, -body.getClaimFen()));
  spend->set("state", "reversed");
  return {};
}

Status subsidyAcceptance(RuleContext& context) {
  auto body = context.body().getSubsidyAcceptance();
  std::uint16_t currency = context.event.reader().getCurrency();
  std::string entity = entityKey("award", body.getAward().cStr());
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), ""));
  std::int64_t awarded = award->number("awarded");
  if (body.getConfirmedFen() < 0 || body.getConfirmedFen() > awarded) {
    return refusal("R-CONFIRMED", entity, fmt::format("0..{}", moneyText(awarded, currency)),
                   moneyText(body.getConfirmedFen(), currency), "confirmed may not exceed awarded",
                   "确认金额不得超过下达金额");
  }
  std::string state = body.getResult() == schema::AcceptanceResult::PASSED   ? "accepted"
                      : body.getResult() == schema::AcceptanceResult::FAILED ? "rejected"
                                                                             : "rectifying";
  if (award->get("state") == "accepted") {
    return refusal("R-ACCEPTANCE-STATE", entity, "not accepted yet", "accepted", "the award was accepted already",
                   "该补助已通过验收");
  }
  award->set("state", state);
  award->setNumber("confirmed", body.getConfirmedFen());
  award->set("acceptance", events::formatUuid(context.event.id()));
  return {};
}

// A later acceptance has replaced the state and stands.
Status subsidyAcceptanceUndo(RuleContext& context) {
  PL_TRY(EntityRecord * award, openAward(context, context.body().getSubsidyAcceptance().getAward().cStr(), ""));
  if (award->get("acceptance") != events::formatUuid(context.event.id())) return {};
  award->set("state", "awarded");
  award->set("confirmed", "");
  award->set("acceptance", "");
  return {};
}

// From treasury to treasury: each may be passed at most what was awarded.
Status appropriationPassed(RuleContext& context) {
  auto body = context.body().getAppropriationPassed();
  std::string entity = entityKey("award", body.getAward().cStr());
  if (body.getFrom() == body.getTo()) {
    return refusal("R-TWO-PARTIES", entity, "two distinct treasuries", body.getFrom().cStr(),
                   "from and to are the same party", "上下级财政不得为同一主体");
  }
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), ""));
  std::string id = fmt::format("{}/{}", body.getAward().cStr(), body.getTo().cStr());
  PL_TRY(EntityRecord * passage, context.edit("passage", id));
  PL_CHECK(moveAmount(context, *passage, entityKey("passage", id), "R-AWARD-CONSERVATION", "passed",
                      body.getAmountFen(), award->number("awarded"), "awarded"));
  return award->add("passed", context.change(body.getAmountFen()));
}

Status matchingPaid(RuleContext& context) {
  auto body = context.body().getMatchingPaid();
  std::string entity = entityKey("award", body.getAward().cStr());
  PL_CHECK(requirePositive(body.getAmountFen(), context.currency(), entity));
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), body.getPayee().cStr()));
  return award->add("matched", context.change(body.getAmountFen()));
}

// Between lines; the whole stays.
Status budgetAdjusted(RuleContext& context) {
  auto body = context.body().getBudgetAdjusted();
  std::string entity = entityKey("award", body.getAward().cStr());
  std::int64_t sum = 0;
  for (auto change : body.getChanges()) {
    if (__builtin_add_overflow(sum, change.getAmountFen(), &sum)) {
      return refusal("R-OVERFLOW", entity, "a 64-bit amount", "more", "the changes overflow", "调剂金额溢出");
    }
  }
  if (sum != 0) {
    return refusal("R-BUDGET-SUM", entity, moneyText(0, context.currency()), moneyText(sum, context.currency()),
                   "the changes by line must add up to zero", "科目增减合计须为零");
  }
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), ""));
  return award->add("adjusted", context.change(1));
}

Status clawbackOrdered(RuleContext& context) {
  auto body = context.body().getClawbackOrdered();
  std::string id = body.getClawback().cStr();
  std::string entity = entityKey("award", body.getAward().cStr());
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), body.getPayee().cStr()));
  PL_CHECK(moveAmount(context, *award, entity, "R-CLAWBACK", "clawback.ordered", body.getAmountFen(),
                      award->number("disbursed"), "disbursed"));
  PL_TRY(EntityRecord * clawback, context.edit("clawback", id));
  if (context.undoing && clawback->number("repaid") != 0) {
    return refusal("R-REVERSAL-STATE", entityKey("clawback", id), "nothing repaid",
                   moneyText(clawback->number("repaid"), context.currency()), "reverse its repayments first",
                   "请先冲销其退缴");
  }
  if (context.undoing)
    return moveState(context, *clawback, entityKey("clawback", id), "R-REVERSAL-STATE", "reversed", "ordered");
  clawback->set("state", "ordered");
  clawback->set("award", body.getAward().cStr());
  clawback->setNumber("ordered", body.getAmountFen());
  return {};
}

Status clawbackRepaid(RuleContext& context) {
  auto body = context.body().getClawbackRepaid();
  std::string id = body.getClawback().cStr();
  std::string entity = entityKey("clawback", id);
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), body.getPayee().cStr()));
  PL_TRY(EntityRecord * clawback, context.edit("clawback", id));
  if (clawback->get("award") != std::string_view(body.getAward().cStr())) {
    return refusal("R-CLAWBACK", entity, std::string(clawback->get("award")), body.getAward().cStr(),
                   "the clawback is of another award", "该追回决定属于其他补助");
  }
  PL_CHECK(moveAmount(context, *clawback, entity, "R-CLAWBACK", "repaid", body.getAmountFen(),
                      clawback->number("ordered"), "ordered"));
  clawback->set("state", clawback->number("repaid") == clawback->number("ordered") ? "repaid" : "ordered");
  return award->add("returned", context.change(body.getAmountFen()));
}

// What is left of the money received: + matching - spent - returned.
Status requireBalance(RuleContext& context, const EntityRecord& award, std::int64_t amount, const std::string& entity) {
  std::int64_t balance =
      award.number("received") + award.number("matched") - award.number("spent") - award.number("returned");
  if (context.undoing || amount <= balance) return {};
  return refusal("R-SURPLUS", entity, fmt::format("<= {}", moneyText(balance, context.currency())),
                 moneyText(amount, context.currency()), "more than is left of the award", "超过该补助结余");
}

Status surplusReturned(RuleContext& context) {
  auto body = context.body().getSurplusReturned();
  std::string entity = entityKey("award", body.getAward().cStr());
  PL_CHECK(requirePositive(body.getAmountFen(), context.currency(), entity));
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), body.getPayee().cStr()));
  PL_CHECK(requireBalance(context, *award, body.getAmountFen(), entity));
  return award->add("returned", context.change(body.getAmountFen()));
}

Status carriedOver(RuleContext& context) {
  auto body = context.body().getCarriedOver();
  std::string entity = entityKey("award", body.getAward().cStr());
  PL_CHECK(requirePositive(body.getAmountFen(), context.currency(), entity));
  PL_TRY(EntityRecord * award, openAward(context, body.getAward().cStr(), ""));
  PL_CHECK(requireBalance(context, *award, body.getAmountFen(), entity));
  return award->add("carried", context.change(1));
}

std::span<const RuleRow> subsidyRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, SUBSIDY_AWARDED, {subsidyAwarded, subsidyAwardedUndo}},
      {1, SUBSIDY_DISBURSED, {subsidyDisbursed, subsidyDisbursedUndo}},
      {1, SUBSIDY_RECEIVED, {subsidyReceived, subsidyReceivedUndo}},
      {1, EXPENDITURE_RECORDED, {expenditureRecorded, expenditureRecordedUndo}},
      {1, SUBSIDY_ACCEPTANCE, {subsidyAcceptance, subsidyAcceptanceUndo}},
      {1, APPROPRIATION_PASSED, {appropriationPassed, appropriationPassed}},
      {1, MATCHING_PAID, {matchingPaid, matchingPaid}},
      {1, BUDGET_ADJUSTED, {budgetAdjusted, budgetAdjusted}},
      {1, CLAWBACK_ORDERED, {clawbackOrdered, clawbackOrdered}},
      {1, CLAWBACK_REPAID, {clawbackRepaid, clawbackRepaid}},
      {1, SURPLUS_RETURNED, {surplusReturned, surplusReturned}},
      {1, CARRIED_OVER, {carriedOver, carriedOver}},
      {1, SUBSIDY_APPLIED, {recorded, recorded}},
      {1, SUBSIDY_PUBLICIZED, {recorded, recorded}},
      {1, SUBSIDY_EVALUATED, {recorded, recorded}},
      {1, BOND_PROCEEDS_ALLOCATED, {recorded, recorded}},
      {1, INVOICE_VOIDED, {recorded, recorded}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
