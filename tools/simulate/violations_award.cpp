// Violations in how an award was spent.
#include <fmt/format.h>

#include "events/base/civil_date.h"
#include "tools/simulate/life.h"
#include "tools/simulate/violations.h"

namespace pilotledger::simulate {
namespace {

constexpr std::int64_t kFen = 20'000'000;  // of a planted award, below every threshold

// The usual course with one thing bent; the finding names the award.
void bent(World& world, Award one, const char* code, std::function<void(Spend&, int)> bend) {
  one.bend = std::move(bend);
  award(world, one);
  world.plant(code, one.id);
}

void overCap(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  one.fen = 70'000'000;
  bent(world, one, "S01", {});
}

void twiceInWindow(World& world, Platform& platform, int month, const std::string& id) {
  publishInstrument(world, "window-" + id, month, 24, "");
  for (int i : {0, 1}) {
    Award one = lawful(platform, month + 1 + 3 * i, fmt::format("{}-{}", id, i + 1));
    one.instrument = "window-" + id;
    award(world, one);
    if (i == 1) world.plant("S02", one.id);
  }
}

void withoutGrade(World& world, Platform& platform, int month, const std::string& id) {
  publishInstrument(world, "graded-" + id, month, 0, "UNQUALIFIED");  // which nobody is
  Award one = lawful(platform, month + 1, id);
  one.instrument = "graded-" + id;
  bent(world, one, "S03", {});
}

void invoiceTwice(World& world, Platform& platform, int month, const std::string& id) {
  for (int i : {0, 1}) {
    Award one = lawful(platform, month + i, fmt::format("{}-{}", id, i + 1));
    one.bend = [id](Spend& what, int number) {
      if (number == 0) what.invoice = "X-" + id + "-INV";
    };
    award(world, one);
  }
  world.plant("S04", fmt::format("invoice X-{}-INV", id));
}

void assetTwice(World& world, Platform& platform, int month, const std::string& id) {
  for (int i : {0, 1}) {
    Award one = lawful(platform, month + i, fmt::format("{}-{}", id, i + 1));
    one.bend = [id, i](Spend& what, int number) {
      if (number == 0) what.asset = "X-" + id + "-E";
      what.installed = i == 0;
    };
    award(world, one);
  }
  world.plant("S05", fmt::format("asset X-{}-E", id));
}

void invoiceVoided(World& world, Platform& platform, int month, const std::string& id) {
  std::string number = "X-" + id + "-INV";
  Award one = lawful(platform, month, id);
  one.bend = [number](Spend& what, int purchase) {
    if (purchase == 0) what.invoice = number;
  };
  award(world, one);
  world.at(month + 5, World::Funded, [&world, &platform, number](int m) {
    world.record({world.treasury.key}, world.day(m, 19), platform, [&](Body body) {
      auto event = body.initInvoiceVoided();
      event.setInvoice(number);
      event.setSource("全国增值税发票查验平台（模拟）");
    });
  });
  world.plant("S06", "invoice " + number);
}

void diverted(World& world, Platform& platform, int month, const std::string& id) {
  bent(world, lawful(platform, month, id), "S07", [](Spend& what, int number) {
    if (number == 1) what.line = "hospitality";
  });
}

void overspent(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  one.spentFen = one.fen + 100;
  bent(world, one, "S09", {});
}

void lineOverspent(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id + "-L");
  one.materialsFen = one.fen / 2;
  award(world, one);  // all of it on materials
  world.plant("S09", one.id + " materials");
}

void afterPeriod(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  one.spentFen = one.fen - 100;
  bent(world, one, "S10", {});
  world.at(month + 12, World::Own, [&world, one](int m) {
    Spend late;
    late.fen = 100;
    late.invoiced = world.day(m, 5);
    late.paid = world.day(m, 15);
    purchase(world, one, late);
  });
}

void beforePeriod(World& world, Platform& platform, int month, const std::string& id) {
  std::int32_t early = events::addDays(world.day(month, 1), -20);
  bent(world, lawful(platform, month, id), "S11", [early](Spend& what, int number) {
    if (number == 3) what.invoiced = early;
  });
}

void idle(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  one.spentFen = one.fen / 2;
  bent(world, one, "S12", {});
}

void noAccount(World& world, Platform& platform, int month, const std::string& id) {
  bent(world, lawful(platform, month, id), "S15", [](Spend& what, int) { what.ownAccount = false; });
}

void notInstalled(World& world, Platform& platform, int month, const std::string& id) {
  bent(world, lawful(platform, month, id), "S17", [id](Spend& what, int number) {
    if (number != 3) return;
    what.asset = "X-" + id + "-E";
    what.line = "equipment";
    what.installed = false;
  });
}

void disposedOf(World& world, Platform& platform, int month, const std::string& id) {
  std::string asset = "X-" + id + "-E";
  Award one = lawful(platform, month, id);
  one.bend = [asset](Spend& what, int number) {
    if (number == 0) what.asset = asset;
  };
  award(world, one);
  world.at(month + 8, World::Own, [&world, &platform, asset](int m) {
    world.record({platform.actor.key}, world.day(m, 23), platform, [&](Body body) {
      auto event = body.initAssetDisposed();
      event.setAsset(asset);
      event.setMode(schema::DisposalMode::SOLD);
      event.setProceedsFen(1'000'000);
    });
  });
  world.plant("S18", "asset " + asset);
}

void relatedSupplier(World& world, Platform& platform, int month, const std::string& id) {
  Actor supplier = world.newcomer(month, platform, {schema::PartyKind::ENTERPRISE, {}});
  relate(world, platform, supplier.party, month);
  bent(world, lawful(platform, month, id), "S19", [supplier](Spend& what, int number) {
    if (number == 2) what.supplier = supplier.party;
  });
}

void notTendered(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  one.fen = 48'000'000;
  bent(world, one, "S20", [](Spend& what, int number) {
    what.tendered = false;
    what.fen = number == 0 ? 42'000'000 : 2'000'000;
  });
}

// Two purchases of one day from one supplier, together above the threshold.
void splitPurchase(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id + "-S");
  one.fen = 56'000'000;
  one.spentFen = one.fen - 21'000'000;
  one.bend = [](Spend& what, int number) { what.fen = number == 0 ? 21'000'000 : 14'000'000 / 3; };
  std::string supplier = world.suppliers.front().party;
  one.bend = [supplier, bend = one.bend](Spend& what, int number) {
    bend(what, number);
    if (number == 0) what.supplier = supplier;
  };
  award(world, one);
  world.at(month + 3, World::Own, [&world, one, supplier](int m) {
    Spend second;
    second.fen = 21'000'000;
    second.supplier = supplier;
    second.invoiced = world.day(m, 6);
    second.paid = world.day(m, 16);
    purchase(world, one, second);
  });
  world.plant("S20", one.id);
}

