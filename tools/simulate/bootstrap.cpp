// The first month: parties, their keys, and the policies that findings test against.
#include <fmt/format.h>

#include "tools/simulate/world.h"

namespace pilotledger::simulate {
namespace {

constexpr std::string_view kProvince = "330000";

struct Binding {
  std::string name;
  schema::PartyKind kind = schema::PartyKind::ENTERPRISE;
  std::vector<schema::Role> roles;
  schema::Level level = schema::Level::UNSPECIFIED;
  std::string division;
};

void bind(World& world, const Actor& actor, const Binding& as, int month = 0) {
  std::int32_t date = world.day(month, 1);
  std::string where = as.division.empty() ? std::string(kProvince) : as.division;
  world.writer.add({0}, date, where, [&](Body body) {
    auto party = body.initPartyRegistered();
    party.setParty(actor.party);
    party.setName(as.name);
    party.setKind(as.kind);
    party.setDivision(where);
  });
  if (as.roles.empty()) return;
  // Once the ledger is set up, the auditor vouches for whom the operator binds.
  std::vector<std::uint32_t> signers = {0};
  if (month > 0) signers.push_back(world.auditor.key);
  world.writer.add(signers, date, where, [&](Body body) {
    auto key = body.initKeyBound();
    key.setKey(world.verifierKey(actor.key));
    key.setParty(actor.party);
    auto list = key.initRoles(static_cast<unsigned>(as.roles.size()));
    for (unsigned i = 0; i < list.size(); ++i) list.set(i, as.roles[i]);
    key.setLevel(as.level);
    key.setDivision(as.division);
  });
}

void bindProvince(World& world) {
  using Kind = schema::PartyKind;
  using Role = schema::Role;
  bind(world, world.province,
       {"省经信厅（模拟）", Kind::AUTHORITY, {Role::EIT}, schema::Level::PROVINCIAL, std::string(kProvince)});
  bind(world, world.treasury,
       {"省财政厅（模拟）", Kind::AUTHORITY, {Role::TRS}, schema::Level::PROVINCIAL, std::string(kProvince)});
  bind(world, world.registrar,
       {"省登记机构（模拟）", Kind::AUTHORITY, {Role::REG, Role::MKT, Role::SCI}, {}, std::string(kProvince)});
  bind(world, world.auditor, {"省审计厅（模拟）", Kind::AUTHORITY, {Role::AUD}, {}, {}});
  bind(world, world.laboratory, {"检测公司（模拟）", Kind::LABORATORY, {Role::LAB}, {}, {}});
  bind(world, world.evaluator, {"评估公司（模拟）", Kind::ENTERPRISE, {Role::EVA}, {}, {}});
  bind(world, world.importer, {"公开名单导入（模拟）", Kind::INSTITUTION, {Role::IMP}, {}, {}});
  bind(world, world.insurer, {"保险公司（模拟）", Kind::BANK, {Role::INS}, {}, {}});
  bind(world, world.guarantor, {"担保公司（模拟）", Kind::BANK, {Role::GUA}, {}, {}});
  bind(world, world.lessor, {"租赁公司（模拟）", Kind::BANK, {Role::LES}, {}, {}});
  bind(world, world.fund, {"产业基金（模拟）", Kind::ENTERPRISE, {Role::FND}, {}, {}});
  for (const Actor& supplier : world.suppliers) {
    bind(world, supplier, {"供应商 " + supplier.party + "（模拟）", Kind::ENTERPRISE, {Role::CUS}, {}, {}});
  }
  for (std::size_t i = 0; i < world.cities.size(); ++i) {
    std::string division = fmt::format("33{:02}00", i + 1);
    bind(world, world.cities[i],
         {fmt::format("{}市经信局（模拟）", i + 1), Kind::AUTHORITY, {Role::EIT}, schema::Level::MUNICIPAL, division});
    std::string treasury = fmt::format("{}市财政局（模拟）", i + 1);
    bind(world, world.townTreasuries[i], {treasury, Kind::AUTHORITY, {Role::TRS}, schema::Level::MUNICIPAL, division});
  }
  for (std::size_t i = 0; i < world.banks.size(); ++i) {
    bind(world, world.banks[i], {fmt::format("第{}银行（模拟）", i + 1), Kind::BANK, {Role::BNK}, {}, {}});
  }
  for (const Platform& platform : world.platforms) {
    Kind kind = platform.institution ? Kind::INSTITUTION : Kind::ENTERPRISE;
    bind(world, platform.actor, {platform.id + " 平台单位（模拟）", kind, {Role::PLT, Role::FIN}, {}, {}});
    for (const Client& client : platform.clients) {
      bind(world, client.actor,
           {"客户 " + client.actor.party + "（模拟）", Kind::ENTERPRISE, {Role::CUS, Role::OWN}, {}, {}});
    }
  }
}

template <typename Fill>
void publish(World& world, const std::string& instrument, int month, Fill fill) {
  world.writer.add({world.province.key, world.treasury.key}, world.day(month, 1), std::string(kProvince),
                   [&](Body body) {
                     auto policy = body.initPolicyRuleSetPublished();
                     policy.setRuleSet(fmt::format("simulated/{}", instrument));
                     policy.setJurisdiction(std::string(kProvince));
                     policy.setInstrument(instrument);
                     policy.setEffectiveFrom(world.day(month, 1));
                     policy.setExample(true);
                     fill(policy);
                   });
}

template <typename Policy>
void permit(Policy policy, std::initializer_list<const char*> lines) {
  auto list = policy.initPermittedLines(static_cast<unsigned>(lines.size()));
  unsigned i = 0;
  for (const char* line : lines) list.set(i++, line);
}

// Example values; only their shape follows the provincial draft.
void publishPolicies(World& world) {
  publish(world, "equipment", 0, [](auto policy) {
    policy.setCapFen(1'000'000'000);
    policy.setRatioBp(2000);
    policy.setOneTime(true);
    policy.setEligibleLevel(schema::Level::PROVINCIAL);
    permit(policy, {"equipment"});
  });
  publish(world, "excellence", 0, [](auto policy) {
    policy.setCapFen(100'000'000);
    policy.setWindowMonths(36);
    policy.setEligibleLevel(schema::Level::PROVINCIAL);
    policy.setEligibleGrade("EXCELLENT");
  });
  publish(world, "operating", 0, [](auto policy) {
    policy.setCapFen(60'000'000);
    permit(policy, {"materials", "equipment", "testing"});
  });
  publish(world, "DEFAULT", 0, [](auto policy) {
    policy.setIdleMonths(12);
    policy.setIdleBp(3000);
    policy.setTransferDays(60);
    policy.setInstallDays(120);
    policy.setRecordDays(90);
    policy.setLineToleranceBp(1000);
    policy.setTenderFen(40'000'000);
    policy.setSplitDays(20);
    policy.setRestraintMonths(60);
    policy.setKpiBp(8000);
    policy.setReviewMonths(26);
    policy.setPublicityDays(7);
    policy.setAcceptanceMonths(6);
    policy.setMaxScaleRatio(1000);
    policy.setMaxTrlJump(3);
    policy.setIncidentMonths(36);
    policy.setNoticeDays(15);
    policy.setExpertReviewFen(500'000'000);
    policy.setDistributionBp(5000);
    policy.setVoucherYearFen(20'000'000);
    policy.setFeeDays(60);
    policy.setLtvBp(5000);
    policy.setValuationMonths(12);
    policy.setPledgeRegisterDays(30);
    policy.setReleaseDays(30);
    auto evidence = policy.initRequiredEvidence(2);
    evidence.set(0, schema::EvidenceKind::INVOICE);
    evidence.set(1, schema::EvidenceKind::PAYMENT);
    auto approvals = policy.initRequiredApprovals(4);
    for (unsigned i = 0; i < 4; ++i) approvals.set(i, static_cast<schema::ApprovalKind>(i + 1));
  });
}

}  // namespace

void found(World& world) {
  bindProvince(world);
  publishPolicies(world);
  world.writer.add({world.laboratory.key}, world.day(0, 1), std::string(kProvince), [&](Body body) {
    auto qualification = body.initQualificationRecorded();
    qualification.setHolder(world.laboratory.party);
    qualification.setKind(schema::QualificationKind::CMA);
    qualification.setNumber("181112050001");
    qualification.setValidFrom(world.day(0, 1));
  });
}

Actor World::newcomer(int month, const Platform& near, const Joining& joining) {
  Actor one = actor(newParty(near));
  at(month, Governed, [this, one, joining](int m) {
    bind(*this, one, {"新主体 " + one.party + "（模拟）", joining.kind, joining.roles, {}, {}}, m);
  });
  return one;
}

std::uint32_t World::spareKey(int month, const Platform& near, const std::string& party, schema::Role role) {
  std::uint32_t key = keys_++;
  at(month, Governed, [this, &near, party, role, key](int m) {
    record({0, auditor.key}, day(m, 1), near, [&](Body body) {
      auto bound = body.initKeyBound();
      bound.setKey(verifierKey(key));
      bound.setParty(party);
      bound.initRoles(1).set(0, role);
    });
  });
  return key;
}

void publishInstrument(World& world, const std::string& instrument, int month, std::uint16_t windowMonths,
                       const std::string& grade) {
  world.at(month, World::Governed, [&world, instrument, windowMonths, grade](int m) {
    publish(world, instrument, m, [&](auto policy) {
      policy.setWindowMonths(windowMonths);
      policy.setEligibleGrade(grade);
    });
  });
}

}  // namespace pilotledger::simulate
