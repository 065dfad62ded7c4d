// Fiscal money of a platform: applied for, shown to the public, awarded, paid, spent, tested, given
// back where it was not needed.
#include <fmt/format.h>

#include "events/base/civil_date.h"
#include "tools/simulate/life.h"

namespace pilotledger::simulate {
namespace {

constexpr int kPurchases = 4;
constexpr int kPeriodMonths = 11;

std::string applicationOf(const Award& award) { return "AP-" + award.id; }

void publicise(World& world, const Award& award, int m) {
  world.record({world.province.key}, world.day(m, 10), *award.platform, [&](Body body) {
    auto event = body.initSubsidyPublicized();
    event.setNotice("NT-" + award.id);
    event.initApplications(1).set(0, applicationOf(award));
    event.setFrom(world.day(m, 10));
    event.setTo(world.day(m, 10 + award.noticeDays - 1));
  });
}

void grant(World& world, const Award& award, int m) {
  world.record({world.treasury.key, world.province.key}, world.day(m, 4), *award.platform, [&](Body body) {
    auto event = body.initSubsidyAwarded();
    event.setAward(award.id);
    event.setApplication(applicationOf(award));
    event.setPayee(award.platform->actor.party);
    event.setPlatform(award.platform->id);
    event.setInstrument(award.instrument);
    event.setMode(award.mode);
    event.setAmountFen(award.fen);
    event.setBaseFen(award.baseFen);
    event.setMatchingFen(award.matchingFen);
    event.setPeriodFrom(world.day(award.month, 1));
    event.setPeriodTo(world.day(award.month + kPeriodMonths, 25));
    event.setDocNo(fmt::format("模拟财〔{}〕{}号", world.yearOf(m), ++award.platform->serial));
    event.setTitle("补助 " + award.id);
    event.setProject(award.project);
    auto kpi = event.initKpis(1)[0];
    kpi.setName("服务企业数");
    kpi.setTarget("10");
    if (award.materialsFen == 0) return;
    auto lines = event.initLines(2);
    lines[0].setLine("materials");
    lines[0].setAmountFen(award.materialsFen);
    lines[1].setLine("testing");
    lines[1].setAmountFen(award.fen - award.materialsFen);
  });
}

void passOn(World& world, const Award& award, int m) {
  const Actor& town = world.townTreasuries[award.platform->city];
  world.record({world.treasury.key, town.key}, world.day(m, 7), *award.platform, [&](Body body) {
    auto event = body.initAppropriationPassed();
    event.setAward(award.id);
    event.setFrom(world.treasury.party);
    event.setTo(town.party);
    event.setAmountFen(award.fen);
  });
}

void pay(World& world, const Award& award, int m) {
  std::uint32_t payer = award.passedAfter < 0 ? world.treasury.key : world.townTreasuries[award.platform->city].key;
  world.record({payer}, world.day(m, 10), *award.platform, [&](Body body) {
    auto event = body.initSubsidyDisbursed();
    event.setAward(award.id);
    event.setPayee(award.platform->actor.party);
    event.setAmountFen(award.paidFen < 0 ? award.fen : award.paidFen);
  });
}

void take(World& world, const Award& award, int m) {
  world.record({award.platform->actor.key}, world.day(m, 12), *award.platform, [&](Body body) {
    auto event = body.initSubsidyReceived();
    event.setAward(award.id);
    event.setPayee(award.platform->actor.party);
    event.setAmountFen(award.paidFen < 0 ? award.fen : award.paidFen);
  });
}

void match(World& world, const Award& award, int m) {
  world.record({award.platform->actor.key}, world.day(m, 13), *award.platform, [&](Body body) {
    auto event = body.initMatchingPaid();
    event.setAward(award.id);
    event.setPayee(award.platform->actor.party);
    event.setPayer("建设主体（模拟）");
    event.setAmountFen(award.matchedFen);
  });
}

// Four purchases in the months after the award use it up.
void use(World& world, const Award& award) {
  std::int64_t left = award.spentFen < 0 ? award.fen - award.surplusFen : award.spentFen;
  for (int i = 0; i < kPurchases; ++i) {
    Spend what;
    what.fen = left / (kPurchases - i);
    left -= what.fen;
    what.supplier =
        world.suppliers[(award.platform->serial + static_cast<std::uint64_t>(i)) % world.suppliers.size()].party;
    what.invoiced = world.day(award.month + 3 + i, 5);
    what.paid = world.day(award.month + 3 + i, 15);
    if (award.instrument == "equipment") {
      what.line = "equipment";
      what.asset = fmt::format("E-{}-{}", award.id, i + 1);
    }
    if (award.bend) award.bend(what, i);
    world.at(award.month + 3 + i, World::Own, [&world, award, what](int) { purchase(world, award, what); });
  }
}

void evaluate(World& world, const Award& award, int m) {
  world.record({world.treasury.key}, world.day(m, 17), *award.platform, [&](Body body) {
    auto event = body.initSubsidyEvaluated();
    event.setAward(award.id);
    event.setScore(std::to_string(world.writer.draw().between(70, 99)));
    auto result = event.initResults(1)[0];
    result.setName("服务企业数");
    result.setActual(award.kpi);
    result.setTarget("10");
  });
}

void accept(World& world, const Award& award, int m, schema::AcceptanceResult result, std::int64_t confirmed) {
  world.record({world.province.key, world.evaluator.key}, world.day(m, 18), *award.platform, [&](Body body) {
    auto event = body.initSubsidyAcceptance();
    event.setAward(award.id);
    event.setResult(result);
    event.setConfirmedFen(confirmed);
  });
}

void settle(World& world, const Award& award) {
  world.at(award.month + 12, World::Checked, [&world, award](int m) { evaluate(world, award, m); });
  if (award.acceptedAfter == 0) return;
  std::int64_t refused = award.failsFirst ? award.fen / 10 : 0;
  if (award.failsFirst) {
    world.at(award.month + 13, World::Checked,
             [&world, award](int m) { accept(world, award, m, schema::AcceptanceResult::FAILED, 0); });
    clawBack(world, award, award.month + 14, refused, true);
  }
  int passes = award.month + award.acceptedAfter + (award.failsFirst ? 3 : 0);
  world.at(passes, World::Checked, [&world, award, refused](int m) {
    accept(world, award, m, schema::AcceptanceResult::PASSED, award.fen - refused);
  });
  if (award.surplusFen == 0) return;
  world.at(award.month + 12, World::Own, [&world, award](int m) {
    world.record({award.platform->actor.key}, world.day(m, 16), *award.platform, [&](Body body) {
      auto event = body.initSurplusReturned();
      event.setAward(award.id);
      event.setPayee(award.platform->actor.party);
      event.setAmountFen(award.surplusFen);
    });
  });
}

void carryOver(World& world, const Award& award) {
  world.at(award.month + 4, World::Own, [&world, award](int m) {
    world.record({award.platform->actor.key}, world.day(m, 24), *award.platform, [&](Body body) {
      auto event = body.initCarriedOver();
      event.setAward(award.id);
      event.setToYear(static_cast<std::uint16_t>(world.yearOf(m) + 1));
      event.setAmountFen(award.fen / 4);
    });
  });
}

void adjust(World& world, const Award& award) {
  world.at(award.month + 2, World::Joint, [&world, award](int m) {
    world.record({award.platform->actor.key, world.province.key}, world.day(m, 14), *award.platform, [&](Body body) {
      auto event = body.initBudgetAdjusted();
      event.setAward(award.id);
      auto changes = event.initChanges(2);
      changes[0].setLine("materials");
      changes[0].setAmountFen(award.fen / 25);
      changes[1].setLine("testing");
      changes[1].setAmountFen(-(award.fen / 25));
    });
  });
}

// One for each platform and year, with what happens to such awards now and then.
void operating(World& world, Platform& platform, int month) {
  Random& draw = world.writer.draw();
  Award one{&platform, fmt::format("OP-{}-{}", platform.id, world.yearOf(month))};
  one.fen = draw.amount(100'000, 500'000);
  one.month = month;
  if (draw.chance(40)) one.passedAfter = 0;
  if (draw.chance(30)) one.matchingFen = one.matchedFen = one.fen / 2;
  if (draw.chance(10)) one.failsFirst = true;
  if (draw.chance(15)) one.surplusFen = one.fen / 20;
  bool budgeted = draw.chance(25);
  if (budgeted) {
    one.materialsFen = one.fen / 2;
    one.bend = [](Spend& what, int number) {
      if (number % 2 == 1) what.line = "testing";
    };
  }
  award(world, one);
  if (budgeted) adjust(world, one);
  if (draw.chance(20)) carryOver(world, one);
}

// What equipment of an award goes through: moved to another hall, disposed of with approval.
void moveAssets(World& world, Platform& platform, const std::string& awardId, int month) {
  world.at(month, World::Own, [&world, &platform, awardId](int m) {
    world.record({platform.actor.key}, world.day(m, 22), platform, [&](Body body) {
      auto event = body.initAssetMoved();
      event.setAsset(fmt::format("E-{}-1", awardId));
      event.setSite("二号车间");
      event.setReason("产线调整");
      event.setInUse(true);
    });
  });
  world.at(month + 14, World::Own, [&world, &platform, awardId](int m) {
    world.record({platform.actor.key}, world.day(m, 23), platform, [&](Body body) {
      auto event = body.initAssetDisposed();
      event.setAsset(fmt::format("E-{}-2", awardId));
      event.setMode(schema::DisposalMode::SCRAPPED);
      event.setApprovalDocNo(fmt::format("模拟资产〔{}〕7号", world.yearOf(m)));
    });
  });
}

}  // namespace

void apply(World& world, const Platform& platform, int month, const Application& what) {
  world.at(month, World::Own, [&world, &platform, what](int m) {
    world.record({platform.actor.key}, world.day(m, what.day), platform, [&](Body body) {
      auto event = body.initSubsidyApplied();
      event.setApplication(what.id);
      event.setApplicant(platform.actor.party);
      event.setPlatform(what.platform);
      event.setInstrument(what.instrument);
      event.setRequestedFen(what.fen);
      event.setProject(what.project);
    });
  });
}

void installAsset(World& world, const Platform& platform, std::int32_t date, const std::string& asset,
                  const std::string& awardId) {
  world.record({platform.actor.key}, date, platform, [&](Body body) {
    auto event = body.initAssetInstalled();
    event.setAsset(asset);
    event.setOwner(platform.actor.party);
    event.setPlatform(platform.id);
    event.setAward(awardId);
    event.setModel("模拟型号");
    event.setInUse(true);
  });
}

void purchase(World& world, const Award& award, const Spend& what) {
  Platform& platform = *award.platform;
  Writer& writer = world.writer;
  Digest one = writer.draw().digest(), two = writer.draw().digest();
  writer.addEvent(
      {world.currentKey(platform.actor.key)}, what.paid, platform.division, [&](schema::Event::Builder event) {
        auto evidence = event.initEvidence(what.paymentSlip ? 2 : 1);
        evidence[0].setKind(schema::EvidenceKind::INVOICE);
        evidence[0].setHash(bytesOf(one));
        if (what.paymentSlip) {
          evidence[1].setKind(schema::EvidenceKind::PAYMENT);
          evidence[1].setHash(bytesOf(two));
        }
        auto body = event.initBody().initExpenditureRecorded();
        body.setAward(award.id);
        body.setSpender(platform.actor.party);
        body.setBasis(schema::ExpenditureBasis::INVOICE);
        body.setLine(what.line);
        body.setSupplier("供应商（模拟）");
        body.setSupplierParty(what.supplier);
        if (what.tendered && what.fen >= 40'000'000) body.setProcurement(schema::ProcurementMode::OPEN_TENDER);
        auto invoice = body.initInvoice();
        invoice.setNumber(what.invoice.empty() ? fmt::format("I{}-{}", platform.id, ++platform.serial) : what.invoice);
        invoice.setDate(what.invoiced);
        invoice.setTotalFen(what.fen);
        body.setClaimFen(what.fen);
        body.setPaidOn(what.paid);
        body.setPaymentRef(fmt::format("B{}", platform.serial));
        body.setVoucherNo(fmt::format("V{}", platform.serial));
        body.setAsset(what.asset);
        if (what.ownAccount) body.setSpecialAccount("SA-" + award.id);
      });
  if (!what.asset.empty() && what.installed) installAsset(world, platform, what.paid, what.asset, award.id);
}

void clawBack(World& world, const Award& award, int month, std::int64_t fen, bool repaid) {
  std::string id = "CB-" + award.id;
  world.at(month, World::Funded, [&world, award, id, fen](int m) {
    world.record({world.treasury.key}, world.day(m, 20), *award.platform, [&](Body body) {
      auto event = body.initClawbackOrdered();
      event.setClawback(id);
      event.setAward(award.id);
      event.setPayee(award.platform->actor.party);
      event.setAmountFen(fen);
      event.setLegalBasis("财政违法行为处罚处分条例（模拟）");
      event.setDueOn(world.day(m + 1, 20));
    });
  });
  if (!repaid) return;
  world.at(month + 1, World::Own, [&world, award, id, fen](int m) {
    world.record({award.platform->actor.key}, world.day(m, 15), *award.platform, [&](Body body) {
      auto event = body.initClawbackRepaid();
      event.setClawback(id);
      event.setAward(award.id);
      event.setPayee(award.platform->actor.party);
      event.setAmountFen(fen);
    });
  });
}

void award(World& world, const Award& award) {
  apply(world, *award.platform, award.month - 1,
        {applicationOf(award), award.platform->id, award.instrument, award.id, award.fen});
  world.at(award.month - 1, World::Checked, [&world, award](int m) { publicise(world, award, m); });
  world.at(award.month, World::Governed, [&world, award](int m) { grant(world, award, m); });
  if (award.passedAfter >= 0)
    world.at(award.month + award.passedAfter, World::Funded, [&world, award](int m) { passOn(world, award, m); });
  world.at(award.month + award.paidAfter, World::Funded, [&world, award](int m) { pay(world, award, m); });
  world.at(award.month + award.paidAfter, World::Own, [&world, award](int m) { take(world, award, m); });
  if (award.matchedFen > 0) world.at(award.month + 2, World::Own, [&world, award](int m) { match(world, award, m); });
  use(world, award);
  settle(world, award);
}

// At most once in three years.
void awardExcellence(World& world, Platform& platform, int m) {
  if (m - platform.lastExcellence < 37 || m + 1 >= world.lastMonth(platform) || m < platform.begins + 8) return;
  platform.lastExcellence = m;
  Award one{&platform, fmt::format("EX-{}-{}", platform.id, world.yearOf(m)), "excellence", schema::FundingMode::REWARD,
            100'000'000};
  one.month = m + 1;
  award(world, one);
}

void platformAwards(World& world, Platform& platform) {
  std::int64_t base = world.writer.draw().amount(2'000'000, 40'000'000);
  Award equipment{&platform, "EQ-" + platform.id, "equipment", schema::FundingMode::POST, base / 5,
                  base,      platform.begins + 10};
  award(world, equipment);
  if (world.writer.draw().chance(50)) moveAssets(world, platform, equipment.id, platform.begins + 20);
  for (int month = platform.begins + 4; month < world.lastMonth(platform); ++month) {
    if (month % 12 == 1) operating(world, platform, month);
  }
}

}  // namespace pilotledger::simulate
