// Insurance, guarantees, leases, funds and bonds around a platform.
#include <fmt/format.h>

#include "tools/simulate/life.h"

namespace pilotledger::simulate {
namespace {

void guarantee(World& world, Platform& platform, int month) {
  std::string id = fmt::format("G{}-{}", platform.id, month);
  world.at(month, World::Joint, [&world, &platform, id](int m) {
    const Actor& debtor = platform.clients.front().actor;
    world.record({world.guarantor.key, debtor.key}, world.day(m, 9), platform, [&](Body body) {
      auto event = body.initGuaranteeIssued();
      event.setGuarantee(id);
      event.setGuarantor(world.guarantor.party);
      event.setDebtor(debtor.party);
      event.setAmountFen(world.writer.draw().amount(300'000, 3'000'000));
      event.setFeeFen(2'000'000);
      event.setValidTo(world.day(m + 12, 9));
    });
  });
  world.at(month + 1, World::Funded, [&world, &platform, id](int m) {
    world.record({world.townTreasuries[platform.city].key}, world.day(m, 22), platform, [&](Body body) {
      auto event = body.initFinanceAidPaid();
      event.setAid("AID-" + id);
      event.setKind(schema::AidKind::GUARANTEE_FEE);
      event.setRecipient(platform.clients.front().actor.party);
      event.setGuarantee(id);
      event.setAmountFen(1'000'000);
    });
  });
}

// Equipment that no award paid for is leased.
void lease(World& world, Platform& platform, int month) {
  std::string asset = fmt::format("LE-{}-{}", platform.id, month);
  world.at(month, World::Own,
           [&world, &platform, asset](int m) { installAsset(world, platform, world.day(m, 8), asset, ""); });
  world.at(month + 1, World::Joint, [&world, &platform, asset](int m) {
    world.record({world.lessor.key, platform.actor.key}, world.day(m, 9), platform, [&](Body body) {
      auto event = body.initLeaseRegistered();
      event.setLease("LS-" + asset);
      event.setLessor(world.lessor.party);
      event.setLessee(platform.actor.party);
      event.initAssets(1).set(0, asset);
      event.setAmountFen(world.writer.draw().amount(200'000, 5'000'000));
      event.setRegistryNo("ZD-" + asset);
      event.setTo(world.day(m + 36, 9));
    });
  });
}

void invest(World& world, Platform& platform, int month) {
  world.at(month, World::Joint, [&](int m) {
    const Actor& investee = platform.clients.back().actor;
    world.record({world.fund.key, investee.key}, world.day(m, 19), platform, [&](Body body) {
      auto event = body.initFundInvested();
      event.setInvestment(fmt::format("FI{}-{}", platform.id, m));
      event.setFund(world.fund.party);
      event.setInvestee(investee.party);
      event.setPlatform(platform.id);
      event.setAmountFen(world.writer.draw().amount(1'000'000, 20'000'000));
      event.setShareBp(static_cast<std::int32_t>(world.writer.draw().between(300, 2500)));
    });
  });
}

void allocateBond(World& world, Platform& platform, int month) {
  world.at(month, World::Funded, [&](int m) {
    world.record({world.treasury.key}, world.day(m, 23), platform, [&](Body body) {
      auto event = body.initBondProceedsAllocated();
      event.setAllocation(fmt::format("BD{}-{}", platform.id, m));
      event.setBond(world.writer.draw().chance(50) ? schema::BondKind::ULTRA_LONG_TREASURY
                                                   : schema::BondKind::LOCAL_GOVERNMENT);
      event.setRecipient(platform.actor.party);
      event.setPlatform(platform.id);
      event.setAmountFen(world.writer.draw().amount(2'000'000, 30'000'000));
      event.setDocNo(fmt::format("模拟债〔{}〕3号", world.yearOf(m)));
    });
  });
}

}  // namespace

void insure(World& world, const Platform& platform, int month, const std::string& policy, std::int64_t premiumFen) {
  world.at(month, World::Joint, [&world, &platform, policy, premiumFen](int m) {
    world.record({world.insurer.key, platform.actor.key}, world.day(m, 5), platform, [&](Body body) {
      auto event = body.initInsuranceIssued();
      event.setPolicyNo(policy);
      event.setInsurer(world.insurer.party);
      event.setInsured(platform.actor.party);
      event.setKind(schema::InsuranceKind::PILOT);
      event.setSumFen(premiumFen * 100);
      event.setPremiumFen(premiumFen);
      event.setFrom(world.day(m, 6));
      event.setTo(world.day(m + 12, 5));
    });
  });
}

void aidPremium(World& world, const Platform& platform, int month, const std::string& policy, std::int64_t fen) {
  world.at(month, World::Funded, [&world, &platform, policy, fen](int m) {
    world.record({world.townTreasuries[platform.city].key}, world.day(m, 24), platform, [&](Body body) {
      auto event = body.initFinanceAidPaid();
      event.setAid("AID-" + policy);
      event.setKind(schema::AidKind::PREMIUM);
      event.setRecipient(platform.actor.party);
      event.setPolicyNo(policy);
      event.setAmountFen(fen);
    });
  });
}

void platformFinance(World& world, Platform& platform) {
  Random& draw = world.writer.draw();
  for (int month = platform.begins + 5; month < world.lastMonth(platform); month += 12) {
    std::string policy = fmt::format("INS{}-{}", platform.id, month);
    std::int64_t premium = draw.amount(10'000, 120'000);
    insure(world, platform, month, policy, premium);
    if (draw.chance(50)) aidPremium(world, platform, month + 1, policy, premium / 2);
    if (draw.chance(25)) {
      world.at(month + 6, World::Checked, [&world, &platform, policy, premium](int m) {
        world.record({world.insurer.key}, world.day(m, 15), platform, [&](Body body) {
          auto event = body.initInsuranceClaimPaid();
          event.setPolicyNo(policy);
          event.setAmountFen(premium * 20);
          event.setCause("中试失败（模拟）");
        });
      });
    }
    if (draw.chance(30)) guarantee(world, platform, month + 2);
    if (draw.chance(25)) lease(world, platform, month + 3);
    if (draw.chance(20)) invest(world, platform, month + 4);
    if (draw.chance(15)) allocateBond(world, platform, month + 5);
  }
}

}  // namespace pilotledger::simulate
