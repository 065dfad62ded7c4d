#include "tests/property/generate.h"

#include <rapidcheck.h>

#include <algorithm>
#include <limits>

#include "events/identifiers.h"

namespace pilotledger::property {
namespace {

using Texts = std::vector<std::string>;

template <typename T>
T pick(const std::vector<T>& choices) {
  return *rc::gen::elementOf(choices);
}
// The likelier answer is no, and shrinking leads to it.
bool chance(int percent) { return *rc::gen::inRange(0, 100) >= 100 - percent; }

Texts patents() {
  Texts numbers;
  for (std::string digits : {"202311000001", "202311000002", "202311000003"}) {
    numbers.push_back("CN" + digits + events::chinesePatentCheck(digits));
  }
  numbers.push_back("US9219817");
  return numbers;
}

const Texts kAwards = {"A1", "A2", "A3"};
const Texts kPlatforms = {"P1", "P2"};
const Texts kPledges = {"L1", "L2", "L3", "L4"};
const Texts kInvoices = {"I1", "I2", "I3"};
const Texts kOwners = {"owner1", "owner2"};
const Texts kBanks = {"bank1", "bank2"};
const Texts kPlatformKeys = {"platform1", "platform2"};

std::string partyOf(const std::string& key) { return cast().at(key).party; }
std::string keyOf(const std::string& party) {
  for (const auto& [name, key] : cast()) {
    if (key.party == party) return name;
  }
  return "operator";
}

std::int64_t amount() {
  if (chance(4))
    return pick<std::int64_t>(
        {-100, -1, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max() / 2});
  return 100 * *rc::gen::inRange<std::int64_t>(1, 12);
}

template <typename Map>
std::string existing(const Map& map, const Texts& all) {
  if (map.empty() || chance(8)) return pick(all);
  Texts keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return pick(keys);
}
template <typename Map>
std::string fresh(const Map& map, const Texts& all) {
  Texts keys;
  for (const auto& key : all) {
    if (!map.contains(key)) keys.push_back(key);
  }
  return keys.empty() || chance(8) ? pick(all) : pick(keys);
}

// One event and the keys that would be right for it.
struct Draft {
  Fact fact;
  Texts signers;
};

class Author {
 public:
  explicit Author(const Model& model) : m_(model) {}

  Draft draft() {
    auto kind = static_cast<Kind>(*rc::gen::weightedElement<int>({{2, 0},
                                                                  {3, 1},
                                                                  {3, 2},
                                                                  {6, 3},
                                                                  {5, 4},
                                                                  {7, 5},
                                                                  {3, 6},
                                                                  {3, 7},
                                                                  {3, 8},
                                                                  {5, 9},
                                                                  {8, 10},
                                                                  {5, 11},
                                                                  {6, 12},
                                                                  {5, 13},
                                                                  {9, 14},
                                                                  {1, 15}}));
    Draft d;
    d.fact.kind = kind;
    d.fact.imported = chance(8);
    d.fact.euro = chance(3);
    fill(d);
    if (d.fact.imported) d.signers = {"importer"};
    return d;
  }

 private:
  void fill(Draft& d) {
    switch (d.fact.kind) {
      case Kind::PlatformEstablished:
      case Kind::PlatformRecognized: return platform(d);
      case Kind::SubsidyAwarded: return award(d);
      case Kind::SubsidyDisbursed:
      case Kind::SubsidyReceived:
      case Kind::ExpenditureRecorded:
      case Kind::SubsidyAcceptance: return subsidy(d);
      case Kind::IpAssetRecorded:
      case Kind::IpStatusObserved: return asset(d);
      case Kind::PledgeAgreed: return agreement(d);
      case Kind::PledgeRegistered:
      case Kind::PledgeReleased: return pledge(d);
      case Kind::RevenueReceived:
      case Kind::RevenueReversed: return revenue(d);
      case Kind::EventReversed: return reversal(d);
      case Kind::KeyRevoked:
        d.fact.subject = pick<std::string>({"platform1b", "bank2b", "owner2"});
        d.signers = {chance(50) ? "operator" : d.fact.subject};
        return;
    }
  }

