#include "tests/property/model.h"

#include <algorithm>

namespace pilotledger::property {
namespace {

enum class Mode { Touch, Need, Open };
using Named = std::map<std::string, Mode>;

// The entities an event names, by its kind.
Named namesOf(const Fact& f) {
  Named named;
  auto all = [&](const std::string& kind, const std::vector<std::string>& ids) {
    for (const auto& id : ids) named.emplace(kind + id, Mode::Need);
  };
  switch (f.kind) {
    case Kind::PlatformEstablished: return {{"platform:" + f.subject, Mode::Open}, {"party:" + f.party, Mode::Need}};
    case Kind::PlatformRecognized: return {{"platform:" + f.subject, Mode::Need}};
    case Kind::SubsidyAwarded: return {{"award:" + f.subject, Mode::Open}, {"party:" + f.party, Mode::Need}};
    case Kind::SubsidyDisbursed:
    case Kind::SubsidyReceived: return {{"award:" + f.subject, Mode::Need}, {"party:" + f.party, Mode::Need}};
    case Kind::ExpenditureRecorded:
      named = {
          {"spend:" + uuid(f.id), Mode::Open}, {"award:" + f.subject, Mode::Need}, {"party:" + f.party, Mode::Need}};
      if (!f.number.empty()) named.emplace("invoice:" + f.number, Mode::Touch);
      if (!f.number.empty()) named.emplace("claim:" + f.subject + "/" + f.number, Mode::Touch);
      return named;
    case Kind::SubsidyAcceptance: return {{"award:" + f.subject, Mode::Need}};
    case Kind::IpAssetRecorded: named.emplace("ip:" + f.subject, Mode::Open); break;
    case Kind::IpStatusObserved: return {{"ip:" + f.subject, Mode::Need}};
    case Kind::PledgeAgreed: named = {{"pledge:" + f.subject, Mode::Open}, {"party:" + f.party, Mode::Need}}; break;
    case Kind::PledgeRegistered:
      named = {{"pledge:" + f.subject, Mode::Need}, {"pledgereg:" + f.number + "/" + f.assets[0], Mode::Open}};
      break;
    case Kind::PledgeReleased: named = {{"pledge:" + f.subject, Mode::Need}}; break;
    case Kind::RevenueReceived:
      named = {{"receipt:" + uuid(f.id), Mode::Open}, {"platform:" + f.subject, Mode::Need}};
      if (!f.number.empty()) named.emplace("invoice:" + f.number, Mode::Touch);
      return named;
    case Kind::RevenueReversed:
      return {{"receipt:" + uuid(f.target), Mode::Need}, {"platform:" + f.subject, Mode::Need}};
    case Kind::EventReversed: return {{"reversal:" + uuid(f.target), Mode::Open}};
    case Kind::KeyRevoked: return {{"key:" + f.subject, Mode::Need}};
  }
  all("ip:", f.assets);
  all("party:", f.owners);
  return named;
}

bool overflows(std::int64_t a, std::int64_t b) { return __builtin_add_overflow(a, b, &a); }
bool underflows(std::int64_t a, std::int64_t b) { return __builtin_sub_overflow(a, b, &a); }
bool exceeds(std::int64_t a, std::int64_t b, std::int64_t limit) { return overflows(a, b) || a + b > limit; }

template <typename Map>
const typename Map::mapped_type* find(const Map& map, const typename Map::key_type& key) {
  auto at = map.find(key);
  return at == map.end() ? nullptr : &at->second;
}
std::int64_t valueOf(const std::map<std::string, std::int64_t>& map, const std::string& key) {
  const std::int64_t* value = find(map, key);
  return value == nullptr ? 0 : *value;
}

int rankOf(const std::string& state) {
  static const std::vector<std::string> kTiers = {"established", "COUNTY", "MUNICIPAL", "PROVINCIAL", "NATIONAL"};
  return static_cast<int>(std::find(kTiers.begin(), kTiers.end(), state) - kTiers.begin());
}

}  // namespace

// All that speaks against one event, signed by these keys, after what the model has seen.
class RuleModel {
 public:
  RuleModel(const Model& model, const std::vector<std::string>& signers) : m_(model), signers_(signers) {}

