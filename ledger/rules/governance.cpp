// Who takes part, with which keys, under which policy.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "events/civil_date.h"
#include "events/identifiers.h"
#include "events/uuid.h"
#include "ledger/authority.h"
#include "ledger/crypto/key.h"
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

// Duties that must not meet in one key (GB/T 22239: operator, auditor and audited are distinct).
Status requireSeparateDuties(const std::vector<std::string>& roles, const std::string& entity) {
  static constexpr std::array<std::array<std::string_view, 2>, 6> kApart = {
      {{"AUD", "PLT"}, {"AUD", "FIN"}, {"AUD", "OPR"}, {"AUD", "TRS"}, {"OPR", "TRS"}, {"OPR", "EIT"}}};
  auto holds = [&](std::string_view role) {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  };
  for (const auto& [one, other] : kApart) {
    if (holds(one) && holds(other)) {
      return refusal("R-KEY-DUTIES", entity, "separate keys", fmt::format("{} and {}", one, other),
                     fmt::format("one key may not hold both {} and {}", one, other),
                     fmt::format("同一密钥不得兼任 {} 与 {}", one, other));
    }
  }
  return {};
}

// A party's own key may hand on the roles it has, not invent others.
Status requireNoEscalation(RuleContext& context, const std::vector<std::string>& roles,
                           const std::string& entity) {
  if (anySigner(context.signers, "OPR")) return {};
  for (const std::string& role : roles) {
    if (!anySigner(context.signers, role)) {
      return refusal("R-KEY-ESCALATION", entity, "a role of the signing key, or the operator's signature",
                     role, "a party may bind only roles that its signing key already has",
                     "主体只能将自己已有的角色绑定到新密钥");
    }
  }
  return {};
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

Status keyBound(RuleContext& context) {
  auto body = context.body().getKeyBound();
  PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(body.getKey().cStr()));
  std::string id = keyEntityId(key);
  std::string entity = entityKey("key", id);
  std::vector<std::string> roles;
  for (auto role : body.getRoles()) roles.emplace_back(events::enumCode(role));
  PL_CHECK(requireSeparateDuties(roles, entity));
  PL_CHECK(requireNoEscalation(context, roles, entity));
  std::int32_t from = body.getValidFrom();
  std::int32_t to = body.getValidTo();
  if (to != 0 && to < from) {
    return refusal("R-DATES", entity, "valid from <= valid to", fmt::format("{}..{}", from, to),
                   "the validity of the key ends before it begins", "密钥失效日早于生效日");
  }
  PL_TRY(EntityRecord * record, context.edit("key", id));
  record->set("state", "active");
  record->set("vkey", body.getKey().cStr());
  record->set("party.any", body.getParty().cStr());
  for (const std::string& role : roles) record->insert("role", role);
  if (body.getLevel() != schema::Level::UNSPECIFIED) {
    record->set("level", events::enumCode(body.getLevel()));
  }
  record->set("division", body.getDivision().cStr());
  if (from != 0) record->setNumber("valid.from", from);
  if (to != 0) record->setNumber("valid.to", to);
  return {};
}

Status keyRevoked(RuleContext& context) {
  auto body = context.body().getKeyRevoked();
  PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(body.getKey().cStr()));
  std::string id = keyEntityId(key);
  PL_TRY(EntityRecord * record, context.edit("key", id));
  if (record->get("state") != "active") {
    return refusal("R-KEY-STATE", entityKey("key", id), "active", std::string(record->get("state")),
                   "the key is revoked already", "该密钥已被吊销");
  }
  record->set("state", "revoked");
  if (body.getCompromisedSince() != 0) record->setNumber("compromised.since", body.getCompromisedSince());
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

Status eventReversed(RuleContext& context) {
  auto body = context.body().getEventReversed();
  EventId id{};
  auto target = body.getTarget();
  std::copy(target.begin(), target.end(), id.begin());
  std::string entity = entityKey("event", events::formatUuid(id));
  PL_TRY(std::optional<events::Event> original, context.world.event(id));
  if (!original) {
    return refusal("R-REVERSAL-TARGET", entity, "a recorded event", "none",
                   "only a recorded event can be reversed", "只能冲销已记录的事件");
  }
  Rule rule = ruleOf(original->kind());
  if (rule.undo == nullptr) {
    return refusal("R-REVERSAL-KIND", entity, "a kind that can be reversed", original->kind().name,
                   fmt::format("{} cannot be reversed", original->kind().name),
                   fmt::format("{}不能冲销", original->kind().label.zh));
  }
  RuleContext inner{context.world, *original, context.signers, context.recordedOn};
  PL_CHECK(requireAuthority(inner));
  return rule.undo(inner);
}

}  // namespace pilotledger::ledger::rules