  void platform(Draft& d) {
    if (d.fact.kind == Kind::PlatformEstablished) {
      std::string key = pick(kPlatformKeys);
      d.fact.subject = fresh(m_.platforms, kPlatforms);
      d.fact.party = partyOf(key);
      d.signers = {key, "province"};
      return;
    }
    d.fact.subject = existing(m_.platforms, kPlatforms);
    d.fact.word = pick<std::string>({"COUNTY", "MUNICIPAL", "PROVINCIAL", "NATIONAL"});
    d.fact.excepted = chance(50);
    d.signers = {d.fact.word == "MUNICIPAL" ? "city" : "province"};
  }

  void award(Draft& d) {
    d.fact.subject = fresh(m_.awards, kAwards);
    d.fact.party = chance(4) ? kNobody : partyOf(pick(kPlatformKeys));
    d.fact.amount = chance(4) ? 0 : amount();
    d.signers = {"treasury", "province"};
  }

  void subsidy(Draft& d) {
    Fact& f = d.fact;
    f.subject = existing(m_.awards, kAwards);
    auto at = m_.awards.find(f.subject);
    std::string payee = at == m_.awards.end() || chance(4) ? partyOf("platform1") : at->second.payee;
    f.amount = amount();
    f.euro = chance(3) || (at != m_.awards.end() && at->second.euro);
    if (f.kind == Kind::SubsidyAcceptance) {
      f.word = pick<std::string>({"RECTIFY", "PASSED", "FAILED"});
      d.signers = {"province", "evaluator"};
      return;
    }
    f.party = chance(4) ? kNobody : payee;
    d.signers = {f.kind == Kind::SubsidyDisbursed ? "treasury" : keyOf(payee)};
    if (f.kind != Kind::ExpenditureRecorded) return;
    f.word = chance(f.imported ? 70 : 4) ? "LIST_TOTAL" : "INVOICE";
    if (f.word == "LIST_TOTAL") {
      if (chance(30)) f.amount = pick<std::int64_t>({-100, std::numeric_limits<std::int64_t>::min()});
    } else if (!chance(4)) {
      f.number = pick(kInvoices);
      f.total = pick<std::int64_t>({500, 1000, 1000, 2000});
    }
  }

  void asset(Draft& d) {
    if (d.fact.kind == Kind::IpStatusObserved) {
      d.fact.subject = existing(m_.assets, patents());
      d.fact.word = pick<std::string>({"PP01", "PD01", "IW01", "CF01", "RR01", "RR01", "PD01"});
      d.signers = {pick<std::string>({"market", "operator", "owner1"})};
      return;
    }
    d.fact.subject = fresh(m_.assets, patents());
    Texts keys = chance(30) ? kOwners : Texts{pick(kOwners)};
    for (const auto& key : keys) d.fact.owners.push_back(partyOf(key));
    d.signers = keys;
  }

  void agreement(Draft& d) {
    Fact& f = d.fact;
    f.subject = fresh(m_.pledges, kPledges);
    f.assets = {existing(m_.assets, patents())};
    if (chance(40)) f.assets.push_back(existing(m_.assets, patents()));
    std::string bank = pick(kBanks);
    f.party = partyOf(bank);
    auto at = m_.assets.find(f.assets[0]);
    Names owners = at == m_.assets.end() || chance(8) ? Names{partyOf(pick(kOwners))} : at->second.owners;
    f.owners.assign(owners.begin(), owners.end());
    f.amount = amount();
    f.word = chance(4) ? "2050-01-01" : "2027-03-01";
    f.excepted = chance(30);
    d.signers = {bank};
    for (const auto& owner : f.owners) d.signers.push_back(keyOf(owner));
  }

  void pledge(Draft& d) {
    Fact& f = d.fact;
    f.subject = existing(m_.pledges, kPledges);
    auto at = m_.pledges.find(f.subject);
    bool registers = f.kind == Kind::PledgeRegistered;
    Names of = at == m_.pledges.end() ? Names{} : registers ? at->second.agreed : at->second.active;
    f.assets = {of.empty() || chance(8) ? pick(patents()) : pick(Texts(of.begin(), of.end()))};
    if (!registers && chance(20)) f.assets.push_back(of.empty() ? f.assets[0] : *of.rbegin());
    if (registers) f.number = "R" + std::to_string(chance(90) ? nextId() : 0);
    if (at == m_.pledges.end() || chance(15)) {
      d.signers = {"registrar"};
      return;
    }
    d.signers = {keyOf(at->second.pledgee)};
    if (registers) d.signers.push_back(keyOf(*at->second.pledgors.begin()));
  }

