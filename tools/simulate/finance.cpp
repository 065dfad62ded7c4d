// A client's patents, the pledges on them and the loans they secure.
#include <fmt/format.h>

#include "events/civil_date.h"
#include "tools/simulate/world.h"

namespace pilotledger::simulate {
namespace {

using Body = schema::Event::Body::Builder;

struct Deal {
  std::string patent, pledge, loan;
  std::size_t bank = 0;
  std::int64_t fen = 0;
};

void pledge(World& world, Platform& platform, Client& client, const Deal& deal, int m) {
  const Actor& bank = world.banks[deal.bank];
  Signers both{client.actor.key, bank.key};
  Writer& writer = world.writer;
  writer.add(both, world.day(m, 7), platform.division, [&](Body body) {
    auto event = body.initPledgeAgreed();
    event.setPledge(deal.pledge);
    event.initAssets(1).set(0, deal.patent);
    event.initPledgors(1).set(0, client.actor.party);
    event.setPledgee(bank.party);
    event.setClaimKind(schema::ClaimKind::LOAN);
    event.setAmountFen(deal.fen);
    event.setDebtFrom(world.day(m, 7));
    event.setDebtTo(world.day(m + 13, 7));
    event.setScope("本金、利息及实现债权的费用");
  });
  writer.add(both, world.day(m, 16), platform.division, [&](Body body) {
    auto event = body.initPledgeRegistered();
    event.setPledge(deal.pledge);
    event.setAsset(deal.patent);
    event.setRegNo("SIM" + deal.pledge);
  });
  writer.add(both, world.day(m, 18), platform.division, [&](Body body) {
    auto event = body.initLoanGranted();
    event.setLoan(deal.loan);
    event.setBank(bank.party);
    event.setDebtor(client.actor.party);
    event.setProduct(schema::LoanProduct::IP_PLEDGE);
    event.setAmountFen(deal.fen);
    event.setRateBp(380);
    event.setMaturity(world.day(m + 13, 7));
    event.setPledge(deal.pledge);
    event.setPlatform(platform.id);
  });
  writer.add(both, world.day(m, 19), platform.division, [&](Body body) {
    auto event = body.initLoanDrawn();
    event.setLoan(deal.loan);
    event.setDebtor(client.actor.party);
    event.setAmountFen(deal.fen);
  });
}

void repay(World& world, Platform& platform, Client& client, const Deal& deal, int m) {
  Signers bank{world.banks[deal.bank].key};
  world.writer.add(bank, world.day(m, 6), platform.division, [&](Body body) {
    auto event = body.initLoanRepaid();
    event.setLoan(deal.loan);
    event.setDebtor(client.actor.party);
    event.setPrincipalFen(deal.fen);
    event.setInterestFen(deal.fen * 38 / 1000);
    event.setPaidFen(deal.fen + deal.fen * 38 / 1000);
  });
  world.writer.add(bank, world.day(m, 9), platform.division, [&](Body body) {
    auto event = body.initPledgeReleased();
    event.setPledge(deal.pledge);
    event.initAssets(1).set(0, deal.patent);
    event.setReason(schema::ReleaseReason::PERFORMED);
  });
}

}  // namespace

void clientFinance(World& world, Platform& platform, Client& client) {
  int begins = platform.begins + 6 + static_cast<int>(world.writer.draw().between(0, 5));
  std::uint64_t serial = client.actor.key * 10u;
  std::string patent = inventionNumber(world.yearOf(begins), serial);
  world.at(begins, World::Own, [&world, &platform, &client, patent](int m) {
    world.writer.add({client.actor.key}, world.day(m, 4), platform.division, [&](Body body) {
      auto event = body.initIpAssetRecorded();
      event.setNumber(patent);
      event.setKind(schema::IpKind::INVENTION);
      event.setTitle("模拟发明");
      event.initOwners(1)[0].setParty(client.actor.party);
      event.setFiledOn(world.day(m, 1));
    });
  });
  int round = 0;
  for (int month = begins + 2; month + 13 < world.months(); month += 15, ++round) {
    Deal deal{patent, fmt::format("Z{}-{}", client.actor.key, round), fmt::format("L{}-{}", client.actor.key, round),
              world.writer.draw().bits() % world.banks.size(), world.writer.draw().amount(500'000, 8'000'000)};
    world.at(month, World::Joint, [&world, &platform, &client, deal](int m) { pledge(world, platform, client, deal, m); });
    world.at(month + 13, World::Checked, [&world, &platform, &client, deal](int m) { repay(world, platform, client, deal, m); });
  }
}

}  // namespace pilotledger::simulate
