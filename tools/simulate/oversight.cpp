// Audits, disputes, attestations, disclosures, and the housekeeping of parties and keys.
#include <fmt/format.h>

#include "tools/simulate/life.h"
#include "tools/simulate/violations.h"

namespace pilotledger::simulate {
namespace {

capnp::Data::Reader dataOf(const EventId& id) { return {id.data(), id.size()}; }

// A finding of the auditors, answered, and closed or handed on.
void auditPlatform(World& world, Platform& platform, int month) {
  std::string id = fmt::format("AF-{}-{}", platform.id, month);
  world.at(month, World::Checked, [&world, &platform, id](int m) {
    world.record({world.auditor.key}, world.day(m, 12), platform, [&](Body body) {
      auto event = body.initAuditFindingRaised();
      event.setFinding(id);
      event.setCode("MANUAL");
      event.setSeverity(world.writer.draw().chance(60) ? schema::FindingSeverity::LOW
                                                       : schema::FindingSeverity::MEDIUM);
      event.setAudited(platform.actor.party);
      event.setLegalBasis("审计法（模拟）");
      event.setDueOn(world.day(m + 2, 12));
      event.setText("台账登记不规范");
    });
  });
  world.at(month + 1, World::Own, [&world, &platform, id](int m) {
    world.record({platform.actor.key}, world.day(m, 11), platform, [&](Body body) {
      auto event = body.initAuditFindingAnswered();
      event.setFinding(id);
      event.setAnswer("已整改");
    });
  });
  world.at(month + 2, World::Checked, [&world, &platform, id](int m) {
    world.record({world.auditor.key}, world.day(m, 10), platform, [&](Body body) {
      auto event = body.initAuditFindingClosed();
      event.setFinding(id);
      event.setOutcome(world.writer.draw().chance(90) ? schema::FindingOutcome::RECTIFIED
                                                      : schema::FindingOutcome::TRANSFERRED);
    });
  });
}

// A milestone that the province attests and a client disputes.
void attestAndDispute(World& world, Platform& platform, int month) {
  std::string dispute = fmt::format("DP-{}-{}", platform.id, month);
  world.at(month, World::Own, [&world, &platform, dispute](int m) {
    world.record({platform.actor.key}, world.day(m, 14), platform, [&](Body body) {
      auto event = body.initMilestoneRecorded();
      event.setPlatform(platform.id);
      event.setKind(schema::MilestoneKind::MATCHING_EVENT);
      event.setTitle("对接活动（模拟）");
    });
    EventId target = world.writer.lastId();
    world.at(m, World::Checked, [&world, &platform, target, dispute](int on) {
      world.record({world.province.key}, world.day(on, 26), platform, [&](Body body) {
        auto event = body.initAttested();
        event.setTarget(dataOf(target));
        event.setStatement("情况属实");
      });
      const Actor& client = platform.clients.back().actor;
      world.record({client.key}, world.day(on, 27), platform, [&](Body body) {
        auto event = body.initDisputeRaised();
        event.setDispute(dispute);
        event.setTarget(dataOf(target));
        event.setParty(client.party);
        event.setTextHash(bytesOf(world.writer.draw().digest()));
      });
    });
  });
  world.at(month + 1, World::Checked, [&world, &platform, dispute](int m) {
    world.record({world.auditor.key}, world.day(m, 13), platform, [&](Body body) {
      auto event = body.initDisputeResolved();
      event.setDispute(dispute);
      event.setOutcome(world.writer.draw().chance(80) ? schema::DisputeOutcome::REJECTED
                                                      : schema::DisputeOutcome::WITHDRAWN);
    });
  });
}

// Two clients of different platforms have one owner: nothing to object to.
void relateClients(World& world, Platform& platform, int month) {
  const Platform& other =
      world.platforms[(static_cast<std::size_t>(&platform - world.platforms.data()) + 1) % world.platforms.size()];
  if (&other == &platform) return;
  world.at(month, World::Own, [&world, &platform, &other](int m) {
    const Actor& one = platform.clients.front().actor;
    world.record({one.key}, world.day(m, 6), platform, [&](Body body) {
      auto event = body.initRelationDeclared();
      event.setParty(one.party);
      auto link = event.initLinks(1)[0];
      link.setParty(other.clients.front().actor.party);
      link.setRelation("同一控制人");
    });
  });
}

void disclose(World& world, Platform& platform, int month) {
  world.at(month, World::Own, [&](int m) {
    const Actor& owner = platform.clients.front().actor;
    world.record({owner.key}, world.day(m, 18), platform, [&](Body body) {
      auto event = body.initDisclosureGranted();
      event.setGrant(fmt::format("DG-{}-{}", platform.id, m));
      event.setOwner(owner.party);
      event.setGrantee(world.banks[platform.city % world.banks.size()].party);
      event.setScope("party:" + owner.party);
      event.setUntil(world.day(m + 6, 18));
    });
  });
}

// A secret's holder asks that the salt of its commitment be destroyed.
void erase(World& world, Platform& platform, int month) {
  world.at(month, World::Own, [&](int m) {
    Digest commitment = world.writer.draw().digest();
    world.record({platform.actor.key}, world.day(m, 20), platform, [&](Body body) {
      auto event = body.initTradeSecretCommitted();
      event.setOwner(platform.actor.party);
      event.setCommitment(bytesOf(commitment));
    });
    EventId holder = world.writer.lastId();
    world.record({0, platform.actor.key}, world.day(m, 21), platform, [&](Body body) {
      auto event = body.initPersonalDataErased();
      event.setCommitment(bytesOf(commitment));
      event.setEvent(dataOf(holder));
      event.setRequest("删除申请（模拟）");
    });
  });
}

// The platform changes its key, as it should now and then.
void changeKey(World& world, Platform& platform, int month) {
  world.at(month, World::Governed, [&](int m) {
    std::uint32_t old = world.currentKey(platform.actor.key);
    std::uint32_t next = world.replaceKey(platform.actor.key);
    world.record({0, world.auditor.key}, world.day(m, 1), platform, [&](Body body) {
      auto event = body.initKeyBound();
      event.setKey(world.verifierKey(next));
      event.setParty(platform.actor.party);
      auto roles = event.initRoles(2);
      roles.set(0, schema::Role::PLT);
      roles.set(1, schema::Role::FIN);
    });
    world.record({0, next}, world.day(m, 1), platform, [&](Body body) {
      auto event = body.initKeyRevoked();
      event.setKey(world.verifierKey(old));
      event.setReason(schema::RevocationReason::SUPERSEDED);
    });
  });
}

// A supplier is suspended for a quarter.
void suspendSupplier(World& world, Platform& platform, int month) {
  Actor supplier = world.newcomer(month, platform, {schema::PartyKind::ENTERPRISE, {schema::Role::CUS}});
  for (bool suspend : {true, false}) {
    world.at(month + (suspend ? 1 : 4), World::Governed, [&world, &platform, supplier, suspend](int m) {
      world.record({0, world.auditor.key}, world.day(m, 15), platform, [&](Body body) {
        auto event = body.initPartyStatusChanged();
        event.setParty(supplier.party);
        event.setStatus(suspend ? schema::PartyStatus::SUSPENDED : schema::PartyStatus::ACTIVE);
        event.setReason(suspend ? "失信惩戒" : "信用修复");
      });
    });
  }
}

// An invoice that nobody claims is cancelled in the tax register.
void voidInvoice(World& world, Platform& platform, int month) {
  world.at(month, World::Funded, [&](int m) {
    world.record({world.treasury.key}, world.day(m, 19), platform, [&](Body body) {
      auto event = body.initInvoiceVoided();
      event.setInvoice(fmt::format("VOID-{}-{}", platform.id, m));
      event.setSource("全国增值税发票查验平台（模拟）");
    });
  });
}

}  // namespace

void relate(World& world, const Platform& platform, const std::string& party, int month) {
  world.at(month, World::Own, [&world, &platform, party](int m) {
    world.record({platform.actor.key}, world.day(m, 2), platform, [&](Body body) {
      auto event = body.initRelationDeclared();
      event.setParty(platform.actor.party);
      auto link = event.initLinks(1)[0];
      link.setParty(party);
      link.setRelation("控股");
    });
  });
}

void platformOversight(World& world, Platform& platform) {
  Random& draw = world.writer.draw();
  for (int month = platform.begins + 10; month < world.lastMonth(platform); month += 12) {
    if (draw.chance(40)) auditPlatform(world, platform, month);
    if (draw.chance(30)) attestAndDispute(world, platform, month + 1);
    if (draw.chance(30)) disclose(world, platform, month + 2);
    if (draw.chance(15)) erase(world, platform, month + 3);
    if (draw.chance(15)) changeKey(world, platform, month + 4);
    if (draw.chance(10)) suspendSupplier(world, platform, month + 5);
    if (draw.chance(20)) voidInvoice(world, platform, month + 6);
  }
  if (draw.chance(30)) relateClients(world, platform, platform.begins + 6);
}

}  // namespace pilotledger::simulate
