// Technology contracts, what contributors get of them, stakes taken for technology.
#include <fmt/format.h>

#include "tools/simulate/life.h"

namespace pilotledger::simulate {
namespace {

std::int64_t techOf(const Contract& contract) { return contract.totalFen / 10 * 9; }

void sign(World& world, const Platform& platform, int m, const Contract& contract) {
  world.record({contract.seller.key, contract.buyer.key}, world.day(m, 10), platform, [&](Body body) {
    auto event = body.initTechContractSigned();
    event.setContract(contract.id);
    event.setContractType(static_cast<schema::ContractType>(world.writer.draw().between(1, 5)));
    event.setSeller(contract.seller.party);
    event.setBuyer(contract.buyer.party);
    if (contract.ofPlatform) event.setPlatform(platform.id);
    event.setTotalFen(contract.totalFen);
    event.setTechFen(techOf(contract));
    event.setPricing(schema::PricingMode::NEGOTIATED);
    event.setValidTo(world.day(m + contract.validMonths, 10));
    if (contract.noticeDays > 0) {
      event.setNoticeFrom(world.day(m - 1, 1));
      event.setNoticeTo(world.day(m - 1, contract.noticeDays));
    }
    auto terms = event.initTerms(2);
    for (unsigned i = 0; i < 2; ++i) {
      terms[i].setMode(schema::PaymentMode::INSTALMENT);
      terms[i].setDue(world.day(m + 3 * static_cast<int>(i), 20));
      terms[i].setAmountFen(i == 0 ? contract.totalFen / 3 : contract.totalFen - contract.totalFen / 3);
    }
  });
}

void registerContract(World& world, const Platform& platform, int m, const Contract& contract) {
  world.record({world.registrar.key}, world.day(m, 22), platform, [&](Body body) {
    auto event = body.initTechContractRegistered();
    event.setContract(contract.id);
    event.setRegNo("REG-" + contract.id);
    event.setConfirmedTotalFen(contract.totalFen);
    event.setConfirmedTechFen(techOf(contract) - contract.confirmedLessFen);
    event.setExpertReview(contract.reviewed);
  });
}

void amend(World& world, const Platform& platform, int m, const Contract& contract) {
  world.record({contract.seller.key, contract.buyer.key}, world.day(m, 15), platform, [&](Body body) {
    auto event = body.initTechContractAmended();
    event.setContract(contract.id);
    event.setSeller(contract.seller.party);
    event.setBuyer(contract.buyer.party);
    event.setTotalFen(contract.totalFen / 10 * 9);
    event.setTechFen(techOf(contract) / 10 * 9);
    event.setReason("减少交付内容");
  });
}

}  // namespace

void signContract(World& world, const Platform& platform, int month, const Contract& contract) {
  world.at(month, World::Joint, [&world, &platform, contract](int m) { sign(world, platform, m, contract); });
  if (contract.registeredAfter < 0) return;
  world.at(month + contract.registeredAfter, World::Checked,
           [&world, &platform, contract](int m) { registerContract(world, platform, m, contract); });
}

void endContract(World& world, const Platform& platform, int month, const Contract& contract, schema::ContractEnd end,
                 bool taxReliefUsed) {
  world.at(month, World::Joint, [&world, &platform, contract, end, taxReliefUsed](int m) {
    world.record({contract.seller.key, contract.buyer.key}, world.day(m, 17), platform, [&](Body body) {
      auto event = body.initTechContractEnded();
      event.setContract(contract.id);
      event.setSeller(contract.seller.party);
      event.setBuyer(contract.buyer.party);
      event.setEnd(end);
      event.setTaxReliefUsed(taxReliefUsed);
      event.setReason(end == schema::ContractEnd::COMPLETED ? "履行完毕" : "协商解除");
    });
  });
}

void distribute(World& world, const Platform& platform, int month, const Distribution& what) {
  world.at(month, World::Own, [&world, &platform, what](int m) {
    std::int64_t contributors = what.netFen / 100 * what.percent;
    world.record({platform.actor.key}, world.day(m, 8), platform, [&](Body body) {
      auto event = body.initIncomeDistributionResolved();
      event.setResolution(what.id);
      event.setInstitution(platform.actor.party);
      event.setPlatform(platform.id);
      event.setContract(what.contract);
      event.setNetFen(what.netFen);
      event.setContributorFen(contributors);
      event.setContributors(static_cast<std::uint16_t>(world.writer.draw().between(2, 9)));
      if (what.noticeDays == 0) return;
      event.setNoticeFrom(world.day(m - 1, 1));
      event.setNoticeTo(world.day(m - 1, what.noticeDays));
    });
    world.record({platform.actor.key}, world.day(m, 18), platform, [&](Body body) {
      auto event = body.initIncomeDistributionPaid();
      event.setResolution(what.id);
      event.setInstitution(platform.actor.party);
      event.setAmountFen(contributors);
      event.setRecipientsCommitment(bytesOf(world.writer.draw().digest()));
    });
  });
}

void takeEquity(World& world, const Platform& platform, int month, const std::string& stake, const Actor& investee,
                const std::string& valuationRef) {
  world.at(month, World::Joint, [&world, &platform, stake, investee, valuationRef](int m) {
    world.record({platform.actor.key, investee.key}, world.day(m, 13), platform, [&](Body body) {
      auto event = body.initEquityTaken();
      event.setStake(stake);
      event.setPlatform(platform.id);
      event.setInvestee(investee.party);
      event.setShareBp(static_cast<std::int32_t>(world.writer.draw().between(500, 3000)));
      event.setValuationFen(world.writer.draw().amount(500'000, 6'000'000));
      event.setValuationRef(valuationRef);
    });
  });
}

namespace {

// An incubated firm: a stake in it, its graduation, a dividend that comes in as a receipt.
void incubate(World& world, Platform& platform, int month) {
  Actor firm = world.newcomer(month, platform, {schema::PartyKind::ENTERPRISE, {schema::Role::CUS}});
  std::string stake = fmt::format("K{}-{}", platform.id, ++platform.serial);
  takeEquity(world, platform, month, stake, firm, "PG-" + stake);
  world.at(month + 10, World::Joint, [&world, &platform, firm, month](int m) {
    world.record({platform.actor.key, firm.key}, world.day(m, 23), platform, [&](Body body) {
      auto event = body.initIncubateeGraduated();
      event.setPlatform(platform.id);
      event.setFirm(firm.party);
      event.setEnteredOn(world.day(month, 1));
      event.setAnnualSalesFen(world.writer.draw().amount(1'000'000, 30'000'000));
    });
  });
  world.at(month + 12, World::Own, [&world, &platform, stake, firm](int m) {
    AppendReceipt receipt{platform.id, schema::RevenueStream::INVESTMENT_RETURN,    firm.party, "",
                          "",          world.writer.draw().amount(20'000, 900'000), 17};
    receive(world, platform, m, receipt);
    EventId cash = world.writer.lastId();
    world.record({platform.actor.key}, world.day(m, 18), platform, [&](Body body) {
      auto event = body.initInvestmentReturned();
      event.setStake(stake);
      event.setKind(schema::ReturnKind::DIVIDEND);
      event.setAmountFen(receipt.netFen);
      event.setReceipt(capnp::Data::Reader(cash.data(), cash.size()));
    });
  });
}

}  // namespace

void platformContracts(World& world, Platform& platform) {
  Random& draw = world.writer.draw();
  for (int month = platform.begins + 3; month < world.lastMonth(platform); ++month) {
    if (month % 6 == 3 && draw.chance(15)) incubate(world, platform, month);
    if (month % 6 != 1) continue;
    Contract one{fmt::format("C{}-{}", platform.id, ++platform.serial), platform.actor,
                 platform.clients[draw.bits() % platform.clients.size()].actor};
    one.totalFen = draw.amount(100'000, 9'000'000);
    one.registeredAfter = draw.chance(80) ? 0 : -1;
    signContract(world, platform, month, one);
    world.at(month, World::Joint, [&platform, one](int) { platform.lastContract = one.id; });
    bool terminated = draw.chance(10);
    if (!terminated && draw.chance(15))
      world.at(month + 3, World::Joint, [&world, &platform, one](int m) { amend(world, platform, m, one); });
    endContract(world, platform, month + (terminated ? 5 : 11), one,
                terminated ? schema::ContractEnd::TERMINATED : schema::ContractEnd::COMPLETED, false);
    if (!terminated && draw.chance(30))
      distribute(world, platform, month + 8, {"D-" + one.id, one.id, one.totalFen / 2});
  }
}

}  // namespace pilotledger::simulate
