// Awards and what becomes of them. Operating awards, one for each platform and year, are also the
// carriers of the planted violations: all else about them is lawful.
#include <fmt/format.h>

#include "events/civil_date.h"
#include "tools/simulate/world.h"

namespace pilotledger::simulate {
namespace {

using Body = schema::Event::Body::Builder;

struct Award {
  Platform* platform;
  std::string id;
  std::string instrument;
  schema::FundingMode mode;
  std::int64_t fen = 0;
  std::int64_t baseFen = 0;
  int month = 0;  // of the award
  std::string plant;  // the violation it carries
  bool carries(std::string_view code) const { return plant == code; }
};

struct Spend {
  std::int64_t fen = 0;
  std::int32_t invoiced = 0;
  std::int32_t paid = 0;
  std::string asset;
};

std::int32_t periodEnd(const World& world, const Award& award) { return world.day(award.month + 11, 25); }

void grant(World& world, const Award& award, int m) {
  world.writer.add({world.treasury.key, world.province.key}, world.day(m, 4), award.platform->division, [&](Body body) {
    auto event = body.initSubsidyAwarded();
    event.setAward(award.id);
    event.setPayee(award.platform->actor.party);
    event.setPlatform(award.platform->id);
    event.setInstrument(award.instrument);
    event.setMode(award.mode);
    event.setAmountFen(award.fen);
    event.setBaseFen(award.baseFen);
    event.setPeriodFrom(world.day(award.month, 1));
    event.setPeriodTo(periodEnd(world, award));
    event.setDocNo(fmt::format("模拟财〔{}〕{}号", world.yearOf(m), award.platform->serial++));
    event.setTitle("补助 " + award.id);
  });
}

void pay(World& world, const Award& award, int m) {
  world.writer.add({world.treasury.key}, world.day(m, 10), award.platform->division, [&](Body body) {
    auto event = body.initSubsidyDisbursed();
    event.setAward(award.id);
    event.setPayee(award.platform->actor.party);
    event.setAmountFen(award.fen);
  });
}

void receive(World& world, const Award& award, int m) {
  world.writer.add({award.platform->actor.key}, world.day(m, 12), award.platform->division, [&](Body body) {
    auto event = body.initSubsidyReceived();
    event.setAward(award.id);
    event.setPayee(award.platform->actor.party);
    event.setAmountFen(award.fen);
  });
}

void spend(World& world, const Award& award, const Spend& what) {
  Platform& platform = *award.platform;
  Writer& writer = world.writer;
  Digest one = writer.draw().digest(), two = writer.draw().digest();
  writer.addEvent({platform.actor.key}, what.paid, platform.division, [&](schema::Event::Builder event) {
    auto evidence = event.initEvidence(award.carries("S21") ? 1 : 2);
    evidence[0].setKind(schema::EvidenceKind::INVOICE);
    evidence[0].setHash(bytesOf(one));
    if (evidence.size() > 1) {
      evidence[1].setKind(schema::EvidenceKind::PAYMENT);
      evidence[1].setHash(bytesOf(two));
    }
    auto body = event.initBody().initExpenditureRecorded();
    body.setAward(award.id);
    body.setSpender(platform.actor.party);
    body.setBasis(schema::ExpenditureBasis::INVOICE);
    body.setLine(what.asset.empty() ? "materials" : "equipment");
    body.setSupplier("供应商（模拟）");
    auto invoice = body.initInvoice();
    invoice.setNumber(fmt::format("I{}-{}", platform.id, platform.serial++));
    invoice.setDate(what.invoiced);
    invoice.setTotalFen(what.fen);
    body.setClaimFen(what.fen);
    body.setPaidOn(what.paid);
    body.setPaymentRef(fmt::format("B{}", platform.serial));
    body.setVoucherNo(fmt::format("V{}", platform.serial));
    body.setAsset(what.asset);
    if (!award.carries("S15")) body.setSpecialAccount("SA-" + award.id);
  });
  if (what.asset.empty() || award.carries("S17")) return;
  writer.add({platform.actor.key}, what.paid, platform.division, [&](Body body) {
    auto event = body.initAssetInstalled();
    event.setAsset(what.asset);
    event.setOwner(platform.actor.party);
    event.setPlatform(platform.id);
    event.setAward(award.id);
    event.setModel("模拟型号");
    event.setInUse(true);
  });
}

// Four purchases in the months after the award use it up.
void use(World& world, const Award& award) {
  constexpr int kPurchases = 4;
  std::int64_t left = award.carries("S09") ? award.fen + 100 : award.fen;
  if (award.carries("S10")) left = award.fen - 100;  // the last hundred comes late
  if (award.carries("S12")) left = award.fen / 2;
  for (int i = 0; i < kPurchases; ++i) {
    std::int64_t fen = i + 1 == kPurchases ? left : left / (kPurchases - i);
    left -= fen;
    bool last = i + 1 == kPurchases;
    world.at(award.month + 3 + i, World::Own, [&world, award, fen, i, last](int m) {
      Spend what{fen, world.day(m, 5), world.day(m, 15), ""};
      if (award.instrument == "equipment" || (award.carries("S17") && last)) what.asset = fmt::format("E-{}-{}", award.id, i + 1);
      if (award.carries("S11") && last) what.invoiced = events::addDays(world.day(award.month, 1), -20);
      if (award.carries("S17") && last) world.plant("S17", award.id);
      if (award.carries("S21")) world.plant("S21", award.id);
      if (award.carries("S11") && last) world.plant("S11", award.id);
      Award lawful = award;
      if (award.carries("S17") && !last) lawful.plant.clear();
      spend(world, lawful, what);
      if (award.carries("S09") && last) world.plant("S09", award.id);
      if (award.carries("S15") && last) world.plant("S15", award.id);
    });
  }
}

void settle(World& world, const Award& award) {
  world.at(award.month + 13, World::Checked, [&world, award](int m) {
    world.writer.add({world.province.key, world.evaluator.key}, world.day(m, 18), award.platform->division, [&](Body body) {
      auto event = body.initSubsidyAcceptance();
      event.setAward(award.id);
      event.setResult(schema::AcceptanceResult::PASSED);
      event.setConfirmedFen(award.fen);
    });
  });
}

void award(World& world, Award award) {
  int late = award.carries("S13") ? 3 : 0;
  world.at(award.month, World::Governed, [&world, award](int m) {
    grant(world, award, m);
    if (award.carries("S01")) world.plant("S01", award.id);
  });
  world.at(award.month + late, World::Funded, [&world, award](int m) { pay(world, award, m); });
  world.at(award.month + late, World::Own, [&world, award](int m) {
    receive(world, award, m);
    if (award.carries("S13")) world.plant("S13", award.id);
  });
  use(world, award);
  settle(world, award);
  if (award.carries("S10")) {
    world.at(award.month + 12, World::Own, [&world, award](int m) {
      Award one = award;
      spend(world, one, {100, world.day(m, 5), world.day(m, 15), ""});
      world.plant("S10", award.id);
    });
  }
  if (award.carries("S12")) {
    world.at(award.month + 13, World::Own, [&world, award](int) { world.plant("S12", award.id); });
  }
  if (award.carries("S26")) {
    world.at(award.month + 8, World::Own, [&world, award](int) {
      std::uint64_t index = world.writer.add({award.platform->actor.key}, world.day(award.month + 1, 15), award.platform->division, [&](Body body) {
        auto event = body.initMilestoneRecorded();
        event.setPlatform(award.platform->id);
        event.setKind(schema::MilestoneKind::ALLIANCE);
        event.setTitle("产业联盟");
      });
      world.plant("S26", fmt::format("MilestoneRecorded {}", index));
    });
  }
  if (award.carries("S28")) {
    world.at(award.month + 8, World::Checked, [&world, award](int m) {
      world.writer.addEvent({world.importer.key}, world.day(m, 20), award.platform->division, [&](schema::Event::Builder event) {
        event.setSource("simulated-list#" + award.id);
        auto body = event.initBody().initExpenditureRecorded();
        body.setAward(award.id);
        body.setSpender(award.platform->actor.party);
        body.setBasis(schema::ExpenditureBasis::LIST_TOTAL);
        body.setClaimFen(-100);
      });
      world.plant("S28", award.id);
    });
  }
}

void operating(World& world, Platform& platform, int month) {
  Award one{&platform, fmt::format("OP-{}-{}", platform.id, world.yearOf(month)), "operating", schema::FundingMode::PRE,
            world.writer.draw().amount(100'000, 500'000), 0, month, ""};
  if (month + 14 < world.months()) one.plant = world.nextPlant();
  if (one.carries("S01")) one.fen = 70'000'000;
  award(world, one);
}

void excellence(World& world, Platform& platform, int month) {
  world.at(month, World::Governed, [&world, &platform](int m) {
    bool excellent = world.writer.draw().chance(30);
    world.writer.add({world.province.key}, world.day(m, 6), platform.division, [&](Body body) {
      auto event = body.initPerformanceGraded();
      event.setPlatform(platform.id);
      event.setYear(static_cast<std::uint16_t>(world.yearOf(m) - 1));
      event.setGrade(excellent ? schema::Grade::EXCELLENT : schema::Grade::GOOD);
    });
    if (!excellent || m - platform.lastExcellence < 37) return;
    platform.lastExcellence = m;
    award(world, {&platform, fmt::format("EX-{}-{}", platform.id, world.yearOf(m)), "excellence", schema::FundingMode::REWARD, 100'000'000, 0, m + 1, ""});
  });
}

void voucher(World& world, Platform& platform, int month) {
  std::string id = fmt::format("V{}-{}", platform.id, month);
  std::int64_t fen = world.writer.draw().amount(10'000, 50'000);
  world.at(month, World::Governed, [&world, &platform, id, fen](int m) {
    world.writer.add({world.province.key}, world.day(m, 2), platform.division, [&](Body body) {
      auto event = body.initVoucherIssued();
      event.setVoucher(id);
      event.setHolder(platform.clients.back().actor.party);
      event.setFaceFen(fen);
      event.setValidTo(world.day(m + 5, 28));
    });
  });
  world.at(month + 1, World::Joint, [&world, &platform, id, fen](int m) {
    world.writer.add({platform.clients.back().actor.key, platform.actor.key}, world.day(m, 11), platform.division, [&](Body body) {
      auto event = body.initVoucherRedeemed();
      event.setVoucher(id);
      event.setPlatform(platform.id);
      event.setAmountFen(fen);
    });
  });
  world.at(month + 2, World::Funded, [&world, &platform, id, fen](int m) {
    world.writer.add({world.treasury.key}, world.day(m, 14), platform.division, [&](Body body) {
      auto event = body.initVoucherSettled();
      event.setVoucher(id);
      event.setPlatform(platform.id);
      event.setAmountFen(fen);
    });
  });
}

}  // namespace

void platformMoney(World& world, Platform& platform) {
  std::int64_t base = world.writer.draw().amount(2'000'000, 40'000'000);
  award(world, {&platform, "EQ-" + platform.id, "equipment", schema::FundingMode::POST, base / 5, base, platform.begins + 10, ""});
  for (int month = platform.begins + 4; month < world.months(); ++month) {
    if (month % 12 == 1) operating(world, platform, month);
    if (month % 12 == 2) excellence(world, platform, month);
    if (month % 6 == 4) voucher(world, platform, month);
  }
}

}  // namespace pilotledger::simulate
