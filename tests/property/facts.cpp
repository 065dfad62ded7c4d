#include "tests/property/facts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "events/base/uuid.h"

namespace pilotledger::property {
namespace {

using Json = nlohmann::ordered_json;

const char* nameOf(Kind kind) {
  switch (kind) {
    case Kind::PlatformEstablished: return "PlatformEstablished";
    case Kind::PlatformRecognized: return "PlatformRecognized";
    case Kind::SubsidyAwarded: return "SubsidyAwarded";
    case Kind::SubsidyDisbursed: return "SubsidyDisbursed";
    case Kind::SubsidyReceived: return "SubsidyReceived";
    case Kind::ExpenditureRecorded: return "ExpenditureRecorded";
    case Kind::SubsidyAcceptance: return "SubsidyAcceptance";
    case Kind::IpAssetRecorded: return "IpAssetRecorded";
    case Kind::IpStatusObserved: return "IpStatusObserved";
    case Kind::PledgeAgreed: return "PledgeAgreed";
    case Kind::PledgeRegistered: return "PledgeRegistered";
    case Kind::PledgeReleased: return "PledgeReleased";
    case Kind::RevenueReceived: return "RevenueReceived";
    case Kind::RevenueReversed: return "RevenueReversed";
    case Kind::EventReversed: return "EventReversed";
    case Kind::KeyRevoked: return "KeyRevoked";
  }
  return "";
}

// Beyond 2^53 an amount is a string.
Json money(std::int64_t amount) {
  bool large = amount > (1ll << 53) || amount < -(1ll << 53);
  return large ? Json(std::to_string(amount)) : Json(amount);
}

Json receipt(const Fact& fact) {
  Json body = {{"platform", fact.subject}, {"stream", fact.word}, {"grossFen", money(fact.amount)}};
  body["taxFen"] = money(fact.tax);
  // Never overflows: amounts near the limit carry no tax.
  body["netFen"] = money(fact.amount - fact.tax);
  return body;
}

Json invoice(const Fact& fact) { return {{"number", fact.number}, {"totalFen", money(fact.total)}}; }

Json platformBody(const Fact& fact) {
  Json body = {{"platform", fact.subject}};
  if (fact.kind == Kind::PlatformEstablished) {
    body["name"] = "platform";
    body["legalEntity"] = fact.party;
  } else {
    body["level"] = fact.word;
    if (fact.excepted) body["exceptionRef"] = "exception";
    if (fact.excepted) body["docNo"] = "document";
  }
  return body;
}

Json subsidyBody(const Fact& fact) {
  Json body = {{"award", fact.subject}};
  if (fact.kind == Kind::ExpenditureRecorded) {
    body["spender"] = fact.party;
    body["basis"] = fact.word;
    body["claimFen"] = money(fact.amount);
    if (!fact.number.empty()) body["invoice"] = invoice(fact);
  } else if (fact.kind == Kind::SubsidyAcceptance) {
    body["result"] = fact.word;
    body["confirmedFen"] = money(fact.amount);
  } else {
    body["payee"] = fact.party;
    body["amountFen"] = money(fact.amount);
    if (fact.kind == Kind::SubsidyAwarded) body["instrument"] = "equipment";
  }
  return body;
}

Json assetBody(const Fact& fact) {
  if (fact.kind == Kind::IpStatusObserved) return {{"ip", fact.subject}, {"code", fact.word}, {"source", "gazette"}};
  Json owners = Json::array();
  for (const auto& owner : fact.owners) owners.push_back({{"party", owner}});
  return {{"number", fact.subject}, {"kind", "INVENTION"}, {"owners", owners}, {"filedOn", "2023-03-14"}};
}

Json pledgeBody(const Fact& fact) {
  Json body = {{"pledge", fact.subject}};
  if (fact.kind == Kind::PledgeRegistered) {
    body["asset"] = fact.assets[0];
    body["regNo"] = fact.number;
    return body;
  }
  body["assets"] = fact.assets;
  if (fact.kind == Kind::PledgeReleased) {
    body["reason"] = "PERFORMED";
    return body;
  }
  body["pledgors"] = fact.owners;
  body["pledgee"] = fact.party;
  body["claimKind"] = "LOAN";
  body["amountFen"] = money(fact.amount);
  body["debtFrom"] = "2026-03-01";
  body["debtTo"] = fact.word;
  body["scope"] = "all";
  if (fact.excepted) body["coOwnerConsent"] = "consent";
  return body;
}

Json bodyOf(const Fact& fact, const std::map<std::string, std::string>& vkeys) {
  switch (fact.kind) {
    case Kind::PlatformEstablished:
    case Kind::PlatformRecognized: return platformBody(fact);
    case Kind::SubsidyAwarded:
    case Kind::SubsidyDisbursed:
    case Kind::SubsidyReceived:
    case Kind::ExpenditureRecorded:
    case Kind::SubsidyAcceptance: return subsidyBody(fact);
    case Kind::IpAssetRecorded:
    case Kind::IpStatusObserved: return assetBody(fact);
    case Kind::PledgeAgreed:
    case Kind::PledgeRegistered:
    case Kind::PledgeReleased: return pledgeBody(fact);
    case Kind::RevenueReceived:
    case Kind::RevenueReversed: {
      Json body = receipt(fact);
      if (fact.kind == Kind::RevenueReversed) body["target"] = uuid(fact.target);
      if (!fact.number.empty()) body["invoice"] = invoice(fact);
      return body;
    }
    case Kind::EventReversed: return {{"target", uuid(fact.target)}, {"kind", "REVERSED"}, {"reason", "error"}};
    case Kind::KeyRevoked: return {{"key", vkeys.at(fact.subject)}, {"reason", "CEASED"}};
  }
  return {};
}

Json eventOf(const Fact& fact, const std::map<std::string, std::string>& vkeys) {
  Json event = {{"kind", nameOf(fact.kind)}, {"id", uuid(fact.id)}, {"legalDate", "2026-03-01"}};
  if (fact.euro) event["currency"] = "EUR";
  if (fact.imported) event["source"] = "list";
  event["body"] = bodyOf(fact, vkeys);
  return event;
}

}  // namespace

const std::map<std::string, Key>& cast() {
  static const std::map<std::string, Key> kCast = {
      {"operator", {"op:test.example/ledger", {"OPR"}, ""}},
      {"province", {"113300000024820075", {"EIT"}, "PROVINCIAL"}},
      {"city", {"11330200MB99020196", {"EIT"}, "MUNICIPAL"}},
      {"treasury", {"11330000MB99010246", {"TRS"}, ""}},
      {"registrar", {"11330000MB99010321", {"REG"}, ""}},
      {"market", {"91330100MA99A00146", {"MKT"}, ""}},
      {"evaluator", {"91330000MA99E00166", {"EVA"}, ""}},
      {"importer", {"op:importer", {"IMP"}, ""}},
      {"platform1", {"91330100MA2PLT015B", {"PLT", "FIN"}, ""}},
      {"platform1b", {"91330100MA2PLT015B", {"FIN"}, ""}},
      {"platform2", {"91330200MA99Y00159", {"PLT"}, ""}},
      {"owner1", {"91330400MA2ENT032U", {"OWN"}, ""}},
      {"owner2", {"91330282MA99C0015N", {"OWN"}, ""}},
      {"bank1", {"91330200MA2BNK027M", {"BNK"}, ""}},
      {"bank2", {"91330402MA99C00230", {"BNK"}, ""}},
      {"bank2b", {"91330402MA99C00230", {"BNK"}, ""}},
  };
  return kCast;
}

EventId eventId(int id) {
  auto number = static_cast<std::uint32_t>(id);
  std::array<std::uint8_t, 10> random{};
  random[4] = 1;  // apart from the ids of the fixture
  random[8] = static_cast<std::uint8_t>(number >> 8);
  random[9] = static_cast<std::uint8_t>(number);
  return events::makeUuidV7(1772326800000, random);
}

std::string uuid(int id) { return events::formatUuid(eventId(id)); }

std::string jsonOf(const Fact& fact, const std::map<std::string, std::string>& vkeys) {
  return eventOf(fact, vkeys).dump();
}

std::ostream& operator<<(std::ostream& out, const Plan& plan) {
  if (plan.facts.empty()) return out << "reopen";
  std::map<std::string, std::string> names;
  for (const auto& [name, key] : cast()) names.emplace(name, name);
  for (const Fact& fact : plan.facts) out << "\n  " << jsonOf(fact, names);
  return out << fmt::format("\n  signed by {}", fmt::join(plan.signers, ", "));
}

}  // namespace pilotledger::property
