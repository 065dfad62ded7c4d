// Who acts in the synthetic province, and the month-by-month agenda of what each does.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "tools/simulate/writer.h"

namespace pilotledger::simulate {

using Body = schema::Event::Body::Builder;

struct Actor {
  std::uint32_t key = 0;
  std::string party;
};

struct Client {
  Actor actor;
};

struct Platform {
  Actor actor;
  std::string id;
  std::string division;  // of its city
  std::size_t city = 0;
  int begins = 0;              // month
  int withdraws = 0;           // month; 0: stays
  bool institution = false;    // run by a university or institute, not by a company
  std::deque<Client> clients;  // they stay where they are: the agenda refers to them
  int lastExcellence = -100;
  std::string lastContract;  // under which technology is sold
  std::uint64_t serial = 0;  // of invoices, projects, contracts
};

// Who joins late: see World::newcomer.
struct Joining {
  schema::PartyKind kind = schema::PartyKind::ENTERPRISE;
  std::vector<schema::Role> roles;
};

class World {
 public:
  World(const Options& options, std::function<Status(const Step&)> sink);
  Result<Outcome> run();

  // --- calendar: months count from January of the first year
  int months() const { return options_.years * 12; }
  // (months before it are negative)
  int yearOf(int month) const { return options_.firstYear - 10 + (month + 120) / 12; }
  std::int32_t day(int month, int day) const { return (yearOf(month) * 100 + (month + 120) % 12 + 1) * 100 + day; }
  // Things of one month happen in the order of these phases.
  enum Phase { Governed, Joint, Funded, Own, Checked, kPhases };
  void at(int month, Phase phase, std::function<void(int month)> what);

  // An event that these signers record. `fill` gets its body; the index is returned.
  template <typename Fill>
  std::uint64_t record(Signers signers, std::int32_t date, const Platform& where, Fill fill) {
    for (std::uint32_t& key : signers) key = currentKey(key);
    return writer.add(signers, date, where.division, fill);
  }

  // A party that registers in that month, with a key for the roles.
  Actor newcomer(int month, const Platform& near, const Joining& joining);
  // One more key of a party, bound in that month.
  std::uint32_t spareKey(int month, const Platform& near, const std::string& party, schema::Role role);
  std::string verifierKey(std::uint32_t key) const { return simulatedKey(options_.seed, key).verifyKey().vkey(); }
  // The key that took the place of this one, in the end; itself when none did.
  std::uint32_t currentKey(std::uint32_t key) const;
  std::uint32_t replaceKey(std::uint32_t key);
  std::string newParty(const Platform& near);
  std::string newPatent(int month) { return inventionNumber(yearOf(month), ++patents_); }
  // "33A2021Y0001": a number of the register of outcomes.
  std::string newOutcomeNumber(int month);

  // The month from which the platform takes on nothing new.
  int lastMonth(const Platform& platform) const {
    return platform.withdraws == 0 ? months() : std::min(months(), platform.withdraws);
  }

  // A finding that the audit must report.
  void plant(const std::string& code, std::string subject) { planted_.push_back({code, std::move(subject)}); }

  Writer writer;
  Actor province, treasury, registrar, auditor, laboratory, evaluator, importer, insurer, guarantor, lessor, fund;
  std::vector<Actor> cities, banks, townTreasuries, suppliers;
  std::vector<Platform> platforms;

 private:
  Actor actor(std::string party) { return {keys_++, std::move(party)}; }
  void plantAll();

  Options options_;
  std::uint32_t keys_ = 1;  // 0 is the operator's
  std::uint64_t parties_ = 0, patents_ = 0, outcomes_ = 0;
  std::unordered_map<std::uint32_t, std::uint32_t> replaced_;
  std::vector<Planted> planted_;
  std::vector<std::vector<std::function<void(int)>>> agenda_;  // by month and phase
};

void found(World& world);  // founding.cpp: parties, keys, policies

// What goes on in the province; each puts what follows on the agenda.
void platformLife(World& world, Platform& platform);       // life.cpp: tiers, grades, qualifications, milestones
void platformProjects(World& world, Platform& platform);   // pilot.cpp: projects, runs, reports, outcomes
void platformContracts(World& world, Platform& platform);  // technology.cpp: contracts, distribution, stakes
void platformBooks(World& world, Platform& platform);      // books.cpp: revenue, cost, vouchers, corrections
void platformAwards(World& world, Platform& platform);     // awards.cpp: subsidies and their use
void platformFinance(World& world, Platform& platform);    // finance.cpp: insurance, guarantees, leases, funds
void clientFinance(World& world, Platform& platform, Client& client);  // pledges.cpp: rights, pledges, loans
void platformOversight(World& world, Platform& platform);              // oversight.cpp: audits, disputes, attestations

}  // namespace pilotledger::simulate