  void revenue(Draft& d) {
    Fact& f = d.fact;
    f.subject = existing(m_.platforms, kPlatforms);
    f.word = pick<std::string>({"SERVICE", "INCUBATION"});
    f.amount = amount();
    f.tax = f.amount > 5000 || f.amount < 0 ? 0 : chance(3) ? pick<std::int64_t>({-1, 5000}) : f.amount / 10;
    if (f.kind == Kind::RevenueReversed) {
      f.target = someId();
      if (auto at = m_.receipts.find(f.target); at != m_.receipts.end() && !chance(8)) {
        f.subject = at->second.platform;
        f.word = at->second.stream;
        f.euro = at->second.euro;
      }
    } else if (chance(60)) {
      f.number = pick(kInvoices);
      f.total = pick<std::int64_t>({0, 1000, 2000});
    }
    auto at = m_.platforms.find(f.subject);
    d.signers = {at == m_.platforms.end() ? "platform1" : keyOf(at->second.party)};
  }

  // Signed as the target was asked to be, by trial: whoever may be concerned.
  void reversal(Draft& d) {
    d.fact.target = someId();
    d.signers = {"treasury", "province", "evaluator", "registrar", "platform1", "platform2"};
    if (auto at = m_.recorded.find(d.fact.target); at != m_.recorded.end() && at->second.imported && !chance(10))
      d.signers.push_back("importer");
  }

  int nextId() const { return static_cast<int>(m_.recorded.size()) + 1; }

  // Of a recorded event; money and pledges, which can be taken back, are likelier than others.
  int someId() {
    std::vector<int> ids;
    bool likely = !chance(15);
    for (const auto& [id, fact] : m_.recorded) {
      bool mayReverse = fact.kind == Kind::PledgeRegistered || fact.kind == Kind::RevenueReceived ||
                        fact.kind == Kind::RevenueReversed ||
                        (fact.kind >= Kind::SubsidyDisbursed && fact.kind <= Kind::SubsidyAcceptance);
      bool reversed = m_.entities.contains("reversal:" + uuid(id));
      if (!likely || (mayReverse && !reversed)) ids.push_back(id);
    }
    return ids.empty() || chance(4) ? 9999 : pick(ids);
  }

  const Model& m_;
};

// Mistakes that have nothing to do with the kind of event.
void disturb(const Model& model, Plan& plan) {
  Texts everyone;
  for (const auto& [name, key] : cast()) everyone.push_back(name);
  if (chance(8)) plan.signers = {pick(everyone)};
  if (chance(8)) plan.signers.push_back(pick(everyone));
  if (chance(5) && !plan.signers.empty()) plan.signers.pop_back();
  if (plan.signers.empty()) plan.signers = {"operator"};
  std::vector<int> ids;
  for (const auto& [id, fact] : model.recorded) ids.push_back(id);
  if (ids.empty() || !chance(8)) return;
  Fact& fact = plan.facts[*rc::gen::inRange<std::size_t>(0, plan.facts.size())];
  bool conflict = chance(30);
  int id = pick(ids);
  if (!conflict) fact = model.recorded.at(id);
  fact.id = id;
}

}  // namespace

// Ids count on from the model, so that a refused event's id is used again by another.
Plan randomPlan(const Model& model) {
  Plan plan;
  if (chance(4)) return plan;
  int count = chance(25) ? *rc::gen::inRange(2, 6) : 1;
  Model ahead = model;
  int id = static_cast<int>(model.recorded.size()) + 1;
  for (int i = 0; i < count; ++i) {
    Draft draft = Author(ahead).draft();
    while (ahead.recorded.contains(id)) ++id;
    draft.fact.id = id++;
    plan.facts.push_back(draft.fact);
    plan.signers.insert(plan.signers.end(), draft.signers.begin(), draft.signers.end());
    ahead.submit({{draft.fact}, plan.signers});  // what follows may build on it
  }
  disturb(model, plan);
  std::sort(plan.signers.begin(), plan.signers.end());
  plan.signers.erase(std::unique(plan.signers.begin(), plan.signers.end()), plan.signers.end());
  return plan;
}

}  // namespace pilotledger::property
