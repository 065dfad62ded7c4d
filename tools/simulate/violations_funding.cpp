// Violations in how an award came about, was paid and tested; vouchers.
#include <fmt/format.h>

#include "tools/simulate/life.h"
#include "tools/simulate/violations.h"

namespace pilotledger::simulate {
namespace {

void planted(World& world, const Award& one, const char* code) {
  award(world, one);
  world.plant(code, one.id);
}

void paidLate(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  one.paidAfter = 3;
  planted(world, one, "S13");
}

void heldBack(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  one.passedAfter = 0;
  one.paidFen = one.spentFen = one.fen / 2;
  planted(world, one, "S14");
}

void unmatched(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  one.matchingFen = one.fen / 2;
  one.matchedFen = one.fen / 4;
  planted(world, one, "S16");
}

void neverAccepted(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  one.acceptedAfter = 0;
  planted(world, one, "S22");
}

void targetsMissed(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  one.kpi = "5";
  planted(world, one, "S23");
}

void neverRepaid(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  award(world, one);
  clawBack(world, one, month + 8, one.fen / 10, false);
  world.plant("S24", "clawback CB-" + one.id);
}

void recordedLate(World& world, Platform& platform, int month, const std::string&) {
  world.at(month + 5, World::Own, [&world, &platform](int m) {
    std::uint64_t index = world.record({platform.actor.key}, world.day(m - 5, 15), platform, [&](Body body) {
      auto event = body.initMilestoneRecorded();
      event.setPlatform(platform.id);
      event.setKind(schema::MilestoneKind::ALLIANCE);
      event.setTitle("产业联盟");
    });
    world.plant("S26", fmt::format("MilestoneRecorded {}", index));
  });
}

void appliedTwice(World& world, Platform& platform, int month, const std::string& id) {
  for (int i : {1, 2}) {
    apply(world, platform, month,
          {fmt::format("X-{}-{}", id, i), platform.id, "operating", "X-" + id, 10'000'000, 3 + i});
  }
  world.plant("P41", fmt::format("application X-{}-2", id));
}

void noticeTooShort(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  one.noticeDays = 3;
  planted(world, one, "P42");
}

void passedLate(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  one.passedAfter = 3;
  planted(world, one, "P43");
}

void acceptedUnderAudit(World& world, Platform& platform, int month, const std::string& id) {
  Award one = lawful(platform, month, id);
  award(world, one);
  world.at(month + 11, World::Checked, [&world, one, id](int m) {
    world.record({world.auditor.key}, world.day(m, 12), *one.platform, [&](Body body) {
      auto event = body.initAuditFindingRaised();
      event.setFinding("X-" + id);
      event.setCode("MANUAL");
      event.setSeverity(schema::FindingSeverity::HIGH);
      event.setAudited(one.platform->actor.party);
      event.setAward(one.id);
      event.setLegalBasis("审计法（模拟）");
      event.setText("支出凭证存疑");
    });
  });
  world.plant("P44", one.id);
}

void fundedTwice(World& world, Platform& platform, int month, const std::string& id) {
  for (int i : {0, 1}) {
    Award one = lawful(platform, month + i, fmt::format("{}-{}", id, i + 1));
    one.project = "X-" + id;
    award(world, one);
  }
  world.plant("P45", "project X-" + id);
}

void relatedVoucher(World& world, Platform& platform, int month, const std::string& id) {
  Actor holder = world.newcomer(month, platform, {schema::PartyKind::ENTERPRISE, {schema::Role::CUS}});
  relate(world, platform, holder.party, month);
  issueVoucher(world, platform, month, {"X-" + id, holder});
  world.plant("P46", "voucher X-" + id);
}

void tooManyVouchers(World& world, Platform& platform, int month, const std::string& id) {
  Actor holder = world.newcomer(month, platform, {schema::PartyKind::ENTERPRISE, {}});
  issueVoucher(world, platform, month, {"X-" + id, holder, 30'000'000, false});
  world.plant("P47", fmt::format("party {} {}", holder.party, world.yearOf(month)));
}

// The yearly limit is in CNY, the voucher in EUR.
void foreignVoucher(World& world, Platform& platform, int month, const std::string& id) {
  Actor holder = world.newcomer(month, platform, {schema::PartyKind::ENTERPRISE, {}});
  world.at(month, World::Governed, [&world, &platform, holder, id](int m) {
    std::uint32_t key = world.currentKey(world.province.key);
    world.writer.addEvent({key}, world.day(m, 2), platform.division, [&](schema::Event::Builder event) {
      event.setCurrency(978);
      auto voucher = event.initBody().initVoucherIssued();
      voucher.setVoucher("X-" + id);
      voucher.setHolder(holder.party);
      voucher.setFaceFen(1'000'000);
      voucher.setValidTo(world.day(m + 5, 28));
    });
  });
  world.plant("S29", fmt::format("party {} {}", holder.party, world.yearOf(month)));
}

}  // namespace

std::vector<Violation> fundingViolations() {
  return {
      {"S13", 14, paidLate},      {"S14", 14, heldBack},           {"S16", 14, unmatched},
      {"S22", 20, neverAccepted}, {"S23", 14, targetsMissed},      {"S24", 14, neverRepaid},
      {"S26", 6, recordedLate},   {"P41", 1, appliedTwice},        {"P42", 14, noticeTooShort},
      {"P43", 14, passedLate},    {"P44", 14, acceptedUnderAudit}, {"P45", 15, fundedTwice},
      {"P46", 3, relatedVoucher}, {"P47", 1, tooManyVouchers},     {"S29", 1, foreignVoucher},
  };
}

}  // namespace pilotledger::simulate
