// Technology contracts (Civil Code, book three, chapter 20) and their registration.
#include <fmt/format.h>

#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

namespace schema = events::schema;

Status requireTechWithinTotal(std::int64_t tech, std::int64_t total, std::uint16_t currency,
                              const std::string& entity) {
  if (tech >= 0 && tech <= total) return {};
  return refusal("R-TECH-VALUE", entity, fmt::format("0..{}", moneyText(total, currency)),
                 moneyText(tech, currency), "0 <= technology value <= contract value",
                 "技术交易额应不小于零且不大于成交额");
}

// Terms of fixed amounts add up to the contract value; royalties leave it open.
Status requireTermsSum(schema::TechContractSigned::Reader body, std::uint16_t currency,
                       const std::string& entity) {
  if (body.getTerms().size() == 0) return {};
  std::int64_t sum = 0;
  for (auto term : body.getTerms()) {
    bool fixed = term.getMode() == schema::PaymentMode::LUMP_SUM ||
                 term.getMode() == schema::PaymentMode::INSTALMENT;
    if (!fixed) return {};
    if (__builtin_add_overflow(sum, term.getAmountFen(), &sum)) {
      return refusal("R-OVERFLOW", entity, "a 64-bit amount", "more", "the payment terms overflow",
                     "支付条款金额溢出");
    }
  }
  if (sum == body.getTotalFen()) return {};
  return refusal("R-TERMS-SUM", entity, moneyText(body.getTotalFen(), currency), moneyText(sum, currency),
                 "fixed payment terms must add up to the contract value", "固定支付条款合计须等于成交额");
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
  contract->setNumber("total", body.getTotalFen());
  contract->setNumber("tech", body.getTechFen());
  return requireCurrency(context, *contract, entity);
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
  return {};
}

}  // namespace pilotledger::ledger::rules
