#include "tools/simulate/world.h"

#include <fmt/format.h>

#include "events/base/civil_date.h"
#include "tools/simulate/violations.h"

namespace pilotledger::simulate {

crypto::SigningKey simulatedKey(std::uint64_t seed, std::uint32_t index) {
  Random draw(seed * 1'000'003 + index);
  Digest secret = draw.digest();
  auto key = crypto::SigningKey::fromEd25519Seed(fmt::format("simulated.example/{}", index),
                                                 ByteView(secret.data(), secret.size()));
  PL_ASSERT(key.ok());
  return std::move(key).value();
}

World::World(const Options& options, std::function<Status(const Step&)> sink)
    : writer(options.seed, options.firstIndex, std::move(sink)), options_(options) {
  agenda_.resize(static_cast<std::size_t>(months()) * kPhases);
  std::uint64_t serial = 0;
  auto from = [&](std::string_view prefix) { return actor(creditCode(prefix, ++serial)); };
  for (Actor* authority : {&province, &treasury, &registrar, &auditor}) *authority = from("11330000");
  for (Actor* company : {&laboratory, &evaluator, &insurer, &guarantor, &lessor, &fund}) *company = from("91330100");
  importer = actor("op:lists");
  for (int i = 0; i < 11; ++i) {
    std::string prefix = fmt::format("1133{:02}00", i + 1);
    cities.push_back(from(prefix));
    townTreasuries.push_back(from(prefix));
  }
  for (int i = 0; i < 5; ++i) banks.push_back(from("91330100"));
  for (int i = 0; i < 6; ++i) suppliers.push_back(from("91330200"));
  for (int i = 0; i < options.platforms; ++i) {
    Platform platform;
    platform.city = static_cast<std::size_t>(i) % cities.size();
    platform.division = fmt::format("33{:02}00", platform.city + 1);
    platform.id = fmt::format("P{:04}", i + 1);
    platform.institution = i % 5 == 4;
    platform.begins = 1 + static_cast<int>(writer.draw().between(0, std::min(options.years * 4, 18)));
    if (i % 17 == 16) platform.withdraws = platform.begins + 40;
    platform.actor = from((platform.institution ? "12" : "91") + platform.division);
    for (int c = 0; c < 2; ++c) platform.clients.push_back({from("91" + platform.division)});
    platforms.push_back(std::move(platform));
  }
  parties_ = serial;
}

std::string World::newParty(const Platform& near) { return creditCode("91" + near.division, ++parties_); }

std::string World::newOutcomeNumber(int month) {
  std::uint64_t number = outcomes_++;
  return fmt::format("33{}{}{}{:04}", static_cast<char>('A' + number / 260'000 % 26), yearOf(month),
                     static_cast<char>('A' + number / 10'000 % 26), number % 10'000);
}

std::uint32_t World::currentKey(std::uint32_t key) const {
  for (auto at = replaced_.find(key); at != replaced_.end(); at = replaced_.find(key)) key = at->second;
  return key;
}

std::uint32_t World::replaceKey(std::uint32_t key) {
  std::uint32_t next = keys_++;
  replaced_.emplace(currentKey(key), next);
  return next;
}

void World::at(int month, Phase phase, std::function<void(int)> what) {
  if (month < months()) agenda_[static_cast<std::size_t>(month * kPhases + phase)].push_back(std::move(what));
}

// Each violation begins at a platform that has long enough to live; what finds no room is left out.
void World::plantAll() {
  int each = options_.plantEach >= 0 ? options_.plantEach : std::max(1, options_.platforms / 10);
  std::size_t turn = 0;
  for (int n = 0; n < each; ++n) {
    for (const Violation& violation : violations()) {
      for (std::size_t tried = 0; tried < platforms.size(); ++tried) {
        Platform& platform = platforms[turn++ % platforms.size()];
        int first = platform.begins + kSettledMonths, last = months() - violation.months - 1;
        if (platform.withdraws != 0 || first > last) continue;
        violation.plant(*this, platform, static_cast<int>(writer.draw().between(first, last)),
                        fmt::format("{}-{}", violation.code, n + 1));
        break;
      }
    }
  }
}

Result<Outcome> World::run() {
  auto recordedAt = [&](int month) { return (events::daysOf(day(month, 28)) * 24 + 2) * 3'600'000; };
  writer.month(recordedAt(0));
  found(*this);
  for (Platform& platform : platforms) {
    platformLife(*this, platform);
    platformProjects(*this, platform);
    platformContracts(*this, platform);
    platformBooks(*this, platform);
    platformAwards(*this, platform);
    platformFinance(*this, platform);
    for (Client& client : platform.clients) clientFinance(*this, platform, client);
    platformOversight(*this, platform);
  }
  plantAll();
  for (int month = 0; month < months() && writer.status().ok(); ++month) {
    writer.month(recordedAt(month));
    for (int phase = Governed; phase < kPhases; ++phase) {
      auto due = std::exchange(agenda_[static_cast<std::size_t>(month * kPhases + phase)], {});
      for (auto& what : due) what(month);
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
