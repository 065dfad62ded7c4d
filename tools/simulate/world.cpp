#include "tools/simulate/world.h"

#include <fmt/format.h>

#include "events/civil_date.h"

namespace pilotledger::simulate {
namespace {

constexpr std::string_view kProvince = "330000";

}  // namespace

crypto::SigningKey simulatedKey(std::uint64_t seed, std::uint32_t index) {
  Draw draw(seed * 1'000'003 + index);
  Digest secret = draw.digest();
  auto key = crypto::SigningKey::fromEd25519Seed(fmt::format("simulated.example/{}", index), ByteView(secret.data(), secret.size()));
  PL_ASSERT(key.ok());
  return std::move(key).value();
}

World::World(const Options& options, std::function<Status(const Step&)> sink)
    : writer(options.seed, options.firstIndex, std::move(sink)), options_(options) {
  province = actor("11330000", 1);
  treasury = actor("11330000", 2);
  registrar = actor("11330000", 3);
  auditor = actor("11330000", 4);
  laboratory = actor("91330100", 5);
  evaluator = actor("91330100", 6);
  importer = actor("op:lists");
  for (int i = 0; i < 11; ++i) {
    std::string prefix = fmt::format("1133{:02}00", i + 1);
    cities.push_back(actor(prefix, 10));
    townTreasuries.push_back(actor(prefix, 11));
  }
  for (std::uint64_t i = 0; i < 5; ++i) banks.push_back(actor("91330100", 20 + i));
  for (int i = 0; i < options.platforms; ++i) {
    Platform platform;
    platform.city = static_cast<std::size_t>(i) % cities.size();
    platform.division = fmt::format("33{:02}00", platform.city + 1);
    platform.id = fmt::format("P{:04}", i + 1);
    platform.actor = actor("91" + platform.division, 1000 + static_cast<std::uint64_t>(i));
    platform.begins = 1 + static_cast<int>(writer.draw().between(0, std::min(options.years * 4, 18)));
    for (std::uint64_t c = 0; c < 2; ++c) {
      platform.clients.push_back({actor("91" + platform.division, 100'000 + static_cast<std::uint64_t>(i) * 2 + c), ""});
    }
    platforms.push_back(std::move(platform));
  }
  int each = options.plantEach >= 0 ? options.plantEach : std::max(1, options.platforms / 10);
  for (int n = 0; n < each; ++n) {
    for (const char* code : {"S01", "S09", "S10", "S11", "S12", "S13", "S15", "S17", "S21", "S26", "S28"}) toPlant_.push_back(code);
  }
  std::reverse(toPlant_.begin(), toPlant_.end());
}

Actor World::actor(std::string party) { return {keys_++, std::move(party)}; }

void World::at(int month, Phase phase, std::function<void(int)> what) {
  if (month < months()) agenda_[{month, phase}].push_back(std::move(what));
}

std::string World::nextPlant() {
  if (toPlant_.empty()) return "";
  std::string code = toPlant_.back();
  toPlant_.pop_back();
  return code;
}

void World::bind(const Actor& actor, const std::string& name, schema::PartyKind kind, std::initializer_list<schema::Role> roles,
                 schema::Level level, const std::string& division) {
  std::int32_t date = day(0, 1);
  std::string where = division.empty() ? std::string(kProvince) : division;
  writer.add({0}, date, where, [&](schema::Event::Body::Builder body) {
    auto party = body.initPartyRegistered();
    party.setParty(actor.party);
    party.setName(name);
    party.setKind(kind);
    party.setDivision(where);
  });
  std::string vkey = simulatedKey(options_.seed, actor.key).verifyKey().vkey();
  writer.add({0}, date, where, [&](schema::Event::Body::Builder body) {
    auto key = body.initKeyBound();
    key.setKey(vkey);
    key.setParty(actor.party);
    auto list = key.initRoles(static_cast<unsigned>(roles.size()));
    unsigned i = 0;
    for (schema::Role role : roles) list.set(i++, role);
    key.setLevel(level);
    key.setDivision(division);
  });
}

void World::found() {
  using Kind = schema::PartyKind;
  using Role = schema::Role;
  bind(province, "省经信厅（模拟）", Kind::AUTHORITY, {Role::EIT}, schema::Level::PROVINCIAL, std::string(kProvince));
  bind(treasury, "省财政厅（模拟）", Kind::AUTHORITY, {Role::TRS}, schema::Level::PROVINCIAL, std::string(kProvince));
  bind(registrar, "省登记机构（模拟）", Kind::AUTHORITY, {Role::REG, Role::MKT, Role::SCI});
  bind(auditor, "省审计厅（模拟）", Kind::AUTHORITY, {Role::AUD});
  bind(laboratory, "检测公司（模拟）", Kind::LABORATORY, {Role::LAB});
  bind(evaluator, "评估公司（模拟）", Kind::ENTERPRISE, {Role::EVA});
  bind(importer, "公开名单导入（模拟）", Kind::INSTITUTION, {Role::IMP});
  for (std::size_t i = 0; i < cities.size(); ++i) {
    std::string division = fmt::format("33{:02}00", i + 1);
    bind(cities[i], fmt::format("{}市经信局（模拟）", i + 1), Kind::AUTHORITY, {Role::EIT}, schema::Level::MUNICIPAL, division);
    bind(townTreasuries[i], fmt::format("{}市财政局（模拟）", i + 1), Kind::AUTHORITY, {Role::TRS}, schema::Level::MUNICIPAL, division);
  }
  for (std::size_t i = 0; i < banks.size(); ++i) bind(banks[i], fmt::format("第{}银行（模拟）", i + 1), Kind::BANK, {Role::BNK});
  for (const Platform& platform : platforms) {
    bind(platform.actor, platform.id + " 平台公司（模拟）", Kind::ENTERPRISE, {Role::PLT, Role::FIN});
    for (const Client& client : platform.clients) bind(client.actor, "客户 " + client.actor.party + "（模拟）", Kind::ENTERPRISE, {Role::CUS, Role::OWN});
  }
  writer.add({laboratory.key}, day(0, 1), std::string(kProvince), [&](schema::Event::Body::Builder body) {
    auto qualification = body.initQualificationRecorded();
    qualification.setHolder(laboratory.party);
    qualification.setKind(schema::QualificationKind::CMA);
    qualification.setNumber("181112050001");
    qualification.setValidFrom(day(0, 1));
  });
  publishPolicies();
}

// Example values; only their shape follows the provincial draft.
void World::publishPolicies() {
  auto publish = [&](const char* instrument, auto fill) {
    writer.add({province.key, treasury.key}, day(0, 1), std::string(kProvince), [&](schema::Event::Body::Builder body) {
      auto policy = body.initPolicyRuleSetPublished();
      policy.setRuleSet(fmt::format("simulated/{}", instrument));
      policy.setJurisdiction(std::string(kProvince));
      policy.setInstrument(instrument);
      policy.setEffectiveFrom(day(0, 1));
      policy.setExample(true);
      fill(policy);
    });
  };
  publish("equipment", [](auto policy) {
    policy.setCapFen(1'000'000'000);
    policy.setRatioBp(2000);
    policy.setOneTime(true);
  });
  publish("excellence", [](auto policy) {
    policy.setCapFen(100'000'000);
    policy.setWindowMonths(36);
  });
  publish("operating", [](auto policy) { policy.setCapFen(60'000'000); });
  publish("DEFAULT", [](auto policy) {
    policy.setIdleMonths(12);
    policy.setIdleBp(3000);
    policy.setTransferDays(60);
    policy.setInstallDays(120);
    policy.setRecordDays(90);
    auto evidence = policy.initRequiredEvidence(2);
    evidence.set(0, schema::EvidenceKind::INVOICE);
    evidence.set(1, schema::EvidenceKind::PAYMENT);
  });
}

Result<Outcome> World::run() {
  auto recordedAt = [&](int month) { return (events::daysOf(day(month, 28)) * 24 + 2) * 3'600'000; };
  writer.month(recordedAt(0));
  found();
  for (Platform& platform : platforms) {
    platformLife(*this, platform);
    platformMoney(*this, platform);
    for (Client& client : platform.clients) clientFinance(*this, platform, client);
  }
  for (int month = 0; month < months() && writer.status().ok(); ++month) {
    writer.month(recordedAt(month));
    for (int phase = Governed; phase <= Checked; ++phase) {
      auto due = agenda_.extract({month, phase});
      if (due.empty()) continue;
      for (auto& what : due.mapped()) what(month);
    }
  }
  writer.flush();
  PL_CHECK(writer.status());
  std::sort(planted_.begin(), planted_.end(), [](const Planted& a, const Planted& b) {
    return std::tie(a.code, a.subject) < std::tie(b.code, b.subject);
  });
  return Outcome{writer.events(), writer.steps(), keys_, std::move(planted_)};
}

Result<Outcome> simulate(const Options& options, const std::function<Status(const Step&)>& sink) {
  World world(options, sink);
  return world.run();
}

}  // namespace pilotledger::simulate