void noPaymentSlip(World& world, Platform& platform, int month, const std::string& id) {
  bent(world, lawful(platform, month, id), "S21", [](Spend& what, int number) { what.paymentSlip = number != 3; });
}

void evaluatorSupplied(World& world, Platform& platform, int month, const std::string& id) {
  bent(world, lawful(platform, month, id), "S25", [&world](Spend& what, int number) {
    if (number == 1) what.supplier = world.evaluator.party;
  });
}

// What a public list says was spent of an award that its parties recorded: an importer adds it.
void listedSpend(World& world, Platform& platform, int month, const std::string& id, std::int64_t fen) {
  Award one = lawful(platform, month, id);
  award(world, one);
  world.at(month + 8, World::Checked, [&world, one, fen](int m) {
    std::uint64_t index = world.writer.addEvent({world.importer.key}, world.day(m, 20), one.platform->division,
                                                [&](schema::Event::Builder event) {
                                                  event.setSource("simulated-list#" + one.id);
                                                  auto body = event.initBody().initExpenditureRecorded();
                                                  body.setAward(one.id);
                                                  body.setSpender(one.platform->actor.party);
                                                  body.setBasis(schema::ExpenditureBasis::LIST_TOTAL);
                                                  body.setClaimFen(fen);
                                                });
    world.plant("P69", fmt::format("ExpenditureRecorded {}", index));
  });
}

void negativeSpend(World& world, Platform& platform, int month, const std::string& id) {
  listedSpend(world, platform, month, id, -100);
  world.plant("S28", lawful(platform, month, id).id);
}

void importedOver(World& world, Platform& platform, int month, const std::string& id) {
  listedSpend(world, platform, month, id, 100);
  world.plant("S09", lawful(platform, month, id).id);  // the parties had spent it all
}

}  // namespace

Award lawful(Platform& platform, int month, const std::string& id) {
  Award one{&platform, "X-" + id};
  one.fen = kFen;
  one.month = month;
  return one;
}

std::vector<Violation> awardViolations() {
  return {
      {"S01", 14, overCap},         {"S02", 18, twiceInWindow},     {"S03", 15, withoutGrade},
      {"S04", 15, invoiceTwice},    {"S05", 15, assetTwice},        {"S06", 14, invoiceVoided},
      {"S07", 14, diverted},        {"S09", 14, overspent},         {"S09", 14, lineOverspent},
      {"S10", 14, afterPeriod},     {"S11", 14, beforePeriod},      {"S12", 14, idle},
      {"S15", 14, noAccount},       {"S17", 14, notInstalled},      {"S18", 14, disposedOf},
      {"S19", 14, relatedSupplier}, {"S20", 14, notTendered},       {"S20", 14, splitPurchase},
      {"S21", 14, noPaymentSlip},   {"S25", 14, evaluatorSupplied}, {"S28", 14, negativeSpend},
      {"P69", 14, importedOver},
  };
}

}  // namespace pilotledger::simulate
