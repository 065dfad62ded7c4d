// Tiers, services, projects, runs, contracts and revenue of one platform.
#include <fmt/format.h>

#include "tools/simulate/world.h"

namespace pilotledger::simulate {
namespace {

using Body = schema::Event::Body::Builder;

void recognise(World& world, Platform& platform, int month, schema::Level level) {
  std::uint32_t authority = level == schema::Level::MUNICIPAL ? world.cities[platform.city].key : world.province.key;
  world.at(month, World::Governed, [&world, &platform, level, authority](int m) {
    world.writer.add({authority}, world.day(m, 5), platform.division, [&](Body body) {
      auto event = body.initPlatformRecognized();
      event.setPlatform(platform.id);
      event.setLevel(level);
      event.setDocNo(fmt::format("模拟经信〔{}〕{}号", world.yearOf(m), platform.serial++));
    });
    platform.provincial = platform.provincial || level == schema::Level::PROVINCIAL;
  });
}

void establish(World& world, Platform& platform) {
  world.at(platform.begins, World::Joint, [&](int m) {
    world.writer.add({platform.actor.key, world.cities[platform.city].key}, world.day(m, 3), platform.division, [&](Body body) {
      auto event = body.initPlatformEstablished();
      event.setPlatform(platform.id);
      event.setName(platform.id + " 中试平台（模拟）");
      event.setLegalEntity(platform.actor.party);
      event.setConstructionType(static_cast<schema::ConstructionType>(world.writer.draw().between(1, 4)));
      event.initSectors(1).set(0, static_cast<schema::Sector>(world.writer.draw().between(1, 15)));
      event.setAreaType(static_cast<schema::AreaType>(world.writer.draw().between(1, 8)));
      event.setDivision(platform.division);
    });
  });
  world.at(platform.begins, World::Own, [&](int m) {
    world.writer.add({platform.actor.key}, world.day(m, 12), platform.division, [&](Body body) {
      auto event = body.initServiceListPublished();
      event.setPlatform(platform.id);
      event.setVersion(1);
      auto items = event.initItems(3);
      for (unsigned i = 0; i < 3; ++i) {
        items[i].setCode(fmt::format("S{}", i + 1));
        items[i].setName(i == 0 ? "放大试验" : i == 1 ? "样品试制" : "试验检测");
        items[i].setPriceFen(world.writer.draw().amount(5'000, 80'000));
      }
    });
  });
  recognise(world, platform, platform.begins + 2, schema::Level::MUNICIPAL);
  recognise(world, platform, platform.begins + 8, schema::Level::PROVINCIAL);
  for (int month = platform.begins + 32; month < world.months(); month += 24) {
    world.at(month, World::Governed, [&](int m) {
      world.writer.add({world.province.key}, world.day(m, 8), platform.division, [&](Body body) {
        auto event = body.initPlatformReevaluated();
        event.setPlatform(platform.id);
        event.setResult(schema::ReviewResult::PASSED);
      });
    });
  }
}

// Money of one month: a few service receipts, costs; now and then a refund.
void earn(World& world, Platform& platform, int month) {
  Writer& writer = world.writer;
  Draw& draw = writer.draw();
  Signers own{platform.actor.key};
  int receipts = static_cast<int>(draw.between(3, 8) + (month % 12 == 11 ? 3 : 0));
  for (int i = 0; i < receipts; ++i) {
    std::int64_t net = draw.amount(2'000, 200'000);
    std::int64_t tax = net * 6 / 100;
    auto stream = static_cast<schema::RevenueStream>(draw.chance(75) ? 1 : draw.between(2, 5));
    bool bySale = stream == schema::RevenueStream::TECHNOLOGY_SALES || stream == schema::RevenueStream::COMMERCIALISATION;
    if (bySale && platform.lastContract.empty()) stream = schema::RevenueStream::SERVICE;
    const Client& client = platform.clients[draw.bits() % platform.clients.size()];
    std::int32_t date = world.day(month, static_cast<int>(draw.between(1, 25)));
    writer.add(own, date, platform.division, [&](Body body) {
      auto event = body.initRevenueReceived();
      event.setPlatform(platform.id);
      event.setStream(stream);
      event.setPayer(client.actor.party);
      event.setNetFen(net);
      event.setTaxFen(tax);
      event.setGrossFen(net + tax);
      if (stream == schema::RevenueStream::SERVICE) event.setServiceCode(fmt::format("S{}", 1 + i % 3));
      if (bySale) event.setContract(platform.lastContract);
      auto invoice = event.initInvoice();
      invoice.setNumber(fmt::format("R{}-{}", platform.id, platform.serial++));
      invoice.setDate(date);
      invoice.setTotalFen(net + tax);
    });
    if (!draw.chance(2)) continue;
    EventId receipt = writer.lastId();
    writer.add(own, date, platform.division, [&](Body body) {
      auto event = body.initRevenueReversed();
      event.setTarget(capnp::Data::Reader(receipt.data(), receipt.size()));
      event.setPlatform(platform.id);
      event.setStream(stream);
      event.setNetFen(net);
      event.setTaxFen(tax);
      event.setGrossFen(net + tax);
      event.setReason("客户取消");
    });
  }
  for (const char* line : {"energy", "staff"}) {
    writer.add(own, world.day(month, 25), platform.division, [&](Body body) {
      auto event = body.initOperatingCostReported();
      event.setPlatform(platform.id);
      event.setPeriodFrom(world.day(month, 1));
      event.setPeriodTo(world.day(month, 25));
      event.setLine(line);
      event.setCostFen(draw.amount(10'000, 90'000));
    });
  }
}

// Accepted in one month, run in the next two, tested, accepted by the client in the fourth.
void project(World& world, Platform& platform, int month) {
  std::string id = fmt::format("J{}-{}", platform.id, platform.serial++);
  std::size_t client = world.writer.draw().bits() % platform.clients.size();
  auto joint = [&world, &platform, client]() -> Signers { return {platform.actor.key, platform.clients[client].actor.key}; };
  world.at(month, World::Joint, [&world, &platform, id, client, joint](int m) {
    world.writer.add(joint(), world.day(m, 6), platform.division, [&](Body body) {
      auto event = body.initPilotProjectAccepted();
      event.setProject(id);
      event.setPlatform(platform.id);
      event.setClient(platform.clients[client].actor.party);
      event.setTitle("中试项目 " + id);
      event.setFeeFen(world.writer.draw().amount(100'000, 3'000'000));
      event.setBatchesPlanned(10);
      auto approvals = event.initApprovals(4);
      for (unsigned i = 0; i < 4; ++i) {
        approvals[i].setKind(static_cast<schema::ApprovalKind>(i + 1));
        approvals[i].setDocNo(fmt::format("模拟审〔{}〕{}号", world.yearOf(m), i + 1));
      }
    });
  });
  for (int i = 0; i < 2; ++i) {
    world.at(month + 1 + i, World::Own, [&world, &platform, id, i](int m) {
      Draw& draw = world.writer.draw();
      world.writer.add({platform.actor.key}, world.day(m, 20), platform.division, [&](Body body) {
        auto event = body.initPilotRunRecorded();
        event.setRun(fmt::format("{}-R{}", id, i + 1));
        event.setProject(id);
        event.setPlatform(platform.id);
        event.setValidationKind(schema::ValidationKind::PROCESS);
        event.setMode(schema::IndustryMode::PROCESS);
        event.setLabScale("10");
        event.setPilotScale("500");
        event.setScaleUnit("L");
        event.setBatchesDone(static_cast<std::uint32_t>(draw.between(1, 5)));
        event.setYieldBp(static_cast<std::int32_t>(draw.between(5000, 9800)));
        event.setPassRateBp(static_cast<std::int32_t>(draw.between(8000, 10000)));
        event.setTrlBefore(static_cast<std::uint8_t>(5 + i));
        event.setTrlAfter(static_cast<std::uint8_t>(6 + i));
        event.setResult(draw.chance(80) ? schema::RunResult::SUCCESS : schema::RunResult::FAILURE);
        event.setEnergyKwh(std::to_string(draw.between(100, 9000)));
      });
    });
  }
  world.at(month + 2, World::Checked, [&world, &platform, id](int m) {
    world.writer.add({world.laboratory.key}, world.day(m, 24), platform.division, [&](Body body) {
      auto event = body.initTestReportIssued();
      event.setReportNo("T-" + id);
      event.setLab(world.laboratory.party);
      event.setProject(id);
      event.setCmaNo("181112050001");
      event.setInScope(true);
      event.setResult(schema::RunResult::SUCCESS);
      event.setReportHash(bytesOf(world.writer.draw().digest()));
    });
  });
  world.at(month + 3, World::Joint, [&world, &platform, id, joint](int m) {
    world.writer.add(joint(), world.day(m, 9), platform.division, [&](Body body) {
      auto event = body.initPilotAccepted();
      event.setProject(id);
      event.setResult(schema::RunResult::SUCCESS);
      event.setTrlBefore(5);
      event.setTrlAfter(7);
    });
  });
}

void contract(World& world, Platform& platform, int month) {
  std::string id = fmt::format("C{}-{}", platform.id, platform.serial++);
  std::int64_t total = world.writer.draw().amount(100'000, 4'000'000);
  world.at(month, World::Joint, [&world, &platform, id, total](int m) {
    const Actor& buyer = platform.clients.front().actor;
    world.writer.add({platform.actor.key, buyer.key}, world.day(m, 10), platform.division, [&](Body body) {
      auto event = body.initTechContractSigned();
      event.setContract(id);
      event.setContractType(static_cast<schema::ContractType>(world.writer.draw().between(1, 5)));
      event.setSeller(platform.actor.party);
      event.setBuyer(buyer.party);
      event.setPlatform(platform.id);
      event.setTotalFen(total);
      event.setTechFen(total * 9 / 10);
      event.setPricing(schema::PricingMode::NEGOTIATED);
    });
    platform.lastContract = id;
  });
  world.at(month, World::Checked, [&world, &platform, id, total](int m) {
    world.writer.add({world.registrar.key}, world.day(m, 22), platform.division, [&](Body body) {
      auto event = body.initTechContractRegistered();
      event.setContract(id);
      event.setRegNo("SIM" + id);
      event.setConfirmedTotalFen(total);
      event.setConfirmedTechFen(total * 9 / 10);
    });
  });
}

}  // namespace

void platformLife(World& world, Platform& platform) {
  establish(world, platform);
  for (int month = platform.begins + 3; month < world.months(); ++month) {
    world.at(month, World::Own, [&](int m) { earn(world, platform, m); });
    if (month % 3 == 0) project(world, platform, month);
    if (month % 6 == 1) contract(world, platform, month);
  }
}

}  // namespace pilotledger::simulate
