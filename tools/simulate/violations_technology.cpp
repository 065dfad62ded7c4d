// Violations in technology contracts, the distribution of their income, and stakes.
#include <fmt/format.h>

#include "tools/simulate/life.h"
#include "tools/simulate/violations.h"

namespace pilotledger::simulate {
namespace {

Contract lawful(const Platform& platform, const std::string& id) {
  Contract one{"X-" + id, platform.actor, platform.clients.front().actor};
  return one;
}

void planted(World& world, Platform& platform, int month, const Contract& one, const char* code) {
  signContract(world, platform, month, one);
  world.plant(code, one.id);
}

void relatedBuyer(World& world, Platform& platform, int month, const std::string& id) {
  Contract one = lawful(platform, id);
  one.buyer = world.newcomer(month, platform, {schema::PartyKind::ENTERPRISE, {schema::Role::CUS}});
  relate(world, platform, one.buyer.party, month);
  planted(world, platform, month, one, "P21");
}

void priceNotShown(World& world, Platform& platform, int month, const std::string& id) {
  Contract one = lawful(platform, id);
  one.seller = world.newcomer(month, platform, {schema::PartyKind::INSTITUTION, {schema::Role::OWN}});
  one.ofPlatform = false;
  one.noticeDays = 5;
  planted(world, platform, month, one, "P22");
}

void confirmedLess(World& world, Platform& platform, int month, const std::string& id) {
  Contract one = lawful(platform, id);
  one.confirmedLessFen = 1'000'000;
  planted(world, platform, month, one, "P23");
}

void registeredTooLate(World& world, Platform& platform, int month, const std::string& id) {
  Contract one = lawful(platform, id);
  one.validMonths = 2;
  one.registeredAfter = 3;
  planted(world, platform, month, one, "P24");
}

void notReviewed(World& world, Platform& platform, int month, const std::string& id) {
  Contract one = lawful(platform, id);
  one.totalFen = 800'000'000;
  one.reviewed = false;
  planted(world, platform, month, one, "P25");
}

void reliefKept(World& world, Platform& platform, int month, const std::string& id) {
  Contract one = lawful(platform, id);
  planted(world, platform, month, one, "P26");
  endContract(world, platform, month + 3, one, schema::ContractEnd::TERMINATED, true);
}

void contributorsShort(World& world, Platform& platform, int month, const std::string& id) {
  distribute(world, platform, month, {"X-" + id, "", 10'000'000, 30});
  world.plant("P27", "distribution X-" + id);
}

void distributionNotShown(World& world, Platform& platform, int month, const std::string& id) {
  distribute(world, platform, month, {"X-" + id, "", 10'000'000, 60, 0});
  world.plant("P28", "distribution X-" + id);
}

void notValued(World& world, Platform& platform, int month, const std::string& id) {
  Actor firm = world.newcomer(month, platform, {schema::PartyKind::ENTERPRISE, {schema::Role::CUS}});
  takeEquity(world, platform, month, "X-" + id, firm, "");
  world.plant("P29", "stake X-" + id);
}

}  // namespace

std::vector<Violation> technologyViolations() {
  return {
      {"P21", 1, relatedBuyer},      {"P22", 1, priceNotShown},        {"P23", 1, confirmedLess},
      {"P24", 4, registeredTooLate}, {"P25", 1, notReviewed},          {"P26", 4, reliefKept},
      {"P27", 1, contributorsShort}, {"P28", 1, distributionNotShown}, {"P29", 1, notValued},
  };
}

}  // namespace pilotledger::simulate
