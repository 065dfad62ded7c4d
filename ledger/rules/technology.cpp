// Technology contracts (Civil Code, book three, chapter 20), their registration, and what their
// income becomes (Law on promoting the transformation of scientific results, art. 44 and 45).
#include <fmt/format.h>

#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

namespace schema = events::schema;

Status requireTechWithinTotal(std::int64_t tech, std::int64_t total, std::uint16_t currency,
                              const std::string& entity) {
  if (tech >= 0 && tech <= total) return {};
  return refusal("R-TECH-VALUE", entity, fmt::format("0..{}", moneyText(total, currency)), moneyText(tech, currency),
                 "0 <= technology value <= contract value", "技术交易额应不小于零且不大于成交额");
}

// Terms of fixed amounts add up to the contract value; royalties leave it open.
Status requireTermsSum(schema::TechContractSigned::Reader body, std::uint16_t currency, const std::string& entity) {
  if (body.getTerms().size() == 0) return {};
  std::int64_t sum = 0;
  for (auto term : body.getTerms()) {
    bool fixed = term.getMode() == schema::PaymentMode::LUMP_SUM || term.getMode() == schema::PaymentMode::INSTALMENT;
    if (!fixed) return {};
    if (__builtin_add_overflow(sum, term.getAmountFen(), &sum)) {
      return refusal("R-OVERFLOW", entity, "a 64-bit amount", "more", "the payment terms overflow", "支付条款金额溢出");
    }
  }
  if (sum == body.getTotalFen()) return {};
  return refusal("R-TERMS-SUM", entity, moneyText(body.getTotalFen(), currency), moneyText(sum, currency),
                 "fixed payment terms must add up to the contract value", "固定支付条款合计须等于成交额");
}

// Amendments and ends are signed by the two parties of the contract, not by any two.
Status requireParties(const EntityRecord& contract, std::string_view seller, std::string_view buyer,
                      const std::string& entity) {
  if (contract.get("seller") == seller && seller != buyer && contract.contains("party.any", buyer)) return {};
  return refusal("R-CONTRACT-PARTIES", entity,
                 fmt::format("seller {}, {}", contract.get("seller"), fmt::join(contract.all("party.any"), " and ")),
                 fmt::format("seller {}, buyer {}", seller, buyer), "the contract has other parties",
                 "与合同签订双方不符");
}

}  // namespace

Status techContractSigned(RuleContext& context) {
  auto body = context.body().getTechContractSigned();
  std::uint16_t currency = context.event.reader().getCurrency();
  std::string entity = entityKey("contract", body.getContract().cStr());
  if (body.getSeller() == body.getBuyer()) {
    return refusal("R-TWO-PARTIES", entity, "two distinct parties", body.getSeller().cStr(),
                   "seller and buyer are the same party", "买卖双方不得为同一主体");
  }
  PL_CHECK(requireTechWithinTotal(body.getTechFen(), body.getTotalFen(), currency, entity));
  PL_CHECK(requireTermsSum(body, currency, entity));
  PL_TRY(EntityRecord * contract, context.edit("contract", body.getContract().cStr()));
  contract->set("state", "signed");
  contract->insert("party.any", body.getSeller().cStr());
  contract->insert("party.any", body.getBuyer().cStr());
  contract->set("seller", body.getSeller().cStr());
  contract->setNumber("total", body.getTotalFen());
  contract->setNumber("tech", body.getTechFen());
  return requireCurrency(context, *contract, entity);
}

Status techContractSignedUndo(RuleContext& context) {
  std::string id = context.body().getTechContractSigned().getContract().cStr();
  PL_TRY(EntityRecord * contract, context.edit("contract", id));
  PL_CHECK(requireState(*contract, entityKey("contract", id), "R-REVERSAL-STATE", "signed"));
  contract->set("state", "reversed");
  return {};
}

Status techContractRegistered(RuleContext& context) {
  auto body = context.body().getTechContractRegistered();
  std::uint16_t currency = context.event.reader().getCurrency();
  std::string entity = entityKey("contract", body.getContract().cStr());
  PL_CHECK(requireTechWithinTotal(body.getConfirmedTechFen(), body.getConfirmedTotalFen(), currency, entity));
  PL_TRY(EntityRecord * contract, context.edit("contract", body.getContract().cStr()));
  if (contract->get("state") != "signed") {
    return refusal("R-CONTRACT-STATE", entity, "signed", std::string(contract->get("state")),
                   "a contract is registered once", "技术合同只能登记一次");
  }
  PL_CHECK(requireCurrency(context, *contract, entity));
  contract->set("state", "registered");
  contract->set("reg-no", body.getRegNo().cStr());
  PL_TRY(EntityRecord * registration, context.edit("techreg", body.getRegNo().cStr()));
  registration->set("state", "recorded");
  return {};
}

Status techContractRegisteredUndo(RuleContext& context) {
  auto body = context.body().getTechContractRegistered();
  PL_TRY(EntityRecord * contract, context.edit("contract", body.getContract().cStr()));
  PL_CHECK(requireState(*contract, entityKey("contract", body.getContract().cStr()), "R-REVERSAL-STATE", "registered"));
  contract->set("state", "signed");
  contract->set("reg-no", "");
  PL_TRY(EntityRecord * registration, context.edit("techreg", body.getRegNo().cStr()));
  registration->set("state", "reversed");
  return {};
}

