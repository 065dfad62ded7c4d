// What a platform earns and spends month by month, with the seasons of its trade; mistakes and how
// they are put right; innovation vouchers.
#include <fmt/format.h>

#include "tools/simulate/life.h"

namespace pilotledger::simulate {
namespace {

// Quiet around the spring festival, busy before the year's end.
int receiptsOf(Random& draw, int month) {
  constexpr int kSeason[12] = {0, -2, 0, 0, 1, 1, 0, 0, 1, 1, 2, 4};
  return static_cast<int>(draw.between(4, 9)) + kSeason[month % 12];
}

AppendReceipt drawReceipt(Random& draw, const Platform& platform) {
  using Stream = schema::RevenueStream;
  AppendReceipt receipt{platform.id, Stream::SERVICE,
                        platform.clients[draw.bits() % platform.clients.size()].actor.party};
  receipt.netFen = draw.amount(2'000, 200'000);
  receipt.day = static_cast<int>(draw.between(1, 25));
  receipt.serviceCode = fmt::format("S{}", draw.between(1, 3));
  if (draw.chance(75)) return receipt;
  receipt.stream = static_cast<Stream>(draw.between(2, 4));
  receipt.serviceCode.clear();
  if (receipt.stream == Stream::INCUBATION) return receipt;
  receipt.contract = platform.lastContract;
  if (receipt.contract.empty()) receipt.stream = Stream::INCUBATION;
  return receipt;
}

void refund(World& world, const Platform& platform, int m, const AppendReceipt& receipt, const EventId& of) {
  world.record({platform.actor.key}, world.day(m, receipt.day), platform, [&](Body body) {
    auto event = body.initRevenueReversed();
    event.setTarget(capnp::Data::Reader(of.data(), of.size()));
    event.setPlatform(receipt.platform);
    event.setStream(receipt.stream);
    event.setNetFen(receipt.netFen);
    event.setTaxFen(receipt.netFen * 6 / 100);
    event.setGrossFen(receipt.netFen + receipt.netFen * 6 / 100);
    event.setReason("客户取消");
  });
}

// Booked with a wrong amount; the right receipt takes its place.
void correct(World& world, Platform& platform, int m, AppendReceipt receipt, const EventId& of) {
  EventId replacement = world.writer.reserveId();
  world.record({platform.actor.key}, world.day(m, receipt.day), platform, [&](Body body) {
    auto event = body.initEventCorrected();
    event.setTarget(capnp::Data::Reader(of.data(), of.size()));
    event.setReplacement(capnp::Data::Reader(replacement.data(), replacement.size()));
    event.setReason("金额录入错误");
  });
  receipt.netFen += 10'000;
  world.writer.useId(replacement);
  receive(world, platform, m, receipt);
}

void cost(World& world, const Platform& platform, int m, const char* line) {
  world.record({platform.actor.key}, world.day(m, 25), platform, [&](Body body) {
    auto event = body.initOperatingCostReported();
    event.setPlatform(platform.id);
    event.setPeriodFrom(world.day(m, 1));
    event.setPeriodTo(world.day(m, 25));
    event.setLine(line);
    event.setCostFen(world.writer.draw().amount(10'000, 90'000));
  });
}

// Reported, taken back, reported again.
void reportCostTwice(World& world, const Platform& platform, int m) {
  cost(world, platform, m, "maintenance");
  EventId wrong = world.writer.lastId();
  world.record({platform.actor.key}, world.day(m, 25), platform, [&](Body body) {
    auto event = body.initEventReversed();
    event.setTarget(capnp::Data::Reader(wrong.data(), wrong.size()));
    event.setKind(schema::ReversalKind::REVERSED);
    event.setReason("期间归属错误");
  });
  cost(world, platform, m, "maintenance");
}

void month(World& world, Platform& platform, int m) {
  Random& draw = world.writer.draw();
  int receipts = receiptsOf(draw, m);
  for (int i = 0; i < receipts; ++i) {
    AppendReceipt receipt = drawReceipt(draw, platform);
    receive(world, platform, m, receipt);
    EventId id = world.writer.lastId();
    if (draw.chance(2)) {
      refund(world, platform, m, receipt, id);
    } else if (draw.chance(1)) {
      correct(world, platform, m, receipt, id);
    }
  }
  for (const char* line : {"energy", "staff"}) cost(world, platform, m, line);
  if (draw.chance(3)) reportCostTwice(world, platform, m);
}

}  // namespace

void receive(World& world, Platform& platform, int m, const AppendReceipt& receipt) {
  std::int64_t tax = receipt.byVoucher ? 0 : receipt.netFen * 6 / 100;
  std::int32_t date = world.day(m, receipt.day);
  world.record({platform.actor.key}, date, platform, [&](Body body) {
    auto event = body.initRevenueReceived();
    event.setPlatform(receipt.platform);
    event.setStream(receipt.stream);
    event.setPayer(receipt.payer);
    event.setContract(receipt.contract);
    event.setServiceCode(receipt.serviceCode);
    event.setNetFen(receipt.netFen);
    event.setTaxFen(tax);
    event.setGrossFen(receipt.netFen + tax);
    event.setVoucherFunded(receipt.byVoucher);
    auto invoice = event.initInvoice();
    invoice.setNumber(fmt::format("R{}-{}", platform.id, ++platform.serial));
    invoice.setDate(date);
    invoice.setTotalFen(receipt.netFen + tax);
    invoice.setTaxFen(tax);
  });
}

void issueVoucher(World& world, Platform& platform, int month, const Voucher& voucher) {
  world.at(month, World::Governed, [&world, &platform, voucher](int m) {
    world.record({world.province.key}, world.day(m, 2), platform, [&](Body body) {
      auto event = body.initVoucherIssued();
      event.setVoucher(voucher.id);
      event.setHolder(voucher.holder.party);
      event.setFaceFen(voucher.faceFen);
      event.setValidTo(world.day(m + 5, 28));
    });
  });
  if (!voucher.redeemed) return;
  world.at(month + 1, World::Joint, [&world, &platform, voucher](int m) {
    world.record({voucher.holder.key, platform.actor.key}, world.day(m, 11), platform, [&](Body body) {
      auto event = body.initVoucherRedeemed();
      event.setVoucher(voucher.id);
      event.setPlatform(platform.id);
      event.setAmountFen(voucher.faceFen);
    });
  });
  world.at(month + 2, World::Funded, [&world, &platform, voucher](int m) {
    world.record({world.treasury.key}, world.day(m, 14), platform, [&](Body body) {
      auto event = body.initVoucherSettled();
      event.setVoucher(voucher.id);
      event.setPlatform(platform.id);
      event.setAmountFen(voucher.faceFen);
    });
  });
}

void platformBooks(World& world, Platform& platform) {
  for (int first = platform.begins + 3; first < world.lastMonth(platform); ++first) {
    world.at(first, World::Own, [&](int m) { month(world, platform, m); });
    if (first % 6 != 4) continue;
    Voucher voucher{fmt::format("V{}-{}", platform.id, first), platform.clients.back().actor,
                    world.writer.draw().amount(10'000, 50'000)};
    issueVoucher(world, platform, first, voucher);
    world.at(first + 2, World::Own, [&world, &platform, voucher](int m) {
      receive(world, platform, m,
              {platform.id, schema::RevenueStream::SERVICE, "", "S2", "", voucher.faceFen, 16, true});
    });
  }
}

}  // namespace pilotledger::simulate
