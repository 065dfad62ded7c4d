// Pilot projects, their runs, tests and acceptance; what comes out of them. One run in five fails.
#include <fmt/format.h>

#include "tools/simulate/life.h"

namespace pilotledger::simulate {
namespace {

constexpr std::uint32_t kBatches = 10;

void accept(World& world, const Platform& platform, int m, const Project& plan) {
  world.record({platform.actor.key, platform.clients[plan.client].actor.key}, world.day(m, 6), platform,
               [&](Body body) {
                 Random& draw = world.writer.draw();
                 auto event = body.initPilotProjectAccepted();
                 event.setProject(plan.id);
                 event.setPlatform(platform.id);
                 event.setClient(platform.clients[plan.client].actor.party);
                 event.setTitle("中试项目 " + plan.id);
                 event.initServices(1).set(0, static_cast<schema::ServiceKind>(draw.between(1, 6)));
                 event.setFeeFen(draw.amount(100'000, 3'000'000));
                 event.setBatchesPlanned(kBatches);
                 auto approvals = event.initApprovals(plan.approvals);
                 for (unsigned i = 0; i < plan.approvals; ++i) {
                   approvals[i].setKind(static_cast<schema::ApprovalKind>(i + 1));
                   approvals[i].setDocNo(fmt::format("模拟审〔{}〕{}号", world.yearOf(m), i + 1));
                 }
               });
}

void run(World& world, const Platform& platform, int m, const Project& plan, int number) {
  world.record({platform.actor.key}, world.day(m, 20), platform, [&](Body body) {
    Random& draw = world.writer.draw();
    auto event = body.initPilotRunRecorded();
    event.setRun(fmt::format("{}-R{}", plan.id, number + 1));
    event.setProject(plan.id);
    event.setPlatform(platform.id);
    event.setValidationKind(static_cast<schema::ValidationKind>(draw.between(1, 5)));
    event.setMode(draw.chance(60) ? schema::IndustryMode::PROCESS : schema::IndustryMode::DISCRETE);
    event.setLabScale(plan.labScale);
    event.setPilotScale(plan.pilotScale);
    event.setScaleUnit("L");
    event.setBatchesDone(static_cast<std::uint32_t>(draw.between(1, 4)));
    event.setYieldBp(static_cast<std::int32_t>(draw.between(5000, 9800)));
    event.setPassRateBp(static_cast<std::int32_t>(draw.between(8000, 10000)));
    event.setTrlBefore(static_cast<std::uint8_t>(plan.trlBefore + number * plan.trlRise));
    event.setTrlAfter(static_cast<std::uint8_t>(plan.trlBefore + (number + 1) * plan.trlRise));
    event.setResult(draw.chance(80) ? schema::RunResult::SUCCESS : schema::RunResult::FAILURE);
    event.setEnergyKwh(std::to_string(draw.between(100, 9000)));
    event.setWasteKg(std::to_string(draw.between(1, 400)));
    event.setStartedOn(world.day(m, static_cast<int>(draw.between(2, 9))));
    event.setFinishedOn(world.day(m, static_cast<int>(draw.between(10, 19))));
  });
}

void conclude(World& world, const Platform& platform, int m, const Project& plan) {
  world.record({platform.actor.key, platform.clients[plan.client].actor.key}, world.day(m, 9), platform,
               [&](Body body) {
                 auto event = body.initPilotAccepted();
                 event.setProject(plan.id);
                 event.setResult(plan.result);
                 event.setTrlBefore(static_cast<std::uint8_t>(plan.trlBefore));
                 event.setTrlAfter(static_cast<std::uint8_t>(plan.trlBefore + plan.runs * plan.trlRise));
               });
}

// A secret is committed to at the run; the outcome is evaluated, registered, sometimes a first of its kind.
void follow(World& world, const Platform& platform, int month, const Project& plan) {
  std::string outcome = "O-" + plan.id;
  world.at(month, World::Own, [&world, &platform, plan](int m) {
    world.record({platform.actor.key}, world.day(m, 21), platform, [&](Body body) {
      auto event = body.initTradeSecretCommitted();
      event.setOwner(platform.actor.party);
      event.setCommitment(bytesOf(world.writer.draw().digest()));
      event.setFields(static_cast<std::uint32_t>(world.writer.draw().between(4, 20)));
      event.setScope("工艺参数");
      event.setRun(plan.id + "-R1");
    });
  });
  evaluateOutcome(world, platform, month + 3, outcome, plan.id, world.evaluator);
  world.at(month + 4, World::Own, [&world, &platform, plan, outcome](int m) {
    registerOutcome(world, platform, m, outcome, plan.id, world.newOutcomeNumber(m));
  });
  if (world.writer.draw().chance(70)) return;
  world.at(month + 6, World::Governed, [&world, &platform, outcome](int m) {
    world.record({world.province.key}, world.day(m, 13), platform, [&](Body body) {
      auto event = body.initFirstProductRecognized();
      event.setOutcome(outcome);
      event.setClass(static_cast<schema::ProductClass>(world.writer.draw().between(1, 3)));
      event.setLevel(schema::Level::PROVINCIAL);
      event.setListNo(fmt::format("模拟首台〔{}〕1号", world.yearOf(m)));
      event.setYear(static_cast<std::uint16_t>(world.yearOf(m)));
    });
  });
}

}  // namespace

void reportTest(World& world, const Platform& platform, int month, const Report& report) {
  world.at(month, World::Checked, [&world, &platform, report](int m) {
    world.record({report.lab.key}, world.day(m, 24), platform, [&](Body body) {
      auto event = body.initTestReportIssued();
      event.setReportNo(report.number);
      event.setLab(report.lab.party);
      event.setProject(report.project);
      event.setCmaNo(report.cma);
      event.setInScope(true);
      event.setResult(schema::RunResult::SUCCESS);
      event.setReportHash(bytesOf(world.writer.draw().digest()));
    });
  });
}

void evaluateOutcome(World& world, const Platform& platform, int month, const std::string& outcome,
                     const std::string& project, const Actor& evaluator) {
  world.at(month, World::Checked, [&world, &platform, outcome, project, evaluator](int m) {
    world.record({evaluator.key}, world.day(m, 25), platform, [&](Body body) {
      auto event = body.initOutcomeEvaluated();
      event.setOutcome(outcome);
      event.setProject(project);
      event.setEvaluator(evaluator.party);
      event.setMethod(schema::EvaluationMethod::MEETING);
      event.setLevel(static_cast<schema::OutcomeLevel>(world.writer.draw().between(1, 4)));
      event.setValueFen(world.writer.draw().amount(500'000, 9'000'000));
    });
  });
}

void registerOutcome(World& world, const Platform& platform, int m, const std::string& outcome,
                     const std::string& project, const std::string& number) {
  world.record({platform.actor.key}, world.day(m, 19), platform, [&](Body body) {
    auto event = body.initOutcomeRegistered();
    event.setOutcome(outcome);
    event.setProject(project);
    event.setRegNo(number);
    event.setStage(schema::OutcomeStage::MIDDLE);
    event.setTitle("成果 " + outcome);
    event.initOwners(1).set(0, platform.actor.party);
  });
}

// Accepted in one month, run in the next ones, tested, accepted by the client in the fourth.
void pilotProject(World& world, Platform& platform, int month, const Project& plan) {
  world.at(month, World::Joint, [&world, &platform, plan](int m) { accept(world, platform, m, plan); });
  for (int i = 0; i < plan.runs; ++i) {
    world.at(month + 1 + i, World::Own, [&world, &platform, plan, i](int m) { run(world, platform, m, plan, i); });
  }
  if (plan.reported)
    reportTest(world, platform, month + 2, {"T-" + plan.id, plan.id, "181112050001", world.laboratory});
  if (plan.accepted)
    world.at(month + 3, World::Joint, [&world, &platform, plan](int m) { conclude(world, platform, m, plan); });
}

void platformProjects(World& world, Platform& platform) {
  for (int month = platform.begins + 3; month < world.lastMonth(platform); ++month) {
    if (month % 3 != 0) continue;
    Random& draw = world.writer.draw();
    Project plan;
    plan.id = fmt::format("J{}-{}", platform.id, ++platform.serial);
    plan.client = draw.bits() % platform.clients.size();
    plan.result = draw.chance(75)   ? schema::RunResult::SUCCESS
                  : draw.chance(50) ? schema::RunResult::PARTIAL
                                    : schema::RunResult::FAILURE;
    plan.reported = plan.result != schema::RunResult::FAILURE || draw.chance(50);
    pilotProject(world, platform, month, plan);
    if (draw.chance(20)) {
      world.at(month + 2, World::Joint, [&world, &platform, plan](int m) {
        world.record({platform.actor.key, platform.clients[plan.client].actor.key}, world.day(m, 4), platform,
                     [&](Body body) {
                       auto event = body.initPilotProjectAmended();
                       event.setProject(plan.id);
                       event.setBatchesPlanned(kBatches + 6);
                       event.setFeeFen(world.writer.draw().amount(200'000, 3'500'000));
                       event.setReason("增加验证批次");
                     });
      });
    }
    if (plan.result == schema::RunResult::SUCCESS && draw.chance(40)) follow(world, platform, month + 1, plan);
  }
}

}  // namespace pilotledger::simulate