  Names objections(const Fact& f) {
    for (const auto& [key, mode] : namesOf(f)) {
      bool stands = m_.entities.contains(key) && !m_.gone.contains(key);
      objectIf(mode == Mode::Need && !stands, "R-EXISTS");
      objectIf(mode == Mode::Open && stands, "R-UNIQUE");
    }
    objectIf(!authorised(f), "R-AUTHORITY");
    judge(f);
    return reasons_;
  }

 private:
  void objectIf(bool wrong, const char* rule) {
    if (wrong) reasons_.insert(rule);
  }

  bool signedAs(const std::string& role, const Names& parties = {}) const {
    return std::any_of(signers_.begin(), signers_.end(), [&](const std::string& name) {
      const Key& key = cast().at(name);
      bool holds = role == "ANY" || std::find(key.roles.begin(), key.roles.end(), role) != key.roles.end();
      return holds && (parties.empty() || parties.contains(key.party));
    });
  }
  bool signedByAll(const std::string& role, const std::vector<std::string>& parties) const {
    return std::all_of(parties.begin(), parties.end(),
                       [&](const std::string& party) { return signedAs(role, {party}); });
  }
  bool signedByPlatformOf(const std::string& party) const {
    return signedAs("PLT", {party}) || signedAs("FIN", {party});
  }

  bool authorised(const Fact& f) const {
    if (f.imported) return signedAs("IMP") && f.kind != Kind::KeyRevoked;
    const Award* award = find(m_.awards, f.subject);
    const Platform* platform = find(m_.platforms, f.subject);
    const Asset* asset = find(m_.assets, f.subject);
    const Pledge* pledge = find(m_.pledges, f.subject);
    switch (f.kind) {
      case Kind::PlatformEstablished: return signedAs("PLT", {f.party}) && signedAs("EIT");
      case Kind::PlatformRecognized: return signedAs("EIT");
      case Kind::SubsidyAwarded: return signedAs("TRS") && signedAs("EIT");
      case Kind::SubsidyDisbursed: return signedAs("TRS");
      case Kind::SubsidyReceived:
      case Kind::ExpenditureRecorded: return award != nullptr && signedByPlatformOf(award->payee);
      case Kind::SubsidyAcceptance: return signedAs("EIT") && signedAs("EVA");
      case Kind::IpAssetRecorded: return signedByAll("OWN", f.owners);
      case Kind::IpStatusObserved:
        return signedAs("MKT") || signedAs("OPR") || (asset != nullptr && signedAs("OWN", asset->owners));
      case Kind::PledgeAgreed: return signedByAll("OWN", f.owners) && signedAs("BNK", {f.party});
      case Kind::PledgeRegistered:
        return signedAs("REG") ||
               (pledge != nullptr && signedAs("OWN", pledge->pledgors) && signedAs("BNK", {pledge->pledgee}));
      case Kind::PledgeReleased: return signedAs("REG") || (pledge != nullptr && signedAs("BNK", {pledge->pledgee}));
      case Kind::RevenueReceived:
      case Kind::RevenueReversed: return platform != nullptr && signedByPlatformOf(platform->party);
      case Kind::EventReversed: return true;  // asked of the target
      case Kind::KeyRevoked: return signedAs("OPR") || signedAs("ANY", {cast().at(f.subject).party});
    }
    return false;
  }

