// Keys: who binds them to whom, for what, and how they end.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "events/identifiers.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/key.h"
#include "ledger/rules/authority.h"
#include "ledger/rules/editions.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

namespace schema = events::schema;

// Duties that must not meet in one key (GB/T 22239: operator, auditor and audited are distinct).
using Pair = std::array<std::string_view, 2>;
constexpr std::array<Pair, 6> kApart = {
    {{"AUD", "PLT"}, {"AUD", "FIN"}, {"AUD", "OPR"}, {"AUD", "TRS"}, {"OPR", "TRS"}, {"OPR", "EIT"}}};

Status requireApart(std::span<const Pair> pairs, const std::vector<std::string>& roles, const std::string& entity) {
  bool party = entity.starts_with("party:");
  auto holds = [&](std::string_view role) { return std::find(roles.begin(), roles.end(), role) != roles.end(); };
  for (const auto& [one, other] : pairs) {
    if (holds(one) && holds(other)) {
      return refusal("R-KEY-DUTIES", entity, party ? "separate parties" : "separate keys",
                     fmt::format("{} and {}", one, other),
                     fmt::format("one {} may not hold both {} and {}", party ? "party" : "key", one, other),
                     fmt::format("同一{}不得兼任 {} 与 {}", party ? "主体" : "密钥", one, other));
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

std::vector<std::string> rolesIn(schema::KeyBound::Reader body) {
  std::vector<std::string> roles;
  for (auto role : body.getRoles()) roles.emplace_back(events::enumCode(role));
  return roles;
}

std::string materialOf(const crypto::VerifyKey& key) { return crypto::toHex(key.publicKey()); }

// What later bindings and revocations of the party and of the key are held to.
Status noteBinding(RuleContext& context, const crypto::VerifyKey& key) {
  std::string id = keyEntityId(key);
  PL_TRY(EntityRecord * party, context.edit("party", context.body().getKeyBound().getParty().cStr()));
  party->insert("key", id);
  PL_TRY(EntityRecord * material, context.edit("material", materialOf(key)));
  material->set("key", id);
  bool operates = false;
  for (auto role : context.body().getKeyBound().getRoles()) operates = operates || role == schema::Role::OPR;
  if (!operates) return {};
  PL_TRY(EntityRecord * log, context.world.edit(context.log.entity));
  log->insert("operator.key", id);
  return {};
}

// Only the log key says by which rules the ledger begins.
Status rulesOfFounding(RuleContext& context, const crypto::VerifyKey& key) {
  auto body = context.body().getKeyBound();
  std::string log = body.getRulesLog().cStr();
  int edition = body.getRulesEdition();
  if (log.empty() && edition == 0) return {};
  bool founds = std::any_of(context.signers.begin(), context.signers.end(), [](const Signer& s) { return s.founding; });
  if (!founds || log != context.log.origin) {
    return refusal("R-EDITION", entityKey("log", log), "the founding key, and " + context.log.origin,
                   founds ? log : "another key", "only the founding key names an edition; use RulesAdopted",
                   "仅创始密钥可在绑定时指定规则版本；请使用规则版本启用");
  }
  PL_CHECK(adoptEdition(context, edition, editionProgram(std::clamp(edition, 1, kNewestEdition))));
  return edition >= 2 ? noteBinding(context, key) : Status();
}

}  // namespace

Status keyBound(RuleContext& context) {
  auto body = context.body().getKeyBound();
  PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(body.getKey().cStr()));
  std::string id = keyEntityId(key);
  std::string entity = entityKey("key", id);
  std::vector<std::string> roles = rolesIn(body);
  PL_CHECK(requireApart(kApart, roles, entity));
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
  PL_CHECK(registerKeyOfFounding(context));
  return rulesOfFounding(context, key);
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

// Edition 2: duties are kept apart in a party, not only in a key; who binds gives no more than it has, for no longer;
// the operator alone binds keys only for parties that have not signed yet.
namespace {

constexpr std::array<Pair, 9> kPartyApart = {{{"AUD", "PLT"},
                                              {"AUD", "FIN"},
                                              {"AUD", "OPR"},
                                              {"AUD", "TRS"},
                                              {"OPR", "TRS"},
                                              {"OPR", "EIT"},
                                              {"OPR", "REG"},
                                              {"OPR", "SCI"},
                                              {"OPR", "MKT"}}};

// Edition 3 besides: who spends does not approve, who audits does not decide, lend or register.
constexpr std::array<Pair, 15> kPartyApart3 = {{{"AUD", "PLT"},
                                                {"AUD", "FIN"},
                                                {"AUD", "OPR"},
                                                {"AUD", "TRS"},
                                                {"AUD", "EIT"},
                                                {"AUD", "REG"},
                                                {"AUD", "MKT"},
                                                {"AUD", "SCI"},
                                                {"AUD", "BNK"},
                                                {"TRS", "EIT"},
                                                {"OPR", "TRS"},
                                                {"OPR", "EIT"},
                                                {"OPR", "REG"},
                                                {"OPR", "SCI"},
                                                {"OPR", "MKT"}}};

struct PartyKeys {
  std::vector<std::string> roles;      // of keys in force
  std::vector<std::string> divisions;  // of the same, and from edition 3 on where the party is registered
  bool signs = false;                  // some key of the party has signed, whether it still stands or not
};

Result<PartyKeys> keysOf(RuleContext& context, std::string_view party) {
  PartyKeys keys;
  PL_TRY(const EntityRecord* record, context.find("party", party));
  if (record == nullptr) return keys;
  keys.signs = record->has("signs");
  if (context.edition >= 3 && record->has("division")) keys.divisions.emplace_back(record->get("division"));
  std::vector<std::string> ids;
  for (std::string_view id : record->all("key")) ids.emplace_back(id);
  for (const std::string& id : ids) {
    PL_TRY(const EntityRecord* key, context.find("key", id));
    std::int64_t to = key == nullptr ? 0 : key->number("valid.to");
    if (key == nullptr || key->get("state") != "active" || (to != 0 && to < context.recordedOn)) continue;
    for (std::string_view role : key->all("role")) keys.roles.emplace_back(role);
    if (key->has("division")) keys.divisions.emplace_back(key->get("division"));
  }
  return keys;
}

// An office that may speak for a party beside the operator; from edition 3 on an authority only where it is competent.
bool speaksFor(const RuleContext& context, const Signer& signer, const std::vector<std::string>& places) {
  if (!isOffice(signer)) return false;
  return context.edition < 3 || signer.hasRole("AUD") || (!places.empty() && coversAll(signer, places));
}

// Edition 3: once acts are recorded, no office is made but by an office. Those of the beginning are the operator's
// word, which everybody reads before he trusts the ledger.
Status requireOfficeVouched(RuleContext& context, const std::vector<std::string>& roles, const std::string& entity) {
  auto body = context.body().getKeyBound();
  bool office = std::any_of(roles.begin(), roles.end(),
                            [](const std::string& role) { return role == "AUD" || isAuthorityRole(role); });
  PL_TRY(const EntityRecord* log, context.world.find(context.log.entity));
  if (!office || log == nullptr || !log->has("begun")) return {};
  std::string_view party = body.getParty().cStr();
  std::vector<std::string> places;
  if (body.getDivision().size() > 0) places.emplace_back(body.getDivision().cStr());
  for (const Signer& signer : context.signers) {
    if ((signer.party == party && isOffice(signer)) || speaksFor(context, signer, places)) return {};
  }
  return refusal(
      "R-KEY-CONSENT", entity, "an auditor's signature, or that of an authority for the division", "none of them",
      "once acts are recorded, the key of an authority or auditor is bound with the signature of one that is",
      "账本已有业务记录后，绑定主管部门或审计机构的密钥须由既有的审计机构或相应主管部门共同签署");
}

int tierOf(std::string_view level) {
  static const events::EnumInfo& levels = *events::findEnum("Level");
  return level.empty() ? 0 : levels.find(level).value_or(0);
}

// All that the body gives, the signer has itself.
bool hasAll(const Signer& signer, schema::KeyBound::Reader body, const std::vector<std::string>& roles) {
  for (const std::string& role : roles) {
    if (!signer.hasRole(role)) return false;
  }
  std::string_view division = body.getDivision().cStr();
  bool within = division.empty() ? signer.division.empty()
                                 : !signer.division.empty() && events::divisionCovers(signer.division, division);
  return within && static_cast<int>(body.getLevel()) <= tierOf(signer.level);
}

// Who takes the binding on himself: one signer, not several who have it together.
Result<const Signer*> binderOf(RuleContext& context, const std::vector<std::string>& roles, const std::string& entity) {
  auto body = context.body().getKeyBound();
  std::string_view party = body.getParty().cStr();
  const Signer* binder = nullptr;
  const Signer* own = nullptr;
  for (const Signer& signer : context.signers) {
    if (signer.hasRole("OPR")) binder = &signer;
    if (signer.party == party) own = &signer;
    if (signer.party == party && binder == nullptr && hasAll(signer, body, roles)) binder = &signer;
  }
  if (binder != nullptr) return binder;
  std::string has = own == nullptr ? "no key of the party"
                                   : fmt::format("{} {} {}", fmt::join(own->roles, ","), own->level, own->division);
  return refusal("R-KEY-ESCALATION", entity,
                 "roles, tier and division that one signing key of the party has, or the operator's signature",
                 fmt::format("{}; signed by {}", fmt::join(roles, ","), has),
                 "a party hands on to a new key only what one of its keys has itself: roles, tier, division",
                 "主体只能将自己一把密钥已有的角色、层级与管辖区划绑定到新密钥");
}

Status requireBinding(RuleContext& context, const Signer& binder, const PartyKeys& keys, const std::string& entity) {
  auto body = context.body().getKeyBound();
  bool endless = body.getValidTo() == 0 || body.getValidTo() > binder.validTo;
  if (binder.validTo != 0 && endless) {
    return refusal("R-KEY-END", entity, "valid to <= " + events::formatCivilDate(binder.validTo),
                   body.getValidTo() == 0 ? "without end" : events::formatCivilDate(body.getValidTo()),
                   "a key with an end binds none beyond it", "有期限的密钥不得绑定超出其期限的密钥");
  }
  std::string_view party = body.getParty().cStr();
  bool alone = binder.hasRole("OPR") && binder.party != party;
  for (const Signer& signer : context.signers) {
    bool speaks = speaksFor(context, signer, keys.divisions) && signer.party != binder.party;
    alone = alone && signer.party != party && !speaks;
  }
  if (!alone || !keys.signs) return {};
  return refusal(
      "R-KEY-CONSENT", entity, "the signature of the party, of an authority or of an auditor", "the operator alone",
      "once a party signs by itself, the operator alone binds no further key for it: the party, an authority "
      "or an auditor signs too",
      "主体自行签署之后，运营者不得单独为其再绑定密钥；须由主体自身、主管部门或审计机构共同签署");
}

Status requireDivision(schema::KeyBound::Reader body, const std::vector<std::string>& roles,
                       const std::string& entity) {
  bool authority = std::any_of(roles.begin(), roles.end(), isAuthorityRole);
  if (!authority || body.getDivision().size() > 0) return {};
  return refusal("R-KEY-DIVISION", entity, "a division", fmt::format("{} without one", fmt::join(roles, ",")),
                 "an authority acts for a division; name it (CN for the whole country)",
                 "主管部门密钥须注明管辖区划（全国为 CN）");
}

Status requireNewMaterial(RuleContext& context, const crypto::VerifyKey& key, const std::string& entity) {
  PL_TRY(const EntityRecord* known, context.find("material", materialOf(key)));
  bool ofLog = std::ranges::equal(key.publicKey(), context.log.logKey.publicKey());
  if (known == nullptr && !ofLog) return {};
  return refusal("R-KEY-MATERIAL", entity, "a key of its own",
                 ofLog ? "the log key" : fmt::format("the key {}", known->get("key")),
                 "the same key is bound under another name; each signer has a key of its own",
                 "同一密钥已以其他名称绑定；每个签署人须使用自己的密钥");
}

// The operator alone does not take the keys of those who check it.
Status requireSecondOffice(RuleContext& context, const EntityRecord& key, const std::string& entity) {
  std::vector<std::string> places;
  if (key.has("division")) places.emplace_back(key.get("division"));
  bool checks = false;
  for (std::string_view role : key.all("role")) checks = checks || role == "AUD" || isAuthorityRole(role);
  std::string_view party = key.get("party.any");
  auto stands = [&](const Signer& signer) {
    return signer.party == party || (speaksFor(context, signer, places) && !signer.hasRole("OPR"));
  };
  if (!checks || std::any_of(context.signers.begin(), context.signers.end(), stands)) return {};
  return refusal("R-KEY-CONSENT", entity, "the signature of the party, of an authority or of an auditor",
                 "the operator alone", "the operator alone does not revoke the key of an authority or auditor",
                 "运营者不得单独吊销主管部门或审计机构的密钥");
}

// Without an operator nobody binds keys any more.
Status requireOtherOperator(RuleContext& context, std::string_view leaving, const std::string& entity) {
  std::int64_t since = context.body().getKeyRevoked().getCompromisedSince();
  PL_TRY(const EntityRecord* last, context.find("key", leaving));
  const std::int64_t end = last == nullptr ? 0 : last->number("valid.to");
  PL_TRY(const EntityRecord* log, context.world.find(context.log.entity));
  std::vector<std::string> keys;
  for (std::string_view key : log->all("operator.key")) keys.emplace_back(key);
  for (const std::string& id : keys) {
    PL_TRY(const EntityRecord* key, context.find("key", id));
    if (key == nullptr || id == leaving || key->get("state") != "active") continue;
    std::int64_t to = key->number("valid.to");
    bool inForce = key->number("valid.from") <= context.recordedOn && (to == 0 || to >= context.recordedOn);
    bool falls = since != 0 && key->get("bound.by") == leaving && key->number("bound.on") >= since;
    std::string party(key->get("party.any"));
    PL_TRY(const EntityRecord* holder, context.find("party", party));
    bool suspended = holder != nullptr && holder->get("state") == "suspended";
    bool lasts = context.edition < 3 || to == 0 || (end != 0 && to >= end);
    if (inForce && lasts && !falls && !suspended) return {};
  }
  return refusal("R-KEY-LAST", entity, "another key of the operator in force", "none",
                 "the last key of the operator is not revoked; bind its successor first",
                 "不得吊销运营者的最后一把密钥；请先绑定继任密钥");
}

// Edition 3: whoever has a key in his hands must not fix since when. An earlier day than was told counts when operator
// and an office say so; a day to come is none.
Result<bool> tellsEarlier(RuleContext& context, const EntityRecord& key, const std::string& entity) {
  std::int32_t since = context.body().getKeyRevoked().getCompromisedSince();
  if (context.edition < 3 || since == 0) return false;
  if (since > context.recordedOn) {
    return refusal("R-DATES", entity,
                   fmt::format("compromised since <= {}", events::formatCivilDate(context.recordedOn)),
                   events::formatCivilDate(since), "a key was in other hands since a day that has come",
                   "泄露起始日不得晚于记录日");
  }
  std::vector<std::string> places;
  if (key.has("division")) places.emplace_back(key.get("division"));
  PL_TRY(PartyKeys keys, keysOf(context, key.get("party.any")));
  places.insert(places.end(), keys.divisions.begin(), keys.divisions.end());
  bool office = std::any_of(context.signers.begin(), context.signers.end(), [&](const Signer& signer) {
    return speaksFor(context, signer, places) && !signer.hasRole("OPR");
  });
  return since < key.number("compromised.since") && office && anySigner(context.signers, "OPR");
}

}  // namespace

Status keyBound2(RuleContext& context) {
  auto body = context.body().getKeyBound();
  PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(body.getKey().cStr()));
  std::string entity = entityKey("key", keyEntityId(key));
  std::vector<std::string> roles = rolesIn(body);
  PL_TRY(PartyKeys keys, keysOf(context, body.getParty().cStr()));
  keys.roles.insert(keys.roles.end(), roles.begin(), roles.end());
  std::span<const Pair> apart = kPartyApart;
  if (context.edition >= 3) apart = kPartyApart3;
  PL_CHECK(requireApart(apart, keys.roles, entityKey("party", body.getParty().cStr())));
  PL_CHECK(requireDivision(body, roles, entity));
  PL_CHECK(requireNewMaterial(context, key, entity));
  PL_TRY(const Signer* binder, binderOf(context, roles, entity));
  PL_CHECK(requireBinding(context, *binder, keys, entity));
  if (context.edition >= 3) PL_CHECK(requireOfficeVouched(context, roles, entity));
  PL_CHECK(keyBound(context));
  PL_TRY(EntityRecord * record, context.edit("key", keyEntityId(key)));
  record->set("bound.by", binder->key);
  record->setNumber("bound.on", context.recordedOn);
  return noteBinding(context, key);
}

Status keyRevoked2(RuleContext& context) {
  PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(context.body().getKeyRevoked().getKey().cStr()));
  std::string id = keyEntityId(key);
  std::string entity = entityKey("key", id);
  PL_TRY(const EntityRecord* record, context.find("key", id));
  EntityRecord before = *record;
  PL_CHECK(requireSecondOffice(context, before, entity));
  std::string party(before.get("party.any"));
  if (before.contains("role", "OPR") && before.get("state") == "active")
    PL_CHECK(requireOtherOperator(context, id, entity));
  std::int32_t since = context.body().getKeyRevoked().getCompromisedSince();
  PL_TRY(bool earlier, tellsEarlier(context, before, entity));
  if (before.get("state") == "revoked" && since != 0 && (!before.has("compromised.since") || earlier)) {
    PL_TRY(EntityRecord * late, context.edit("key", id));  // that it was in other hands came out later
    late->setNumber("compromised.since", since);
    return {};
  }
  PL_CHECK(keyRevoked(context));
  PL_TRY(EntityRecord * holder, context.edit("party", party));
  holder->erase("key", id);
  return {};
}

