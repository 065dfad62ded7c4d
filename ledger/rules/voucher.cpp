// Innovation vouchers: issued to a client, redeemed once at a platform, settled by the issuer.
#include <fmt/format.h>

#include "events/base/civil_date.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
Status voucherIssued(RuleContext& context) {
  auto body = context.body().getVoucherIssued();
  std::string entity = entityKey("voucher", body.getVoucher().cStr());
  PL_CHECK(requirePositive(body.getFaceFen(), context.currency(), entity));
  PL_TRY(EntityRecord * voucher, context.edit("voucher", body.getVoucher().cStr()));
  if (context.undoing) return moveState(context, *voucher, entity, "R-VOUCHER-STATE", "reversed", "issued");
  voucher->set("state", "issued");
  voucher->set("party.cus", body.getHolder().cStr());
  voucher->setNumber("face", body.getFaceFen());
  voucher->setNumber("valid.to", body.getValidTo());
  return requireCurrency(context, *voucher, entity);
}

Status voucherRedeemed(RuleContext& context) {
  auto body = context.body().getVoucherRedeemed();
  std::string entity = entityKey("voucher", body.getVoucher().cStr());
  PL_TRY(EntityRecord * voucher, context.edit("voucher", body.getVoucher().cStr()));
  PL_CHECK(requireCurrency(context, *voucher, entity));
  if (context.event.legalDate() > voucher->number("valid.to")) {
    return refusal(
        "R-VOUCHER-EXPIRED", entity,
        fmt::format("<= {}", events::formatCivilDate(static_cast<std::int32_t>(voucher->number("valid.to")))),
        events::formatCivilDate(context.event.legalDate()), "the voucher has expired", "创新券已过期");
  }
  if (context.undoing && voucher->number("settled") != 0) {
    return refusal("R-REVERSAL-STATE", entity, "nothing settled",
                   moneyText(voucher->number("settled"), context.currency()), "reverse its settlement first",
                   "请先冲销其兑付");
  }
  PL_CHECK(moveState(context, *voucher, entity, "R-VOUCHER-STATE", "issued", "redeemed"));
  voucher->set("platform", context.undoing ? "" : body.getPlatform().cStr());
  return moveAmount(context, *voucher, entity, "R-VOUCHER", "redeemed", body.getAmountFen(), voucher->number("face"),
                    "face value");
}

Status voucherSettled(RuleContext& context) {
  auto body = context.body().getVoucherSettled();
  std::string entity = entityKey("voucher", body.getVoucher().cStr());
  PL_TRY(EntityRecord * voucher, context.edit("voucher", body.getVoucher().cStr()));
  PL_CHECK(requireCurrency(context, *voucher, entity));
  if (voucher->get("platform") != std::string_view(body.getPlatform().cStr())) {
    return refusal("R-VOUCHER", entity, std::string(voucher->get("platform")), body.getPlatform().cStr(),
                   "it was redeemed elsewhere or not yet", "该券未在此平台使用");
  }
  return moveAmount(context, *voucher, entity, "R-VOUCHER", "settled", body.getAmountFen(), voucher->number("redeemed"),
                    "redeemed");
}

std::span<const RuleRow> voucherRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, VOUCHER_ISSUED, {voucherIssued, voucherIssued}},
      {1, VOUCHER_REDEEMED, {voucherRedeemed, voucherRedeemed}},
      {1, VOUCHER_SETTLED, {voucherSettled, voucherSettled}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