  void judge(const Fact& f) {
    switch (f.kind) {
      case Kind::PlatformEstablished:
      case Kind::IpAssetRecorded:
      case Kind::IpStatusObserved: return;
      case Kind::PlatformRecognized: return judgeRecognition(f);
      case Kind::SubsidyAwarded: return objectIf(f.amount < (f.imported ? 0 : 1), "R-POSITIVE");
      case Kind::SubsidyDisbursed:
      case Kind::SubsidyReceived:
      case Kind::ExpenditureRecorded:
      case Kind::SubsidyAcceptance: return judgeSubsidy(f);
      case Kind::PledgeAgreed: return judgeAgreement(f);
      case Kind::PledgeRegistered: return judgeRegistration(f);
      case Kind::PledgeReleased: return judgeRelease(f);
      case Kind::RevenueReceived: return judgeReceipt(f);
      case Kind::RevenueReversed: return judgeRefund(f);
      case Kind::EventReversed: return judgeReversal(f);
      case Kind::KeyRevoked: return objectIf(m_.revoked.contains(f.subject), "R-KEY-STATE");
    }
  }

  void judgeRecognition(const Fact& f) {
    bool byLevel = f.imported;
    for (const auto& name : signers_) {
      const std::string& level = cast().at(name).level;
      byLevel = byLevel || level == f.word || (level == "PROVINCIAL" && f.word == "NATIONAL" && f.excepted);
    }
    objectIf(!byLevel, "R-RECOGNITION-LEVEL");
    if (const Platform* platform = find(m_.platforms, f.subject)) {
      int now = rankOf(platform->state);
      int next = rankOf(f.word);
      objectIf(!f.excepted && (next < now || (next >= 3 && next > now + 1)), "R-LADDER");
    }
  }

  void judgeSubsidy(const Fact& f) {
    bool listed = f.kind == Kind::ExpenditureRecorded && f.word == "LIST_TOTAL";
    objectIf(f.kind != Kind::SubsidyAcceptance && !listed && f.amount <= 0, "R-POSITIVE");
    objectIf(listed && !f.imported, "R-LIST-TOTAL");
    const Award* award = find(m_.awards, f.subject);
    if (award == nullptr) return;
    objectIf(award->euro != f.euro, "R-CURRENCY");
    if (f.kind == Kind::SubsidyAcceptance) {
      objectIf(f.amount < 0 || f.amount > award->awarded, "R-CONFIRMED");
      objectIf(award->state == "accepted", "R-ACCEPTANCE-STATE");
    } else if (f.kind == Kind::ExpenditureRecorded) {
      judgeClaim(f, *award);
    } else {
      bool out = f.kind == Kind::SubsidyDisbursed;
      std::int64_t moved = out ? award->disbursed : award->received;
      objectIf(award->payee != f.party, "R-PAYEE");
      objectIf(overflows(moved, f.amount), "R-OVERFLOW");
      objectIf(exceeds(moved, f.amount, out ? award->awarded : award->disbursed), "R-AWARD-CONSERVATION");
    }
  }

  void judgeClaim(const Fact& f, const Award& award) {
    objectIf(overflows(award.spent, f.amount), "R-OVERFLOW");
    if (f.word == "LIST_TOTAL") return;
    objectIf(f.number.empty() || f.total <= 0, "R-INVOICE");
    if (f.number.empty()) return;
    std::int64_t before = valueOf(m_.claims, f.subject + "/" + f.number);
    objectIf(overflows(before, f.amount) || overflows(valueOf(m_.claimed, f.number), f.amount), "R-OVERFLOW");
    objectIf(exceeds(before, f.amount, f.total), "R-INVOICE-CLAIM");
  }

  void judgeAgreement(const Fact& f) {
    objectIf(!f.imported && f.amount <= 0, "R-PLEDGE-CONTENTS");
    for (const auto& number : f.assets) {
      const Asset* asset = find(m_.assets, number);
      if (asset == nullptr) continue;
      objectIf(number.starts_with("CN") && f.word > "2043-03-14", "R-PLEDGE-TERM");
      if (f.imported) continue;
      Names pledgors(f.owners.begin(), f.owners.end());
      for (const auto& owner : asset->owners) objectIf(!pledgors.contains(owner) && !f.excepted, "R-CO-OWNER");
      for (const auto& pledgor : pledgors) objectIf(!asset->owners.contains(pledgor), "R-PLEDGOR");
    }
  }