// Edition 2: who suspends beside the operator is competent where the party's own keys act.
Status partyStatusChanged2(RuleContext& context) {
  std::string party = context.body().getPartyStatusChanged().getParty().cStr();
  PL_TRY(PartyKeys keys, keysOf(context, party));
  auto competent = [&](const Signer& signer) {
    bool authority = signer.hasRole("EIT") || signer.hasRole("MKT");
    return signer.hasRole("AUD") ||
           (authority && coversAll(signer, keys.divisions) && (context.edition < 3 || !keys.divisions.empty()));
  };
  if (std::none_of(context.signers.begin(), context.signers.end(), competent)) {
    return refusal("R-JURISDICTION", entityKey("party", party),
                   fmt::format("an auditor, or an authority for {}", fmt::join(keys.divisions, ", ")),
                   "an authority of another division", "the party acts for a division that the signer does not cover",
                   "该主体的管辖区划不在签署机关管辖之内");
  }
  return partyStatusChanged(context);
}

std::span<const RuleRow> keyRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, KEY_BOUND, {keyBound, nullptr}},
      {2, KEY_BOUND, {keyBound2, nullptr}},
      {1, KEY_REVOKED, {keyRevoked, nullptr}},
      {2, KEY_REVOKED, {keyRevoked2, nullptr}},
      {1, PARTY_STATUS_CHANGED, {partyStatusChanged, nullptr}},
      {2, PARTY_STATUS_CHANGED, {partyStatusChanged2, nullptr}},
      {1, LOG_KEY_ROTATED, {logKeyRotated, nullptr}},
      {1, REGISTER_KEY_COMMITTED, {registerKeyCommitted, nullptr}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
