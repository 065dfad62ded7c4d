// Violations around rights in pledge, and aid to finance.
#include <fmt/format.h>

#include "tools/simulate/life.h"
#include "tools/simulate/violations.h"

namespace pilotledger::simulate {
namespace {

// A deal on a right of its own, recorded two months before.
Deal lawful(World& world, Platform& platform, int month, const std::string& id) {
  Deal deal{&platform.clients.front(), "X-" + id, world.newPatent(month)};
  deal.bank = platform.city % world.banks.size();
  deal.fen = 100'000'000;
  deal.month = month + 2;
  deal.debtMonths = 6;
  recordPatent(world, platform, month, *deal.client, deal.patent);
  return deal;
}

void planted(World& world, Platform& platform, const Deal& deal, const char* code) {
  pledgePatent(world, platform, deal);
  world.plant(code, deal.id);
}

void unknownRegistration(World& world, Platform& platform, int month, const std::string& id) {
  Deal deal = lawful(world, platform, month, id);
  observe(world, platform, month + 1, *deal.client, deal.patent, "PE01", "X-" + id, 0);
  world.plant("P51", fmt::format("ip {} PE01", deal.patent));
}

// Seen in the register while in pledge; the pledgee consents only afterwards.
void transferredInPledge(World& world, Platform& platform, int month, const std::string& id) {
  Deal deal = lawful(world, platform, month, id);
  pledgePatent(world, platform, deal);
  observe(world, platform, deal.month + 2, *deal.client, deal.patent, "TR01", "", 0);
  const Actor& buyer = platform.clients.back().actor;
  transferPatent(world, platform, deal.month + 3, deal.patent,
                 {deal.client->actor.key, buyer.key, world.banks[deal.bank].key}, buyer.party);
  world.plant("P52", fmt::format("ip {} TR01", deal.patent));
}

void pledgedTwice(World& world, Platform& platform, int month, const std::string& id) {
  Deal deal = lawful(world, platform, month, id);
  pledgePatent(world, platform, deal);
  agreePledge(world, platform, deal, deal.id + "-2", deal.month + 2);
  world.plant("P53", deal.id + "-2");
}

void feesUnpaid(World& world, Platform& platform, int month, const std::string& id) {
  Deal deal = lawful(world, platform, month, id);
  deal.repaid = false;
  deal.debtMonths = 60;
  pledgePatent(world, platform, deal);
  observe(world, platform, deal.month, *deal.client, deal.patent, "FEE", "", 1);
  world.plant("P54", "ip " + deal.patent);
}

void lentTooMuch(World& world, Platform& platform, int month, const std::string& id) {
  Deal deal = lawful(world, platform, month, id);
  deal.valuePercent = 120;
  planted(world, platform, deal, "P55");
}

void valuedLongAgo(World& world, Platform& platform, int month, const std::string& id) {
  Deal deal = lawful(world, platform, month, id);
  deal.valuedBefore = 14;
  planted(world, platform, deal, "P56");
}

void registeredLate(World& world, Platform& platform, int month, const std::string& id) {
  Deal deal = lawful(world, platform, month, id);
  deal.registeredAfter = 2;
  planted(world, platform, deal, "P57");
}

void releasedLate(World& world, Platform& platform, int month, const std::string& id) {
  Deal deal = lawful(world, platform, month, id);
  deal.releasedAfter = 3;
  planted(world, platform, deal, "P58");
}

void securityLost(World& world, Platform& platform, int month, const std::string& id) {
  Deal deal = lawful(world, platform, month, id);
  deal.repaid = false;
  deal.debtMonths = 60;
  pledgePatent(world, platform, deal);
  observe(world, platform, deal.month + 2, *deal.client, deal.patent, "CF01", "", 0);
  world.plant("P59", "loan L-" + deal.id);
}

void aidAboveCost(World& world, Platform& platform, int month, const std::string& id) {
  insure(world, platform, month, "X-" + id, 2'000'000);
  aidPremium(world, platform, month + 1, "X-" + id, 3'000'000);
  world.plant("P60", "insurance X-" + id);
}

}  // namespace

std::vector<Violation> pledgeViolations() {
  return {
      {"P51", 2, unknownRegistration}, {"P52", 9, transferredInPledge}, {"P53", 9, pledgedTwice},
      {"P54", 6, feesUnpaid},          {"P55", 9, lentTooMuch},         {"P56", 9, valuedLongAgo},
      {"P57", 9, registeredLate},      {"P58", 12, releasedLate},       {"P59", 5, securityLost},
      {"P60", 2, aidAboveCost},
  };
}

}  // namespace pilotledger::simulate
