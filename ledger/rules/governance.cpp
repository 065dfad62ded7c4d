// Who takes part, with which keys, under which policy.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "events/base/civil_date.h"
#include "events/identifiers.h"
#include "ledger/crypto/encoding.h"
#include "ledger/rules/authority.h"
#include "ledger/rules/editions.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

namespace schema = events::schema;

bool hasOfficialDocument(const events::Event& event) {
  for (auto evidence : event.reader().getEvidence()) {
    if (evidence.getKind() == schema::EvidenceKind::OFFICIAL_DOCUMENT) return true;
  }
  return false;
}

}  // namespace

Status partyRegistered(RuleContext& context) {
  auto body = context.body().getPartyRegistered();
  std::string id = body.getParty().cStr();
  // Of a million real company rows 58 well-formed codes fail the check, so a document outweighs it.
  if (events::looksLikeUscc(id) && !hasOfficialDocument(context.event)) {
    if (auto checked = events::canonicalUscc(id); !checked.ok()) {
      return refusal("R-USCC-CHECK", entityKey("party", id), "a valid GB 32100 check character", id,
                     checked.error().message.en + "; attach the official document if it is really so",
                     checked.error().message.zh + "；如确属实请附官方文件");
    }
  }
  PL_TRY(EntityRecord * party, context.edit("party", id));
  party->set("name", body.getName().cStr());
  party->set("kind", events::enumCode(body.getKind()));
  return {};
}

// A person's number is no company's, and must not be on a log that nobody can erase; it is not repeated here either.
Status partyRegistered3(RuleContext& context) {
  std::string id = context.body().getPartyRegistered().getParty().cStr();
  if (events::isIdentityCardNumber(std::string_view(id).substr(id.find(':') + 1))) {
    return refusal("R-PARTY-CODE", entityKey("party", id.substr(0, 6) + "..."), "a unified social credit code",
                   "an identity card number", "an identity card number is personal data and no code of a party",
                   "身份证号属个人信息，不得作为主体代码");
  }
  if (events::looksLikeUscc(id) && !events::usccNamesDivision(id) && !hasOfficialDocument(context.event)) {
    return refusal("R-PARTY-CODE", entityKey("party", id), "a division in characters 3 to 8", id.substr(2, 6),
                   "characters 3 to 8 of a social credit code name the division of its registry; attach the official "
                   "document if it is really so",
                   "统一社会信用代码第 3 至 8 位应为登记管理机关行政区划码；如确属实请附官方文件");
  }
  PL_CHECK(partyRegistered(context));
  PL_TRY(EntityRecord * party, context.edit("party", id));
  party->set("division", context.body().getPartyRegistered().getDivision().cStr());
  return {};
}

Status policyRuleSetPublished(RuleContext& context) {
  auto body = context.body().getPolicyRuleSetPublished();
  std::string id = fmt::format("{}/{}", body.getJurisdiction().cStr(), body.getInstrument().cStr());
  std::int32_t from = body.getEffectiveFrom();
  std::int32_t to = body.getEffectiveTo() == 0 ? 99991231 : body.getEffectiveTo();
  std::string mine = fmt::format("{}-{}", from, to);
  if (to < from) {
    return refusal("R-DATES", entityKey("ruleset", body.getRuleSet().cStr()), "from <= to", mine,
                   "the rule set ends before it begins", "政策失效日早于生效日");
  }
  PL_TRY(EntityRecord * policy, context.edit("policy", id));
  for (std::string_view period : policy->all("period")) {
    int otherFrom = std::stoi(std::string(period.substr(0, 8)));
    int otherTo = std::stoi(std::string(period.substr(9, 8)));
    if (from <= otherTo && otherFrom <= to) {
      return refusal("R-POLICY-OVERLAP", entityKey("policy", id), fmt::format("outside {}", period), mine,
                     "two rule sets for one jurisdiction and instrument may not overlap in time",
                     "同一区划同一政策工具的规则有效期不得重叠");
    }
  }
  policy->insert("period", fmt::format("{} {}", mine, body.getRuleSet().cStr()));
  return {};
}

Status partyStatusChanged(RuleContext& context) {
  auto body = context.body().getPartyStatusChanged();
  std::string id = body.getParty().cStr();
  PL_TRY(EntityRecord * party, context.edit("party", id));
  bool suspend = body.getStatus() == schema::PartyStatus::SUSPENDED;
  for (const Signer& signer : context.signers) {
    if (!suspend || signer.party != id) continue;
    return refusal("R-SELF-SUSPENSION", entityKey("party", id), "another party", id,
                   "a party does not suspend itself; nobody could lift it", "主体不得暂停自身，否则无人能够恢复");
  }
  if (suspend == (party->get("state") == "suspended")) {
    return refusal("R-PARTY-STATE", entityKey("party", id), suspend ? "active" : "suspended",
                   suspend ? "suspended" : "active", "the party has that status already", "主体已处于该状态");
  }
  party->set("state", suspend ? "suspended" : "");
  return {};
}

Status rulesAdopted(RuleContext& context) {
  auto body = context.body().getRulesAdopted();
  int edition = body.getEdition();
  std::string entity = entityKey("log", body.getLog().cStr());
  if (std::string_view(body.getLog().cStr()) != context.log.origin) {
    return refusal("R-EDITION", entity, context.log.origin, body.getLog().cStr(), "the rules of another log",
                   "非本日志的规则");
  }
  if (edition <= kNewestEdition) {
    Digest digest = editionDigest(edition < 1 ? 1 : edition);
    ByteView named(body.getDigest().begin(), body.getDigest().size());
    if (!std::ranges::equal(named, digest)) {
      return refusal("R-EDITION", entity, crypto::toHex(digest), crypto::toHex(named),
                     "the digest is not that of this edition", "规则摘要与该版本不符");
    }
  }
  return adoptEdition(context, edition, body.getNeeds().cStr());
}