Status techContractAmended(RuleContext& context) {
  auto body = context.body().getTechContractAmended();
  std::string entity = entityKey("contract", body.getContract().cStr());
  PL_TRY(EntityRecord * contract, context.edit("contract", body.getContract().cStr()));
  PL_CHECK(requireParties(*contract, body.getSeller().cStr(), body.getBuyer().cStr(), entity));
  PL_CHECK(requireState(*contract, entity, "R-CONTRACT-STATE", "signed|registered"));
  PL_CHECK(requireCurrency(context, *contract, entity));
  PL_CHECK(requireTechWithinTotal(body.getTechFen(), body.getTotalFen(), context.currency(), entity));
  contract->setNumber("total", body.getTotalFen());
  contract->setNumber("tech", body.getTechFen());
  return {};
}

Status techContractEnded(RuleContext& context) {
  auto body = context.body().getTechContractEnded();
  std::string entity = entityKey("contract", body.getContract().cStr());
  PL_TRY(EntityRecord * contract, context.edit("contract", body.getContract().cStr()));
  PL_CHECK(requireParties(*contract, body.getSeller().cStr(), body.getBuyer().cStr(), entity));
  std::string after = body.getEnd() == schema::ContractEnd::COMPLETED    ? "completed"
                      : body.getEnd() == schema::ContractEnd::TERMINATED ? "terminated"
                                                                         : "annulled";
  return moveState(context, *contract, entity, "R-CONTRACT-STATE", "signed|registered", after);
}

Status incomeDistributionResolved(RuleContext& context) {
  auto body = context.body().getIncomeDistributionResolved();
  std::string entity = entityKey("distribution", body.getResolution().cStr());
  PL_CHECK(recorded(context));
  if (body.getContributorFen() > body.getNetFen()) {
    return refusal("R-DISTRIBUTION", entity, fmt::format("<= {}", moneyText(body.getNetFen(), context.currency())),
                   moneyText(body.getContributorFen(), context.currency()), "more is given out than came in",
                   "分配额超过净收入");
  }
  PL_TRY(EntityRecord * distribution, context.edit("distribution", body.getResolution().cStr()));
  distribution->setNumber("resolved", body.getContributorFen());
  if (context.undoing && distribution->number("paid") != 0) {
    return refusal("R-REVERSAL-STATE", entity, "nothing paid",
                   moneyText(distribution->number("paid"), context.currency()), "reverse its payments first",
                   "请先冲销其支付");
  }
  return requireCurrency(context, *distribution, entity);
}

Status incomeDistributionPaid(RuleContext& context) {
  auto body = context.body().getIncomeDistributionPaid();
  std::string entity = entityKey("distribution", body.getResolution().cStr());
  PL_TRY(EntityRecord * distribution, context.edit("distribution", body.getResolution().cStr()));
  PL_CHECK(requireCurrency(context, *distribution, entity));
  return moveAmount(context, *distribution, entity, "R-DISTRIBUTION", "paid", body.getAmountFen(),
                    distribution->number("resolved"), "resolved");
}

Status equityTaken(RuleContext& context) {
  auto body = context.body().getEquityTaken();
  std::string entity = entityKey("stake", body.getStake().cStr());
  PL_TRY(EntityRecord * stake, context.edit("stake", body.getStake().cStr()));
  if (context.undoing) {
    if (stake->number("returned") != 0) {
      return refusal("R-REVERSAL-STATE", entity, "nothing returned",
                     moneyText(stake->number("returned"), context.currency()), "reverse its returns first",
                     "请先冲销其回报");
    }
    return moveState(context, *stake, entity, "R-REVERSAL-STATE", "reversed", "held");
  }
  if (body.getShareBp() < 0 || body.getShareBp() > 10000) {
    return refusal("R-BASIS-POINTS", entity, "1..10000", std::to_string(body.getShareBp()),
                   "shareBp is a share in basis points", "股权比例应为 1 至 10000 基点");
  }
  PL_TRY(const EntityRecord* platform, context.find("platform", body.getPlatform().cStr()));
  for (std::string_view attribute : {"party.plt", "party.fin"}) {
    for (std::string_view party : platform->all(attribute)) stake->insert(attribute, party);
  }
  stake->set("state", "held");
  stake->setNumber("share", body.getShareBp());
  return {};
}

Status investmentReturned(RuleContext& context) {
  auto body = context.body().getInvestmentReturned();
  std::string entity = entityKey("stake", body.getStake().cStr());
  PL_CHECK(requirePositive(body.getAmountFen(), context.currency(), entity));
  PL_TRY(EntityRecord * stake, context.edit("stake", body.getStake().cStr()));
  PL_CHECK(requireCurrency(context, *stake, entity));
  PL_CHECK(stake->add("returned", context.change(body.getAmountFen())));
  PL_CHECK(stake->add("sold", context.change(body.getSoldBp())));
  if (body.getSoldBp() >= 0 && stake->number("sold") <= stake->number("share")) return {};
  return refusal("R-STAKE", entity, fmt::format("0..{} basis points", stake->get("share")),
                 std::string(stake->get("sold")), "more is given up than was held", "退出股权超过所持股权");
}

std::span<const RuleRow> technologyRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, TECH_CONTRACT_SIGNED, {techContractSigned, techContractSignedUndo}},
      {1, TECH_CONTRACT_REGISTERED, {techContractRegistered, techContractRegisteredUndo}},
      {1, TECH_CONTRACT_AMENDED, {techContractAmended, nullptr}},
      {1, TECH_CONTRACT_ENDED, {techContractEnded, techContractEnded}},
      {1, INCOME_DISTRIBUTION_RESOLVED, {incomeDistributionResolved, incomeDistributionResolved}},
      {1, INCOME_DISTRIBUTION_PAID, {incomeDistributionPaid, incomeDistributionPaid}},
      {1, EQUITY_TAKEN, {equityTaken, equityTaken}},
      {1, INVESTMENT_RETURNED, {investmentReturned, investmentReturned}},
      {1, INCUBATEE_GRADUATED, {recorded, recorded}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
