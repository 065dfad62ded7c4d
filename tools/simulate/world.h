// Who acts in the synthetic province, and the month-by-month agenda of what each does.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tools/simulate/writer.h"

namespace pilotledger::simulate {

struct Actor {
  std::uint32_t key = 0;
  std::string party;
};

struct Client {
  Actor actor;
  std::string patent;
};

struct Platform {
  Actor actor;
  std::string id;
  std::string division;  // of its city
  std::size_t city = 0;
  int begins = 0;  // month
  std::vector<Client> clients;
  bool provincial = false;
  int lastExcellence = -100;
  std::string lastContract;
  std::uint64_t serial = 0;  // of invoices, projects, contracts
};

class World {
 public:
  World(const Options& options, std::function<Status(const Step&)> sink);
  Result<Outcome> run();

  // --- calendar: months count from January of the first year
  int months() const { return options_.years * 12; }
  int yearOf(int month) const { return options_.firstYear + month / 12; }
  std::int32_t day(int month, int day) const { return (yearOf(month) * 100 + month % 12 + 1) * 100 + day; }
  // Things of one month happen in the order of these phases.
  enum Phase { Governed, Joint, Funded, Own, Checked };
  void at(int month, Phase phase, std::function<void(int month)> what);

  // A finding that the audit must report; only what has happened by the last month counts.
  void plant(const std::string& code, std::string subject) { planted_.push_back({code, std::move(subject)}); }
  // The code to plant in the next lawful carrier, or "".
  std::string nextPlant();

  Writer writer;
  Actor province, treasury, registrar, auditor, laboratory, evaluator, importer;
  std::vector<Actor> cities, banks, townTreasuries;
  std::vector<Platform> platforms;

 private:
  Actor actor(std::string party);
  Actor actor(std::string_view prefix, std::uint64_t serial) { return actor(creditCode(prefix, serial)); }
  void found();
  void bind(const Actor& actor, const std::string& name, schema::PartyKind kind, std::initializer_list<schema::Role> roles,
            schema::Level level = schema::Level::UNSPECIFIED, const std::string& division = {});
  void publishPolicies();

  Options options_;
  std::uint32_t keys_ = 1;  // 0 is the operator's
  std::vector<Planted> planted_;
  std::vector<std::string> toPlant_;
  std::map<std::pair<int, int>, std::vector<std::function<void(int)>>> agenda_;
};

// One platform's life; they put what follows on the agenda.
void platformLife(World& world, Platform& platform);   // life.cpp: tiers, services, runs, contracts
void platformMoney(World& world, Platform& platform);  // money.cpp: awards, spending, vouchers
void clientFinance(World& world, Platform& platform, Client& client);  // finance.cpp: patents, pledges, loans

}  // namespace pilotledger::simulate
