// What a platform earns; a receipt can be given back only up to what is left of it.
#include <fmt/format.h>

#include "events/base/uuid.h"
#include "ledger/rules/invoice.h"

namespace pilotledger::ledger::rules {
namespace {

Status requireGross(std::int64_t gross, std::int64_t net, std::int64_t tax, std::uint16_t currency,
                    const std::string& entity) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(net, tax, &sum) && sum == gross && net >= 0 && tax >= 0) return {};
  return refusal("R-GROSS", entity, moneyText(gross, currency),
                 fmt::format("{} + {}", moneyText(net, currency), moneyText(tax, currency)),
                 "gross must be net plus tax, none of them negative", "含税金额须等于不含税金额加税额");
}

// An invoice may be used up to its amount, by this platform's receipts together. The platform is its seller.
Status useInvoice(RuleContext& context, EntityRecord& receipt, events::schema::RevenueReceived::Reader body,
                  std::int64_t gross) {
  auto invoice = body.getInvoice();
  std::uint16_t currency = context.currency();
  PL_TRY(CountedInvoice counted,
         countedInvoice(context, receipt, entityKey("platform", body.getPlatform().cStr()), invoice));
  if (counted.name.empty()) return {};
  std::string entity = counted.receipts();
  PL_TRY(EntityRecord * record, context.world.edit(entity));
  PL_CHECK(record->add("received", gross));
  std::int64_t limit = invoice.getTotalFen();
  // What takes a receipt back is never too much, whatever total it stated.
  if (gross > 0 && limit > 0 && record->number("received") > limit) {
    return refusal("R-INVOICE-AMOUNT", entity, fmt::format("<= {}", moneyText(limit, currency)),
                   moneyText(record->number("received"), currency), "receipts on this invoice exceed its amount",
                   "该发票项下收款超过发票金额");
  }
  return {};
}

}  // namespace

Status revenueReceived(RuleContext& context) {
  auto body = context.body().getRevenueReceived();
  std::uint16_t currency = context.event.reader().getCurrency();
  std::string id = events::formatUuid(context.event.id());
  std::string entity = entityKey("receipt", id);
  PL_CHECK(requirePositive(body.getGrossFen(), currency, entity));
  PL_CHECK(requireGross(body.getGrossFen(), body.getNetFen(), body.getTaxFen(), currency, entity));
  PL_TRY(EntityRecord * receipt, context.edit("receipt", id));
  PL_CHECK(useInvoice(context, *receipt, body, body.getGrossFen()));
  receipt->set("state", "received");
  receipt->set("platform", body.getPlatform().cStr());
  receipt->set("stream", events::enumCode(body.getStream()));
  receipt->setNumber("remaining", body.getGrossFen());
  return requireCurrency(context, *receipt, entity);
}

Status revenueReceivedUndo(RuleContext& context) {
  auto body = context.body().getRevenueReceived();
  std::uint16_t currency = context.event.reader().getCurrency();
  std::string id = events::formatUuid(context.event.id());
  PL_TRY(EntityRecord * receipt, context.edit("receipt", id));
  if (receipt->number("remaining") != body.getGrossFen()) {
    return refusal("R-RECEIPT-REFUNDED", entityKey("receipt", id), moneyText(body.getGrossFen(), currency),
                   moneyText(receipt->number("remaining"), currency),
                   "part of it was refunded; reverse the refunds first", "该笔收入已部分退款，请先冲销退款");
  }
  receipt->set("state", "reversed");
  receipt->setNumber("remaining", 0);
  return useInvoice(context, *receipt, body, -body.getGrossFen());
}

Status revenueReversed(RuleContext& context) {
  auto body = context.body().getRevenueReversed();
  std::uint16_t currency = context.event.reader().getCurrency();
  EventId target{};
  std::copy(body.getTarget().begin(), body.getTarget().end(), target.begin());
  std::string id = events::formatUuid(target);
  std::string entity = entityKey("receipt", id);
  PL_CHECK(requirePositive(body.getGrossFen(), currency, entity));
  PL_CHECK(requireGross(body.getGrossFen(), body.getNetFen(), body.getTaxFen(), currency, entity));
  PL_TRY(EntityRecord * receipt, context.edit("receipt", id));
  PL_CHECK(requireCurrency(context, *receipt, entity));
  std::string stream(events::enumCode(body.getStream()));
  if (receipt->get("platform") != std::string_view(body.getPlatform().cStr()) || receipt->get("stream") != stream) {
    return refusal("R-RECEIPT-MATCH", entity, fmt::format("{} {}", receipt->get("platform"), receipt->get("stream")),
                   fmt::format("{} {}", body.getPlatform().cStr(), stream),
                   "a refund names the platform and stream of its receipt", "退款须与原收入的平台和类型一致");
  }
  if (body.getGrossFen() > receipt->number("remaining")) {
    return refusal("R-REFUND", entity, fmt::format("<= {}", moneyText(receipt->number("remaining"), currency)),
                   moneyText(body.getGrossFen(), currency), "more than is left of the receipt",
                   "退款超过该笔收入的余额");
  }
  return receipt->add("remaining", -body.getGrossFen());
}

Status revenueReversedUndo(RuleContext& context) {
  auto body = context.body().getRevenueReversed();
  EventId target{};
  std::copy(body.getTarget().begin(), body.getTarget().end(), target.begin());
  PL_TRY(EntityRecord * receipt, context.edit("receipt", events::formatUuid(target)));
  return receipt->add("remaining", body.getGrossFen());
}

std::span<const RuleRow> revenueRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, REVENUE_RECEIVED, {revenueReceived, revenueReceivedUndo}},
      {1, REVENUE_REVERSED, {revenueReversed, revenueReversedUndo}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