namespace {

// The jurisdictions that contain it, from the next wider one on.
std::vector<std::string> widerThan(std::string_view division) {
  std::vector<std::string> wider;
  if (division.size() == 6 && !division.ends_with("00")) wider.push_back(std::string(division.substr(0, 4)) + "00");
  if (division.size() == 6 && !division.ends_with("0000")) wider.push_back(std::string(division.substr(0, 2)) + "0000");
  if (division.size() == 6) wider.emplace_back("CN");
  return wider;
}

std::string signersList(std::span<const Signer> signers) {
  std::set<std::string> parties;
  for (const Signer& signer : signers) parties.insert(signer.party);
  return fmt::format("{}", fmt::join(parties, " "));
}

// The policies that the rule set takes the place of: of its instrument in wider jurisdictions; from edition 3 on also
// those that hold for every instrument which has none of its own.
std::vector<std::string> displacedPolicies(RuleContext& context) {
  auto body = context.body().getPolicyRuleSetPublished();
  std::string own = body.getJurisdiction().cStr(), instrument = body.getInstrument().cStr();
  std::vector<std::string> policies, wider = widerThan(own);
  for (const std::string& division : wider) policies.push_back(fmt::format("{}/{}", division, instrument));
  if (context.edition < 3 || instrument == "DEFAULT") return policies;
  policies.push_back(own + "/DEFAULT");
  for (const std::string& division : wider) policies.push_back(division + "/DEFAULT");
  return policies;
}

// The rule sets that the new one takes the place of, where their periods meet.
Result<std::vector<std::string>> displacedSets(RuleContext& context, std::int32_t from, std::int32_t to) {
  std::vector<std::string> sets;
  for (const std::string& id : displacedPolicies(context)) {
    PL_TRY(const EntityRecord* policy, context.find("policy", id));
    if (policy == nullptr) continue;
    for (std::string_view period : policy->all("period")) {  // "from-to id"
      bool meets =
          std::stoi(std::string(period.substr(0, 8))) <= to && from <= std::stoi(std::string(period.substr(9, 8)));
      if (meets) sets.emplace_back(period.substr(18));
    }
  }
  return sets;
}

}  // namespace

// Edition 2: what begins before it is recorded changes how earlier acts are judged, so the treasury or an auditor signs
// it, and with them whoever signed the sets that it takes the place of; never the operator alone. A ledger that is
// being set up has no earlier acts.
Status policyRuleSetPublished2(RuleContext& context) {
  auto body = context.body().getPolicyRuleSetPublished();
  std::string set = body.getRuleSet().cStr();
  std::int32_t from = body.getEffectiveFrom();
  auto refuse = [&](std::string expected) {
    return refusal("R-POLICY-RETROACTIVE", entityKey("ruleset", set), std::move(expected),
                   fmt::format("from {}, recorded {}, signed by {}", events::formatCivilDate(from),
                               events::formatCivilDate(context.recordedOn), signersList(context.signers)),
                   "a rule set that begins before it is recorded needs the treasury or an auditor, and who signed what "
                   "it displaces",
                   "追溯生效的政策规则须由财政或审计签署，并由被取代规则的签署方共同签署");
  };
  PL_TRY(const EntityRecord* log, context.world.find(context.log.entity));
  bool begun = log != nullptr && log->has("begun");
  if (begun && from < context.recordedOn) {
    PL_TRY(std::vector<std::string> places, placesOf(context));
    bool vouched = std::any_of(context.signers.begin(), context.signers.end(), [&](const Signer& signer) {
      return signer.hasRole("AUD") || (signer.hasRole("TRS") && coversAll(signer, places));
    });
    if (!vouched) return refuse("TRS or AUD");
    std::int32_t to = body.getEffectiveTo() == 0 ? 99991231 : body.getEffectiveTo();
    PL_TRY(std::vector<std::string> displaced, displacedSets(context, from, to));
    for (const std::string& other : displaced) {
      PL_TRY(const EntityRecord* record, context.find("ruleset", other));
      if (record == nullptr) continue;
      for (std::string_view party : record->all("signed.by")) {
        bool signs = std::any_of(context.signers.begin(), context.signers.end(),
                                 [&](const Signer& signer) { return signer.party == party; });
        if (!signs) return refuse(fmt::format("{}, who signed {}", party, other));
      }
    }
  }
  PL_CHECK(policyRuleSetPublished(context));
  PL_TRY(EntityRecord * record, context.edit("ruleset", set));
  for (const Signer& signer : context.signers) record->insert("signed.by", signer.party);
  return {};
}

std::span<const RuleRow> governanceRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, PARTY_REGISTERED, {partyRegistered, nullptr}},
      {3, PARTY_REGISTERED, {partyRegistered3, nullptr}},
      {1, POLICY_RULE_SET_PUBLISHED, {policyRuleSetPublished, nullptr}},
      {2, POLICY_RULE_SET_PUBLISHED, {policyRuleSetPublished2, nullptr}},
      {1, RULES_ADOPTED, {rulesAdopted, nullptr}},
      {1, RELATION_DECLARED, {recorded, recorded}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