  void judgeRegistration(const Fact& f) {
    const Pledge* pledge = find(m_.pledges, f.subject);
    const Asset* asset = find(m_.assets, f.assets[0]);
    objectIf(pledge != nullptr && !pledge->agreed.contains(f.assets[0]), "R-PLEDGE-ASSET");
    if (asset == nullptr) return;
    objectIf(f.assets[0].starts_with("CN") && !asset->pledged.empty(), "R-SECOND-PLEDGE");
    objectIf(!f.imported && asset->state != "in-force", "R-IP-STATE");
    objectIf(!f.imported && asset->frozen, "R-IP-FROZEN");
  }

  void judgeRelease(const Fact& f) {
    const Pledge* pledge = find(m_.pledges, f.subject);
    if (pledge == nullptr) return;
    Names active = pledge->active;
    for (const auto& number : f.assets) objectIf(active.erase(number) == 0, "R-PLEDGE-STATE");
  }

  void judgeGross(const Fact& f) {
    objectIf(f.amount <= 0, "R-POSITIVE");
    objectIf(f.tax < 0 || f.tax > f.amount, "R-GROSS");
  }

  void judgeReceipt(const Fact& f) {
    judgeGross(f);
    if (f.number.empty()) return;
    std::int64_t before = valueOf(m_.invoiced, f.number);
    objectIf(overflows(before, f.amount), "R-OVERFLOW");
    objectIf(f.total > 0 && exceeds(before, f.amount, f.total), "R-INVOICE-AMOUNT");
  }

  void judgeRefund(const Fact& f) {
    judgeGross(f);
    const AppendReceipt* receipt = find(m_.receipts, f.target);
    if (receipt == nullptr) return;
    objectIf(receipt->euro != f.euro, "R-CURRENCY");
    objectIf(receipt->platform != f.subject || receipt->stream != f.word, "R-RECEIPT-MATCH");
    objectIf(f.amount > receipt->remaining, "R-REFUND");
  }

  void judgeReversal(const Fact& f) {
    const Fact* target = find(m_.recorded, f.target);
    if (target == nullptr) return objectIf(true, "R-EXISTS");
    objectIf(!authorised(*target), "R-AUTHORITY");
    const Award* award = find(m_.awards, target->subject);
    switch (target->kind) {
      case Kind::SubsidyAwarded:
        return objectIf(award->state != "awarded" || award->disbursed != 0 || award->received != 0 || award->spent != 0,
                        "R-REVERSAL-STATE");
      case Kind::SubsidyDisbursed:
        return objectIf(award->disbursed - target->amount < award->received, "R-AWARD-CONSERVATION");
      case Kind::SubsidyReceived: return;
      case Kind::SubsidyAcceptance: return objectIf(award->euro != target->euro, "R-CURRENCY");
      case Kind::ExpenditureRecorded:
        objectIf(award->euro != target->euro, "R-CURRENCY");
        return objectIf(underflows(award->spent, target->amount), "R-OVERFLOW");
      case Kind::PlatformRecognized: {
        const Platform& platform = m_.platforms.at(target->subject);
        return objectIf(platform.moves.empty() || platform.moves.back().first != target->id, "R-REVERSAL-STATE");
      }
      case Kind::IpAssetRecorded:
        return objectIf(!m_.assets.at(target->subject).agreements.empty(), "R-REVERSAL-STATE");
      case Kind::PledgeAgreed: return objectIf(m_.pledges.at(target->subject).state != "agreed", "R-REVERSAL-STATE");
      case Kind::PledgeRegistered:
        return objectIf(!m_.pledges.at(target->subject).active.contains(target->assets[0]), "R-PLEDGE-STATE");
      case Kind::PledgeReleased:
        for (const auto& number : target->assets)
          objectIf(number.starts_with("CN") && !m_.assets.at(number).pledged.empty(), "R-SECOND-PLEDGE");
        return;
      case Kind::RevenueReceived:
        return objectIf(m_.receipts.at(target->id).remaining != target->amount, "R-RECEIPT-REFUNDED");
      case Kind::RevenueReversed: return;
      case Kind::PlatformEstablished:
      case Kind::IpStatusObserved:
      case Kind::EventReversed:
      case Kind::KeyRevoked: return objectIf(true, "R-REVERSAL-KIND");
    }
  }

