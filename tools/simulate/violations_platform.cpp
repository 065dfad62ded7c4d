// Violations of parties, platforms, their certificates and keys, and their revenue. Findings about a
// whole platform are planted at a second platform of the same legal entity.
#include <fmt/format.h>

#include "tools/simulate/life.h"
#include "tools/simulate/violations.h"

namespace pilotledger::simulate {
namespace {

void second(World& world, Platform& platform, int month, const std::string& id) {
  establish(world, platform, month, {"X-" + id});
  publishServices(world, platform, "X-" + id, month);
}

void wrongCheckCharacter(World& world, Platform& platform, int month, const std::string&) {
  std::string party = world.newParty(platform);
  party.back() = party.back() == '1' ? '2' : '1';
  Digest document = world.writer.draw().digest();
  world.at(month, World::Governed, [&world, &platform, party, document](int m) {
    world.writer.addEvent({0}, world.day(m, 1), platform.division, [&](schema::Event::Builder event) {
      auto evidence = event.initEvidence(1)[0];
      evidence.setKind(schema::EvidenceKind::OFFICIAL_DOCUMENT);
      evidence.setHash(bytesOf(document));
      auto body = event.initBody().initPartyRegistered();
      body.setParty(party);
      body.setName("代码有误的主体（模拟）");
      body.setKind(schema::PartyKind::ENTERPRISE);
    });
  });
  world.plant("P01", "party " + party);
}

void neverReevaluated(World& world, Platform& platform, int month, const std::string& id) {
  second(world, platform, month, id);
  recognise(world, platform, "X-" + id, month + 1, schema::Level::MUNICIPAL);
  recognise(world, platform, "X-" + id, month + 2, schema::Level::PROVINCIAL);
  world.plant("P02", "X-" + id);
}

struct Certificate {
  std::string holder, number;
  schema::QualificationKind kind = schema::QualificationKind::CMA;
  int validMonths = 0;  // 0: no end
};

void certify(World& world, Platform& platform, int month, const Certificate& as) {
  world.at(month, World::Checked, [&world, &platform, as](int m) {
    world.record({world.registrar.key}, world.day(m, 8), platform, [&](Body body) {
      auto event = body.initQualificationRecorded();
      event.setHolder(as.holder);
      event.setKind(as.kind);
      event.setNumber(as.number);
      event.setValidFrom(world.day(m, 8));
      if (as.validMonths > 0) event.setValidTo(world.day(m + as.validMonths, 7));
    });
  });
}

void expiredCertificate(World& world, Platform& platform, int month, const std::string& id) {
  Actor holder = world.newcomer(month, platform, {schema::PartyKind::LABORATORY, {}});
  certify(world, platform, month, {holder.party, "X-" + id, schema::QualificationKind::ISO, 2});
  world.plant("P03", "qualification ISO/X-" + id);
}

void oddCertificate(World& world, Platform& platform, int month, const std::string& id) {
  Actor holder = world.newcomer(month, platform, {schema::PartyKind::LABORATORY, {}});
  certify(world, platform, month, {holder.party, "X-" + id});
  world.plant("P04", "qualification CMA/X-" + id);
}

void sponsorOperates(World& world, Platform& platform, int month, const std::string& id) {
  establish(world, platform, month,
            {"X-" + id, schema::ConstructionType::GOVERNMENT, world.cities[platform.city].party});
  world.plant("P05", "X-" + id);
}

void earnsAtSecond(World& world, Platform& platform, int month, const std::string& id, AppendReceipt receipt,
                   const char* code) {
  second(world, platform, month, id);
  receipt.platform = "X-" + id;
  receipt.netFen = 5'000'000;
  world.at(month + 1, World::Own, [&world, &platform, receipt](int m) { receive(world, platform, m, receipt); });
  world.plant(code, "X-" + id);
}

void unlistedService(World& world, Platform& platform, int month, const std::string& id) {
  AppendReceipt receipt;
  receipt.serviceCode = "S99";
  earnsAtSecond(world, platform, month, id, receipt, "P06");
}

void unexplainedReceipt(World& world, Platform& platform, int month, const std::string& id) {
  AppendReceipt receipt;
  receipt.serviceCode.clear();
  earnsAtSecond(world, platform, month, id, receipt, "P31");
}

void unsettledVouchers(World& world, Platform& platform, int month, const std::string& id) {
  AppendReceipt receipt;
  receipt.byVoucher = true;
  earnsAtSecond(world, platform, month, id, receipt, "P32");
}

void relatedPayer(World& world, Platform& platform, int month, const std::string&) {
  Actor payer = world.newcomer(month, platform, {schema::PartyKind::ENTERPRISE, {}});
  relate(world, platform, payer.party, month);
  world.at(month + 1, World::Own, [&world, &platform, payer](int m) {
    receive(world, platform, m, {platform.id, schema::RevenueStream::SERVICE, payer.party, "S1", "", 4'000'000});
  });
  world.plant("P33", platform.id + " " + payer.party);
}

void compromisedKey(World& world, Platform& platform, int month, const std::string&) {
  std::uint32_t key = world.spareKey(month, platform, platform.actor.party, schema::Role::PLT);
  world.at(month + 1, World::Own, [&world, &platform, key](int m) {
    std::uint64_t index = world.record({key}, world.day(m, 24), platform, [&](Body body) {
      auto event = body.initMilestoneRecorded();
      event.setPlatform(platform.id);
      event.setKind(schema::MilestoneKind::STANDARD_DRAFTED);
      event.setTitle("标准研制");
    });
    world.plant("P07", fmt::format("MilestoneRecorded {}", index));
  });
  world.at(month + 2, World::Governed, [&world, &platform, key](int m) {
    world.record({0, platform.actor.key}, world.day(m, 2), platform, [&](Body body) {
      auto event = body.initKeyRevoked();
      event.setKey(world.verifierKey(key));
      event.setReason(schema::RevocationReason::COMPROMISED);
      event.setCompromisedSince(world.day(m - 1, 20));
    });
  });
}

void appliedAfterIncident(World& world, Platform& platform, int month, const std::string& id) {
  second(world, platform, month, id);
  world.at(month + 1, World::Own, [&world, &platform, id](int m) {
    world.record({platform.actor.key}, world.day(m, 9), platform, [&](Body body) {
      auto event = body.initIncidentReported();
      event.setIncident("X-" + id);
      event.setPlatform("X-" + id);
      event.setKind(schema::IncidentKind::SAFETY);
      event.setSeverity(schema::IncidentSeverity::MAJOR);
    });
  });
  apply(world, platform, month + 3, {"X-" + id, "X-" + id});
  world.plant("P19", "application X-" + id);
}

}  // namespace

std::vector<Violation> platformViolations() {
  return {
      {"P01", 1, wrongCheckCharacter}, {"P02", 30, neverReevaluated},    {"P03", 4, expiredCertificate},
      {"P04", 1, oddCertificate},      {"P05", 1, sponsorOperates},      {"P06", 2, unlistedService},
      {"P07", 3, compromisedKey},      {"P19", 4, appliedAfterIncident}, {"P31", 2, unexplainedReceipt},
      {"P32", 2, unsettledVouchers},   {"P33", 2, relatedPayer},
  };
}

}  // namespace pilotledger::simulate
