// Who takes part, with which keys, under which policy.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "events/identifiers.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/key.h"
#include "ledger/rules/authority.h"
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
  auto holds = [&](std::string_view role) { return std::find(roles.begin(), roles.end(), role) != roles.end(); };
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
Status requireNoEscalation(RuleContext& context, const std::vector<std::string>& roles, const std::string& entity) {
  if (anySigner(context.signers, "OPR")) return {};
  for (const std::string& role : roles) {
    if (!anySigner(context.signers, role)) {
      return refusal("R-KEY-ESCALATION", entity, "a role of the signing key, or the operator's signature", role,
                     "a party may bind only roles that its signing key already has",
                     "主体只能将自己已有的角色绑定到新密钥");
    }
  }
  return {};
}

// `open register` has refused a second one.
Status keepCommitment(RuleContext& context, std::string_view log, capnp::Data::Reader commitment) {
  PL_TRY(EntityRecord * record, context.edit("register", log));
  record->set("commitment", crypto::toHex(ByteView(commitment.begin(), commitment.size())));
  return {};
}

// Only with the founding key or by the operator: a party that binds a key of its own commits nobody.
Status registerKeyOfFounding(RuleContext& context) {
  auto body = context.body().getKeyBound();
  std::string log = body.getLog().cStr();
  if (log.empty() && body.getRegisterKey().size() == 0) return {};
  bool whole = !log.empty() && body.getRegisterKey().size() > 0;
  if (whole && (anySigner(context.signers, "OPR") || anySigner(context.signers, "LOG")))
    return keepCommitment(context, log, body.getRegisterKey());
  return refusal("R-REGISTER-KEY", entityKey("register", log), "log and registerKey, signed by the operator",
                 whole ? "another signer" : "one of the two",
                 "a key is bound with a commitment to the register key only by the operator",
                 "仅运营者可在绑定密钥时一并承诺登记密钥");
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
    return refusal("R-DATES", entity, "valid from <= valid to",
                   fmt::format("{}..{}", events::formatCivilDate(from), events::formatCivilDate(to)),
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
  return registerKeyOfFounding(context);
}

Status registerKeyCommitted(RuleContext& context) {
  auto body = context.body().getRegisterKeyCommitted();
  return keepCommitment(context, body.getLog().cStr(), body.getCommitment());
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

// The key in force signs, so it names itself; the next one is new to this ledger in every respect.
Status logKeyRotated(RuleContext& context) {
  auto body = context.body().getLogKeyRotated();
  std::string id = body.getLog().cStr();
  std::string entity = entityKey("log", id);
  PL_TRY(crypto::VerifyKey old, crypto::VerifyKey::parse(body.getOldKey().cStr()));
  PL_TRY(crypto::VerifyKey next, crypto::VerifyKey::parse(body.getNewKey().cStr()));
  auto refuse = [&](std::string expected, std::string found) {
    return refusal("R-LOG-KEY", entity, std::move(expected), std::move(found),
                   "the log key in force names a new one of its own name and suite",
                   "日志密钥轮换须由现用密钥指定同名、同套件的新密钥");
  };
  auto signedByOld = [&](const Signer& signer) { return signer.hasRole("LOG") && signer.key == keyEntityId(old); };
  if (std::none_of(context.signers.begin(), context.signers.end(), signedByOld))
    return refuse("old key: the log key that signs this", keyEntityId(old));
  if (id != old.name()) return refuse("log: " + old.name(), id);
  if (next.name() != old.name() || next.suite() != old.suite())
    return refuse("new key: as the old one, name and suite", next.vkey());
  PL_TRY(const EntityRecord* bound, context.find("key", keyEntityId(next)));
  PL_TRY(EntityRecord * record, context.edit("log", id));
  if (record->has("vkey") && record->get("vkey") != old.vkey())
    return refuse(std::string(record->get("vkey")), old.vkey());
  if (next == old || bound != nullptr || record->contains("vkey.past", next.vkey()))
    return refuse("new key: not used before", keyEntityId(next));
  record->insert("vkey.past", old.vkey());
  record->set("vkey", next.vkey());
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

namespace {

EventId idOf(capnp::Data::Reader data) {
  EventId id{};
  std::copy(data.begin(), data.end(), id.begin());
  return id;
}

Status takeBack(RuleContext& context, const EventId& target) {
  PL_TRY(std::optional<events::Event> original, context.world.event(target));
  PL_ASSERT(original.has_value());  // `need event`
  Rule rule = ruleOf(original->kind());
  if (rule.undo == nullptr) {
    return refusal("R-REVERSAL-KIND", entityKey("event", events::formatUuid(target)), "a kind that can be taken back",
                   original->kind().name,
                   fmt::format("{} cannot be taken back; record what followed instead", original->kind().name),
                   fmt::format("{}不能冲销或更正，请记录后续事项", original->kind().label.zh));
  }
  RuleContext inner{context.world, *original, context.signers, context.recordedOn, true};
  PL_CHECK(requireAuthority(inner));
  return rule.undo(inner);
}

}  // namespace

Status eventReversed(RuleContext& context) {
  return takeBack(context, idOf(context.body().getEventReversed().getTarget()));
}

Status eventCorrected(RuleContext& context) {
  auto body = context.body().getEventCorrected();
  EventId replacement = idOf(body.getReplacement());
  PL_TRY(std::optional<events::Event> there, context.world.event(replacement));
  if (there || idOf(body.getTarget()) == replacement) {
    return refusal("R-REPLACEMENT", entityKey("event", events::formatUuid(replacement)),
                   "an event still to be recorded", "recorded",
                   "the replacement follows its correction: record it after, with this id",
                   "更正后的事件须在更正之后以该编号记录");
  }
  return takeBack(context, idOf(body.getTarget()));
}

// An authority raises the assurance of what it is competent for.
Status attested(RuleContext& context) {
  EventId target = idOf(context.body().getAttested().getTarget());
  std::string id = events::formatUuid(target);
  std::string entity = entityKey("event", id);
  PL_TRY(std::optional<events::Event> original, context.world.event(target));
  PL_TRY(const EntityRecord* reversal, context.find("reversal", id));
  if (reversal != nullptr) {
    return refusal("R-ATTESTED-STATE", entity, "an event that stands", "taken back",
                   "what was taken back cannot be attested", "已冲销的事件不能再确认");
  }
  PL_TRY(EntityRecord * attestation, context.edit("attestation", events::formatUuid(context.event.id())));
  attestation->set("state", "recorded");
  const auto& roles = original->kind().attesters;
  bool competent = false;
  for (const Signer& signer : context.signers) {
    if (std::none_of(roles.begin(), roles.end(), [&](const std::string& role) { return signer.hasRole(role); }))
      continue;
    attestation->insert("party.any", signer.party);
    competent = true;
  }
  if (competent) return {};
  return refusal("R-ATTESTER", entity, fmt::format("{}", fmt::join(roles, " / ")), "another role",
                 fmt::format("{} is attested by {}", original->kind().name, fmt::join(roles, " / ")),
                 fmt::format("{}须由 {} 确认", original->kind().label.zh, fmt::join(roles, " / ")));
}

Status attestedUndo(RuleContext& context) {
  std::string id = events::formatUuid(context.event.id());
  PL_TRY(EntityRecord * attestation, context.edit("attestation", id));
  for (const Signer& signer : context.signers) {
    if (!attestation->contains("party.any", signer.party)) continue;
    attestation->set("state", "reversed");
    return {};
  }
  return refusal("R-ATTESTER", entityKey("attestation", id), std::string(attestation->get("party.any")),
                 "another party", "only who attested takes it back", "仅确认机构可撤回其确认");
}

Status disputeRaised(RuleContext& context) {
  auto body = context.body().getDisputeRaised();
  PL_TRY(EntityRecord * dispute, context.edit("dispute", body.getDispute().cStr()));
  dispute->set("state", "raised");
  dispute->set("party.any", body.getParty().cStr());
  return {};
}

Status disputeResolved(RuleContext& context) {
  auto body = context.body().getDisputeResolved();
  std::string id = body.getDispute().cStr();
  PL_TRY(EntityRecord * dispute, context.edit("dispute", id));
  return moveState(context, *dispute, entityKey("dispute", id), "R-DISPUTE-STATE", "raised", "resolved");
}

namespace {

// A field of these, at any depth, holds this very value.
bool holds(events::StructView view, const std::vector<events::Field>& fields, std::string_view value) {
  for (const events::Field& field : fields) {
    bool found = false;
    if (field.element != nullptr) {
      auto inside = [&](events::StructView element) { found = found || holds(element, field.element->fields, value); };
      if (field.isList) view.eachStruct(field, inside);
      else if (view.has(field)) inside(view.child(field));
    } else if (field.type == capnp::schema::Type::DATA && !field.isList) {
      found = view.scalar(field).bytes == value;
    }
    if (found) return true;
  }
  return false;
}

}  // namespace

// What is erased is off the log: the salt behind a commitment. An event that is named must hold it.
Status personalDataErased(RuleContext& context) {
  auto body = context.body().getPersonalDataErased();
  if (body.getEvent().size() > 0) {
    PL_TRY(std::optional<events::Event> holder, context.world.event(idOf(body.getEvent())));
    auto commitment = body.getCommitment();
    std::string_view value(reinterpret_cast<const char*>(commitment.begin()), commitment.size());
    if (!holds(holder->body(), holder->kind().body->fields, value)) {
      return refusal("R-ERASURE", entityKey("event", events::formatUuid(idOf(body.getEvent()))),
                     "an event with this commitment", holder->kind().name + " without it",
                     "the event does not hold the commitment", "所指事件不含该承诺值");
    }
  }
  return recorded(context);
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

}  // namespace pilotledger::ledger::rules