  const Model& m_;
  const std::vector<std::string>& signers_;
  Names reasons_;
};

Verdict Model::submit(const Plan& plan) {
  Model after = *this;
  Verdict verdict;
  bool revokedSigner =
      std::any_of(plan.signers.begin(), plan.signers.end(), [&](const auto& name) { return revoked.contains(name); });
  for (std::size_t i = 0; i < plan.facts.size(); ++i) {
    const Fact& fact = plan.facts[i];
    const Fact* known = find(after.recorded, fact.id);
    verdict.repeated.push_back(known != nullptr && *known == fact);
    if (verdict.repeated.back()) continue;
    if (known != nullptr) {
      verdict.reasons = {"conflict"};
    } else if (revokedSigner) {
      verdict.reasons = {"R-AUTHORITY"};
    } else {
      verdict.reasons = RuleModel(after, plan.signers).objections(fact);
    }
    if (!verdict.reasons.empty()) {
      verdict.position = i;
      return verdict;
    }
    after.record(fact);
  }
  *this = std::move(after);
  return verdict;
}

void Model::record(const Fact& fact) {
  Named named = namesOf(fact);
  for (const auto& [key, mode] : named) {
    if (mode == Mode::Open) gone.erase(key);
  }
  if (fact.kind == Kind::EventReversed) named.merge(namesOf(recorded.at(fact.target)));
  for (const auto& [key, mode] : named) ++entities[key];
  recorded.emplace(fact.id, fact);
  ++size;
  perform(fact);
}

void Model::perform(const Fact& f) {
  switch (f.kind) {
    case Kind::PlatformEstablished: platforms[f.subject].party = f.party; return;
    case Kind::PlatformRecognized: {
      Platform& platform = platforms[f.subject];
      platform.moves.emplace_back(f.id, platform.state);
      platform.state = f.word;
      return;
    }
    case Kind::SubsidyAwarded: awards[f.subject] = {f.party, "awarded", f.euro, f.amount, 0, 0, 0, 0, 0}; return;
    case Kind::SubsidyDisbursed: awards[f.subject].disbursed += f.amount; return;
    case Kind::SubsidyReceived: awards[f.subject].received += f.amount; return;
    case Kind::ExpenditureRecorded:
      awards[f.subject].spent += f.amount;
      if (!f.number.empty()) claims[f.subject + "/" + f.number] += f.amount;
      if (!f.number.empty()) claimed[f.number] += f.amount;
      return;
    case Kind::SubsidyAcceptance: {
      Award& award = awards[f.subject];
      award.state = f.word == "PASSED" ? "accepted" : f.word == "FAILED" ? "rejected" : "rectifying";
      award.confirmed = f.amount;
      award.accepted = f.id;
      return;
    }
    case Kind::IpAssetRecorded:
      assets[f.subject] = {};
      assets[f.subject].owners = Names(f.owners.begin(), f.owners.end());
      return;
    case Kind::IpStatusObserved: {
      Asset& asset = assets[f.subject];
      if (f.word == "PP01" || f.word == "PD01") asset.frozen = f.word == "PP01";
      if (f.word == "IW01") asset.state = "invalidated";
      if (f.word == "CF01") asset.state = "ended";
      if (f.word == "RR01") asset.state = "in-force";
      return;
    }
    case Kind::PledgeAgreed:
      pledges[f.subject] = {Names(f.owners.begin(), f.owners.end()), f.party, "agreed",
                            Names(f.assets.begin(), f.assets.end()), {},      {}};
      for (const auto& number : f.assets) assets[number].agreements.insert(f.subject);
      return;
    case Kind::PledgeRegistered: {
      Pledge& pledge = pledges[f.subject];
      pledge.active.insert(f.assets[0]);
      pledge.agreed.erase(f.assets[0]);
      pledge.state = "active";
      assets[f.assets[0]].pledged.insert(f.subject);
      return;
    }
    case Kind::PledgeReleased: {
      Pledge& pledge = pledges[f.subject];
      for (const auto& number : f.assets) {
        pledge.active.erase(number);
        pledge.released.insert(number);
        assets[number].pledged.erase(f.subject);
        assets[number].released.insert(f.subject);
      }
      if (pledge.active.empty()) pledge.state = "released";
      return;
    }
    case Kind::RevenueReceived:
      receipts[f.id] = {f.subject, f.word, f.euro, false, f.amount};
      if (!f.number.empty()) invoiced[f.number] += f.amount;
      return;
    case Kind::RevenueReversed: receipts[f.target].remaining -= f.amount; return;
    case Kind::EventReversed: undo(recorded.at(f.target)); return;
    case Kind::KeyRevoked: revoked.insert(f.subject); return;
  }
}

// Only kinds that can be reversed come here.
void Model::undo(const Fact& f) {
  for (const auto& [key, mode] : namesOf(f)) {
    if (mode == Mode::Open) gone.insert(key);
  }
  switch (f.kind) {
    case Kind::SubsidyAwarded: awards[f.subject].state = "reversed"; return;
    case Kind::PlatformRecognized: {
      Platform& platform = platforms[f.subject];
      platform.state = platform.moves.back().second;
      platform.moves.pop_back();
      return;
    }
    case Kind::IpAssetRecorded: assets[f.subject].state = "reversed"; return;
    case Kind::PledgeAgreed:
      pledges[f.subject].state = "reversed";
      for (const auto& number : f.assets) assets[number].agreements.erase(f.subject);
      return;
    case Kind::PledgeReleased: {
      Pledge& pledge = pledges[f.subject];
      for (const auto& number : f.assets) {
        pledge.released.erase(number);
        pledge.active.insert(number);
        assets[number].released.erase(f.subject);
        assets[number].pledged.insert(f.subject);
      }
      pledge.state = "active";
      return;
    }
    case Kind::SubsidyDisbursed: awards[f.subject].disbursed -= f.amount; return;
    case Kind::SubsidyReceived: awards[f.subject].received -= f.amount; return;
    case Kind::ExpenditureRecorded:
      awards[f.subject].spent -= f.amount;
      if (!f.number.empty()) claims[f.subject + "/" + f.number] -= f.amount;
      if (!f.number.empty()) claimed[f.number] -= f.amount;
      return;
    case Kind::SubsidyAcceptance: {
      Award& award = awards[f.subject];
      if (award.accepted != f.id) return;  // a later one stands
      award.state = "awarded";
      award.confirmed = 0;
      award.accepted = 0;
      return;
    }
    case Kind::PledgeRegistered: {
      Pledge& pledge = pledges[f.subject];
      pledge.active.erase(f.assets[0]);
      pledge.agreed.insert(f.assets[0]);
      assets[f.assets[0]].pledged.erase(f.subject);
      if (pledge.active.empty()) pledge.state = pledge.released.empty() ? "agreed" : "released";
      return;
    }
    case Kind::RevenueReceived:
      receipts[f.id].reversed = true;
      receipts[f.id].remaining = 0;
      if (!f.number.empty()) invoiced[f.number] -= f.amount;
      return;
    case Kind::RevenueReversed: receipts[f.target].remaining += f.amount; return;
    case Kind::PlatformEstablished:
    case Kind::IpStatusObserved:
    case Kind::EventReversed:
    case Kind::KeyRevoked: return;
  }
}

}  // namespace pilotledger::property
