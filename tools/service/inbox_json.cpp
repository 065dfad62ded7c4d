#include "tools/service/inbox_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/base/civil_date.h"
#include "events/schema/schema.h"
#include "tools/service/json_members.h"

namespace pilotledger::service {
namespace {

std::string nameOf(const ledger::Ledger& ledger, const std::string& party) {
  auto record = ledger.entity("party:" + party);
  return record.ok() && *record ? std::string((*record)->get("name")) : "";
}

Json partyJson(const ledger::Ledger& ledger, const std::string& party) {
  return {{"party", party}, {"name", nameOf(ledger, party)}};
}

Json bothJson(const events::Label& label) { return {{"en", label.en}, {"zh", label.zh}}; }

Json roleJson(const std::string& code) {
  if (code == "ANY") return {{"en", "any key"}, {"zh", "任一密钥"}};
  const events::EnumInfo& roles = *events::findEnum("Role");
  auto found = roles.find(code);
  return found ? bothJson(roles.values[*found].label) : Json({{"en", code}, {"zh", code}});
}

Json kindsJson(const Pending& item) {
  Json kinds = Json::array();
  for (const auto& [name, count] : item.kinds) {
    const events::Kind* kind = events::findKind(name);
    kinds.push_back({{"kind", name}, {"label", kind == nullptr ? Json() : bothJson(kind->label)}, {"count", count}});
  }
  return kinds;
}

Json termJson(const ledger::Ledger& ledger, const ledger::LackingTerm& term) {
  Json json = {{"role", term.role}, {"label", roleJson(term.role)}, {"parties", Json::array()}};
  for (const std::string& party : term.parties) json["parties"].push_back(partyJson(ledger, party));
  json["places"] = term.places;
  json["levels"] = term.levels;
  return json;
}

// "Fiscal authority (330000)", "Pilot platform: 中试公司 / 另一公司".
std::string termWords(const Json& term, Language language) {
  const bool zh = language == Language::Chinese;
  std::string text = term["label"][zh ? "zh" : "en"];
  std::vector<std::string> names;
  for (const Json& party : term["parties"]) {
    std::string name = party["name"], id = party["party"];
    names.push_back(name.empty() ? id : name);
  }
  if (!names.empty()) return fmt::format("{}{}{}", text, zh ? "：" : ": ", fmt::join(names, " / "));
  std::vector<std::string> bounds = term["levels"];
  for (const Json& place : term["places"]) bounds.push_back(place);
  if (bounds.empty()) return text;
  std::sort(bounds.begin(), bounds.end());
  bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
  return zh ? fmt::format("{}（{}）", text, fmt::join(bounds, "、"))
            : fmt::format("{} ({})", text, fmt::join(bounds, ", "));
}

std::string waysWords(const Json& ways, Language language) {
  std::string text;
  for (const Json& way : ways) {
    std::string all;
    for (const Json& term : way) all += (all.empty() ? "" : " + ") + termWords(term, language);
    text += (text.empty() ? "" : language == Language::Chinese ? "；或 " : ", or ") + all;
  }
  return text;
}

// Events that lack the same are told together; numbered from 1.
Json lackingJson(const Pending& item, const ledger::Ledger& ledger) {
  Json groups = Json::array();
  std::vector<std::vector<ledger::LackingTerms>> seen;
  for (const auto& event : item.lacking) {
    auto at = std::find(seen.begin(), seen.end(), event.ways);
    if (at != seen.end()) {
      groups[static_cast<std::size_t>(at - seen.begin())]["events"].push_back(event.event + 1);
      continue;
    }
    seen.push_back(event.ways);
    Json group = {{"events", {event.event + 1}}, {"ways", Json::array()}};
    for (const auto& way : event.ways) {
      Json terms = Json::array();
      for (const auto& term : way) terms.push_back(termJson(ledger, term));
      group["ways"].push_back(std::move(terms));
    }
    group["words"] = {{"en", waysWords(group["ways"], Language::English)},
                      {"zh", waysWords(group["ways"], Language::Chinese)}};
    groups.push_back(std::move(group));
  }
  return groups;
}

std::string_view yoursOf(const Standing& standing) {
  return standing.asked ? "sign" : standing.declined ? "declined" : standing.submitted ? "submitted" : "signed";
}

}  // namespace

Json pendingJson(const Pending& item, const ledger::Ledger& ledger, const ledger::Signer& reader) {
  Json submitter = partyJson(ledger, item.party);
  submitter["key"] = item.key;
  Json json = {{"id", item.id},
               {"state", pendingStateName(item.state)},
               {"yours", yoursOf(standingOf(item, reader))},
               {"submitter", std::move(submitter)},
               {"submitted_at", events::formatUtcMs(item.submittedMs)},
               {"until", events::formatUtcMs(item.untilMs)},
               {"events", item.events},
               {"kinds", kindsJson(item)},
               {"signed", Json::array()},
               {"declined", Json::array()},
               {"lacking", item.isOpen() ? lackingJson(item, ledger) : Json::array()}};
  for (const auto& one : item.signatures) {
    Json signer = partyJson(ledger, one.party);
    signer["key"] = one.key;
    signer["at"] = events::formatUtcMs(one.atMs);
    json["signed"].push_back(std::move(signer));
  }
  for (const auto& one : item.declines) {
    Json decline = partyJson(ledger, one.party);
    decline["at"] = events::formatUtcMs(one.atMs);
    decline["reason"] = one.reason;
    json["declined"].push_back(std::move(decline));
  }
  json["receipts"] = item.receipts.empty() ? Json() : Json::parse(item.receipts);
  json["refusal"] = item.refusal.empty() ? Json() : Json::parse(item.refusal);
  return json;
}

}  // namespace pilotledger::service
