// A client's rights, the pledges on them and the loans they secure. Most loans are repaid; some
// pledges are enforced, some registrations void from the start.
#include <fmt/format.h>

#include "events/base/civil_date.h"
#include "tools/simulate/life.h"

namespace pilotledger::simulate {
namespace {

void value(World& world, const Platform& platform, const Deal& deal) {
  world.at(deal.month - 1, World::Checked, [&world, &platform, deal](int m) {
    world.record({world.evaluator.key}, world.day(m, 20), platform, [&](Body body) {
      auto event = body.initIpValued();
      event.setReportNo("PG-" + deal.id);
      event.setEvaluator(world.evaluator.party);
      event.initIps(1).set(0, deal.patent);
      event.setValueFen(deal.fen / 100 * deal.valuePercent);
      event.setMethod(schema::ValuationMethod::INCOME);
      event.setBaseDate(world.day(m - deal.valuedBefore, 1));
    });
  });
}

void registerPledge(World& world, const Platform& platform, const Deal& deal, int m) {
  world.record({deal.client->actor.key, world.banks[deal.bank].key}, world.day(m, 16), platform, [&](Body body) {
    auto event = body.initPledgeRegistered();
    event.setPledge(deal.id);
    event.setAsset(deal.patent);
    event.setRegNo("SIM" + deal.id);
  });
}

void lend(World& world, const Platform& platform, const Deal& deal, int m) {
  const Actor& bank = world.banks[deal.bank];
  Signers both{deal.client->actor.key, bank.key};
  world.record(both, world.day(m, 18), platform, [&](Body body) {
    auto event = body.initLoanGranted();
    event.setLoan("L-" + deal.id);
    event.setBank(bank.party);
    event.setDebtor(deal.client->actor.party);
    event.setProduct(schema::LoanProduct::IP_PLEDGE);
    event.setAmountFen(deal.fen);
    event.setRateBp(380);
    event.setMaturity(world.day(deal.month + deal.debtMonths, 7));
    event.setPledge(deal.id);
    event.setPlatform(platform.id);
  });
  world.record(both, world.day(m, 19), platform, [&](Body body) {
    auto event = body.initLoanDrawn();
    event.setLoan("L-" + deal.id);
    event.setDebtor(deal.client->actor.party);
    event.setAmountFen(deal.fen);
  });
}

void repay(World& world, const Platform& platform, const Deal& deal, int m) {
  world.record({world.banks[deal.bank].key}, world.day(m, 6), platform, [&](Body body) {
    auto event = body.initLoanRepaid();
    event.setLoan("L-" + deal.id);
    event.setDebtor(deal.client->actor.party);
    event.setPrincipalFen(deal.fen);
    event.setInterestFen(deal.fen * 38 / 1000);
    event.setPaidFen(deal.fen + deal.fen * 38 / 1000);
  });
}

void release(World& world, const Platform& platform, const Deal& deal, int m) {
  world.record({world.banks[deal.bank].key}, world.day(m, 9), platform, [&](Body body) {
    auto event = body.initPledgeReleased();
    event.setPledge(deal.id);
    event.initAssets(1).set(0, deal.patent);
    event.setReason(schema::ReleaseReason::PERFORMED);
  });
}

void classify(World& world, const Platform& platform, const Deal& deal, int month, schema::LoanClass as) {
  world.at(month, World::Checked, [&world, &platform, deal, as](int m) {
    world.record({world.banks[deal.bank].key}, world.day(m, 3), platform, [&](Body body) {
      auto event = body.initLoanClassified();
      event.setLoan("L-" + deal.id);
      event.setClass(as);
    });
  });
}

// The treasury pays half of the interest once it was paid.
void aidInterest(World& world, const Platform& platform, const Deal& deal, int month) {
  world.at(month, World::Funded, [&world, &platform, deal](int m) {
    world.record({world.townTreasuries[platform.city].key}, world.day(m, 21), platform, [&](Body body) {
      auto event = body.initFinanceAidPaid();
      event.setAid("AID-" + deal.id);
      event.setKind(schema::AidKind::INTEREST);
      event.setRecipient(deal.client->actor.party);
      event.setLoan("L-" + deal.id);
      event.setAmountFen(deal.fen * 19 / 1000);
    });
  });
}

void amendPledge(World& world, const Platform& platform, const Deal& deal, int month) {
  world.at(month, World::Joint, [&world, &platform, deal](int m) {
    world.record({deal.client->actor.key, world.banks[deal.bank].key}, world.day(m, 20), platform, [&](Body body) {
      auto event = body.initPledgeAmended();
      event.setPledge(deal.id);
      event.setAmountFen(deal.fen / 10 * 9);
      event.setReason("担保金额变更");
      event.setChangedOn(world.day(m, 10));
    });
  });
}

// The loan goes bad; the pledgee sells the right, which pays the debt.
void enforce(World& world, const Platform& platform, const Deal& deal, int month) {
  classify(world, platform, deal, month - 3, schema::LoanClass::SUBSTANDARD);
  world.at(month, World::Checked, [&world, &platform, deal](int m) {
    world.record({world.banks[deal.bank].key}, world.day(m, 9), platform, [&](Body body) {
      auto event = body.initPledgeEnforced();
      event.setPledge(deal.id);
      event.initAssets(1).set(0, deal.patent);
      event.setMode(schema::EnforcementMode::AUCTION);
      event.setProceedsFen(deal.fen);
    });
    repay(world, platform, deal, m);
  });
}

// Registered though it should have been refused: void from the start, so no money was lent.
void revoke(World& world, const Platform& platform, const Deal& deal) {
  value(world, platform, deal);
  agreePledge(world, platform, deal, deal.id, deal.month);
  world.at(deal.month, World::Joint, [&world, &platform, deal](int m) { registerPledge(world, platform, deal, m); });
  world.at(deal.month + 1, World::Checked, [&world, &platform, deal](int m) {
    world.record({world.registrar.key}, world.day(m, 11), platform, [&](Body body) {
      auto event = body.initPledgeRevoked();
      event.setPledge(deal.id);
      event.initAssets(1).set(0, deal.patent);
      event.setGround("出质人提供虚假材料");
    });
  });
}

// A second right: licensed to the platform, frozen by a court for a month, sold to another client.
void trade(World& world, Platform& platform, Client& client, int month) {
  std::string patent = world.newPatent(month);
  recordPatent(world, platform, month, client, patent);
  world.at(month + 2, World::Joint, [&world, &platform, &client, patent](int m) {
    world.record({client.actor.key, platform.actor.key}, world.day(m, 12), platform, [&](Body body) {
      auto event = body.initIpLicensed();
      event.setLicence("LC-" + patent);
      event.setIp(patent);
      event.setLicensee(platform.actor.party);
      event.setFrom(world.day(m, 12));
      event.setTo(world.day(m + 36, 11));
      event.setFeeFen(world.writer.draw().amount(20'000, 400'000));
    });
  });
  for (bool lifted : {false, true}) {
    world.at(month + (lifted ? 5 : 4), World::Checked, [&world, &platform, patent, lifted](int m) {
      world.record({world.auditor.key}, world.day(m, 9), platform, [&](Body body) {
        auto event = body.initPreservationNoted();
        event.setIp(patent);
        event.setCourt("模拟市中级人民法院");
        event.setCaseNo("（模拟）执保1号");
        event.setLifted(lifted);
        event.setFrom(world.day(m, 9));
      });
    });
  }
  const Client& buyer = &client == &platform.clients.front() ? platform.clients.back() : platform.clients.front();
  transferPatent(world, platform, month + 8, patent, {client.actor.key, buyer.actor.key}, buyer.actor.party);
}

}  // namespace

void recordPatent(World& world, const Platform& platform, int month, const Client& client, const std::string& patent) {
  world.at(month, World::Own, [&world, &platform, &client, patent](int m) {
    world.record({client.actor.key}, world.day(m, 4), platform, [&](Body body) {
      auto event = body.initIpAssetRecorded();
      event.setNumber(patent);
      event.setKind(schema::IpKind::INVENTION);
      event.setTitle("模拟发明");
      event.initOwners(1)[0].setParty(client.actor.party);
      event.setFiledOn(world.day(m, 1));
    });
  });
}

void agreePledge(World& world, const Platform& platform, const Deal& deal, const std::string& pledge, int month) {
  world.at(month, World::Joint, [&world, &platform, deal, pledge](int m) {
    const Actor& bank = world.banks[deal.bank];
    world.record({deal.client->actor.key, bank.key}, world.day(m, 7), platform, [&](Body body) {
      auto event = body.initPledgeAgreed();
      event.setPledge(pledge);
      event.initAssets(1).set(0, deal.patent);
      event.initPledgors(1).set(0, deal.client->actor.party);
      event.setPledgee(bank.party);
      event.setClaimKind(schema::ClaimKind::LOAN);
      event.setAmountFen(deal.fen);
      event.setDebtFrom(world.day(m, 7));
      event.setDebtTo(world.day(m + deal.debtMonths, 7));
      event.setScope("本金、利息及实现债权的费用");
    });
  });
}

void observe(World& world, const Platform& platform, int month, const Client& client, const std::string& patent,
             const std::string& code, const std::string& reference, int feeMonths) {
  world.at(month, World::Own, [&world, &platform, &client, patent, code, reference, feeMonths](int m) {
    world.record({client.actor.key}, world.day(m, 22), platform, [&](Body body) {
      auto event = body.initIpStatusObserved();
      event.setIp(patent);
      event.setCode(code);
      event.setEffectiveOn(world.day(m, 22));
      event.setSource("专利登记簿（模拟）");
      event.setReference(reference);
      if (feeMonths > 0) event.setFeePaidTo(world.day(m + feeMonths, 1));
    });
  });
}

void transferPatent(World& world, const Platform& platform, int month, const std::string& patent,
                    const Signers& signers, const std::string& owner) {
  world.at(month, World::Joint, [&world, &platform, patent, signers, owner](int m) {
    world.record(signers, world.day(m, 15), platform, [&](Body body) {
      auto event = body.initIpTransferred();
      event.setIp(patent);
      event.initOwners(1)[0].setParty(owner);
      event.setPriceFen(world.writer.draw().amount(50'000, 900'000));
    });
  });
}

void pledgePatent(World& world, const Platform& platform, const Deal& deal) {
  value(world, platform, deal);
  agreePledge(world, platform, deal, deal.id, deal.month);
  world.at(deal.month + deal.registeredAfter, World::Joint, [&world, &platform, deal](int m) {
    registerPledge(world, platform, deal, m);
    lend(world, platform, deal, m);
  });
  if (!deal.repaid) return;
  world.at(deal.month + deal.debtMonths, World::Checked,
           [&world, &platform, deal](int m) { repay(world, platform, deal, m); });
  world.at(deal.month + deal.debtMonths + deal.releasedAfter, World::Checked,
           [&world, &platform, deal](int m) { release(world, platform, deal, m); });
}

void clientFinance(World& world, Platform& platform, Client& client) {
  Random& draw = world.writer.draw();
  int begins = platform.begins + 6 + static_cast<int>(draw.between(0, 5));
  std::string patent = world.newPatent(begins);
  recordPatent(world, platform, begins, client, patent);
  for (int month = begins + 1; month < world.months(); month += 12)
    observe(world, platform, month, client, patent, "FEE", "", 26);
  int round = 0;
  for (int month = begins + 2; month + 13 < world.months(); month += 15, ++round) {
    Deal deal{&client, fmt::format("Z{}-{}", client.actor.key, round), patent};
    deal.bank = draw.bits() % world.banks.size();
    deal.fen = draw.amount(500'000, 8'000'000);
    deal.month = month;
    if (draw.chance(8)) {
      revoke(world, platform, deal);
      continue;
    }
    deal.repaid = !draw.chance(6);
    pledgePatent(world, platform, deal);
    observe(world, platform, month + 1, client, patent, "PE01", "SIM" + deal.id, 0);
    classify(world, platform, deal, month + 6, schema::LoanClass::PASS);
    if (draw.chance(20)) amendPledge(world, platform, deal, month + 8);
    if (!deal.repaid) {
      enforce(world, platform, deal, month + deal.debtMonths);
      break;  // the right is sold
    }
    observe(world, platform, month + deal.debtMonths + 1, client, patent, "PC01", "SIM" + deal.id, 0);
    if (draw.chance(40)) aidInterest(world, platform, deal, month + deal.debtMonths + 1);
  }
  if (draw.chance(50)) trade(world, platform, client, begins + 3);
}

}  // namespace pilotledger::simulate
