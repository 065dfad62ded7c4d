// Violations in pilot projects, runs, reports and outcomes.
#include <fmt/format.h>

#include "tools/simulate/life.h"
#include "tools/simulate/violations.h"

namespace pilotledger::simulate {
namespace {

Project open(const std::string& id) {
  Project one;
  one.id = "X-" + id;
  one.reported = one.accepted = false;
  return one;
}

void approvalMissing(World& world, Platform& platform, int month, const std::string& id) {
  Project one = open(id);
  one.approvals = 3;
  pilotProject(world, platform, month, one);
  world.plant("P11", one.id);
}

void implausibleScale(World& world, Platform& platform, int month, const std::string& id) {
  Project one = open(id);
  one.runs = 1;
  one.pilotScale = "50000";
  pilotProject(world, platform, month, one);
  world.plant("P12", fmt::format("run {}-R1", one.id));
}

void unqualifiedLaboratory(World& world, Platform& platform, int month, const std::string& id) {
  Actor lab = world.newcomer(month, platform, {schema::PartyKind::LABORATORY, {schema::Role::LAB}});
  pilotProject(world, platform, month, open(id));
  reportTest(world, platform, month + 1, {"X-" + id, "X-" + id, "", lab});
  world.plant("P13", fmt::format("report {}/X-{}", lab.party, id));
}

// The platform tests itself; it holds a certificate, so that only its dependence is wrong.
void dependentLaboratory(World& world, Platform& platform, int month, const std::string& id) {
  Actor own{world.spareKey(month, platform, platform.actor.party, schema::Role::LAB), platform.actor.party};
  std::string number = fmt::format("17{:010}", own.key);
  world.at(month, World::Checked, [&world, &platform, number](int m) {
    world.record({world.registrar.key}, world.day(m, 8), platform, [&](Body body) {
      auto event = body.initQualificationRecorded();
      event.setHolder(platform.actor.party);
      event.setKind(schema::QualificationKind::CMA);
      event.setNumber(number);
    });
  });
  pilotProject(world, platform, month, open(id));
  reportTest(world, platform, month + 1, {"X-" + id, "X-" + id, number, own});
  world.plant("P14", fmt::format("report {}/X-{}", own.party, id));
}

void implausibleRise(World& world, Platform& platform, int month, const std::string& id) {
  Project one = open(id);
  one.runs = 1;
  one.trlBefore = 3;
  one.trlRise = 5;
  pilotProject(world, platform, month, one);
  world.plant("P15", fmt::format("run {}-R1", one.id));
}

void untested(World& world, Platform& platform, int month, const std::string& id) {
  Project one = open(id);
  one.accepted = true;
  pilotProject(world, platform, month, one);
  world.plant("P16", one.id);
}

void relatedEvaluator(World& world, Platform& platform, int month, const std::string& id) {
  Actor evaluator = world.newcomer(month, platform, {schema::PartyKind::ENTERPRISE, {schema::Role::EVA}});
  relate(world, platform, evaluator.party, month);
  pilotProject(world, platform, month, open(id));
  evaluateOutcome(world, platform, month + 1, "X-" + id, "X-" + id, evaluator);
  world.plant("P17", "outcome X-" + id);
}

void oddOutcomeNumber(World& world, Platform& platform, int month, const std::string& id) {
  pilotProject(world, platform, month, open(id));
  world.at(month + 1, World::Own,
           [&world, &platform, id](int m) { registerOutcome(world, platform, m, "X-" + id, "X-" + id, "X-" + id); });
  world.plant("P18", "outcome X-" + id);
}

}  // namespace

std::vector<Violation> pilotViolations() {
  return {
      {"P11", 3, approvalMissing},     {"P12", 3, implausibleScale}, {"P13", 3, unqualifiedLaboratory},
      {"P14", 3, dependentLaboratory}, {"P15", 3, implausibleRise},  {"P16", 4, untested},
      {"P17", 3, relatedEvaluator},    {"P18", 3, oddOutcomeNumber},
  };
}

std::vector<Violation> violations() {
  std::vector<Violation> all;
  for (auto part : {awardViolations, fundingViolations, platformViolations, pilotViolations, technologyViolations,
                    pledgeViolations}) {
    for (const Violation& one : part()) all.push_back(one);
  }
  return all;
}

}  // namespace pilotledger::simulate
