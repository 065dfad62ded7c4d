// What a platform becomes: established, recognised, graded, re-evaluated, promoted, or withdrawn;
// its certificates, services and milestones.
#include <fmt/format.h>

#include "tools/simulate/life.h"

namespace pilotledger::simulate {
namespace {

std::string document(const World& world, Platform& platform, int month) {
  return fmt::format("模拟经信〔{}〕{}号", world.yearOf(month), ++platform.serial);
}

void withdraw(World& world, Platform& platform) {
  if (platform.withdraws == 0) return;
  world.at(platform.withdraws, World::Governed, [&](int m) {
    world.record({world.province.key}, world.day(m, 9), platform, [&](Body body) {
      auto event = body.initPlatformWithdrawn();
      event.setPlatform(platform.id);
      event.setReason("连续两年未达标，退出名单");
      event.setEffectiveOn(world.day(m, 9));
      event.setDocNo(document(world, platform, m));
    });
  });
}

// Every two years; one in ten has to rectify first, a few climb to the national tier.
void reevaluate(World& world, Platform& platform, int month) {
  world.at(month, World::Governed, [&](int m) {
    Random& draw = world.writer.draw();
    bool rectify = draw.chance(10);
    auto review = [&world, &platform](int on, schema::ReviewResult result) {
      world.record({world.province.key, world.evaluator.key}, world.day(on, 8), platform, [&](Body body) {
        auto event = body.initPlatformReevaluated();
        event.setPlatform(platform.id);
        event.setResult(result);
        event.setScore(std::to_string(world.writer.draw().between(60, 98)));
        event.setNextDue(world.day(on + 24, 8));
      });
    };
    review(m, rectify ? schema::ReviewResult::RECTIFY : schema::ReviewResult::PASSED);
    if (rectify) world.at(m + 3, World::Governed, [review](int later) { review(later, schema::ReviewResult::PASSED); });
  });
}

void promote(World& world, Platform& platform, int month) {
  if (month >= world.lastMonth(platform) || platform.actor.key % 7 != 0) return;
  world.at(month, World::Governed, [&](int m) {
    world.record({world.province.key}, world.day(m, 11), platform, [&](Body body) {
      auto event = body.initPlatformPromoted();
      event.setPlatform(platform.id);
      event.setDocNo(fmt::format("工信模拟函〔{}〕{}号", world.yearOf(m), ++platform.serial));
    });
  });
}

// Valid for three years, renewed in the thirtieth month.
void certify(World& world, Platform& platform) {
  for (int month = platform.begins + 1; month < world.months(); month += 30) {
    world.at(month, World::Own, [&](int m) {
      world.record({platform.actor.key}, world.day(m, 16), platform, [&](Body body) {
        auto event = body.initQualificationRecorded();
        event.setHolder(platform.actor.party);
        event.setPlatform(platform.id);
        event.setKind(schema::QualificationKind::CNAS);
        event.setNumber(fmt::format("L{}{:04}", platform.actor.key, m));
        event.setValidFrom(world.day(m, 16));
        event.setValidTo(world.day(m + 36, 15));
      });
    });
  }
}

void milestones(World& world, Platform& platform) {
  for (int month = platform.begins + 2; month < world.lastMonth(platform); month += 4) {
    world.at(month, World::Own, [&](int m) {
      Random& draw = world.writer.draw();
      std::uint32_t signer = draw.chance(80) ? platform.actor.key : world.cities[platform.city].key;
      world.record({signer}, world.day(m, 14), platform, [&](Body body) {
        auto event = body.initMilestoneRecorded();
        event.setPlatform(platform.id);
        event.setKind(static_cast<schema::MilestoneKind>(draw.between(1, 20)));
        event.setTitle("建设事项（模拟）");
        event.setCount(static_cast<std::uint32_t>(draw.between(1, 12)));
      });
    });
  }
}

void grade(World& world, Platform& platform, int month) {
  world.at(month, World::Governed, [&](int m) {
    bool excellent = world.writer.draw().chance(30);
    world.record({world.province.key}, world.day(m, 6), platform, [&](Body body) {
      auto event = body.initPerformanceGraded();
      event.setPlatform(platform.id);
      event.setYear(static_cast<std::uint16_t>(world.yearOf(m) - 1));
      event.setGrade(excellent ? schema::Grade::EXCELLENT : schema::Grade::GOOD);
    });
    if (excellent) awardExcellence(world, platform, m);
  });
}

void incidents(World& world, Platform& platform) {
  for (int month = platform.begins + 7; month < world.lastMonth(platform); month += 11) {
    world.at(month, World::Own, [&](int m) {
      Random& draw = world.writer.draw();
      if (!draw.chance(30)) return;
      world.record({platform.actor.key}, world.day(m, 21), platform, [&](Body body) {
        auto event = body.initIncidentReported();
        event.setIncident(fmt::format("N-{}-{}", platform.id, m));
        event.setPlatform(platform.id);
        event.setKind(static_cast<schema::IncidentKind>(draw.between(1, 3)));
        event.setSeverity(draw.chance(85) ? schema::IncidentSeverity::MINOR : schema::IncidentSeverity::SERIOUS);
        event.setSummary("处置完毕（模拟）");
      });
    });
  }
}

}  // namespace

void establish(World& world, const Platform& platform, int month, const Establishment& as) {
  world.at(month, World::Joint, [&world, &platform, as](int m) {
    const Actor& city = world.cities[platform.city];
    world.record({platform.actor.key, city.key}, world.day(m, 3), platform, [&](Body body) {
      Random& draw = world.writer.draw();
      auto event = body.initPlatformEstablished();
      event.setPlatform(as.id);
      event.setName(as.id + " 中试平台（模拟）");
      event.setLegalEntity(platform.actor.party);
      event.setConstructionType(as.type);
      event.initSectors(1).set(0, static_cast<schema::Sector>(draw.between(1, 15)));
      event.setAreaType(static_cast<schema::AreaType>(draw.between(1, 8)));
      event.setDivision(platform.division);
      auto builder = event.initBuilders(1)[0];
      builder.setParty(as.type == schema::ConstructionType::GOVERNMENT ? city.party : platform.actor.party);
      builder.setShareBp(10'000);
      event.setOperator(as.operatorParty);
    });
  });
}

void publishServices(World& world, const Platform& platform, const std::string& id, int month) {
  world.at(month, World::Own, [&world, &platform, id](int m) {
    world.record({platform.actor.key}, world.day(m, 12), platform, [&](Body body) {
      auto event = body.initServiceListPublished();
      event.setPlatform(id);
      event.setVersion(static_cast<std::uint32_t>(m + 1));
      auto items = event.initItems(3);
      for (unsigned i = 0; i < 3; ++i) {
        items[i].setCode(fmt::format("S{}", i + 1));
        items[i].setName(i == 0 ? "放大试验" : i == 1 ? "样品试制" : "试验检测");
        items[i].setPriceFen(world.writer.draw().amount(5'000, 80'000));
      }
    });
  });
}

void recognise(World& world, Platform& platform, const std::string& id, int month, schema::Level level) {
  world.at(month, World::Governed, [&world, &platform, id, level](int m) {
    std::uint32_t authority = level == schema::Level::MUNICIPAL ? world.cities[platform.city].key : world.province.key;
    world.record({authority}, world.day(m, 5), platform, [&](Body body) {
      auto event = body.initPlatformRecognized();
      event.setPlatform(id);
      event.setLevel(level);
      event.setDocNo(document(world, platform, m));
    });
  });
}

void platformLife(World& world, Platform& platform) {
  auto type = platform.institution          ? schema::ConstructionType::UNIVERSITY_INSTITUTE
              : platform.actor.key % 4 == 0 ? schema::ConstructionType::GOVERNMENT
                                            : static_cast<schema::ConstructionType>(1 + platform.actor.key % 2);
  bool governed = type == schema::ConstructionType::GOVERNMENT;
  establish(world, platform, platform.begins, {platform.id, type, governed ? platform.actor.party : ""});
  for (int month = platform.begins; month < world.lastMonth(platform); month += 24)
    publishServices(world, platform, platform.id, month);
  recognise(world, platform, platform.id, platform.begins + 2, schema::Level::MUNICIPAL);
  recognise(world, platform, platform.id, platform.begins + 8, schema::Level::PROVINCIAL);
  for (int month = platform.begins + 32; month < world.lastMonth(platform); month += 24)
    reevaluate(world, platform, month);
  for (int month = platform.begins + 4; month < world.lastMonth(platform); ++month) {
    if (month % 12 == 2) grade(world, platform, month);
  }
  promote(world, platform, platform.begins + 37);
  withdraw(world, platform);
  certify(world, platform);
  milestones(world, platform);
  incidents(world, platform);
}

}  // namespace pilotledger::simulate
